from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.speech.audio.make_wav import make_wav
from tests.speech.conftest import AUDIO
from web.speech.audio import BadAudio
from web.speech.files import Transcript, transcribe_file
from web.speech.transcriber import Transcriber, UnsupportedLanguage


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


@pytest.fixture(scope="module")
def two_tracks(transcriber: Transcriber) -> Transcript:
    return transcribe_file(AUDIO / "two-tracks.opus", transcriber, tracks=("interviewer", "child"))


def test_two_tracks_give_every_turn_to_its_speaker_in_order(
    two_tracks: Transcript, dialogue: list[dict[str, Any]]
) -> None:
    assert [speaker for speaker, _ in two_tracks.segments] == [turn["speaker"] for turn in dialogue]
    for (_, segment), turn in zip(two_tracks.segments, dialogue, strict=True):
        assert words(segment.text) == words(turn["text"])
        assert abs(segment.start_ms - turn["start_ms"]) < 500
    assert two_tracks.warnings == ()
    assert two_tracks.duration_ms == pytest.approx(40_300, abs=100)


def test_unnamed_channels_are_left_and_right(transcriber: Transcriber, tmp_path: Path) -> None:
    piece = tmp_path / "short.wav"
    piece.write_bytes(make_wav("two-tracks.opus", tmp_path / "long.wav").read_bytes()[: 44 + 64_000 * 6])

    transcript = transcribe_file(piece, transcriber)

    assert transcript.tracks == ("left", "right")
    assert [track for track, _ in transcript.segments] == ["left", "right"]
    assert "up to second 6.0 of 40." in transcript.warnings[0]


def test_one_name_mixes_both_channels(transcriber: Transcriber, tmp_path: Path) -> None:
    piece = tmp_path / "short.wav"
    piece.write_bytes(make_wav("two-tracks.opus", tmp_path / "long.wav").read_bytes()[: 44 + 64_000 * 6])

    transcript = transcribe_file(piece, transcriber, tracks=["room"])

    assert [track for track, _ in transcript.segments] == ["room", "room"]


def test_names_must_match_the_tracks(transcriber: Transcriber) -> None:
    with pytest.raises(BadAudio, match=r"one-track\.opus: 2 names were given, but the file has 1 track"):
        transcribe_file(AUDIO / "one-track.opus", transcriber, tracks=["a", "b"])


def test_an_unknown_language_is_refused_before_anything_is_read(transcriber: Transcriber) -> None:
    with pytest.raises(UnsupportedLanguage):
        transcribe_file(Path("nowhere.wav"), transcriber, language="so")
