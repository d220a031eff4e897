"""Plain words for codes."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.interview import words
from web.review import vocabulary

KINDS: dict[str, Any] = {
    "type": _l("Kind of question"),
    "subtype": _l("Form within a kind"),
    "flag": _l("Sign on a question"),
    "answer": _l("Kind of answer"),
    "tag": _l("Mark on a child’s words"),
}
BARS: dict[str, Any] = {
    "type_kappa": _l("Kinds of question: agreement with people beyond chance (kappa)"),
    "type_macro_f1": _l("Kinds of question: mean over kinds (F1)"),
    "subtype_macro_f1": _l("Forms within a kind: mean over forms (F1)"),
    "response_macro_f1": _l("Kinds of answer: mean over kinds (F1)"),
    "tag_macro_f1": _l("Marks on a child’s words: mean over marks (F1)"),
    "acute_recall": _l("Marks to be read now: share that was found"),
}


def name(kind: str, code: str | None) -> str:
    """What a label is called."""
    if not code:
        return str(_("nothing"))
    language = str(get_locale())
    if kind in {"type", "subtype"}:
        first, _dot, second = code.partition(".")
        told = words.name_of("types", first, language)
        return f"{told}: {second.replace('_', ' ')}" if second else told
    if kind == "tag":
        concept = vocabulary.tags().get(code)
        return f"{concept.name} ({code})" if concept else code
    return words.name_of("flags" if kind == "flag" else "responses", code, language)


def reading(speaker: str, codes: tuple[str, ...]) -> list[str]:
    """A whole reading of a turn: its kind first, then flags or marks."""
    asked = speaker == "interviewer"
    first = name("subtype" if asked else "answer", codes[0])
    return [first, *(name("flag" if asked else "tag", code) for code in codes[1:])]
