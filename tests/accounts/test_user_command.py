"""`tellmore user` and the first administrator."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import PASSWORD, make_config
from web.cli import main
from web.cli.user import ensure_administrator
from web.config import Config
from web.security import passwords, sessions
from web.store import Database, Role, User, migrate


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    for name in ("DATABASE_URL", "TELLMORE_ADMIN_NAME", "TELLMORE_ADMIN_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TELLMORE_HOME", str(tmp_path))
    config = make_config(tmp_path)
    migrate.upgrade(config)
    return config


def run(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, ["user", *arguments], input=typed)


def users(config: Config) -> dict[str, User]:
    from sqlalchemy import select

    database = Database(config.database_url)
    with database.read() as session:
        found = {user.name: user for user in session.scalars(select(User))}
    database.close()
    return found


def test_add_prints_a_one_time_password_and_list_never_does(home: Config) -> None:
    added = run("add", "anna", "--role", "interviewer", "--full-name", "Anna Kvist")
    assert added.exit_code == 0
    told = json.loads(added.stdout)
    assert (told["name"], told["role"], told["active"]) == ("anna", "interviewer", True)
    assert passwords.verify(users(home)["anna"].password_hash, told["one_time_password"])
    listed = run("list")
    assert json.loads(listed.stdout)["full_name"] == "Anna Kvist"
    assert told["one_time_password"] not in listed.stdout
    assert "argon2" not in listed.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("add", "Anna K", "--role", "trainee"), "small letters"),
        (("add", "anna", "--role", "trainee"), "already signs in"),
        (("disable", "nobody"), "no user of this name"),
        (("disable", "boss"), "only administrator"),
        (("add", "eva", "--role", "owner"), "owner"),
    ],
)
def test_what_cannot_be_done_ends_with_two_and_a_reason(
    home: Config, arguments: tuple[str, ...], reason: str
) -> None:
    run("add", "anna", "--role", "trainee")
    run("add", "boss", "--role", "administrator")
    before = {name: user.active for name, user in users(home).items()}
    result = run(*arguments)
    assert result.exit_code == 2
    assert reason in result.stderr
    assert result.stdout == ""
    assert {name: user.active for name, user in users(home).items()} == before


def test_set_password_asks_twice_and_ends_sessions(home: Config) -> None:
    run("add", "anna", "--role", "trainee")
    token = json.loads(run("token", "anna").stdout)["token"]
    assert run("set-password", "anna", typed="short\nshort\n").exit_code == 2
    result = run("set-password", "anna", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert passwords.verify(users(home)["anna"].password_hash, PASSWORD)
    assert users(home)["anna"].one_time_until is None
    database = Database(home.database_url)
    assert sessions.find(database, token, sessions.TOKEN, 60) is None
    database.close()


def test_disable_and_enable(home: Config) -> None:
    run("add", "anna", "--role", "trainee")
    assert run("disable", "anna").exit_code == 0
    assert not users(home)["anna"].active
    assert run("enable", "anna").exit_code == 0
    assert users(home)["anna"].active


def test_the_first_administrator_comes_from_the_environment_once(
    home: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELLMORE_ADMIN_NAME", "boss")
    monkeypatch.setenv("TELLMORE_ADMIN_PASSWORD", PASSWORD)
    ensure_administrator(home)
    monkeypatch.setenv("TELLMORE_ADMIN_NAME", "second")
    ensure_administrator(home)
    found = users(home)
    assert {name: user.role for name, user in found.items()} == {"boss": Role.ADMINISTRATOR}
    assert passwords.verify(found["boss"].password_hash, PASSWORD)
    assert found["boss"].one_time_until is None


@pytest.mark.parametrize("password", [None, "admin", "passwordpassword"])
def test_there_is_no_default_and_no_weak_first_password(
    home: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], password: str | None
) -> None:
    if password:
        monkeypatch.setenv("TELLMORE_ADMIN_NAME", "boss")
        monkeypatch.setenv("TELLMORE_ADMIN_PASSWORD", password)
    with pytest.raises(SystemExit) as end:
        ensure_administrator(home)
    assert end.value.code == 2
    assert users(home) == {}
    assert "password" in capsys.readouterr().err.lower()


def test_at_a_terminal_it_asks_until_the_answer_is_usable(
    home: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["boss", "short", "boss", PASSWORD])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(answers))
    ensure_administrator(home)
    assert users(home)["boss"].role is Role.ADMINISTRATOR


def test_help_lists_every_command_and_each_can_be_loaded() -> None:
    from web.cli import COMMANDS

    listed = CliRunner().invoke(main, ["--help"]).stdout
    for name in COMMANDS:
        assert name in listed
        assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0, name
    assert CliRunner().invoke(main, ["nonsense"]).exit_code == 2
