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
from bench.dialogues import HELD_OUT, kind
from bench.statistics import Pair, interval, kappa, macro
from web.language.coder import Coder
from web.language.conversation import Conversation
from web.language.encoder import Encoder
from web.language.learned import Sense
from web.language.learned.dialogues import dialogues, kind_of, read_dialogues
from web.language.learned.examples import read_examples
from web.language.learned.memory import before
from web.language.learned.vary import bare
from web.language.model import Speaker, Turn
from web.language.question import Reading, read

DESIGNS = ("rules", "linear", "tuned", "both")


def linear() -> Callable[[Sequence[str]], list[str]]:
    """Labels by a logistic regression on sentence vectors, fitted to all examples, every second one bare."""
    examples = [(one.text, one.kind) for one in read_examples() if one.kind]
    coded = (row for rows in read_dialogues() for row in rows if "type" in row.get("gold", {}))
    examples += [(row["text"], kind_of(row["gold"])) for row in coded]
    encoder = Encoder.load()
    vectors = encoder.encode([bare(text) if place % 2 else text for place, (text, _) in enumerate(examples)])
    model = LogisticRegression(C=8.0, max_iter=400, class_weight="balanced")
    model.fit(vectors, [str(kind) for _, kind in examples])
    return lambda texts: [str(kind) for kind in model.predict(encoder.encode(texts))]


def rows(path: Path, plain: bool) -> list[dict[str, Any]]:
    """Every coded interviewer turn with what each design but `linear` makes of it, in its dialogue."""
    coder, sense, found = Coder.load(), Sense.load(), []
    for turns in dialogues(path):
        talk = Conversation(age=turns[0]["age"])
        said = [Turn(Speaker(row["speaker"]), bare(row["text"]) if plain else row["text"]) for row in turns]
        for row, turn, heard in zip(turns, said, coder.read(said), strict=True):
            if row["speaker"] == "interviewer" and "gold" in row and heard and heard.felt:
                alone = sense.think(heard.felt, "kinds", before(talk, turn, heard.parsed.doc), None).shares
                tuned = max(alone, key=lambda kind: alone[kind]).replace("/", ".")
                ruled = read(talk, heard.parsed.doc)
                found.append({**row, "text": turn.text, "rules": label(ruled), "tuned": tuned})
            question = coder.code(talk, turn, heard).question
            if question and "gold" in row:
                found[-1]["both"] = kind(question.type.value, question.subtype)
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
