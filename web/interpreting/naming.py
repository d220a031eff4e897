"""What notes and changes are called on the pages."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.packages.naming import direction, meaning
from web.translation.about import About
from web.translation.check import MESSAGES

NOTES: dict[str, Any] = {
    "present": _l("Interprets from now on"),
    "briefing": _l("Agreed before"),
    "objection": _l("Objection or misunderstanding"),
    "replaced": _l("No longer interprets"),
    "debriefing": _l("Gone through afterwards"),
}
CHANGES: dict[str, Any] = {
    "closed": _l("An open question seems to have become one to say yes or no to, or to choose from."),
    "narrower": _l("An invitation to tell seems to have become a narrower question."),
    "opened": _l("A closed question seems to have become an open one."),
    "suggestion": _l("Something seems to have been put to the child that the question did not hold."),
    "left_out": _l("Part of what was said seems to be missing."),
    "added": _l("More seems to have been said or asked than the question held."),
    "no_question": _l("The question seems to have become something that asks nothing."),
}
WHY_NOT: dict[str, Any] = {
    "not_interpreted": _l("no rendering was written down"),
    "no_package": _l("no translation package leads back to English"),
    "too_long": _l("it is too long to be translated at once"),
    "no_coder": _l("the language analysis was not there"),
    "not_coded": _l("the language analysis could not read it"),
    "waiting": _l("it has not been compared yet"),
}
SIGNS: dict[str, Any] = {
    "length": _l("The rendering is much longer or shorter than what the child said."),
    "numbers": _l("A number is missing or new in the rendering."),
    "negation": _l("A “no” or “not” is missing or new in the rendering."),
    "names": _l("A name is missing or new in the rendering."),
}


def doubt(code: str) -> str:
    return str(_(MESSAGES[code])) if code in MESSAGES else code


def reader(one: About) -> str:
    """Which package read back, and what it is worth."""
    what = direction(one.package.source, one.package.target)
    return str(
        _("%(what)s, version %(version)s: %(worth)s", what=what, version=one.package.ref.version,
          worth=meaning(one.meaning))
    )  # fmt: skip


def progress(done: int, of: int) -> str:
    if done == of:
        return ""
    told = _(
        "Being compared: %(done)s of %(of)s stretches. The page is loaded anew at the end.", done=done, of=of
    )
    return str(told)
