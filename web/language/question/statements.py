"""Turns that hold no request by their form: an echo, a claim put to the child, or neither.

A claim about events that the child has not made is `yes_no.declarative` with or without a
question mark; what the child has said is an echo or a summary; the rest announces, instructs
or supports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from web.language.conversation import Conversation
from web.language.model import QuestionType, Speaker
from web.language.parse import lemmas
from web.language.question.heard import alike, heard
from web.language.question.kinds import Ask
from web.language.question.patterns import pattern, patterns
from web.language.question.words import Word, lexicon

LIGHT = lexicon()["light"]
SHORT_CLAIM = 6
LONG_ECHO = 10
"""An echo of more words than this sums up."""
_NEGATIVE = {"not", "never", "none", "nobody", "nothing"}


@dataclass(frozen=True, slots=True)
class Statement:
    ask: Ask
    new: tuple[str, ...] = ()
    """Words of the statement that the child has not said."""


def read_statement(conversation: Conversation, words: Sequence[Word], text: str, asked: bool) -> Statement:
    """Layer 1 of a turn without a request. `asked`: it ends in a question mark. `text` is its plain words."""
    fixed = _fixed(text, asked)
    if fixed is not None:
        return Statement(fixed)
    new = new_words(conversation, words)
    recent = _said_last(conversation, words)
    if recent and not _turned(conversation, words):
        summed = pattern("quoted").search(text) or len(words) > LONG_ECHO or _statements(words) > 1
        return Statement(_non("summary" if summed else "facilitator", 0.95))
    unsaid = conversation.last(Speaker.CHILD) is not None and (
        bool(new) or _misput(conversation, words, text)
    )
    if pattern("quoted").match(text) and not asked and not unsaid:
        return Statement(_non("summary", 0.85), new)
    if not asked:
        manner = _manner_of_last(words) or _manner(text)
        if manner is not None and not _claims_in(words, text, new):
            return Statement(manner)
        if conversation.last(Speaker.CHILD) is None and _introduces(words, text):
            return Statement(_non("other", 0.7), new)
    return _claim(conversation, words, text, asked, new)


def _fixed(text: str, asked: bool) -> Ask | None:
    if not text:
        return _non("other", 0.9)
    if pattern("facilitator").fullmatch(text):
        return _non("facilitator", 0.97)
    return None


def _manner_of_last(words: Sequence[Word]) -> Ask | None:
    """A turn of several sentences is what its last one is: "Thanks. I'm going to step out." """
    start = max((i for i, word in enumerate(words) if i and word.hard), default=0)
    return _manner(" ".join(word.text for word in words[start:])) if start else None


def _statements(words: Sequence[Word]) -> int:
    """How many verbs that tell of something."""
    return sum(word.tag in {"VBD", "VBZ", "VBP", "VBN"} and word.token.pos_ == "VERB" for word in words)


def _misput(conversation: Conversation, words: Sequence[Word], text: str) -> bool:
    """ "You said he does it under the kurta": does no one turn of the child's bring these words together?"""
    hit = pattern("quoted").match(text)
    if hit is None:
        return False
    rest = words[len(hit.group().split()) :]
    return bool(apart(conversation, [word.text for word in content_words(rest) if not _meta(word.text)]))


def apart(conversation: Conversation, words: Sequence[str]) -> bool:
    """Has the child said these words, but never in one turn or two that follow each other?"""
    turns = heard(conversation).forms
    own = dict.fromkeys(word for word in words if not lemmas(word) & conversation.affirmed_lemmas.keys())
    wanted = [lemmas(word) | set(alike([word])) for word in own]
    if len(wanted) < 2 or not turns:
        return False
    pairs = zip(turns, [*turns[1:], frozenset[str]()], strict=True)
    return not any(all(one & (first | second) for one in wanted) for first, second in pairs)


def repeats_last(conversation: Conversation, words: Sequence[Word], asked: bool) -> bool:
    """Is the turn nothing but a stretch of the child's last turn, word for word? A question word may ask."""
    last = conversation.last(Speaker.CHILD)
    if last is None or last.index < len(conversation.turns) - 2:
        return False
    said = words
    if len(words) > LONG_ECHO or _statements(words) > 1:
        return False
    while said and said[0].text in lexicon()["lead_ins"]:
        said = said[1:]
    if len(said) < 2 or (asked and said[0].text in lexicon()["wh"]):
        return False
    return f" {' '.join(alike([word.text for word in said]))} " in heard(conversation).lines[-1]


def _manner(text: str) -> Ask | None:
    """support, instruction or announcement, by what is said; None where no pattern speaks."""
    if pattern("reproach").search(text):
        return _non("other", 0.75)
    supports = any(rule.search(text) for rule in patterns("support").values())
    if pattern("instruction").match(text) or pattern("instruct_modal").search(text):
        if re.match(r"(?:please |just |and |so )*(?:let me know|tell me)\b", text):
            return _non("instruction", 0.9)
        control = patterns("support")["control"].search(text)
        feelings = patterns("support")["feelings"].search(text)
        return _non(
            "support"
            if (control or feelings) and not re.match(r"(?:if|when) (?!it (?:is|would be) easier)", text)
            else "instruction",
            0.85,
        )
    if supports:
        return _non("support", 0.9)
    if pattern("announce").match(text) and not pattern("hedged_claim").search(text):
        return _non("other", 0.8)
    return None


