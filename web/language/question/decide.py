"""Layer 1 of a turn: strip, find the requests, code the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from web.language.conversation import Conversation
from web.language.model import QuestionType
from web.language.parse import text_of
from web.language.question.asked import classify, is_choice
from web.language.question.kinds import Ask, classify_wh, is_segment
from web.language.question.patterns import pattern
from web.language.question.requests import Kind, Request, find_requests
from web.language.question.statements import Statement, read_statement, repeats_last
from web.language.question.tags import tag_at_end
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
    def sentences(self) -> str:
        """The same with each sentence on a line of its own, where punctuation shows sentences."""
        return "".join(("\n" if word.hard else " ") + word.text for word in self.words).strip()

    def sentence(self, place: int) -> tuple[int, int]:
        """Where the sentence of the word at `place` starts and where it has ended, in words."""
        start = max((i for i in range(place + 1) if self.words[i].hard), default=0)
        rest = range(place + 1, len(self.words))
        return start, next((i for i in rest if self.words[i].hard), len(self.words))

    @property
    def last(self) -> Request | None:
        return self.asks[-1][0] if self.asks else None


CLIPPED = 6
"""The longest question without inversion ("where you was") in words."""


def read(conversation: Conversation, doc: Doc) -> Reading:
    """Read one interviewer turn by the manual's order; never None, never raises on odd text."""
    words = words_in(doc)
    body = _without_trailing_ok(words)
    asked = _ends_asking(text_of(doc)) and len(body) == len(words)
    heard = pattern("facilitator").fullmatch(" ".join(word.text for word in body))
    tag = None if heard else tag_at_end(body, asked)
    if (
        tag is not None
        and not asked
        and len(body) - tag == 1
        and repeats_last(conversation, body[:tag], asked)
    ):
        tag, body = None, body[:tag]
    if tag is not None:
        return _tagged(words, doc, body, tag)
    asks = _asks(body)
    if asks and repeats_last(conversation, body, asked):
        asks = []
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
            whole = replace(first, end=request.end, words=first.words + request.words)
            found.append((whole, Ask(QuestionType.CHOICE, None)))
        else:
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
    lead = " ".join(word.text for word in words[: request.start])
    if ask.subtype == "general" and is_segment(lead):
        ask = replace(ask, subtype="segment")
    if ask.subtype == "general" and pattern("lead_next").search(_clause_before(words, request.start)):
        ask = replace(ask, subtype="breadth")
    elif ask.subtype == "general" and pattern("lead_detail").search(_clause_before(words, request.start)):
        ask = replace(ask, subtype="cued")
    if request.kind is Kind.WH and request.words[:2] in (("what", "about"), ("how", "about")):
        ask = _stands_for(conversation, ask)
        asks = [*asks[:-1], (request, ask)]
    frames = {QuestionType.INVITATION: "open", QuestionType.WH: "wh", QuestionType.CHOICE: "choice"}
    frame = frames.get(ask.type, "confirm" if ask.subtype == "declarative" else "plain")
    faux = any(one.faux for _, one in asks[-1:])
    return Reading(ask.type, ask.subtype, ask.sure, frame, tuple(words), doc, tuple(asks), None, faux)


def _clause_before(words: Sequence[Word], place: int) -> str:
    """What the sentence of the request has before it."""
    opened = max((i for i in range(place + 1) if i == 0 or words[i].hard), default=0)
    return " ".join(word.text for word in words[opened:place])


def _from_statement(
    conversation: Conversation, words: Sequence[Word], doc: Doc, body: Sequence[Word], asked: bool
) -> Reading:
    text = " ".join(word.text for word in body)
    if repeats_last(conversation, body, asked):
        ask = Ask(QuestionType.NON_QUESTION, "facilitator")
        return Reading(ask.type, ask.subtype, ask.sure, "statement", tuple(words), doc)
    whole = _clipped(body, text, asked) or _wh_in_place(body, asked)
    if whole is not None:
        return _from_request(conversation, words, doc, [whole])
    linked = _linked_fragment(conversation, body, asked)
    if linked is not None:
        return Reading(linked.type, linked.subtype, 0.6, "plain", tuple(words), doc)
    if _offers(body) and (asked or not any(word.token.pos_ in {"VERB", "AUX"} for word in body)):
        return Reading(QuestionType.CHOICE, None, 0.85, "choice", tuple(words), doc)
    claim = read_statement(conversation, body, text, asked)
    ask = claim.ask
    frame = "confirm" if ask.type is QuestionType.YES_NO else "statement"
    return Reading(ask.type, ask.subtype, ask.sure, frame, tuple(words), doc, (), claim)


