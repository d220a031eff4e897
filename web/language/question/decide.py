"""Layer 1 of a turn: strip, find the requests, code the last one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from web.language.conversation import Conversation
from web.language.model import QuestionType
from web.language.question.asked import Ask, classify, is_choice
from web.language.question.patterns import pattern
from web.language.question.requests import Kind, Request, find_requests
from web.language.question.statements import Statement, read_statement
from web.language.question.words import Word, lexicon, words_in


@dataclass(frozen=True, slots=True)
class Reading:
    """How a turn was read: what the flags and the schemes are derived from.

    `frame` is how content is put: `open`, `wh`, `plain`, `choice`, `confirm` (tag or
    declarative) or `statement`. `asks` are the requests that ask for something, in order.
    """

    type: QuestionType
    subtype: str | None
    confidence: float
    frame: str
    words: tuple[Word, ...]
    doc: Doc
    asks: tuple[tuple[Request, Ask], ...] = ()
    claim: Statement | None = None
    faux: bool = False

    @property
    def text(self) -> str:
        """The turn as plain lower-case words without punctuation."""
        return " ".join(word.text for word in self.words)

    @property
    def last(self) -> Request | None:
        return self.asks[-1][0] if self.asks else None


_TAG_WORDS = {"right", "correct", "true", "huh", "eh", "yeah", "yes", "no", "hm", "hmm"}
_SOFT_TAGS = {"yeah", "yes", "huh", "eh", "hm", "hmm", "no"}
_TAG_PHRASE = re.compile(
    r"(?:^| )(?:is (?:that|it|this) (?:right|correct|true|not|so)|is that not (?:right|correct|so|true)|am i right|do you not think|have i got that right|is it not(?: right)?|did i get that right|is that what you (?:said|are saying|mean|meant)|are we right|would you agree|do you agree|or am i wrong|fair enough|is not (?:that|it) (?:right|so|true|correct)|is not it|is not that so)$"
)


def read(conversation: Conversation, doc: Doc) -> Reading:
    """Read one interviewer turn by the manual's order; never None, never raises on odd text."""
    words = words_in(doc)
    body = _without_trailing_ok(words)
    asked = _ends_asking(doc.text) and len(body) == len(words)
    tag = _tag_at_end(body, asked)
    if tag is not None:
        return _tagged(words, doc, body, tag)
    asks = _asks(body)
    fragment = _fragment_after(body, asks, asked)
    if fragment is not None:
        asks = [*asks, (fragment, _fragment_ask(fragment, asks))]
    if asks:
        return _from_request(conversation, words, doc, asks)
    return _from_statement(conversation, words, doc, body, asked)


def _asks(words: Sequence[Word]) -> list[tuple[Request, Ask]]:
    found: list[tuple[Request, Ask]] = []
    for request in find_requests(words):
        ask = classify(request)
        if ask is None or _conditional(words, request):
            continue
        if found and request.kind is Kind.AUX and _continues_choice(words, found[-1][0], request):
            first = found.pop()[0]
            request = replace(first, end=request.end, words=first.words + request.words)
            ask = Ask(QuestionType.CHOICE, None)
        found.append((request, ask))
    return found


def _conditional(words: Sequence[Word], request: Request) -> bool:
    """ "If you don't know, just tell me." asks for nothing; "if you can, tell me what happened" does."""
    if request.kind is not Kind.TELL:
        return False
    opened = max((i for i in range(request.start + 1) if i == 0 or words[i].hard), default=0)
    clause = [word.text for word in words[opened : request.start]]
    rest = request.rest
    empty = not rest or rest[0] in {"i", "so", "you", "no", "that", "and", "okay"} or words[request.body].hard
    return bool({"if", "when", "whenever", "until"} & set(clause)) and empty


def _continues_choice(words: Sequence[Word], first: Request, second: Request) -> bool:
    """ "Did he hit you or did he kick you?" is one choice."""
    return first.kind is Kind.AUX and second.start > 0 and words[second.start - 1].text == "or"


def _from_request(
    conversation: Conversation, words: Sequence[Word], doc: Doc, asks: list[tuple[Request, Ask]]
) -> Reading:
    request, ask = asks[-1]
    if request.kind is Kind.WH and request.words[:2] in (("what", "about"), ("how", "about")):
        ask = _stands_for(conversation, ask)
        asks = [*asks[:-1], (request, ask)]
    frames = {QuestionType.INVITATION: "open", QuestionType.WH: "wh", QuestionType.CHOICE: "choice"}
    frame = frames.get(ask.type, "confirm" if ask.subtype == "declarative" else "plain")
    faux = any(one.faux for _, one in asks[-1:])
    return Reading(ask.type, ask.subtype, ask.sure, frame, tuple(words), doc, tuple(asks), None, faux)


