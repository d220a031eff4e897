"""What notes and changes are called on the pages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

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
    "not_coded": _l("the language analysis was not there, or could not read it"),
}
SIGNS: dict[str, Any] = {
    "length": _l("The rendering is much longer or shorter than what the child said."),
    "numbers": _l("A number is missing or new in the rendering."),
    "negation": _l("A “no” or “not” is missing or new in the rendering."),
    "names": _l("A name is missing or new in the rendering."),
}
