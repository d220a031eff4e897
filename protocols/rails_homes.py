"""Outside the account only focused questions that belong there: on the rules, on what a child needs now."""

from __future__ import annotations

from collections.abc import Iterator

from protocols.files import is_own
from protocols.library import Library
from protocols.model import FOCUSED, Flow

Finding = tuple[str, str, str]


def focused_cards_at_home(library: Library, flow: Flow) -> Iterator[Finding]:
    """Where what happened is not talked about, no lock holds focused questions back: only such stand there
    that belong to a phase which in a shipped flow is of that kind, or to `any`."""
    homes = _homes(library)
    for step in flow.steps.values():
        if flow.phase(step.phase).probing or step.mode == "ladder":
            continue
        for card in (flow.cards[c] for c in step.cards):
            if card.spoken and card.says in FOCUSED and card.phase not in homes:
                what = f"nothing holds this focused question of '{card.phase}' back in '{step.phase}'"
                yield card.id, what, "Put it into a substantive phase, after open questions"


def _homes(library: Library) -> set[str]:
    shipped = [flow for flow in library.flows.values() if not is_own(f"flows/{flow.id}/flow.yml")]
    return {"any"} | {phase.id for flow in shipped for phase in flow.phases if not phase.probing}
