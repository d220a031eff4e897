"""The tag at the end of a statement: "didn't he?", "right?", "is that correct?"."""

from __future__ import annotations

from collections.abc import Sequence

from web.language.question.patterns import pattern
from web.language.question.requests import Kind, find_requests
from web.language.question.words import Word, lexicon


def tag_at_end(words: Sequence[Word], asked: bool) -> int | None:
    """Where the closing tag begins, or None. A tag needs a statement before it."""
    text = [word.text for word in words]
    start = _clause(text)
    if start is None and len(text) > 1 and text[-1] in lexicon()["tag_words"] and _word(words, asked):
        start = len(text) - 1
    if start is None or start < 1 or all(word in lexicon()["lead_ins"] for word in text[:start]):
        return None
    opened = max((i for i, word in enumerate(words[:start]) if word.hard), default=0)
    sentence = find_requests(words[opened:])
    asking = any(request.start < start - opened and _asks(request) for request in sentence)
    return None if asking and not _sure_tag(words, start, opened) else start


def _sure_tag(words: Sequence[Word], start: int, opened: int) -> bool:
    """ "your mum did tell you what to say, didn't she": a statement whatever it embeds."""
    first = next((i for i in range(opened, start) if words[i].text not in lexicon()["lead_ins"]), opened)
    states = words[first].text not in lexicon()["auxiliaries"] | lexicon()["wh"] | lexicon()["tell_verbs"]
    return states and len(words) - start > 2 and words[start + 1].text == "not"


def _asks(request: object) -> bool:
    return getattr(request, "kind", None) is not Kind.TAG


def _word(words: Sequence[Word], asked: bool) -> bool:
    """Is the last word ("right", "yeah") a tag here and not part of the sentence?"""
    last, before, lists = words[-1], words[-2].text, lexicon()
    if last.text == "right" and before in lists["before_right"]:
        return bool(last.before.strip(" "))
    if not asked and not last.before.strip() and pattern("instruct_modal").search(_sentence(words)):
        return False  # "you must tell it right"
    if last.text in {"correct", "true"} and before in lists["before_correct"]:
        return False
    if last.text in lists["soft_tags"]:
        paused = bool(last.before.strip()) and asked
        return (paused or last.text in {"huh", "eh", "yeah"}) and _claims(words[:-1])
    return True


def _sentence(words: Sequence[Word]) -> str:
    opened = max((i for i, word in enumerate(words) if word.hard), default=0)
    return " ".join(word.text for word in words[opened:])


def _claims(words: Sequence[Word]) -> bool:
    """Is this about events (a tag makes it a question) and not an instruction ("sit here, yeah?")?"""
    plain = " ".join(word.text for word in words)
    guides = pattern("instruct_modal").search(plain) or pattern("instruction").match(plain)
    return not guides and len(words) > 1 and any(word.token.pos_ in {"VERB", "AUX"} for word in words)


def _clause(text: Sequence[str]) -> int | None:
    """ "... did he", "... didn't he", "... was it not", "... is that right": the place of the auxiliary."""
    phrase = pattern("tag_phrase").search(" ".join(text))
    if phrase:
        return len(" ".join(text)[: phrase.start()].split())
    lists = lexicon()
    for size, middle in ((2, ()), (3, ("not",)), (3, ("not", "last"))):
        if len(text) <= size:
            continue
        tail = text[-size:]
        subject = tail[1] if middle == ("not", "last") else tail[-1]
        negated = not middle or tail[1 if middle == ("not",) else 2] == "not"
        if not negated or tail[0] not in lists["auxiliaries"]:
            continue
        spoken_to = (
            text[-size - 1] == "you" and middle and subject in lists["tag_subjects"]
        )  # "it hurts you, doesn't it"
        if spoken_to or _subject(tail[0], subject, text[-size - 1]):
            return len(text) - size
    return None


def _subject(auxiliary: str, subject: str, before: str) -> bool:
    """Does auxiliary + subject close a statement ("was it") and not end one ("he did it", "do this")?"""
    lists = lexicon()
    if subject not in lists["tag_subjects"] or before in {"or", "who", "what", "and"}:
        return False
    if before in lists["pronouns_nominative"] or (
        before == "you" and subject not in lists["pronouns_nominative"]
    ):
        return False
    if subject in {"this", "that", "it"} and auxiliary in {"do", "have", "had"}:
        return False
    return subject not in {"this", "that"} or auxiliary in lists["be"]
