"""`tellmore transcribe`: a recording in, segments with words and times out, as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from web.config import Config, ConfigError
from web.speech.audio import BadAudio
from web.speech.files import Transcript, transcribe_file
from web.speech.models import BadModel, Models
from web.speech.transcriber import Transcriber, UnsupportedLanguage


@click.command("transcribe")
@click.argument("audio", type=click.Path(path_type=Path))
@click.option(
    "--language", metavar="L", help="Language spoken, e.g. en; otherwise the model's own or found out."
)
@click.option("--tracks", metavar="A,B", default="", help="Who is on each track, e.g. interviewer,child.")
@click.option(
    "--threads", default=2, show_default=True, type=click.IntRange(1, 64), help="Processor threads."
)
@click.option(
    "--model", metavar="NAME", help="As `tellmore models list` writes it; otherwise the one in use."
)
def command(audio: Path, language: str | None, tracks: str, threads: int, model: str | None) -> None:
    """Write down the recording AUDIO (WAV, MP3, M4A, Opus, WebM and others) as JSON on standard output."""
    names = [name.strip() for name in tracks.split(",")] if tracks else []
    if len(names) > 2 or not all(names) or len(set(names)) < len(names):
        _refuse(f"--tracks {tracks!r}: give one or two different names")
    try:
        models = Models(Config.from_environment().speech_models)
        transcriber = Transcriber.load(threads, models.find(model or models.active(language or "en")))
        transcript = transcribe_file(audio, transcriber, tracks=names, language=language)
    except (BadAudio, BadModel, ConfigError, UnsupportedLanguage) as error:
        _refuse(str(error))
    for warning in transcript.warnings:
        click.echo(f"{audio.name}: {warning}", err=True)
    click.echo(json.dumps(_shape(transcript, transcriber, bool(names)), ensure_ascii=False, indent=1))


def _refuse(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)


def _shape(transcript: Transcript, transcriber: Transcriber, named: bool) -> dict[str, object]:
    """`speaker` is null where nobody said who is on which track."""
    return {
        "model": {"name": transcriber.name, "sha256": transcriber.sha256},
        "duration_ms": transcript.duration_ms,
        "tracks": list(transcript.tracks),
        "warnings": list(transcript.warnings),
        "segments": [
            {"track": track, "speaker": track if named else None, **segment.as_dict()}
            for track, segment in transcript.segments
        ],
    }
