"""What one request asks for: its type and subtype, by the coding manual's rules 4 to 11."""

from __future__ import annotations

import re
from dataclasses import dataclass

from web.language.model import QuestionType
from web.language.question.patterns import pattern
from web.language.question.requests import Kind, Request
from web.language.question.words import lexicon


@dataclass(frozen=True, slots=True)
class Ask:
    """`faux` marks "tell me" that asks for one detail; `sure` is the rule's own certainty, 0 to 1."""

    type: QuestionType
    subtype: str | None
    faux: bool = False
    sure: float = 0.95


def classify(request: Request) -> Ask | None:
    """The type of a request; None where it turns out to request nothing ("tell me if you need a break")."""
    if request.kind is Kind.TAG:
        return Ask(QuestionType.YES_NO, "tag")
    if is_choice(request):
        return Ask(QuestionType.CHOICE, None, faux=request.kind is Kind.TELL)
    if request.kind is Kind.CAN_TELL:
        return Ask(QuestionType.YES_NO, "can_you_tell", faux=_faux(request.rest))
    if request.kind is Kind.KNOW:
        return Ask(QuestionType.YES_NO, "do_you_know")
    if request.kind is Kind.NEXT:
        return Ask(QuestionType.INVITATION, "breadth")
    if request.kind is Kind.TELL:
        return classify_tell(request)
    if request.kind is Kind.WH:
        return classify_wh(request.words)
    return Ask(QuestionType.YES_NO, "plain")


# -- choice -------------------------------------------------------------------------------------


