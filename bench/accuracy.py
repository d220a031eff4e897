"""How well turns are coded: `python -m bench.accuracy [FILE] [--bare] [--mistakes]` prints JSON.

Without FILE the frozen held-out dialogues are read. `--keep FILE` also writes the figures, as written and
bare, and every mistake: nlu_data/held_out/results.json is what the console shows to administrators.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.dialogues import HELD_OUT, Judged, judge
from bench.statistics import Pair, interval, kappa, macro, per_class, per_mark, share
from web.language.coder import Coder

TYPES = ("invitation", "wh", "yes_no", "choice", "non_question")


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    return {
        "dialogues": len({one.session for one in judged}),
        "questions": questions([one for one in judged if one.asked]),
        "child_turns": child_turns([one for one in judged if not one.asked]),
    }


def questions(judged: Sequence[Judged]) -> dict[str, Any]:
    pairs = [Pair(one.session, one.gold_kind, one.got_kind) for one in judged]
    kinds = [replace(one, gold=_type(one.gold), got=_type(one.got)) for one in pairs]
    subtypes = sorted({pair.gold for pair in pairs})
    return {
        "turns": len(judged),
        "type_kappa": interval(kinds, kappa),
        "type_macro_f1": interval(kinds, lambda some: macro(some, TYPES)),
        "type_accuracy": interval(kinds, share),
        "per_type": per_class(kinds, TYPES),
        "subtype_macro_f1": interval(pairs, lambda some: macro(some, subtypes)),
        "per_subtype": per_class(pairs, subtypes),
        "flags": per_mark([(one.gold_marks, one.got_marks) for one in judged]),
    }


def child_turns(judged: Sequence[Judged]) -> dict[str, Any]:
    pairs = [Pair(one.session, one.gold_kind, one.got_kind) for one in judged]
    classes = sorted({pair.gold for pair in pairs})
    traps = [one for one in judged if one.row["gold"]["traps"]]
    plain = [one for one in judged if not one.gold_marks]
    return {
        "turns": len(judged),
        "response_accuracy": interval(pairs, share),
        "response_macro_f1": interval(pairs, lambda some: macro(some, classes)),
        "per_response": per_class(pairs, classes),
        "tag_macro_f1": interval(judged, tag_macro),
        "acute_recall": interval(judged, acute_recall),
        "trap_turns": len(traps),
        "traps_raised_to_same_day": sum(map(falsely_raised, traps)),
        "untagged_turns": len(plain),
        "untagged_raised_to_same_day": sum(map(falsely_raised, plain)),
        "tags": per_mark([(one.gold_marks, one.got_marks) for one in judged]),
    }


def tag_macro(judged: Sequence[Judged]) -> float:
    """Mean F1 over the tags that people gave somewhere in these turns."""
    each = per_mark([(one.gold_marks, one.got_marks) for one in judged])
    given = {tag for one in judged for tag in one.gold_marks}
    return float(np.mean([each[tag]["f1"] for tag in given])) if given else 1.0


def acute_recall(judged: Sequence[Judged]) -> float:
    """The share of acute tags given by people that the coder gave too."""
    acute = [(tag, one) for one in judged for tag in one.gold_marks if tag.startswith("SAF-")]
    return sum(tag in one.got_marks for tag, one in acute) / len(acute) if acute else 1.0


def falsely_raised(one: Judged) -> bool:
    """Marked to be read the same day, or now, for something people did not tag."""
    return any(found.urgency >= 2 and found.tag not in one.gold_marks for found in one.coding.indicators)


def mistakes(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Every turn where type, subtype, a flag, the answer class or a tag differs, with both readings."""
    found = []
    for one in judged:
        gold, got = [one.gold_kind, *sorted(one.gold_marks)], [one.got_kind, *sorted(one.got_marks)]
        if gold != got:
            shown = {key: one.row[key] for key in ("session", "turn", "speaker", "text")}
            found.append({**shown, "gold": gold, "coded": got})
    return found


def _type(kind: str) -> str:
    return kind.partition(".")[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=HELD_OUT)
    parser.add_argument("--bare", action="store_true", help="lower case, no punctuation")
    parser.add_argument("--mistakes", action="store_true", help="list every mistake instead of figures")
    parser.add_argument("--keep", type=Path, help="write figures and every mistake there")
    given = parser.parse_args()
    coder = Coder.load()
    judged = judge(coder, given.file, given.bare)
    if given.keep:
        plain = judge(coder, given.file, plain=True)
        kept = {"as_written": figures(judged), "bare": figures(plain), "mistakes": mistakes(judged)}
        given.keep.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(json.dumps(mistakes(judged) if given.mistakes else figures(judged), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