def _from_statement(
    conversation: Conversation, words: Sequence[Word], doc: Doc, body: Sequence[Word], asked: bool
) -> Reading:
    text = " ".join(word.text for word in body)
    situ = _wh_in_place(body, asked)
    if situ is not None:
        return _from_request(conversation, words, doc, [situ])
    linked = _linked_fragment(conversation, body, asked)
    if linked is not None:
        return Reading(linked.type, linked.subtype, 0.6, "plain", tuple(words), doc)
    if _offers(body) and (asked or not any(word.token.pos_ in {"VERB", "AUX"} for word in body)):
        return Reading(QuestionType.CHOICE, None, 0.85, "choice", tuple(words), doc)
    claim = read_statement(conversation, body, text, asked)
    ask = claim.ask
    frame = "confirm" if ask.type is QuestionType.YES_NO else "statement"
    return Reading(ask.type, ask.subtype, ask.sure, frame, tuple(words), doc, (), claim)


def _offers(body: Sequence[Word]) -> bool:
    plain = tuple(word.text for word in body)
    return is_choice(Request(Kind.FRAGMENT, 0, 0, len(plain), plain))


# -- ends ---------------------------------------------------------------------------------------


def _ends_asking(text: str) -> bool:
    return text.rstrip(" \t\n\"'”’)").endswith("?")


def _without_trailing_ok(words: Sequence[Word]) -> Sequence[Word]:
    """A trailing "okay?" is no request."""
    end = len(words)
    while end > 1 and pattern("trailing_ok").fullmatch(words[end - 1].text):
        end -= 1
    if end > 2 and [word.text for word in words[end - 2 : end]] == ["all", "right"]:
        end -= 2
    return words[:end] if end else words


def _tag_at_end(words: Sequence[Word], asked: bool) -> int | None:
    """Where the closing tag begins ("didn't he", "right"), or None. A tag needs a statement before it."""
    text = [word.text for word in words]
    start = _tag_clause(text)
    if start is None and len(text) > 1 and text[-1] in _TAG_WORDS and _tag_word(words, asked):
        start = len(text) - 1
    if start is None or start < 1:
        return None
    before = words[:start]
    if all(word.text in lexicon()["lead_ins"] for word in before):
        return None
    opened = max((i for i, word in enumerate(before) if word.hard), default=0)
    asking = any(request.start < start - opened for request, _ in _asks(words[opened:]))
    return None if asking else start


def _tag_word(words: Sequence[Word], asked: bool) -> bool:
    last = words[-1]
    if last.text == "right" and words[-2].text in {
        "the",
        "on",
        "to",
        "turn",
        "turned",
        "my",
        "your",
        "his",
        "her",
        "or",
        "all",
        "is",
        "was",
        "not",
        "that's",
        "left",
        "am",
        "are",
        "sit",
    }:
        return bool(words[-1].before.strip(" "))
    if last.text in {"correct", "true"} and words[-2].text in {"is", "was", "not", "be", "are", "really"}:
        return False
    if last.text in _SOFT_TAGS:
        return asked and (bool(last.before.strip()) or last.text != "no") and _claims(words[:-1])
    return True


def _claims(words: Sequence[Word]) -> bool:
    """Is this about events (a tag makes it a question) and not an instruction ("sit here, yeah?")?"""
    plain = " ".join(word.text for word in words)
    return (
        not pattern("instruct_modal").search(plain)
        and not pattern("instruction").match(plain)
        and len(words) > 1
    )


_TAG_SUBJECTS = {"i", "you", "he", "she", "it", "we", "they", "there", "that", "this"}


def _tag_clause(text: Sequence[str]) -> int | None:
    phrase = _TAG_PHRASE.search(" ".join(text))
    if phrase:
        return len(" ".join(text)[: phrase.start()].split())
    auxiliaries = lexicon()["auxiliaries"]
    if len(text) >= 3 and text[-1] in _TAG_SUBJECTS and text[-2] in auxiliaries and text[-3] != "or":
        return len(text) - 2
    if (
        len(text) >= 4
        and text[-1] in _TAG_SUBJECTS
        and text[-2] == "not"
        and text[-3] in auxiliaries
        and text[-4] != "or"
    ):
        return len(text) - 3
    if (
        len(text) >= 4
        and text[-1] == "not"
        and text[-2] in _TAG_SUBJECTS
        and text[-3] in auxiliaries
        and text[-4] != "or"
    ):
        return len(text) - 3
    return None


