"""The packs for reading: for whom each is, what it advises and why, and which words it changes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template

from protocols.library import Library
from protocols.packs import KINDS, MOMENTS, Advice, Pack
from web.library import markup, naming
from web.security import Permission, needs
from web.security.here import services

blueprint = Blueprint("packs", __name__, template_folder="templates", url_prefix="/protocols/packs")


@dataclass(frozen=True)
class Words:
    """One card's words and those that this child hears instead."""

    usual: str
    instead: str
    note: str


@dataclass(frozen=True)
class PackShown:
    """`advice` by when it is shown; `words` in the order of the file."""

    pack: Pack
    advice: dict[str, list[Advice]]
    words: list[Words]


@blueprint.get("")
@needs(Permission.PROTOCOLS_VIEW)
def index() -> str:
    """All packs by kind, in the order in which they are laid over one another."""
    shelf = services().libraries.current().shelf
    groups = {str(naming.PACKS[kind]): shelf.of_kind(kind) for kind in KINDS}
    return render_template("library/packs.html", groups=groups, naming=naming)


@blueprint.get("/<pack_id>")
@needs(Permission.PROTOCOLS_VIEW)
def show(pack_id: str) -> str:
    """One pack with everything it says."""
    library = services().libraries.current()
    if pack_id not in library.packs:
        abort(404)
    pack = library.packs[pack_id]
    return render_template(
        "library/pack.html",
        one=shown(library, pack),
        works=_works(library, pack),
        library=library,
        naming=naming,
        markup=markup,
    )


def shown(library: Library, pack: Pack) -> PackShown:
    advice = {
        str(naming.ADVISED[moment]): found
        for moment in MOMENTS
        if (found := [one for one in pack.advice if one.at == moment])
    }
    words = [
        Words(
            library.wording(card).text, own.text, own.note if own.note != library.wording(card).note else ""
        )
        for card, own in pack.wording.items()
    ]
    return PackShown(pack, advice, words)


def _works(library: Library, pack: Pack) -> dict[str, str]:
    texts = [*pack.sources, *(one.source for one in pack.advice)]
    cited = {mark for text in texts for mark in markup.cited(text)}
    return {mark: work for mark, work in library.vocabulary.sources.items() if mark in cited}
