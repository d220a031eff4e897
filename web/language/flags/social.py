"""Flags for what is done to the child with words: pressure, promises, praise, blame, support."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from web.language.conversation import Conversation
from web.language.flags.matching import matched
from web.language.flags.quoting import THEIRS, shown, without_echoes
from web.language.learned import Sensed
from web.language.model import Flag, QuestionType
from web.language.question.decide import Reading
from web.language.question.patterns import pattern, patterns
from web.language.question.words import lexicon

NAMES = ("other_source", "pressure", "promise", "praise_content", "disapproval", "speculation")
HEARD = 0.7
"""From this likelihood the learned coder flags what no pattern lists."""
PRAISED = 0.95
"""The same for praise_content: every kind word sounds a little like it."""
DOUBTED = 0.01
"""Below it a pattern for support is not enough. Patterns for pressure and the like are sure by themselves."""
_UNSUPPORTIVE = {"other_source", "pressure", "promise", "praise_content", "disapproval"}


def social_flags(conversation: Conversation, reading: Reading, sensed: Sensed | None) -> Iterator[Flag]:
    """Flags for what the turn's own words do; retelling what the child said does nothing."""
    found = list(_heard(reading, sensed))
    if any(flag.flag in NAMES for flag in found):
        plain = without_echoes(conversation, reading)
        found = found if plain is reading else list(_heard(plain, sensed))
    yield from found


def _heard(reading: Reading, sensed: Sensed | None) -> Iterator[Flag]:
    found = False
    for name in NAMES:
        why = matched(name, reading.sentences)
        likely = sensed.marks.get(name) if sensed else None
        least = PRAISED if name == "praise_content" else HEARD
        if not why and likely is not None and likely >= least:
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
    if words[-1].text == THEIRS:
        return None
    first = max((i for i in range(len(words)) if i == 0 or words[i].hard), default=0)
    end = next(
        (i for i in range(len(words), len(reading.words)) if reading.words[i].hard), len(reading.words)
    )
    texts = [word.text for word in reading.words[first:end]]
    if name == "other_source" and _quotes(reading, " ".join(texts)):
        return None
    if _only_theirs(texts):
        return None
    return str(lexicon("flags")["sounds"][name]).format(match=shown(texts))


def _quotes(reading: Reading, sentence: str) -> bool:
    """What the child said itself has no other source."""
    told = reading.type is QuestionType.NON_QUESTION and reading.subtype in {"facilitator", "summary"}
    return told or bool(pattern("by_child", "flags").search(sentence))


def _only_theirs(texts: Sequence[str]) -> bool:
    """ "You said …", "She said …": but for the child's words nothing that weighs."""
    lists = lexicon()
    empty = lists["lead_ins"] | lists["pronouns"] | lists["auxiliaries"] | lists["determiners"] | {THEIRS}
    own = " ".join(text for text in texts if text not in empty)
    return THEIRS in texts and not pattern("reports", "flags").sub("", own).strip()


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
