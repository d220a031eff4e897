"""Coding again once words were corrected: a layer of the machine's over its own, never over a person's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.engines import CoderPort
from web.interview import events
from web.interview.errors import Conflict
from web.interview.machine_rows import coding_row, tag_row
from web.language.model import Coding, Indicator, Speaker, Turn
from web.problems import Problem
from web.store import Coding as CodingRow
from web.store import Database, EventKind, Interview, Sealer, Tag, User, Vault
from web.store import Turn as TurnRow
from web.transcript import record
from web.transcript.folding import by_turn
from web.transcript.layers import Coded, chief, laid
from web.transcript.service import Audit


@dataclass(frozen=True)
class Outcome:
    """`coded`: numbers of the turns that have a new layer; `left`: how many were not coded again: a person's
    code stands, no word is left, or the coder does not read the language."""

    coded: tuple[int, ...]
    left: int


@dataclass
class _Known:
    """An interview as read for coding. `machine`: the newest of the machine's own layers by turn id;
    `counts`: the code that counts by number of the turn."""

    rows: list[TurnRow]
    machine: dict[str, Coding] = field(default_factory=dict)
    counts: dict[int, Coded] = field(default_factory=dict)


class CodingAgain:
    """Asks nobody who they are: callers check access first. `coder()` is None while it is away."""

    def __init__(
        self, database: Database, vault: Vault, audit: Audit, coder: Callable[[], CoderPort | None]
    ) -> None:
        self._database, self._vault, self._audit, self._coder = database, vault, audit, coder

    def code(self, interview: Interview, user: User) -> Outcome:
        """Code turns again whose machine's code is older than their words, in the light of the corrected
        talk. Raises Problem 503 without a coder, and Conflict where words or codes are changed meanwhile;
        then nothing was written.
        """
        coder = self._coder()
        if coder is None:
            raise Problem(503)
        sealer = self._vault.sealer(interview.id, interview.wrapped_key)
        with self._database.read() as session:
            held = record.read(session, sealer, interview)
            known = _known(session, sealer, interview)
        older = laid(held, known.counts).older
        wanted = {one for one in older if not known.counts[one].by_person}
        texts = {number: chief(parts) for number, parts in by_turn(held.now.segments).items()}
        done = _coded(coder, interview, known, texts, wanted)
        if done:
            self._write(interview, user, sealer, held.now.number, done)
        return Outcome(tuple(row.number for row, _ in done), len(older) - len(done))

    def _write(  # noqa: PLR0917
        self, interview: Interview, user: User, sealer: Sealer, edits: int, done: list[tuple[TurnRow, Coding]]
    ) -> None:
        with self._database.write() as session:
            locked = events.lock(session, interview.id)
            if record.last_number(session, interview.id) != edits:
                raise Conflict("The transcript was changed meanwhile. Nothing was coded; ask for it again.")
            counts = _known(session, sealer, locked).counts
            if any(counts[row.number].by_person for row, _ in done):
                raise Conflict("Somebody corrected a code meanwhile. Nothing was coded; ask for it again.")
            for row, coding in done:
                session.add(_layer(session, sealer, row, coding, edits))
                for found in coding.indicators:
                    _mark(session, sealer, row, found, edits)
            payload = {"what": "code_again", "turns": [row.number for row, _ in done], "edits": edits}
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


def _coded(
    coder: CoderPort,
    interview: Interview,
    known: _Known,
    texts: dict[int, tuple[str, str]],
    wanted: Iterable[int],
) -> list[tuple[TurnRow, Coding]]:
    """The whole talk is gone through as corrected; what is not wanted is remembered as it was coded."""
    from web.language.conversation import Conversation

    talk = Conversation(age=interview.child_age, language=interview.child_language)
    waiting: list[tuple[Turn, Coding]] = []
    done = []
    wanted = {row.number for row in known.rows if row.number in wanted and row.language.lower()[:2] == "en"}
    last = max(wanted & texts.keys(), default=0)
    for row in known.rows:
        if row.number > last:
            break
        if row.number not in texts:
            continue
        speaker, text = texts[row.number]
        turn = Turn(Speaker(speaker), text, row.language)
        if row.number not in wanted:
            waiting.append((turn, known.machine.get(row.id, Coding())))
            continue
        coder.recall(talk, waiting)
        waiting = []
        done.append((row, coder.code(talk, turn)))
    return done


def _layer(session: Session, sealer: Sealer, row: TurnRow, coding: Coding, edits: int) -> CodingRow:
    top = session.scalar(select(func.max(CodingRow.layer)).where(CodingRow.turn_id == row.id)) or 0
    return coding_row(sealer, row, coding, layer=top + 1, edits=edits)


def _mark(session: Session, sealer: Sealer, row: TurnRow, found: Indicator, edits: int) -> None:
    """Suggest a passage, unless the same words are marked so already. Its place is in the corrected words."""
    for tag in session.scalars(select(Tag).where(Tag.turn_id == row.id, Tag.tag == found.tag)):
        if sealer.open(tag.sealed_why, f"tag:{tag.id}")["quote"] == found.quote:
            return
    session.add(tag_row(sealer, row, found, edits=edits))
