"""Check the examples in nlu_data/ with Rasa itself: `rasa data validate`, run in the bot's environment.

Fails on broken YAML, on what is no Rasa NLU file, on an intent without examples and on one text under two
intents. To Rasa `wh/action` and `wh/static` are one intent: a text under both is looked for here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from bot.environment import environment
from bot.paths import ROOT

DATA = ROOT / "nlu_data"
PARTS = ("questions", "children")
CONFIG = {
    "recipe": "default.v1",
    "assistant_id": "examples",
    "language": "en",
    "pipeline": [],
    "policies": [],
}
EXPECTED = "not used in any story"  # these intents are labels: no story is told with them


class BadFile(ValueError):
    """A file that Rasa would pass over in silence. Says which, and where in it."""


def read(path: Path) -> list[tuple[str, str]]:
    """(intent, text) of every example of a file. Raises BadFile."""
    try:
        data: Any = yaml.safe_load(path.read_text("utf-8"))
        found = [(str(entry["intent"]), str(entry["examples"]).splitlines()) for entry in data["nlu"]]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}:" if mark else ""
        raise BadFile(f"{path}:{line} {getattr(error, 'problem', None) or 'not YAML'}") from None
    except (KeyError, TypeError, UnicodeDecodeError) as error:
        raise BadFile(f"{path}: not a Rasa NLU file ({error})") from None
    for intent, lines in found:
        if not any(line.startswith("- ") for line in lines):
            raise BadFile(f"{path}: no example for {intent}")
    return [(intent, line[2:].strip()) for intent, lines in found for line in lines if line[:2] == "- "]


def validate(folder: Path) -> list[str]:
    """What is wrong with the examples below the folder, in words; empty when all is well.

    What an interviewer says and what a child answers are labelled apart: "Correct." may be both.
    """
    parts = [folder / part for part in PARTS if (folder / part).is_dir()]
    if not any(path for part in parts for path in part.rglob("*.yml")):
        return [f"{folder} has no examples"]
    return [fault for part in parts for fault in _validate_part(part)]


def _validate_part(part: Path) -> list[str]:
    try:
        examples = [one for path in sorted(part.rglob("*.yml")) for one in read(path)]
    except BadFile as error:
        return [str(error)]
    return two_answers(examples) or rasa_says([part], sorted({intent for intent, _ in examples}))


def two_answers(examples: list[tuple[str, str]]) -> list[str]:
    """Texts under two intents that are one to Rasa."""
    under: dict[tuple[str, str], set[str]] = {}
    for intent, text in examples:
        under.setdefault((intent.partition("/")[0], text), set()).add(intent)
    return [
        f"The example '{text}' is under {' and '.join(sorted(names))}"
        for (_, text), names in under.items()
        if len(names) > 1
    ]


def rasa_says(parts: list[Path], names: list[str]) -> list[str]:
    """What `rasa data validate` finds wrong; that intents are in no story is as it should be."""
    domain = {
        "version": "3.1",
        "intents": sorted({name.partition("/")[0] for name in names}),
        "responses": {f"utter_{name}": [{"text": "-"}] for name in names if "/" in name},
    }
    with tempfile.TemporaryDirectory() as place:
        files = {name: Path(place) / f"{name}.yml" for name in ("domain", "config")}
        files["domain"].write_text(yaml.safe_dump(domain), "utf-8")
        files["config"].write_text(yaml.safe_dump(CONFIG), "utf-8")
        options = [word for name, path in files.items() for word in (f"--{name}", str(path))]
        command = [sys.executable, "-m", "bot.rasa_command", "data", "validate", "--fail-on-warnings"]
        command += [*options, "--data", *map(str, parts)]
        ran = subprocess.run(  # noqa: S603 - our own words
            command, env=environment(), capture_output=True, text=True, check=False
        )
    if ran.returncode == 0:
        return []
    said = [_plain(line) for line in (ran.stdout + ran.stderr).splitlines()]
    return [line for line in said if line and EXPECTED not in line] or ["Rasa refuses the examples"]


def _plain(line: str) -> str:
    """Without Rasa's colours, and without the place in Rasa where the warning was raised."""
    for colour in ("\x1b[0m", "\x1b[91m", "\x1b[92m", "\x1b[93m", "\x1b[94m"):
        line = line.replace(colour, "")
    return line.partition("UserWarning: ")[2] or line.strip()


def main() -> None:
    found = validate(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
    print("\n".join(found) or "Rasa accepts the examples")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
