"""What the page shows, put together from the folder of models."""

from __future__ import annotations

from dataclasses import dataclass

from web.artifacts import Status
from web.speech.advice import Advice, advise, expected, memory_mb
from web.speech.catalogue import Known
from web.speech.installing import Installer
from web.speech.measure import Measured, measured
from web.speech.models import Model

MEASURE = "measure."  # before the name of a model: the errand that measures it


@dataclass(frozen=True, slots=True)
class Row:
    """One model. `pace` in seconds of work for a second of sound, `sure` if measured with it here; `damaged`:
    it lies here and cannot be used."""

    known: Known
    model: Model | None
    used_for: list[str]
    figures: Measured | None
    pace: float
    sure: bool
    bringing: Status
    measuring: Status
    damaged: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """`language` is what the advice is for; `uses`: name of model to the languages that it writes now."""

    names: list[str]
    here: list[Row]
    others: list[Row]
    language: str
    languages: list[str]
    advice: Advice
    machine_mb: int
    uses: dict[str, list[str]]


def gather(installer: Installer, language: str) -> Shown:
    """Everything as it is now. The language is the first that a model writes where it is none of them."""
    models = installer.models
    here, figures = models.installed(), measured(models)
    uses: dict[str, list[str]] = {}
    for code, name in models.in_use().items():
        uses.setdefault(name, []).append(code)
    rows = []
    for name, known in models.catalogue.models.items():
        pace, sure = expected(known, models.catalogue, figures)
        bringing, measuring = installer.errands.status(name), installer.errands.status(f"{MEASURE}{name}")
        found = (here.get(name), uses.get(name, []), figures.get(name))
        damaged = name not in here and models.here(name) is not None
        rows.append(Row(known, *found, pace, sure, bringing, measuring, damaged))
    rows.sort(key=lambda row: row.known.size)
    languages = sorted({code for row in rows for code in row.known.languages})
    language = language if language in languages else "en"
    return Shown(
        names=[row.known.name for row in rows],
        here=[row for row in rows if row.model or row.damaged],
        others=[row for row in rows if not (row.model or row.damaged) and language in row.known.languages],
        language=language,
        languages=languages,
        advice=advise(models.catalogue, language, figures),
        machine_mb=memory_mb(),
        uses=uses,
    )
