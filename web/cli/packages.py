"""`tellmore packages`: the translation packages on this machine."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from web.config import Config
from web.translation import BadPackage, Installed, install, installed, remove


@click.group("packages")
def command() -> None:
    """List, install and remove translation packages. Nothing is fetched."""


def _folder() -> Path:
    return Config.from_environment().home / "packages"


def _line(package: Installed) -> str:
    about = {
        "name": package.ref.name,
        "version": package.ref.version,
        "from": package.source,
        "to": package.target,
    }
    return json.dumps(about | {"bytes": package.bytes, "sha256": package.ref.sha256})


@command.command("list")
def list_() -> None:
    """One JSON line for each installed package."""
    for package in installed(_folder()):
        click.echo(_line(package))


@command.command("install")
@click.argument("file", type=click.Path(path_type=Path))
def install_(file: Path) -> None:
    """Check the .argosmodel FILE and put it in place."""
    try:
        click.echo(_line(install(file, _folder())))
    except BadPackage as error:
        click.echo(str(error), err=True)
        sys.exit(2)


@command.command("remove")
@click.argument("name")
def remove_(name: str) -> None:
    """Remove the package NAME, as `list` writes it."""
    for package in installed(_folder()):
        if package.ref.name == name:
            remove(package)
            return
    click.echo(f"no package is called {name!r}", err=True)
    sys.exit(2)
