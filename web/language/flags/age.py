"""Flags against the child's age: long, complex, vocabulary, unclear_reference."""

from __future__ import annotations

from collections.abc import Iterator

from web.language.conversation import Conversation
from web.language.flags.quoting import THEIRS
from web.language.model import Flag, QuestionType, Speaker
from web.language.parse import lemmas
from web.language.question.decide import Reading
from web.language.question.words import Word, lexicon

# Words that a request of several clauses may have, up to this age in years. About 12 below seven is the
# published rule of thumb; above seven nothing is published, the steps are ours and mild on purpose.
_LONGEST = ((6, 12), (9, 20), (12, 28), (17, 40))
_ONE_CLAUSE = 1.5  # how much longer a request may be that has a single clause
_CLAUSES = ((6, 1), (9, 2), (17, 3))
_SUBORDINATE = {"advcl", "relcl", "ccomp", "acl", "csubj"}


def age_flags(conversation: Conversation, reading: Reading) -> Iterator[Flag]:
    age = conversation.age
    if reading.type is not QuestionType.NON_QUESTION:
        yield from _length(age, reading)
        yield from _unclear(conversation, reading)
    yield from _vocabulary(age, reading, conversation)


def _length(age: int | None, reading: Reading) -> Iterator[Flag]:
    whose = f"a child of {age}" if age is not None else "a child of unknown age"
    asked = _asked(reading)
    inner = sum(word.token.dep_ in _SUBORDINATE for word in asked)
    joined = sum(word.token.dep_ == "conj" and _has_subject(word) for word in asked)
    limit = _at(_LONGEST, 9 if age is None else age)
    allowed = limit if inner + joined else int(limit * _ONE_CLAUSE)
    if len(asked) > allowed:
        yield Flag("long", f"{len(asked)} words in one request; for {whose} at most about {allowed}")
    inner -= sum(word.text in {"tell", "said", "know", "remember"} for word in reading.words)
    most = _at(_CLAUSES, 9 if age is None else age)
    if inner > most:
        yield Flag("complex", f"{inner} clauses inside one another; for {whose} at most {most}")


def _asked(reading: Reading) -> list[Word]:
    """The interviewer's own words in the sentence of the last request, lead-ins taken off."""
    words = reading.words
    place = reading.last.start if reading.last else len(words) - 1
    start = max((i for i in range(place + 1) if words[i].hard), default=0)
    end = next((i for i in range(place + 1, len(words)) if words[i].hard), len(words))
    while start < place and words[start].text in lexicon()["lead_ins"]:
        start += 1
    return [word for word in words[start:end] if word.text != THEIRS]


def _has_subject(word: Word) -> bool:
    return any(child.dep_ in {"nsubj", "nsubjpass"} for child in word.token.children)


def _at(steps: tuple[tuple[int, int], ...], age: int) -> int:
    return next((limit for oldest, limit in steps if age <= oldest), steps[-1][1])


def _vocabulary(age: int | None, reading: Reading, conversation: Conversation) -> Iterator[Flag]:
    years = 9 if age is None else age
    for needed, hard in lexicon("neutral")["vocabulary"].items():
        if years >= int(needed):
            continue
        for word in reading.words:
            if {word.text, *lemmas(word.text)} & set(hard) and not conversation.said_by_child(word.text):
                yield Flag(
                    "vocabulary",
                    f"'{word.text}' is hard before about {'adulthood' if int(needed) > 18 else needed}",
                )
                return


def _unclear(conversation: Conversation, reading: Reading) -> Iterator[Flag]:
    """A "he" that could be two people of the child's last turn."""
    last = conversation.last(Speaker.CHILD)
    if last is None or last.doc is None:
        return
    lists = lexicon("neutral")
    texts = {word.text for word in reading.words}
    heard = {form for token in last.doc for form in lemmas(token.text)}
    for pronouns, people in (({"he", "him", "his"}, lists["male"]), ({"she", "her"}, lists["female"])):
        several = sorted(heard & people)
        pronoun = sorted(texts & pronouns)
        if pronoun and len(_distinct(several)) > 1 and not texts & people:
            yield Flag("unclear_reference", f"'{pronoun[0]}' could be {several[0]} or {several[1]}")
            return


def _distinct(people: list[str]) -> list[str]:
    groups = {frozenset(group) for group in lexicon("neutral")["synonyms"]}
    seen: list[frozenset[str]] = []
    for person in people:
        group = next((group for group in groups if person in group), frozenset({person}))
        if group not in seen:
            seen.append(group)
    return [",".join(sorted(group)) for group in seen]
