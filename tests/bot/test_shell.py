"""The shell for protocol authors."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.shell import parse
from tests.bot.server import ROOT


@pytest.mark.parametrize(
    ("line", "intent", "entities"),
    [
        ("break", "break", {}),
        ("interviewer_turn type=wh suggestive=true", "interviewer_turn", {"type": "wh", "suggestive": True}),
        ("take_card card=rules_1", "take_card", {"card": "rules_1"}),
        ("child_turn response", "child_turn", {"response": ""}),
    ],
)
def test_a_typed_line_is_a_label(line, intent, entities):
    assert parse(line) == {"intent": intent, "entities": entities}


def test_an_author_sees_cards_reasons_and_refusals(server, library):
    done = subprocess.run(
        [sys.executable, "-m", "bot.shell", "minimal_facts", "9"],
        cwd=ROOT,
        env={**os.environ, "TELLMORE_HOME": str(server.home)},
        input="?\nbreak\nhello there\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    card = library.flows["minimal_facts"].interrupts["break"][0]
    assert f"> {card} (interrupt_break): {library.wording(card).text}" in done.stdout
    assert "by: RulePolicy" in done.stdout
    assert "[debug" not in done.stdout
    assert "refused: labels[0]: unknown intent" in done.stdout
    assert "interviewer_turn type=… subtype=… suggestive=…" in done.stdout
