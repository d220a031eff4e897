"""What happens when somebody signs in, signs out or changes a password. Knows nothing of HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.config import Config
from web.security import attempts, passwords, sessions
from web.store import Database, LoginAttempt, User, UserSession, audit
from web.store.base import now


class TooManyAttempts(Exception):
    """This name was tried too often in the last minute."""


class WrongPassword(Exception):
    """Name and password do not fit, or may not be used. Which of the two is not told."""


@dataclass(frozen=True)
class Accounts:
    config: Config
    database: Database

    def sign_in(self, name: str, password: str) -> tuple[str, User]:
        """A fresh session token and its user. Raises WrongPassword or TooManyAttempts."""
        user, attempt = self._prove(name, password, "session:refuse")
        renewed = passwords.make_hash(password) if passwords.is_outdated(user.password_hash) else None
        with self.database.write() as session:
            session.get_one(LoginAttempt, attempt.id).succeeded = True
            fresh = session.get_one(User, user.id)
            if not fresh.active or fresh.password_hash != user.password_hash:
                raise WrongPassword  # disabled or changed while we compared
            fresh.password_hash = renewed or fresh.password_hash
            token, row = sessions.open_session(session, fresh, self.config.session_life_s)
            self.note(session, fresh.id, "session:start", row.id)
        return token, fresh

    def sign_out(self, user: User, session_id: str) -> None:
        self.end_session(user, session_id, "signed out")

    def end_session(self, user: User, session_id: str, why: str = "ended by its owner") -> bool:
        """False when this user has no such living session."""
        with self.database.write() as session:
            ended = sessions.end(session, user.id, session_id, why)
            if ended:
                self.note(session, user.id, "session:end", session_id, why=why)
        return ended

    def end_other_sessions(self, user: User, keep: str) -> int:
        """How many were ended."""
        with self.database.write() as session:
            count = sessions.end_all(session, user.id, "ended by its owner", keep=keep)
            self.note(session, user.id, "session:end-others", keep, count=count)
        return count

    def change_password(self, user: User, session_id: str, current: str, new: str) -> None:
        """Ends all other sessions and tokens. Raises WrongPassword, TooManyAttempts or WeakPassword."""
        passwords.check_new(new, user.name)
        proven, attempt = self._prove(user.name, current, "password:refuse")
        new_hash = passwords.make_hash(new)
        with self.database.write() as session:
            session.get_one(LoginAttempt, attempt.id).succeeded = True
            row = session.get_one(User, proven.id)
            row.password_hash, row.one_time_until = new_hash, None
            sessions.end_all(session, user.id, "password changed", keep=session_id)
            self.note(session, user.id, "password:change", user.id)

    def sessions_of(self, user: User) -> list[UserSession]:
        with self.database.read() as session:
            return sessions.living(session, user.id, self.config.session_idle_s)

    def set_locale(self, user: User, locale: str) -> None:
        with self.database.write() as session:
            session.get_one(User, user.id).locale = locale

    def _prove(self, name: str, password: str, refusal: str) -> tuple[User, LoginAttempt]:
        """The active user this name and password belong to. Every refusal is committed before it is told."""
        name = name.strip().lower()
        attempt = attempts.begin(self.database, name)
        with self.database.read() as session:
            user = session.scalar(select(User).where(User.name == name))
        if attempt is None:
            self._note_refusal(refusal, user, "too many attempts")
            raise TooManyAttempts
        right = passwords.verify(user.password_hash if user else None, password)
        if user is None or not right or not user.active:
            self._note_refusal(refusal, user, "wrong name or password")
            raise WrongPassword
        if user.one_time_until is not None and user.one_time_until <= now():
            self._note_refusal(refusal, user, "one-time password too old")
            raise WrongPassword
        return user, attempt

    def _note_refusal(self, action: str, user: User | None, why: str) -> None:
        with self.database.write() as session:
            self.note(session, None, action, user.id if user else None, why=why)

    def note(
        self, session: Session, actor: str | None, action: str, subject: str | None, **detail: Any
    ) -> None:
        key = self.config.secret(audit.KEY_NAME)
        audit.append(session, key, actor, action, subject, detail)