def is_choice(request: Request) -> bool:
    """Does the request offer alternatives? "or something", "or not" offer none."""
    words = request.words
    if "or" not in words or request.kind is Kind.NEXT:
        return False
    place = max(i for i, word in enumerate(words) if word == "or")
    after, before = words[place + 1 :], words[:place]
    if (
        not after
        or _generic(after)
        or "any" in before[-4:]
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

_SKIP = {
    "me",
    "us",
    "to",
    "please",
    "again",
    "just",
    "exactly",
    "all",
    "now",
    "a",
    "bit",
    "little",
    "in",
    "your",
    "own",
    "words",
    "of",
    "about",
    "more",
    "everything",
    "that",
}


def classify_tell(request: Request) -> Ask | None:
    rest = request.rest
    if not rest:
        return Ask(QuestionType.INVITATION, "cued", sure=0.8)
    text = " ".join(rest)
    if rest[0] in {"if", "whether"}:
        conditional = re.match(pattern("meta_if"), " ".join(rest[1:]))
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
    if skipped and skipped[0] in lexicon()["wh"]:
        return _embedded_wh(rest, skipped)
    if "about" not in rest[:4] and "more" not in rest[:2] and re.match(pattern("detail_noun"), text):
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
        if word not in _SKIP and word not in lexicon()["adverbs"]:
            return ()
    return ()


def _embedded_wh(rest: tuple[str, ...], clause: tuple[str, ...]) -> Ask:
    after = " ".join(clause[1:])
    wide = rest[0] in {"everything", "more", "all"}
    if clause[0] in {"what", "how"} and not clause[1:]:
        return Ask(QuestionType.INVITATION, "cued", sure=0.7)
    if clause[0] == "what" and re.match(pattern("account"), after):
        return Ask(QuestionType.INVITATION, invitation_subtype(rest))
    if clause[0] in {"why", "how"} and re.match(pattern("came"), after):
        return Ask(QuestionType.INVITATION, "general")
    if clause[0] == "when" and (wide or rest[0] == "about"):
        return Ask(QuestionType.INVITATION, "cued")
    if (
        rest[0] == "about"
        and clause[0] != "when"
        and clause[0] in {"what", "how"}
        or (wide and clause[0] != "who")
    ):
        return Ask(QuestionType.INVITATION, invitation_subtype(rest), sure=0.75)
    inner = classify_wh(clause)
    if inner.type is QuestionType.INVITATION:
        return inner
    return Ask(QuestionType.WH, inner.subtype, faux=True)


def _faux(rest: tuple[str, ...]) -> bool:
    clause = _complement(rest)
    if rest[:1] in (("if",), ("whether",)):
        return True
    return bool(clause) and "about" not in rest[:2] and _embedded_wh(rest, clause).type is QuestionType.WH


# -- invitations --------------------------------------------------------------------------------

_POINT = r"(?:everything |all |what happened |happened |more |\b)?"
_SEGMENT = re.compile(
    r"\bfrom\b.*\b(?:until|till|til|to (?:when|the (?:time|moment|point|part|end))|up to|up until|through to)\b|\bbetween\b.*\band\b|\bfrom (?:when|the (?:time|moment|point|part))\b.*\bto\b|\bstarting (?:from|with|when)\b.*\b(?:until|till|to)\b"
)
_WHOLE = re.compile(
    r"\b(?:from the (?:very )?(?:beginning|start)|start(?:ing)? (?:at|from|with) the (?:beginning|start)|beginning to end|start to finish)\b"
)
_BREADTH = re.compile(
    r"\b(?:else|next)\b|\b(?:then|after (?:that|this|it)|before that|afterwards?|after)$|^(?:and )?then\b|\bhappened (?:then|after that|before that|afterwards|right (?:after|before)(?: that)?|just (?:after|before)(?: that)?)\b|\bthe rest\b|\bwhat happened after$"
)
_GENERAL = re.compile(
    r"^(?:(?:me |us |to |please |in your own words |as much as you can |about |more |all )*)(?:everything|all|what|exactly what|anything|all about it)?\s*(?:about )?(?:what |that |has |have |had |it |else )*(?:happened|happens|going on|been happening|took place|brought you here|you (?:can )?(?:remember|know|want))?"
    r"(?: (?:to you|here|today|please|in your own words|exactly|as much as you can|again|then|from (?:the )?\w+|to the end|all of it|about it|for me|that day|you can|can remember|remember|you|in as much detail as you can|and|even|\w*thing|little|things|if|do not|think|important|are|is|they|that|with|details?|slowly|carefully|now|so|i|understand))*$"
)


def invitation_subtype(rest: tuple[str, ...]) -> str:
    """general (whole event), breadth (next, else), cued (a detail), segment (between two points)."""
    text = " ".join(rest)
    if _WHOLE.search(text):
        return "general"
    if _SEGMENT.search(text):
        return "segment"
    if _BREADTH.search(text) and not re.search(r"\babout (?!what|that$|it$)", text):
        return "breadth"
    if text in {
        "more",
        "me more",
        "a little more",
        "more please",
        "about that",
        "more about that",
        "about it",
        "more about it",
        "all about that",
        "about this",
    }:
        return "cued"
    if re.match(
        r"(?:\w+ ){0,3}about (?:yourself|you|why you|what happened|everything)\b", text
    ) and not re.search(r"\b(?:when|after|before|in|at|on|with)\b", text):
        return "general"
    return "general" if _GENERAL.match(text) else "cued"


# -- wh -----------------------------------------------------------------------------------------


def classify_wh(words: tuple[str, ...]) -> Ask:
    text = " ".join(words)
    if words[:2] in (("what", "about"), ("how", "about")):
        return Ask(QuestionType.WH, "static", sure=0.4)
    open_ask = _open_wh(words, text)
    return open_ask or Ask(QuestionType.WH, _wh_subtype(words, text))


def _open_wh(words: tuple[str, ...], text: str) -> Ask | None:
    if words[0] != "what":
        return None
    happened = re.match(
        r"what(?: (?:else|all|exactly|then|next|is it that|was it that|has|have|had|is|was|usually|normally|always|would|does|do|did|all|really|actually|it|that))*(?: been)? (?:happened|happens|happening|happen|going on|went on|took place)\b",
        text,
    )
    if happened or re.match(r"what (?:next|then)\b|and then\b|what came next\b|what comes next\b", text):
        return Ask(QuestionType.INVITATION, invitation_subtype(words))
    thing = re.match(
        r"what (?:is|was|were|are) the (\w+)(?: \w+)? things? (?:that |you remember |which )?(?:\w+ )?happen",
        text,
    )
    if thing:
        return Ask(QuestionType.INVITATION, "breadth" if thing[1] in {"next", "other"} else "cued", sure=0.85)
    if re.match(r"what else\b", text):
        return Ask(QuestionType.INVITATION, "breadth", sure=0.9)
    if re.match(
        r"what (?:(?:would|do|did) you (?:like|want|need|wish|have) (?:\w+ ){0,2}(?:to )?(?:tell|talk|say to me|share)|(?:can|could|will|would) you (?:tell|describe|explain|share|remember)|(?:do|can) you (?:still )?(?:remember|recall)|(?:do|did) you come (?:here )?to (?:tell|talk)|brings you|brought you|is it you (?:want|came)|are you here to (?:talk|tell))\b",
        text,
    ):
        return Ask(
            QuestionType.INVITATION,
            invitation_subtype(("about", *words[4:])) if "about" in words[3:-1] else "general",
            sure=0.85,
        )
    return None


_WH_RULES = (
    (
        "causal",
        r"why\b|how come\b|what (?:\w+ ){0,6}for$|what (?:made|makes|caused) (?:you|him|her|them|it|that|your|the)|what (?:is|was|were) (?:the|your|his|her|their) reason|for what reason|what reason",
    ),
    (
        "time_number",
        r"when\b|how (?:many|old|often|long|much|frequently|late|early|soon|far)\b|what (?:time|day|date|year|month|age|number|grade|hour|season|week|part of the day)\b|which (?:day|year|month|grade|week|time)\b|what was the (?:date|time|day)|at what (?:time|age)|what is (?:the|your) (?:date|age|birthday)|how .*times\b|since when",
    ),
    (
        "feeling",
        r"how (?:do|does|did|are|is|were|was|would|have|has) (?:\w+ ){0,3}(?:feel|feeling|felt|like)\b|how (?:are|is) (?:you|it|things|everything)(?: \w+){0,3}$|how (?:sad|angry|scared|happy|upset|mad|worried|afraid)\b|what (?:did|do|does|was|were|is) (?:\w+ ){1,4}(?:feel|feeling|feelings|think|thinking|feels)\b|what feelings?\b|what (?:was|is) (?:that|it|this|your \w+|school|home|he|she) like\b|how (?:did|does|do) (?:that|it|this) make\b|what did it feel\b|what .*through your (?:mind|head)\b|how you (?:felt|feel|were feeling|are feeling)\b|what you (?:felt|were thinking|thought|were feeling)\b|what is it like\b|what (?:are|were) you (?:afraid|scared|worried)\b|how (?:it|that) felt\b|how .* felt$",
    ),
    (
        "static",
        r"who\b|whom\b|whose\b|where\b|which\b|what (?:colou?r|kind|sort|type|size|shape|school|room|name|language|games?|country|city|town|street|part|side|clothes|place|words?)\b|what (?:is|was|were|are|am|do you call|did you call|does he call)\b(?! (?:\w+ ){0,4}(?:doing|saying|going|happening|telling|trying|playing|looking|asking|talking|using|making|touching|holding|watching|wearing))|how (?:big|tall|small|high|heavy|dark|close|near|wide|large|loud|hard|hot|cold|short|deep|strong|fast)\b|what .* (?:wearing|called|look like|looks like|looked like|smell like|sound like|taste like)|what (?:did|does) (?:\w+ ){1,3}(?:look|smell|taste|sound|mean|have|own|wear)\b|how (?:do|does|did) (?:\w+ ){1,3}look\b|what his name|what (?:it|he|she|they) (?:looked|is|was|were|smelled|wore|had)\b|what (?:do|did) you mean",
    ),
)
_COMPILED = tuple((name, re.compile(rule)) for name, rule in _WH_RULES)


def _wh_subtype(words: tuple[str, ...], text: str) -> str:
    if len(words) > 2 and words[0] not in lexicon()["wh"]:
        text = " ".join(words[next((i for i, w in enumerate(words) if w in lexicon()["wh"]), 0) :])
    return next((name for name, rule in _COMPILED if rule.match(text)), "action")
