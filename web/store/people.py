"""Who may sign in, and the sessions they hold."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from web.store.base import ID, Base, new_id, now


class Role(StrEnum):
    INTERVIEWER = "interviewer"
    TRAINEE = "trainee"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


def text_enum(kind: type[StrEnum], length: int = 20) -> Enum:
    """An enum stored as its plain value, checked by the application and not by a database type."""
    return Enum(
        kind,
        native_enum=False,
        length=length,
        values_callable=lambda e: [m.value for m in e],
        create_constraint=False,
    )


class User(Base):
    __tablename__ = "user_account"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80), unique=True)  # what one signs in with, lower case
    full_name: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[Role] = mapped_column(text_enum(Role))
    password_hash: Mapped[str] = mapped_column(String(200))
    one_time_until: Mapped[datetime | None]  # set: an administrator's password, to be changed at sign-in
    active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str] = mapped_column(String(12), default="en")
    created_at: Mapped[datetime] = mapped_column(default=now)
    sessions: Mapped[list[UserSession]] = relationship(back_populates="user")


class UserSession(Base):
    """One signed-in browser or token. The cookie holds a random token, the row only its SHA-256."""

    __tablename__ = "user_session"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), default="browser")  # or "token" for Authorization: Bearer
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None] = mapped_column(String(40))
    user: Mapped[User] = relationship(back_populates="sessions")


class LoginAttempt(Base):
    """Written and committed before the answer is known to the caller, so that a refusal leaves its trace."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_name_at", "name", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(default=now)
    succeeded: Mapped[bool]
