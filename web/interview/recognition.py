"""Which card an interviewer just said in own words: found by meaning, told to the guide as an id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from protocols.library import Library
from protocols.model import Flow
from protocols.packs import Pack, words
from web.language.model import Coding

if TYPE_CHECKING:
    from web.engines import CoderPort
    from web.language.conversation import Conversation

NEAR = 0.6
"""Least cosine between turn and card; with AHEAD it accepted no wrong card of the two flows in trials."""
AHEAD = 0.08
"""How much nearer the best card must be than any card of another step."""
EVERYWHERE = frozenset(
    re.findall(
        r"\w+",
        """
    a about again all and can do else everything happened how i is it me mhm more next now of okay on please
    remember so tell that the then there this to what when with you
""",
    )
)
"""Words of prompts that fit anywhere: a card made of these alone says nothing about where we are."""


def recognise(  # noqa: PLR0917
    coder: CoderPort,
    conversation: Conversation,
    library: Library,
    flow: Flow,
    coding: Coding,
    packs: tuple[Pack, ...] = (),
) -> str | None:
    """The card's id, or None. Only spoken cards of the phases before the substantive one are looked for,
    in the words they have with these packs."""
    if coding.question is None:
        return None
    known = wordings(library, flow, packs)
    kind = coding.question.type.value
    near = coder.likeness(conversation, {card: one.text for card, one in known.items() if one.says == kind})
    if not near:
        return None
    best = max(near, key=lambda card: near[card])
    rivals = [score for card, score in near.items() if known[card].step != known[best].step]
    sure = near[best] >= NEAR and near[best] - max(rivals, default=0.0) >= AHEAD
    return best if sure else None


@dataclass(frozen=True)
class Said:
    """A card's type, English wording, and the step where it first comes."""

    says: str
    text: str
    step: str


@cache
def _tokens(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z']+", text.lower()))


_KNOWN: dict[tuple[str, ...], Mapping[str, Said]] = {}


def wordings(library: Library, flow: Flow, packs: tuple[Pack, ...] = ()) -> Mapping[str, Said]:
    """The cards that can be told apart by their meaning, by id."""
    key = (flow.id, flow.hash, *(pack.hash for pack in packs))
    if key not in _KNOWN:
        found: dict[str, Said] = {}
        for step in flow.steps.values():
            if flow.phase(step.phase).stage == "before":
                for card in map(flow.cards.__getitem__, step.cards):
                    if card.spoken and not card.slots:
                        own = words(packs, card.id) or library.wording(card.id)
                        found.setdefault(card.id, Said(card.says, own.text, step.id))
        _KNOWN[key] = {card: said for card, said in found.items() if _tokens(said.text) - EVERYWHERE}
    return _KNOWN[key]
