"""Coding again once words were corrected: a layer of the machine's over its own, never over a person's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.engines import CoderPort
from web.interview import events
from web.interview.errors import Conflict
from web.interview.machine_rows import coding_row, tag_row
from web.language.model import Coding, Indicator, Speaker, Turn
from web.problems import Problem
from web.store import WRITTEN, Database, EventKind, Interview, Sealer, Tag, User, Vault
from web.store import Coding as CodingRow
from web.store import Turn as TurnRow
from web.transcript import record
from web.transcript.folding import by_turn
from web.transcript.layers import Coded, chief, laid
from web.transcript.model import says_nothing
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
    layers by turn id; `counts`: the code that counts by number of the turn."""

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
        said = {number: place for place, number in enumerate(over.order)}
        known.rows.sort(key=lambda row: said.get(row.number, len(said)))
        texts = {number: chief(parts) for number, parts in by_turn(held.now.segments).items()}
        due = over.older | {row.number for row in known.rows if _uncoded(row, known, texts)}
        wanted = {one for one in due if one not in known.counts or not known.counts[one].by_person}
        done = _coded(coder, interview, known, texts, wanted)
        if done:
            self._write(interview, user, sealer, held.now.number, done, layers)
        return Outcome(tuple(row.number for row, _ in done), len(due) - len(done))

    def _write(  # noqa: PLR0917
        self,
        interview: Interview,
        user: User,
        sealer: Sealer,
        edits: int,
        done: list[tuple[TurnRow, Coding]],
        layers: dict[str, int],
    ) -> None:
        with self._database.write() as session:
            locked = events.lock(session, interview.id)
            if record.last_number(session, interview.id) != edits:
                raise Conflict("The transcript was changed meanwhile. Nothing was coded; ask for it again.")
            now = _layers(session, interview.id)
            if any(now.get(row.id) != layers.get(row.id) for row, _ in done):
                raise Conflict("Somebody corrected a code meanwhile. Nothing was coded; ask for it again.")
            for row, coding in done:
                session.add(coding_row(sealer, row, coding, layer=layers.get(row.id, 0) + 1, edits=edits))
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
    done: list[tuple[TurnRow, Coding]] = []
    english = {row.number for row in known.rows if row.language.lower()[:2] == "en"}
    wanted = {number for number in wanted if number in english and number in texts}
    for row in known.rows:
        if len(done) == len(wanted):
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


def _layers(session: Session, interview_id: str) -> dict[str, int]:
    """The number of the newest layer by turn id."""
    newest = select(CodingRow.turn_id, func.max(CodingRow.layer)).where(
        CodingRow.interview_id == interview_id
    )
    return {row[0]: row[1] for row in session.execute(newest.group_by(CodingRow.turn_id))}


def _uncoded(row: TurnRow, known: _Known, texts: Mapping[int, tuple[str, str]]) -> bool:
    """Whether these are words that a person wrote down and no machine has seen."""
    if row.source != WRITTEN or row.number in known.counts or row.number not in texts:
        return False
    speaker, text = texts[row.number]
    return speaker != Speaker.INTERPRETER and not says_nothing(text)


def _mark(session: Session, sealer: Sealer, row: TurnRow, found: Indicator, edits: int) -> None:
    """Suggest a passage, unless the same words are marked so already. Its place is in the corrected words."""
    for tag in session.scalars(select(Tag).where(Tag.turn_id == row.id, Tag.tag == found.tag)):
        if sealer.open(tag.sealed_why, f"tag:{tag.id}")["quote"] == found.quote:
            return
    session.add(tag_row(sealer, row, found, edits=edits))
