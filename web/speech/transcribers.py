"""The models at work: for each language the one that was chosen, loaded when it is first needed.

What a person installs, chooses or removes counts from the next utterance on; nothing is restarted.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Protocol

from web.speech.model import Samples, Segment
from web.speech.models import BadModel, Model, Models
from web.speech.transcriber import Transcriber, UnsupportedLanguage

MOST = 2
"""So many stay loaded: an interview has two languages at most, and large models take gigabytes."""


class Scribe(Protocol):
    """What writes down an utterance: one model (Transcriber), or the right one of several."""

    def transcribe(self, samples: Samples, offset_ms: int, language: str | None, /) -> Segment: ...


class LiveScribe(Scribe, Protocol):
    """One that can also take a quick look at somebody who still speaks."""

    def sketch(self, samples: Samples, offset_ms: int = 0, language: str | None = None) -> Segment: ...


class Transcribers:
    """A LiveScribe that keeps the chosen models. Safe to call from several threads."""

    def __init__(
        self,
        models: Models,
        threads: int = 1,
        load: Callable[[int, Model], Transcriber] = Transcriber.load,
    ) -> None:
        self._models, self._threads, self._load = models, threads, load
        self._loaded: dict[str, Transcriber] = {}  # the one used last comes last
        self._lock = Lock()

    def transcribe(self, samples: Samples, offset_ms: int = 0, language: str | None = None) -> Segment:
        """See Transcriber.transcribe. Without a language the default model finds out, or takes its own."""
        return self.of(language).transcribe(samples, offset_ms, language)

    def sketch(self, samples: Samples, offset_ms: int = 0, language: str | None = None) -> Segment:
        """See Transcriber.sketch."""
        return self.of(language).sketch(samples, offset_ms, language)

    def of(self, language: str | None) -> Transcriber:
        """The model for this language, loaded (seconds). Raises UnsupportedLanguage where none writes it, and
        BadModel where its files are not what they should be."""
        in_use = self._models.in_use()
        code = (language or "en").lower().split("-")[0]
        name = in_use.get(code)
        if name is None:
            raise UnsupportedLanguage(code, "installed here", tuple(in_use))
        with self._lock:
            for idle in [one for one in self._loaded if one not in in_use.values()]:
                del self._loaded[idle]
            found = self._loaded.pop(name) if name in self._loaded else self._fresh(name)
            self._loaded[name] = found
            return found

    def names(self) -> list[str]:
        """What is in use now, for the status page. Raises BadModel where nothing is."""
        names = sorted(set(self._models.in_use().values()))
        if not names:
            self._models.find()
            raise BadModel("no speech model is in use")
        return names

    def languages(self) -> list[str]:
        return list(self._models.in_use())

    def _fresh(self, name: str) -> Transcriber:
        while len(self._loaded) >= MOST:
            del self._loaded[next(iter(self._loaded))]
        return self._load(self._threads, self._models.find(name))
