"""From a saved turn to what it was and what comes next.

Engines work outside any transaction. What they found is written in one transaction that first checks that
nobody else got there before; if somebody did, or the process died, the next call works it off again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from typing import Any

from protocols.labels import Guidance, Label
from web.authoring.libraries import Libraries
from web.dialogue import DialogueDown
from web.engines import CoderPort, Engines
from web.interview import away, findings, labels, readings, tongues
from web.interview.feed import Feed
from web.interview.guidance import Moment, Setting, compose, remark
from web.interview.memory import Memories, Memory
from web.interview.nudges import Heard
from web.interview.readings import Coded
from web.interview.recognition import recognise
from web.interview.reveal_words import Said, own_cues
from web.interview.snapshot import Snapshot, snapshot
from web.interview.taking_in import conversation, guarded, own_words, source, take_in
from web.language.model import Coding, Speaker, Turn
from web.store import Database, InterviewState, Vault

log = logging.getLogger(__name__)

TRIES = 8
BATCH = 300
PATIENCE_S = 3.0
"""A turn that can only be coded through a translation waits for it this long; then the guide goes on."""
LOOK_S = 0.1


@dataclass
class Report:
    """What one call found: codings by turn number, the last guidance, milliseconds spent by stage."""

    codings: dict[int, dict[str, Any]] = field(default_factory=dict)
    guidance: dict[str, Any] | None = None
    spent: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.perf_counter)

    def mark(self, stage: str) -> None:
        """Everything since the last mark belongs to this stage."""
        at = time.perf_counter()
        self.spent[stage] = self.spent.get(stage, 0.0) + (at - self._since) * 1000
        self._since = at


class Round(Enum):
    """How one look ended: nothing is left to do, there may be more, or words are waited for."""

    DONE, MORE, WAITS = range(3)


class Pipeline:
    """One per process; different interviews go side by side, one interview strictly in order."""

    def __init__(  # noqa: PLR0917
        self,
        database: Database,
        vault: Vault,
        libraries: Libraries,
        engines: Engines,
        feed: Feed,
        translates: Callable[[str], bool] = lambda language: False,
    ) -> None:
        """`translates(language)`: whether a package leads from it to the coder's language."""
        self.translate: Callable[[str], Any] | None = None
        """Given in the process that translates, which does so at once instead of waiting."""
        self._translates = translates
        self._database, self._vault, self._libraries = database, vault, libraries
        self._engines, self._feed = engines, feed
        self._memories = Memories()

    def catch_up(
        self, interview_id: str, report: Report | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        """Code what is not coded, tell the dialogue engine, write down what the interviewer gets to see.

        Who waits for a translation keeps nobody else waiting. Without patience, turns are taken in as is.
        """
        report = report or Report()
        memory = self._memories.of(interview_id)
        until = time.monotonic() + patience_s
        overtaken = 0
        while overtaken < TRIES:
            with memory.lock:
                try:
                    state = self._round(interview_id, memory, report, until if patience_s else None)
                except findings.Stale:
                    memory.labels = []  # somebody else wrote first: look again
                    overtaken += 1
                    continue
            if state is Round.DONE:
                return
            if state is Round.WAITS:
                time.sleep(LOOK_S)
        log.warning("interview %s: overtaken %s times", interview_id, TRIES)

    def awaits(self, interview_id: str) -> bool:
        """Whether somebody waits, at this moment, for the words of a turn."""
        memory = self._memories.of(interview_id)
        with memory.lock:
            seen = self._seen(interview_id, memory)
            return self.translate is None and not memory.in_vain and self._expects(seen, memory)

    def look(self, interview_id: str, text: str) -> tuple[Coding, dict[str, Any] | None]:
        """What the interviewer's next turn would be, and the remark it would get; nothing is written."""
        memory = self._memories.of(interview_id)
        with memory.lock:
            seen = self._seen(interview_id, memory)
            if self._engines.coder is None:
                return Coding(), None
            talk = conversation(seen, memory)
            turn = Turn(Speaker.INTERVIEWER, text, seen.interviewer_language)
            coding = guarded(partial(self._engines.coder.look, talk, turn), Coding())
            said = Heard(memory.heard + 1, turn.speaker, coding, child_by_machine=bool(memory.machine))
            setting = self._setting(seen)
            phase = seen.told["phase"] if seen.told else next(iter(setting.flow.phases)).id
            return coding, remark(setting, phase, Moment(turn=said, before=memory.last, cues=memory.cues))

    def _seen(self, interview_id: str, memory: Memory) -> Snapshot:
        """What is in the record; where its edition was lost, only as far as its stand-in knows the phases."""
        seen = snapshot(self._database, self._vault, interview_id, memory, BATCH)
        phases = {phase.id for phase in self._setting(seen).flow.phases}
        return seen if not seen.told or seen.told["phase"] in phases else replace(seen, told=None)

    def _awaited(self, interview_id: str, memory: Memory, until: float | None) -> Snapshot | None:
        """What is in the record; None while a translation is on its way that is worth waiting for.

        Where turns that were taken in without their words can be read by now, all are taken in anew: what
        came after them was judged by a conversation that did not hold them.
        """
        if arrived := self._arrived(memory):
            memory.forget()
            memory.in_vain = memory.in_vain and not any(late <= PATIENCE_S for late in arrived)
        seen = self._seen(interview_id, memory)
        if memory.in_vain or until is None or not self._expects(seen, memory):
            return seen
        if self.translate is not None:
            guarded(partial(self.translate, interview_id), None)
            return self._seen(interview_id, memory)
        if time.monotonic() < until:
            return None
        memory.in_vain = True
        return seen

    def _expects(self, seen: Snapshot, memory: Memory) -> bool:
        """Whether a turn will be readable soon: a package and a worker are there to translate it."""
        unread = {
            row.language
            for row in seen.turns
            if row.number > memory.heard
            and not row.coded
            and row.id not in seen.readings
            and tongues.needs_reading(row.speaker, row.language)
        }
        return (
            self._engines.coder is not None
            and any(map(self._translates, unread))
            and (self.translate is not None or self._engines.worker_is_up())
        )

    def _label(self, memory: Memory, one: Coded) -> Label:
        return labels.of_turn(one.row.speaker, one.coding, memory.cards.get(one.row.number))

    def _round(self, interview_id: str, memory: Memory, report: Report, until: float | None) -> Round:
        """One look and one write."""
        seen = self._awaited(interview_id, memory, until)
        if seen is None:
            return Round.WAITS
        memory.labels += seen.new_labels
        memory.brought, memory.acts = [*memory.brought, *seen.brought], seen.acts
        report.mark("read")
        done = self._code(seen, memory)
        report.mark("coding")
        work = findings.Findings(done, [self._label(memory, one) for one in done if not one.late])
        more = len(seen.turns) == BATCH and self._engines.coder is not None
        if not more and self._owes_guidance(seen, memory, work):
            work.guidance = self._guide(seen, memory, work)
        report.mark("bot")
        if done or work.guidance:
            last = findings.write(self._database, seen, len(memory.labels), work)
            memory.labels += work.labels
            report.codings |= work.shown
            report.guidance = work.guidance or report.guidance
            for one in done:
                memory.unwritten.pop(one.row.number, None)
                memory.cards.pop(one.row.number, None)
            self._feed.announce(interview_id, last)
            report.mark("commit")
        return Round.MORE if more or self._arrived(memory) else Round.DONE

    def _arrived(self, memory: Memory) -> list[float]:
        """Of turns taken in without their words, how many seconds after each these came, perhaps just now."""
        if not memory.unread:
            return []
        with self._database.read() as session:
            return readings.arrived(session, memory.unread.values())

    def _code(self, seen: Snapshot, memory: Memory) -> list[Coded]:
        """Take in every turn not heard yet; what was made of those nobody has coded comes back."""
        coder = self._engines.coder
        if coder is None or not seen.turns:
            return []
        card = partial(self._said, seen, coder, memory)
        done = take_in(seen, memory, coder, waits=self._waits, card=card)
        if memory.brought:
            said = [Said(row.number, row.speaker, source(seen, row)) for row in seen.turns]
            memory.brought = [one.after(said) for one in memory.brought]
        memory.cues = own_cues(own_words(memory, coder.cues(memory.conversation)), memory.brought)
        return done

    def _waits(self, language: str) -> str:
        return readings.TRANSLATION if self._translates(language) else readings.PACKAGE

    def _said(self, seen: Snapshot, coder: CoderPort, memory: Memory, coding: Coding) -> str | None:
        """The card this turn says in its own words; looked for only where the guide may follow it."""
        here = self._setting(seen)
        if seen.told is not None and here.flow.phase(seen.told["phase"]).stage != "before":
            return None
        return guarded(
            partial(recognise, coder, memory.conversation, here.library, here.flow, coding, here.packs), None
        )

    def _owes_guidance(self, seen: Snapshot, memory: Memory, work: findings.Findings) -> bool:
        """Whether the interviewer's view is older than what is known."""
        if seen.state in (InterviewState.PLANNED, InterviewState.CLOSED):
            return False
        told = seen.told
        if told is None or work.coded:
            return True
        return bool(told["labels"] != len(memory.labels) or told["engines"] != self._engines.summary())

    def _guide(self, seen: Snapshot, memory: Memory, work: findings.Findings) -> dict[str, Any]:
        setting = self._setting(seen)
        every = memory.labels + work.labels
        where = self._advance(seen, setting, every)
        away_now = where.explain.get("rule") == "fallback"
        work.engines = self._engines.summary() | {"bot": self._engines.bot_state(not away_now)}
        fresh = (
            bool(work.coded) and memory.last is not None and work.coded[-1].row.number == memory.last.number
        )
        moment = Moment(
            turn=memory.last if fresh else None,
            before=memory.before if fresh else None,
            phase=seen.told["phase"] if seen.told else None,
            cues=memory.cues if memory.conversation is not None else (),
            engines=work.engines,
            labels=len(every),
            reopening=labels.just_resumed(every),
        )
        payload = compose(setting, where, moment)
        if memory.conversation is None and seen.told:
            payload["cues"] = seen.told["cues"]  # this process only saw a key press
        if away_now and seen.told and seen.told["labels"] == len(every):
            return {**seen.told, "engines": work.engines}  # nothing happened: leave the cards where they are
        return payload

    def _advance(self, seen: Snapshot, setting: Setting, every: list[Label]) -> Guidance:
        """Tell the dialogue engine what is new; where it does not answer, the cards of the phase stay."""
        told = min(seen.told["labels"], len(every)) if seen.told else 0
        try:
            return self._engines.dialogue.advance(
                seen.interview_id,
                setting.flow.id,
                setting.age,
                lambda: every[:told],
                told,
                every[told:],
                edition=setting.edition,
            )
        except DialogueDown:
            return away.guidance(setting.library, setting.flow, seen.told, every, told)

    def _setting(self, seen: Snapshot) -> Setting:
        kept = self._libraries.kept(seen.edition, seen.protocol, seen.age)
        return Setting(
            flow=kept.flow,
            library=kept.library,
            interviewer_language=seen.interviewer_language,
            child_language=seen.child_language,
            age=seen.age,
            names={"interviewer": seen.interviewer.split(" ")[0]},
            packs=kept.library.shelf.kept(seen.packs),
            edition=kept.edition,
            lost=kept.lost,
        )
