"""Flags for what is done to the child with words: pressure, promises, praise, blame, support."""

from __future__ import annotations

from collections.abc import Iterator

from web.language.conversation import Conversation
from web.language.flags.matching import matched
from web.language.flags.quoting import without_echoes
from web.language.model import Flag, QuestionType
from web.language.question.decide import Reading
from web.language.question.patterns import pattern, patterns

NAMES = ("other_source", "pressure", "promise", "praise_content", "disapproval", "speculation")
_UNSUPPORTIVE = {"other_source", "pressure", "promise", "praise_content", "disapproval"}


def social_flags(conversation: Conversation, reading: Reading) -> Iterator[Flag]:
    """Flags for what the turn's own words do; retelling what the child said does nothing."""
    found = list(_worded(reading))
    if any(flag.flag in NAMES for flag in found):
        plain = without_echoes(conversation, reading)
        found = found if plain is reading else list(_worded(plain))
    yield from found


def _worded(reading: Reading) -> Iterator[Flag]:
    found = False
    for name in NAMES:
        why = matched(name, reading.sentences)
        if why and not _excused(name, reading):
            found = found or name in _UNSUPPORTIVE
            yield Flag(name, why)
    if not found:
        yield from _support(reading)


def _excused(name: str, reading: Reading) -> bool:
    """A ground rule ("you need to tell me if you don't understand") presses nobody."""
    if name in {"pressure", "disapproval", "speculation"} and reading.type is QuestionType.NON_QUESTION:
        return (
            bool(pattern("ground_rule", "flags").search(reading.text)) and "until" not in reading.text.split()
        )
    return False


def _support(reading: Reading) -> Iterator[Flag]:
    if reading.type is QuestionType.NON_QUESTION and reading.subtype not in {
        "support",
        "other",
        "instruction",
    }:
        return
    text = _beside_requests(reading)
    for kind, rule in patterns("support").items():
        hit = rule.search(text)
        if hit:
            yield Flag("support", f"{kind}: '{hit.group().strip()}' supports the child and asks for nothing")
            return


def _beside_requests(reading: Reading) -> str:
    """The sentences of the turn that request nothing: before the first request, after the last one."""
    if not reading.asks:
        return reading.text
    first, last = reading.asks[0][0], reading.asks[-1][0]
    begin = max((i for i in range(first.start + 1) if i == 0 or reading.words[i].hard), default=0)
    rest = range(last.start + 1, len(reading.words))
    after = next((i for i in rest if reading.words[i].hard), len(reading.words))
    return " ".join(word.text for word in (*reading.words[:begin], *reading.words[after:]))
