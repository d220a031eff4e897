"""Flags for content that is not the child's: new_info, new_topic, misquote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from web.language.conversation import Conversation
from web.language.encoder import Encoder
from web.language.flags.quoting import THEIRS, denied
from web.language.model import Flag, QuestionType
from web.language.newcontent import (
    NewWord,
    everyday,
    known,
    licences,
    new_facts,
    new_phrases,
    new_substance,
    quoted_words,
)
from web.language.parse import lemmas, text_of
from web.language.question.decide import Reading
from web.language.question.heard import heard
from web.language.question.patterns import pattern
from web.language.question.statements import apart, content_words
from web.language.question.words import Word, lexicon, plain_words

_TOLD_OF = {"touch_and_sexual", "harm", "exploitation"}
"""What counts as put to the child even in a remark that asks for nothing."""
_NEGATIVE = {"not", "never", "nobody", "nothing", "none"}
_PEOPLE_PRONOUNS = {"he", "she", "him", "her", "his", "they", "them", "hers"}


def content_flags(conversation: Conversation, reading: Reading, encoder: Encoder | None) -> Iterator[Flag]:
    misquoted = next(_misquote(conversation, reading), None)
    if misquoted:
        yield misquoted
    new = _new_info(conversation, reading, encoder) or (misquoted and misquoted.why)
    if new:
        yield Flag("new_info", new)
    elif reading.type is QuestionType.INVITATION:
        topic = _new_topic(conversation, reading)
        if topic:
            yield Flag("new_topic", f"'{topic}' has not been mentioned by the child")


def _new_info(conversation: Conversation, reading: Reading, encoder: Encoder | None) -> str | None:
    if _procedural(reading):
        return None
    words = reading.words
    substance = _substance(conversation, reading, words)
    if substance:
        return substance[0].why
    if reading.type is QuestionType.NON_QUESTION or everyday(reading.text) or _of_interviewer(reading):
        return None
    facts = _facts(conversation, reading, encoder)
    if facts:
        return facts[0].why
    return _unknown_person(conversation, reading)


def _of_interviewer(reading: Reading) -> bool:
    """ "What is the name of my cat?" Practice with the interviewer's own life puts nothing to the child."""
    texts = {word.text for word in reading.words}
    return bool(texts & {"my", "mine"}) and not texts & (_PEOPLE_PRONOUNS | {"you", "your", "yours"})


def _procedural(reading: Reading) -> bool:
    """Echoes, instructions and support put nothing to the child."""
    return reading.type is QuestionType.NON_QUESTION and reading.subtype in {
        "facilitator",
        "instruction",
        "support",
    }


def _substance(conversation: Conversation, reading: Reading, words: Sequence[Word]) -> list[NewWord]:
    found = [*new_substance(conversation, words), *new_phrases(conversation, reading.text)]
    if everyday(reading.text):
        found = [
            new
            for new in found
            if new.kind in {"touch_and_sexual"}
            and new.word not in {"hug", "cuddle", "kiss", "tickle", "secret"}
        ]
    if reading.type is QuestionType.NON_QUESTION:
        found = [
            new for new in found if new.kind in _TOLD_OF and _PEOPLE_PRONOUNS & set(reading.text.split())
        ]
    about_now = (
        reading.frame not in {"wh", "confirm"}
        and pattern("about_now", "flags").search(reading.text)
        and not pattern("about_past", "flags").search(reading.text)
    )
    if _NEGATIVE & {word.text for word in words}:  # "why didn't you scream", after "I didn't scream"
        found = [new for new in found if not lemmas(new.word) & heard(conversation).denied]
    return [new for new in found if not (new.kind == "feeling" and about_now)]


def _facts(conversation: Conversation, reading: Reading, encoder: Encoder | None) -> list[NewWord]:
    """What the turn states or takes for granted."""
    if reading.frame == "confirm":
        claimed = _claimed(reading)
        found = new_facts(conversation, claimed, neutral=False, encoder=encoder)
        return found or _joined_anew(conversation, claimed)
    if reading.frame == "wh":
        presupposed = _presupposed(reading)
        found = new_facts(conversation, presupposed, reading.subtype != "causal", encoder)
        return found or (_not_denied(conversation, presupposed) if reading.subtype == "causal" else [])
    if reading.frame == "open":
        return new_facts(conversation, _event_verbs(reading), neutral=True, encoder=encoder)
    return _facts_asked_plainly(conversation, reading, encoder) if reading.frame == "plain" else []


def _facts_asked_plainly(
    conversation: Conversation, reading: Reading, encoder: Encoder | None
) -> list[NewWord]:
    """A yes/no question takes little for granted, unless it asks to agree or to remember."""
    claim = pattern("asks_to_agree", "flags").search(reading.text)
    if claim:
        claimed = reading.words[len(reading.text[: claim.end()].split()) :]
        found = new_facts(conversation, claimed, neutral=False, encoder=encoder)
        return found or _joined_anew(conversation, claimed)
    if reading.last and pattern("remember_thing", "flags").search(reading.text):
        recalled = reading.words[reading.last.start : reading.last.end]
        return new_facts(conversation, recalled, neutral=True, encoder=encoder)
    if reading.subtype in {"can_you_tell", "do_you_know"}:
        return new_facts(conversation, _event_verbs(reading), neutral=True, encoder=encoder)
    return []


