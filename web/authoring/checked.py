"""What the validator found, put beside the text it was found in, with the drawing where there is one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from protocols.drawing import draw
from protocols.files import folder
from protocols.in_words import InWords
from protocols.library import Library
from protocols.validate import Problem
from web.authoring.model import Checked
from web.authoring.naming import file_name
from web.library.naming import say

_DRAWN = re.compile(r"flows/own_[a-z0-9_]+/(flow|cards)\.yml")
_LONGEST_EXCERPT = 160


@dataclass(frozen=True)
class Found:
    """One problem. `place` in words; `editable`: its file can be opened; `excerpt`: what is in its line."""

    file: str
    line: int
    where: str
    what: str
    how: str
    place: str
    editable: bool
    excerpt: str


@dataclass(frozen=True)
class Shown:
    """`told`: how many problems, in a sentence. `drawing` is an SVG, None where nothing can be drawn."""

    problems: tuple[Found, ...]
    told: str
    drawing: Markup | None = None

    def as_json(self) -> dict[str, Any]:
        named = ("file", "line", "where", "what", "how", "place", "editable", "excerpt")
        problems = [{name: getattr(one, name) for name in named} for one in self.problems]
        return {"problems": problems, "told": self.told, "drawing": self.drawing}


def shown(checked: Checked, own: Mapping[str, str], path: str = "") -> Shown:
    """`own`: the texts the problems were found in; those of `path`, the open file, come first."""
    problems = sorted(checked.problems, key=lambda one: (one.file != path, one.file, one.line))
    found = tuple(_found(one, own, path, checked.library) for one in problems)
    return Shown(found, _told(checked, len(found)), drawing(path, checked.library))


def drawn(path: str) -> bool:
    """Whether a file is part of what can be drawn."""
    return bool(_DRAWN.fullmatch(path))


def drawing(path: str, library: Library | None) -> Markup | None:
    flow = library.flows.get(folder(path)) if library and drawn(path) else None
    if flow is None or library is None:
        return None
    return Markup(draw(flow, InWords(library.vocabulary.conditions, say)))  # noqa: S704 - ElementTree escapes


def _found(one: Problem, own: Mapping[str, str], path: str, library: Library | None) -> Found:
    rows = own.get(one.file, "").split("\n")
    excerpt = rows[one.line - 1].strip() if 0 < one.line <= len(rows) else ""
    place = _("Line %(n)d", n=one.line) if one.line else ""
    if one.file and one.file != path:
        name = file_name(one.file, library)
        place = f"{name} · {place}" if place else name
    return Found(
        one.file,
        one.line,
        one.where,
        one.what,
        one.how,
        place or one.where or _("The whole draft"),
        one.file in own,
        excerpt[:_LONGEST_EXCERPT],
    )


def _told(checked: Checked, count: int) -> str:
    if count:
        return str(ngettext("%(num)d thing to mend.", "%(num)d things to mend.", count))
    if not checked.coded:
        return str(
            _("Nothing to mend in the form. The words are looked at once the language models are ready.")
        )
    return str(_("Nothing to mend."))
