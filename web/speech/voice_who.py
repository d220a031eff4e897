"""Which of the people whose voices are known speaks, and where in a stretch of sound it changes.

Cosines between vectors of web.speech.voice. The thresholds were set on machine voices and a few adults (see
docs/measured.md). To be nearer to one than to all others is not enough: somebody whose voice is not known is
nearer to one of them, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from web.speech.voice import Heard, Vector

SAME = 0.8  # below, it may be somebody else, however far away the others are
LIKELY = 0.65  # nor is one below this anybody's likely voice
MARGIN = 0.08  # nearer than the next by so much
SHORT_MS = 700  # a word or two tell less: twice the margin
CHANGE = 0.12  # the margin of 1.6 s that are taken for another speaker inside an utterance


@dataclass(frozen=True, slots=True)
class Run:
    """This person speaks from `from_ms` to `to_ms`, the middles of the first and the last stretch that say
    so. In the sound that was listened to. `unsure`: it may be somebody whose voice is not known."""

    speaker: str
    from_ms: int
    to_ms: int
    unsure: bool = False


def nearest(
    vector: Vector, known: Mapping[str, Vector], margin: float = MARGIN, least: float = SAME
) -> str | None:
    """The person whose voice this clearly is, or None."""
    ranked = sorted(((float(vector @ voice), who) for who, voice in known.items()), reverse=True)
    if not ranked:
        return None
    score, who = ranked[0]
    lead = score - ranked[1][0] if len(ranked) > 1 else margin
    return who if score >= least and lead >= margin else None


def who(heard: Heard, known: Mapping[str, Vector]) -> Sequence[Run]:
    """Who speaks, in order: more than one only where the change is clear, none where it is nobody known."""
    clear = [
        (found, place)
        for place, window in enumerate(heard.windows)
        if (found := nearest(window, known, CHANGE, LIKELY)) is not None
    ]
    runs = [(name, [place for _, place in group]) for name, group in groupby(clear, key=lambda item: item[0])]
    if len(runs) > 1:
        return [_run(heard, known, name, places) for name, places in runs]
    margin = 2 * MARGIN if heard.voiced_ms < SHORT_MS else MARGIN
    found = nearest(heard.whole, known, margin, LIKELY)
    if found is None:
        return []
    one = _run(heard, known, found, range(len(heard.windows)))
    return [replace(one, unsure=one.unsure or nearest(heard.whole, known, margin) is None)]


def _run(heard: Heard, known: Mapping[str, Vector], name: str, places: Sequence[int]) -> Run:
    """Sure where all of it together is near enough, and no part of it likely somebody else's."""
    scores = heard.windows[list(places)] @ known[name]
    unsure = bool(scores.mean() < SAME or scores.min() < LIKELY)
    return Run(name, heard.middles_ms[places[0]], heard.middles_ms[places[-1]], unsure)
