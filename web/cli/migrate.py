"""tellmore migrate: bring the database to the newest revision, or check that none is missing."""

from __future__ import annotations

import sys

import click

from web.config import Config


@click.command("migrate")
@click.option("--check", is_flag=True, help="Compare models and migrations; change nothing.")
def command(check: bool) -> None:
    """Bring the database up to date."""
    from web.store import migrate

    if not check:
        migrate.upgrade(Config.from_environment())
        return
    differences = migrate.differences()
    for difference in differences:
        click.echo(difference, err=True)
    sys.exit(1 if differences else 0)
