"""What is said about recorded files, in the reader's language. Slots in braces are filled in the browser."""

from __future__ import annotations

from flask_babel import gettext as _


def page_texts() -> dict[str, str]:
    return {**_states(), **_problems(), **_doing()}


def _states() -> dict[str, str]:
    return {
        "state_receiving": _("{done} of {all} have arrived."),
        "state_waiting": _(
            "The whole file has arrived. It waits to be read, after those that were begun before it and when"
            " no microphone of this interview is on."
        ),
        "state_checking": _("The file is being checked."),
        "state_reading": _("{done} of {all} minutes have been read."),
        "state_reading_unknown": _("{done} minutes have been read."),
        "state_done": _("Read to the end: {done} minutes. Its words appear in the transcript."),
        "state_cancelled": _("Cancelled. Nothing of this file was kept."),
        "state_stopped": _(
            "Stopped after {done} minutes. What was read stays, and the file is kept with it."
        ),
        "state_held": _("Stopped before any of it was read. The file is kept."),
        "state_removed": _("Stopped after {done} minutes. What was read stays; the file was removed."),
        "state_failed": _("This file could not be read."),
        "state_failed_later": _(
            "After {done} minutes this file could not be read further. What was read stays."
        ),
    }


def _problems() -> dict[str, str]:
    return {
        "problem_no_sound": _("It is no recording that can be read. Nothing of it was kept."),
        "problem_speakers": _("It has one channel, not two. Bring it in again without “Two channels”."),
        "problem_same_file": _(
            "This file is here already, with other speakers, and written down. Nothing was added."
            " Put the speakers right in the transcript, or bring it into a new interview."
        ),
        "problem_other_speakers": _(
            "Part of it was written down before, with other speakers: put these right in the transcript."
        ),
        "problem_other_sound": _(
            "Its sound is read otherwise here than the first time. Ask your administrator."
        ),
        "problem_too_late": _(
            "With it the recordings of this interview would be longer than twelve hours."
            " Nothing of it was kept."
        ),
        "problem_damaged": _("Part of it was damaged on this machine's disk. Ask your administrator."),
        "problem_disk": _(
            "The disk could not be read or takes nothing more. Ask your administrator to make room."
        ),
        "problem_trouble": _("Something in the console went wrong. What was read before is safe."),
        "problem_broke_off": _("The file breaks off there; the rest is missing or damaged."),
        "problem_left_out": _(
            "Damaged pieces were left out: listen to the recording before you rely on the text."
        ),
        "problem_too_long": _("It is longer than six hours; the rest was not read."),
    }


def _doing() -> dict[str, str]:
    return {
        "choose": _("Choose a file first."),
        "sending": _("{n} % sent"),
        "sent": _("Sent. You may leave this page: the recording is read in the background."),
        "lost": _("No connection. Sending goes on by itself as soon as it is back."),
        "refused": _("The file was not taken."),
        "other_size": _("This is another file: it has another size. Choose the one you began with."),
        "begun": _("Begun {when}"),
        "go_on_sending": _("Go on sending: choose the same file again"),
        "go_on_reading": _("Go on reading"),
        "cancel": _("Cancel"),
        "stop": _("Stop reading"),
        "remove": _("Remove the file"),
        "remove_sure": _("Remove the file? What was read of it stays; the file itself is gone for good."),
        "give": _("Save the file as it was brought in"),
        "sha256": _("SHA-256 {digest}"),
        "cancel_sure": _("Cancel? What has arrived of this file is removed."),
        "stop_sure": _("Stop? What has been read stays in the record."),
        "size": _("{n} MB"),
    }
