"""Where a phrase reaches in a child's turn: sentences, segments, and who does what in them.

Sentences end at punctuation; segments also at "but", "then", "because" and at "and he …", so
that speech without punctuation is read clause by clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from spacy.symbols import AUX, VERB
from spacy.tokens import Doc, Token

from web.language.indicators.phrases import compile_all, load, normalise
from web.language.parse import text_of

_SENTENCE = re.compile(r"[.!?;\n]+(?=\s|$)")
_THINGS = {"it", "that", "this", "which", "what", "something", "things", "everything", "nothing", "stuff"}
_OTHERS = {"he", "she", "they", "who", "you", "him", "her", "them"}
_OTHERS |= {"somebody", "someone", "everybody", "everyone", "nobody", "noone"}
_CHILD = frozenset(["i", "we", "me", "us", "im"])
_SUBJECTS = re.compile(r"\b(?:i|we|he|she|they)\b")
_CLIMB = {"conj", "xcomp", "ccomp", "advcl", "pcomp"}


@dataclass(frozen=True, slots=True)
class Agent:
    """Who does it. `kind`: child, parent, sibling, friend, pet, other, thing or unknown."""

    kind: str
    words: str = ""

    def fits(self, wanted: str) -> bool:
        if wanted == "any" or self.kind == "unknown":
            return True
        if wanted == "other":
            return self.kind not in {"child", "thing"}
        if wanted == "parent":
            return self.kind in {"parent", "other"}
        return self.kind == wanted


@cache
def context_data() -> Any:
    return load("indicators_context.yml")


@cache
def _segment_ends() -> re.Pattern[str]:
    return compile_all(context_data()["segments"])


@cache
def _people() -> dict[str, re.Pattern[str]]:
    return {kind: compile_all([words]) for kind, words in context_data()["people"].items()}


@dataclass(frozen=True)
class Heard:
    """A child's turn ready for reading: offset-true lower-case text, its parse, its cuts."""

    text: str
    doc: Doc
    sentences: tuple[int, ...]
    segments: tuple[int, ...]

    @classmethod
    def of(cls, doc: Doc) -> Heard:
        text = normalise(text_of(doc))
        sentences = {0, len(text), *(cut.end() for cut in _SENTENCE.finditer(text))}
        segments = {cut.start() for cut in _segment_ends().finditer(text)}
        return cls(text, doc, tuple(sorted(sentences)), tuple(sorted(sentences | segments)))

    def around(self, start: int, end: int, cuts: tuple[int, ...]) -> tuple[int, int]:
        """The stretch between the cuts that enclose [start, end)."""
        left = max((cut for cut in cuts if cut <= start), default=0)
        return left, min((cut for cut in cuts if cut >= end), default=len(self.text))

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        return self.around(start, end, self.sentences)

    def segment(self, start: int, end: int) -> tuple[int, int]:
        return self.around(start, end, self.segments)

    def verb(self, start: int, end: int) -> Token | None:
        """The first verb among the words at [start, end), or the verb that the first auxiliary helps."""
        span = self.doc.char_span(start, end, alignment_mode="expand")
        if span is None:
            return None
        first = next((token for token in span if token.pos_ in {"VERB", "AUX"}), None)
        helper = first is not None and first.dep_ in {"aux", "auxpass"}
        return first.head if first is not None and helper else first

    def agent(self, start: int, end: int) -> Agent:
        """Who does what stands at [start, end): the subject by the parse, else the nearest person before."""
        verb = self.verb(start, end)
        subject = _subject(verb) if verb is not None else None
        if subject is not None:
            return _agent(subject)
        left, _ = self.segment(start, end)
        return _nearest(self.text[left:start])


def _subject(verb: Token) -> Token | None:
    node = verb
    for _ in range(4):
        by = next((child for child in node.children if child.dep_ == "agent"), None)
        if by is not None:
            return next((child for child in by.children if child.dep_ == "pobj"), None)
        if any(child.dep_ == "nsubjpass" for child in node.children):
            return None
        subject = next((child for child in node.children if child.dep_ == "nsubj"), None)
        if subject is not None:
            return subject
        if node.dep_ not in _CLIMB or node.head is node:
            return None
        node = node.head
    return None


def _agent(subject: Token) -> Agent:
    own = [child for child in subject.children if child.dep_ in {"amod", "compound", "det", "poss", "nummod"}]
    named = [token.text for token in (*own, subject) if token.pos_ != "NOUN" or token.dep_ != "poss"]
    words = normalise(" ".join(named))
    low = subject.lower_
    if low in _CHILD:
        return Agent("child", words)
    if low in _OTHERS:
        return Agent("other", words)
    if low in _THINGS:
        return Agent("thing", words)
    for kind in ("sibling", "friend", "pet", "parent", "thing"):
        if _people()[kind].search(words):
            return Agent(kind, words)
    owned = any(child.dep_ == "poss" for child in subject.children)
    person = subject.pos_ == "PROPN" or owned or _people()["stranger"].search(words)
    bare = subject.pos_ == "NOUN" and not any(child.dep_ == "det" for child in subject.children)
    return Agent("other" if person or bare else "thing", words)


def _nearest(before: str) -> Agent:
    last = Agent("unknown")
    position = -1
    for kind in ("child", "sibling", "friend", "pet", "parent", "stranger"):
        for found in _people()[kind].finditer(before):
            if found.start() >= position and found.group() not in {"my", "our", "me", "us"}:
                position, last = found.start(), Agent("other" if kind == "stranger" else kind, found.group())
    for found in re.finditer(r"\b(he|she|they|someone|somebody|nobody|who)\b", before):
        if found.start() > position:
            position, last = found.start(), Agent("other", found.group())
    return last


def people_in(words: str) -> str | None:
    """Whom a clause is about, the child before others; None if nobody is named in it."""
    for kind in ("child", "sibling", "friend", "parent", "pet"):
        if _people()[kind].search(words):
            return kind
    return None


def kind_of_person(words: str) -> str | None:
    """child, sibling, friend, parent, pet or stranger, by the words for them; None if they do not say."""
    for kind in ("sibling", "friend", "pet", "parent", "child", "stranger"):
        if _people()[kind].search(words):
            return kind
    return None


def elliptical(doc: Doc) -> bool:
    """True for an answer without a verb of its own ("Lots of times."), which only confirms the question.

    "He stick it in": where the parse sees no verb, a subject pronoun tells that one was meant.
    """
    if set(doc.to_array("POS").tolist()) & {VERB, AUX}:
        return False
    return _SUBJECTS.search(normalise(text_of(doc))) is None
