"""JSON: a list of turns, or an object with one under `turns`, `segments` or `utterances`.

That is what Tellmore gives out and what Whisper and its relatives write. Keys are those of a table's
headings; `start` and `end` are seconds, `start_ms` and `end_ms` milliseconds.
"""

from __future__ import annotations

import json
import math
from typing import Any

from web.importing.labels import known, plain_label, split_labels
from web.importing.model import BadTranscript, ImportedTranscript, Problem, Said, collect, storable
from web.importing.text import decode
from web.importing.times import moment

LISTS = ("turns", "segments", "utterances", "results", "cues")


def read_json(content: bytes) -> ImportedTranscript:
    """Raises BadTranscript."""
    items = _items(_load(content))
    problems: list[Problem] = []
    said = [_said(number, item, problems) for number, item in enumerate(items, 1)]
    return collect("json", "entry", split_labels(said), problems)


def _load(content: bytes) -> Any:
    try:
        return json.loads(decode(content))
    except json.JSONDecodeError as error:
        raise BadTranscript("bad_json", error.lineno) from None
    except (RecursionError, ValueError):  # nested too deep, or a number of too many digits
        raise BadTranscript("bad_json") from None


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = next((value[name] for name in LISTS if isinstance(value.get(name), list)), None)
    if not isinstance(value, list):
        raise BadTranscript("no_list")
    return value


def _said(number: int, item: Any, problems: list[Problem]) -> Said:
    if not isinstance(item, dict):
        raise BadTranscript("no_list", number)
    text = _first(item, "text")
    if not isinstance(text, str):
        raise BadTranscript("no_text", number)
    speaker, language = _first(item, "speaker"), _first(item, "language")
    start, end = (_moment(item, name) for name in ("start", "end"))
    if start is None and any(item.get(key) is not None for key in ("start", "start_ms", "started_ms")):
        problems.append(Problem("bad_times", number))
    return Said(
        number,
        plain_label(str(speaker)) if isinstance(speaker, str | int) and not isinstance(speaker, bool) else "",
        text,
        start,
        end,
        language if isinstance(language, str) else None,
        _words(item.get("words")),
    )


def _first(item: dict[str, Any], kind: str) -> Any:
    return next((item[name] for name in known()["columns"][kind] if item.get(name) is not None), None)


def _moment(item: dict[str, Any], kind: str) -> int | None:
    told = _first(item, f"{kind}_ms")
    if told is not None:
        return told if isinstance(told, int) and not isinstance(told, bool) else None
    return _seconds(_first(item, kind))


def _seconds(value: Any) -> int | None:
    if isinstance(value, str):
        return moment(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return round(value * 1000) if 0 <= value < 1e9 else None


def _words(items: Any) -> tuple[dict[str, Any], ...] | None:
    """Words with their times as the record keeps them; none of them where one cannot be read."""
    if not isinstance(items, list) or not items or len(items) > 20_000:
        return None
    found = [_word(item) for item in items]
    return tuple(word for word in found if word) if all(found) else None


def _word(item: Any) -> dict[str, Any] | None:
    if not isinstance(item, dict):
        return None
    text = item.get("text", item.get("word"))
    start, end = _moment(item, "start"), _moment(item, "end")
    sure = next((item[name] for name in ("probability", "score", "confidence") if name in item), 1.0)
    fits = isinstance(text, str) and 0 < len(text.strip()) <= 200 and storable(text)
    fits = fits and isinstance(sure, int | float) and 0 <= sure <= 1
    if not fits or start is None or end is None or not start <= end:
        return None
    return {"text": str(text).strip(), "start_ms": start, "end_ms": end, "probability": float(sure)}
