"""Words of the page: languages, sizes, figures, and how far something is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel import Locale, UnknownLocaleError
from flask_babel import format_decimal, format_percent, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext as _n

from web.artifacts import Status
from web.speech.measure import Heard

KINDS: dict[str, Any] = {"read": _l("read by a person"), "made": _l("machine voice")}
WHISPER = {"jw": "jv", "no": "nb"}  # what Whisper calls otherwise than everybody


def language(code: str) -> str:
    """For the reader; the code itself where nobody knows the language."""
    try:
        return Locale.parse(WHISPER.get(code, code)).get_display_name(get_locale() or Locale("en")) or code
    except (UnknownLocaleError, ValueError):
        return code


def by_name(codes: Sequence[str]) -> list[tuple[str, str]]:
    """Codes with what they are called, in the order of that."""
    return sorted(((code, language(code)) for code in codes), key=lambda one: one[1].casefold())


def languages(codes: Sequence[str]) -> str:
    """Up to three by name, more as a number."""
    if len(codes) > 3:
        return str(_n("%(num)s language", "%(num)s languages", len(codes)))
    return ", ".join(language(code) for code in codes)


def size(number: int) -> str:
    if number < 10**9:
        return str(
            _("%(n)s MB", n=format_decimal(max(0.1, round(number / 10**6, 1 if number < 10**7 else 0))))
        )
    return str(_("%(n)s GB", n=format_decimal(round(number / 10**9, 1))))


def pace(factor: float) -> str:
    """Seconds of work for a minute of sound say more than a factor."""
    return str(
        _("%(n)s s for a minute of sound", n=format_decimal(round(factor * 60, 1 if factor < 0.2 else 0)))
    )


def wrong(heard: Heard) -> str:
    said = {
        "language": language(heard.language),
        "kind": KINDS[heard.kind],
        "share": format_percent(heard.word_error_rate, "#,##0.0 %"),
    }
    return str(_("%(language)s, %(kind)s: %(share)s", **said))


def progress(status: Status) -> str:
    """How far bringing in is; empty where nothing is to be told."""
    if status.state == "downloading" and status.total:
        return str(_("coming in: %(done)s of %(all)s", done=size(status.done), all=size(status.total)))
    if status.state == "downloading":
        return str(_("coming in"))
    if status.state == "verifying":
        return str(_("being checked and put in place"))
    return str(_(status.reason, **status.values)) if status.state == "failed" else ""


def measuring(status: Status) -> str:
    if status.running:
        return str(_("being measured"))
    return str(_(status.reason, **status.values)) if status.state == "failed" else ""
