"""Nothing that asks stands where no lock holds it back, and nothing of the team's without a lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set

from protocols.files import is_own
from protocols.library import Library
from protocols.model import FOCUSED, Flow

Finding = tuple[str, str, str]
OwnRail = Callable[[Library, Flow, Set[str]], Iterator[Finding]]
"""Of a flow in its library; the cards named are those an agency added."""


def prompts_at_home(library: Library, flow: Flow, own: Set[str]) -> Iterator[Finding]:
    """Where what happened is not talked about, no lock holds prompts back: only such stand there that belong
    to a phase which in a shipped flow is of that kind, or to `any`. Which that is an own card says of itself,
    so an interview has no focused ones of an agency's own there; a first contact ends before they are many.
    """
    homes = _homes(library)
    for step in flow.steps.values():
        if flow.phase(step.phase).probing or step.mode == "ladder":
            continue
        for card in (flow.cards[c] for c in step.cards if flow.cards[c].asks):
            focused = card.says in FOCUSED
            if card.phase not in homes:
                kind = "focused question" if focused else "prompt"
                what = f"nothing holds this {kind} of '{card.phase}' back in '{step.phase}'"
                yield card.id, what, "Put it into a substantive phase, after open questions"
            elif focused and card.id in own and flow.kind == "interview":
                what = f"nothing holds this focused question of your own back in '{step.phase}'"
                how = "Ask openly, use a shipped card and reword it, or put it into a substantive phase"
                yield card.id, what, how


def _homes(library: Library) -> set[str]:
    shipped = [flow for flow in library.flows.values() if not is_own(f"flows/{flow.id}/flow.yml")]
    return {"any"} | {phase.id for flow in shipped for phase in flow.phases if not phase.probing}


def team_words_locked(library: Library, flow: Flow, own: Set[str]) -> Iterator[Finding]:
    """What only the team knows is said after a decision of two, or on a rung if a shipped one says it."""
    slots = {slot.id for slot in library.vocabulary.slots.values() if slot.filled_by == "team"}
    shipped = [card for name, card in library.cards.items() if name not in own]
    rungs = {slot for card in shipped if card.rung is not None and not card.needs for slot in card.slots}
    for card in (card for name, card in flow.cards.items() if name in own and card.needs != "approved"):
        for slot in sorted(slots.intersection(card.slots)):
            if card.rung is None or slot not in rungs:
                what = f"'{{{slot}}}' tells what only the team knows, and nothing locks it here"
                yield card.id, what, "Use the shipped card, or write 'needs: approved'"


OWN_RAILS: tuple[OwnRail, ...] = (prompts_at_home, team_words_locked)
