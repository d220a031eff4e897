"""One turn goes into the record: acknowledged once it is committed, the same key twice is one turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from protocols.labels import Label
from web.interview import events, findings, tongues
from web.interview.errors import Conflict, Invalid, KeyReused, TooLarge
from web.interview.new import direction, language_tag, storable
from web.language.model import Speaker
from web.store import Event, EventKind, Interview, InterviewState, Sealer, Turn
from web.store.base import new_id, now

SOURCES = ("typed", "speech", "import")
MAX_KEY = 80
MAX_MS = 24 * 3600 * 1000
_SAME = ("speaker", "text", "started_ms", "ended_ms")


@dataclass(frozen=True)
class TurnIn:
    """What somebody said. Times in milliseconds since the interview began. `language` None: as set for
    the interview. `words`: [{"text", "start_ms", "end_ms", "probability"}] from speech recognition. `unsure`:
    whether it was this speaker is for a person to say."""

    key: str
    speaker: str
    text: str
    started_ms: int | None = None
    ended_ms: int | None = None
    language: str | None = None
    source: str = "typed"
    words: list[dict[str, Any]] | None = None
    unsure: bool = False

    def check(self, max_bytes: int) -> None:
        """Raises Invalid naming the field, TooLarge when the text is more than one turn can hold."""
        check_key(self.key, ours=self.source != "typed")
        if self.speaker not in {speaker.value for speaker in Speaker}:
            raise Invalid("speaker", f"A speaker is one of {', '.join(Speaker)}.")
        check_words(self.text, max_bytes)
        if self.source not in SOURCES:
            raise Invalid("source", f"A source is one of {', '.join(SOURCES)}.")
        _check_times(self.started_ms, self.ended_ms)
        if self.language is not None:
            language_tag("language", self.language)

    def tongue(self, interview: Interview) -> str:
        """The language of the turn. Who types what was understood of a child's words does so in their own."""
        if self.language is not None:
            return language_tag("language", self.language)
        own, other = interview.interviewer_language, interview.child_language
        if self.speaker == Speaker.CHILD:
            own, other = other, own
        typed = self.source == "typed" and tongues.in_script(self.text, own) is False
        return other if typed and tongues.in_script(self.text, other) else own


@dataclass(frozen=True)
class Recorded:
    """Where a turn stands in the record. `created` is False when the key had come before."""

    turn_id: str
    seq: int
    number: int
    created: bool
    last_seq: int


def check_words(text: Any, max_bytes: int) -> None:
    """Raises Invalid where there are none, TooLarge for more than one turn can hold."""
    if not isinstance(text, str) or not text.strip():
        raise Invalid("text", "There are no words in this turn. Nothing was saved.")
    size = len(storable("text", text).encode())
    if size > max_bytes:
        raise TooLarge(size, max_bytes)


def check_key(key: str, ours: bool = False) -> None:
    """Raises Invalid. A key with a colon is one that the program itself makes: what is sent cannot take the
    place of that."""
    plain = isinstance(key, str) and 0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable()
    if not plain or (":" in key and not ours):
        raise Invalid("key", f"A key is 1 to {MAX_KEY} plain characters, made new for each thing sent.")


def record(
    session: Session, sealer: Sealer, interview: Interview, actor_id: str | None, turn: TurnIn
) -> Recorded:
    """Write the turn. The caller holds the interview's lock. Raises KeyReused, or Conflict when closed."""
    before = events.by_key(session, interview.id, turn.key)
    if before is not None:
        return _again(session, sealer, interview, before, turn)
    if interview.state is InterviewState.CLOSED and turn.source == "typed":
        raise Conflict("This interview is closed. Nothing was added to it.", state=interview.state.value)
    if interview.state is InterviewState.PLANNED:
        begin(session, sealer, interview, actor_id, "first_turn")  # what is said is never refused
    last = session.scalar(select(func.max(Turn.number)).where(Turn.interview_id == interview.id))
    row = _write(session, sealer, interview, actor_id, turn, (last or 0) + 1)
    return Recorded(row.id, row.seq, row.number, True, interview.next_seq - 1)


