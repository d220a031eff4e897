"""Which of the child's own words wait to be explored, and the invitation built from them.

Acts and episodes come before objects, unexplored words before explored ones, new before old.
All content words of an invitation are the child's; templates and word lists are data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from spacy.tokens import Doc, Token

from web.language.conversation import Conversation
from web.language.indicators.phrases import compile_all, load
from web.language.indicators.scope import Heard
from web.language.model import Cue, QuestionType, Response, Speaker, Turn
from web.language.parse import lemmas, parse

MAX_WORDS = 10
MIN_WORDS = 3
PER_TURN = 3
LISTED = 12
_NOTES = "web.language.cues"
_FINITE = {"VBD", "VBZ", "VBP"}
_SKIP = {
    Response.REFUSE,
    Response.ASKS,
    Response.DONT_UNDERSTAND,
    Response.DONT_KNOW,
    Response.OFF_TOPIC,
    Response.NONE,
}
_UNANSWERED = {Response.NONE, Response.DONT_UNDERSTAND, Response.ASKS, Response.OFF_TOPIC, None}
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_JOINED = re.compile(r"[^\W_]|['’-][^\W_]")
"""What follows part of a word: "ear" of "ear's" is not what the child said."""


@cache
def _data() -> Any:
    return load("cues.yml")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_data()[name])


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return compile_all([_data()[name]])


@dataclass
class _Known:
    """What has been read of a conversation: cues by turn, and when the interviewer last used a word."""

    read: int = 0
    cues: dict[str, tuple[Cue, frozenset[str]]] = field(default_factory=dict)
    """By their words, with the words to look for; the same words said again take the later place."""
    asked: dict[str, int] = field(default_factory=dict)


def from_turn(index: int, turn: Turn, doc: Doc) -> tuple[Cue, ...]:
    """The cues in one child turn, best first, at most PER_TURN; empty for anyone else's turn."""
    if turn.speaker is not Speaker.CHILD:
        return ()
    heard = Heard.of(doc)
    found: dict[tuple[int, int], Cue] = {}
    for start, end, worth in (*_clauses(heard), *_labels(doc)):
        words = turn.text[start:end]
        if _fit(heard.text, start, end) and not _overlaps(start, end, found):
            prompt = _one_of(_wordings(words, worth[1]), index)
            found[start, end] = Cue(index, start, end, words, prompt, worth[0] + _bonus(heard, start, end))
    return tuple(sorted(found.values(), key=lambda cue: -cue.rank)[:PER_TURN])


def rank(conversation: Conversation) -> list[Cue]:
    """Cues of the interview so far, best first; those the interviewer has taken up come last.

    Reads only the turns that came since the last call.
    """
    known: _Known = conversation.notes.setdefault(_NOTES, _Known())
    for heard in conversation.turns[known.read :]:
        if heard.turn.speaker is Speaker.CHILD and heard.coding.response not in _SKIP | {None}:
            for cue in from_turn(heard.index, heard.turn, heard.doc or parse(heard.turn.text).doc):
                known.cues[cue.words.lower()] = cue, frozenset(_stems(cue.words) - _words("dangling"))
        elif heard.turn.speaker is Speaker.INTERVIEWER:
            for word in _stems(heard.turn.text[:2000]):
                known.asked[word] = heard.index
    known.read = len(conversation.turns)
    answered = _answered(conversation)
    ranked = [
        _ranked(cue, content, known)
        for cue, content in known.cues.values()
        if not any(content and content <= put for put in answered)
    ]
    return sorted(ranked, key=lambda cue: -cue.rank)[:LISTED]


def _ranked(cue: Cue, content: frozenset[str], known: _Known) -> Cue:
    weights = _data()["rank"]
    age = known.read - 1 - cue.turn
    value = cue.rank + weights["recency"] * 0.5 ** (age / weights["half_life"])
    if content and all(known.asked.get(word, -1) > cue.turn for word in content):
        value += weights["explored"]
    return Cue(cue.turn, cue.start, cue.end, cue.words, cue.prompt, round(value, 3))


def _answered(conversation: Conversation) -> list[frozenset[str]]:
    """The words of each invitation that was answered: the same ones are not to be asked for again."""
    return [
        put.lemmas
        for put in conversation.asked
        if put.question.type is QuestionType.INVITATION and put.answer not in _UNANSWERED
    ]


@cache
def _function_words() -> frozenset[str]:
    shift = _data()["shift"]
    return frozenset(
        {*shift, *shift.values(), *_words("unsure"), "he", "she", "it", "they", "him", "them", "s"}
    )


def _stems(text: str) -> set[str]:
    low = (word.lower().replace("’", "'") for word in _WORD.findall(text))
    return {min(lemmas(word), key=len) for word in low if word not in _function_words()}


def _clauses(heard: Heard) -> Iterator[tuple[int, int, tuple[float, bool]]]:
    """Clauses with a subject and a finite verb: acts, and with less weight, states."""
    weights = _data()["rank"]
    for verb in heard.doc:
        subject = next((child for child in verb.children if child.dep_ in {"nsubj", "nsubjpass"}), None)
        if subject is None or not _finite(verb) or subject.i > verb.i or verb.lemma_ in _words("reporting"):
            continue
        start = heard.doc[subject.left_edge.i].idx
        end = _clause_end(heard, verb)
        act = verb.pos_ == "VERB" and verb.lemma_ not in _words("weak")
        value = weights["act" if act else "state"] + (weights["past"] if verb.tag_ == "VBD" else 0)
        yield start, end, (value, False)


