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
TRIED = 12  # cuts finer than asked for, until so many voices are found that are more than a few words
COMPARED = 1500  # stretches of a long recording that are compared with each other, evenly taken


def groups(heard: Sequence[Heard], count: int | None = None) -> list[list[int]]:
    """The places in `heard` of each voice, the first to speak first. What is not clearly anybody's is left
    out; so is a voice that is hardly there. `count`: how many there are, where a person knows; fewer come
    back where the sound has no more."""
    clear = [place for place, one in enumerate(heard) if one.voiced_ms >= CLEAR_MS]
    clear = clear[:: -(-len(clear) // COMPARED) or 1]
    if not clear:
        return []
    voices = _machines(heard, clear) if count is None else _counted(heard, clear, count)
    known = {
        str(number): unit(np.mean([heard[place].whole for place in group], axis=0))
        for number, group in enumerate(voices)
    }
    whose = [nearest(one.whole, known) for one in heard]
    members = [[place for place, who in enumerate(whose) if who == number] for number in known]
    return sorted(group for group in members if group)


def _machines(heard: Sequence[Heard], clear: Sequence[int]) -> list[list[int]]:
    return _voices(heard, clear, None)[:MOST]


def _counted(heard: Sequence[Heard], clear: Sequence[int], count: int) -> list[list[int]]:
    """Cut into so many, a cough or a laugh may be cut off before two people are: then finer; and where no cut
    shows so many people, the one that shows most."""
    first = min(count, len(clear))
    found: list[list[int]] = []
    for pieces in (*range(first, min(count + TRIED, len(clear)) + 1), *range(first - 1, 0, -1)):
        voices = _voices(heard, clear, pieces)[:count]
        found = max(found, voices, key=len)
        if len(found) == count:
            break
    return found


def _voices(heard: Sequence[Heard], clear: Sequence[int], pieces: int | None) -> list[list[int]]:
    """Those that say enough, the one that says most first."""
    labels = _labels(np.stack([heard[place].whole for place in clear]), pieces)
    labelled = list(zip(labels, clear, strict=True))
    found = [[place for label, place in labelled if label == one] for one in sorted(set(labels))]
    large = [group for group in found if _voiced(heard, group) >= LEAST_MS]
    return sorted(large, key=lambda group: -_voiced(heard, group))


def _labels(vectors: NDArray[np.float32], pieces: int | None) -> list[int]:
    """Which of them belong together; None: whatever is not too far apart."""
    from sklearn.cluster import AgglomerativeClustering

    if len(vectors) == 1:
        return [0]
    apart = APART if pieces is None else None
    found = AgglomerativeClustering(pieces, metric="cosine", linkage="average", distance_threshold=apart)
    return [int(label) for label in found.fit_predict(vectors)]


def _voiced(heard: Sequence[Heard], group: Sequence[int]) -> int:
    return sum(heard[place].voiced_ms for place in group)
