"""What one request asks for: its type and subtype, by the coding manual's rules 4 to 11."""

from __future__ import annotations

import re

from web.language.model import QuestionType
from web.language.question.kinds import Ask, classify_wh, invitation_subtype, is_segment
from web.language.question.patterns import pattern
from web.language.question.requests import Kind, Request
from web.language.question.words import lexicon

_FIXED = {
    Kind.TAG: Ask(QuestionType.YES_NO, "tag"),
    Kind.KNOW: Ask(QuestionType.YES_NO, "do_you_know"),
    Kind.NEXT: Ask(QuestionType.INVITATION, "breadth"),
}


def classify(request: Request) -> Ask | None:
    """The type of a request; None where it turns out to request nothing ("tell me if you need a break")."""
    direct = _direct(request)
    if direct is not None:
        return classify(direct)
    if request.kind is not Kind.TAG and is_choice(request):
        return Ask(QuestionType.CHOICE, None, faux=request.kind is Kind.TELL)
    if request.kind is Kind.TELL:
        return classify_tell(request)
    if request.kind is Kind.WH:
        return classify_wh(request.words)
    if request.kind is Kind.CAN_TELL:
        return Ask(QuestionType.YES_NO, "can_you_tell")
    return _FIXED.get(request.kind, Ask(QuestionType.YES_NO, "plain"))


def _direct(request: Request) -> Request | None:
    """ "Tell me again, did he touch you?" asks what its own question asks."""
    lists = lexicon()
    if request.kind is not Kind.TELL:
        return None
    skipped = next(
        (i for i, word in enumerate(request.rest) if word not in lists["swallow"] | lists["adverbs"]), None
    )
    if skipped is None or request.rest[skipped] not in lists["auxiliaries"]:
        return None
    start = request.body + skipped
    return Request(Kind.AUX, start, start + 1, request.end, request.rest[skipped:])


# -- choice -------------------------------------------------------------------------------------


def is_choice(request: Request) -> bool:
    """Does the request offer alternatives? "or something", "or not" offer none."""
    words = request.words
    if "or" not in words or "ever" in words or request.kind is Kind.NEXT:
        return False
    place = max(i for i, word in enumerate(words) if word == "or")
    after, before = words[place + 1 :], words[:place]
    if (
        not after
        or _generic(after)
        or set(before) & lexicon()["any_words"]
        or before[-1:] in (("whether",), ("one",))
        and after[:1] == ("two",)
    ):
        return False
    if request.kind in (Kind.TELL, Kind.CAN_TELL, Kind.KNOW, Kind.WH):
        return _offers_after_wh(request)
    return before[-1:] not in (
        ("anything",),
        ("anyone",),
        ("anybody",),
        ("anywhere",),
        ("ever",),
        ("something",),
    )


def _generic(after: tuple[str, ...]) -> bool:
    short = after[0] in lexicon()["generic_or"] and len(after) <= 4
    return (
        short
        and not (
            after[0] in {"someone", "somebody", "something", "anyone"}
            and len(after) > 2
            and after[1] != "like"
        )
        or (
            after[:2] == ("did", "not")
            or after[:2] == ("was", "not")
            or after[-1] == "not"
            and len(after) <= 3
        )
    )


def _offers_after_wh(request: Request) -> bool:
    """ "Do you remember if it was day or night", "which was it, inside or outside" """
    rest = request.rest
    if any(word in rest[:6] for word in ("if", "whether")) and "or" in rest[2:]:
        return rest[rest.index("or") + 1 :][:1] != ("not",)
    if request.kind is not Kind.WH:
        return False
    opening = request.words[:2]
    return opening[0] == "which" or request.words[:3] in {
        ("what", "was", "it"),
        ("what", "is", "it"),
        ("where", "was", "it"),
    }


# -- tell me ------------------------------------------------------------------------------------


def classify_tell(request: Request) -> Ask | None:
    rest = request.rest
    if not rest:
        return Ask(QuestionType.INVITATION, "cued", sure=0.8)
    text = " ".join(rest)
    if rest[0] in {"if", "whether"}:
        conditional = pattern("meta_if").match(" ".join(rest[1:]))
        return None if conditional and rest[0] == "if" else Ask(QuestionType.YES_NO, "plain", faux=True)
    if rest[0] in {
        "i",
        "he",
        "she",
        "they",
        "that",
        "it",
        "you",
        "no",
        "so",
        "stop",
        "the",
        "when",
    } and _meta(rest, text):
        return None
    skipped = _complement(_without_prop(rest) if request.opening[0] == "show" else rest)
    segment = is_segment(text) and not pattern("named_topic").search(text)
    if not segment and skipped and skipped[0] in lexicon()["wh"]:
        return _embedded_wh(rest, skipped)
    if (
        not segment
        and "about" not in rest[:4]
        and "more" not in rest[:2]
        and pattern("detail_noun").match(text)
    ):
        return Ask(
            QuestionType.WH,
            "time_number" if re.search(r"\b(?:age|date|day|time|number)", text) else "static",
            faux=True,
            sure=0.85,
        )
    return Ask(QuestionType.INVITATION, invitation_subtype(rest))


def _meta(rest: tuple[str, ...], text: str) -> bool:
    """A rule of the interview, not a request: "tell me you don't know", "tell me when you're ready"."""
    if rest[0] == "when":
        return bool(re.match(r"when (?:you (?:are|want|need|feel|have finished|get)|i (?:am|get|say))", text))
    if rest[0] in {"the", "that"}:
        return rest[1:2] in (("truth",), ("you",), ("i",)) or rest == ("that",)
    return rest[0] not in {"it", "that", "the"} or rest[1:2] in (("is",), ("does",))


def _without_prop(rest: tuple[str, ...]) -> tuple[str, ...]:
    """ "show me on the doll where" -> "where"."""
    if rest[0] in {"on", "with", "using", "in"}:
        return next((rest[i:] for i, word in enumerate(rest) if word in lexicon()["wh"]), rest)
    return rest


def _complement(rest: tuple[str, ...]) -> tuple[str, ...]:
    """The part from a wh-word on, when only fillers such as "about", "everything" stand before it."""
    for i, word in enumerate(rest):
        if word in lexicon()["wh"]:
            return rest[i:]
        if word not in lexicon()["before_complement"] and word not in lexicon()["adverbs"]:
            return ()
    return ()


def _embedded_wh(rest: tuple[str, ...], clause: tuple[str, ...]) -> Ask:
    """ "tell me what happened" asks for an account, "tell me what he said" for one detail."""
    if clause[0] in {"why", "how"} and pattern("came").match(" ".join(clause[1:])):
        return Ask(QuestionType.INVITATION, "general")
    wide = rest[0] in {"everything", "more", "all"}
    if _account(rest, clause, wide):
        return Ask(QuestionType.INVITATION, invitation_subtype(rest), sure=0.85)
    if clause[0] == "when" and (wide or rest[0] == "about"):
        return Ask(QuestionType.INVITATION, "cued")
    inner = classify_wh(clause)
    return inner if inner.type is QuestionType.INVITATION else Ask(QuestionType.WH, inner.subtype, faux=True)


def _account(rest: tuple[str, ...], clause: tuple[str, ...], wide: bool) -> bool:
    if clause[0] in {"what", "how"} and not clause[1:]:
        return True
    if clause[0] == "what" and pattern("account").match(" ".join(clause[1:])):
        return True
    if wide:
        return clause[0] not in {"who", "when"}
    return rest[0] == "about" and clause[0] in {"what", "how"}
