"""What the interviewer pressed: each press is a row, and most of them move the protocol."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from protocols.labels import Label
from protocols.model import Flow
from web.interview import events, findings, suggestions
from web.interview.errors import Conflict, Invalid
from web.interview.new import note
from web.interview.turns import begin, check_key
from web.interview.words import data
from web.store import EventKind, Interview, InterviewState, Sealer

CHECK = "check_translation"
"""A machine's words for this turn are to be checked with the interpreter, or no longer."""
FIELDS: dict[str, tuple[str, ...]] = {
    "start": (),
    "take_card": ("card",),
    "next_step": (),
    "go_to": ("step", "reason"),
    "observe": ("condition",),
    "break": (),
    "resume": (),
    "stop": (),
    "safety": (),
    "reluctance": (),
    "child_wants": ("what",),
    "use_cue": ("turn", "start"),
    "quiet": ("on",),
    CHECK: ("turn", "on"),
    "draft": ("text", "reason"),
}
URGENT = ("stop", "safety", "break")
"""After these no translation is waited for."""
DRAFT = "draft"
"""A remark on what is not said yet was shown: it may have influenced the next question."""
_UNLABELLED = ("start", "use_cue", "quiet", CHECK, DRAFT)


@dataclass(frozen=True)
class ActionIn:
    """One press. `values` holds the fields that FIELDS names for the action."""

    key: str
    action: str
    values: dict[str, Any] = field(default_factory=dict)

    def check(self, flow: Flow) -> None:
        """Raises Invalid naming the field that is missing, unknown or of no use."""
        check_key(self.key)
        if self.action not in FIELDS:
            raise Invalid("action", f"There is no such action. There are: {', '.join(FIELDS)}.")
        for name in sorted(set(self.values) - set(FIELDS[self.action])):
            raise Invalid(name, f"{self.action} does not take {name}.")
        for name in FIELDS[self.action]:
            if self.values.get(name) in (None, ""):
                raise Invalid(name, f"{self.action} needs {name}.")
        self._check_values(flow)

    def _check_values(self, flow: Flow) -> None:
        values = self.values
        known: dict[str, tuple[str, Any]] = {
            "take_card": ("card", flow.cards),
            "go_to": ("step", flow.steps),
            "observe": ("condition", flow.conditions),
            "child_wants": ("what", data("wants")["wants"]),
        }
        if self.action in known:
            name, choices = known[self.action]
            if values[name] not in choices:
                raise Invalid(name, f"There is no such {name} in this protocol.", known=sorted(choices))
        for name in ("text", "reason"):
            if name in values:
                note(name, values[name])
        for name, least in (("turn", int(self.action == CHECK)), ("start", 0)):
            value = values.get(name, least)
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise Invalid(name, f"{name} is a whole number.")
        if not isinstance(values.get("on", True), bool):
            raise Invalid("on", "on is true or false.")

    def label(self) -> Label | None:
        """What the dialogue engine is told; None where it does not concern it. Reasons stay here."""
        if self.action == "child_wants":
            means = data("wants")["wants"][self.values["what"]]["means"]
            return Label(means) if means else None
        if self.action in _UNLABELLED:
            return None
        entities = {name: value for name, value in self.values.items() if name != "reason"}
        return Label(self.action, entities)

    def payload(self) -> dict[str, Any]:
        return {"action": self.action, **self.values}


def record(
    session: Session, sealer: Sealer, interview: Interview, actor_id: str | None, press: ActionIn
) -> tuple[int, bool]:
    """Write the press, its label and the change of state together. The event's number, and whether it is
    new. The caller holds the lock. Raises KeyReused, Conflict."""
    before = events.again(session, sealer, interview.id, press.key, press.payload(), EventKind.ACTION)
    if before is not None:
        return before, False
    if interview.state is InterviewState.CLOSED:
        raise Conflict("This interview is closed.", state=interview.state.value)
    row = events.append(
        session, sealer, interview, EventKind.ACTION, press.payload(), key=press.key, actor_id=actor_id
    )
    label = press.label()
    if interview.state is InterviewState.PLANNED and press.action != DRAFT:
        begin(session, sealer, interview, actor_id)
    _move(session, sealer, interview, actor_id, label)
    if label is not None:
        findings.add_labels(session, interview.id, findings.label_count(session, interview.id), [label])
    return row.seq, True


def _move(
    session: Session, sealer: Sealer, interview: Interview, actor_id: str | None, label: Label | None
) -> None:
    """Break and resume change the interview's own state; everything else leaves it."""
    target = {"break": InterviewState.BREAK, "resume": InterviewState.LIVE}.get(label.intent if label else "")
    if target is None or interview.state is target:
        return
    interview.state = target
    events.append(session, sealer, interview, EventKind.STATE, {"state": target.value}, actor_id=actor_id)
    if target is InterviewState.BREAK:
        suggestions.show_waiting(session, sealer, interview)
