"""Published coding schemes, each derived from our finer code by mapping."""

from __future__ import annotations

from collections.abc import Iterable

from web.language.model import Flag, QuestionType

PRESSING = ("other_source", "pressure", "promise", "praise_content", "disapproval")
CONFIRMING = ("confirm", "wh", "open", "statement")
"""Frames that take content for granted or offer it for confirmation, unlike "Did he ...?"."""
_FRAMES = {
    QuestionType.INVITATION: "open",
    QuestionType.WH: "wh",
    QuestionType.CHOICE: "choice",
    QuestionType.NON_QUESTION: "statement",
}


def frame_of(kind: QuestionType, subtype: str | None) -> str:
    """How this kind of question puts its content, where only the kind is known."""
    return "confirm" if subtype in {"declarative", "tag"} else _FRAMES.get(kind, "plain")


def is_suggestive(subtype: str | None, flags: Iterable[Flag], frame: str) -> bool:
    """The NICHD sense: a tag, new content taken for granted, or social influence."""
    names = {flag.flag for flag in flags}
    return subtype == "tag" or bool(names & set(PRESSING)) or ("new_info" in names and frame in CONFIRMING)


def derive(
    kind: QuestionType, subtype: str | None, flags: Iterable[Flag], frame: str, can_tell_open: bool = False
) -> dict[str, str]:
    """lyon4, lyon6, nichd and recommended2. `can_tell_open` counts "can you tell me" as an invitation."""
    flags = tuple(flags)
    if subtype == "can_you_tell" and can_tell_open:
        kind, subtype = QuestionType.INVITATION, "general"
    return {
        "lyon4": _lyon4(kind),
        "lyon6": {"tag": "tag", "do_you_know": "do_you_know"}.get(subtype or "", _lyon4(kind)),
        "nichd": _nichd(kind, subtype, is_suggestive(subtype, flags, frame)),
        "recommended2": _recommended(kind, subtype),
    }


def _lyon4(kind: QuestionType) -> str:
    return "option_posing" if kind in (QuestionType.YES_NO, QuestionType.CHOICE) else kind.value


def _nichd(kind: QuestionType, subtype: str | None, suggestive: bool) -> str:
    if suggestive:
        return "suggestive"
    if kind is QuestionType.NON_QUESTION:
        return "facilitator" if subtype == "facilitator" else "non_question"
    return {"invitation": "invitation", "wh": "directive"}.get(kind.value, "option_posing")


def _recommended(kind: QuestionType, subtype: str | None) -> str:
    good = (
        kind is QuestionType.INVITATION
        or subtype == "facilitator"
        or (kind is QuestionType.WH and subtype not in {"causal", "feeling", "time_number"})
    )
    return "recommended" if good else "not_recommended"
