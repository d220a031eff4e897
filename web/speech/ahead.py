"""Transcription that was done before it was asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from web.speech import together
from web.speech.model import Samples, Segment, Utterance
from web.speech.transcribers import LiveScribe, Scribe

MOST = 8
"""So many are kept: a pause that did not last leaves one that nobody will want."""
MOST_TOGETHER = 100
"""The same for utterances heard as one: tracks of a file take turns, and each has some of its own."""

Key = tuple[bytes, int, str | None]


@dataclass(frozen=True)
class As:
    """A Scribe that is one function."""

    transcribe: Callable[[Samples, int, str | None], Segment]


class Ahead:
    """A Scribe that keeps what it wrote ahead until it is asked for: the same sound gives the same text.
    In memory only; not for several threads at once."""

    def __init__(self, scribe: Callable[[], LiveScribe]) -> None:
        self._scribe = scribe
        self._kept: OrderedDict[Key, Segment] = OrderedDict()
        self._together: OrderedDict[Key, Segment] = OrderedDict()

    @property
    def keeping(self) -> Scribe:
        """Writes down what will probably be asked for soon."""
        return As(self._keep)

    @property
    def sketching(self) -> Scribe:
        """Takes a quick look at what is not over; see Transcriber.sketch."""
        return As(lambda samples, offset_ms, language: self._scribe().sketch(samples, offset_ms, language))

    def transcribe(self, samples: Samples, offset_ms: int = 0, language: str | None = None) -> Segment:
        """See Transcriber.transcribe. What was kept is forgotten with this."""
        key = _key(samples, offset_ms, language)
        kept = self._together.pop(key, None) or self._kept.pop(key, None)
        return kept if kept is not None else self._scribe().transcribe(samples, offset_ms, language)

    def together(self, said: Sequence[Utterance], sound: Samples, language: str) -> None:
        """Write down utterances that will be asked for next, and hear them as one; see together.py. Raises
        UnsupportedLanguage."""
        heard = together.hear(self._scribe(), said, sound, language)
        for one, part in zip(said, heard, strict=True):
            self._together[_key(one.samples, one.start_ms, language)] = part
        while len(self._together) > MOST_TOGETHER:
            self._together.popitem(last=False)

    def forget(self) -> None:
        """All that nobody has asked for yet."""
        self._kept.clear()
        self._together.clear()

    def _keep(self, samples: Samples, offset_ms: int, language: str | None) -> Segment:
        key = _key(samples, offset_ms, language)
        if key not in self._kept:
            self._kept[key] = self._scribe().transcribe(samples, offset_ms, language)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return self._kept[key]


def _key(samples: Samples, offset_ms: int, language: str | None) -> Key:
    return blake2b(samples.tobytes(), digest_size=16).digest(), offset_ms, language
