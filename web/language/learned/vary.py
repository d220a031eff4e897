"""The same example as other people would say it or a recogniser write it; only in training."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from web.language.learned.examples import Example

_MARKS = re.compile(r"[^\w\s'’-]")
_OPENERS = ("okay", "so", "um", "okay so", "and", "right", "well", "alright", "uh", "mm", "now", "yeah", "oh")
_CHILD_OPENERS = ("um", "and", "so", "like", "well", "yeah", "and then", "i dunno", "erm", "because", "no")


def vary(one: Example, others: Sequence[Example], dice: random.Random) -> Example:
    """One of: as written, bare, with an opener, within longer talk."""
    text = one.text
    if dice.random() < 0.2:
        openers = _OPENERS if one.kind else _CHILD_OPENERS
        text = f"{dice.choice(openers)}{dice.choice([', ', ' ', '... '])}{text[:1].lower()}{text[1:]}"
    text, tags = _among(text, one, others, dice)
    if dice.random() < 0.5:
        text = bare(text)
    return replace(one, text=text, tags=tags)


def bare(text: str) -> str:
    """As speech recognition may write it: lower case, no punctuation but apostrophes."""
    return " ".join(_MARKS.sub(" ", text).lower().split())


def _among(
    text: str, one: Example, others: Sequence[Example], dice: random.Random
) -> tuple[str, frozenset[str] | None]:
    """A child's passage amid other things it says: the tags of both hold."""
    if one.tags is None or dice.random() > 0.35:
        return text, one.tags
    other = dice.choice(others)
    if other.tags is None or len(text) + len(other.text) > 350:
        return text, one.tags
    parts = [text, other.text]
    dice.shuffle(parts)
    joint = dice.choice([". ", " and ", ", ", " and then ", " but "])
    return joint.join(parts), one.tags | other.tags
