"""Compare a turn with everything the child has said: what is the interviewer's and not the child's?

Two cases, as in the manual. Substance (acts, harm, touch, threat, body, accusation, feeling) is new
in any form of question. Any other fact is new where the turn states it or takes it for granted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from web.language.conversation import Conversation
from web.language.encoder import Encoder, Vocabulary
from web.language.parse import lemmas
from web.language.question.heard import said_plainly
from web.language.question.patterns import pattern
from web.language.question.words import Word, lexicon

NEAR = 0.78
"""Cosine of two words' MiniLM vectors from which they count as the same word ("sofa", "settee")."""
_NOTES = "web.language.newcontent"


@dataclass(frozen=True, slots=True)
class NewWord:
    """A word of the interviewer's that the child has not said; `kind` is substance's category or "fact"."""

    word: str
    kind: str

    @property
    def why(self) -> str:
        if self.kind == "joined":
            return f"the child has not said '{self.word}' together"
        return f"'{self.word}' has not been said by the child"


@cache
def _substance() -> dict[str, tuple[str, frozenset[str]]]:
    """Every form of a substance word -> category, and the words that license it."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for category, entries in lexicon("substance").items():
        if category == "phrases":
            continue
        for word, instead in entries.items():
            found[str(word)] = (category, frozenset(map(str, instead)))
    return found


@cache
def _synonyms() -> dict[str, frozenset[str]]:
    groups = [frozenset(group) for group in lexicon("neutral")["synonyms"]]
    return {word: group for group in groups for word in group}


@lru_cache(maxsize=20_000)
def alike_words(word: str) -> str:
    """One word for a word's forms and synonyms: "smacked", "slapping" and "hit" are the same."""
    forms = {word, *lemmas(word)}
    group = next((_synonyms()[form] for form in sorted(forms) if form in _synonyms()), None)
    if group:
        return min(group)
    for form in sorted(forms):
        if form in _substance():
            return min({form, *_substance()[form][1]} & _substance().keys() | {form})
    return min(forms, key=lambda form: (len(form), form))


def substance_of(word: str) -> tuple[str, str, frozenset[str]] | None:
    """Category, dictionary form and licensing words, if this is a word of substance."""
    for form in (word, *sorted(lemmas(word))):
        if form in _substance():
            category, instead = _substance()[form]
            return category, form, instead
    return None


def licences(word: str) -> frozenset[str]:
    """What a child may have said instead of this word of substance."""
    entry = substance_of(word)
    return entry[2] if entry else frozenset()


def known(conversation: Conversation, word: str, instead: Iterable[str] = ()) -> bool:
    """Has the child said this word, a form or synonym of it, or agreed to it?"""
    forms = {word, *lemmas(word)}
    wider = set(instead).union(*(_synonyms().get(form, frozenset()) for form in forms))
    return conversation.accepted_by_child(word) or any(conversation.said_by_child(other) for other in wider)


def granted(conversation: Conversation, word: str, instead: Iterable[str] = ()) -> bool:
    """`known`, for what must come from the child: a word that it only denied does not count."""
    forms = {word, *lemmas(word)}
    wider = {word, *instead}.union(*(_synonyms().get(form, frozenset()) for form in forms))
    return any(form in conversation.affirmed_lemmas for form in forms) or said_plainly(
        conversation, tuple(wider)
    )


def new_phrases(conversation: Conversation, text: str) -> list[NewWord]:
    """Acts put in several words ("take your clothes off") that the child has not spoken of."""
    found = []
    for entry in lexicon("substance")["phrases"].values():
        hit = re.search(entry["any"], text)
        theirs = any(granted(conversation, word) for word in entry["said"])
        if hit and not theirs and not _agreed(conversation, hit.group()):
            found.append(NewWord(hit.group().strip(), entry.get("kind", "touch_and_sexual")))
    return found


def _agreed(conversation: Conversation, words: str) -> bool:
    """Has the child said each of these words, or yes to them?"""
    return all(
        conversation.accepted_by_child(word) for word in words.split() if word not in lexicon()["pronouns"]
    )


def new_substance(conversation: Conversation, words: Sequence[Word]) -> list[NewWord]:
    """Words of substance that the child has neither said nor agreed to."""
    found = []
    plain = {word.text for word in words}
    for word in words:
        entry = substance_of(word.text)
        if entry is None or not _meant(word, entry[0], entry[1], plain):
            continue
        if not granted(conversation, word.text, entry[2]):
            found.append(NewWord(word.text, entry[0]))
    return found


