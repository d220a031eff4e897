"""Coding again once words were corrected: a layer of the machine's over its own, never over a person's.

What people wrote in another language than the coder's is read in a machine translation, as spoken turns are,
and says so; where there is none, nothing has looked at it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.engines import CoderPort
from web.interview import events, tongues
from web.interview.errors import Conflict
from web.interview.machine_rows import coding_row, tag_row
from web.interview.readings import Reading, readings
from web.language.model import Coding, Indicator, Speaker, Turn
from web.problems import Problem
from web.store import WRITTEN, Database, EventKind, Interview, Sealer, Tag, User, Vault
from web.store import Coding as CodingRow
from web.store import Turn as TurnRow
from web.transcript import record
from web.transcript.folding import by_turn
from web.transcript.layers import Coded, Parts, chief, laid, one_voice, unseen
from web.transcript.service import Audit


@dataclass(frozen=True)
class Outcome:
    """`coded`: numbers of the turns that have a new layer; `left`: how many were not coded, or not again: a
    person's code stands, no word is left, or the coder does not read the language."""

    coded: tuple[int, ...]
    left: int


@dataclass
class _Known:
    """An interview as read for coding. `rows` as they were said; `machine`: the newest of the machine's own
    layers by turn id; `counts`: the code that counts by number of the turn; `parts`: who says which words of
    a turn by now, likewise; `readings`: a machine's words for those the coder cannot read, by turn id."""

    rows: list[TurnRow]
    machine: dict[str, Coding] = field(default_factory=dict)
    counts: dict[int, Coded] = field(default_factory=dict)
    parts: dict[int, Parts] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)

    def said(self, row: TurnRow) -> tuple[Turn, Reading | None]:
        """What the coder reads, and the translation it is in."""
        speaker, text = chief(self.parts[row.number])
        reading = self.readings.get(row.id)
        if reading is not None:
            return Turn(Speaker(speaker), reading.text, reading.language), reading
        return Turn(Speaker(speaker), text, row.language), None


@dataclass(frozen=True)
class _Made:
    """A new layer. `reading`: it was made of a machine's words."""

    row: TurnRow
    coding: Coding
    reading: Reading | None


class CodingAgain:
    """Asks nobody who they are: callers check access first. `coder()` is None while it is away."""

    def __init__(
        self, database: Database, vault: Vault, audit: Audit, coder: Callable[[], CoderPort | None]
    ) -> None:
        self._database, self._vault, self._audit, self._coder = database, vault, audit, coder

    def code(self, interview: Interview, user: User) -> Outcome:
        """Code turns again whose machine's code is older than their words, and for the first time what people
        wrote where the machine heard nothing, in the light of the corrected talk. Raises Problem 503 without
        a coder, and Conflict where words or codes are changed meanwhile; then nothing was written.
        """
        coder = self._coder()
        if coder is None:
            raise Problem(503)
        sealer = self._vault.sealer(interview.id, interview.wrapped_key)
        with self._database.read() as session:
            held = record.read(session, sealer, interview)
            known = _known(session, sealer, interview)
            layers = _layers(session, interview.id)
            over = laid(held, known.counts)
            known.parts = {turn: tuple(parts) for turn, parts in by_turn(held.now.segments).items()}
            known.readings = _readings(session, sealer, known, over.corrected)
        said = {number: place for place, number in enumerate(over.order)}
        known.rows.sort(key=lambda row: said.get(row.number, len(said)))
        fresh = (
            row
            for row in known.rows
            if unseen(row.source, row.number in known.counts, known.parts.get(row.number, ()))
        )
        due = over.older | {row.number for row in fresh}
        wanted = {one for one in due if one not in known.counts or not known.counts[one].by_person}
        done = _coded(coder, interview, known, wanted)
        if done:
            self._write(interview, user, sealer, held.now.number, done, layers)
        return Outcome(tuple(one.row.number for one in done), len(due) - len(done))

    def _write(  # noqa: PLR0917
        self,
        interview: Interview,
        user: User,
        sealer: Sealer,
        edits: int,
        done: list[_Made],
        layers: dict[str, int],
    ) -> None:
        with self._database.write() as session:
            locked = events.lock(session, interview.id)
            if record.last_number(session, interview.id) != edits:
                raise Conflict("The transcript was changed meanwhile. Nothing was coded; ask for it again.")
            now = _layers(session, interview.id)
            if any(now.get(one.row.id) != layers.get(one.row.id) for one in done):
                raise Conflict("Somebody corrected a code meanwhile. Nothing was coded; ask for it again.")
            for one in done:
                layer, read = layers.get(one.row.id, 0) + 1, one.reading.id if one.reading else None
                session.add(
                    coding_row(sealer, one.row, one.coding, layer=layer, translation_id=read, edits=edits)
                )
                for found in one.coding.indicators:
                    _mark(session, sealer, one, found, edits)
            payload = {"what": "code_again", "turns": [one.row.number for one in done], "edits": edits}
            events.append(session, sealer, locked, EventKind.REVIEW, payload, actor_id=user.id)
            session.flush()
            self._audit(session, user.id, "transcript:code_again", interview.id)


