"""What the child said turn by turn, in one form whoever repeats it: "my room" and "your room" are the same.

Kept in the conversation and grown with it, so that looking something up never reads a turn twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from web.language.conversation import Conversation
from web.language.model import Speaker
from web.language.parse import lemmas
from web.language.question.words import lexicon, plain_words

_NOTES = "web.language.question.heard"
_ENDS = re.compile(
    r"[.?!;,\n]|\b(?:but|because|cos|and|so|then|except|only|when|if|while|after|before|until|that|what|how|why|where|who)\b"
)
_KEPT = re.compile(
    r"(?:not|n't|nt|never) (?:(?:even|really|ever|to) )*(?:know|want|like|stop|tell|remember|understand|"
    r"say|let|care|mean|think|"
    r"sure|supposed|allowed|see|hear|telling|saying)"
)
"""After these a "not" leaves standing what follows: "I don't know why he hit me"."""
_NOT = {"not", "never", "no", "nobody", "nothing", "none", "nowhere", "dont", "didnt", "dinnae", "didnae"}
MAX_TEXT = 2000


@dataclass(slots=True)
class Heard:
    """The child's turns so far: each as a line " word word ", each as its words' forms."""

    read: int = 0
    lines: list[str] = field(default_factory=list)
    forms: list[frozenset[str]] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    """Forms of all words that the child has said in a clause without a "not"."""
    denied: set[str] = field(default_factory=set)
    """Forms of words said in a clause with one."""


def heard(conversation: Conversation) -> Heard:
    """The child's turns up to now."""
    known: Heard = conversation.notes.setdefault(_NOTES, Heard())
    for one in conversation.turns[known.read :]:
        if one.turn.speaker is Speaker.CHILD:
            _take(known, one.turn.text[:MAX_TEXT])
    known.read = len(conversation.turns)
    return known


def said_plainly(conversation: Conversation, words: Sequence[str]) -> bool:
    """Has the child said one of these words and not only denied it ("he never hits me")?"""
    known = heard(conversation)
    return any(form in known.said for word in words for form in lemmas(word))


def alike(words: Sequence[str]) -> list[str]:
    """Words in one form whoever says them, without those that come and go in retelling."""
    lists = lexicon("quoting")
    same: list[str] = []
    for word in words:
        form = _form(word)
        if word not in lists["passing"] and same[-1:] != [form]:
            same.append(form)
    return same


def _take(known: Heard, text: str) -> None:
    words = plain_words(text)
    known.lines.append(f" {' '.join(alike(tuple(words)))} ")
    known.forms.append(frozenset(form for word in words for form in lemmas(word)) | set(alike(words)))
    for clause in _ENDS.split(text.lower()):
        here = plain_words(clause)
        while here[:1] in (["no"], ["nah"]):
            here = here[1:]  # an answer: "no he kissed it"
        forms = {form for word in here for form in lemmas(word)}
        turned = _NOT & set(here) and not _KEPT.search(" ".join(here))
        (known.denied if turned else known.said).update(forms)


@lru_cache(maxsize=20_000)
def _form(word: str) -> str:
    person = lexicon("quoting")["person"]
    bare = word.replace("'", "")
    return str(person.get(bare) or min(lemmas(bare), key=lambda form: (len(form), form)))
