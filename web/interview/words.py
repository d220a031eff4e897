"""What codes are called on the page, in the reader's language."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel.support import NullTranslations, Translations

from web.interview.labels import is_suggestive
from web.interview.readings import Coded
from web.language.model import Coding

DATA = Path(__file__).parent / "data"
CATALOGUES = Path(__file__).parents[1] / "translations"


@cache
def data(name: str) -> Any:
    """One of this room's data files."""
    return yaml.safe_load((DATA / f"{name}.yml").read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(
        str(CATALOGUES), [language.replace("-", "_"), language.split("-", maxsplit=1)[0]]
    )


def say(text: str, language: str = "en") -> str:
    """The text in this language, or as it is where nobody has translated it."""
    return str(_catalogue(language).gettext(text)) if text else ""


def name_of(group: str, code: str | None, language: str = "en") -> str:
    """What a type, response or flag is called; the code itself, made readable, when it has no name."""
    if code is None:
        return ""
    found = data("words")[group].get(code)
    return say(found, language) if found else code.replace("_", " ").capitalize()


def engine(name: str, state: str, language: str = "en") -> str:
    return say(data("words")["engines"].get(name, {}).get(state, ""), language)


def draft_payload(coding: Coding, language: str) -> dict[str, Any]:
    """What a turn that was not said would be."""
    question = coding.question
    kind = question.type.value if question else None
    return {"type": kind, "label": name_of("types", kind, language)}


def coding_payload(one: Coded, language: str) -> dict[str, Any]:
    """The `coding` event of a turn. Where nothing could be coded yet, `label` says why; `late`: the guide had
    gone on by the time it could."""
    coding = one.coding
    question = coding.question
    response = coding.response.value if coding.response else None
    flags = question.flags if question else ()
    draft = draft_payload(coding, language)
    return {
        "turn": one.row.number,
        "type": draft["type"],
        "subtype": question.subtype if question else None,
        "suggestive": is_suggestive(coding),
        "flags": [
            {"flag": flag.flag, "why": flag.why, "label": name_of("flags", flag.flag, language)}
            for flag in flags
        ],
        "response": response,
        "label": draft["label"]
        or name_of("responses", response, language)
        or name_of("waits", one.waits, language),
        "translated": one.reading is not None,
        "waits": one.waits,
        "late": one.late,
    }
