"""What the transcript page says, in the reader's language. Slots in braces are filled in the browser."""

from __future__ import annotations

from flask_babel import gettext as _


def speakers() -> dict[str, str]:
    return {"interviewer": _("Interviewer"), "child": _("Child"), "interpreter": _("Interpreter")}


def page_texts() -> dict[str, str]:
    return {
        "play": _("Play"),
        "pause": _("Pause"),
        "loading": _("Sound is being fetched …"),
        "no_sound": _(
            "The sound cannot be fetched just now. The text can be read and corrected all the same."
        ),
        "saving": _("Being saved …"),
        "saved": _("Saved as step {n}."),
        "unsaved": _("Not saved: no connection. What you wrote stays here; save it again."),
        "clash": _(
            "Somebody else changed this meanwhile: above is how it stands now. Save again to put yours over "
            "it, or cancel to keep theirs."
        ),
        "nothing_to_merge": _("Nothing follows that could be merged with this."),
        "key_not_allowed": _("{key} cannot be used: it types, moves the cursor, or belongs to the browser."),
        "key_taken": _("{key} already does something else."),
        "key_name_escape": _("Esc"),
    }


def keys() -> dict[str, str]:
    """The names of what a key can do."""
    return {
        "key_hold": _("Play while held (pedal)"),
        "key_toggle": _("Play or pause"),
        "key_back": _("Some seconds back"),
        "key_forward": _("Some seconds on"),
        "key_slower": _("Slower"),
        "key_faster": _("Faster"),
        "key_again": _("Play this segment again"),
        "key_previous": _("Segment before"),
        "key_next": _("Segment after"),
        "key_edit": _("Edit this segment"),
        "key_split": _("Split at the cursor"),
        "key_merge": _("Merge with the next"),
        "key_inaudible": _("Put [inaudible] at the cursor"),
        "key_interviewer": _("The interviewer says this"),
        "key_child": _("The child says this"),
        "key_interpreter": _("The interpreter says this"),
        "key_undo": _("Undo the last step"),
        "key_cancel": _("Leave without saving"),
    }
