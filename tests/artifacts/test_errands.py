"""States that outlive the process, locks that do not."""

from __future__ import annotations

import fcntl
import io
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from web.artifacts import Busy, Cancelled, Errand, Errands, FetchFailed, receive, state


def test_the_states_in_their_order(errands: Errands, tmp_path: Path) -> None:
    seen = [errands.status("it").state]

    def work(errand: Errand) -> None:
        seen.append(errands.status("it").state)
        errand.verifying()
        seen.append(errands.status("it").state)
        (errand.folder / "x").touch()

    errands.run("it", work)
    assert [*seen, errands.status("it").state] == ["absent", "downloading", "verifying", "ready"]
    assert not (tmp_path / "incoming" / "it").exists()


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (FetchFailed("%(n)s pieces, 100%% bad", n=3), "3 pieces, 100% bad"),
        (ValueError("this is 100% no package"), "this is 100% no package"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (RuntimeError(), "RuntimeError"),
    ],
)
def test_a_failure_is_told_and_what_came_is_kept_for_the_next_try(
    errands: Errands, tmp_path: Path, problem: Exception, reason: str
) -> None:
    def work(errand: Errand) -> None:
        (errand.folder / "x").touch()
        raise problem

    with pytest.raises(type(problem)):
        errands.run("it", work)
    status = errands.status("it")
    assert (status.state, status.why, status.interrupted) == ("failed", reason, False)
    assert (tmp_path / "incoming" / "it" / "x").exists()
    errands.cancel("it")
    assert errands.status("it").state == "absent"
    assert not (tmp_path / "incoming" / "it").exists()


def test_one_errand_of_a_name_at_a_time(errands: Errands) -> None:
    go, ended = threading.Event(), threading.Event()

    def work(errand: Errand) -> None:
        go.wait(10)
        ended.set()

    errands.start("it", work)
    with pytest.raises(Busy):
        errands.run("it", work)
    with pytest.raises(Busy):
        errands.start("it", work)
    errands.run("other", lambda errand: None)
    go.set()
    assert ended.wait(10)


KILLED = """
import os, sys
from pathlib import Path
from web.artifacts import Errands
def work(errand):
    (errand.folder / "x").write_text("half")
    errand.progress(5, 10)
    os._exit(9)
Errands(Path(sys.argv[1])).run("it", work)
"""


def test_a_killed_process_leaves_an_interrupted_errand_that_can_go_on(
    errands: Errands, tmp_path: Path
) -> None:
    folder = tmp_path / "incoming"
    subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False, cwd=os.getcwd())
    assert json.loads((folder / "it.json").read_text())["state"] == "downloading"
    status = errands.status("it")
    assert (status.state, status.interrupted) == ("failed", True)
    assert "go on from there" in status.why

    def on(errand: Errand) -> None:
        assert (errand.folder / "x").read_text() == "half"

    errands.run("it", on)


def test_cancelling_reaches_the_one_at_work_even_while_it_waits(errands: Errands) -> None:
    def work(errand: Errand) -> None:
        errands.cancel("it")
        errand.wait(3600)

    with pytest.raises(Cancelled):
        errands.run("it", work)
    assert errands.status("it").state == "absent"
    errands.run("it", lambda errand: errand.progress(1))  # the call to stop does not linger


def test_what_nobody_came_back_to_is_swept_away(errands: Errands, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"):
        errands.run("old", lambda errand: (_ for _ in ()).throw(ValueError("no")))
    with pytest.raises(ValueError, match="no"):
        errands.run("new", lambda errand: (_ for _ in ()).throw(ValueError("no")))
    long_ago = time.time() - 8 * 24 * 3600
    os.utime(tmp_path / "incoming" / "old.json", (long_ago, long_ago))
    errands.sweep()
    assert (errands.status("old").state, errands.status("new").state) == ("absent", "failed")
    assert not (tmp_path / "incoming" / "old").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"state": "flying"}', '{"state": "failed", "x": 1}'])
def test_a_state_file_that_cannot_be_read_counts_as_none(errands: Errands, tmp_path: Path, text: str) -> None:
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming" / "it.json").write_text(text)
    assert errands.status("it").state == "absent"


def test_names_cannot_lead_elsewhere(errands: Errands) -> None:
    for name in ("../x", "a/b", ""):
        with pytest.raises(ValueError, match="cannot be the name"):
            errands.status(name)


@pytest.mark.parametrize(
    ("content", "size", "limit", "reason"),
    [
        (b"", None, 10, "empty"),
        (b"12345", None, 4, "larger"),
        (b"12345", 5, 4, "larger"),
        (b"12345", 6, 10, "Only 5 of 6 bytes"),
    ],
)
def test_a_file_that_is_sent_badly_leaves_nothing(
    errands: Errands, tmp_path: Path, content: bytes, size: int | None, limit: int, reason: str
) -> None:
    def work(errand: Errand) -> None:
        receive(io.BytesIO(content), "x.zip", errand, limit=limit, size=size)

    with pytest.raises(FetchFailed, match=reason):
        errands.run("it", work)
    assert list((tmp_path / "incoming" / "it").iterdir()) == []


def test_a_file_that_is_sent_well_is_taken_with_its_checksum(errands: Errands) -> None:
    def work(errand: Errand) -> None:
        got = receive(io.BytesIO(b"12345"), "x.zip", errand, limit=5, size=5)
        assert got.path.read_bytes() == b"12345"
        assert got.sha256.startswith("5994471abb01112a")

    errands.run("it", work)


def test_who_only_asks_is_in_nobodys_way(
    errands: Errands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that looks how far it is holds the lock for a moment."""
    errands.run("it", lambda errand: None)
    asking = os.open(tmp_path / "incoming" / "it.lock", os.O_RDWR)
    fcntl.flock(asking, fcntl.LOCK_SH)
    monkeypatch.setattr(state.time, "sleep", lambda _: fcntl.flock(asking, fcntl.LOCK_UN))
    errands.run("it", lambda errand: None)
    os.close(asking)
