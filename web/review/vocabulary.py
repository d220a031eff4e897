"""What a reviewer may choose from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from web.language.indicators.taxonomy import Concept

URGENCIES = (0, 1, 2, 3)

AXES: dict[str, tuple[str, ...]] = {
    "polarity": ("affirmed", "negated", "uncertain", "unknown"),
    "reality": ("actual", "hypothetical", "wish", "dream", "play", "game", "media", "story", "unknown"),
    "experiencer": ("child", "sibling", "friend", "parent", "stranger", "pet", "unknown"),
    "time": ("now", "recent", "past", "future-feared", "habitual", "unknown"),
    "role": ("happened_to_me", "saw", "heard_about", "did", "unknown"),
}

SUBTYPES: dict[str, tuple[str, ...]] = {
    "invitation": ("general", "breadth", "cued", "segment"),
    "wh": ("action", "causal", "feeling", "time_number", "static"),
    "yes_no": ("plain", "can_you_tell", "do_you_know", "declarative", "tag"),
    "choice": (),
    "non_question": ("facilitator", "summary", "instruction", "support", "other"),
}

FLAGS = (
    (
        "new_info",
        "misquote",
        "other_source",
        "pressure",
        "promise",
        "praise_content",
        "disapproval",
        "compound",
    )
    + (
        "recast",
        "repeated",
        "speculation",
        "negative_term",
        "why",
        "time_number",
        "new_topic",
        "faux_invitation",
    )
    + ("double_negative", "props", "support", "unclear_reference", "long", "complex", "vocabulary")
)
"""The often corrected first."""


@cache
def tags() -> Mapping[str, Concept]:
    """The taxonomy of marks by code."""
    from web.language.indicators.taxonomy import taxonomy  # brings the parser's library with it

    return {concept.tag: concept for concept in taxonomy()}


def tag_choices() -> list[tuple[str, str]]:
    return [(code, concept.name) for code, concept in tags().items()]


def axis_choices(axis: str) -> list[tuple[str, str]]:
    return [(value, value.replace("_", " ").replace("-", " ")) for value in AXES[axis]]
