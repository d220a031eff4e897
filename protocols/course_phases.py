"""Which phases an interview covered or left out, and where the interviewer went another way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from protocols.course import Course, Visit
from protocols.model import Phase


@dataclass(frozen=True)
class PhaseLine:
    """How one phase went. `status`: covered, begun (said something, not finished), passed (said nothing),
    left_out, ahead.

    For what was left out, `how` and `turn` tell what led past it. `seconds` without breaks.
    """

    phase: Phase
    status: str
    turns: tuple[int, ...]
    seconds: float
    how: str = ""
    turn: int = 0


@dataclass(frozen=True)
class Departure:
    """Where the interviewer went another way. `kind`: went (a step was chosen; `reason` as logged), held (a
    card was asked for and a guard-rail, `reason`, held it back)."""

    kind: str
    turn: int
    source: str = ""
    to: str = ""
    card: str = ""
    reason: str = ""


def phase_lines(course: Course) -> list[PhaseLine]:
    """Every phase, in the flow's order."""
    order = [phase.id for phase in course.flow.phases]
    return [_phase_line(course, phase, order) for phase in course.flow.phases]


def departures(course: Course) -> list[Departure]:
    """In the order in which they came."""
    return list(_departures(course))


def _phase_line(course: Course, phase: Phase, order: list[str]) -> PhaseLine:
    visits = [visit for visit in course.visits if visit.phase.id == phase.id]
    turns = tuple(turn for visit in visits for turn in visit.turns)
    seconds = sum(visit.seconds for visit in visits)
    if said_in(course, phase.id, len(course.moves)):
        last = any(step.end and step.phase == phase.id for step in course.flow.steps.values())
        whole = last or phase.id in course.state.done
        return PhaseLine(phase, "covered" if whole else "begun", turns, seconds)
    if any(visit.entry is not None or course.moves for visit in visits):
        return PhaseLine(phase, "passed", turns, seconds)
    jump = _jump(course, order.index(phase.id), order)
    if jump is None:
        return PhaseLine(phase, "ahead", (), 0.0)
    assert jump.entry is not None
    return PhaseLine(phase, "left_out", (), 0.0, jump.how, course.moves[jump.entry].turn)


def _jump(course: Course, index: int, order: list[str]) -> Visit | None:
    """The first stay that lies behind a phase which was not visited."""
    return next((visit for visit in course.visits[1:] if order.index(visit.phase.id) > index), None)


def said_in(course: Course, phase: str, before: int) -> bool:
    """Whether something was said or ticked off in a phase before this move."""
    if any(one.phase.id == phase and one.move < before for one in course.spoken):
        return True
    return any(each.said_in and course.phase_of(each.said_in).id == phase for each in course.moves[:before])


def _departures(course: Course) -> Iterator[Departure]:
    for each in course.moves:
        if each.intent == "go_to" and each.rule == "go_to":
            yield Departure("went", each.turn, each.before.step, each.after.step, reason=each.told.reason)
        card = str(each.told.label.entities.get("card") or "")
        if each.intent == "take_card" and each.rule in ("locked", "rung_by_rung"):
            yield Departure("held", each.turn, card=card, reason=each.guard or each.rule)
