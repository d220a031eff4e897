"""What the worker tells the console: over a socket of its own, at once, and never in the way."""

from __future__ import annotations

import socket
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from web import news
from web.interview.feed import Feed
from web.store import Database, Interview, Role, User
from web.store.base import new_id

LINE = {"speaker": "child", "language": "en", "dir": "ltr", "start_ms": 0, "text": "we went"}


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # a socket's path must be short
        yield Path(folder)


@pytest.mark.loopback
def test_what_the_worker_announces_wakes_who_follows(home: Path, database: Database) -> None:
    feed = Feed(database)
    news.listen(home, feed)
    teller = news.Teller(home)
    soon = threading.Timer(0.05, lambda: teller.hear("i1", [LINE]))
    soon.start()
    assert feed.wait("i1", 7, 60, ())
    assert feed.heard("i1") == (LINE,)
    teller.announce("i1", 8)
    assert feed.wait("i1", 7, 60, (LINE,))
    teller.hear("i1", [])
    assert feed.wait("i1", 8, 60, (LINE,))
    assert feed.heard("i1") == ()
    assert stat.S_IMODE((home / "run" / "news.sock").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "run").stat().st_mode) == 0o700


@pytest.mark.loopback
def test_without_a_console_the_worker_goes_on(home: Path) -> None:
    teller = news.Teller(home)
    teller.announce("i1", 1)
    teller.hear("i1", [LINE])


@pytest.mark.loopback
def test_a_message_nobody_can_read_harms_nothing(
    home: Path, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    feed = Feed(database)
    news.listen(home, feed)
    for body in (b"\xff", b"[]", b"{}", b'{"interview": "i1", "seq": "we went"}'):
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(body, str(home / "run" / "news.sock"))
    news.Teller(home).announce("i1", 3)
    assert feed.wait("i1", 2, 60)
    assert "went" not in caplog.text


def test_where_there_can_be_no_socket_the_console_starts_all_the_same(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(news, "Ear", _no_socket)
    news.listen(tmp_path, Feed(database))
    assert "no news from the worker" in caplog.text


def _no_socket(*_: object) -> None:
    raise OSError(36, "AF_UNIX path too long")


def test_what_is_being_heard_is_over_when_it_gets_old(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = Feed(database)
    feed.hear("i1", [LINE])
    assert feed.heard("i1") == (LINE,)
    monkeypatch.setattr("web.interview.feed.FRESH_S", -1.0)
    assert feed.heard("i1") == ()


def test_what_is_old_is_let_go_though_nobody_follows(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.interview.feed.FRESH_S", 0.01)
    feed = Feed(database)
    feed.hear("i1", [LINE])
    feed.hear("i2", [LINE])
    with feed._changed:
        clock = feed._clock
    assert clock is None or clock.daemon
    for _ in range(200):
        if not feed._heard:
            break
        time.sleep(0.05)
    assert feed._heard == {}
    feed.hear("i1", [LINE])
    assert feed._clock is not None, "and the next time, too"


def test_of_an_erased_interview_nothing_heard_is_kept(database: Database) -> None:
    room_id = new_id()
    user = User(name="anna", full_name="Anna", role=Role.INTERVIEWER, password_hash="-")
    with database.write() as session:
        session.add(user)
        session.flush()
        session.add(
            Interview(
                id=room_id, case_code="K", interviewer_id=user.id, protocol="p", protocol_hash="0",
                child_age=8, interviewer_language="en", child_language="en", wrapped_key=b"k",
                sealed_details=b"",
            )
        )  # fmt: skip
    feed = Feed(database)
    feed.hear(room_id, [LINE])
    feed.latest(room_id)
    assert feed.heard(room_id) == (LINE,)
    with database.write() as session:
        session.get_one(Interview, room_id).wrapped_key = None
    feed.latest(room_id)
    assert feed._heard == {}
