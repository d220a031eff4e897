"""Turns one utterance into words with times, by faster-whisper on the processor, without inventing any."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from web.speech.model import RATE, Samples, Segment, Word
from web.speech.models import Model, find
from web.speech.window import WHOLE, windows

LONGEST_S = 30  # Whisper's window
CRAMMED_S = 0.1
# Which of several tries is kept. "noise" comes before "unsure": what one look takes for noise is not shown.
PREFERENCE = (None, "noise", "unsure", "repetition")


class UnsupportedLanguage(ValueError):
    """The model cannot write this language."""

    def __init__(self, language: str, model: str, known: tuple[str, ...]) -> None:
        super().__init__(f"the speech model {model} writes {', '.join(known)}, not {language!r}")
        self.language = language


@dataclass(frozen=True, slots=True)
class Limits:
    """Where doubt begins. The first three are Whisper's own published thresholds (Radford et al. 2022, 4.5);
    `phantom` is the word confidence below which a typical invented phrase is withheld."""

    no_speech: float = 0.6
    mean_log_probability: float = -1.0
    compression: float = 2.4
    phantom: float = 0.6
    unsure: float = 0.5


class Transcriber:
    """A loaded model. Safe to call from several threads; they take turns."""

    def __init__(self, whisper: Any, name: str, languages: tuple[str, ...], sha256: str) -> None:
        self._whisper = whisper
        self._lock = Lock()
        self._limits = Limits()
        self._phantoms = _phantoms()
        self.name = name
        self.languages = languages
        self.sha256 = sha256

    @classmethod
    def load(cls, threads: int = 2, model: Model | None = None) -> Transcriber:
        """Load a model that was found (see Models.find), or the one that came with the project (seconds,
        about 150 MB). Raises BadModel."""
        model = model or find()
        from web.speech.whisper import ShortWhisper

        logging.getLogger("faster_whisper").setLevel(logging.WARNING)  # below that it tells what it hears
        whisper = ShortWhisper(
            str(model.path), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
        )
        return cls(whisper, model.name, model.languages, model.sha256)

    def transcribe(self, samples: Samples, offset_ms: int = 0, language: str | None = None) -> Segment:
        """Write down one utterance of at most 30 s (16 kHz, one track) that begins at `offset_ms`.

        The same sound gives the same text. Raises UnsupportedLanguage, and ValueError for longer sound.
        """
        language = self.check_language(language)
        end_ms = offset_ms + len(samples) * 1000 // RATE
        if len(samples) > LONGEST_S * RATE:
            raise ValueError(f"an utterance of {len(samples) / RATE:.1f} s; at most {LONGEST_S} s at once")
        if not np.any(samples):
            return Segment("", (), offset_ms, end_ms, 0.0, language or self.languages[0], "noise")
        tries: list[Segment] = []
        for window in windows(len(samples)):
            tries.append(self._try(samples, offset_ms, language, window))
            if not tries[-1].doubt:
                break
        if tries[-1].doubt == "repetition":
            options = {"no_repeat_ngram_size": 3, "repetition_penalty": 1.1}
            tries.append(self._try(samples, offset_ms, language, WHOLE, **options))
        return min(tries, key=lambda segment: (PREFERENCE.index(segment.doubt), -segment.confidence))

    def sketch(self, samples: Samples, offset_ms: int = 0, language: str | None = None) -> Segment:
        """One quick look at somebody who still speaks: cheaper than `transcribe`, and not to be kept.

        Its last word may be half a word. Raises UnsupportedLanguage.
        """
        language = self.check_language(language)
        parts, heard = self._hear(samples, language, windows(len(samples))[0])
        return self._judged(parts, samples, offset_ms, heard, circling=_circling(parts, samples, language))

    def _try(
        self, samples: Samples, offset_ms: int, language: str | None, window: int, **options: Any
    ) -> Segment:
        parts, heard = self._hear(samples, language, window, **options)
        circling = _circling(parts, samples, language)
        circling = circling or (window < WHOLE and _echoes(parts, len(samples) / RATE))
        return self._judged(parts, samples, offset_ms, heard, circling=circling)

    def _judged(  # noqa: PLR0917
        self, parts: list[Any], samples: Samples, offset_ms: int, language: str, *, circling: bool
    ) -> Segment:
        end_ms = offset_ms + len(samples) * 1000 // RATE
        words = tuple(_words(parts, offset_ms, end_ms))
        confidence = sum(word.probability for word in words) / len(words) if words else 0.0
        doubt = "repetition" if circling else self._doubt(parts, confidence)
        if doubt in {"noise", "repetition"}:
            return Segment("", (), offset_ms, end_ms, 0.0, language, doubt)
        text = "".join(part.text for part in parts).strip()
        return Segment(text, words, offset_ms, end_ms, round(confidence, 3), language, doubt)

    def check_language(self, language: str | None) -> str | None:
        """The language to decode with, None for "find out". Raises UnsupportedLanguage."""
        if language is None:
            return self.languages[0] if len(self.languages) == 1 else None
        code = language.lower().split("-")[0]
        if code not in self.languages:
            raise UnsupportedLanguage(language, self.name, self.languages)
        return code

    def _hear(
        self, samples: Samples, language: str | None, window: int, **options: Any
    ) -> tuple[list[Any], str]:
        sound = samples.astype(np.float32) / 32768
        with self._lock:
            self._whisper.window = window
            parts, about = self._whisper.transcribe(
                sound,
                language=language,
                beam_size=1,
                temperature=0.0,  # no dice: the same recording must always give the same record
                condition_on_previous_text=False,
                word_timestamps=True,
                max_new_tokens=_most_tokens(len(samples), language),
                log_prob_threshold=None,  # judged in _doubt, where the reason is kept
                no_speech_threshold=None,
                **options,
            )
            return list(parts), str(about.language)

    def _doubt(self, parts: list[Any], confidence: float) -> str | None:
        limits = self._limits
        if not parts:
            return "noise"
        if any(part.compression_ratio > limits.compression for part in parts):
            return "repetition"
        silent = max(part.no_speech_prob for part in parts)
        sure = float(np.mean([part.avg_logprob for part in parts]))
        if silent > limits.no_speech and sure < limits.mean_log_probability:
            return "noise"
        if _plain("".join(part.text for part in parts)) in self._phantoms and confidence < limits.phantom:
            return "noise"
        return "unsure" if confidence < limits.unsure else None


def _most_tokens(samples: int, language: str | None) -> int:
    """More than anybody says in this time: beyond it the model runs in circles. English takes about one
    token a word; other scripts up to several a syllable."""
    a_second = 8 if language == "en" else 20
    return min(220, 12 + samples * a_second // RATE)


def _circling(parts: list[Any], samples: Samples, language: str | None) -> bool:
    return sum(len(part.tokens) for part in parts) >= _most_tokens(len(samples), language)


def _echoes(parts: list[Any], seconds: float) -> bool:
    """The last words come twice, or are crammed into the very end of the sound: what a
    shortened window makes of silence. People do repeat themselves; whether they did, the whole
    window tells."""
    heard = [word for part in parts for word in part.words or ()]
    said = [_plain(word.word) for word in heard]
    twice = any(said[-size:] == said[-2 * size : -size] for size in range(1, len(said) // 2 + 1))
    return twice or any(word.start >= seconds - CRAMMED_S for word in heard)


def _words(parts: list[Any], offset_ms: int, end_ms: int) -> list[Word]:
    """Words with absolute times that never run backwards nor out of the utterance."""
    words: list[Word] = []
    earliest = offset_ms
    for heard in (word for part in parts for word in part.words or ()):
        start = min(max(offset_ms + round(heard.start * 1000), earliest), end_ms)
        earliest = min(max(offset_ms + round(heard.end * 1000), start), end_ms)
        words.append(Word(heard.word.strip(), start, earliest, round(float(heard.probability), 3)))
    return words


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _phantoms() -> frozenset[str]:
    listed = json.loads(Path(__file__).with_name("phantoms.json").read_text(encoding="utf-8"))
    return frozenset(listed["phrases"]) | {""}
