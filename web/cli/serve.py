"""tellmore serve: prepare, then keep web, worker and bot running."""

from __future__ import annotations

import subprocess
import sys
import time

import click

from web.config import Config, ConfigError
from web.running.prepare import prepare
from web.running.supervise import CannotServe, become_supervisor, check_ports


def say(text: str) -> None:
    click.echo(f"{time.strftime('%H:%M:%S')}  {text}", err=True)


def get_ready(serving: bool = False) -> Config:
    """Settings read, ports free (when serving), every step done; otherwise ends the program with exit 2."""
    try:
        config = Config.from_environment()
        if serving:
            check_ports(config)
        prepare(config, say)
    except (CannotServe, ConfigError) as error:
        click.echo(f"\n{error}", err=True)
        sys.exit(2)
    return config


@click.command("serve")
def command() -> None:
    """Prepare what is missing and serve the console with its guide."""
    config = get_ready(serving=True)
    host = "127.0.0.1" if config.host in ("0.0.0.0", "::") else config.host  # noqa: S104
    subprocess.Popen([sys.executable, "-m", "web.running.announce", f"http://{host}:{config.port}"])  # noqa: S603
    become_supervisor(config)
