"""What is said about files and their problems, in the reader's language. Codes come from the parsers."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.importing.model import BadTranscript, Problem

FORMATS: dict[str, Any] = {
    "vtt": _l("WebVTT"),
    "srt": _l("SubRip (SRT)"),
    "eaf": _l("ELAN"),
    "json": _l("JSON"),
    "csv": _l("Table (CSV)"),
    "docx": _l("Table in a Word file (DOCX)"),
}
ROLES: dict[str, Any] = {
    "interviewer": _l("Interviewer"),
    "child": _l("Child"),
    "interpreter_child": _l("Interpreter, in the child's language"),
    "interpreter_interviewer": _l("Interpreter, in the interviewer's language"),
    "as_before": _l("Whoever speaks in the line before"),
    "leave_out": _l("Nobody: leave these lines out"),
}
_REFUSALS: dict[str, Any] = {
    "bad_json": _l("This is no readable JSON."),
    "bad_quotes": _l("Quotation marks do not match."),
    "bad_xml": _l("This is no readable ELAN or Word file: its XML is broken."),
    "bad_zip": _l("This Word file is damaged."),
    "encoding": _l(
        "The letters are not in UTF-8. Open the file in an editor, save it as UTF-8 and try again."
    ),
    "entities": _l(
        "The file defines its own shortcuts (XML entities), which is never needed and not opened."
    ),
    "label_too_long": _l("A speaker's name is longer than any name."),
    "no_header": _l("It does not begin as a file of this kind does."),
    "no_list": _l("There is no list of turns in it."),
    "no_table": _l("There is no table in this document. Put the transcript into a table, one row a turn."),
    "no_text": _l("An entry has no text."),
    "not_text": _l("It holds signs that no text has."),
    "nothing_said": _l("There is nothing in it that somebody said."),
    "other_program": _l("This is a file of another program. Save it as DOCX, CSV, VTT or SRT and try again."),
    "too_large": _l("The file is larger than 20 MB; no transcript is."),
    "too_many": _l("It has more than 10,000 turns."),
    "too_many_speakers": _l("It has more than 40 speakers. Is the column of speakers the right one?"),
    "too_large_inside": _l("It is built of more parts, or deeper ones, than any transcript."),
    "turn_too_long": _l("A turn is longer than 64 KiB of text. Divide it in the file."),
    "zip_bomb": _l("Unpacked it would be larger than any transcript. It was not opened."),
}
_PROBLEMS: dict[str, Any] = {
    "bad_times": _l("The times cannot be read; the words are kept without them."),
    "continued": _l("Words stand without times; they were added to the turn before."),
    "dependent": _l("This tier depends on another one and is left out: it is no speech of its own."),
    "empty": _l("Nothing is said here; left out."),
    "ends_before": _l("It ends before it begins; the end was left out."),
    "no_such_time": _l("The times lie beyond one day; the words are kept without them."),
    "no_times": _l("These words stand before any time and are left out."),
    "backwards": _l("This time does not fit those around it; the words are kept in their place, without it."),
    "blocks": _l(
        "From here on the times begin anew with another speaker: all lines were put in order by their times."
    ),
    "language": _l("This language is not known; it is taken to be the speaker's in this interview."),
    "script": _l(
        "These are not the letters of this language; it is taken to be the speaker's in this interview."
    ),
    "short_row": _l("This row has fewer cells than the others."),
}


def refusal(error: BadTranscript) -> str:
    """Why a file cannot be used, and where in it; never a word of it."""
    said = str(_REFUSALS[error.code])
    return f"{said} {_('(at %(n)d)', n=error.where)}" if error.where else said


def problem(found: Problem, unit: str) -> str:
    return f"{place(found.where, unit)}: {_PROBLEMS[found.code]}"


def place(where: int, unit: str) -> str:
    """Line 12, row 3, entry 7."""
    if unit == "line":
        return str(_("Line %(n)d", n=where))
    return str(_("Row %(n)d", n=where)) if unit == "row" else str(_("Entry %(n)d", n=where))
