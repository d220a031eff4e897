"""What kinds of questions an interview had. Pure counting: no score, no limit, no verdict.

The substantive part (from the first words about what may have happened) is counted apart from rapport,
ground rules and closing, as research does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from web.language.model import QuestionType, Response, Speaker

SUBSTANTIVE = "substantive"
OPTION_POSING = frozenset({QuestionType.YES_NO, QuestionType.CHOICE})


@dataclass(frozen=True, slots=True)
class CodedTurn:
    """One turn as it stands after corrections. `stage`: before, substantive or after. `flags`: (flag, why).
    `type` and `response` are None where the turn is not of that speaker or nobody has coded it; `translated`:
    coded by a machine's words; `unsure`: nobody has said yet that it is this speaker."""

    number: int
    speaker: str
    stage: str
    type: str | None = None
    flags: tuple[tuple[str, str], ...] = ()
    response: str | None = None
    words: int = 0
    translated: bool = False
    unsure: bool = False


@dataclass(frozen=True)
class Share:
    """How many turns of one type, and their share of all the interviewer's coded turns, 0 to 1."""

    type: QuestionType
    count: int
    share: float


@dataclass(frozen=True)
class Flagged:
    """One remark on one turn."""

    number: int
    flag: str
    why: str


@dataclass(frozen=True)
class Part:
    """The mix of one part of the interview. `pairing_rate` is None where no option-posing question was put,
    `before_first_closed` counts invitations and `first_closed` is that question's turn number or None."""

    total: int
    mix: tuple[Share, ...]
    before_first_closed: int
    first_closed: int | None
    longest_without_invitation: int
    option_posing: int
    paired: int
    flagged: tuple[Flagged, ...]
    narratives: int
    words_per_answer: dict[QuestionType, float]

    @property
    def pairing_rate(self) -> float | None:
        return self.paired / self.option_posing if self.option_posing else None


@dataclass(frozen=True)
class Summary:
    """`uncoded` interviewer turns are left out of all counts, as are `unsure` turns of anybody; `translated`
    turns, of the interviewer and the child, are known from a machine translation only."""

    substantive: Part
    other: Part
    child_turns: int
    uncoded: int
    translated: int
    unsure: int = 0


def summarise(turns: Sequence[CodedTurn]) -> Summary:
    """Count the turns of one interview, given in order."""
    sure = [turn for turn in turns if not turn.unsure]
    return Summary(
        substantive=part([turn for turn in turns if turn.stage == SUBSTANTIVE]),
        other=part([turn for turn in turns if turn.stage != SUBSTANTIVE]),
        child_turns=sum(turn.speaker == Speaker.CHILD for turn in sure),
        uncoded=sum(turn.speaker == Speaker.INTERVIEWER and turn.type is None for turn in sure),
        translated=sum(turn.translated for turn in sure),
        unsure=len(turns) - len(sure),
    )


def part(turns: Sequence[CodedTurn]) -> Part:
    """Count one part."""
    sure = [turn for turn in turns if not turn.unsure]
    asked = [turn for turn in sure if _asks(turn)]
    types = [QuestionType(turn.type or "") for turn in asked]
    row = [
        QuestionType(turn.type or "") if _asks(turn) else None for turn in turns if turn.unsure or _asks(turn)
    ]
    closed_at = next((i for i, kind in enumerate(types) if kind in OPTION_POSING), None)
    return Part(
        total=len(asked),
        mix=_mix(types),
        before_first_closed=types[:closed_at].count(QuestionType.INVITATION),
        first_closed=None if closed_at is None else asked[closed_at].number,
        longest_without_invitation=_longest_run(row),
        option_posing=sum(kind in OPTION_POSING for kind in types),
        paired=_paired(row),
        flagged=tuple(Flagged(turn.number, flag, why) for turn in asked for flag, why in turn.flags),
        narratives=sum(turn.response == Response.NARRATIVE for turn in sure),
        words_per_answer=_words_per_answer(turns),
    )


def _asks(turn: CodedTurn) -> bool:
    return turn.speaker == Speaker.INTERVIEWER and bool(turn.type) and not turn.unsure


def _mix(types: Sequence[QuestionType]) -> tuple[Share, ...]:
    counts = Counter(types)
    return tuple(
        Share(kind, counts[kind], counts[kind] / len(types) if types else 0.0) for kind in QuestionType
    )


def _longest_run(row: Sequence[QuestionType | None]) -> int:
    """The most questions in a row none of which was an invitation; what asks nothing does not count. None,
    which may have been one, ends the row."""
    longest = run = 0
    for kind in row:
        if kind is QuestionType.INVITATION or kind is None:
            run = 0
        elif kind is not QuestionType.NON_QUESTION:
            run += 1
            longest = max(longest, run)
    return longest


def _paired(row: Sequence[QuestionType | None]) -> int:
    """Option-posing questions whose next question is an invitation; "mm-hm" between them does not count. None
    may have been another question."""
    questions = [kind for kind in row if kind is not QuestionType.NON_QUESTION]
    return sum(
        kind in OPTION_POSING and following is QuestionType.INVITATION
        for kind, following in zip(questions, questions[1:], strict=False)
    )


def _words_per_answer(turns: Sequence[CodedTurn]) -> dict[QuestionType, float]:
    """Mean words of what the child said before the next question, by the type that was asked. What comes
    behind an uncertain turn may answer that, and a question before it may have been answered by it."""
    answers: dict[QuestionType, list[int]] = {}
    asked: QuestionType | None = None
    for turn in turns:
        if turn.unsure:
            if asked is not None and not answers[asked][-1]:
                answers[asked].pop()
            asked = None
        elif turn.speaker == Speaker.INTERVIEWER and turn.type not in (None, QuestionType.NON_QUESTION):
            asked = QuestionType(turn.type)
            answers.setdefault(asked, []).append(0)
        elif turn.speaker == Speaker.CHILD and asked is not None:
            answers[asked][-1] += turn.words
    return {kind: sum(counts) / len(counts) for kind, counts in answers.items() if counts}
