"""How many voices there are in a recording, and which stretch is whose, where nobody is known beforehand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from web.speech.voice import Heard, unit
from web.speech.voice_who import nearest

APART = 0.25  # one minus the cosine: voices farther apart on average are two
CLEAR_MS = 1000  # shorter stretches do not found a voice
LEAST_MS = 3000  # nor is less than this in all a voice
MOST = 4
COMPARED = 1500  # stretches of a long recording that are compared with each other, evenly taken


def groups(heard: Sequence[Heard]) -> list[list[int]]:
    """The places in `heard` of each voice, the first to speak first. What is not clearly anybody's is left
    out; so is a voice that is hardly there."""
    clear = [place for place, one in enumerate(heard) if one.voiced_ms >= CLEAR_MS]
    clear = clear[:: -(-len(clear) // COMPARED) or 1]
    if not clear:
        return []
    labels = _labels(np.stack([heard[place].whole for place in clear]))
    labelled = list(zip(labels, clear, strict=True))
    found = [[place for label, place in labelled if label == one] for one in sorted(set(labels))]
    large = sorted(found, key=lambda group: -_voiced(heard, group))[:MOST]
    voices = [group for group in large if _voiced(heard, group) >= LEAST_MS]
    known = {
        str(number): unit(np.mean([heard[place].whole for place in group], axis=0))
        for number, group in enumerate(voices)
    }
    whose = [nearest(one.whole, known) for one in heard]
    members = [[place for place, who in enumerate(whose) if who == number] for number in known]
    return sorted(group for group in members if group)


def _labels(vectors: NDArray[np.float32]) -> list[int]:
    """Which of them belong together."""
    from sklearn.cluster import AgglomerativeClustering

    if len(vectors) == 1:
        return [0]
    found = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=APART)
    return [int(label) for label in found.fit_predict(vectors)]


def _voiced(heard: Sequence[Heard], group: Sequence[int]) -> int:
    return sum(heard[place].voiced_ms for place in group)
