"""The interview service: everything the room can do, for pages, interface and worker alike.

It asks nobody who they are: callers check access first (see access.py).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from protocols.model import Flow
from web.authoring.libraries import Kept, Libraries
from web.engines import Engines
from web.interview import (
    actions,
    closing,
    earlier,
    events,
    reveal_record,
    reveal_view,
    reveal_words,
    tongues,
    turns,
)
from web.interview.actions import ActionIn
from web.interview.errors import Invalid, NotFound
from web.interview.events import LIVE_KINDS, Happening
from web.interview.feed import Feed
from web.interview.guidance import Setting
from web.interview.new import NewInterview, note
from web.interview.pipeline import PATIENCE_S, Pipeline, Report
from web.interview.reveal_record import RevealIn
from web.interview.turns import TurnIn, check_words
from web.interview.words import draft_payload
from web.language.model import Coding
from web.problems import trace
from web.store import Database, EventKind, Interview, InterviewState, Sealer, Turn, User, Vault
from web.store.base import new_id

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TurnOut:
    """What became of a turn. `created` is False when its key had come before; `coding` and `guidance` are
    None while they are still owed. `timings` in milliseconds by stage."""

    turn_id: str
    seq: int
    number: int
    created: bool
    coding: dict[str, Any] | None
    guidance: dict[str, Any] | None
    timings: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ActionOut:
    seq: int
    guidance: dict[str, Any] | None


class InterviewService:
    """One per process. `foreign(turn_id, soon)` is told of turns that need a translation, and whether
    somebody waits for it; `translates(language)` says whether there will be one that the coder can read;
    `audit(session, actor_id, action, interview_id)` adds to the audit log."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        libraries: Libraries,
        engines: Engines,
        feed: Feed,
        *,
        max_turn_bytes: int = 64 * 1024,
        foreign: Callable[[str, bool], None] = lambda turn_id, soon: None,
        translates: Callable[[str], bool] = lambda language: False,
        audit: Callable[..., Any] = lambda *_: None,
    ) -> None:
        self.feed = feed
        self._database, self._vault, self._libraries = database, vault, libraries
        self._max_turn_bytes, self._foreign, self._audit = max_turn_bytes, foreign, audit
        self._pipeline = Pipeline(database, vault, libraries, engines, feed, translates)

    def translate_here(self, translate: Callable[[str], Any]) -> None:
        """In the process that translates: have turns translated by this when they are needed."""
        self._pipeline.translate = translate

    def create(self, user: User, new: NewInterview) -> Interview:
        """A planned interview of this person. Raises Invalid naming the field."""
        library = self._libraries.current()
        new = new.checked(library.flows, library.packs)
        packs = library.shelf.worn(new.child_age, new.needs)
        interview_id = new_id()
        known = self._known_before(user, new, library.flows[new.protocol])
        key = self._vault.new_key(interview_id)
        sealer = self._vault.sealer(interview_id, key)
        interview = Interview(
            id=interview_id,
            case_code=new.case_code,
            interviewer_id=user.id,
            protocol=new.protocol,
            protocol_hash=library.flows[new.protocol].hash,
            edition=library.edition,
            child_age=new.child_age,
            interviewer_language=new.interviewer_language,
            child_language=new.child_language,
            wrapped_key=key,
            next_seq=1,
            state=InterviewState.PLANNED,
            sealed_details=sealer.seal(
                {
                    **new.details(),
                    **known,
                    "packs": {pack.id: pack.hash for pack in packs},
                    "pack_order": library.shelf.hash,
                },
                f"details:{interview_id}",
            ),
        )
        with self._database.write() as session:
            session.add(interview)
            session.flush()
            payload = {"state": interview.state.value}
            events.append(session, sealer, interview, EventKind.STATE, payload, actor_id=user.id)
            session.flush()
            self._audit(session, user.id, "interview:create", interview_id)
        return interview

    def _known_before(self, user: User, new: NewInterview, flow: Flow) -> dict[str, Any]:
        """Which interview this continues, and what the flow is told of it. Raises Invalid for no such one."""
        if not new.continues:
            return {}
        with self._database.read() as session:
            known = [one.id for one in earlier.meetings(session, user, new.case_code)]
        if new.continues not in known:
            raise Invalid("continues", "There is no closed interview of this id with this case code.")
        told = [earlier.MET_BEFORE] if earlier.MET_BEFORE in flow.conditions else []
        return {"continues": new.continues, "observed": told}

    def add_turn(self, interview_id: str, actor_id: str | None, turn: TurnIn) -> TurnOut:
        """Save a turn, then code it and say what comes next.

        Once this returns, or once its event is seen, the turn is safe. Raises NotFound, Invalid, TooLarge,
        KeyReused, Conflict; then nothing was written.
        """
        turn.check(self._max_turn_bytes)
        report = Report()
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            sealer = self._sealer(interview)
            done = turns.record(session, sealer, interview, actor_id, turn)
            owed = tongues.owed(
                turn.speaker, turn.tongue(interview), interview.interviewer_language, interview.child_language
            )
        report.mark("record")
        self.feed.announce(interview_id, done.last_seq)
        if done.created and owed:
            soon = any(one.to != tongues.CHILD for one in owed)
            self._quietly("translation", lambda: self._foreign(done.turn_id, soon))
        self._quietly("guidance", lambda: self._pipeline.catch_up(interview_id, report))
        coding, guidance = report.codings.get(done.number), report.guidance
        if coding is None or guidance is None:  # worked off before, by somebody else, or still owed
            coding, guidance = self._outcome(interview_id, sealer, done.seq, done.number)
        return TurnOut(done.turn_id, done.seq, done.number, done.created, coding, guidance, report.spent)

    def act(self, interview_id: str, actor_id: str | None, press: ActionIn) -> ActionOut:
        """Log a press and follow it. Raises NotFound, Invalid, KeyReused, Conflict: nothing was written."""
        interview = self.get(interview_id)
        press.check(self._kept(interview).flow)
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            sealer = self._sealer(interview)
            seq, _ = actions.record(session, sealer, interview, actor_id, press)
            last = interview.next_seq - 1
        self.feed.announce(interview_id, last)
        patience = 0.0 if press.action in actions.URGENT else PATIENCE_S
        self._quietly("guidance", lambda: self._pipeline.catch_up(interview_id, patience_s=patience))
        return ActionOut(seq, self.guidance(interview_id))

    def look(self, interview_id: str, text: str) -> dict[str, Any]:
        """What a draft would be if it were said now: its code, and the remark it would get, if any.

        Raises NotFound, Invalid, TooLarge. Nothing is written: whoever shows the remark says so by an action.
        """
        interview = self.get(interview_id)
        coding, remark = self.would_be(interview_id, text)
        return {**draft_payload(coding, interview.interviewer_language), "remark": remark}

    def would_be(self, interview_id: str, text: str) -> tuple[Coding, dict[str, Any] | None]:
        """The code of what is not said yet, and the remark it would get. Nothing is written.

        Raises NotFound, Invalid, TooLarge.
        """
        check_words(text, self._max_turn_bytes)
        self.get(interview_id)
        if not self._pipeline.awaits(interview_id):
            self.catch_up(interview_id)
        return self._pipeline.look(interview_id, text)

    def reveals(self, interview_id: str) -> dict[str, Any]:
        """Facts from the file: how many are listed, which were put, why the next is locked. NotFound."""
        self.catch_up(interview_id)
        with self._database.read() as session:
            interview = session.get(Interview, interview_id)
            if interview is None:
                raise NotFound
            flow = self._kept(interview).flow
            return reveal_view.dialog(session, self._sealer(interview), interview, flow)

    def reveal(self, interview_id: str, actor_id: str | None, press: RevealIn) -> dict[str, Any]:
        """Show the next fact from the file, or note that none is needed. Raises NotFound, Invalid, KeyReused,
        Conflict, Locked with the reasons: then nothing was written."""
        press = press.checked()
        self.catch_up(interview_id)
        self._quietly("comparing words", reveal_words.ready)
        flow = self._kept(self.get(interview_id)).flow  # may have to be loaded, while which nobody may wait
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            sealer = self._sealer(interview)
            seq, payload = reveal_record.record(session, sealer, interview, actor_id, flow, press)
            last = interview.next_seq - 1
        self.feed.announce(interview_id, last)
        return reveal_view.shown(seq, payload, interview.interviewer_language)

    def close(self, interview_id: str, actor_id: str | None, key: str, reason: str = "") -> InterviewState:
        """Close the interview. Raises ClosingOwed when steps are owed and no reason is given."""
        turns.check_key(key)
        reason = note("reason", reason or "")
        self.catch_up(interview_id)
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            sealer = self._sealer(interview)
            told = events.newest(session, sealer, interview_id, EventKind.GUIDANCE)
            setting = self.setting(interview)
            missing = closing.owed(setting.flow, setting, told.payload if told else None)
            closing.close(session, sealer, interview, actor_id, key=key, reason=reason, missing=missing)
            last = interview.next_seq - 1
            session.flush()
            self._audit(session, actor_id, "interview:close", interview_id)
        self.feed.announce(interview_id, last)
        return InterviewState.CLOSED

    def catch_up(self, interview_id: str) -> None:
        """Code and answer whatever is still owed in this interview. Never raises: what is saved stays saved
        and is worked off next time."""
        self._quietly("guidance", lambda: self._pipeline.catch_up(interview_id))

    def catch_up_all(self) -> None:
        """The same for every interview that is under way or has turns nobody has coded."""
        under_way = Interview.state.in_((InterviewState.LIVE, InterviewState.BREAK))
        uncoded = Interview.id.in_(select(Turn.interview_id).where(Turn.coded.is_(False)))
        with self._database.read() as session:
            found = session.scalars(
                select(Interview.id).where(under_way | uncoded, Interview.wrapped_key.is_not(None))
            ).all()
        for interview_id in found:
            self.catch_up(interview_id)

    def opened(self, interview: Interview, user: User, how: str = "open") -> None:
        """Somebody opened the record, or listened to it: the audit log says so."""
        with self._database.write() as session:
            self._audit(session, user.id, f"interview:{how}", interview.id)

    def history(
        self, interview_id: str, after: int = 0, limit: int = 200, kinds: tuple[EventKind, ...] = LIVE_KINDS
    ) -> list[Happening]:
        """Events past a sequence number, in order."""
        with self._database.read() as session:
            interview = session.get(Interview, interview_id)
            if interview is None:
                raise NotFound
            return events.after(
                session, self._sealer(interview), interview_id, after, kinds=kinds, limit=limit
            )

    def guidance(self, interview_id: str) -> dict[str, Any] | None:
        """What the interviewer was last shown."""
        with self._database.read() as session:
            interview = session.get(Interview, interview_id)
            if interview is None:
                raise NotFound
            found = events.newest(session, self._sealer(interview), interview_id, EventKind.GUIDANCE)
        return found.payload if found else None

    def get(self, interview_id: str) -> Interview:
        with self._database.read() as session:
            found = session.get(Interview, interview_id)
        if found is None or found.wrapped_key is None:
            raise NotFound
        return found

    def details(self, interview: Interview) -> dict[str, Any]:
        """What was noted: persons present, information given, assent, preparation, facts, end_reason,
        `packs`, the hash of each by its id, and `pack_order`, that of their order and moments, and of a
        further meeting `continues`, the interview before it, and `observed`, what the flow is told of it."""
        value: dict[str, Any] = self._sealer(interview).open(
            interview.sealed_details, f"details:{interview.id}"
        )
        return value

    def listed(self, interview: Interview) -> int:
        """How many facts from the file were listed."""
        return len(self.details(interview).get("facts", ()))

    def setting(self, interview: Interview) -> Setting:
        """What stays the same through this interview, whatever was published since it began."""
        kept = self._kept(interview)
        return Setting(
            flow=kept.flow,
            library=kept.library,
            interviewer_language=interview.interviewer_language,
            child_language=interview.child_language,
            age=interview.child_age,
            packs=kept.library.shelf.kept(self.details(interview).get("packs", ())),
            edition=kept.edition,
            lost=kept.lost,
        )

    def _kept(self, interview: Interview) -> Kept:
        return self._libraries.kept(interview.edition, interview.protocol, interview.child_age)

    def _outcome(
        self, interview_id: str, sealer: Sealer, seq: int, number: int
    ) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        with self._database.read() as session:
            codings = events.after(session, sealer, interview_id, seq, kinds=(EventKind.CODING,), limit=50)
            shown = events.newest(session, sealer, interview_id, EventKind.GUIDANCE)
        of_turn = [event.payload for event in codings if event.payload["turn"] == number]
        coding = of_turn[-1] if of_turn else None  # where the first one had to wait
        return coding, shown.payload if shown else None

    def _sealer(self, interview: Interview) -> Sealer:
        if interview.wrapped_key is None:
            raise NotFound  # erased
        return self._vault.sealer(interview.id, interview.wrapped_key)

    def _quietly(self, what: str, work: Callable[[], Any]) -> None:
        """What comes after an acknowledgement must not take it back; the log never holds a text."""
        try:
            work()
        except Exception as error:  # noqa: BLE001
            log.error("%s is late: %s", what, trace(error))