def record_all(
    session: Session, sealer: Sealer, interview: Interview, actor_id: str | None, said: Sequence[TurnIn]
) -> list[Turn]:
    """All of a transcript that was written elsewhere, or nothing. The caller holds the interview's lock and
    has checked each turn. Raises Conflict where the interview has turns already."""
    if session.scalar(select(Turn.id).where(Turn.interview_id == interview.id).limit(1)) is not None:
        raise Conflict("This interview has turns already. A transcript goes into one that has none.")
    if interview.state is InterviewState.PLANNED:
        begin(session, sealer, interview, actor_id, "first_turn")
    return [_write(session, sealer, interview, actor_id, turn, i) for i, turn in enumerate(said, 1)]


def _write(  # noqa: PLR0917
    session: Session, sealer: Sealer, interview: Interview, actor_id: str | None, turn: TurnIn, number: int
) -> Turn:
    row = _row(sealer, interview, turn, number)
    payload = {
        "number": row.number,
        "speaker": row.speaker,
        "text": turn.text,
        "language": row.language,
        "dir": direction(row.language),
        "started_ms": row.started_ms,
        "ended_ms": row.ended_ms,
        "source": row.source,
        **({"unsure": True} if turn.unsure else {}),
    }
    events.append(session, sealer, interview, EventKind.TURN, payload, key=turn.key, actor_id=actor_id)
    session.add(row)
    return row


def begin(
    session: Session, sealer: Sealer, interview: Interview, actor_id: str | None, reason: str | None = None
) -> None:
    """From planned to live. What was known before is noted first, as if by key."""
    interview.state, interview.started_at = InterviewState.LIVE, now()
    payload = {"state": interview.state.value, **({"reason": reason} if reason else {})}
    events.append(session, sealer, interview, EventKind.STATE, payload, actor_id=actor_id)
    for name in sealer.open(interview.sealed_details, f"details:{interview.id}").get("observed", ()):
        noted = {"action": "observe", "condition": name}
        events.append(session, sealer, interview, EventKind.ACTION, noted, actor_id=actor_id)
        label = Label("observe", {"condition": name})
        findings.add_labels(session, interview.id, findings.label_count(session, interview.id), [label])


def _row(sealer: Sealer, interview: Interview, turn: TurnIn, number: int) -> Turn:
    turn_id = new_id()
    return Turn(
        id=turn_id,
        interview_id=interview.id,
        seq=interview.next_seq,
        number=number,
        speaker=turn.speaker,
        language=turn.tongue(interview),
        source=turn.source,
        started_ms=turn.started_ms,
        ended_ms=turn.ended_ms,
        sealed_text=sealer.seal(turn.text, f"turn:{turn_id}"),
        sealed_words=sealer.seal(turn.words, f"words:{turn_id}") if turn.words is not None else None,
        coded=False,
    )


def _again(session: Session, sealer: Sealer, interview: Interview, event: Event, turn: TurnIn) -> Recorded:
    if event.kind is not EventKind.TURN:
        raise KeyReused
    payload = events.opened(sealer, event)
    same = all(payload[name] == getattr(turn, name) for name in _SAME)
    if not same or payload["language"] != turn.tongue(interview):
        raise KeyReused
    row = session.scalar(select(Turn).where(Turn.interview_id == interview.id, Turn.seq == event.seq))
    assert row is not None, "a turn and its event are written together"
    return Recorded(row.id, row.seq, row.number, False, interview.next_seq - 1)


def _check_times(started: int | None, ended: int | None) -> None:
    for name, value in (("started_ms", started), ("ended_ms", ended)):
        bad = isinstance(value, bool) or not isinstance(value, int | None)
        if bad or (value is not None and not 0 <= value <= MAX_MS):
            raise Invalid(name, "Times are whole milliseconds since the interview began, within one day.")
    if started is not None and ended is not None and ended < started:
        raise Invalid("ended_ms", "A turn cannot end before it began.")
