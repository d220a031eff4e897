"""Which words of somebody still speaking can be shown: those on which two looks in a row agree.

LocalAgreement-2 (Macháček, Dabre & Bojar 2023, "Turning Whisper into Real-Time Transcription System"): each
look hears the utterance from its beginning to now; what was shown is never taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from web.speech.errors import words as plain
from web.speech.model import Word

SLACK_MS = 100  # by so much the times of a word differ between two looks
LONGEST_ECHO = 5  # words that may come again at a seam because their times moved


class Agreement:
    """The words of one utterance that are sure by now."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self._last: list[Word] = []

    def hear(self, words: Sequence[Word]) -> bool:
        """Take in another look. Whether there are more sure words than before."""
        fresh, before = self._beyond(words), self._beyond(self._last)
        same = takewhile(lambda pair: _same(*pair), zip(fresh, before, strict=False))
        agreed = [word for word, _ in same]
        self.words += agreed
        self._last = list(words)
        return bool(agreed)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    def _beyond(self, words: Sequence[Word]) -> list[Word]:
        """What of a look comes after the sure words."""
        if not self.words:
            return list(words)
        later = [word for word in words if word.start_ms >= self.words[-1].end_ms - SLACK_MS]
        for size in range(min(LONGEST_ECHO, len(later), len(self.words)), 0, -1):
            if all(map(_same, later[:size], self.words[-size:])):
                return later[size:]
        return later


def _same(one: Word, other: Word) -> bool:
    return plain(one.text) == plain(other.text)
