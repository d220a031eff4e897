"""What goes on record about an interpreter, checked field by field. Nothing of a refused note is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from web.interpreting.checklists import checklists
from web.interview.errors import Invalid
from web.interview.new import language_tag, note
from web.interview.turns import check_key

MAX_NAME = 120
LISTS = ("briefing", "debriefing")
KINDS = ("present", "briefing", "objection", "replaced", "debriefing")
_SHORT = ("name", "agency", "dialect")
_FLAGS = ("sworn", "witness")


@dataclass(frozen=True)
class NoteIn:
    """One note. `values` by `kind`:

    present: name (or number), agency, language, dialect, gender, relation, witness, sworn, place;
    briefing, debriefing: done (ids of lines), words; objection: by, about, words; replaced: words.
    """

    key: str
    kind: str
    values: dict[str, Any]

    def checked(self) -> NoteIn:
        """The same, tidied. Raises Invalid naming the field; for somebody who may not interpret, with why."""
        check_key(self.key)
        checks = {"present": _present, "objection": _objection, "replaced": _replaced}
        if self.kind in LISTS:
            return NoteIn(self.key, self.kind, _list(self.kind, self.values))
        if self.kind not in checks:
            raise Invalid("kind", f"A note is one of {', '.join(KINDS)}.")
        return NoteIn(self.key, self.kind, checks[self.kind](self.values))


def _present(values: dict[str, Any]) -> dict[str, Any]:
    known = checklists()
    _only(values, *_SHORT, *_FLAGS, "language", "gender", "relation", "place")
    short = {name: _line(name, values.get(name, "")) for name in _SHORT}
    if not short["name"]:
        raise Invalid("name", "Write the interpreter's name or number.")
    if not values.get("relation"):
        raise Invalid("relation", "Say whether this person has a tie to the child or its family.")
    relation = _choice("relation", values["relation"], known.relations)
    if relation in known.refused:
        raise Invalid("relation", known.refused[relation])
    if values.get("witness") is None:
        raise Invalid("witness", "Say whether this person is also a witness, or part of the case.")
    flags = {name: _flag(name, values.get(name, False)) for name in _FLAGS}
    if flags["witness"]:
        raise Invalid("witness", known.refused["witness"])
    return {
        **short,
        **flags,
        "language": language_tag("language", values.get("language", "")),
        "gender": _choice("gender", values.get("gender", "not_noted"), known.genders),
        "relation": relation,
        "place": _choice("place", values.get("place", "room"), known.places),
    }


def _list(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    _only(values, "done", "words")
    known = [item.id for item in checklists().lists[kind]]
    done = values.get("done", [])
    if not isinstance(done, list) or any(one not in known for one in done):
        raise Invalid("done", "These are not all lines of the checklist.", known=known)
    return {"done": [one for one in known if one in done], "words": note("words", values.get("words", ""))}


def _objection(values: dict[str, Any]) -> dict[str, Any]:
    _only(values, "by", "about", "words")
    return {
        "by": _choice("by", values.get("by"), checklists().parties),
        "about": _choice("about", values.get("about"), checklists().matters),
        "words": note("words", values.get("words", "")),
    }


def _replaced(values: dict[str, Any]) -> dict[str, Any]:
    _only(values, "words")
    words = note("words", values.get("words", ""))
    if not words:
        raise Invalid("words", "Say in a few words why: the next reader will ask.")
    return {"words": words}


def _only(values: dict[str, Any], *names: str) -> None:
    for name in sorted(set(values) - set(names)):
        raise Invalid(name[:40], "This kind of note has no such field.")


def _line(name: str, value: Any) -> str:
    text = " ".join(note(name, value).split())
    if len(text) > MAX_NAME:
        raise Invalid(name, f"At most {MAX_NAME} characters.")
    return text


def _choice(name: str, value: Any, choices: Any) -> str:
    if not isinstance(value, str) or value not in choices:
        raise Invalid(name, "Choose one of the listed answers.", known=sorted(choices))
    return value


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid(name, f"{name} is true or false.")
    return value
