"""`tellmore audit`: is the audit log as it was written?"""

from __future__ import annotations

import json
import sys

import click

from web.config import Config


@click.group("audit")
def command() -> None:
    """Check the audit log."""


@command.command("verify")
def verify() -> None:
    """Check the chain of the audit log; exit 1 and the first bad entry when something was changed."""
    from sqlalchemy import func, select

    from web.store import AuditEntry, Database, audit

    config = Config.from_environment()
    database = Database(config.database_url)
    with database.read() as session:
        broken = audit.verify(session, config.secret(audit.KEY_NAME))
        entries = session.scalar(select(func.count()).select_from(AuditEntry))
    database.close()
    click.echo(json.dumps({"entries": entries, "first_broken": broken}))
    if broken is not None:
        click.echo(f"Entry {broken} is not as it was written, or is missing.", err=True)
        sys.exit(1)
