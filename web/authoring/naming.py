"""What the files of a draft are called on its pages."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError
from flask_babel import get_locale
from flask_babel import gettext as _

from protocols.files import folder, stem
from protocols.library import Library
from web.authoring.model import FileChange, Kind
from web.library.naming import say


def file_name(path: str, library: Library | None) -> str:
    """In words, with the title of the protocol or pack where the library has it."""
    if path.startswith("wording/"):
        return str(_("Own words: %(language)s", language=language_name(language_of(path))))
    if path.startswith("packs/"):
        pack = library.packs.get(stem(path)) if library else None
        return str(_("Pack: %(title)s", title=say(pack.title) if pack else stem(path)))
    flow = library.flows.get(folder(path)) if library else None
    title = say(flow.title) if flow else folder(path)
    texts = {"flow": _("%(t)s: steps", t=title), "cards": _("%(t)s: own cards", t=title)}
    return str(texts.get(stem(path)) or _("%(t)s: whom it fits", t=title))


def language_of(path: str) -> str:
    """The language of a file of own words."""
    return stem(path).removeprefix("own_")


def language_name(code: str) -> str:
    """For the reader; the code itself where nobody knows the language."""
    try:
        return Locale.parse(code, sep="-").get_display_name(get_locale() or Locale("en")) or code
    except (UnknownLocaleError, ValueError):
        return code


def change_name(change: FileChange) -> str:
    names = {Kind.ADDED: _("new"), Kind.CHANGED: _("changed"), Kind.REMOVED: _("removed")}
    return str(names[change.kind])
