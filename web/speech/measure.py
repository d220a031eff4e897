"""How well and how fast a speech model writes on this machine, by the samples that come with the project."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from web.artifacts.state import alone, read_json, write_json
from web.speech.errors import word_error_rate
from web.speech.files import transcribe_file
from web.speech.models import Models
from web.speech.transcriber import Transcriber

SAMPLES = Path(__file__).with_name("samples")
MEASURED = "measured.json"


@dataclass(frozen=True, slots=True)
class Sample:
    """A recording whose words are known. `kind`: "read" by a person, or "made" by a machine voice."""

    file: Path
    language: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What a model made of a sample. `real_time_factor`: seconds of work for each second of sound."""

    language: str
    kind: str
    seconds: float
    word_error_rate: float
    real_time_factor: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found for one model, known by the SHA-256 of its weights. `memory_mb` is the most that the
    process held while it did this."""

    name: str
    sha256: str
    at: str
    threads: int
    load_s: float
    memory_mb: int
    heard: tuple[Heard, ...]

    @property
    def real_time_factor(self) -> float:
        """Over all samples."""
        seconds = sum(one.seconds for one in self.heard)
        return round(sum(one.real_time_factor * one.seconds for one in self.heard) / seconds, 3)


def samples(folder: Path = SAMPLES) -> list[Sample]:
    listed = yaml.safe_load((folder / "samples.yml").read_text(encoding="utf-8"))
    return [Sample(folder / one["file"], one["language"], one["kind"], one["text"]) for one in listed]


def measure(
    models: Models,
    name: str,
    threads: int = 1,
    played: list[Sample] | None = None,
    tell: Callable[[Heard], None] = lambda heard: None,
) -> Measured:
    """Let the model write down every sample in a language of its own, and keep the figures. Takes as long as
    the samples last, times the model's real-time factor. Raises BadModel."""
    model = models.find(name)
    began = time.perf_counter()
    transcriber = Transcriber.load(threads, model)
    load_s = time.perf_counter() - began
    heard = []
    for sample in samples() if played is None else played:
        if sample.language in model.languages:
            heard.append(_play(transcriber, sample))
            tell(heard[-1])
    measured = Measured(
        name=name,
        sha256=model.sha256,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        threads=threads,
        load_s=round(load_s, 2),
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        heard=tuple(heard),
    )
    if models.folder is not None:
        file = models.folder / MEASURED
        with alone(models.folder):
            write_json(file, read_json(file) | {name: asdict(measured)})
    return measured


def measured(models: Models) -> dict[str, Measured]:
    """The last figures of each model that is still the one they were found with."""
    kept = read_json(models.folder / MEASURED) if models.folder else {}
    found = {}
    for name, model in models.installed().items():
        about: dict[str, Any] = kept.get(name, {})
        if about.get("sha256") == model.sha256:
            found[name] = Measured(**{**about, "heard": tuple(Heard(**one) for one in about["heard"])})
    return found


def _play(transcriber: Transcriber, sample: Sample) -> Heard:
    began = time.perf_counter()
    transcript = transcribe_file(sample.file, transcriber, language=sample.language)
    took, seconds = time.perf_counter() - began, transcript.duration_ms / 1000
    text = " ".join(segment.text for _, segment in transcript.segments)
    return Heard(
        sample.language,
        sample.kind,
        round(seconds, 1),
        word_error_rate(sample.text, text),
        round(took / seconds, 3),
    )
