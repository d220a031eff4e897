"""The two yes/no facts about a child's turn that the dialogue engine is told."""

from __future__ import annotations

from collections.abc import Iterable

from web.language.model import Indicator, Response

_PROCESS = "COM-"
_RELUCTANT_TAGS = frozenset({"COM-REL"})


def substantive(indicators: Iterable[Indicator]) -> bool:
    """True when the child spoke of a harm or risk as something that really happened or happens."""
    return any(not found.tag.startswith(_PROCESS) and found.live for found in indicators)


def reluctant(response: Response, indicators: Iterable[Indicator]) -> bool:
    """True when the child avoids the topic: refuses, says nothing, or turns away from it in words."""
    if response in {Response.REFUSE, Response.NONE}:
        return True
    return any(found.tag in _RELUCTANT_TAGS and found.polarity == "affirmed" for found in indicators)
