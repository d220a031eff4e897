"""The transcript as data: one form for exports, for the interface and for the hash of a certification."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from web.transcript.model import Segment, Transcript

_WORD = ("start_ms", "end_ms", "probability")


def segment(one: Segment) -> dict[str, Any]:
    """A segment with its words and their times (milliseconds of the interview's clock)."""
    return {
        "id": one.id,
        "turn": one.turn,
        "speaker": one.speaker,
        "language": one.language,
        "start_ms": one.start_ms,
        "end_ms": one.end_ms,
        "text": one.text,
        "words": [
            {"text": one.text[word.at : word.to], **{name: getattr(word, name) for name in _WORD}}
            for word in one.words
        ],
    }


def segments(transcript: Transcript) -> list[dict[str, Any]]:
    return [segment(one) for one in transcript.segments]


def digest(transcript: Transcript) -> bytes:
    """SHA-256 of `segments` as JSON with sorted keys, without spaces, in UTF-8."""
    return digest_of(segments(transcript))


def digest_of(found: list[dict[str, Any]]) -> bytes:
    """The same, of segments that are data already."""
    content = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).digest()