def _finite(verb: Token) -> bool:
    helpers = [child for child in verb.children if child.dep_ in {"aux", "auxpass"}]
    return verb.tag_ in _FINITE or any(child.tag_ in _FINITE for child in helpers)


def _modal(verb: Token) -> bool:
    return any(child.tag_ == "MD" for child in verb.children)


def _clause_end(heard: Heard, verb: Token) -> int:
    _, end = heard.segment(verb.idx, verb.idx + len(verb))
    for token in heard.doc[verb.i + 1 :]:
        if token.idx >= end:
            break
        subject = token.dep_ in {"nsubj", "nsubjpass"} and token.left_edge.i > verb.i
        new_clause = subject and token.head.i > verb.i and (_finite(token.head) or _modal(token.head))
        if token.is_punct or token.dep_ == "cc" or new_clause:
            end = heard.doc[token.left_edge.i].idx if new_clause else token.idx
            break
    kept = [token for token in heard.doc[verb.i :] if token.idx + len(token) <= end and not token.is_space]
    while len(kept) > 1 and kept[-1].lower_ in _words("dangling"):
        kept.pop()
    return kept[-1].idx + len(kept[-1]) if kept else end


def _labels(doc: Doc) -> Iterator[tuple[int, int, tuple[float, bool]]]:
    """Names the child gives to something: "the sock game", "his special room"."""
    weights = _data()["rank"]
    for chunk in doc.noun_chunks:
        head = chunk.root
        modified = any(token.dep_ in {"compound", "amod"} for token in chunk)
        if head.pos_ not in {"NOUN", "PROPN"} or chunk[0].pos_ not in {"DET", "PRON"} or len(chunk) > 4:
            continue
        if chunk[0].lower_ in {
            "a",
            "an",
            "some",
            "any",
            "no",
            "what",
            "which",
            "this",
            "that",
            "every",
            "all",
        }:
            continue
        if head.lower_ not in _words("pale_nouns") or modified:
            yield chunk.start_char, chunk.end_char, (weights["label" if modified else "object"], True)


def _fit(text: str, start: int, end: int) -> bool:
    """Can these words stand in a prompt: said to be so, not asked, of a speakable length, plain?"""
    words = text[start:end]
    if _JOINED.match(text, end) or (start and text[start - 1].isalnum()):
        return False
    count = len(words.split())
    if (
        not (2 if count < MIN_WORDS and words.startswith(("the ", "his ", "my ")) else MIN_WORDS)
        <= count
        <= MAX_WORDS
    ):
        return False
    if any(_pattern(name).search(words) for name in ("deny", "leave_to_people", "open_ends")):
        return False
    if text[end:].lstrip().startswith("?") or not re.fullmatch(r"[a-z0-9' -]+", words):
        return False
    before = text[max(0, start - 22) : start]
    return not re.search(
        r"\b(?:if|wish|hope|know (?:if|why|what|how)|not|dont|don't|never|didn't|maybe|think)\s+$", before
    )


def _overlaps(start: int, end: int, found: dict[tuple[int, int], Cue]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in found)


def _bonus(heard: Heard, start: int, end: int) -> float:
    left, right = heard.segment(start, end)
    return float(_data()["rank"]["episode"]) if _pattern("episode").search(heard.text[left:right]) else 0.0


def _one_of(texts: tuple[str, ...], index: int) -> str:
    """Turns about: the same few words at every turn sound like a machine."""
    return texts[index // 2 % len(texts)]


def wordings(cue: Cue) -> tuple[str, ...]:
    """Every way in which the cue may be put; `cue.prompt` is one of them."""
    both = (_wordings(cue.words, label) for label in (False, True))
    return next(each for each in both if cue.prompt in each)


def _wordings(words: str, label: bool) -> tuple[str, ...]:
    kind, spoken = "label" if label else "said", _spoken(words)
    if set(spoken) & _words("unsure") or (
        not label and spoken[0].partition("'")[0] in {"it", "that", "this", "there"}
    ):
        kind, filling = "verbatim", words
    else:
        filling = _turned(words)
    return tuple(template.format(words=filling) for template in _data()["templates"][kind])


def _spoken(words: str) -> list[str]:
    return _WORD.findall(words.lower().replace("’", "'"))


@cache
def template_words() -> frozenset[str]:
    """The words that people wrote into the templates."""
    templates = (text for texts in _data()["templates"].values() for text in texts)
    return frozenset(word for text in templates for word in _spoken(text.replace("{words}", "")))


@cache
def turned_from(word: str) -> frozenset[str]:
    """The child's words that this word of a prompt may stand for, as "your" for "my"."""
    data = _data()
    pairs = [*data["shift"].items(), *data["after_i"].items()]
    return frozenset(own for own, turned in pairs if word in turned.split())


def _turned(words: str) -> str:
    """ "I was in my bed" -> "you were in your bed"; other words stay as the child said them."""
    shift, after_i = _data()["shift"], _data()["after_i"]
    turned: list[str] = []
    was_i = False
    for place, word in enumerate(words.split()):
        low = word.lower().replace("’", "'")
        same = low if not place and low in _words("small") else word
        turned.append(after_i[low] if was_i and low in after_i else shift.get(low, same))
        was_i = low == "i"
    return " ".join(turned)
