"""Measures how voices are told apart: `python -m bench.voices [FOLDER]` prints one JSON object.

Made voices say eight sentences each (Debian's `espeak-ng`, some as high as a child's, and `flite`); FOLDER
is where pocketsphinx-testdata has its recordings of two adults (by default where that package puts them; left
out where it is not there). `equal_error_rate` is of single stretches against a voice learned from another
stretch; `right`, `unsure` and `wrong` count stretches of one of two people whose voices are known from one
sentence each; `strangers` stretches of a third person, of which `taken` were taken for one of the two without
doubt (`taken_alone`: for the only one who is known). No child is among them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from itertools import combinations, permutations
from pathlib import Path

import numpy as np

from web.speech.audio import decode
from web.speech.model import RATE, Samples
from web.speech.voice import Heard, Vector, listen
from web.speech.voice_who import who

RECORDED = Path("/usr/share/pocketsphinx/test/data")
SAID = (
    "Yes.",
    "I don't know.",
    "He was there too.",
    "Then we went home on the bus.",
    "I was at school with my sister and she had the red ball.",
    "It was dark and I could hear the dog outside the house.",
    "Tell me everything that happened from the beginning to the end.",
    "My name is Anna and I talk with children about what happened to them.",
)
ESPEAK = {"f1": 50, "f2": 60, "f3": 85, "f4": 40, "f5": 95, "m1": 40, "m3": 30, "m5": 60, "m7": 50}  # pitch
FLITE = ("kal16", "awb", "rms", "slt")
PIECE_S = 2


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else RECORDED
    sounds = {**_made(), **_recorded(folder)}
    began = time.process_time()
    heard = {name: [one for sound in said if (one := listen(sound))] for name, said in sounds.items()}
    took = time.process_time() - began
    seconds = sum(len(sound) for said in sounds.values() for sound in said) / RATE
    groups = {"made": [n for n in heard if "read" not in n], "read": [n for n in heard if "read" in n]}
    print(  # noqa: T201
        json.dumps(
            {
                "processor_ms_a_second": round(1000 * took / seconds, 1),
                **{kind: _judged({n: heard[n] for n in names}) for kind, names in groups.items() if names},
            },
            indent=2,
        )
    )


def _judged(heard: dict[str, list[Heard]]) -> dict[str, float | int]:
    right = unsure = wrong = 0
    same: list[float] = []
    other: list[float] = []
    for said in heard.values():
        same += [float(one.whole @ said[-1].whole) for one in said[:-1]]
    for name, rival in permutations(heard, 2):
        known = {name: heard[name][-1].whole, rival: heard[rival][-1].whole}
        other += [float(one.whole @ known[rival]) for one in heard[name][:-1]]
        for one in heard[name][:-1]:
            found = _sure(one, known)
            right, unsure, wrong = (
                right + (found == {name}),
                unsure + (not found),
                wrong + bool(found - {name}),
            )
    alone = [bool(_sure(one, {a: heard[a][-1].whole})) for a, b in permutations(heard, 2) for one in heard[b]]
    third = [
        bool(_sure(one, {of: heard[of][-1].whole for of in pair}))
        for pair in combinations(heard, 2)
        for name, said in heard.items()
        if name not in pair
        for one in said
    ]
    return {
        "voices": len(heard),
        "equal_error_rate": _equal_error_rate(np.array(same), np.array(other)),
        "right": right,
        "unsure": unsure,
        "wrong": wrong,
        "strangers": len(third),
        "taken": sum(third),
        "strangers_alone": len(alone),
        "taken_alone": sum(alone),
    }


def _sure(one: Heard, known: dict[str, Vector]) -> set[str]:
    return {run.speaker for run in who(one, known) if not run.unsure}


def _equal_error_rate(same: np.ndarray, other: np.ndarray) -> float:
    at = np.unique(np.concatenate([same, other]))
    missed, taken = (same < at[:, None]).mean(axis=1), (other >= at[:, None]).mean(axis=1)
    best = int(np.argmin(np.abs(missed - taken)))
    return round(float(missed[best] + taken[best]) / 2, 3)


def _made() -> dict[str, list[Samples]]:
    espeak = {
        f"espeak {name} {pitch}": ["espeak-ng", "-v", f"en+{name}", "-p", str(pitch), "-s", "140"]
        for name, pitch in ESPEAK.items()
    }
    found = {name: [_spoken([*command, text, "-w"]) for text in SAID] for name, command in espeak.items()}
    for name in FLITE:
        found[f"flite {name}"] = [_spoken(["flite", "-voice", name, "-t", text, "-o"]) for text in SAID]
    return found


def _spoken(command: list[str]) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        subprocess.run([*command, str(file)], check=True, capture_output=True)  # noqa: S603
        return np.concatenate(list(decode(file)))


def _recorded(folder: Path) -> dict[str, list[Samples]]:
    found: dict[str, list[Samples]] = {}
    for name in ("librivox", "cards"):
        files = sorted((folder / name).glob("*.wav"))
        pieces = [piece for file in files for piece in _pieces(np.concatenate(list(decode(file))))]
        if pieces:
            found[f"read {name}"] = pieces
    return found


def _pieces(sound: Samples) -> list[Samples]:
    return [sound[at : at + PIECE_S * RATE] for at in range(0, max(1, len(sound) - RATE), PIECE_S * RATE)]


if __name__ == "__main__":
    main()
