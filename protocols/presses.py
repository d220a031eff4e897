"""What the interviewer pressed: cards taken, steps chosen, things observed, interrupts."""

from __future__ import annotations

from protocols.labels import Label
from protocols.model import Card
from protocols.state import MAX_INTERRUPTS, Interruption
from protocols.turns import said, speak
from protocols.walk import Walk

_EXCLUDES = {"one_time": "more_than_once", "more_than_once": "one_time"}
_OVERLAY_OF = {"contradiction": "contradiction", "denial": "denial", "distress": "distress"}


def take_card(walk: Walk, label: Label) -> None:
    """The interviewer says this card. Its words may follow as a turn of the same type: that counts once."""
    card = walk.flow.cards.get(str(label.entities.get("card") or ""))
    if card is None:
        walk.rule = "unknown_card"
        return
    if lock := walk.lock(card):
        walk.rule, walk.guard = "locked", lock
        return
    if not _take_where_it_is(walk, card):
        return
    walk.state.answer, walk.said = "", card.id
    if card.spoken:
        walk.state.taken = card.id


def _take_where_it_is(walk: Walk, card: Card) -> bool:
    """Apply the card in interrupt, overlay or step. False when a rung would be skipped."""
    state, flow = walk.state, walk.flow
    walk.rule = "card_taken"
    if state.interrupts and card.id in flow.interrupts[state.interrupts[-1].kind]:
        _count(walk, card)
        _take_in_interrupt(walk, card)
        return True
    pending = walk.pending()
    if pending and card.id in flow.overlays[pending]:
        state.settle(pending)
        _count(walk, card)
        return True
    index = next((i for i, c in enumerate(walk.cards()) if c.id == card.id), None)
    if index is None and not state.interrupts:
        index = _step_ahead(walk, card)
    if card.rung is not None and (index is None or state.interrupts or index > state.pos):
        walk.rule = "rung_by_rung"
        return False
    _count(walk, card)
    if index is not None and not state.interrupts:
        state.pos, state.worked = index, True
        speak(walk, card)
    return True


def _step_ahead(walk: Walk, card: Card) -> int | None:
    """Taking the first card of the step that comes next moves there: its index, else None."""
    branch = walk.following()
    if branch is None or walk.cards(walk.flow.steps[branch.to])[0].id != card.id:
        return None
    walk.take(branch, "card_taken")
    return 0


def _count(walk: Walk, card: Card) -> None:
    if card.spoken:
        said(walk, card.says, suggestive=False, then=card.then or "pair")


def _take_in_interrupt(walk: Walk, card: Card) -> None:
    top = walk.state.interrupts[-1]
    cards = walk.flow.interrupts[top.kind]
    top.pos, top.asked = cards.index(card.id), card.asks
    if not card.asks:
        top.pos = min(top.pos + 1, len(cards) - 1)


def next_step(walk: Walk, _label: Label) -> None:
    """On to the next step; on a ladder to the next rung; in an interrupt to its next card, then out of it."""
    state = walk.state
    walk.rule = "next_step"
    if state.interrupts:
        top = state.interrupts[-1]
        if top.pos + 1 < len(walk.flow.interrupts[top.kind]):
            top.pos, top.asked = top.pos + 1, False
        elif top.kind != "stop":
            _end_interrupt(walk)
        return
    if walk.pending() in ("distress", "denial", "contradiction"):
        state.settle(str(walk.pending()))
        return
    cards = walk.cards()
    locked = bool(walk.lock(cards[min(state.pos, len(cards) - 1)]))
    if walk.step.mode == "ladder" and not locked and state.pos + 1 < len(cards):
        state.pos, state.asked, state.again = state.pos + 1, False, False
    else:
        walk.leave()
    walk.branch()


def go_to(walk: Walk, label: Label) -> None:
    """Anywhere the interviewer wants: guard-rails on cards stay, and so does a pairing or opening owed."""
    step = str(label.entities.get("step") or "")
    if step not in walk.flow.steps:
        walk.rule = "unknown_step"
        return
    if any(top.kind != "reluctance" for top in walk.state.interrupts):
        walk.state.owe("reopen")
    walk.state.interrupts = []
    walk.state.settle("distress", "denial", "contradiction")
    walk.rule = "go_to"
    walk.enter(step)


def observe(walk: Walk, label: Label) -> None:
    name = str(label.entities.get("condition") or "")
    if name not in walk.flow.conditions:
        walk.rule = "unknown_condition"
        return
    state = walk.state
    if name == "no_disclosure":
        walk.rule, walk.guard = "observed", name
        if walk.on_ladder() and not state.interrupts:
            next_step(walk, label)
        return
    other = _EXCLUDES.get(name)
    state.observed = sorted({*state.observed, name} - {other})
    walk.rule, walk.guard = "observed", name
    if name in _OVERLAY_OF:
        state.owe(_OVERLAY_OF[name])
    if not state.interrupts:
        walk.branch()


def interrupt(walk: Walk, label: Label) -> None:
    """Stop wins over all and clears the rest; safety over a break; reluctance only when alone."""
    kind, stack = label.intent, walk.state.interrupts
    walk.rule = f"interrupt_{kind}"
    kinds = [item.kind for item in stack]
    if kind in kinds or (kind == "reluctance" and stack):
        if kind in ("stop", "safety"):
            del stack[kinds.index(kind) + 1 :]
        walk.rule = f"already_{stack[-1].kind}"
        return
    if kind == "stop":
        stack.clear()
    if kinds == ["reluctance"]:
        stack.clear()
    if len(stack) >= MAX_INTERRUPTS:
        if kind != "safety":
            walk.rule = "safety_first"
            return
        stack.pop()
    stack.append(Interruption(kind))


def resume(walk: Walk, _label: Label) -> None:
    """Back to where it was; after a break, stop or safety the first card is an invitation."""
    if walk.state.interrupts:
        _end_interrupt(walk)
        walk.rule = "resume"


def _end_interrupt(walk: Walk) -> None:
    ended = walk.state.interrupts.pop()
    if ended.kind == "reluctance":
        return
    walk.state.owe("reopen")
    if ended.kind == "break":
        walk.state.settle("distress")
