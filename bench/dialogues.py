"""Whole coded dialogues as they lie in nlu_data/, and what the coder makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from web.language.coder import Coder
from web.language.conversation import Conversation
from web.language.learned.dialogues import dialogues
from web.language.learned.vary import bare
from web.language.model import Coding, Speaker, Turn

DATA = Path(__file__).parent.parent / "nlu_data"
HELD_OUT = DATA / "held_out" / "dialogues.jsonl"
DEVELOPMENT = DATA / "development"
BY_AGE = {"long", "complex", "vocabulary", "unclear_reference"}
"""Flags against the child's age were not coded by hand; no figure is given for them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One coded turn beside what people made of it."""

    row: dict[str, Any]
    coding: Coding

    @property
    def session(self) -> str:
        return str(self.row["session"])

    @property
    def asked(self) -> bool:
        return bool(self.row["speaker"] == "interviewer")

    @property
    def gold_kind(self) -> str:
        """`type.subtype` of an interviewer's turn, the answer class of a child's."""
        gold = self.row["gold"]
        return kind(gold["type"], gold["subtype"]) if self.asked else str(gold["response"])

    @property
    def got_kind(self) -> str:
        question = self.coding.question
        return kind(question.type.value, question.subtype) if question else str(self.coding.response)

    @property
    def gold_marks(self) -> set[str]:
        """Flags of an interviewer's turn, tags of a child's."""
        gold = self.row["gold"]
        return set(gold["flags"]) - BY_AGE if self.asked else set(gold["tags"])

    @property
    def got_marks(self) -> set[str]:
        """Tags are those for what is said to be so and real; notes on play, films or denials do not count."""
        question = self.coding.question
        if question:
            return {flag.flag for flag in question.flags} - BY_AGE - {"tag"}
        return {one.tag for one in self.coding.indicators if one.live}


def kind(first: str, second: str | None) -> str:
    return f"{first}.{second}" if second else first


def judge(coder: Coder, path: Path, plain: bool = False) -> list[Judged]:
    """Every turn that has a gold code, coded live in its dialogue."""
    judged = []
    for turns in dialogues(path):
        conversation = Conversation(age=turns[0]["age"])
        said = [Turn(Speaker(row["speaker"]), bare(row["text"]) if plain else row["text"]) for row in turns]
        for row, coding in zip(turns, coder.code_many(conversation, said), strict=True):
            if "gold" in row:
                judged.append(Judged(row, coding))
    return judged
