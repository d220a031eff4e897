"""Everything wrong with the files of an edition in the making, so that an author can mend it in one go."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from protocols.editions import may_be_own
from protocols.errors import ProtocolError
from protocols.files import Files, folder, is_own, load_checked
from protocols.library import Library, load_library
from protocols.validate import CodePrompt, Problem, validate

_KINDS = {
    "flows/*/flow.yml": "flow_file",
    "flows/*/cards.yml": "card_file",
    "flows/*/fit.yml": "flow_fit",
    "wording/own_*.yml": "own_pack",
    "packs/*.yml": "child_pack",
}


def problems_of(files: Files, proved: Library | None = None, code: CodePrompt | None = None) -> list[Problem]:
    """Hold shipped and own `files` together against form, rails and coder; never raises for own files.

    `proved` is the library in force or the shipped one: own is what is not in it, or not the same. A broken
    file is set aside with what cannot be without it, and the rest is looked at all the same.
    """
    base = proved.files if proved else {}
    remaining, problems = dict(files), []
    for name in sorted(name for name in files if _is_own(name, files, base)):
        if error := _form(files, name, base):
            problems.append(_told(error))
            _set_aside(remaining, name, base)
    while True:
        try:
            library = load_library(remaining)
            break
        except ProtocolError as error:
            problems.append(_told(error))
            before = dict(remaining)
            for name in _suspects(error.file, remaining, base):
                _set_aside(remaining, name, base)
            if remaining == before:
                return problems
    return problems + validate(library, code, proved)


def _is_own(name: str, files: Files, base: Files) -> bool:
    return is_own(name) or (bool(base) and base.get(name) != files[name])


def _form(files: Files, name: str, base: Files) -> ProtocolError | None:
    kind = next((kind for pattern, kind in _KINDS.items() if fnmatchcase(name, pattern)), None)
    if kind is None or not may_be_own(name, base or files):
        return ProtocolError(name, 0, "this cannot be a file of your own", "Remove it")
    try:
        load_checked(files, name, kind)
    except ProtocolError as error:
        return error
    return None


def _told(error: ProtocolError) -> Problem:
    flow = folder(error.file) if error.file.startswith("flows/") else ""
    return Problem(flow, "", error.what, error.how, error.file, error.line)


def _suspects(file: str, remaining: Files, base: Files) -> Iterable[str]:
    """The own files behind an error in `file`: itself, all packs for their order, otherwise all."""
    own = [name for name in remaining if _is_own(name, remaining, base)]
    if file in own:
        return [file]
    packs = [name for name in own if name.startswith("packs/")]
    return packs if file == "packs.yml" and packs else own


def _set_aside(remaining: dict[str, bytes], name: str, base: Files) -> None:
    """Without its cards nothing else of an agency's own can be judged; without its flow its fit cannot."""
    gone = [name]
    if name.endswith("/flow.yml"):
        gone.append(name.replace("/flow.yml", "/fit.yml"))
    elif name.endswith("/cards.yml"):
        own = (other for other in remaining if _is_own(other, remaining, base))
        gone += [other for other in own if not other.endswith("/cards.yml")]
    for other in gone:
        remaining.pop(other, None)
        if other in base and not is_own(other):
            remaining[other] = base[other]