def _known(session: Session, sealer: Sealer, interview: Interview) -> _Known:
    rows = session.scalars(select(TurnRow).where(TurnRow.interview_id == interview.id))
    known = _Known(sorted(rows, key=lambda row: row.number))
    numbers = {row.id: row.number for row in known.rows}
    wanted = select(CodingRow).where(CodingRow.interview_id == interview.id).order_by(CodingRow.layer)
    for row in session.scalars(wanted):
        detail = sealer.open(row.sealed_detail, f"coding:{row.id}")
        by_person = row.author_id is not None
        known.counts[numbers[row.turn_id]] = Coded(row.at, by_person, detail.get("edits"))
        if not by_person:
            known.machine[row.turn_id] = Coding.from_dict(detail)
    return known


def _readings(
    session: Session, sealer: Sealer, known: _Known, corrected: Container[int]
) -> dict[str, Reading]:
    """A machine's words for those that stand as they were said, or as people wrote them down."""
    rows = [
        row
        for row in known.rows
        if tongues.needs_reading(row.speaker, row.language)
        and (row.source == WRITTEN or row.number not in corrected)
        and one_voice(known.parts.get(row.number, ()))
    ]
    return {turn: one for turn, one in readings(session, sealer, rows).items() if not one.doubtful}


def _coded(coder: CoderPort, interview: Interview, known: _Known, wanted: Iterable[int]) -> list[_Made]:
    """The whole talk is gone through as corrected; what is not wanted is remembered as it was coded."""
    from web.language.conversation import Conversation

    talk = Conversation(age=interview.child_age, language=interview.child_language)
    waiting: list[tuple[Turn, Coding]] = []
    done: list[_Made] = []
    legible = {row.number for row in known.rows if tongues.readable(row.language) or row.id in known.readings}
    wanted = {number for number in wanted if number in legible and number in known.parts}
    for row in known.rows:
        if len(done) == len(wanted):
            break
        if row.number not in known.parts:
            continue
        turn, reading = known.said(row)
        if row.number not in wanted:
            waiting.append((turn, known.machine.get(row.id, Coding())))
            continue
        coder.recall(talk, waiting)
        waiting = []
        done.append(_Made(row, coder.code(talk, turn), reading))
    return done


def _layers(session: Session, interview_id: str) -> dict[str, int]:
    """The number of the newest layer by turn id."""
    newest = select(CodingRow.turn_id, func.max(CodingRow.layer)).where(
        CodingRow.interview_id == interview_id
    )
    return {row[0]: row[1] for row in session.execute(newest.group_by(CodingRow.turn_id))}


def _mark(session: Session, sealer: Sealer, made: _Made, found: Indicator, edits: int) -> None:
    """Suggest a passage, unless the same words are marked so already. Its place is in the corrected words, or
    in their translation."""
    read = made.reading.id if made.reading else None
    marked = select(Tag).where(Tag.turn_id == made.row.id, Tag.tag == found.tag, Tag.translation_id == read)
    for tag in session.scalars(marked):
        if sealer.open(tag.sealed_why, f"tag:{tag.id}")["quote"] == found.quote:
            return
    session.add(tag_row(sealer, made.row, found, translation_id=read, edits=edits if read is None else None))
