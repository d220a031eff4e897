"""Flags that stand in the wording and order of requests."""

from __future__ import annotations

from collections.abc import Iterator

from web.language.conversation import Conversation
from web.language.flags.matching import matched
from web.language.flags.quoting import shown
from web.language.model import Flag, QuestionType
from web.language.question.decide import Reading
from web.language.question.kinds import Ask
from web.language.question.patterns import pattern
from web.language.question.requests import Kind, Request

_WITHIN = {
    "because",
    "so",
    "who",
    "which",
    "where",
    "when",
    "while",
    "anywhere",
    "anything",
    "something",
    "if",
}
"""Words that open a clause inside a question."""
_NEGATIVE = {"not", "never", "nobody", "nothing", "none", "neither", "nowhere"}
_DOUBLE = {
    "unhappy",
    "untrue",
    "unlikely",
    "without",
    "nobody",
    "nothing",
    "never",
    "no",
    "nowhere",
    "none",
    "not",
    "unable",
    "unusual",
    "hardly",
}


def wording_flags(conversation: Conversation, reading: Reading) -> Iterator[Flag]:
    yield from _several(reading)
    if reading.faux and reading.last:
        head = shown(reading.last.words[:4])
        yield Flag("faux_invitation", f"'{head}' sounds open but asks for one detail or a yes or no")
    yield from _negatives(reading)
    yield from _why(reading)
    if reading.type is not QuestionType.NON_QUESTION:
        why = matched("time_number", reading.text)
        if (
            not why
            and reading.subtype == "time_number"
            and not pattern("time_exempt", "flags").search(reading.text)
        ):
            why = f"'{shown(reading.last.words[:3])}' asks for a time or a number" if reading.last else None
        if why:
            young = conversation.age is None or conversation.age <= 10
            yield Flag("time_number", f"{why}{', which is hard below about ten years' if young else ''}")
    why = matched("props", reading.text, conversation.said_by_child)
    if why:
        yield Flag("props", why)


def _several(reading: Reading) -> Iterator[Flag]:
    asks = [
        (request, ask)
        for place, (request, ask) in enumerate(reading.asks)
        if request.kind is not Kind.TAG and not (place and _trails(reading, request))
    ]
    asks = [
        one for i, one in enumerate(asks) if i + 1 == len(asks) or not _put_anew(reading, one, asks[i + 1])
    ]
    if len(asks) < 2:
        return
    first, last = shown(asks[0][0].words[:6]), shown(asks[-1][0].words[:6])
    yield Flag("compound", f"{len(asks)} requests in one turn: '{first}' and '{last}'")
    opened = [i for i, (_, ask) in enumerate(asks) if ask.type is QuestionType.INVITATION]
    if opened and asks[-1][1].type is not QuestionType.INVITATION:
        yield Flag(
            "recast",
            f"the open prompt '{shown(asks[opened[-1]][0].words[:6])}' is closed down by '{last}'",
        )


def _trails(reading: Reading, request: Request) -> bool:
    """ "How many times, would you say?" asks one thing."""
    rest = range(request.start + 1, request.end)
    paused = (i for i in rest if reading.words[i].hard or "," in reading.words[i].before)
    until = next(paused, request.end)
    asked = " ".join(word.text for word in reading.words[request.start : until])
    return bool(pattern("trails", "flags").fullmatch(asked))


def _put_anew(reading: Reading, first: tuple[Request, Ask], second: tuple[Request, Ask]) -> bool:
    """ "Who are the olders, what do you call them?" Said again at once in other words, it is one request."""
    start = second[0].start
    paused = "," in reading.words[start].before or "-" in reading.words[start].before
    joined = reading.words[start - 1].text in {"and", "or", "also", "then"}
    if first[1].type is second[1].type is QuestionType.INVITATION:
        return True  # "start at the beginning, tell me everything"
    alike = first[1].type is second[1].type
    close = not any(word.hard for word in reading.words[first[0].start + 1 : start + 1])
    return alike and paused and close and not joined


def _negatives(reading: Reading) -> Iterator[Flag]:
    if reading.type in (QuestionType.NON_QUESTION, QuestionType.INVITATION):
        return
    words = _main_clause(reading)
    negatives = [word for word in words if word in _NEGATIVE]
    if reading.subtype == "tag" and reading.last and "not" in reading.last.words and len(negatives) == 1:
        negatives = []  # "you went home, didn't you": the tag alone negates
    if negatives:
        yield Flag(
            "negative_term", f"'{negatives[0]}' in a question: children answer negated questions unreliably"
        )
    doubled = [word for word in words if word in _DOUBLE and not (word == "no" and words[-1:] == ["no"])]
    if (
        "not" in doubled
        and len(doubled) > 1
        and reading.subtype != "tag"
        or len([w for w in doubled if w != "not"]) > 1
        and negatives
    ):
        yield Flag("double_negative", f"'{doubled[0]}' and '{doubled[1]}' in one question")


def _main_clause(reading: Reading) -> list[str]:
    """What is asked, up to a clause within it: "was it shut so she couldn't see" negates nothing asked."""
    words = _asked_words(reading)
    stop = next(
        (i for i, word in enumerate(words) if i > 1 and word in _WITHIN and words[i - 1] != "is"), len(words)
    )
    tag = words[-3:] if reading.subtype == "tag" else []
    return words[:stop] + (tag if stop < len(words) - 2 else words[stop:] if stop >= len(words) - 2 else [])


def _asked_words(reading: Reading) -> list[str]:
    """The words of the last request, or of the claim; a lead-in such as "I don't know" is no question."""
    if not reading.asks:
        start = max((i for i, word in enumerate(reading.words) if word.hard), default=0)
        return [word.text for word in reading.words[start:]]
    if reading.subtype == "tag":
        start = max(
            (i for i, word in enumerate(reading.words[: reading.asks[-1][0].start]) if word.hard), default=0
        )
        return [word.text for word in reading.words[start:]]
    request = reading.asks[-1][0]
    stop = next(
        (i for i in range(request.start + 1, min(request.end, len(reading.words))) if reading.words[i].hard),
        request.end,
    )
    asked = list(request.words[: stop - request.start])
    return asked[:-2] if asked[-2:] == ["or", "not"] else asked


def _why(reading: Reading) -> Iterator[Flag]:
    if reading.type is QuestionType.NON_QUESTION:
        return
    text = " ".join(_asked_words(reading))
    hit = pattern("why_words", "flags").search(text)
    if hit and not pattern("came_here", "flags").search(text):
        yield Flag("why", f"'{hit.group()}' asks for a reason and can sound like blame")
