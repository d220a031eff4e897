"""What was said in an utterance, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from web.recording.voices import Voice
from web.speech.model import Segment as Heard
from web.speech.model import Utterance
from web.speech.speakers import Mark, assign, split
from web.speech.transcriber import UnsupportedLanguage
from web.speech.transcribers import Scribe
from web.store import Track


def hear(
    transcriber: Scribe, track: Track, utterance: Utterance, alone: Voice | None, marks: Sequence[Mark]
) -> list[tuple[Voice, Heard]]:
    """The parts of an utterance by voice, on the interview's clock. `alone`: the only one on this track;
    None where the `marks` (see voices.py) say who speaks.

    A part is empty where no word was understood, or where a key says that it was spoken in another language
    than the model listened for: a model makes up words for a language it does not know. Where only a voice
    says so, the words stay, in the language that was listened for, and who spoke them is unsure.
    """
    whole = Heard(
        "", (), utterance.start_ms + track.offset_ms, utterance.end_ms + track.offset_ms, 0.0, "", "noise"
    )
    voice = alone or Voice.of(assign(whole.start_ms, whole.end_ms, marks))
    try:
        heard = transcriber.transcribe(utterance.samples, whole.start_ms, voice.language)
    except UnsupportedLanguage:
        return [(voice, whole)]
    if alone is not None:
        return [(alone, heard)]
    guessed = any(mark.since_ms is not None or Voice.of(mark.speaker).unsure for mark in marks)
    parts = [(Voice.of(label), part) for label, part in split(heard, marks)]
    return [_in_language(who, part, voice.language, guessed) for who, part in parts]


def _in_language(who: Voice, part: Heard, language: str, guessed: bool) -> tuple[Voice, Heard]:
    if who.language == language:
        return who, part
    if guessed:
        return replace(who, language=language, unsure=True), part
    return who, replace(part, text="", words=())


def after(heard: Heard, moment_ms: int) -> Heard:
    """What of it was said from this moment on."""
    words = tuple(word for word in heard.words if word.start_ms >= moment_ms)
    text = " ".join(word.text for word in words)
    return replace(heard, text=text, words=words, start_ms=min(max(heard.start_ms, moment_ms), heard.end_ms))