def _tagged(words: Sequence[Word], doc: Doc, body: Sequence[Word], start: int) -> Reading:
    plain = tuple(word.text for word in body)
    earlier = _asks(body[:start])
    tag = Request(Kind.TAG, start, start, len(plain), plain[start:])
    ask = Ask(QuestionType.YES_NO, "tag", sure=0.93)
    return Reading(ask.type, ask.subtype, ask.sure, "confirm", tuple(words), doc, (*earlier, (tag, ask)))


# -- fragments ----------------------------------------------------------------------------------


def _fragment_after(words: Sequence[Word], asks: list[tuple[Request, Ask]], asked: bool) -> Request | None:
    """ "Where was it? At home?" A short question of its own after the last opening."""
    if not asks or not asked:
        return None
    start = max((i for i, word in enumerate(words) if word.hard and "?" in word.before), default=0)
    if start <= asks[-1][0].start or start >= len(words):
        return None
    plain = tuple(word.text for word in words[start:])
    if all(word in lexicon()["lead_ins"] for word in plain):
        return None
    return Request(Kind.FRAGMENT, start, start, len(words), plain)


def _fragment_ask(fragment: Request, asks: list[tuple[Request, Ask]]) -> Ask:
    before = asks[-1][1]
    if (
        fragment.words[0] == "or"
        and before.type is QuestionType.YES_NO
        and not set(fragment.words[1:2]) <= lexicon()["generic_or"]
    ):
        return Ask(QuestionType.CHOICE, None, sure=0.8)
    if is_choice(fragment):
        return Ask(QuestionType.CHOICE, None, sure=0.8)
    if fragment.words[0] == "and" and len(fragment.words) <= 4:
        return replace(before, sure=0.6)
    return Ask(QuestionType.YES_NO, "plain", sure=0.7)


def _wh_in_place(words: Sequence[Word], asked: bool) -> tuple[Request, Ask] | None:
    """ "You went where?" and the bare "Who?", "Because?" """
    plain = tuple(word.text for word in words)
    if not plain:
        return None
    heads = [i for i, word in enumerate(plain) if word in lexicon()["wh"] and word != "which"]
    if (
        heads
        and heads[-1] >= len(plain) - 2
        and (asked or len(plain) <= 2 or _bare_end(plain, heads[-1]))
        and plain[heads[-1] :][-1:] != ("happened",)
    ):
        if heads[-1] > 0 and plain[heads[-1] - 1] in {"no", "know", "matter"}:
            return None
        request = Request(Kind.WH, heads[-1], heads[-1] + 1, len(plain), plain[heads[-1] :])
        ask = classify(request)
        return (request, replace(ask, sure=0.8)) if ask else None
    if asked and plain in (("because",), ("cause",)):
        return Request(Kind.WH, 0, 1, 1, plain), Ask(QuestionType.WH, "causal", sure=0.6)
    return None


def _bare_end(plain: tuple[str, ...], place: int) -> bool:
    """ "so he touched you where": nothing follows, and no "know" or "remember" comes before."""
    return place == len(plain) - 1 and plain[place - 1] not in lexicon()["embedders"] - {
        "me",
        "us",
        "from",
        "to",
    }


def _linked_fragment(conversation: Conversation, words: Sequence[Word], asked: bool) -> Ask | None:
    """ "and school" takes the type of the question before it; "anything else?" is a short yes/no."""
    plain = [word.text for word in words]
    if plain[:2] in (
        ["anything", "else"],
        ["anyone", "else"],
        ["anybody", "else"],
        ["somebody", "else"],
        ["ever"],
    ) or plain[1:3] == ["anything", "else"]:
        return Ask(QuestionType.YES_NO, "plain")
    if plain[:1] in (["any"],) and len(plain) <= 5:
        return Ask(QuestionType.YES_NO, "plain")
    verbless = not any(word.token.pos_ in {"VERB", "AUX"} for word in words)
    last = conversation.last_question
    if (
        plain[:1] in (["and"], ["or"])
        and 1 < len(plain) <= 5
        and verbless
        and last is not None
        and last.coding.question
    ):
        if all(word.text in lexicon()["lead_ins"] | {"there", "here"} for word in words):
            return None
        before = last.coding.question
        return Ask(before.type, before.subtype if before.subtype not in {"tag"} else "plain")
    return None


def _stands_for(conversation: Conversation, ask: Ask) -> Ask:
    last = conversation.last_question
    if last is None or last.coding.question is None or last.index < len(conversation.turns) - 4:
        return ask
    before = last.coding.question
    return Ask(before.type, before.subtype if before.subtype != "tag" else "plain", sure=0.6)
