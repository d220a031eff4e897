"""How words came over: every pair, what changed as far as a machine can see, what could not be compared.

Put together from what the worker found out (finding.py). Loads nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from web.interpreting.finding import Found
from web.interpreting.model import Pair, Said
from web.interpreting.pairing import Pairs

WAITING = Found(why_not="waiting")
GONE = "gone"
UNSURE = ("weak", "gist", GONE)
"""Codes of web.translation.quality.MEANINGS, or a package that is no longer here: what was read back by such
a one is not compared surely."""


@dataclass(frozen=True)
class Question:
    """What the interviewer said and its rendering. `sure`: nothing is to be doubted about the translations
    that were compared, nor about who speaks."""

    pair: Pair
    found: Found
    sure: bool

    @property
    def compared(self) -> bool:
        return self.found.why_not is None

    @property
    def changed(self) -> bool:
        return bool(self.found.changes)


@dataclass(frozen=True)
class Answer:
    """What the child said and its rendering."""

    pair: Pair
    found: Found


@dataclass(frozen=True)
class Own:
    """What an interpreter said to the child of its own."""

    turn: Said
    found: Found


@dataclass(frozen=True)
class Report:
    """`readers`: which packages (SHA-256) read back, the same for all of an interview as a rule."""

    questions: list[Question]
    answers: list[Answer]
    own: list[Own]

    @property
    def readers(self) -> list[str]:
        found = [one.found for one in self.questions] + [one.found for one in self.own]
        return list(dict.fromkeys(ref for one in found for ref in one.packages))

    def compared(self) -> list[Question]:
        """Questions that were compared by words that nothing is to be doubted about."""
        return [one for one in self.questions if one.compared and one.sure]

    def worth(self) -> list[Question]:
        """Questions worth listening to again."""
        return [one for one in self.compared() if one.changed]

    def unsure(self) -> list[Question]:
        """Questions that could not be compared surely; where something seems to have changed first."""
        return sorted(
            (one for one in self.questions if one.compared and not one.sure), key=lambda one: not one.changed
        )

    def not_compared(self) -> list[Question]:
        return [one for one in self.questions if not one.compared]

    def answers_worth(self) -> list[Answer]:
        return [one for one in self.answers if one.found.signs]

    def unheard(self) -> list[Answer]:
        """What the child said of which no rendering was written down."""
        return [one for one in self.answers if not one.pair.rendering]


def assemble(pairs: Pairs, found: Callable[[Pair | Said], Found | None], worth: Mapping[str, str]) -> Report:
    """`found` gives what the worker found out, None where it has not yet; `worth` is what each package is
    worth (web.translation.about.meanings), by its SHA-256."""

    def sure(one: Found) -> bool:
        return not one.doubts and not any(worth.get(ref, GONE) in UNSURE for ref in one.packages)

    def known(one: Pair) -> bool:
        return not any(turn.unsure for turn in one.turns)

    questions = [(one, found(one) or WAITING) for one in pairs.questions]
    return Report(
        [Question(one, of, sure(of) and known(one)) for one, of in questions],
        [Answer(one, found(one) or WAITING) for one in pairs.answers],
        [Own(one, found(one) or WAITING) for one in pairs.own],
    )
