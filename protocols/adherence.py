"""An interview held against the guard-rails of its flow: what was kept, what was not, and at which turn.

It describes and weighs nothing: no sum, no mark. The guard-rails are those of docs/flows.md and rails.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from protocols.course import Course, Pause, Spoken
from protocols.course_cards import passed_over
from protocols.course_phases import said_in
from protocols.graph import ladder_phases
from protocols.model import Card, Flow
from protocols.walker import look

STATUSES = ("done", "part", "later", "not_done", "not_arisen", "not_yet")
PRACTICE = "practice"
"""The phase in which a child practises telling, in every flow that has one."""


@dataclass(frozen=True)
class Gap:
    """One thing that was not as the flow has it: `code` says what, at this turn (0: before the first).

    `card` is the card that was owed or used, `phase` a phase's id, `number` a count that belongs to it; with
    `owed` it is 1 where the phase was begun.
    """

    code: str
    turn: int
    card: str = ""
    phase: str = ""
    number: int = 0


@dataclass(frozen=True)
class Rail:
    """One guard-rail. `why` is the card whose reason explains it, `number` what it counts, if anything,
    `note` a code for what else there is to say."""

    id: str
    status: str
    gaps: tuple[Gap, ...] = ()
    why: str = ""
    phase: str = ""
    number: int = 0
    note: str = ""


def rails(course: Course) -> list[Rail]:
    """Every guard-rail that the flow has."""
    return [rail for check in _CHECKS if (rail := check(course)) is not None]


def _rules(course: Course) -> Rail | None:
    phase = course.flow.rules_phase
    return _before_account(course, "rules", phase) if phase else None


def _practice(course: Course) -> Rail | None:
    known = any(phase.id == PRACTICE for phase in course.flow.phases)
    return _before_account(course, "practice", PRACTICE) if known else None


def _before_account(course: Course, rail: str, phase: str) -> Rail:
    """Whether a phase came before what may have happened was talked about."""
    why = next((card.id for card in course.spoken_cards(phase)), "")
    account = course.account
    if account is None:
        return Rail(rail, "not_arisen" if course.over else "not_yet", why=why, phase=phase)
    entry = account.entry or 0
    turn = course.moves[entry].turn
    if phase in course.moves[entry].after.done:
        passed = dict.fromkeys(
            (use.card, use.turns[0])
            for use in passed_over(course)
            if use.phase == phase and course.flow.cards[use.card].spoken
        )
        used = {each.said for each in course.moves}
        gaps = tuple(Gap("card_passed", at, card, phase) for card, at in passed if card not in used)
        return Rail(rail, "part" if gaps else "done", gaps, why, phase)
    later = phase in course.state.done
    code = "told_first" if account.how == "told" else "begun" if said_in(course, phase, entry) else "left_out"
    gap = Gap(code, turn, why, phase)
    return Rail(rail, "later" if later else "not_done", (gap,), why, phase)


def _open_first(course: Course) -> Rail:
    least = course.flow.open_before_focused
    why = _overlay(course.flow, "open")
    asked = [one for one in course.spoken if one.about_it and one.focused]
    gaps = tuple(
        Gap("focused_early", one.turn, one.card, one.phase.id, one.opened)
        for one in asked
        if one.opened < least
    )
    status = "not_done" if gaps else "done" if asked else _nothing_yet(course)
    return Rail("open_first", status, gaps, why, number=least)


def _paired(course: Course) -> Rail:
    why = _overlay(course.flow, "pairing")
    questions = [one for one in course.spoken if not one.paused and (one.asks or one.suggestive)]
    gaps: list[Gap] = []
    due = 0
    for one, after in zip_longest(questions, questions[1:]):
        if not (one.about_it and one.closed):
            continue
        if after is None and (not course.over or _cut_short(course, one)):
            continue
        due += 1
        if after is None or not after.about_it:
            gaps.append(Gap("closed_last", one.turn, one.card, one.phase.id))
        elif not after.open:
            gaps.append(Gap("not_paired", one.turn, one.card, one.phase.id, after.turn))
    return Rail("paired", _status(course, len(gaps), due), tuple(gaps), why, number=due)


def _cut_short(course: Course, one: Spoken) -> bool:
    """Whether the child's stop or a matter of safety came before anything open could follow."""
    return any(pause.kind in ("stop", "safety") and pause.start > one.move for pause in course.pauses)


