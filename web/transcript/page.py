"""What the transcript's page shows: rows, history, certifications, and what its scripts begin with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from web.interview.new import direction
from web.store import Interview
from web.transcript import canonical
from web.transcript.model import INAUDIBLE, Segment, Step, Transcript
from web.transcript.record import Certified, Record
from web.transcript.texts import keys, page_texts, speakers

if TYPE_CHECKING:
    from web.services import Services

DOUBT = 0.5
"""A word to which the speech model gave a lower probability is marked."""
LATEST = 100
"""Steps shown; all are kept."""


@dataclass(frozen=True)
class Row:
    """One segment. `pieces`: its text cut at words the machine was unsure of; `words`: [place, ms]; `unsure`:
    nobody has said yet that it is this speaker."""

    segment: Segment
    speaker: str
    dir: str
    clock: str
    pieces: list[tuple[str, bool]]
    words: list[list[int]]
    by_person: bool
    unwritten: bool
    unsure: bool = False


@dataclass(frozen=True)
class Past:
    """One step of the history."""

    number: int
    what: str
    text: str
    author: str
    at: datetime
    why: str
    undone: bool
    unfit: bool
    undoable: bool


@dataclass(frozen=True)
class Paper:
    """A certification. `now`: it is about the transcript as it stands."""

    author: str
    at: datetime
    statement: str
    sha256: str
    now: bool


def rows(
    now: Transcript, unsure: Collection[str] = frozenset(), only: Collection[str] | None = None
) -> list[Row]:
    """All segments, or those of these ids. `unsure`: ids of those of which it is uncertain who speaks."""
    unwritten = now.unwritten
    drawn = [_row(now, one, unwritten) for one in now.segments if only is None or one.id in only]
    return [replace(row, unsure=row.segment.id in unsure) for row in drawn]


def history(held: Record, names: Mapping[str, str]) -> list[Past]:
    """The newest first."""
    latest = held.now.steps[-LATEST:]
    named = {step.segment for step in latest}
    places: dict[str, str] = {}
    for one in (*held.base, *held.now.segments):
        if one.id in named and one.id not in places:
            places[one.id] = _place(one)
    found = []
    for step in reversed(latest):
        taken = held.taken[step.number]
        found.append(
            Past(
                step.number,
                _what(step, places),
                step.text,
                names.get(taken.author_id, ""),
                taken.at,
                taken.why,
                step.number in held.now.undone,
                step.number in held.now.unfit,
                held.now.undoable(step.number),
            )
        )
    return found


def papers(held: Record, given: list[Certified], names: Mapping[str, str]) -> list[Paper]:
    """The newest first."""
    sha256 = canonical.digest(held.now).hex() if given else ""
    return [
        Paper(names.get(one.author_id, ""), one.at, one.statement, one.sha256, one.sha256 == sha256)
        for one in reversed(given)
    ]


def script(
    here: Services, interview: Interview, held: Record, editable: bool, user_id: str
) -> dict[str, Any]:
    """The data the page's scripts begin with."""
    states = {state.track: state.saved_ms for state in here.recordings.tracks(interview.id)}
    return {
        "base": f"/api/interviews/{interview.id}",
        "changes": url_for("transcript.changes", interview_id=interview.id),
        "number": held.now.number,
        "newest": held.newest_of(user_id),
        "editable": editable,
        "tracks": [
            {"name": name, "offset": offset, "length": states.get(name, 0)}
            for name, offset in sorted(held.tracks.items())
            if states.get(name, 0) > 0
        ],
        "inaudible": INAUDIBLE,
        "locale": str(get_locale()).replace("_", "-"),
        "texts": {**page_texts(), **keys()},
    }


def clock(moment_ms: int | None) -> str:
    """Minutes and seconds, as 61:05; empty where the moment is not known."""
    return "" if moment_ms is None else f"{moment_ms // 60_000}:{moment_ms // 1000 % 60:02}"


def _row(now: Transcript, one: Segment, unwritten: Collection[str]) -> Row:
    pieces: list[tuple[str, bool]] = []
    at = 0
    for word in one.words:
        if word.probability is not None and word.probability < DOUBT:
            pieces += [(one.text[at : word.at], False), (one.text[word.at : word.to], True)]
            at = word.to
    pieces.append((one.text[at:], False))
    timed = [[word.at, word.start_ms] for word in one.words if word.start_ms is not None]
    return Row(
        one,
        speakers()[one.speaker],
        direction(one.language),
        clock(one.start_ms),
        [piece for piece in pieces if piece[0]],
        timed,
        one.id in now.by_person,
        one.id in unwritten,
    )


def _place(one: Segment) -> str:
    if one.turn is not None:
        return str(_("turn %(n)s", n=one.turn))
    return str(_("speech at %(time)s", time=clock(one.start_ms)))


def _what(step: Step, places: Mapping[str, str]) -> str:
    place = places.get(step.segment, str(_("a part of a turn")))
    if step.kind == "text":
        return str(_("%(place)s: text", place=place))
    if step.kind == "speaker":
        return str(_("%(place)s: said by %(who)s", place=place, who=speakers()[step.speaker]))
    if step.kind == "split":
        return str(_("%(place)s: split", place=place))
    if step.kind == "merge":
        return str(_("%(place)s: merged with the next", place=place))
    return str(_("step %(n)s undone", n=step.of))
