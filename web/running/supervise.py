"""Web, worker and bot under supervisord: whichever dies is started again within seconds."""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from jinja2 import Environment, FileSystemLoader

from web.config import Config

ROOT = Path(__file__).resolve().parents[2]
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",
    "ORT_DISABLE_TELEMETRY": "1",
}


class CannotServe(Exception):
    """Why serving is not possible here; the text says what to do."""


@dataclass(frozen=True)
class Program:
    name: str
    command: str
    environment: dict[str, str]


def bot_python() -> Path:
    """The interpreter of the bot's own environment. Raises CannotServe when it is not there."""
    path = Path(os.environ.get("TELLMORE_BOT_PYTHON", ROOT / ".venv" / "bot" / "bin" / "python"))
    if not path.exists():
        raise CannotServe(f"The guide's environment is missing ({path}). `make run` builds it.")
    return path


def programs(config: Config) -> list[Program]:
    """The three processes, with what each is started by."""
    python = sys.executable
    web = (
        f"{python} -m gunicorn web.wsgi:app --worker-class gthread --workers 1 --threads {config.threads}"
        f" --bind {config.host}:{config.port} --timeout 60 --graceful-timeout 5 --keep-alive 5"
        " --no-control-socket --log-level warning -c python:web.running.patience"
    )
    return [
        Program("web", web, ONE_THREAD),
        Program("worker", f"nice -n 5 {python} -m web.worker", ONE_THREAD),
        Program("bot", f"{bot_python()} -m bot.serve", {"OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}),
    ]


def check_ports(config: Config) -> None:
    """Raises CannotServe when the console's address cannot be bound."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise CannotServe(
                f"Port {config.port} on {config.host} cannot be used ({error.strerror})."
                " Is Tellmore already running? Another port: TELLMORE_PORT=8200 make run"
            ) from None


def write_configuration(config: Config) -> Path:
    logs, run = config.home / "logs", config.home / "run"
    for folder in (logs, run):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=False)  # noqa: S701
    text = environment.get_template("supervisord.conf.j2").render(
        logs=logs, run=run, root=ROOT, programs=programs(config)
    )
    path = run / "supervisord.conf"
    path.write_text(text)
    path.chmod(0o600)
    return path


def become_supervisor(config: Config) -> NoReturn:
    """Replace this process by supervisord. Secrets reach the children by environment, not by file."""
    path = write_configuration(config)
    os.environ["TELLMORE_HOME"] = str(config.home)
    os.environ["TELLMORE_BOT_TOKEN"] = config.bot_token
    os.environ["PYTHONUNBUFFERED"] = "1"
    os.execv(sys.executable, [sys.executable, "-m", "supervisor.supervisord", "-c", str(path)])  # noqa: S606
