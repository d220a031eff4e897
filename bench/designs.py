"""Four ways to tell a question's type, on the same dialogues: `python -m bench.designs [FILE]` prints JSON.

rules: word order and syntax alone. linear: logistic regression on frozen MiniLM vectors. tuned: MiniLM tuned
on our examples. both: rules and tuned MiniLM together, which is what the coder does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sklearn.linear_model import LogisticRegression

from bench.accuracy import TYPES
from bench.dialogues import HELD_OUT, dialogues, kind
from bench.statistics import Pair, interval, kappa, macro
from web.language.coder import Coder
from web.language.conversation import Conversation
from web.language.encoder import Encoder
from web.language.learned import Sense
from web.language.learned.examples import read_examples
from web.language.learned.vary import bare
from web.language.model import Speaker, Turn
from web.language.parse import parse_many
from web.language.question import Reading, read, read_question

DESIGNS = ("rules", "linear", "tuned", "both")


def linear() -> Callable[[Sequence[str]], list[str]]:
    """Labels by a logistic regression on sentence vectors, fitted to all examples, every second one bare."""
    examples = [one for one in read_examples() if one.kind]
    encoder = Encoder.load()
    vectors = encoder.encode(
        [bare(one.text) if place % 2 else one.text for place, one in enumerate(examples)]
    )
    model = LogisticRegression(C=8.0, max_iter=400, class_weight="balanced")
    model.fit(vectors, [str(one.kind) for one in examples])
    return lambda texts: [str(kind) for kind in model.predict(encoder.encode(texts))]


def rows(path: Path, plain: bool) -> list[dict[str, Any]]:
    """Every coded interviewer turn with what each design but `linear` makes of it, in its dialogue."""
    coder, sense, found = Coder.load(), Sense.load(), []
    for turns in dialogues(path):
        talk = Conversation(age=turns[0]["age"])
        said = [Turn(Speaker(row["speaker"]), bare(row["text"]) if plain else row["text"]) for row in turns]
        texts = [turn.text for turn in said]
        for row, turn, parsed, sensed in zip(turns, said, parse_many(texts), sense.read(texts), strict=True):
            if row["speaker"] == "interviewer" and "gold" in row:
                tuned = max(sensed.kinds, key=lambda kind: sensed.kinds[kind]).replace("/", ".")
                labels = {"rules": label(read(talk, parsed.doc)), "tuned": tuned}
                labels["both"] = label(read_question(talk, parsed, sensed.kinds))
                found.append({**row, "text": turn.text, **labels})
            coder.code(talk, turn)
    return found


def label(reading: Reading) -> str:
    return kind(reading.type.value, reading.subtype)


def figures(found: Sequence[dict[str, Any]], design: str) -> dict[str, Any]:
    pairs = [
        Pair(row["session"], kind(row["gold"]["type"], row["gold"]["subtype"]), row[design]) for row in found
    ]
    kinds = [replace(pair, gold=pair.gold.split(".")[0], got=pair.got.split(".")[0]) for pair in pairs]
    subtypes = sorted({pair.gold for pair in pairs})
    return {
        "type_macro_f1": interval(kinds, lambda some: macro(some, TYPES)),
        "type_kappa": interval(kinds, kappa),
        "subtype_macro_f1": interval(pairs, lambda some: macro(some, subtypes)),
    }


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else HELD_OUT
    report: dict[str, Any] = {}
    fitted = linear()
    for way, plain in (("as_written", False), ("bare", True)):
        found = rows(path, plain)
        for row, chosen in zip(found, fitted([row["text"] for row in found]), strict=True):
            row["linear"] = chosen.replace("/", ".")
        report[way] = {design: figures(found, design) for design in DESIGNS}
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
