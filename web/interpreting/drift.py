"""Whether a question that was interpreted still asks what was asked: two English texts, by our own coder.

What it finds is worth listening to again, and no verdict on anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc

from web.engines import CoderPort
from web.language.conversation import Conversation
from web.language.encoder import Encoder
from web.language.model import Coding, Question, QuestionType, Speaker, Turn
from web.language.parse import parse
from web.language.schemes import PRESSING

CLOSED = (QuestionType.YES_NO, QuestionType.CHOICE)
CHANGES = ("closed", "narrower", "opened", "suggestion", "left_out", "added", "no_question")
_CONTENT = {"NOUN", "PROPN", "VERB", "ADJ", "NUM"}
_ALIKE = 0.5  # cosine from which two words are taken for the same thing said otherwise
_SHORTER = 0.7  # of the words: a rendering with fewer may lack a part
_FEW = 4  # words: differences of fewer are how languages differ


@dataclass(frozen=True)
class Compared:
    """Both questions as the coder reads them, and the CHANGES it sees between them, in that order."""

    asked: Question | None
    rendered: Question | None
    changes: tuple[str, ...]


def compare(coder: CoderPort, encoder: Encoder, asked: str, rendered: str) -> Compared:
    """`asked` and `rendered` in English. New in the rendering is what the question did not have."""
    before = _question(coder, asked, asked)  # else its own words would count as new ones
    after = _question(coder, rendered, asked)
    words = Wording(encoder, asked, rendered)
    found = {*_openness(before, after), *words.changes()}
    if "narrower" in found and not rendered.rstrip().endswith("?"):
        found.discard("narrower")  # still a request to tell
    if _presses(after, bool(words.fresh)) - _presses(before, new=False):
        found.add("suggestion")
    if "opened" in found:
        found.discard("left_out")  # what a closed question put forward goes with it
    if found & {"closed", "narrower", "suggestion"}:
        found.discard("added")  # said more exactly by these
    return Compared(before, after, tuple(change for change in CHANGES if change in found))


def _question(coder: CoderPort, text: str, known: str) -> Question | None:
    """The text as a question put to a child who has said `known`."""
    conversation = Conversation()
    coder.recall(conversation, [(Turn(Speaker.CHILD, known), Coding())])
    return coder.look(conversation, Turn(Speaker.INTERVIEWER, text)).question


def _openness(before: Question | None, after: Question | None) -> set[str]:
    if before is None or after is None or before.type is after.type:
        return set()
    if before.type is QuestionType.NON_QUESTION or after.type is QuestionType.NON_QUESTION:
        return {"no_question" if after.type is QuestionType.NON_QUESTION else "added"}
    if (before.type in CLOSED) != (after.type in CLOSED):
        return {"closed" if after.type in CLOSED else "opened"}
    return {"narrower"} if before.type is QuestionType.INVITATION else set()


def _presses(question: Question | None, new: bool) -> set[str]:
    """What makes a question suggestive, as far as its own words show it. `new`: whether any word in it is."""
    if question is None:
        return set()
    found = {flag.flag for flag in question.flags} & set(PRESSING)
    if question.subtype == "tag" or (question.suggestive and not found and new):
        found.add("content")
    return found


class Wording:
    """What the words of two texts have in common; `lost` and `fresh` have no like in the other text."""

    def __init__(self, encoder: Encoder, asked: str, rendered: str) -> None:
        self._encoder = encoder
        said, got = parse(asked).doc, parse(rendered).doc
        self.lost = self._missing(_content(said), _content(got))
        self.fresh = self._missing(_content(got), _content(said))
        self._lengths = len(asked.split()), len(rendered.split())
        self._sentences = len(list(said.sents)), len(list(got.sents))

    def changes(self) -> set[str]:
        """left_out, added: where one text is much shorter, or has a sentence less, and words are missing."""
        (long, short), (many, few) = self._lengths, self._sentences
        found = set()
        if self.lost and (_much(long, short) or many > few):
            found.add("left_out")
        if self.fresh and (_much(short, long) or few > many):
            found.add("added")
        return found

    def _missing(self, whole: Sequence[str], part: Sequence[str]) -> list[str]:
        rest = [word for word in whole if word not in part]
        if not rest or not part:
            return rest
        likeness = self._encoder.words(rest) @ self._encoder.words(list(part)).T
        return [word for word, best in zip(rest, np.max(likeness, axis=1), strict=True) if best < _ALIKE]


def _much(long: int, short: int) -> bool:
    return long - short >= _FEW and short < long * _SHORTER


def _content(doc: Doc) -> list[str]:
    """The words that carry what is said, in their dictionary forms."""
    return [token.lemma_.lower() for token in doc if token.pos_ in _CONTENT]
