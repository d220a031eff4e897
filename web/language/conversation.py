"""The interview so far, as facts that grow with it: what each side has said first, and when.

Absorbing a turn costs the length of the turn; nothing is ever read again from the beginning.
What an interviewer or interpreter says is kept apart and never counts as the child's word.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from spacy.tokens import Doc, Token

from web.language.model import Coding, Question, QuestionType, Response, Speaker, Turn
from web.language.parse import lemmas

if TYPE_CHECKING:
    from web.language.encoder import Meaning

KEEP_DOCS = 30
"""How many turns keep their parse; older turns keep text and coding only."""

_CONTENT = {"NOUN", "PROPN", "VERB", "ADJ", "ADV", "NUM"}
_YES = {
    "yes",
    "yeah",
    "yep",
    "yup",
    "mhm",
    "mm-hm",
    "mmhm",
    "uh-huh",
    "uhuh",
    "aha",
    "sure",
    "correct",
    "right",
}


@dataclass(slots=True)
class HeardTurn:
    """One turn as it was heard. `doc` is None once the turn is more than KEEP_DOCS turns old."""

    index: int
    turn: Turn
    doc: Doc | None
    coding: Coding


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was put: its content lemmas, and whether the child's next turn answered it."""

    index: int
    text: str
    question: Question
    lemmas: frozenset[str]
    meaning: Meaning | None = None
    answer: Response | None = None
    answer_text: str = ""


@dataclass
class Conversation:
    """All that has been heard, for one child of `age` years (None if unknown) in `language`."""

    age: int | None = None
    language: str = "en"
    turns: list[HeardTurn] = field(default_factory=list)
    child_lemmas: dict[str, int] = field(default_factory=dict)
    """Every dictionary form of every word the child has said -> index of the turn it was first said in."""
    child_content: dict[str, int] = field(default_factory=dict)
    """The child's own nouns, verbs and adjectives as said, lower case -> index of the first turn."""
    names: dict[str, int] = field(default_factory=dict)
    """Proper names the child has said, lower case -> index of the first turn."""
    affirmed_lemmas: dict[str, int] = field(default_factory=dict)
    """Words of a yes/no question that the child answered with yes -> index of that answer."""
    interviewer_lemmas: dict[str, int] = field(default_factory=dict)
    interpreter_lemmas: dict[str, int] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    last_meaning: Meaning | None = None
    """Of the turn heard last, if that was an interviewer's in English."""
    notes: dict[str, Any] = field(default_factory=dict)
    """Room for other modules' own running facts, keyed by module name."""
    _docs: deque[HeardTurn] = field(default_factory=lambda: deque(maxlen=KEEP_DOCS), repr=False)
    _last: dict[Speaker, HeardTurn] = field(default_factory=dict, repr=False)
    _last_question: HeardTurn | None = field(default=None, repr=False)

    @property
    def last_question(self) -> HeardTurn | None:
        """The last interviewer turn that requested anything."""
        return self._last_question

    def last(self, speaker: Speaker) -> HeardTurn | None:
        return self._last.get(speaker)

    def said_by_child(self, word: str) -> bool:
        """Has the child said this word in any form?"""
        return any(form in self.child_lemmas for form in lemmas(word))

    def said_by_interviewer(self, word: str) -> bool:
        return any(form in self.interviewer_lemmas for form in lemmas(word))

    def accepted_by_child(self, word: str) -> bool:
        """Has the child said this word, or said yes to a question that had it?"""
        return any(form in self.child_lemmas or form in self.affirmed_lemmas for form in lemmas(word))

    def absorb(
        self, turn: Turn, doc: Doc | None, coding: Coding, meaning: Meaning | None = None
    ) -> HeardTurn:
        """Take in a coded turn, an interviewer's with its meaning."""
        heard = HeardTurn(len(self.turns), turn, doc, coding)
        self.turns.append(heard)
        if len(self._docs) == KEEP_DOCS:
            self._docs[0].doc = None
        self._docs.append(heard)
        self.last_meaning = meaning
        if doc is not None:
            if turn.speaker is Speaker.CHILD:
                self._absorb_child(heard, doc)
            elif turn.speaker is Speaker.INTERVIEWER:
                self._absorb_interviewer(heard, doc, meaning)
            else:
                _first(self.interpreter_lemmas, words_of(doc), heard.index)
        self._last[turn.speaker] = heard
        return heard

    def _absorb_child(self, heard: HeardTurn, doc: Doc) -> None:
        _first(self.child_lemmas, words_of(doc), heard.index)
        for token in doc:
            if is_content(token) and token.is_alpha:
                self.child_content.setdefault(token.lower_, heard.index)
                if token.pos_ == "PROPN":
                    self.names.setdefault(token.lower_, heard.index)
        if not self.asked or self.asked[-1].answer is not None:
            return
        put = self.asked[-1]
        self.asked[-1] = replace(
            put, answer=heard.coding.response or Response.SHORT, answer_text=heard.turn.text[:200]
        )
        if put.question.type is QuestionType.YES_NO and says_yes(heard.coding.response, doc):
            for lemma in (*put.lemmas, *put.text.lower().split()):
                self.affirmed_lemmas.setdefault(lemma, heard.index)

    def _absorb_interviewer(self, heard: HeardTurn, doc: Doc, meaning: Meaning | None) -> None:
        _first(self.interviewer_lemmas, words_of(doc), heard.index)
        question = heard.coding.question
        if question is None or question.type is QuestionType.NON_QUESTION:
            return
        self._last_question = heard
        forms = frozenset(form for token in doc if is_content(token) for form in lemmas(token.text))
        self.asked.append(Asked(heard.index, heard.turn.text[:300], question, forms, meaning))


def says_yes(response: Response | None, doc: Doc) -> bool:
    first = next((token.lower_ for token in doc if token.is_alpha or "-" in token.text), "")
    return response is Response.YES or first in _YES


def is_content(token: Token) -> bool:
    return token.pos_ in _CONTENT and not token.is_stop and not token.is_punct


def words_of(doc: Doc) -> list[str]:
    return [token.text for token in doc if not token.is_space and not token.is_punct]


def _first(known: dict[str, int], words: list[str], index: int) -> None:
    for word in words:
        for form in lemmas(word):
            known.setdefault(form, index)
