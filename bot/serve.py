"""Prepares the model if it is missing or out of date, then becomes the Rasa server.

`python -m bot.serve [--train-only]`; TELLMORE_HOME, TELLMORE_BOT_PORT and TELLMORE_BOT_TOKEN say where.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.environment import environment
from bot.paths import BOT, ROOT, home, model

PORT = 5105
MIN_TOKEN = 16


def say(text: str) -> None:
    """One progress line, at once."""
    sys.stdout.write(f"bot: {text}\n")
    sys.stdout.flush()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second start from training the same model at the same time."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare() -> Path:
    """Return the model that fits the protocols, training it first when there is none.

    Raises SystemExit with Rasa's own last words when training fails; the old model stays.
    """
    with _alone(home()):
        target = model()
        if target.is_file():
            say("the model is up to date")
            return target
        for left in target.parent.glob(".training-*"):
            shutil.rmtree(left, ignore_errors=True)  # of a training that was killed
        say("training the model from the protocols (about a quarter of a minute)")
        started = time.monotonic()
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "bot.train", str(target)],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode or not target.is_file():
            sys.exit(f"bot: training failed\n{done.stdout[-4000:]}")
        for old in target.parent.glob("*.tar.gz"):
            if old != target:
                old.unlink()
        say(f"trained in {time.monotonic() - started:.0f} s")
        return target


def command(target: Path, port: int) -> list[str]:
    """The command line of the server: one channel, no HTTP API (so no PUT /model), loopback only."""
    rasa = [sys.executable, "-m", "bot.rasa_command", "run", "--model", str(target)]
    files = ["--credentials", str(BOT / "credentials.yml"), "--endpoints", str(BOT / "endpoints.yml")]
    return [*rasa, *files, "--interface", "127.0.0.1", "--port", str(port)]


def main() -> None:
    """Train if needed; unless only training was asked for, turn this process into the server."""
    parser = argparse.ArgumentParser(prog="python -m bot.serve", description=__doc__)
    parser.add_argument("--train-only", action="store_true", help="prepare the model and stop")
    only_train = parser.parse_args().train_only
    if not only_train and len(os.environ.get("TELLMORE_BOT_TOKEN", "")) < MIN_TOKEN:
        sys.exit(f"bot: set TELLMORE_BOT_TOKEN to a secret of at least {MIN_TOKEN} characters")
    target = prepare()
    if only_train:
        return
    port = int(os.environ.get("TELLMORE_BOT_PORT", PORT))
    say(f"starting Rasa on 127.0.0.1:{port}")
    settings = environment()
    os.chdir(ROOT)
    os.execve(sys.executable, command(target, port), settings)  # noqa: S606 - becomes the server


if __name__ == "__main__":
    main()
