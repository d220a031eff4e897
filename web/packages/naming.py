"""Words of the page: languages, sizes, origins, and what figures mean."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.artifacts import Status
from web.translation.installing import Origin
from web.translation.quality import MEANINGS, SETS

ARGOS = {"pb": "pt-BR", "zt": "zh-Hant"}  # what the packages call otherwise than everybody
ORIGINS: dict[str, Any] = {
    "shipped": _l("carried with Tellmore"),
    "file": _l("from a file"),
    "elsewhere": _l("put there by something else"),
}
MB = 1_000_000


def language(code: str) -> str:
    """For the reader; the code itself where nobody knows the language."""
    try:
        locale = Locale.parse(ARGOS.get(code, code).replace("_", "-"), sep="-")
        return locale.get_display_name(get_locale() or Locale("en")) or code
    except (UnknownLocaleError, ValueError):
        return code


def direction(source: str, target: str) -> str:
    return str(_("%(source)s to %(target)s", source=language(source), target=language(target)))


def origin(found: Origin) -> str:
    if found.kind == "index":
        return str(_("from %(host)s", host=urlsplit(found.where).netloc or found.where))
    return str(ORIGINS.get(found.kind, ORIGINS["elsewhere"]))


def size(number: int) -> str:
    return str(_("%(n)s MB", n=format_decimal(max(0.1, round(number / MB, 1)))))


def test_set(name: str) -> str:
    return str(_(SETS[name])) if name in SETS else name


def meaning(code: str) -> str:
    return str(_(MEANINGS[code]))


def progress(status: Status) -> str:
    """How far fetching and installing is, in words; empty where nothing is to be told."""
    if status.state == "downloading":
        if status.total:
            return str(_("fetching: %(done)s of %(all)s", done=size(status.done), all=size(status.total)))
        return str(_("fetching: %(done)s", done=size(status.done)))
    if status.state == "verifying":
        return str(_("checking and trying out"))
    if status.state == "failed":
        return str(_(status.reason, **status.values))
    return ""