def _event_verbs(reading: Reading) -> list[Word]:
    return [word for word in _event_clause(reading) if word.tag.startswith("VB")]


def _not_denied(conversation: Conversation, words: Sequence[Word]) -> list[NewWord]:
    """ "Why didn't you tell?", where the child has not said that it did not."""
    place = next((i for i, word in enumerate(words) if word.text in _NEGATIVE), None)
    verb = next((word for word in words[place or 0 :] if word.token.pos_ == "VERB"), None)
    if place is None or verb is None or lemmas(verb.text) & heard(conversation).denied:
        return []
    return [NewWord(f"{words[place].text} {verb.text}", "fact")]


def _as_said(word: Word) -> str:
    """The child's word itself; nothing for the parts of a contraction."""
    words = plain_words(text_of(word.token.doc)[word.start : word.end])
    return words[0] if len(words) == 1 else ""


def _joined_anew(conversation: Conversation, claimed: Sequence[Word]) -> list[NewWord]:
    """Words that are the child's one by one, put together as the child never put them."""
    spoken = [
        replace(word, text=text)
        for word in claimed
        if (text := _as_said(word) if word.text == THEIRS else word.text)
        and (word.text == THEIRS or conversation.accepted_by_child(text))
    ]
    weighty = [word.text for word in content_words(spoken)]
    return [NewWord(" … ".join(weighty), "joined")] if apart(conversation, weighty) else []


def _claimed(reading: Reading) -> Sequence[Word]:
    """The statement offered for confirmation, without the tag or earlier requests."""
    if reading.asks:
        last = reading.asks[-1][0].start
        start = max((i for i, word in enumerate(reading.words[:last]) if word.hard), default=0)
        return reading.words[start:last]
    return reading.words


def _presupposed(reading: Reading) -> Sequence[Word]:
    """A wh-question takes all its content for granted, except the thing asked for ("what colour")."""
    request = reading.asks[-1][0] if reading.asks else None
    if request is None:
        return reading.words
    start = request.start
    opening = [word.text for word in reading.words[start : start + 3]]
    skip = (
        2
        if opening[:1] in (["what"], ["which"], ["how"])
        and len(opening) > 1
        and opening[1] not in lexicon()["auxiliaries"]
        else 0
    )
    stop = next(
        (i for i in range(start + 1, len(reading.words)) if reading.words[i].hard), len(reading.words)
    )
    return reading.words[start + skip : stop]


def _event_clause(reading: Reading) -> Sequence[Word]:
    """What an open prompt takes for granted: the clause after when, after, before, about, time."""
    request = reading.last
    if request is None:
        return ()
    words = reading.words[request.start : request.end]
    for i, word in enumerate(words):
        if i > 1 and word.text in {"when", "after", "before", "about", "while", "where", "how"}:
            stop = next((j for j in range(i + 1, len(words)) if words[j].hard), len(words))
            return words[i + 1 : stop]
    return ()


def _unknown_person(conversation: Conversation, reading: Reading) -> str | None:
    """ "he" before the child has spoken of anybody takes a person for granted."""
    if reading.frame not in {"wh", "confirm", "open"} or not conversation.turns:
        return None
    people = lexicon("neutral")["people"]
    texts = [word.text for word in reading.words]
    pronoun = next((text for text in texts if text in _PEOPLE_PRONOUNS), None)
    if pronoun is None or set(texts) & (people - _PEOPLE_PRONOUNS - {"their", "we"}):
        return None
    spoken = conversation.names or any(
        person in conversation.child_lemmas or person in conversation.affirmed_lemmas for person in people
    )
    return None if spoken else f"'{pronoun}': the child has not spoken of anybody yet"


def _new_topic(conversation: Conversation, reading: Reading) -> str | None:
    request = reading.last
    if request is None:
        return None
    stop = next((i for i in range(request.start + 1, request.end) if reading.words[i].hard), request.end)
    lists = lexicon("neutral")
    allowed = lists["topic"] | lists["empty"]
    nouns = [word for word in reading.words[request.start : stop] if word.token.pos_ in {"NOUN", "PROPN"}]
    if everyday(reading.text):
        return None
    for word in nouns:
        plain = (
            word.text in allowed | {THEIRS}
            or word.token.is_stop
            or word.text in lexicon()["lead_ins"] | lexicon()["pronouns"]
        )
        if not plain and not known(conversation, word.text, licences(word.text)):
            return word.text
    return None


def _misquote(conversation: Conversation, reading: Reading) -> Iterator[Flag]:
    earlier = [request.start for request, ask in reading.asks if ask.subtype != "tag"]
    quoted = quoted_words(reading.words, min(earlier, default=None))
    found = new_facts(conversation, quoted, neutral=False) or new_substance(conversation, quoted)
    for new in found or _joined_anew(conversation, quoted):
        yield Flag("misquote", f"'{new.word}' is not in what the child said")
        return
    if denied(conversation, reading):
        yield Flag("misquote", "the child said this with 'not'")
        return
    if quoted and any(w.text in {"not", "never"} for w in quoted) and not _child_denied(conversation):
        yield Flag("misquote", "'not': the child did not put it this way")


def _child_denied(conversation: Conversation) -> bool:
    return bool(
        {"not", "n't", "never", "no", "nothing", "nobody", "dont", "didnt"} & conversation.child_lemmas.keys()
    )
