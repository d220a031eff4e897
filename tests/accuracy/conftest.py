"""A small result as bench.accuracy keeps it, with the dialogue it was measured on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from web.accuracy import results

SAID = [
    ("interviewer", "Tell me about the boat."),
    ("child", "it was green <b>and</b> he pushed me"),
    ("interviewer", "He pushed you?"),
    ("child", "I said so"),
    ("interviewer", "Who else was there?"),
]


def figure(value: float) -> dict[str, Any]:
    return {"value": value, "ci95": [value - 0.1, min(1.0, value + 0.1)]}


def per(n: int, f1: float = 0.5) -> dict[str, Any]:
    return {"precision": 0.5, "recall": 0.5, "f1": f1, "n": n}


def figures() -> dict[str, Any]:
    return {
        "dialogues": 1,
        "questions": {
            "turns": 3,
            "type_kappa": figure(0.9),
            "per_type": {"invitation": per(1), "yes_no": per(1), "wh": per(1)},
            "per_subtype": {"invitation.cued": per(1), "yes_no.declarative": per(1), "wh.static": per(1)},
            "flags": {"new_info": {"hit": 1, "missed": 1, "wrong": 2, "f1": 0.4}},
        },
        "child_turns": {
            "turns": 2,
            "per_response": {"narrative": per(1), "corrects": per(1)},
            "tags": {"ABU-PHY": {"hit": 0, "missed": 1, "wrong": 0, "f1": 0.0}},
        },
    }


def mistake(turn: int, gold: list[str], coded: list[str]) -> dict[str, Any]:
    speaker, text = SAID[turn - 1]
    return {"session": "b1", "turn": turn, "speaker": speaker, "text": text, "gold": gold, "coded": coded}


MISTAKES = [
    mistake(1, ["invitation.cued"], ["invitation.general", "new_info"]),
    mistake(2, ["narrative", "ABU-PHY"], ["narrative"]),
    mistake(3, ["yes_no.declarative", "new_info"], ["non_question.facilitator"]),
    mistake(4, ["corrects"], ["short"]),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    kept = {"as_written": figures(), "bare": figures(), "mistakes": MISTAKES}
    (tmp_path / results.RESULTS).write_text(json.dumps(kept), "utf-8")
    rows = [
        {"session": "b1", "turn": n, "speaker": speaker, "text": text}
        for n, (speaker, text) in enumerate(SAID, start=1)
    ]
    (tmp_path / results.DIALOGUES).write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    return tmp_path