def _ladder(course: Course) -> Rail | None:
    flow = course.flow
    if not ladder_phases(flow):
        return None
    ladder = next(step for step in flow.steps.values() if step.mode == "ladder")
    rungs = [flow.cards[card] for card in ladder.cards if flow.cards[card].fits(course.age)]
    heard: set[int] = set()
    gaps: list[Gap] = []

    def missing(lower: list[Card], turn: int) -> None:
        for rung in lower:
            if rung.rung is not None and rung.rung not in heard:
                gaps.append(Gap("rung_skipped", turn, rung.id, number=rung.rung))
                heard.add(rung.rung)  # named once

    for each in course.moves:
        rung = flow.cards[each.said].rung if each.said else None
        if rung is not None:
            missing([card for card in rungs if (card.rung or 0) < rung], each.turn)
            heard.add(rung)
        elif each.before.step == each.after.step == ladder.id and each.after.pos > each.before.pos:
            missing(rungs[: each.after.pos], each.turn)  # by key
    status = "not_done" if gaps else "done" if heard else _nothing_yet(course)
    return Rail("ladder", status, tuple(gaps), ladder.cards[0])


def _reopened(course: Course) -> Rail:
    why = _overlay(course.flow, "reopen")
    questions = [one for one in course.spoken if one.asks and not one.paused]
    firsts: dict[int, Spoken] = {}  # pauses with no question between them have the same one
    for end in sorted(_pause_ends(course)):
        first = next((one for one in questions if one.move > end), None)
        if first is not None and first.phase.stage != "after":
            firsts[first.move] = first
    gaps = tuple(Gap("not_reopened", one.turn, why, one.phase.id) for one in firsts.values() if not one.open)
    return Rail("reopened", _status(course, len(gaps), len(firsts)), gaps, why, number=len(firsts))


def _pause_ends(course: Course) -> Iterator[int]:
    """The moves after which the talk went on: after a break, stop or safety, or a pause the flow plans."""
    yield from (p.end for p in course.pauses if p.end is not None and _talk_goes_on(course, p))
    for visit, after in zip(course.visits, course.visits[1:], strict=False):
        if visit.phase.pause and after.entry is not None and said_in(course, visit.phase.id, after.entry + 1):
            yield after.entry


def _talk_goes_on(course: Course, pause: Pause) -> bool:
    """A break that became a stop has not ended; reluctance is no break."""
    if pause.kind == "reluctance" or pause.end is None:
        return False
    return not any(item.kind != "reluctance" for item in course.moves[pause.end].after.interrupts)


def _closed(course: Course) -> Rail:
    first = {p.id: next((c.id for c in course.spoken_cards(p.id)), "") for p in course.flow.phases if p.owed}
    why = next(iter(first.values()), "")
    if not course.moves:
        return Rail("closed", "not_arisen" if course.over else "not_yet", why=why)
    missing = look(course.flow, course.state).missing
    if not missing:
        skipped = [phase for phase in first if phase not in course.state.done]
        return Rail("closed", "done", why=why, note="by_stop" if skipped else "")
    if not course.over:
        return Rail("closed", "not_yet", why=why)
    end = len(course.moves)
    gaps = tuple(
        Gap("owed", course.last_turn, first[phase], phase, int(said_in(course, phase, end)))
        for phase in missing
    )
    return Rail("closed", "not_done", gaps)


def _contested(course: Course) -> Rail:
    gaps = tuple(
        Gap("contested", each.turn, each.said)
        for each in course.moves
        if each.said and course.flow.cards[each.said].support == "contested"
    )
    return Rail("contested", "not_done" if gaps else "done", gaps)


def _overlay(flow: Flow, kind: str) -> str:
    return flow.overlays[kind][0]


def _status(course: Course, missed: int, due: int) -> str:
    """Of something that is due each time."""
    if not due:
        return _nothing_yet(course)
    return "done" if not missed else "not_done" if missed == due else "part"


def _nothing_yet(course: Course) -> str:
    return "not_arisen" if course.over else "not_yet"


_CHECKS: tuple[Callable[[Course], Rail | None], ...] = (
    _rules,
    _practice,
    _open_first,
    _paired,
    _ladder,
    _reopened,
    _closed,
    _contested,
)
