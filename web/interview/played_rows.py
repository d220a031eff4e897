"""The rows that `tellmore guide` plays: what somebody said, or what the interviewer pressed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from protocols.library import Library
from web.interview.actions import ActionIn
from web.interview.errors import Invalid
from web.interview.schemas import checked
from web.language.batch import BadInput, Row, json_objects, row

_OWN = ("session", "turn", "age", "language")
_SPOKEN = ("speaker", "text")


@dataclass(frozen=True)
class Played:
    """`row` says whose and which turn; where `press` is not None, its words are none."""

    row: Row
    press: ActionIn | None = None


def played_rows(lines: Iterable[bytes], name: str, library: Library, protocol: str) -> Iterator[Played]:
    """The rows of a file called `name`. BadInput for the first that is neither a turn nor a press."""
    for number, size, fields in json_objects(lines, name):
        if "action" not in fields:
            yield Played(row(fields, name, number, size))
            continue
        if said := [field for field in _SPOKEN if field in fields]:
            raise BadInput(name, number, f"action and {said[0]} in one row")
        silent = row({**fields, "speaker": "interviewer", "text": ""}, name, number, size)
        try:
            press = _press(fields, library, protocol)
        except Invalid as error:
            raise BadInput(name, number, f"{error.extra['field']}: {error.detail}") from None
        yield Played(replace(silent, fields=fields), press)


def _press(fields: dict[str, Any], library: Library, protocol: str) -> ActionIn:
    if fields["action"] == "use_cue":
        raise Invalid("action", "use_cue is not played; write the invitation as a turn.")
    body = {field: value for field, value in fields.items() if field not in _OWN}
    body = checked("Action", {"key": "row", **body})
    press = ActionIn(body.pop("key"), body.pop("action"), body)
    press.check(library.flows[protocol])
    return press
