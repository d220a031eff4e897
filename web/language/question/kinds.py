"""Kinds of wh-questions and of invitations, by their words."""

from __future__ import annotations

from dataclasses import dataclass

from web.language.model import QuestionType
from web.language.question.patterns import pattern, patterns
from web.language.question.words import lexicon


@dataclass(frozen=True, slots=True)
class Ask:
    """`faux` marks "tell me" that asks for one detail; `sure` is the rule's own certainty, 0 to 1."""

    type: QuestionType
    subtype: str | None
    faux: bool = False
    sure: float = 0.95


_MORE = {"more", "me more", "a little more", "more please"}


def is_segment(text: str) -> bool:
    """Does the text name two points in time, from one to the other?"""
    return bool(pattern("segment").search(text)) and not pattern("whole").search(text)


def invitation_subtype(rest: tuple[str, ...]) -> str:
    """general (whole event), breadth (next, else), cued (a detail), segment (between two points)."""
    text = " ".join(rest)
    if (pattern("whole").search(text) and not pattern("one_topic").search(text)) or pattern(
        "reason_here"
    ).search(text):
        return "general"
    if is_segment(text):
        return "segment"
    if text in _MORE or pattern("about_that").search(text):
        return "cued"
    if pattern("breadth").search(text) and not pattern("named_topic").search(text):
        return "breadth"
    if pattern("about_you").match(text) and not pattern("narrowed").search(text):
        return "general"
    return "general" if pattern("general").match(text) and not pattern("one_topic").search(text) else "cued"


def classify_wh(words: tuple[str, ...]) -> Ask:
    """The type of a clause that begins with a wh-word."""
    text = " ".join(words)
    if words[:2] in (("what", "about"), ("how", "about")):
        return Ask(QuestionType.WH, "static", sure=0.4)
    return _open_wh(words, text) or Ask(QuestionType.WH, _wh_subtype(words))


def _open_wh(words: tuple[str, ...], text: str) -> Ask | None:
    """ "What happened", "what else", "what would you like to tell me": wh-words that ask for an account."""
    if words[0] != "what":
        return None
    if pattern("open_wh.happened").match(text) or pattern("open_wh.next").match(text):
        return Ask(QuestionType.INVITATION, invitation_subtype(words))
    thing = pattern("open_wh.thing").match(text)
    if thing:
        return Ask(QuestionType.INVITATION, "breadth" if thing[1] in {"next", "other"} else "cued", sure=0.85)
    if words[1:2] == ("else",):
        return Ask(QuestionType.INVITATION, "breadth", sure=0.9)
    if pattern("open_wh.account").match(text):
        recalled = words[3:4] in (("remember",), ("recall",)) and "about" in words
        return Ask(QuestionType.INVITATION, "cued" if recalled else "general", sure=0.85)
    return None


def _wh_subtype(words: tuple[str, ...]) -> str:
    first = next((i for i, word in enumerate(words) if word in lexicon()["wh"]), 0)
    text = " ".join(words[first:])
    return next((name for name, rule in patterns("wh").items() if rule.match(text)), "action")
