"""Which of the people whose voices are known speaks, and where in a stretch of sound it changes.

Cosines between vectors of web.speech.voice. The thresholds were set on machine voices and a few adults (see
docs/measured.md); where a voice is not clearly one person's it is nobody's, for a person to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from web.speech.voice import Heard, Vector

SAME = 0.65  # no voice that is farther away than this
SAME_ALONE = 0.8  # where nobody else is known whose voice could be nearer
MARGIN = 0.08  # nearer than the next by so much
SHORT_MS = 700  # a word or two tell less: twice the margin
CHANGE = 0.12  # the margin of 1.6 s that are taken for another speaker inside an utterance


@dataclass(frozen=True, slots=True)
class Run:
    """This person speaks from `from_ms` to `to_ms`, the middles of the first and the last stretch that say so
    clearly. In the sound that was listened to."""

    speaker: str
    from_ms: int
    to_ms: int


def nearest(vector: Vector, known: Mapping[str, Vector], margin: float = MARGIN) -> str | None:
    """The person whose voice this clearly is, or None."""
    ranked = sorted(((float(vector @ voice), who) for who, voice in known.items()), reverse=True)
    if not ranked:
        return None
    score, who = ranked[0]
    if len(ranked) == 1:
        return who if score >= SAME_ALONE else None
    return who if score >= SAME and score - ranked[1][0] >= margin else None


def who(heard: Heard, known: Mapping[str, Vector]) -> Sequence[Run]:
    """Who speaks, in order: more than one only where the change is clear, none where nothing is."""
    clear = [
        (found, moment)
        for window, moment in zip(heard.windows, heard.middles_ms, strict=True)
        if (found := nearest(window, known, CHANGE)) is not None
    ]
    runs = [
        Run(name, moments[0], moments[-1])
        for name, group in groupby(clear, key=lambda item: item[0])
        for moments in [[moment for _, moment in group]]
    ]
    if len(runs) > 1:
        return runs
    found = nearest(heard.whole, known, 2 * MARGIN if heard.voiced_ms < SHORT_MS else MARGIN)
    return [Run(found, heard.middles_ms[0], heard.middles_ms[-1])] if found else []
