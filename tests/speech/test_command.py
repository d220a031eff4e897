from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.speech.audio.make_wav import make_wav
from web.cli.transcribe import command


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """The first two turns: the interviewer left, the child right."""
    file = tmp_path / "short.wav"
    file.write_bytes(make_wav("two-tracks.opus", tmp_path / "long.wav").read_bytes()[: 44 + 64_000 * 6])
    return file


def test_it_writes_segments_with_words_times_speaker_and_confidence(short: Path) -> None:
    done = CliRunner().invoke(command, [str(short), "--tracks", "interviewer,child", "--language", "en"])

    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert [
        (segment["speaker"], re.findall(r"\w+", segment["text"])[-1]) for segment in answer["segments"]
    ] == [
        ("interviewer", "children"),
        ("child", "that"),
    ]
    segment = answer["segments"][1]
    assert set(segment) >= {"track", "words", "start_ms", "end_ms", "confidence", "language", "doubt"}
    assert set(segment["words"][0]) == {"text", "start_ms", "end_ms", "probability"}
    assert answer["duration_ms"] == pytest.approx(6_000, abs=10)
    assert answer["model"]["name"] == "tiny.en"
    assert "up to second 6.0" in answer["warnings"][0]
    assert "short.wav: the recording could be read up to second 6.0" in done.stderr


def test_without_names_nobody_is_called_a_speaker(short: Path) -> None:
    answer = json.loads(CliRunner().invoke(command, [str(short)]).stdout)

    assert [(segment["track"], segment["speaker"]) for segment in answer["segments"]] == [
        ("left", None),
        ("right", None),
    ]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["gone.wav"], "gone.wav: cannot be opened"),
        (["{}", "--language", "uk"], "writes en, not 'uk'"),
        (["{}", "--tracks", "a,b,c"], "one or two different names"),
        (["{}", "--tracks", "a,a"], "one or two different names"),
        (["{}", "--tracks", "a,"], "one or two different names"),
    ],
)
def test_bad_input_exits_2_with_a_reason_and_writes_nothing(
    short: Path, arguments: list[str], reason: str
) -> None:
    done = CliRunner().invoke(command, [argument.format(short) for argument in arguments])

    assert done.exit_code == 2
    assert reason in done.stderr
    assert done.stdout == ""
