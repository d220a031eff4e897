"""Does a turn name somebody or some place, or hold a number by which a person could be found?

Found by the parser's tags, by its named entities, and by every name said with a capital anywhere in the same
interview, however it is written in this turn. It errs towards yes; that it misses nothing is not promised.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from web.language.parse import PACKAGES, ModelMissing

_PLACES_AND_PEOPLE = {"PERSON", "GPE", "LOC", "FAC", "ORG", "NORP", "EVENT", "PRODUCT", "WORK_OF_ART"}
_FINDABLE = re.compile(r"\d{3}|\d+\s*[./-]\s*\d+|@|https?:|www\.|\b\w+\.(?:com|org|net|ru|uk|se|no|de)\b")
_WORD = re.compile(r"[^\W\d_]+")
LONGEST = 5000
"""Characters that are looked at; a longer turn counts as naming somebody."""


@cache
def _nobody() -> frozenset[str]:
    return frozenset(
        yaml.safe_load((Path(__file__).parent / "data" / "names.yml").read_text("utf-8"))["nobody"]
    )


@cache
def _reader() -> Any:
    for name in PACKAGES:
        if importlib.util.find_spec(name) is not None:
            return importlib.import_module(name).load(exclude=["senter", "parser", "lemmatizer"])
    raise ModelMissing(f"No English parser found: install one of {', '.join(PACKAGES)}")


class Naming:
    """What is known of names in one interview. `given`: names from its papers."""

    def __init__(self, texts: Iterable[str], given: Iterable[str] = ()) -> None:
        self._names = {word.lower() for text in given for word in _WORD.findall(text) if word[:1].isupper()}
        for doc in _reader().pipe(text[:LONGEST] for text in texts):
            self._names |= _names(doc)
        self._names -= _nobody()

    def tells(self, text: str) -> bool:
        """Whether these words could lead to somebody."""
        if len(text) > LONGEST or _FINDABLE.search(text):
            return True
        return any(word.lower() in self._names for word in _WORD.findall(text))


def _names(doc: Any) -> set[str]:
    tagged = [token.text for token in doc if token.pos_ == "PROPN"]
    spans = [span.text for span in doc.ents if span.label_ in _PLACES_AND_PEOPLE]
    words = [word for text in (*tagged, *spans) for word in _WORD.findall(text)]
    return {word.lower() for word in words if word[:1].isupper() and len(word) > 1}
