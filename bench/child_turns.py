"""How well child turns are read: answer class and indicators on the frozen held-out turns.

    python -m bench.child_turns [--lower] [--mistakes] [FILE]

`--lower` reads the same turns without capitals and punctuation. Gold tags are passages spoken of
as real; what is said to be untrue or of play does not count on either side.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from web.language.coder import Coder
from web.language.conversation import Conversation
from web.language.model import Coding, Indicator, Speaker, Turn

HELD_OUT = Path(__file__).parent.parent / "nlu_data" / "held_out" / "child_turns.jsonl"
Judged = tuple[dict[str, Any], Coding]


def read(file: Path, lower: bool) -> list[Judged]:
    coder = Coder.load()
    talks: dict[str, Conversation] = {}
    judged = []
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = re.sub(r"[^\w\s'-]", "", row["text"].lower()) if lower else row["text"]
        talk = talks.setdefault(row["session"], Conversation(row["age"]))
        coding = coder.code(talk, Turn(Speaker(row["speaker"]), text))
        if row["speaker"] == "child":
            judged.append((row, coding))
    return judged


def live(found: Indicator) -> bool:
    return found.polarity != "negated" and found.reality == "actual"


def tags(judged: list[Judged]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row, coding in judged:
        gold = {one["tag"] for one in row["tags"] if "polarity" not in one}
        said = {one.tag for one in coding.indicators if live(one)}
        for tag in gold | said:
            counts[tag]["hit" if tag in gold & said else "missed" if tag in gold else "extra"] += 1
    return counts


def figures(judged: list[Judged]) -> dict[str, Any]:
    per_tag: dict[str, dict[str, Any]] = {}
    for tag, count in sorted(tags(judged).items()):
        precision = count["hit"] / (count["hit"] + count["extra"]) if count["hit"] + count["extra"] else None
        gold = count["hit"] + count["missed"]
        recall = count["hit"] / gold if gold else None
        f1 = 2 * count["hit"] / (2 * count["hit"] + count["missed"] + count["extra"])
        per_tag[tag] = {"gold": gold, "precision": precision, "recall": recall, "f1": round(f1, 3)}
    scored = [one["f1"] for one in per_tag.values() if one["gold"]]
    plain = [coding for row, coding in judged if not row["tags"]]
    acute = [one for tag, one in per_tag.items() if tag.startswith("SAF-") and one["gold"]]
    found = sum(one["recall"] * one["gold"] for one in acute)
    right = sum(coding.response == row["response"] for row, coding in judged)
    return {
        "child_turns": len(judged),
        "response_accuracy": round(right / len(judged), 3),
        "tag_macro_f1": round(sum(scored) / len(scored), 3),
        "acute_recall": round(found / sum(one["gold"] for one in acute), 3),
        "untagged_turns_raised": sum(any(one.urgency >= 2 for one in coding.indicators) for coding in plain),
        "untagged_turns": len(plain),
        "tags": per_tag,
    }


def mistakes(judged: list[Judged]) -> list[dict[str, Any]]:
    wrong = []
    for row, coding in judged:
        gold = {one["tag"] for one in row["tags"] if "polarity" not in one}
        said = {one.tag for one in coding.indicators if live(one)}
        if gold != said or coding.response != row["response"]:
            wrong.append({"text": row["text"], "gold": [row["response"], *sorted(gold)]})
            wrong[-1]["said"] = [coding.response, *(f"{one.tag}:{one.urgency}" for one in coding.indicators)]
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", nargs="?", type=Path, default=HELD_OUT)
    parser.add_argument("--lower", action="store_true")
    parser.add_argument("--mistakes", action="store_true")
    given = parser.parse_args()
    judged = read(given.file, given.lower)
    for one in mistakes(judged) if given.mistakes else [figures(judged)]:
        print(json.dumps(one, ensure_ascii=False, indent=None if given.mistakes else 1))


if __name__ == "__main__":
    main()
