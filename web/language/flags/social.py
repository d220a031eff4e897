"""Flags for what is done to the child with words: pressure, promises, praise, blame, support."""

from __future__ import annotations

from collections.abc import Iterator

from web.language.flags.matching import matched
from web.language.flags.quoting import shown
from web.language.learned import Sensed
from web.language.model import Flag, QuestionType
from web.language.question.decide import Reading
from web.language.question.patterns import pattern, patterns
from web.language.question.words import lexicon

NAMES = ("other_source", "pressure", "promise", "praise_content", "disapproval", "speculation")
HEARD = 0.5
"""From this likelihood the learned coder flags what no pattern lists."""
DOUBTED = 0.03
"""Below it a pattern's word is not enough."""
_UNSUPPORTIVE = {"other_source", "pressure", "promise", "praise_content", "disapproval"}


def social_flags(reading: Reading, sensed: Sensed | None) -> Iterator[Flag]:
    found = False
    for name in NAMES:
        why = matched(name, reading.sentences)
        likely = sensed.marks.get(name) if sensed else None
        if why and likely is not None and likely < DOUBTED:
            why = None
        if not why and likely is not None and likely >= HEARD:
            why = _sounds(name, reading, sensed)
        if why and not _excused(name, reading):
            found = found or name in _UNSUPPORTIVE
            yield Flag(name, why)
    if not found:
        yield from _support(reading, sensed)


def _sounds(name: str, reading: Reading, sensed: Sensed | None) -> str | None:
    """The reason for what no pattern lists: the sentence that sounds like it. None if it is the child's."""
    assert sensed is not None
    place = sensed.places[name][0]
    words = [word for word in reading.words if word.start <= place] or list(reading.words[:1])
    first = max((i for i in range(len(words)) if i == 0 or words[i].hard), default=0)
    end = next((i for i in range(len(words), len(reading.words)) if reading.words[i].hard), len(reading.words))
    return str(lexicon("flags")["sounds"][name]).format(match=shown([w.text for w in reading.words[first:end]]))


def _excused(name: str, reading: Reading) -> bool:
    """A ground rule ("you need to tell me if you don't understand") presses nobody."""
    if name in {"pressure", "disapproval", "speculation"} and reading.type is QuestionType.NON_QUESTION:
        return (
            bool(pattern("ground_rule", "flags").search(reading.text)) and "until" not in reading.text.split()
        )
    return False


def _support(reading: Reading, sensed: Sensed | None) -> Iterator[Flag]:
    if reading.type is QuestionType.NON_QUESTION and reading.subtype not in {
        "support",
        "other",
        "instruction",
    }:
        return
    likely = sensed.marks["support"] if sensed else None
    if likely is not None and likely < DOUBTED:
        return
    text = _beside_requests(reading)
    for kind, rule in patterns("support").items():
        hit = rule.search(text)
        if hit:
            yield Flag("support", f"{kind}: '{hit.group().strip()}' supports the child and asks for nothing")
            return
    if likely is not None and likely >= HEARD and (why := _sounds("support", reading, sensed)):
        yield Flag("support", why)


def _beside_requests(reading: Reading) -> str:
    """The sentences of the turn that request nothing: before the first request, after the last one."""
    if not reading.asks:
        return reading.text
    first, last = reading.asks[0][0], reading.asks[-1][0]
    begin = max((i for i in range(first.start + 1) if i == 0 or reading.words[i].hard), default=0)
    rest = range(last.start + 1, len(reading.words))
    after = next((i for i in rest if reading.words[i].hard), len(reading.words))
    return " ".join(word.text for word in (*reading.words[:begin], *reading.words[after:]))
