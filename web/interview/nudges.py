"""The one quiet remark that a turn may get, and what could be said instead. Pure.

What is offered is a card of the protocol or an invitation made of the child's own words, nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from web.interview.labels import is_suggestive
from web.interview.words import data, say
from web.language.model import Coding, Cue, QuestionType, Response, Speaker

_QUOTED = re.compile(r"[‘“\"']([^‘’“”\"']{1,60})[’”\"']")


@dataclass(frozen=True)
class Heard:
    """A turn as nudges see it: its number, who spoke, how it was coded. `machine`: by a machine's
    translation; `child_by_machine`: so was some of what the child had said."""

    number: int
    speaker: str
    coding: Coding
    machine: bool = False
    child_by_machine: bool = False


@dataclass(frozen=True)
class Place:
    """Where in the protocol: `stage` before, substantive or after; `rules` in the ground rules."""

    stage: str
    rules: bool = False

    def quiet(self, entry: dict[str, Any]) -> bool:
        where = entry.get("quiet_in", ())
        return self.stage in where or (self.rules and "rules" in where)


@dataclass(frozen=True)
class Prompts:
    """What may be offered: wording of the pairing and silence cards, cues best first."""

    pair: str | None
    silence: str | None
    cues: Sequence[Cue] = ()


def nudge(
    turn: Heard, before: Heard | None, place: Place, prompts: Prompts, language: str = "en"
) -> dict[str, Any] | None:
    """The remark on `turn`, or None for a good question. `before` is the turn just before it."""
    signs = _signs(turn, before)
    for entry in data("nudges")["nudges"]:
        if entry["when"] in signs and not place.quiet(entry):
            kind, prompt = _instead(entry["kind"], prompts)
            reason = _reason(entry, signs[entry["when"]], language)
            translated = turn.machine or (turn.child_by_machine and bool(entry.get("of_child")))
            return {
                "kind": kind,
                "turn": turn.number,
                "reason": reason,
                "prompt": prompt,
                "translated": translated,
            }
    return None


def _signs(turn: Heard, before: Heard | None) -> dict[str, str]:
    """What can be said of the turn, each with the coder's reason where there is one."""
    if turn.speaker == Speaker.CHILD:
        return {"silence_owed": ""} if turn.coding.response is Response.NONE else {}
    question = turn.coding.question
    if turn.speaker != Speaker.INTERVIEWER or question is None:
        return {}
    signs = {flag.flag: flag.why for flag in question.flags}
    signs.setdefault(question.type.value, "")
    if question.subtype == "tag":
        signs["tag"] = ""
    if is_suggestive(turn.coding):
        signs["suggestive"] = ""
    if _cut_short(turn, before):
        signs["silence_owed"] = ""
    return signs


def _cut_short(turn: Heard, before: Heard | None) -> bool:
    """An invitation was put and the next question came before any answer."""
    question = turn.coding.question
    if (
        before is None
        or before.speaker != Speaker.INTERVIEWER
        or before.coding.question is None
        or question is None
    ):
        return False
    open_before = before.coding.question.type is QuestionType.INVITATION
    return open_before and question.type not in (QuestionType.NON_QUESTION, QuestionType.INVITATION)


def _instead(kind: str, prompts: Prompts) -> tuple[str, str | None]:
    if kind == "silence":
        return kind, prompts.silence
    if kind == "cue" and prompts.cues:
        return kind, prompts.cues[0].prompt
    if kind in ("cue", "pair"):
        return "pair", prompts.pair
    return kind, None


def _reason(entry: dict[str, Any], why: str, language: str) -> str:
    if not entry.get("words"):
        return say(entry["text"], language)
    words = list(dict.fromkeys(_QUOTED.findall(why)))
    if not words:
        return say(entry["text_without_words"], language)
    return say(entry["text"], language).format(words=", ".join(f"‘{word}’" for word in words))
