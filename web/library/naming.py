"""What kinds, types and moments are called on the pages of the library."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from protocols.library import Library
from protocols.model import Card

KINDS: dict[str, Any] = {"interview": _l("Interview"), "first_contact": _l("First contact, no interview")}
TYPES: dict[str, Any] = {
    "invitation": _l("Open prompt"),
    "wh": _l("Wh question"),
    "yes_no": _l("Closed question"),
    "choice": _l("Either-or question"),
    "non_question": _l("Said, asks nothing"),
}
PACKS: dict[str, Any] = {
    "age": _l("By age, chosen by itself"),
    "need": _l("For what a child needs"),
    "interpreter": _l("With an interpreter"),
}
ADVISED: dict[str, Any] = {
    "preparation": _l("Before the interview"),
    "opening": _l("At the beginning"),
    "rules": _l("With the ground rules"),
    "practice": _l("In the narrative practice"),
    "substantive": _l("While the child tells"),
    "focused": _l("With focused questions"),
    "closing": _l("At the end"),
    "afterwards": _l("Afterwards"),
}
MOMENTS: dict[str, Any] = {
    "break": _l("Break"),
    "stop": _l("The child wants to stop"),
    "safety": _l("Somebody may be in danger now"),
    "reluctance": _l("The child holds back"),
    "reopen": _l("Beginning again"),
    "pairing": _l("After a closed or leading question"),
    "open": _l("Instead of a question that is too early"),
    "locked": _l("Instead of a step that is locked"),
    "support": _l("Support"),
    "silence": _l("Silence"),
    "dont_know": _l("The child does not know"),
    "distress": _l("Distress"),
    "denial": _l("The child says it did not happen"),
    "contradiction": _l("Two things do not fit together"),
}


def say(text: str) -> str:
    """A text of the library in the reader's language."""
    return str(gettext(text)) if text else ""


def type_of(card: Card) -> str:
    """What kind of prompt a card is."""
    return str(TYPES[card.says] if card.spoken else _("For you, not to be said"))


def lock(reason: str, card: Card, library: Library, open_prompts: int) -> str:
    """Why the walker does not show a card: `reason` is what its `lock` says."""
    if reason == "off":
        return str(_("Switched off because it is contested: shown only where an agency has decided so."))
    if reason == "needs_approval":
        condition = say(library.vocabulary.conditions[card.needs or "approved"])
        return str(_("Locked until you note: %(condition)s.", condition=condition))
    told = ngettext(
        "Locked until %(num)s open prompt about this time was said. An open one is shown instead.",
        "Locked until %(num)s open prompts about this time were said. An open one is shown instead.",
        open_prompts,
    )
    return str(told)
