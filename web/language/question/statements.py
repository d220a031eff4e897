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
from web.language.question.kinds import Ask
from web.language.question.patterns import pattern, patterns
from web.language.question.words import Word, lexicon

LIGHT = lexicon()["light"]


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
        return Statement(_non("summary" if pattern("quoted").search(text) else "facilitator", 0.95))
    unsaid = bool(new) and conversation.last(Speaker.CHILD) is not None
    if pattern("quoted").match(text) and not asked and not unsaid:
        return Statement(_non("summary", 0.85), new)
    if not asked:
        manner = _manner(text)
        if manner is not None and not _claims_in(words, text, new):
            return Statement(manner)
    return _claim(conversation, words, text, asked, new)


def _fixed(text: str, asked: bool) -> Ask | None:
    if not text:
        return _non("other", 0.9)
    if pattern("facilitator").fullmatch(text):
        return _non("facilitator", 0.97)
    return None


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
    if not new and content_words(words) and not _turned(conversation, words):
        return Statement(_non("summary", 0.8))
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


def content_words(words: Sequence[Word]) -> list[Word]:
    return [
        word
        for word in words
        if (
            word.token.pos_ in {"NOUN", "PROPN", "VERB", "ADJ", "NUM", "ADV", "X", "INTJ"}
            or len(word.text) > 4
        )
        and word.text not in LIGHT
        and not word.token.is_stop
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
    denied = any(word.text in {"not", "never"} for word in words)
    child = re.search(r"n['’]?t\b|\b(?:not|never|no|nothing|nobody|none)\b", last.turn.text[:2000].lower())
    return denied and not child


def _non(subtype: str, sure: float) -> Ask:
    return Ask(QuestionType.NON_QUESTION, subtype, sure=sure)