def _claims_in(words: Sequence[Word], text: str, new: tuple[str, ...]) -> bool:
    """ "Okay, thank you. He hit you." A claim stands in a sentence of its own after the manners."""
    starts = [i for i, word in enumerate(words) if i and word.hard]
    if not starts:
        return False
    tail = words[starts[-1] :]
    plain = " ".join(word.text for word in tail)
    return len(tail) >= 3 and _manner(plain) is None and _about_events(tail, plain) and bool(new)


def _claim(
    conversation: Conversation, words: Sequence[Word], text: str, asked: bool, new: tuple[str, ...]
) -> Statement:
    if pattern("quoted").match(text) and not new:
        return Statement(_non("summary", 0.85))
    if not new and not asked and content_words(words) and not _turned(conversation, words):
        return Statement(_non("summary", 0.7))
    if not asked and _of_interview(words, text):
        return Statement(_non("other", 0.7), new)
    if _names_only(conversation, words):
        return Statement(Ask(QuestionType.YES_NO, "declarative", sure=0.6), new)
    if asked or _about_events(words, text) or pattern("hedged_claim").search(text):
        return Statement(Ask(QuestionType.YES_NO, "declarative", sure=0.85 if asked else 0.75), new)
    return Statement(_non("other", 0.45), new)


def _about_events(words: Sequence[Word], text: str) -> bool:
    """Does the sentence state something about the child or others, with subject and finite verb?"""
    subjects = {"you", "he", "she", "they", "it", "somebody", "someone", "there", "nobody", "this", "that"}
    for i, word in enumerate(words):
        if word.tag in {"VBD", "VBZ", "VBP", "MD"} or word.text in lexicon()["auxiliaries"]:
            before = {other.text for other in words[max(0, i - 4) : i]}
            nominal = any(other.token.pos_ in {"NOUN", "PROPN"} for other in words[max(0, i - 3) : i])
            return bool(before & subjects or nominal)
    return False


def _of_interview(words: Sequence[Word], text: str) -> bool:
    """ "Our time is up, we'll see each other." The speaker's own doings in the last sentence are no claim."""
    start = max((i for i, word in enumerate(words) if word.hard), default=0)
    mine = {"i", "we", "us", "our", "my"} & {word.text for word in words[start:]}
    return bool(mine) and not pattern("hedged_claim").search(text) and not pattern("quoted").search(text)


def _introduces(words: Sequence[Word], text: str) -> bool:
    """Before the child has said a word, what is long or speaks of the speaker only introduces."""
    mine = {"i", "we", "us", "our", "my", "me"} & {word.text for word in words}
    return (len(words) > LONG_ECHO or bool(mine)) and not pattern("hedged_claim").search(text)


def _names_only(conversation: Conversation, words: Sequence[Word]) -> bool:
    """ "In the kitchen." A place or thing that the child has not named, offered after its answer."""
    verbless = not any(word.token.pos_ in {"VERB", "AUX"} for word in words)
    empty = lexicon("neutral")["empty"]
    noun = any(word.token.pos_ == "NOUN" and not lemmas(word.text) & empty for word in words)
    opened = bool(words) and words[0].token.pos_ in {"ADP", "DET"}
    last = conversation.turns[-1].turn.speaker if conversation.turns else None
    return verbless and noun and opened and len(words) <= SHORT_CLAIM and last is Speaker.CHILD


def content_words(words: Sequence[Word]) -> list[Word]:
    return [
        word
        for word in words
        if (
            word.token.pos_ in {"NOUN", "PROPN", "VERB", "ADJ", "NUM", "ADV", "X", "INTJ"}
            or len(word.text) > 4
        )
        and word.text not in LIGHT
        and (not word.token.is_stop or word.text in lexicon()["weighty"])
        and word.text not in lexicon()["lead_ins"]
    ]


def new_words(conversation: Conversation, words: Sequence[Word]) -> tuple[str, ...]:
    """Content words that the child has not said in any form, nor said yes to."""
    known = [word for word in content_words(words) if not _meta(word.text)]
    return tuple(dict.fromkeys(word.text for word in known if not conversation.accepted_by_child(word.text)))


def _meta(word: str) -> bool:
    return word in {
        "said",
        "told",
        "mentioned",
        "say",
        "tell",
        "talked",
        "explained",
        "described",
        "mention",
        "correct",
        "earlier",
        "before",
    }


def _said_last(conversation: Conversation, words: Sequence[Word]) -> bool:
    """Are all its words (of weight, or every word of a short echo) in the child's last turn?"""
    last = conversation.last(Speaker.CHILD)
    if last is None or last.index < len(conversation.turns) - 3:
        return False
    heard = {
        form
        for word in re.findall(r"[^\W_]+(?:['’][^\W_]+)?", last.turn.text[:2000])
        for form in lemmas(word)
    }
    weighty = [word.text for word in content_words(words) if not _meta(word.text)]
    wanted = weighty or [
        word.text
        for word in words
        if word.text not in lexicon()["lead_ins"] | {"you", "your", "he", "she", "i", "not"}
    ]
    return bool(wanted) and all(lemmas(word) & heard for word in wanted)


def _turned(conversation: Conversation, words: Sequence[Word]) -> bool:
    """Does the statement deny what the child's last turn affirmed?"""
    last = conversation.last(Speaker.CHILD)
    if last is None:
        return False
    denied = any(word.text in _NEGATIVE for word in words)
    child = re.search(r"n['’]?t\b|\b(?:not|never|no|nothing|nobody|none)\b", last.turn.text[:2000].lower())
    return denied and not child


def _non(subtype: str, sure: float) -> Ask:
    return Ask(QuestionType.NON_QUESTION, subtype, sure=sure)
