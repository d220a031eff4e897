"""`tellmore user`: who may sign in."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from web.accounts.service import Accounts
from web.accounts.users import UserError, Users
from web.config import Config
from web.security.passwords import LONGEST, SHORTEST, WeakPassword
from web.store import Database, Role, User

REASONS = {
    "name": "the name must be 2 to 40 small letters a-z, digits, dots, hyphens or underscores",
    "taken": "somebody already signs in with this name",
    "gone": "there is no user of this name",
    "last": "this is the only administrator; make somebody else an administrator first",
    "short": f"the password must have at least {SHORTEST} signs",
    "long": f"the password may have at most {LONGEST} signs",
    "common": "the password is well known and would be guessed; choose another",
}


@contextmanager
def opened(config: Config | None = None) -> Iterator[Users]:
    """The users of the configured database; a refusal ends the program with its reason and exit 2."""
    config = config or Config.from_environment()
    database = Database(config.database_url)
    try:
        yield Users(Accounts(config, database))
    except (UserError, WeakPassword) as error:
        click.echo(f"Nothing was changed: {_reason(error)}.", err=True)
        sys.exit(2)
    finally:
        database.close()


def _reason(error: UserError | WeakPassword) -> str:
    weak_name = isinstance(error, WeakPassword) and error.reason == "name"
    return "the password should not be the name" if weak_name else REASONS[error.reason]


@click.group("user")
def command() -> None:
    """Manage who may sign in."""


@command.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--full-name", default="", help="As shown to others.")
def add(name: str, role: str, full_name: str) -> None:
    """Add a user and print a one-time password, to be changed at the first sign-in."""
    with opened() as users:
        user, one_time = users.add(None, name, full_name, Role(role))
        _print({**_shape(user), "one_time_password": one_time})


@command.command("list")
def show() -> None:
    """One JSON line a user."""
    with opened() as users:
        for user in users.everyone():
            _print(_shape(user))


@command.command("set-password")
@click.argument("name")
def set_password(name: str) -> None:
    """Ask for a new password and end all sessions of the user."""
    with opened() as users:
        user = users.named(name)
        users.set_password(None, user.id, _ask())


@command.command("disable")
@click.argument("name")
def disable(name: str) -> None:
    """Take away the right to sign in and end all sessions of the user."""
    with opened() as users:
        users.set_active(None, users.named(name).id, False)


@command.command("enable")
@click.argument("name")
def enable(name: str) -> None:
    """Give the right to sign in back."""
    with opened() as users:
        users.set_active(None, users.named(name).id, True)


@command.command("token")
@click.argument("name")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 365), help="How long it works.")
def token(name: str, days: int) -> None:
    """Print a token with which a program may act for the user (Authorization: Bearer …)."""
    with opened() as users:
        user = users.named(name)
        _print({"name": user.name, "token": users.issue_token(None, user.id, days), "days": days})


def ensure_administrator(config: Config) -> None:
    """Makes the first administrator when there is none: from TELLMORE_ADMIN_NAME and
    TELLMORE_ADMIN_PASSWORD, else by asking at the terminal. There is no default password; without either,
    the program ends with exit 2."""
    with opened(config) as users:
        if users.administrators():
            return
        name, password = (os.environ.get(f"TELLMORE_ADMIN_{part}") for part in ("NAME", "PASSWORD"))
        if name and password:
            users.add(None, name, "", Role.ADMINISTRATOR, password)
        elif sys.stdin.isatty():
            click.echo("There is no administrator yet. Choose a name and a password for the first.", err=True)
            _add_asking(users)
        else:
            click.echo(
                "There is no administrator yet. Run this at a terminal, or set TELLMORE_ADMIN_NAME and "
                f"TELLMORE_ADMIN_PASSWORD (at least {SHORTEST} signs) once.",
                err=True,
            )
            sys.exit(2)


def _add_asking(users: Users) -> None:
    """Asks until name and password are usable."""
    while True:
        name = click.prompt("Name", default="admin", err=True)
        try:
            users.add(None, name, "", Role.ADMINISTRATOR, _ask())
            return
        except (UserError, WeakPassword) as error:
            click.echo(f"Not yet: {_reason(error)}.", err=True)


def _ask() -> str:
    text: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return text


def _shape(user: User) -> dict[str, object]:
    return {"id": user.id, "name": user.name, "full_name": user.full_name, "role": user.role.value} | {
        "active": user.active
    }


def _print(value: dict[str, object]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))