_ONLY_AS = {"cross": "ADJ", "cut": "VERB", "trip": "VERB", "lick": "VERB"}
_BIT_OF = {"a", "little", "wee", "which", "that", "this", "the", "every", "any"}


def _meant(word: Word, category: str, form: str, plain: set[str]) -> bool:
    """Is the word used as substance ("his back") and not as a particle or in play ("come back")?"""
    if plain & lexicon("neutral")["play"] and category in {"harm", "threat"}:
        return False
    if form in {"back", "want", "wrong", "trouble"}:
        return (
            form == "back"
            and word.token.pos_ == "NOUN"
            and bool(plain & {"your", "his", "her"})
            and word.token.i > 0
            and word.token.nbor(-1).lower_ in {"your", "his", "her", "the"}
        )
    if category == "body" and form in {
        "hand",
        "face",
        "head",
        "eye",
        "ear",
        "back",
        "hair",
        "clothes",
        "pants",
        "chest",
    }:
        return word.token.pos_ in {"NOUN", "PROPN"}
    if form == "lie":
        return "down" not in plain and "on" not in plain
    if form == "bite" and word.text == "bit" and word.token.i > 0:
        return word.tag.startswith("VB") and word.token.nbor(-1).lower_ not in _BIT_OF
    return word.token.pos_ == _ONLY_AS[form] if form in _ONLY_AS else word.token.pos_ != "ADV"


def new_facts(
    conversation: Conversation, words: Sequence[Word], neutral: bool, encoder: Encoder | None = None
) -> list[NewWord]:
    """Content words the child has not said. `neutral` allows everyday settings as well."""
    lists = lexicon("neutral")
    allowed = lists["empty"] | (lists["neutral"] if neutral else frozenset())
    found = []
    for word in words:
        if not _carries(word) or {word.text, *lemmas(word.text)} & allowed:
            continue
        if not known(conversation, word.text, licences(word.text)) and not _near(
            conversation, word.text, encoder
        ):
            found.append(NewWord(word.text, "fact"))
    return found


def _carries(word: Word) -> bool:
    lists = lexicon()
    closed = (
        word.text
        in lists["auxiliaries"] | lists["pronouns"] | lists["determiners"] | lists["wh"] | lists["lead_ins"]
        or word.text in lists["adverbs"]
    )
    if closed or len(word.text) < 2 or (word.token.is_stop and word.text not in lexicon()["weighty"]):
        return False
    return word.token.pos_ in {"NOUN", "PROPN", "VERB", "ADJ", "NUM", "X"} or (
        word.token.pos_ == "ADV"
        and word.text in {"home", "upstairs", "downstairs", "outside", "inside", "alone", "asleep", "abroad"}
    )


def _near(conversation: Conversation, word: str, encoder: Encoder | None) -> bool:
    """Is a word of the child's close in meaning?"""
    if encoder is None:
        return False
    vocabulary: Vocabulary = conversation.notes.setdefault(_NOTES, Vocabulary())
    vocabulary.grow(conversation.child_content, encoder)
    return encoder.close(word, vocabulary, NEAR) is not None


def everyday(text: str) -> bool:
    """Does the turn speak of everyday rapport topics, ground rules or the interview itself?"""
    return bool(pattern("rapport", "neutral").search(text))


def quote_start(words: Sequence[Word]) -> int | None:
    """Where the words put in the child's mouth begin: after "you said", but not after "what you said"."""
    text = " ".join(word.text for word in words)
    hit = pattern("quote", "flags").search(text)
    if hit is None:
        return None
    before = text[: hit.start()].split()
    if before and before[-1] in lexicon("quoting")["no_quote_after"]:
        return None
    return len(text[: hit.end()].split())


def quoted_words(words: Sequence[Word], stop: int | None) -> list[Word]:
    """The words put in the child's mouth, up to the request or sentence end."""
    first = quote_start(words)
    if first is None or first >= len(words) or words[first].hard or "," in words[first].before:
        return []
    last = next((i for i in range(first + 1, len(words)) if words[i].hard), len(words))
    if stop is not None and stop >= first:
        last = min(last, stop)
    return list(words[first:last])
