"""Which flags stand: the rules' and others, each as likely as the learned coder finds it in its dialogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from web.language.flags.quoting import THEIRS, TOLD, shown
from web.language.learned import Sensed
from web.language.learned.said import UNSAID
from web.language.model import Flag, QuestionType
from web.language.question.decide import Reading
from web.language.question.patterns import pattern
from web.language.question.words import lexicon


@cache
def least() -> Mapping[str, float]:
    """From which likelihood each flag is believed, chosen on development dialogues (data/believed.yml)."""
    return {name: float(value) for name, value in lexicon("believed")["flags"].items()}


@cache
def _never() -> Mapping[str, frozenset[str]]:
    """Types of turn on which a flag is hardly ever right (data/believed.yml)."""
    return {name: frozenset(types) for name, types in lexicon("believed")["never"].items()}


def believed(worded: Sequence[Flag], reading: Reading, sensed: Sensed) -> Iterator[Flag]:
    """The flags that are likely enough and fit the type, in the rules' own words where they have any."""
    for flag in _likely(worded, reading, sensed):
        if reading.type.value not in _never().get(flag.flag, ()):
            yield flag


def _likely(worded: Sequence[Flag], reading: Reading, sensed: Sensed) -> Iterator[Flag]:
    for flag in worded:
        if sensed.marks.get(flag.flag, 1.0) >= least().get(flag.flag, 0.0):
            yield flag
    there = {flag.flag for flag in worded}
    for name, likelihood in least().items():
        if name not in there and sensed.marks.get(name, 0.0) >= likelihood:
            why = _sounds(name, reading, sensed.places[name][0])
            if why:
                yield Flag(name, why)


def _sounds(name: str, reading: Reading, place: int) -> str | None:
    """The reason for what no rule sees: the word or sentence for it; None if that is the child's."""
    words = [word for word in reading.words if word.start <= place] or list(reading.words[:1])
    start, stop = reading.sentence(len(words) - 1)
    texts = [word.text for word in reading.words[start:stop]]
    if name in UNSAID:
        texts = [words[-1].text]
        if texts[0] in lexicon()["pronouns"] | TOLD:
            return None  # "you said", "he told" bring in nothing
    if name == "misquote" and any(word.text == THEIRS for word in reading.words):
        return None  # quoted word for word
    if words[-1].text == THEIRS or _only_theirs(texts):
        return None
    if name == "other_source" and _quotes(reading, " ".join(texts)):
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
