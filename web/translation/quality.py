"""How well a package translates, in figures that were measured and in words that say what they mean.

chrF (Popović 2015) compares letters with a translation by people, 0 to 100. It is measured on sentences that
the package never saw; figures of different target languages can be compared only roughly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


def N_(text: str) -> str:  # noqa: N802 - gettext's customary name for "translate later"
    return text


@dataclass(frozen=True, slots=True)
class Score:
    """On one held-out set of `n` sentences."""

    chrf: float
    bleu: float
    n: int


SETS = {
    "tatoeba-heldout": N_("everyday sentences"),
    "domain": N_("interview sentences"),
    "flores200-devtest": N_("news and encyclopedia"),
}
DECIDING = ("tatoeba-heldout", "domain")  # what is said in a talk; news is not
BANDS = ((45.0, "gist"), (60.0, "simple"), (101.0, "good"))
MEANINGS = {
    "weak": N_(
        "Weak: it often says something else than was said. Use an interpreter, or the official Argos package."
    ),
    "gist": N_(
        "Gives an idea of what is said, and is often wrong. Ask the interpreter for everything that counts."
    ),
    "simple": N_("Understandable for simple sentences; check anything that matters with the interpreter."),
    "good": N_("Good for simple sentences; check anything that matters with the interpreter."),
    "unmeasured": N_("Not measured by us. Check anything that matters with the interpreter."),
}


def scores(found: Any) -> dict[str, Score]:
    """From a JSON object {set: {chrf, bleu, n}}. Raises ValueError where it is none."""
    if not isinstance(found, Mapping):
        raise ValueError("quality is no object")
    try:
        return {
            str(name): Score(float(one["chrf"]), float(one["bleu"]), int(one["n"]))
            for name, one in found.items()
        }
    except (KeyError, TypeError) as error:
        raise ValueError(f"quality: {error}") from None


def verdict(quality: Mapping[str, Score], weak: bool) -> str:
    """A code of MEANINGS: by the worse of what decides."""
    if weak:
        return "weak"
    decisive = [quality[name].chrf for name in DECIDING if name in quality]
    if not decisive:
        return "unmeasured"
    return next(code for limit, code in BANDS if min(decisive) < limit)
