"""Who is named as having found words good has seen them: words written later need another look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask_babel import gettext as _

from protocols.errors import ProtocolError
from protocols.validate import Problem
from web.authoring.naming import language_of
from web.authoring.wording_file import OwnWords, read


def outdated(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Problem]:
    """Files whose words are others than those `before`, with the validation of before."""
    for path in sorted(path for path in now if path.startswith("wording/")):
        old, new = _read(path, before.get(path, "")), _read(path, now[path])
        if old is None or new is None or not new.validated or (old.by, old.on) != (new.by, new.on):
            continue
        changed = sorted(card for card, words in new.texts.items() if old.texts.get(card) != words)
        if changed:
            yield Problem(
                "",
                changed[0],
                _("The words were changed since they were validated: %(cards)s", cards=", ".join(changed)),
                _("Say who validated them as they are now, or make them a draft"),
                path,
                _line(now[path]),
            )


def _read(path: str, text: str) -> OwnWords | None:
    try:
        return read(text, language_of(path))
    except ProtocolError:
        return None


def _line(text: str) -> int:
    rows = enumerate(text.split("\n"), 1)
    return next((number for number, row in rows if row.startswith("validated:")), 0)
