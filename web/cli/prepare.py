"""tellmore prepare: everything that is done once, without serving."""

from __future__ import annotations

import click

from web.cli.serve import get_ready


@click.command("prepare")
def command() -> None:
    """Database, first administrator, models, the guide: whatever is not yet done."""
    get_ready()
