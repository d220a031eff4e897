"""The administrator's side: who may use the console, and as what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.accounts.service import Accounts
from web.security import passwords, sessions
from web.store import Role, User
from web.store.base import now

ONE_TIME_LIFE = timedelta(hours=72)
_IN_OFFICE = (User.role == Role.ADMINISTRATOR, User.active.is_(True))
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


class UserError(ValueError):
    """A change that cannot be made; `reason` is name, taken, gone, last or self."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Users:
    accounts: Accounts

    def everyone(self) -> list[User]:
        with self.accounts.database.read() as session:
            return list(session.scalars(select(User).order_by(User.active.desc(), User.name)))

    def get(self, user_id: str) -> User:
        """Raises UserError("gone")."""
        with self.accounts.database.read() as session:
            return self._row(session, user_id)

    def named(self, name: str) -> User:
        """Raises UserError("gone")."""
        with self.accounts.database.read() as session:
            user = session.scalar(select(User).where(User.name == name.strip().lower()))
        if user is None:
            raise UserError("gone")
        return user

    def add(
        self, actor: User | None, name: str, full_name: str, role: Role, password: str | None = None
    ) -> tuple[User, str | None]:
        """The new user, with a one-time password unless one was chosen. Raises UserError, WeakPassword."""
        name = name.strip().lower()
        if not NAME.fullmatch(name):
            raise UserError("name")
        one_time = None
        if password is None:
            one_time = passwords.one_time_password()
        else:
            passwords.check_new(password, name)
        user = User(
            name=name,
            full_name=full_name.strip(),
            role=role,
            password_hash=passwords.make_hash(password or one_time or ""),
            one_time_until=now() + ONE_TIME_LIFE if one_time else None,
        )
        with self.accounts.database.write() as session:
            if session.scalar(select(User.id).where(User.name == name)):
                raise UserError("taken")
            session.add(user)
            session.flush()
            self._note(session, actor, "user:add", user, role=role.value)
        return user, one_time

    def change(self, actor: User | None, user_id: str, full_name: str, role: Role) -> None:
        """A new role takes effect at once and ends the sessions held under the old one."""
        with self.accounts.database.write() as session:
            user = self._row(session, user_id)
            user.full_name = full_name.strip()
            if user.role is not role:
                self._guard(session, actor, user)
                old, user.role = user.role, role
                sessions.end_all(session, user.id, "role changed")
                self._note(session, actor, "user:role", user, old=old.value, new=role.value)

    def set_active(self, actor: User | None, user_id: str, active: bool) -> None:
        """Disabling ends every session of the user. What the user did stays in the record."""
        with self.accounts.database.write() as session:
            user = self._row(session, user_id)
            if user.active == active:
                return
            if not active:
                self._guard(session, actor, user)
                sessions.end_all(session, user.id, "disabled")
            user.active = active
            self._note(session, actor, "user:enable" if active else "user:disable", user)

    def reset_password(self, actor: User | None, user_id: str) -> str:
        """A one-time password, told once; ends every session of the user."""
        one_time = passwords.one_time_password()
        hashed = passwords.make_hash(one_time)
        with self.accounts.database.write() as session:
            user = self._row(session, user_id)
            user.password_hash, user.one_time_until = hashed, now() + ONE_TIME_LIFE
            sessions.end_all(session, user.id, "password reset")
            self._note(session, actor, "user:reset-password", user)
        return one_time

    def set_password(self, actor: User | None, user_id: str, password: str) -> None:
        """For the command line: a password chosen there. Raises WeakPassword."""
        passwords.check_new(password, self.get(user_id).name)
        hashed = passwords.make_hash(password)
        with self.accounts.database.write() as session:
            user = self._row(session, user_id)
            user.password_hash, user.one_time_until = hashed, None
            sessions.end_all(session, user.id, "password set")
            self._note(session, actor, "user:set-password", user)

    def issue_token(self, actor: User | None, user_id: str, days: int) -> str:
        """A bearer token for programs, told once."""
        with self.accounts.database.write() as session:
            user = self._row(session, user_id)
            token, row = sessions.open_session(session, user, days * 86400, sessions.TOKEN)
            self._note(session, actor, "user:token", user, token_id=row.id, days=days)
        return token

    def administrators(self) -> int:
        with self.accounts.database.read() as session:
            return _administrators(session)

    def _row(self, session: Session, user_id: str) -> User:
        user = session.get(User, user_id)
        if user is None:
            raise UserError("gone")
        return user

    def _guard(self, session: Session, actor: User | None, user: User) -> None:
        """Nobody takes away their own rights, and one administrator always stays."""
        if actor is not None and actor.id == user.id:
            raise UserError("self")
        others = session.scalars(  # locked, so that two administrators cannot disable each other at once
            select(User.id).where(*_IN_OFFICE).order_by(User.id).with_for_update()
        ).all()
        if set(others) == {user.id}:
            raise UserError("last")

    def _note(
        self, session: Session, actor: User | None, action: str, user: User, **detail: str | int
    ) -> None:
        self.accounts.note(session, actor.id if actor else None, action, user.id, **detail)


def _administrators(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(User).where(*_IN_OFFICE)) or 0
