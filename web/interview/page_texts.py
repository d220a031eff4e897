"""What the live room's scripts say, in the reader's language. Slots in braces are filled in the browser."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from web.translation.check import MESSAGES

_SAMPLES = (0, 1, 2, 3, 5, 6, 11, 20, 100)
"""Counts that between them fall into every plural form of every language."""


def _forms(one: str, many: str) -> dict[str, str]:
    """Every plural form of a text, by CLDR name: the browser knows which one a number takes."""
    locale = get_locale()
    rule = locale.plural_form if locale else (lambda n: "one" if n == 1 else "other")
    return {rule(n): ngettext(one, many, n) for n in reversed(_SAMPLES)}


def live_texts() -> dict[str, Any]:
    return {**_room(), **_translated(), **_saving(), **_sound(), **_keys(), **_file()}


def _room() -> dict[str, Any]:
    return {
        "interviewer": _("Interviewer"),
        "child": _("Child"),
        "interpreter": _("Interpreter"),
        "being_heard": _("being heard"),
        "none": "",
        "phase_done": _("done"),
        "phase_now": _("now"),
        "phase_ahead": _("to come"),
        "just_begun": _("just begun"),
        "minutes_here": _forms("{n} minute in this phase", "{n} minutes in this phase"),
        "take": _("Take"),
        "for_you": _("For you, not to be said"),
        "draft_words": _("Draft wording, not validated"),
        "cue_reason": _("Built from the child's own words."),
        "observer_reason": _("The observer suggested it."),
        "interrupt_stop": _("Stopped. These cards bring the talk to a calm end."),
        "interrupt_safety": _("Safety first. These cards come before everything else."),
        "interrupt_reluctance": _("The child hesitates. No pressure: these cards give time."),
        "machine": _("machine, unverified"),
        "not_coded": _("not looked at yet"),
        "no_questions": _("No questions yet"),
        "type_invitation": _("Invitations"),
        "type_wh": _("Wh questions"),
        "type_yes_no": _("Closed"),
        "type_choice": _("Either-or"),
        "type_non_question": _("No question"),
        "awaited_interpreter_to_child": _("The interpreter speaks to the child"),
        "awaited_interpreter": _("The interpreter speaks to you"),
        "not_consecutive": _("Turns in any order"),
        "break_by": _("{name} pressed break at {time}."),
        "break_child": _("The child asked for it at {time}."),
    }


def _translated() -> dict[str, Any]:
    doubts = {f"doubt_{code}": _(text) for code, text in MESSAGES.items()}
    return doubts | {
        "machine_in": _("In {language}: machine, unverified"),
        "made": _("How it was made"),
        "check": _("Check with the interpreter"),
        "checking": _("To be checked with the interpreter"),
        "speaker_unsure": _("speaker uncertain"),
        "through_translation": _("from a machine translation"),
        "late": _("The guide had gone on without this"),
        "nudge_translated": _("As far as a machine translation shows."),
        "found_in_translation": _("Found in a machine translation:"),
    }


def _saving() -> dict[str, Any]:
    return {
        "recording": _("recording"),
        "not_recording": _("not recording"),
        "all_saved": _("all saved"),
        "parts_waiting": _forms("{n} part waiting", "{n} parts waiting"),
        "unsent": _forms("{n} unsent", "{n} unsent"),
        "offline": _("No connection. What you write stays here and is sent as soon as it is back."),
        "signed_out": _(
            "You are signed out. Sign in again in another tab; what you wrote stays here and is sent then."
        ),
        "bot_away": _("Guide is away. Cards of this phase stay; your work is saved."),
        "bot_loading": _("Guide is starting. Cards of this phase stay; your work is saved."),
        "language_away": _("Question types are not shown just now. Everything is saved and looked at later."),
        "language_loading": _("Question types will be shown in a moment. Everything is saved."),
        "closed": _("This interview is closed. Nothing more is added to it."),
        "on_its_way": _("not saved yet"),
        "not_saved": _("Not saved."),
        "put_back": _("Back to the input line"),
        "dismiss": _("Dismiss"),
    }


def _sound() -> dict[str, Any]:
    typing = _("Typing goes on as before.")
    return {
        "mic_insecure": _(
            "The browser gives the microphone only to a secure address (https, or this machine)."
        )
        + f" {typing}",
        "mic_missing": _("This browser cannot record.") + f" {typing}",
        "mic_denied": _(
            "The browser was not allowed to use the microphone. Allow it beside the address and try again."
        )
        + f" {typing}",
        "mic_none": _("No microphone was found.") + f" {typing}",
        "mic_busy": _("Another program uses the microphone. Close it and try again.") + f" {typing}",
        "mic_failed": _("The microphone could not be started.") + f" {typing}",
        "mic_lost": _(
            "A microphone was unplugged. What was recorded is safe. Open the microphone window to go on."
        ),
        "mic_gap": _forms(
            "The recording has {n} gap: this computer slept, or stood still. It goes on at the right time.",
            "The recording has {n} gaps: this computer slept, or stood still. It goes on at the right time.",
        ),
        "mic_no_store": _("This browser cannot keep sound safely until it is saved, so nothing is recorded.")
        + f" {typing}",
        "mic_unkept": _(
            "This browser's store takes nothing more. The recording goes on; leave this page open until all"
            " of it is saved."
        ),
        "mic_refused": _("Part of the sound was not accepted and is kept in this browser:"),
        "mic_default": _("The usual microphone"),
        "mic_number": _("Microphone {n}"),
        "file_choose": _("Choose a file first."),
        "file_sending": _("{n} % sent"),
        "file_lost": _("No connection. Sending goes on by itself as soon as it is back."),
        "file_done": _(
            "The recording is saved and is being read. "
            "Its words appear in the transcript as they are understood."
        ),
        "file_failed": _("The recording was not saved."),
    }


def _file() -> dict[str, Any]:
    return {
        "file_looking": _("One moment …"),
        "file_away": _("This could not be sent. Nothing was shown; try again."),
        "file_put": _("Shown so far: {n} of {all}."),
        "file_open": _("Fact {n} of {all} can be shown now. Before that, say why."),
        "file_locked": _("Fact {n} of {all} is locked:"),
        "file_unneeded": _("It was noted that the file is not needed: {reason}"),
        "file_noted": _("Noted. Nothing was shown."),
        "file_fact": _("Fact {n} from the file"),
        "file_source": _("Known from: {source}"),
        "file_brought": _("Once you say its words they are yours, not the child's."),
    }


def _keys() -> dict[str, Any]:
    return {
        "key_interviewer": _("The interviewer speaks"),
        "key_child": _("The child speaks"),
        "key_interpreter": _("The interpreter speaks"),
        "key_interpreter_to_child": _("The interpreter speaks to the child"),
        "key_break": _("Break, and back"),
        "key_stop": _("Stop"),
        "key_safety": _("Safety"),
        "key_next_step": _("Next step"),
        "key_choose_step": _("Choose a step"),
        "key_card_1": _("Take the card"),
        "key_card_2": _("Take the second card"),
        "key_card_3": _("Take the third card"),
        "key_cue": _("Next words of the child to ask about"),
        "key_suggestion": _("Take up what the observer suggested"),
        "key_child_wants": _("The child wants …"),
        "key_observe": _("I noticed …"),
        "key_file": _("From the file …"),
        "key_check_translation": _("Check the last translation with the interpreter"),
        "key_consecutive": _("One after the other through the interpreter, or as it comes"),
        "key_interpreter_note": _("A note about the interpreter …"),
        "key_transcript": _("Transcript or card (small screens)"),
        "key_quiet": _("Quiet: only the card"),
        "key_help": _("This list"),
        "key_not_allowed": _("{key} is needed for typing. Use F2 to F12, or Alt with a letter or digit."),
        "key_taken": _("{key} already does something else."),
        "key_name_escape": _("Esc"),
    }