def _clipped(body: Sequence[Word], text: str, asked: bool) -> tuple[Request, Ask] | None:
    """ "And after you ran?", "He trouble you?": requests without the words that open one."""
    plain = tuple(word.text for word in body)
    brief = len(body) < CLIPPED or (asked and len(body) <= CLIPPED + 1)
    if brief and pattern("after_that").match(text):
        return Request(Kind.NEXT, 0, 1, len(body), plain), Ask(QuestionType.INVITATION, "breadth")
    if asked and pattern("no_auxiliary").match(text) and _base_verb(body):
        return Request(Kind.AUX, 0, 1, len(body), plain), Ask(QuestionType.YES_NO, "plain", sure=0.7)
    return None


def _offers(body: Sequence[Word]) -> bool:
    plain = tuple(word.text for word in body)
    return is_choice(Request(Kind.FRAGMENT, 0, 0, len(plain), plain))


# -- ends ---------------------------------------------------------------------------------------


def _ends_asking(text: str) -> bool:
    return text.rstrip(" \t\n\"'”’)").endswith("?")


def _without_trailing_ok(words: Sequence[Word]) -> Sequence[Word]:
    """A trailing "okay?" is no request."""
    end = len(words)
    copulas = lexicon()["be"] | {"be", "it", "feel", "you"}
    while end > 1 and pattern("trailing_ok").fullmatch(words[end - 1].text):
        if words[end - 2].text in copulas and not words[end - 1].before.strip():
            break
        end -= 1
    if end > 2 and [word.text for word in words[end - 2 : end]] == ["all", "right"]:
        end -= 2
    return words[:end] if end else words


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
        if heads[-1] > 0 and plain[heads[-1] - 1] in {"no", "know", "matter", "or"}:
            return None
        request = Request(Kind.WH, heads[-1], heads[-1] + 1, len(plain), plain[heads[-1] :])
        ask = classify(request)
        return (request, replace(ask, sure=0.8)) if ask else None
    return _middle_wh(words, plain) or _clipped_wh(plain, asked)


def _clipped_wh(plain: tuple[str, ...], asked: bool) -> tuple[Request, Ask] | None:
    """ "where you was", "Because?" """
    clipped = plain[0] in {"what", "where", "who", "how", "why"} and len(plain) <= CLIPPED
    if clipped and plain[1:2] and plain[1] in lexicon()["nominative_or_you"] - {"i", "we"}:
        return Request(Kind.WH, 0, 1, len(plain), plain), replace(classify_wh(plain), sure=0.7)
    if asked and plain in (("because",), ("cause",)):
        return Request(Kind.WH, 0, 1, 1, plain), Ask(QuestionType.WH, "causal", sure=0.6)
    return None


def _middle_wh(words: Sequence[Word], plain: tuple[str, ...]) -> tuple[Request, Ask] | None:
    """ "Mum was where that day?", "you were there for how long" """
    lists = lexicon()
    for i in range(1, len(plain)):
        counted = (
            plain[i] == "how" and plain[i + 1 : i + 2] and plain[i + 1] in {"long", "many", "much", "often"}
        )
        if not counted and plain[i] not in {"where", "who", "when"}:
            continue
        end = i + 1 + bool(counted)
        stands = plain[i - 1] in lists["be"] | {"for", "started", "since", "until"}
        paused = end >= len(plain) or "," in words[end].before or plain[end] in lists["after_wh_in_place"]
        if stands and paused and "," not in words[i].before:
            request = Request(Kind.WH, i, end, len(plain), plain[i:])
            return request, replace(classify_wh(plain[i:]), sure=0.8)
    return None


def _base_verb(words: Sequence[Word]) -> bool:
    """ "He trouble you?", "You still wetting the bed?": no auxiliary, and a verb that wants one."""
    third = words[0].text in {"he", "she"}
    return any(word.tag == "VBG" or (third and word.tag in {"VB", "VBP"}) for word in words[1:4])


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
