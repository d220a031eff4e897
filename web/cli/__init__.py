"""The `tellmore` program. A command's module is loaded only when that command is asked for."""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from typing import Any

import click

COMMANDS = {  # name -> one line of help; each is `command` in web/cli/<name>.py
    "audit": "Check the audit log.",
    "code": "Code questions and answers of written turns.",
    "corrections": "Give out what supervisors corrected, as examples.",
    "doctor": "Say what is there, what is missing and how to mend it.",
    "guide": "Play written turns through a protocol.",
    "import": "Bring a transcript into an interview.",
    "migrate": "Bring the database up to date.",
    "models": "List, install, choose and measure speech models.",
    "packages": "List, install and remove translation packages.",
    "prepare": "Do everything that is done once, without serving.",
    "protocols": "List, show and check the protocols.",
    "serve": "Prepare what is missing and serve the console.",
    "transcribe": "Write down a recording.",
    "translate": "Translate lines of text.",
    "user": "Manage who may sign in.",
}


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


class LazyGroup(click.Group):
    """Lists commands without loading them."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = import_module(f"web.cli.{name}").command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, context: click.Context) -> Any:
        """Where the answer cannot be written, a sentence says so; click itself leaves quietly when a pipe
        is closed."""
        if sys.stdout is None:  # closed by whoever called us
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        try:
            return super().invoke(context)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is left to write has no room either
            click.echo(f"The answer could not be written: {error.strerror}.", err=True)
            context.exit(1)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Tellmore sits beside a person who interviews a child.

    JSON goes to standard output, messages to standard error. Exit status: 0 done, 1 a check failed,
    2 bad input.
    """
    os.umask(0o077)  # what this program and all it starts write is for its owner only
