"""The shell for protocol authors."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.shell import parse
from tests.bot.editions import OWN, make_edition
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


def talked(server, typed: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.shell", *arguments],
        cwd=ROOT,
        env={**os.environ, "TELLMORE_HOME": str(server.home)},
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_an_author_sees_cards_reasons_and_refusals(server, library):
    done = talked(server, "?\nbreak\nhello there\n", "minimal_facts", "9")
    assert done.returncode == 0, done.stderr
    card = library.flows["minimal_facts"].interrupts["break"][0]
    assert f"> {card} (interrupt_break): {library.wording(card).text}" in done.stdout
    assert "by: RulePolicy" in done.stdout
    assert "[debug" not in done.stdout
    assert "refused: labels[0]: unknown intent" in done.stdout
    assert "interviewer_turn type=… subtype=… suggestive=…" in done.stdout


def test_an_author_walks_an_own_protocol_of_an_edition(server):
    done = talked(server, "next_step\n", OWN, "--edition", make_edition(server.home))
    assert done.returncode == 0, done.stderr
    assert "> own_house (in_order): Good that you came to our house today." in done.stdout


def test_an_edition_that_is_not_there_is_said(server):
    done = talked(server, "", OWN, "--edition", "0" * 64)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, f"bot: there is no edition {'0' * 64}")
