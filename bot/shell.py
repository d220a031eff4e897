"""Talk to the flows in labels, with the real engine and no console: `python -m bot.shell PROTOCOL [AGE]`.

`--edition` takes the protocol from an agency's edition in TELLMORE_HOME, by its digest (64 hex digits).

A line is an intent and its entities, such as `interviewer_turn type=invitation` or `break`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
from typing import Any

from bot.environment import SETTINGS
from bot.libraries import library
from bot.paths import model
from bot.request import BadRequest, read_turn
from bot.serve import prepare, say
from protocols.editions import EditionError
from protocols.labels import INTENTS
from protocols.library import Library

HELP = "labels:\n" + "\n".join(
    f"  {intent} {' '.join(f'{name}=…' for name in names)}".rstrip() for intent, names in INTENTS.items()
)


def parse(line: str) -> dict[str, Any]:
    """A label from a typed line; numbers, true and false are read as such."""
    intent, *rest = line.split()
    entities: dict[str, Any] = {}
    for word in rest:
        name, _, value = word.partition("=")
        try:
            entities[name] = json.loads(value)
        except ValueError:
            entities[name] = value
    return {"intent": intent, "entities": entities}


def render(library: Library, guidance: dict[str, Any]) -> str:
    """What the interviewer would see, with the engine's reasons."""
    lines = [f"[{guidance['phase']} · {guidance['step']}] {guidance['interrupt'] or ''}".rstrip()]
    for n, card in enumerate(guidance["cards"]):
        words = library.wording(card["id"]).text
        lines.append(f"  {'>' if n == 0 else ' '} {card['id']} ({card['reason']}): {words}")
    if guidance["missing"]:
        lines.append(f"  still owed: {', '.join(guidance['missing'])}")
    why = " ".join(f"{name}={value}" for name, value in guidance["explain"].items() if value)
    return "\n".join([*lines, f"  why: {why}"])


async def talk(protocol: str, age: int | None, edition: str | None) -> None:
    """Read labels until the end of input."""
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    from bot.turns import Turns

    configure_structlog(logging.WARNING)
    known, turns, seen = library(edition), Turns(), 0
    agent = Agent.load(model_path=str(model()))
    subject = {"conversation": "shell", "edition": edition, "protocol": protocol, "age": age}
    labels: list[dict[str, Any]] = []
    while True:
        try:
            turn = read_turn({**subject, "seen": seen, "labels": labels}, known.flows)
            answer = await turns.take(agent, turn)
            seen = answer.body["seen"]
            write(f"{render(known, answer.body['guidance'])}\n  by: {answer.body['policy']}")
        except BadRequest as error:
            write(f"  refused: {error}")
        line = await asyncio.to_thread(ask)
        if line is None:
            return
        labels = [parse(line)] if line else []


def ask() -> str | None:
    """The next line; None at the end of input."""
    while True:
        sys.stdout.write("label> ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            return None
        if line.strip() != "?":
            return line.strip()
        write(HELP)


def write(text: str) -> None:
    sys.stdout.write(text + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.shell", description=__doc__)
    parser.add_argument("protocol")
    parser.add_argument("age", nargs="?", type=int)
    parser.add_argument("--edition")
    given = parser.parse_args()
    os.environ.update(SETTINGS)
    prepare()
    say("loading Rasa; then type a label, ? for help, Ctrl-D to end")
    try:
        asyncio.run(talk(given.protocol, given.age, given.edition))
    except EditionError as error:
        sys.exit(f"bot: {error}")


if __name__ == "__main__":
    main()
