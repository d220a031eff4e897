"""Shared ground of the tests: a home of its own, both databases, the app and people to use it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url, text

from protocols.files import ROOT, Files, digest, read_files
from protocols.library import Library, load_library
from web.config import Config
from web.security import passwords
from web.services import Services
from web.store import Database, Role, User, migrate

POSTGRES = Path("/usr/lib/postgresql/15/bin")
PASSWORD = "a lamp beside the window"  # of every user in the tests
LIBRARIES = 6
SECOND_PASSWORD = "two lamps beside the door"


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[PasswordHasher]:
    """argon2id with the smallest parameters; gives the real ones, whose strength is tested apart."""
    real = passwords.HASHER
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield real
    passwords.HASHER = real


@pytest.fixture(scope="session", autouse=True)
def one_library() -> Iterator[None]:
    """The same files make the same library: whoever asks for one here shares a reading of it."""
    read: OrderedDict[str, Library] = OrderedDict()

    def once(source: Path | Files | None = None) -> Library:
        files = source if isinstance(source, Mapping) else read_files(source or ROOT)
        name = digest(files)
        if name not in read:
            read[name] = load_library(files)
            while len(read) > LIBRARIES:
                read.popitem(last=False)
        read.move_to_end(name)
        return read[name]

    with pytest.MonkeyPatch.context() as patch:
        for place in (
            "web.authoring.libraries",
            "web.authoring.service",
            "protocols.editions",
            "protocols.problems",
        ):
            patch.setattr(f"{place}.load_library", once)
        patch.setattr("web.authoring.libraries.installed", cache(lambda: read_files(ROOT)))
        yield


def make_config(home: Path, database_url: str | None = None, **changes: str) -> Config:
    environ = {"TELLMORE_HOME": str(home), "TELLMORE_BOT_PORT": "9", **changes}
    return Config.from_environment(environ | ({"DATABASE_URL": database_url} if database_url else {}))


def sqlite_file(config: Config) -> Path:
    path = make_url(config.database_url).database
    assert path, "this home keeps its record elsewhere"
    return Path(path)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An up-to-date SQLite database to be copied: to migrate anew for every test takes longer than most."""
    made = make_config(tmp_path_factory.mktemp("migrated"))
    migrate.upgrade(made)
    return sqlite_file(made)


def copied(migrated: Path, config: Config) -> Config:
    sqlite_file(config).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(migrated, sqlite_file(config))
    return config


@pytest.fixture
def config(tmp_path: Path, migrated: Path) -> Config:
    """A fresh home with an up-to-date SQLite database."""
    return copied(migrated, make_config(tmp_path / "home"))


class Cluster:
    """A throw-away PostgreSQL that listens on a unix socket only."""

    def __init__(self) -> None:
        # a short path: the name of a unix socket has at most 107 bytes
        self.folder = Path(tempfile.mkdtemp(prefix="tellmore-pg-", dir="/tmp"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._as_postgres("initdb", "-D", "data", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8")
        options = f"-c listen_addresses='' -k {self.folder} -c fsync=off -c full_page_writes=off -c jit=off"
        self._as_postgres("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")
        self._count = 0

    def _as_postgres(self, program: str, *arguments: str) -> None:
        runner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [*runner, str(POSTGRES / program), *arguments],
            cwd=self.folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{program} failed: {done.stdout}{done.stderr}"

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def new_database(self, template: str = "template1") -> str:
        """The address of an empty database, or of a copy of one that nobody is connected to."""
        self._count += 1
        admin = Database(self.url())
        with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE test{self._count} TEMPLATE {template}"))
        admin.close()
        return self.url(f"test{self._count}")

    def stop(self) -> None:
        self._as_postgres("pg_ctl", "-D", "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """Fails, rather than skips, where PostgreSQL is not installed: half a test run must not look whole."""
    assert POSTGRES.is_dir(), f"no PostgreSQL 15 in {POSTGRES}; install Debian's package postgresql-15"
    cluster = Cluster()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def migrated_postgres(tmp_path_factory: pytest.TempPathFactory, postgres: Cluster) -> str:
    """The name of an up-to-date PostgreSQL database to be copied."""
    url = postgres.new_database()
    migrate.upgrade(make_config(tmp_path_factory.mktemp("migrated"), url))
    name = make_url(url).database
    assert name
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.sqlite3"
    url: str = request.getfixturevalue("postgres").new_database()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def any_config(request: pytest.FixtureRequest, tmp_path: Path) -> Config:
    """Like `config`, once with each kind of database."""
    if request.param == "sqlite":
        return copied(request.getfixturevalue("migrated"), make_config(tmp_path / "home"))
    template = request.getfixturevalue("migrated_postgres")
    return make_config(tmp_path / "home", request.getfixturevalue("postgres").new_database(template))


@pytest.fixture
def database(any_config: Config) -> Iterator[Database]:
    """An up-to-date database, once of each kind."""
    opened = Database(any_config.database_url)
    yield opened
    opened.close()


class SilentGuide:
    """Stands at the port of the dialogue engine: one that never answers, and needs no network for it."""

    def ready(self) -> bool:
        return False

    def advance(self, *arguments: object, **more: object) -> NoReturn:
        from web.dialogue import DialogueDown

        raise DialogueDown("not here")


def put_in_force(services: Services, library: Library) -> None:
    """As if it were the one that is installed; nothing is published."""
    services.libraries._now = (0, library)


def make_app(config: Config) -> Flask:
    """The console without its engines running."""
    from web.app import create_app

    app = create_app(config)
    app.extensions["tellmore"].engines.dialogue = SilentGuide()
    app.testing = True
    return app


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    made = make_app(config)
    yield made
    made.extensions["tellmore"].database.close()


@pytest.fixture
def here(app: Flask) -> Services:
    found: Services = app.extensions["tellmore"]
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def users(app: Flask) -> dict[Role, User]:
    """One of each role, all with PASSWORD; the interviewer signs in as "interviewer", and so on."""
    return make_users(app.extensions["tellmore"].database)


def make_users(database: Database) -> dict[Role, User]:
    hashed = passwords.make_hash(PASSWORD)
    made = {
        role: User(name=role.value, full_name=role.value.title(), role=role, password_hash=hashed)
        for role in Role
    }
    with database.write() as session:
        session.add_all(made.values())
    return made


def csrf_token(client: FlaskClient, path: str = "/sign-in") -> str:
    """The token of a page; after sign-in ask any page one may see, "/account" for one."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get(path).text)
    assert found, f"{path} has no CSRF token"
    return found[1]


def sign_in(client: FlaskClient, user: User, password: str = PASSWORD) -> str:
    """Signs in through the page and returns the CSRF token for further requests (header X-CSRFToken)."""
    data = {"csrf_token": csrf_token(client), "name": user.name, "password": password}
    answer = client.post("/sign-in", data=data)
    assert answer.status_code == 302, answer.text
    return csrf_token(client, "/account" if user.one_time_until is None else "/account/password")
