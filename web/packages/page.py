"""What the page shows, put together from the folder of packages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from web.artifacts import Status
from web.packages.picture import Picture, draw
from web.translation import BadPackage, Route, Translator, installed
from web.translation.about import About, about
from web.translation.index import Offer
from web.translation.offered import INDEX, Offered, Offers
from web.translation.routes import all_routes
from web.translation.stock import Shipped, shipped

UPLOAD = "upload"  # the name of the errand that takes a file


@dataclass(frozen=True, slots=True)
class Had:
    """One package of a list elsewhere: what is installed of that pair, and how far fetching it is."""

    offer: Offer
    there: str
    status: Status


@dataclass(frozen=True, slots=True)
class Shown:
    """`ways`: by source language, the routes from it; `idle`: carried and not in place; `trouble`: what is
    wrong with the list of those."""

    rows: list[About]
    ways: dict[str, list[Route]]
    picture: Picture
    idle: list[Shipped]
    trouble: str
    offered: Offered | None
    had: list[Had]
    listing: Status


def gather(packages_dir: Path) -> Shown:
    """Everything as it is now."""
    carried, trouble = _carried()
    rows = [about(package, carried) for package in installed(packages_dir)]
    versions = {row.package.ref.name: row.package.ref.version for row in rows}
    there = {row.archive_sha256 for row in rows}
    ways: dict[str, list[Route]] = {}
    for route in all_routes(Translator(packages_dir)):
        ways.setdefault(route.languages[0], []).append(route)
    pairs = [(row.package.source, row.package.target) for row in rows]
    weak = [pair for row, pair in zip(rows, pairs, strict=True) if row.meaning == "weak"]
    offers = Offers(packages_dir)
    offered, far = offers.last(), progress(offers)
    return Shown(
        rows=rows,
        ways=ways,
        picture=draw(pairs, weak),
        idle=[one for one in carried if one.sha256 not in there],
        trouble=trouble,
        offered=offered,
        had=[
            Had(one, versions.get(one.name, ""), far[one.name])
            for one in (offered.packages if offered else ())
        ],
        listing=far[INDEX],
    )


def progress(offers: Offers) -> dict[str, Status]:
    """How far fetching the list is, and each package of it."""
    offered = offers.last()
    names = [INDEX, *(one.name for one in (offered.packages if offered else ()))]
    return {name: offers.errands.status(name) for name in names}


def _carried() -> tuple[list[Shipped], str]:
    try:
        return shipped(), ""
    except BadPackage as problem:
        return [], str(problem)
