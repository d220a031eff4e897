"""What was said, coded: how a turn of the interviewer or of the child moves the walk."""

from __future__ import annotations

from protocols.labels import Label
from protocols.model import OPTION_POSING, Card
from protocols.walk import Walk

NOT_ANSWERS = ("asks", "dont_understand", "none")
"""After these the card stays, once: the child is answered, given time, or asked in simpler words."""
_SHORT = ("short", "none", "dont_know", "dont_understand", "refuse")
_STATEMENTS_SKIPPED = 1
"""Statement cards that may be passed over when the interviewer already asks the question after them."""


def said(walk: Walk, kind: str, suggestive: bool, then: str = "pair") -> None:
    """Count an interviewer turn of type `kind` and remember what it owes."""
    state = walk.state
    if kind != "non_question":
        state.count("prompts")
    if kind == "invitation" and not suggestive:
        state.settle("pairing", "reopen")
        state.pair = ""
    if not walk.phase.probing or state.interrupts:
        return
    if kind == "invitation" and not suggestive:
        state.count("open_prompts")
    if kind in OPTION_POSING or suggestive:
        state.count("closed_prompts")
        state.pair = then


def interviewer_turn(walk: Walk, label: Label) -> None:
    walk.state.answer = ""
    kind = str(label.entities.get("type") or "non_question")
    facilitator = label.entities.get("subtype") == "facilitator"
    suggestive = label.entities.get("suggestive") in (True, "true")
    state = walk.state
    if state.taken:
        voiced, state.taken = walk.flow.cards[state.taken], ""
        if voiced.says == kind:
            walk.rule = "voice_of_taken_card"
            if suggestive:
                said(walk, "non_question", suggestive)
            return
    pending = walk.pending()
    said(walk, kind, suggestive)
    if facilitator or (suggestive and walk.phase.probing):
        return
    if state.interrupts:
        _say_in_interrupt(walk, kind)
    elif pending and walk.overlay(pending).says == kind:
        state.settle(pending)
        walk.rule, walk.said = "overlay_said", walk.overlay(pending).id
    else:
        _say_step_card(walk, kind)


def _say_in_interrupt(walk: Walk, kind: str) -> None:
    top = walk.state.interrupts[-1]
    cards = [walk.flow.cards[c] for c in walk.flow.interrupts[top.kind]]
    for index in range(top.pos, len(cards)):
        if cards[index].spoken and cards[index].says == kind:
            top.pos, top.asked, walk.rule = index, cards[index].asks, "asked"
            walk.said = cards[index].id
            if not top.asked:
                top.pos = min(index + 1, len(cards) - 1)
            return
        if cards[index].asks:
            return


def _say_step_card(walk: Walk, kind: str) -> None:
    index = _find(walk, kind)
    if index is None:
        return
    walk.state.worked = True
    walk.state.pos, walk.rule = index, "asked"
    speak(walk, walk.cards()[index])


def _find(walk: Walk, kind: str) -> int | None:
    """The index of the step card these words stand for: the current one, or one behind instructions."""
    cards, skipped = walk.cards(), 0
    for index in range(min(walk.state.pos, len(cards) - 1), len(cards)):
        card = cards[index]
        if walk.lock(card):
            return None
        if card.spoken and card.says == kind:
            return index
        skipped += card.spoken
        if card.asks or skipped > _STATEMENTS_SKIPPED:
            return None
    return None


def speak(walk: Walk, card: Card) -> None:
    """A step card was said: a question waits for its answer, a statement is done."""
    walk.said, walk.said_in = card.id, walk.state.step
    if card.asks:
        walk.state.asked = True
        if walk.state.pair and card.then:
            walk.state.pair = card.then
    else:
        walk.complete()


def child_turn(walk: Walk, label: Label) -> None:
    _remember(walk, label)
    state = walk.state
    walk.heard, walk.answered = True, state.asked
    state.taken = ""
    if state.interrupts:
        _answer_in_interrupt(walk)
        return
    if state.substantive and _breaks_new_ground(walk):
        _disclosure(walk)
        return
    if state.substantive and walk.phase.stage != "substantive":
        state.owe("reopen")
    state.disclosed = state.disclosed or state.substantive
    owed, state.pair = state.pair, ""
    if not walk.branch() and state.asked:
        _answered(walk)
    if owed and walk.phase.probing:
        opens = walk.step_card()[0].says == "invitation"
        if not (owed == "step" and opens):
            state.owe("pairing")


def _remember(walk: Walk, label: Label) -> None:
    state = walk.state
    state.answer = str(label.entities.get("response") or "short")
    state.substantive = label.entities.get("substantive") in (True, "true")
    sign = label.entities.get("reluctance")
    state.reluctance = bool(sign) and sign not in ("false", "none") or state.answer == "refuse"
    state.counters["reluctant"] = state.counters["reluctant"] + 1 if state.reluctance else 0
    state.counters["short_answers"] = state.counters["short_answers"] + 1 if state.answer in _SHORT else 0
    state.count("reluctant_total", int(state.reluctance))
    state.count("narratives", int(state.answer == "narrative"))
    for name in ("reluctant", "short_answers"):
        state.count(name, 0)


def _breaks_new_ground(walk: Walk) -> bool:
    return walk.phase.stage != "substantive" and not walk.state.disclosed


def _disclosure(walk: Walk) -> None:
    """The child speaks of what happened: never cut off, whatever the flow had planned."""
    state, flow = walk.state, walk.flow
    state.disclosed = True
    if flow.rules_phase and flow.rules_phase not in state.done:
        state.rules_owed = True
    if walk.on_ladder():
        walk.finish_phase()
    state.pending, state.pair = [], ""
    walk.rule, walk.guard = "disclosure", "substantive"
    walk.enter(flow.disclosure)


def _answered(walk: Walk) -> None:
    state = walk.state
    if state.answer in NOT_ANSWERS and not state.again:
        state.again, state.asked, walk.rule = True, False, "not_answered"
        return
    walk.rule = "answered"
    walk.complete(answered=True)


def _answer_in_interrupt(walk: Walk) -> None:
    state, top = walk.state, walk.state.interrupts[-1]
    if state.substantive and walk.phase.stage == "substantive":
        state.disclosed = True
    if state.pair:
        state.pair = ""
        state.owe("pairing")
    if top.kind == "reluctance" and not state.reluctance and state.answer not in ("none", "refuse"):
        state.interrupts.pop()
        walk.rule = "reluctance_over"
    elif top.asked:
        top.asked, walk.rule = False, "answered"
        top.pos = min(top.pos + 1, len(walk.flow.interrupts[top.kind]) - 1)
