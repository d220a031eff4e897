"""What supervisors corrected, as examples in the form of nlu_data/, for people to look through.

Only what a person decided otherwise than the machine is given out, and of it only turns that name nobody.
Nothing is trained with it: somebody has to read the files and move them into nlu_data/.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.review import reading
from web.review.naming import Naming
from web.review.reading import Mark, TurnView
from web.store import Interview, InterviewState, User, Vault

WORDING_FLAGS = frozenset(
    {"compound", "recast", "faux_invitation", "negative_term", "double_negative", "why", "time_number"}
    | {"other_source", "pressure", "promise", "praise_content", "disapproval", "speculation", "props"}
    | {"support"}
)
"""Flags that live in the sentence. The others depend on what was said before or on the child's age."""
PARTS = ("questions", "children")
_HEADER = """version: "3.1"
# Corrected by supervisors; words of real children and interviewers. Read every line before it goes anywhere:
# take out whatever could tell who is meant. Then move what teaches something into nlu_data/{part}/.
nlu:
"""


@dataclass(frozen=True, slots=True)
class Example:
    """One turn under one intent. `part` is the folder of nlu_data/ it belongs to."""

    part: str
    intent: str
    text: str
    interview: str


@dataclass
class Gathered:
    """The examples, and how many turns were left out: names, undecided, language, two readings, words
    that were themselves corrected, an uncertain speaker."""

    examples: list[Example] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def of(self, part: str) -> list[Example]:
        return [one for one in self.examples if one.part == part]

    @property
    def interviews(self) -> Counter[str]:
        """How many texts each interview gives."""
        return Counter(one.interview for one in self.examples)


def gather(session: Session, vault: Vault, only: Sequence[str] = ()) -> Gathered:
    """All corrections in closed interviews that were not erased, or in the named ones of them."""
    closed = select(Interview).where(
        Interview.state == InterviewState.CLOSED, Interview.wrapped_key.is_not(None)
    )
    chosen = closed.where(Interview.id.in_(only)) if only else closed
    found = Gathered()
    for interview in session.scalars(chosen.order_by(Interview.created_at)):
        _interview(session, vault, interview, found)
    _one_reading(found)
    return found


def to_yaml(part: str, examples: Iterable[Example]) -> str:
    """A Rasa NLU file."""
    texts: dict[str, list[str]] = defaultdict(list)
    for one in examples:
        if one.text not in texts[one.intent]:
            texts[one.intent].append(one.text)
    entries = (
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in lines)
        for intent, lines in sorted(texts.items())
    )
    return _HEADER.format(part=part) + "".join(entries)


def _interview(session: Session, vault: Vault, interview: Interview, found: Gathered) -> None:
    sealer = vault.sealer(interview.id, interview.wrapped_key)
    turns = reading.transcript(session, sealer, interview)
    given = [(turn, *label) for turn in turns if (label := _label(turn, found)) is not None]
    if not given:
        return
    papers = sealer.open(interview.sealed_details, f"details:{interview.id}")
    held_by = session.get_one(User, interview.interviewer_id)
    noted = (str(papers.get(name, "")) for name in ("persons_present", "own_words"))
    people = [held_by.full_name, interview.case_code, *noted]
    naming = Naming([turn.text for turn in turns], people)
    for turn, part, intent in given:
        if not turn.language.lower().startswith("en"):
            found.left_out["language"] += 1
        elif turn.unsure:
            found.left_out["speaker uncertain"] += 1
        elif turn.corrected is not None:
            found.left_out["words corrected"] += 1
        elif naming.tells(turn.text):
            found.left_out["names"] += 1
        elif text := _line(turn.text):
            found.examples.append(Example(part, intent, text, interview.id))


def _label(turn: TurnView, found: Gathered) -> tuple[str, str] | None:
    """(part, intent) of a turn that a person sees otherwise than the machine did."""
    code = turn.code
    by_person = code is not None and code.author is not None
    if turn.speaker == "interviewer" and code is not None and by_person and code.type:
        kind = f"{code.type}/{code.subtype}" if code.subtype else code.type
        flags = [one["flag"] for one in code.flags if one["flag"] in WORDING_FLAGS]
        return "questions", "+".join([kind, *flags])
    if turn.speaker != "child":
        return None
    if any(map(_changed, turn.marks)):
        if any(mark.state == "waiting" for mark in turn.marks):
            found.left_out["undecided"] += 1
            return None
        return "children", _marked(turn.marks)
    if by_person and code is not None and code.response not in {None, "none"}:
        return "children", f"response_{code.response}"
    return None


def _marked(marks: Sequence[Mark]) -> str:
    standing = list(dict.fromkeys(mark.now["tag"] for mark in marks if _stands(mark)))
    return "indicator_" + "+".join(standing) if standing else f"trap_{marks[0].tag}"


def _stands(mark: Mark) -> bool:
    """Said to be so and real, in the eyes of a person; the rest only looks like it."""
    now = mark.now
    return mark.state != "reject" and now["polarity"] != "negated" and now["reality"] in {"actual", "unknown"}


def _changed(mark: Mark) -> bool:
    was_real = mark.axes["polarity"] != "negated" and mark.axes["reality"] in {"actual", "unknown"}
    return mark.author is not None or mark.now["tag"] != mark.tag or _stands(mark) != was_real


def _one_reading(found: Gathered) -> None:
    """A text that people read in two ways teaches nothing: all its examples are left out."""
    intents: dict[str, set[str]] = defaultdict(set)
    for one in found.examples:
        intents[one.text.casefold()].add(one.intent)
    torn = [one for one in found.examples if len(intents[one.text.casefold()]) > 1]
    found.left_out["two readings"] += len(torn)
    found.examples = [one for one in found.examples if one not in torn]


def _line(text: str) -> str:
    """One line without the brackets by which Rasa marks entities."""
    plain = re.sub(r"[\[\]{}]", " ", "".join(sign if sign.isprintable() else " " for sign in text))
    return " ".join(plain.split())
