"""Which turn of an interpreter says again what somebody said: by the order of a consecutive talk. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from web.interpreting.model import Pair, Said
from web.interview.tongues import same


@dataclass
class Pairs:
    """`questions`: the interviewer's words, with what was said of them to the child. `answers`: the child's,
    with what was said of them to the interviewer. `own`: what an interpreter said to the child where no
    words of the interviewer waited."""

    questions: list[Pair] = field(default_factory=list)
    answers: list[Pair] = field(default_factory=list)
    own: list[Said] = field(default_factory=list)


def pair(turns: Iterable[Said], interviewer_language: str, child_language: str) -> Pairs:
    """Each stretch goes with the interpreter's turns in the other side's language, up to the next stretch.

    A rendering that comes late, after the other side has spoken, still belongs to a stretch that has none.
    What an interpreter says before anything was asked is an introduction.
    """
    pairs = Pairs()
    side = ""
    for turn in turns:
        if turn.speaker != "interpreter":
            stretches = pairs.questions if turn.speaker == "interviewer" else pairs.answers
            if stretches and side == turn.speaker and not stretches[-1].rendering:
                stretches[-1].source.append(turn)
            else:
                stretches.append(Pair([turn]))
            side = turn.speaker
        elif same(turn.language, child_language):
            if not _rendered(pairs.questions, turn, side == "interviewer") and pairs.questions:
                pairs.own.append(turn)
        elif same(turn.language, interviewer_language):
            _rendered(pairs.answers, turn, side == "child")
    return pairs


def _rendered(stretches: list[Pair], turn: Said, goes_on: bool) -> bool:
    """Whether the turn belongs to the last stretch: it waits for words, or its own side spoke last."""
    if not stretches or (stretches[-1].rendering and not goes_on):
        return False
    stretches[-1].rendering.append(turn)
    return True
