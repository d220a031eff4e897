"""With what an author begins: a copy of a protocol or pack, a file of the agency's own, or its words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from protocols.copying import copy_flow
from protocols.editions import Files
from protocols.library import Library
from web.authoring.naming import language_name
from web.authoring.wording_file import path_of
from web.interview.words import data
from web.library.naming import say

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_ID = re.compile(r"[a-z0-9_]{1,40}")
OWN = "own_"


@dataclass(frozen=True)
class Beginning:
    """`changes`: the files it writes at once; `path`: the one to look at first."""

    path: str
    changes: Mapping[str, str] = field(default_factory=dict)


class NameTaken(ValueError):
    """There is a protocol or pack of this short name already."""


def choices(library: Library) -> list[SelectChoice]:
    """What there is to begin with, in groups."""
    flows = [(flow.id, say(flow.title)) for flow in library.flows.values()]
    packs = [(pack.id, say(pack.title)) for pack in library.packs.values()]
    free = [(pack.id, say(pack.title)) for pack in library.packs.values() if pack.kind != "age"]
    ready = library.languages()
    other = [code for code in data("languages")["languages"] if code not in ready]
    groups = [
        (_("Copy and change a protocol"), "copy", _l("Copy of %(title)s"), flows),
        (
            _("Go on with a protocol of your own"),
            "flow",
            "%(title)s",
            [one for one in flows if is_own(one[0])],
        ),
        (_("Change the words"), "words", _l("Words: %(title)s"), _by_name(ready)),
        (_("Change a pack"), "pack", _l("Pack: %(title)s"), packs),
        (_("Write a pack of your own"), "copy_pack", _l("Copy of the pack %(title)s"), free),
        (_("Add words in another language"), "words", _l("Words: %(title)s"), _by_name(other)),
    ]
    return [
        SelectChoice(f"{kind}:{name}", str(label) % {"title": title}, optgroup=str(group))
        for group, kind, label, named in groups
        for name, title in named
    ]


def is_own(name: str) -> bool:
    return name.startswith(OWN)


def title_of(what: str, library: Library) -> str:
    """What a draft is called that nobody gave a title."""
    return next(str(choice.label) for choice in choices(library) if choice.value == what)


def short_name(given: str, title: str) -> str:
    """The id of a copy. ValueError where none was given and none can be made from the title."""
    made = given.strip().removeprefix(OWN) or _NOT_PLAIN.sub("_", title.lower()).strip("_")[:40]
    if not _ID.fullmatch(made):
        raise ValueError(_("Use 1 to 40 small letters a–z, digits and underscores."))
    return OWN + made


def begin(what: str, own_id: str, title: str, files: Files) -> Beginning:
    """`what` as one of the choices. Raises NameTaken, and ProtocolError where the file to copy is broken."""
    kind, _colon, name = what.partition(":")
    if kind == "words":
        return Beginning(path_of(name))
    if kind == "pack":
        return Beginning(f"packs/{name}.yml")
    if kind == "flow":
        return Beginning(f"flows/{name}/flow.yml")
    path = f"packs/{own_id}.yml" if kind == "copy_pack" else f"flows/{own_id}/flow.yml"
    if path in files:
        raise NameTaken(_("There is one of this short name already. Choose another."))
    if kind == "copy_pack":
        return Beginning(path, {path: _renamed(files[f"packs/{name}.yml"].decode(), own_id, title)})
    return Beginning(path, copy_flow(files, name, own_id, title))


def _renamed(text: str, own_id: str, title: str) -> str:
    """The text of a pack with the id and title of the copy, everything else as it is."""
    for key, value in (("id", own_id), ("title", json.dumps(title, ensure_ascii=False))):
        line = f"  {key}: {value}"
        text = re.sub(rf"^  {key}:.*$", line.replace("\\", r"\\"), text, count=1, flags=re.MULTILINE)
    return text


def _by_name(codes: list[str]) -> list[tuple[str, str]]:
    return sorted(((code, language_name(code)) for code in codes), key=lambda one: one[1].casefold())
