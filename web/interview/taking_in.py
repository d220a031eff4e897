"""Takes turns into the conversation, in order: those coded before as they were coded then, the others now."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from web.engines import CoderPort
from web.interview import tongues
from web.interview.memory import Memory
from web.interview.nudges import Heard
from web.interview.readings import DOUBTFUL, Coded, Reading
from web.interview.snapshot import Snapshot
from web.language.model import Coding, Cue, Speaker, Turn
from web.store import Turn as TurnRow

if TYPE_CHECKING:
    from web.language.conversation import Conversation

log = logging.getLogger(__name__)

T = TypeVar("T")


def take_in(
    seen: Snapshot,
    memory: Memory,
    coder: CoderPort,
    *,
    waits: Callable[[str], str],
    card: Callable[[Coding], str | None],
) -> list[Coded]:
    """Hear every turn not heard yet; what has to be written comes back, in order.

    `waits(language)` says what a turn waits for that cannot be read, `card(coding)` which card the turn just
    heard says in its own words.
    """
    conversation(seen, memory)
    fresh = [row for row in seen.turns if row.number > memory.heard]
    for known, rows in groupby(fresh, lambda row: row.id in seen.codings):
        if known:
            _recall(seen, memory, coder, list(rows))
            continue
        for row in rows:
            made = _hear(seen, memory, coder, row, waits)
            if not row.coded and made.waits is None and (said := card(made.coding)):
                memory.cards[row.number] = said
    found = (_owed(seen, memory, row) for row in seen.turns)
    return [made for made in found if made is not None]


def conversation(seen: Snapshot, memory: Memory) -> Conversation:
    """What was said so far, begun where it is not."""
    if memory.conversation is None:
        from web.language.conversation import Conversation

        memory.conversation = Conversation(age=seen.age, language=seen.child_language)
    talk: Conversation = memory.conversation
    return talk


def own_words(memory: Memory, cues: Sequence[Cue]) -> list[Cue]:
    """Words of the child's own, placed by the number of their turn: a machine's words for them are nobody's
    to be asked about. The conversation leaves out turns that people wrote afterwards."""
    held = memory.numbers
    placed = [replace(cue, turn=held[cue.turn] - 1) if cue.turn < len(held) else cue for cue in cues]
    return [cue for cue in placed if cue.turn + 1 not in memory.machine]


def guarded(work: Callable[[], T], otherwise: T) -> T:
    """What cannot be read must not hold up the rest."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - and never its text: that may quote what was said
        log.error("a turn could not be read: %s", type(error).__name__)
        return otherwise


def source(seen: Snapshot, row: TurnRow) -> str:
    """The words as they were said."""
    text: str = seen.sealer.open(row.sealed_text, f"turn:{row.id}")
    return text


def _hear(
    seen: Snapshot, memory: Memory, coder: CoderPort, row: TurnRow, waits: Callable[[str], str]
) -> Coded:
    coding = guarded(partial(coder.code, memory.conversation, _words(seen, row)), Coding())
    coded = tongues.needs_reading(row.speaker, row.language)
    reading = _reading(seen, row) if coded else None
    lacking = coded and reading is None
    there = row.id in seen.readings  # and says nothing that was said
    coding = Coding() if lacking else coding
    why = (DOUBTFUL if there else waits(row.language)) if lacking else None
    made = Coded(row, coding, reading, why, late=row.coded)
    if lacking and not there:
        memory.unread[row.number] = row.id
    if not (lacking and row.coded):  # the guide was told of it, and more is not known yet
        memory.unwritten[row.number] = made
    _heard(seen, memory, row, coding)
    return made


def _recall(seen: Snapshot, memory: Memory, coder: CoderPort, rows: list[TurnRow]) -> None:
    """Turns that another process, or an earlier life of this one, has coded."""
    turns = [(_words(seen, row), seen.codings[row.id]) for row in rows]
    guarded(partial(coder.recall, memory.conversation, turns), None)
    for row, (_, coding) in zip(rows, turns, strict=True):
        _heard(seen, memory, row, coding)


def _heard(seen: Snapshot, memory: Memory, row: TurnRow, coding: Coding) -> None:
    machine = _reading(seen, row) is not None
    if machine and row.speaker == Speaker.CHILD:
        memory.machine.add(row.number)
    memory.hear(Heard(row.number, row.speaker, coding, machine, bool(memory.machine)))


def _words(seen: Snapshot, row: TurnRow) -> Turn:
    """What the coder reads: the words themselves, or a machine's where it cannot."""
    reading = _reading(seen, row)
    if reading is not None:
        return Turn(Speaker(row.speaker), reading.text, reading.language)
    return Turn(Speaker(row.speaker), source(seen, row), row.language)


def _reading(seen: Snapshot, row: TurnRow) -> Reading | None:
    reading = seen.readings.get(row.id)
    return None if reading is None or reading.doubtful else reading


def _owed(seen: Snapshot, memory: Memory, row: TurnRow) -> Coded | None:
    """What was made of this turn and nobody has written yet."""
    made = memory.unwritten.get(row.number)
    if made is None or not row.coded:
        return made
    if row.id in seen.codings or made.waits is not None:
        del memory.unwritten[row.number]
        return None
    return replace(made, late=True)
