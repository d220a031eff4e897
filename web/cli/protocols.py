"""`tellmore protocols`: what is in the library, how it is drawn, and whether it keeps its promises."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import click

import web
from protocols import drawing
from protocols.errors import ProtocolError
from protocols.in_words import InWords
from protocols.library import Flow, Library, load_library
from protocols.validate import CodePrompt, validate
from web.cli import choose, own_protocols

_ROOT = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of protocols other than the installed one.",
)


@click.group("protocols")
def command() -> None:
    """List, show, draw, choose and check the protocols; bring in an agency's own."""


@command.command("list")
@_ROOT
def list_(root: Path | None) -> None:
    """One JSON line a protocol."""
    for flow in _load(root).flows.values():
        _print(_head(flow))


@command.command()
@click.argument("protocol")
@click.option("--language", default="en", show_default=True, help="Language of the wording.")
@_ROOT
def show(protocol: str, language: str, root: Path | None) -> None:
    """PROTOCOL with its phases, steps and the wording of its cards."""
    library = _load(root)
    flow = _find(library, protocol)
    _print({**_head(flow), "steps": [_step(library, flow, step, language) for step in flow.steps]}, indent=2)


@command.command()
@click.argument("protocol")
@_ROOT
def draw(protocol: str, root: Path | None) -> None:
    """PROTOCOL as an SVG drawing that needs no other file, to standard output."""
    library = _load(root)
    flow = _find(library, protocol)
    style = (Path(web.__file__).parent / "static" / "css" / "flow.css").read_text(encoding="utf-8")
    click.echo(drawing.draw(flow, InWords(library.vocabulary.conditions), style=style))


@command.command("validate")
@click.option("--wording/--no-wording", default=True, help="Code every prompt with the question coder, too.")
@_ROOT
def validate_(wording: bool, root: Path | None) -> None:
    """Check every protocol; one JSON line a problem. Exit status 1 if there is any."""
    library = _load(root)
    problems = validate(library, _coder(library) if wording else None)
    for problem in problems:
        _print(asdict(problem))
    count = len(problems)
    there = f"{len(library.flows)} protocols, {len(library.cards)} cards, {len(library.packs)} packs"
    click.echo(f"{there}, {count} problems", err=True)
    sys.exit(1 if problems else 0)


command.add_command(choose.command)
command.add_command(own_protocols.import_)
command.add_command(own_protocols.export)
command.add_command(own_protocols.history)


def _load(root: Path | None) -> Library:
    try:
        return load_library(root)
    except ProtocolError as error:
        _fail(str(error))


def _find(library: Library, protocol: str) -> Flow:
    if protocol not in library.flows:
        known = ", ".join(library.flows)
        _fail(f"there is no protocol '{protocol}'. Known: {known}")
    return library.flows[protocol]


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)


def _print(data: dict[str, Any], indent: int | None = None) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=indent))


def _head(flow: Flow) -> dict[str, Any]:
    return {
        "id": flow.id,
        "version": flow.version,
        "title": flow.title,
        "purpose": flow.purpose,
        "kind": flow.kind,
        "ages": list(flow.ages),
        "phases": [{"id": phase.id, "title": phase.title} for phase in flow.phases],
        "sources": list(flow.sources),
        "hash": flow.hash,
    }


def _step(library: Library, flow: Flow, step_id: str, language: str) -> dict[str, Any]:
    step = flow.steps[step_id]
    cards = []
    for card_id in step.cards:
        card, words = flow.cards[card_id], library.wording(card_id, language)
        cards.append({**asdict(card), "wording": asdict(words)})
    return {
        "id": step.id,
        "phase": step.phase,
        "title": step.title,
        "mode": step.mode,
        "next": [{"if": branch.guard.text or None, "to": branch.to} for branch in step.next],
        "when": [{"if": branch.guard.text or None, "to": branch.to} for branch in step.when],
        "cards": cards,
    }


def _coder(library: Library) -> CodePrompt | None:
    """From prompt and age to type and flags; None, with a message, if the language models are missing."""
    from web.authoring.coding import code_prompt
    from web.language.coder import Coder
    from web.language.parse import ModelMissing

    try:
        coder = Coder.load()
    except ModelMissing as error:
        click.echo(f"The wording was not coded: {error}", err=True)
        return None
    return code_prompt(coder, library)
