"""Of a long talk a correction opens the few lines it is about, whatever was corrected before."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.correcting import measure, prepared, rounds_of
from web.store import Sealer

TURNS, STEPS = 60, 30


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What words of turns are opened from now on."""
    found: list[str] = []
    plain = Sealer.open

    def noted(self: Sealer, sealed: bytes, context: str) -> object:
        if context.startswith(("words:", "turn:")):
            found.append(context)
        return plain(self, sealed, context)

    monkeypatch.setattr(Sealer, "open", noted)
    return found


def test_a_step_opens_no_more_in_a_long_talk_than_in_a_short_one(tmp_path: Path, opened: list[str]) -> None:
    counts = []
    for turns in (TURNS, 4 * TURNS):
        desk = prepared(tmp_path / str(turns), turns, steps=0)
        opened.clear()
        desk.timed("text", segment="7", text="and then he took my ball")
        counts.append(len(opened))
    assert counts[0] == counts[1] < 10


def test_a_file_without_times_of_words_opens_none(tmp_path: Path, opened: list[str]) -> None:
    desk = prepared(tmp_path, TURNS, steps=0)
    for form in ("txt", "csv", "srt", "vtt"):
        opened.clear()
        assert desk.client.get(f"/interviews/{desk.interview_id}/transcript.{form}").status_code == 200
        assert len(opened) == TURNS
        assert not any(context.startswith("words:") for context in opened)


def test_what_is_measured_is_every_way_of_correcting(tmp_path: Path) -> None:
    found = measure(tmp_path, TURNS, STEPS, rounds=2)
    assert (found["turns"], found["steps_before"]) == (TURNS, STEPS)
    for kind in ("text", "split", "merge", "speaker", "undo", "all"):
        assert 0 < found[kind]["saved"]["p50"] <= found[kind]["saved"]["max"]
        assert found[kind]["drawn"]["p50"] > 0


def test_the_steps_before_are_all_of_use(tmp_path: Path) -> None:
    desk = prepared(tmp_path, TURNS, STEPS)
    assert [kind for kind, _ in rounds_of(desk, 1)] == ["text", "split", "merge", "speaker", "undo"]
    path = f"/interviews/{desk.interview_id}/transcript"
    assert "no longer fits" not in desk.client.get(path).text
