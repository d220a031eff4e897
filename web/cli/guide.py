"""`tellmore guide`: written turns and key presses played through a protocol by the real dialogue engine."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import click

from protocols.library import Library, load_library
from web.cli.edition import NoEdition, numbered

if TYPE_CHECKING:
    from web.dialogue import Dialogue
    from web.interview.playing import Play
    from web.language.batch import Row
    from web.language.coder import Coder

PATIENCE_S = 10.0
"""How long a line waits for the dialogue engine: nobody sits in a room with a child."""


@dataclass(frozen=True)
class Wanted:
    """What was asked for: `name` of the input, `age` where a turn names none; `edition` None is shipped."""

    name: str
    library: Library
    edition: str | None
    protocol: str
    age: int
    language: str


@click.command("guide")
@click.argument("file", default="-", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--protocol", required=True, help="Which protocol; see `tellmore protocols list`.")
@click.option("--age", type=int, default=9, show_default=True, help="Age where a turn names none, in years.")
@click.option("--language", default="en", show_default=True, help="In which language cards are shown.")
@click.option(
    "--edition", type=int, help="Which edition with your own protocols; without one, the shipped ones."
)
def command(file: Path, protocol: str, age: int, language: str, edition: int | None) -> None:  # noqa: PLR0917
    """Play the turns in FILE (or standard input), one JSON line each, and write each back in order with
    the phase before and after, the cards shown and the nudge with its reason. A line with an action in
    place of speaker and text is a key press, with the fields that the API takes.

    Needs the dialogue engine (`tellmore serve` starts it); status 1 where it does not answer. The first
    line that cannot be read ends the run with status 2.
    """
    from web.dialogue import DialogueDown, DialogueRefused
    from web.language.batch import BadInput
    from web.language.parse import ModelMissing

    try:
        library = load_library() if edition is None else numbered(edition)
    except NoEdition as error:
        _leave(2, f"--edition: {error}")
    if protocol not in library.flows:
        _leave(2, f"--protocol: there is no {protocol!r}; there are {', '.join(sorted(library.flows))}")
    name = "standard input" if str(file) == "-" else file.name
    try:
        with click.open_file(str(file), "rb") as stream:
            kept = library.edition if edition is not None else None
            for line in play(stream, Wanted(name, library, kept, protocol, age, language)):
                click.echo(json.dumps(line, ensure_ascii=False))
    except BadInput as error:
        _leave(2, str(error))
    except OSError as error:
        _leave(2, f"{name}: {error.strerror or 'cannot be read'}")
    except DialogueRefused as error:
        _leave(1, f"the dialogue engine refused: {error}")
    except DialogueDown as error:
        _leave(1, f"the dialogue engine does not answer ({error}); start it with `tellmore serve`")
    except ModelMissing as error:
        _leave(1, str(error))


def play(stream: IO[bytes], wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Each line of the stream with what it led to. Raises BadInput, DialogueDown, ModelMissing."""
    from web.config import Config
    from web.dialogue import Dialogue
    from web.interview.played_rows import played_rows
    from web.language.batch import read_lines
    from web.language.coder import Coder

    config = Config.from_environment()
    dialogue = Dialogue(config.bot_url, config.bot_token, PATIENCE_S)
    plays: dict[str, Play] = {}
    last: dict[str, int] = {}
    try:
        lines = read_lines(stream, wanted.name)
        for played in played_rows(lines, wanted.name, wanted.library, wanted.protocol):
            row = played.row
            _in_order(last, row, wanted.name)
            if row.session not in plays:
                plays[row.session] = _begin(wanted, row, dialogue, Coder.load())
            play, press = plays[row.session], played.press
            yield {**row.fields, **(play.press(press) if press else play.turn(row.number, row.turn))}
    finally:
        dialogue.close()


def _begin(wanted: Wanted, row: Row, dialogue: Dialogue, coder: Coder) -> Play:
    from web.interview.guidance import Setting
    from web.interview.playing import Play
    from web.language.batch import BadInput
    from web.store.base import new_id

    flow = wanted.library.flows[wanted.protocol]
    years = row.age if row.age is not None else wanted.age
    if not flow.ages[0] <= years <= flow.ages[1]:
        reason = f"age {years}; {flow.id} is for {flow.ages[0]} to {flow.ages[1]} years"
        raise BadInput(wanted.name, row.line, reason)
    setting = Setting(flow, wanted.library, wanted.language, row.turn.language, years, edition=wanted.edition)
    return Play(f"play-{new_id()}", setting, coder, dialogue)


def _in_order(last: dict[str, int], row: Row, name: str) -> None:
    from web.language.batch import BadInput

    before = last.get(row.session, -1)
    if row.number <= before:
        raise BadInput(name, row.line, f"turn {row.number} comes after turn {before} of its session")
    last[row.session] = row.number


def _leave(status: int, message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(status)
