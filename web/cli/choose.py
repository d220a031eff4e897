"""`tellmore protocols choose`: the protocols in order of fit, each with reasons and sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from protocols.errors import ProtocolError
from protocols.fit import Fit, FitFacts, Reason, rank
from protocols.library import load_library
from web.interview.new import AGES


@click.command("choose")
@click.option("--setting", help="Where the talk takes place; a name that is none lists them.")
@click.option("--age", type=click.IntRange(AGES[0], AGES[-1]), help="The child's age in years.")
@click.option("--purpose", help="What the talk is for; a name that is none lists them.")
@click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Other protocols."
)
def command(setting: str | None, age: int | None, purpose: str | None, root: Path | None) -> None:
    """All protocols, the best fit first, one JSON line each. It explains an order and decides nothing."""
    try:
        library = load_library(root)
    except ProtocolError as error:
        raise _Refused(str(error)) from None
    _check("setting", setting, library.fit.settings)
    _check("purpose", purpose, library.fit.purposes)
    for fit in rank(library.flows.values(), library.fit, setting, age, purpose):
        click.echo(json.dumps(_line(fit, library.fit), ensure_ascii=False))


class _Refused(click.ClickException):
    exit_code = 2


def _check(name: str, said: str | None, known: Any) -> None:
    if said is not None and said not in known:
        raise _Refused(f"there is no {name} {ascii(said)}. Known: {', '.join(known)}")


def _line(fit: Fit, facts: FitFacts) -> dict[str, Any]:
    return {
        "id": fit.flow.id,
        "title": fit.flow.title,
        "ages": list(fit.flow.ages),
        "outside": fit.outside,
        "for": [_reason(reason) for reason in fit.speaks_for],
        "against": [_reason(reason) for reason in fit.speaks_against],
        "needs": [{**_reason(need), "about": facts.needs[need.about]} for need in fit.needs],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "about": reason.about,
        "says": reason.said(),
        "source": reason.source,
        "verified": reason.verified,
    }
