"""Fill the tables of docs/model-card.md from what was measured: `python -m bench.card`.

A table stands between `<!-- NAME -->` and `<!-- /NAME -->`. Figures come from results.json and agreement.json
in nlu_data/held_out/ and from bench/results/designs.json; nobody types them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.dialogues import HELD_OUT

CARD = Path(__file__).parents[1] / "docs" / "model-card.md"
DESIGNS = Path(__file__).parent / "results" / "designs.json"


def filled(text: str) -> str:
    """The card with every table as the figures are now. ValueError where a table has no place in it."""
    for name, table in tables().items():
        begins, ends = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        if begins not in text or ends not in text:
            raise ValueError(f"there is no place for the table {name}")
        head, rest = text.split(begins)
        text = f"{head}{begins}{table}\n{ends}{rest.partition(ends)[2]}"
    return text


def tables() -> dict[str, str]:
    results, agreed = (
        json.loads(HELD_OUT.with_name(f"{name}.json").read_text("utf-8")) for name in ("results", "agreement")
    )
    written = results["as_written"]
    asked, told = written["questions"], written["child_turns"]
    return {
        "measures": _measures(written, results["bare"], agreed),
        "designs": _designs(json.loads(DESIGNS.read_text("utf-8"))),
        "types": _classes(asked["per_type"]),
        "subtypes": _classes(asked["per_subtype"]),
        "flags": _marks(asked["flags"], agreed["flags"]),
        "answers": _classes(told["per_response"]),
        "tags": _marks(told["tags"], agreed["tags"]),
    }


def _measures(written: Mapping[str, Any], bare: Mapping[str, Any], agreed: Mapping[str, Any]) -> str:
    people = {name: f"kappa {agreed[f'{name}_kappa']}" for name in ("type", "subtype", "response")}
    rows = [
        ["type, kappa", "questions", "type_kappa", people["type"]],
        ["type, macro-F1 (5)", "questions", "type_macro_f1", ""],
        ["subtype, macro-F1 (18 and choice)", "questions", "subtype_macro_f1", people["subtype"]],
        ["answer class, share right", "child_turns", "response_accuracy", people["response"]],
        ["tags, macro-F1", "child_turns", "tag_macro_f1", ""],
        ["acute tags, recall", "child_turns", "acute_recall", ""],
    ]
    lines = [
        [what, *(_share(report[part][name]) for report in (written, bare)), two]
        for what, part, name, two in rows
    ]
    for what, raised, turns in (
        ("false friends", "traps_raised_to_same_day", "trap_turns"),
        ("turns without a tag", "untagged_raised_to_same_day", "untagged_turns"),
    ):
        both = [report["child_turns"] for report in (written, bare)]
        cells = [f"{told[raised]} of {told[turns]}" for told in both]
        lines.append([f"{what} raised to the same day or now", *cells, ""])
    return _table(
        ["measure", "as written", "lower case, no punctuation", "two people, before they were reconciled"],
        lines,
    )


def _designs(found: Mapping[str, Any]) -> str:
    return _table(
        ["design", "type macro-F1", "type kappa", "subtype macro-F1", "type macro-F1, bare"],
        [
            [
                name,
                *(_share(one[part]) for part in ("type_macro_f1", "type_kappa", "subtype_macro_f1")),
                _share(found["bare"][name]["type_macro_f1"]),
            ]
            for name, one in found["as_written"].items()
        ],
    )


def _classes(found: Mapping[str, Any]) -> str:
    names = ("precision", "recall", "f1", "n")
    return _table(["", *names], [[kind, *(str(one[name]) for name in names)] for kind, one in found.items()])


def _marks(found: Mapping[str, Any], agreed: Mapping[str, Any]) -> str:
    names = ("hit", "missed", "wrong", "f1")
    return _table(
        ["", "hit", "missed", "wrong", "F1", "kappa of two people"],
        [
            [mark, *(str(one[name]) for name in names), str(agreed.get(mark, {}).get("kappa", "–"))]
            for mark, one in found.items()
        ],
    )


def _share(found: Mapping[str, Any]) -> str:
    low, high = found["ci95"]
    return f"{found['value']:.3f} ({low:.3f}–{high:.3f})".replace("0.", ".")


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    CARD.write_text(filled(CARD.read_text("utf-8")), "utf-8")
