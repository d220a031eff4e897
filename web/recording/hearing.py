"""What was said in an utterance, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from web.speech.model import Segment as Heard
from web.speech.model import Utterance
from web.speech.speakers import Mark, assign, split
from web.speech.transcriber import Transcriber, UnsupportedLanguage
from web.store import Interview, Track


def tongue(interview: Interview, speaker: str) -> str:
    return interview.child_language if speaker == "child" else interview.interviewer_language


def hear(
    transcriber: Transcriber, interview: Interview, track: Track, utterance: Utterance, marks: Sequence[Mark]
) -> list[tuple[str, Heard]]:
    """The parts of an utterance by speaker, on the interview's clock.

    A part is empty where no word was understood, or where it was spoken in another language than the model
    listened for: a model makes up words for a language it does not know.
    """
    whole = Heard(
        "", (), utterance.start_ms + track.offset_ms, utterance.end_ms + track.offset_ms, 0.0, "", "noise"
    )
    marks = marks or [Mark(0, "interviewer")]
    speaker = track.speaker or assign(whole.start_ms, whole.end_ms, marks)
    language = tongue(interview, speaker)
    try:
        heard = transcriber.transcribe(utterance.samples, whole.start_ms, language)
    except UnsupportedLanguage:
        return [(speaker, whole)]
    if track.speaker is not None:
        return [(speaker, heard)]
    return [
        (who, part if tongue(interview, who) == language else replace(part, text="", words=()))
        for who, part in split(heard, marks)
    ]


def after(heard: Heard, moment_ms: int) -> Heard:
    """What of it was said from this moment on."""
    words = tuple(word for word in heard.words if word.start_ms >= moment_ms)
    text = " ".join(word.text for word in words)
    return replace(heard, text=text, words=words, start_ms=min(max(heard.start_ms, moment_ms), heard.end_ms))
