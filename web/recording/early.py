"""What is made of a track's sound before an utterance is over.

The text that will be needed should the pause last, so that it is there when it does; and, while there is time
for it, the words that are sure by now, for the live page. What was written ahead becomes the turn if the
pause lasts; the sure words are for looking at only. Neither is stored here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from web.interview.new import direction
from web.recording.voices import Voice
from web.speech.agreement import Agreement
from web.speech.model import RATE, Utterance, Word
from web.speech.model import Segment as Heard
from web.speech.segment import Open

Tell = Callable[[str, list[dict[str, Any]]], None]
"""Told of an interview all that is being heard in it now; replaces what was told before."""

EVERY_S = 1.0
SHARE = 4  # the next look waits for so many times what the last one cost
SLOW_S = 0.3  # a look that takes longer could be in the way at the end of the pause
LEAST_MS, MOST_MS = 1000, 8000  # of sound for a look


@dataclass
class Words:
    """What is sure of one utterance by now; `voices` since when each speaks, on the interview's clock, as the
    newest look has it."""

    voices: list[tuple[int, Voice]] = field(default_factory=list)
    sure: Agreement = field(default_factory=Agreement)

    def hear(self, parts: Sequence[tuple[Voice, Heard]]) -> None:
        """A look may be at the end of the utterance only: what was before it stays as it was."""
        began = parts[0][1].start_ms
        self.voices = [
            *(one for one in self.voices if one[0] < began),
            *((part.start_ms, voice) for voice, part in parts),
        ]
        self.sure.hear([word for _, part in parts for word in part.words])

    def spoken(self) -> list[tuple[int, Voice, str]]:
        """Since when, who, and what is sure of it."""
        placed = [(self._place(word), word.text) for word in self.sure.words]
        return [
            (*self.voices[place], " ".join(text for _, text in group))
            for place, group in groupby(placed, key=lambda item: item[0])
        ]

    def _place(self, word: Word) -> int:
        middle = (word.start_ms + word.end_ms) // 2
        return max(0, bisect_right(self.voices, middle, key=lambda one: one[0]) - 1)


@dataclass
class Early:
    """Of one track, which begins at `offset_ms` on the interview's clock."""

    offset_ms: int
    pausing: bool = False
    _open: Utterance | None = None
    _ready: set[tuple[int, int]] = field(default_factory=set)
    _words: dict[int, Words] = field(default_factory=dict)  # by the start of the utterance in the track
    _next: float = 0.0
    _slow: int | None = None

    def wanted(self, now: Open | None, waiting: Sequence[Utterance]) -> list[Utterance]:
        """How the track stands now. Gives what will be asked for soon and was not wanted before."""
        self.pausing = now is not None and now.pausing
        self._open = now.utterance if now else None
        coming = [*waiting, *([now.utterance] if now and now.settled else [])]
        fresh = [one for one in coming if (one.start_ms, one.end_ms) not in self._ready]
        self._ready = {(one.start_ms, one.end_ms) for one in coming}
        held = {one.start_ms for one in (*waiting, *([self._open] if self._open else []))}
        self._words = {start: words for start, words in self._words.items() if start in held}
        return fresh

    def worth_a_look(self, at: float) -> Utterance | None:
        """What is being said, where a look at it is due. `at` in seconds."""
        said = self._open
        if said is None or self.pausing or at < self._next or said.start_ms == self._slow:
            return None
        return self._lately(said) if said.end_ms - said.start_ms >= LEAST_MS else None

    def looked(self, parts: Sequence[tuple[Voice, Heard]], began: float, ended: float) -> None:
        """What a look found, and from when to when it took, in seconds."""
        assert self._open is not None
        start, cost = self._open.start_ms, ended - began
        self._next = began + max(EVERY_S, SHARE * cost)
        self._slow = start if cost > SLOW_S else None
        if parts:
            self._words.setdefault(start, Words()).hear(parts)

    def lines(self) -> list[dict[str, Any]]:
        """For the page: who is heard, since when on the interview's clock, and the words that are sure."""
        return [
            {
                "speaker": voice.speaker,
                "language": voice.language,
                "dir": direction(voice.language),
                "start_ms": since_ms,
                "text": text,
            }
            for words in self._words.values()
            for since_ms, voice, text in words.spoken()
        ]

    def _lately(self, said: Utterance) -> Utterance:
        """Of a long utterance the end only, from a sure word on: a look must not cost ever more."""
        sure = self._words[said.start_ms].sure.words if said.start_ms in self._words else []
        starts = [word.start_ms - self.offset_ms for word in sure]
        if not starts or said.end_ms - said.start_ms <= MOST_MS:
            return said
        start = next((one for one in starts if one >= said.end_ms - MOST_MS), starts[-1])
        return Utterance(start, said.end_ms, said.samples[(start - said.start_ms) * RATE // 1000 :])
