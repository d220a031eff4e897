"""Measure the question coder on the frozen held-out dialogues: `python -m bench.coding` prints JSON."""

from __future__ import annotations

import json
import os
import re
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import cohen_kappa_score, f1_score, precision_recall_fscore_support

from web.language.coder import Coder
from web.language.conversation import Conversation
from web.language.model import Question, Speaker, Turn

HELD_OUT = Path(__file__).parent.parent / "nlu_data" / "held_out" / "questions.jsonl"
TYPES = ("invitation", "wh", "yes_no", "choice", "non_question")
Row = tuple[dict[str, Any], Question]


def dialogues(path: Path = HELD_OUT) -> Iterator[list[dict[str, Any]]]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    for _, turns in groupby(rows, key=lambda row: row["session"]):
        yield list(turns)


def bare(text: str) -> str:
    """As speech recognition may write it: lower case, no punctuation but apostrophes."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s'’-]", " ", text)).strip().lower()


def code_all(coder: Coder, plain: bool = False) -> list[Row]:
    rows: list[Row] = []
    for turns in dialogues():
        conversation = Conversation(age=turns[0]["age"])
        for turn in turns:
            text = bare(turn["text"]) if plain else turn["text"]
            coding = coder.code(conversation, Turn(Speaker(turn["speaker"]), text))
            if "gold" in turn and coding.question is not None:
                rows.append((turn, coding.question))
    return rows


def score(rows: list[Row]) -> dict[str, Any]:
    gold = [row["gold"]["type"] for row, _ in rows]
    got = [question.type.value for _, question in rows]
    sub_gold = [f"{row['gold']['type']}.{row['gold']['subtype']}" for row, _ in rows]
    sub_got = [f"{question.type.value}.{question.subtype}" for _, question in rows]
    present = sorted(set(sub_gold))
    return {
        "turns": len(rows),
        "type_macro_f1": _with_interval(gold, got, _macro),
        "type_kappa": _with_interval(gold, got, cohen_kappa_score),
        "type_accuracy": round(float(np.mean(np.array(gold) == np.array(got))), 4),
        "per_type": _per_class(gold, got, TYPES),
        "subtype_macro_f1": round(
            float(f1_score(sub_gold, sub_got, labels=present, average="macro", zero_division=0)), 4
        ),
        "per_subtype": _per_class(sub_gold, sub_got, present),
        "flags": _flags(rows),
    }


def _macro(gold: Any, got: Any) -> float:
    return float(f1_score(gold, got, labels=TYPES, average="macro", zero_division=0))


def _with_interval(gold: list[str], got: list[str], measure: Any) -> dict[str, Any]:
    """The value and its 95 % bootstrap interval over turns."""
    random, places = np.random.default_rng(0), np.arange(len(gold))
    one, other = np.array(gold), np.array(got)
    draws = [random.choice(places, len(places)) for _ in range(400)]
    values = [measure(one[draw], other[draw]) for draw in draws]
    low, high = np.percentile(values, [2.5, 97.5])
    return {
        "value": round(float(measure(one, other)), 4),
        "ci95": [round(float(low), 4), round(float(high), 4)],
    }


def _per_class(gold: list[str], got: list[str], labels: Iterable[str]) -> dict[str, Any]:
    labels = list(labels)
    figures = precision_recall_fscore_support(gold, got, labels=labels, zero_division=0)
    return {
        label: {"precision": round(p, 3), "recall": round(r, 3), "f1": round(f, 3), "n": int(n)}
        for label, p, r, f, n in zip(labels, *figures, strict=True)
    }


def _flags(rows: list[Row]) -> dict[str, Any]:
    counts: dict[str, Counter[str]] = {}
    for row, question in rows:
        gold, got = set(row["gold"]["flags"]), {flag.flag for flag in question.flags}
        for flag in gold | got:
            kind = "hit" if flag in gold & got else ("missed" if flag in gold else "wrong")
            counts.setdefault(flag, Counter())[kind] += 1
    return {
        flag: dict(count)
        | {"f1": round(2 * count["hit"] / (2 * count["hit"] + count["missed"] + count["wrong"]), 3)}
        for flag, count in sorted(counts.items())
    }


def failures(rows: list[Row]) -> list[dict[str, Any]]:
    found = []
    for row, question in rows:
        gold = f"{row['gold']['type']}.{row['gold']['subtype']}"
        got = f"{question.type.value}.{question.subtype}"
        if gold != got:
            found.append(
                {
                    "session": row["session"],
                    "turn": row["turn"],
                    "text": row["text"],
                    "gold": gold,
                    "got": got,
                }
            )
    return found


def speed(coder: Coder) -> dict[str, Any]:
    """Live latency at the start and at turn 300 of one long interview, and plain throughput."""
    texts = [turn for turns in dialogues() for turn in turns]
    conversation = Conversation(age=8)
    times: list[float] = []
    for place in range(360):
        turn = texts[place % len(texts)]
        began = time.perf_counter()
        coder.code(conversation, Turn(Speaker(turn["speaker"]), turn["text"]))
        times.append((time.perf_counter() - began) * 1000)
    turns = [Turn(Speaker(turn["speaker"]), turn["text"]) for turn in texts]
    began = time.perf_counter()
    codings = coder.code_many(Conversation(age=8), turns)
    together = time.perf_counter() - began
    began = time.perf_counter()
    coder.recall(Conversation(age=8), list(zip(turns, codings, strict=True)))
    return {
        "load_1_5_15_min": [round(load, 1) for load in os.getloadavg()],
        "live_ms_turns_1_to_60": _percentiles(times[:60]),
        "live_ms_turns_300_to_360": _percentiles(times[300:]),
        "live_ms_all": _percentiles(times),
        "together_turns_per_s": round(len(turns) / together, 1),
        "recalled_turns_per_s": round(len(turns) / (time.perf_counter() - began), 1),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _percentiles(times: list[float]) -> dict[str, float]:
    return {"p50": round(statistics.median(times), 1), "p95": round(float(np.percentile(times, 95)), 1)}


def main() -> None:
    began = time.perf_counter()
    coder = Coder.load()
    loaded = time.perf_counter() - began
    coder.code(Conversation(), Turn(Speaker.INTERVIEWER, "Tell me about school."))
    rows = code_all(coder)
    result = {
        "held_out": score(rows),
        "held_out_bare": score(code_all(coder, plain=True)),
        "failures": failures(rows),
        "load_s": round(loaded, 1),
        "speed": speed(coder),
    }
    json.dump(result, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
