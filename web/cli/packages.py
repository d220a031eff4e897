"""`tellmore packages`: the translation packages on this machine."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from web.artifacts import Busy, FetchFailed
from web.config import Config
from web.translation import BadPackage, Installed, Translator, install, installed, remove
from web.translation.about import about
from web.translation.installing import find
from web.translation.offered import INDEX, Offers
from web.translation.packages import verify
from web.translation.routes import all_routes
from web.translation.stock import Shipped, install_shipped, shipped
from web.translation.trial import try_out


@click.group("packages")
def command() -> None:
    """List, install, check and remove translation packages. Only `install --index` uses the network."""


@command.command("list")
@click.option("--shipped", "carried", is_flag=True, help="Those that Tellmore carries instead.")
def list_(carried: bool) -> None:
    """One JSON line for each installed package, with its origin, licence and measured quality."""
    ours = _carried()
    if not carried:
        for package in installed(_folder()):
            _tell(package)
        return
    there = {about(package, ours).archive_sha256 for package in installed(_folder())}
    for one in ours:
        line = {"name": one.name, "version": one.version, "from": one.source, "to": one.target}
        more = {"bytes": one.bytes, "weak": one.weak, "installed": one.sha256 in there}
        click.echo(json.dumps(line | more))


@command.command("install")
@click.argument("what", metavar="FILE|NAME")
@click.option("--index", metavar="URL_OR_FILE", help="Fetch NAME as this list of packages says.")
@click.option("--checksums", default="", metavar="URL_OR_FILE", help="Their SHA-256, as sha256sum writes.")
def install_(what: str, index: str | None, checksums: str) -> None:
    """Check a package and put it in place: an .argosmodel FILE, one that Tellmore carries (NAME), or one of a
    list elsewhere (NAME --index)."""
    try:
        if index is not None:
            _tell(_from_index(what, index, checksums))
        elif ours := next((one for one in _carried() if one.name == what), None):
            _tell(install_shipped(ours, _folder()))
        else:
            _tell(install(Path(what), _folder()))
    except (BadPackage, FetchFailed, Busy) as error:
        _refuse(str(error))


@command.command("remove")
@click.argument("name")
def remove_(name: str) -> None:
    """Remove the package NAME, as `list` writes it. One that Tellmore carries stays away until it is asked
    for by `install NAME`."""
    package = find(_folder(), name)
    if package is None:
        _refuse(f"no package is called {name!r}")
    remove(package)


@command.command("routes")
def routes() -> None:
    """One JSON line for each way from language to language, and through which packages it goes."""
    for route in all_routes(Translator(_folder())):
        packages = [package.name for package in route.packages]
        click.echo(json.dumps({"from": route.languages[0], "to": route.languages[-1], "packages": packages}))


@command.command("check")
def check() -> None:
    """Compare every package with what was installed, and load it. Exit status 1 where one fails."""
    failed = False
    for package in installed(_folder()):
        problem = _problem(package)
        failed = failed or problem is not None
        click.echo(json.dumps({"name": package.ref.name, "ok": problem is None, "problem": problem}))
    sys.exit(1 if failed else 0)


def _problem(package: Installed) -> str | None:
    try:
        verify(package)
        try_out(package, package.folder.name)
    except BadPackage as error:
        return error.what
    return None


def _from_index(name: str, index: str, checksums: str) -> Installed:
    folder = _folder()
    offers = Offers(folder)
    offers.errands.run(INDEX, lambda errand: offers.fetch_list(index, checksums, errand))
    offered = offers.last()
    offer = next((one for one in offered.packages if one.name == name), None) if offered else None
    if offer is None:
        _refuse(f"{index}: no package is called {name!r}")
    offers.errands.run(name, lambda errand: offers.bring(offer, errand))
    placed = find(folder, name)
    assert placed is not None
    return placed


def _carried() -> list[Shipped]:
    try:
        return shipped()
    except BadPackage as error:
        click.echo(str(error), err=True)
        return []


def _tell(package: Installed) -> None:
    click.echo(json.dumps(about(package, _carried()).as_dict(), ensure_ascii=False))


def _folder() -> Path:
    return Config.from_environment().home / "packages"


def _refuse(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)
