"""Permissions as data, and the marks by which a view says what it needs."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from web.store import Role

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
_MARK = "__permission__"
_LIMIT = "__body_limit__"


class Permission(StrEnum):
    """What a view may ask for. Which rows a person sees is a second question, asked by the rooms."""

    ACCOUNT = "account"  # one's own start page, password and sessions
    INTERVIEW_CREATE = "interview:create"
    INTERVIEW_CONDUCT = "interview:conduct"  # one's own only
    INTERVIEW_READ = "interview:read"
    TRANSCRIPT_CORRECT = "transcript:correct"  # steps over what was written down, certification
    REVIEW = "review"
    USERS_MANAGE = "users:manage"
    STATUS_VIEW = "status:view"
    PROTOCOLS_VIEW = "protocols:view"  # what the protocols say; no testimony
    PROTOCOLS_EDIT = "protocols:edit"  # the agency's own words, flows and packs, for everybody
    MODELS_MANAGE = "models:manage"  # speech models of the machine
    PACKAGES_MANAGE = "packages:manage"  # translation packages of the machine
    ACCURACY_VIEW = "accuracy:view"  # how well invented dialogues are coded


_EVERYONE = frozenset({Permission.ACCOUNT, Permission.STATUS_VIEW, Permission.PROTOCOLS_VIEW})
_INTERVIEWS = frozenset(
    {
        Permission.INTERVIEW_CREATE,
        Permission.INTERVIEW_CONDUCT,
        Permission.INTERVIEW_READ,
        Permission.TRANSCRIPT_CORRECT,
    }
)

ROLES: dict[Role, frozenset[Permission]] = {
    Role.TRAINEE: _EVERYONE,
    Role.INTERVIEWER: _EVERYONE | _INTERVIEWS,
    Role.SUPERVISOR: _EVERYONE | _INTERVIEWS | {Permission.REVIEW, Permission.PROTOCOLS_EDIT},
    Role.ADMINISTRATOR: _EVERYONE  # never testimony
    | {Permission.USERS_MANAGE, Permission.PROTOCOLS_EDIT, Permission.ACCURACY_VIEW}
    | {Permission.MODELS_MANAGE, Permission.PACKAGES_MANAGE},
}


def may(role: Role, permission: Permission) -> bool:
    return permission in ROLES[role]


def needs(permission: Permission) -> Callable[[View], View]:
    """Marks a view: only signed-in people whose role has this permission get in."""
    return lambda view: _mark(view, permission)


def public(view: View) -> View:
    """Marks a view that answers anybody. There should be very few."""
    return _mark(view, PUBLIC)


def body_limit(setting: str) -> Callable[[View], View]:
    """Marks a view whose body may be as large as the named Config field says, in bytes."""

    def mark(view: View) -> View:
        setattr(view, _LIMIT, setting)
        return view

    return mark


def _mark(view: View, value: str) -> View:
    if hasattr(view, _MARK):
        raise ValueError(f"{view.__name__} already says who may use it")
    setattr(view, _MARK, value)
    return view


def requirement(view: Callable[..., Any]) -> Permission | str | None:
    """PUBLIC, a Permission, or None for a view nobody marked."""
    return getattr(view, _MARK, None)


def body_setting(view: Callable[..., Any]) -> str | None:
    return getattr(view, _LIMIT, None)
