"""Whole written interviews through `tellmore guide`, with the real coder and the real Rasa server.

`tests/bot/dialogues/PROTOCOL.jsonl` holds them, `PROTOCOL.phases.json` the phase after each of their lines.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from protocols.library import load_library
from protocols.model import FOCUSED, Flow
from tests.bot.server import TOKEN, BotServer, bot_python
from tests.protocols import coverage
from web.cli import guide
from web.language.coder import Coder

DIALOGUES = Path(__file__).parent / "bot" / "dialogues"
PROTOCOLS = sorted(path.stem for path in DIALOGUES.glob("*.jsonl"))
Line = Mapping[str, Any]
Played = Mapping[str, list[Line]]
"""The lines of each interview, by its name."""

LIBRARY = load_library()
pytestmark = [pytest.mark.loopback, pytest.mark.bot, pytest.mark.allow_hosts(["127.0.0.1"])]


def play(protocol: str) -> Played:
    wanted = guide.Wanted(protocol, LIBRARY, None, protocol, age=9, language="en")
    found: dict[str, list[Line]] = defaultdict(list)
    with (DIALOGUES / f"{protocol}.jsonl").open("rb") as stream:
        for line in guide.play(stream, wanted):
            found[line["session"]].append(line)
    return found


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Played]]:
    """All interviews, by protocol, each played once; two at a time, as one waits while the other is coded."""
    python = bot_python()
    if python is None:
        pytest.skip("TELLMORE_BOT_PYTHON does not name the Python that holds Rasa")
    server = BotServer(python, tmp_path_factory.mktemp("bot"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"HOME": server.home, "BOT_PORT": server.port, "BOT_TOKEN": TOKEN}.items():
            patch.setenv(f"TELLMORE_{name}", str(value))
        with ThreadPoolExecutor(2) as threads:
            loading = threads.submit(Coder.load)
            server.start()
            loading.result()
            yield dict(zip(PROTOCOLS, threads.map(play, PROTOCOLS), strict=True))
        server.kill()


def phases(lines: list[Line]) -> list[list[Any]]:
    """The phase after each line, and how many lines in a row it stays."""
    return [[phase, len(list(run))] for phase, run in groupby(line["phase"]["after"] for line in lines)]


def test_every_protocol_has_interviews_of_eight_to_sixty_lines() -> None:
    assert set(LIBRARY.flows) == set(PROTOCOLS)
    lengths: dict[str, int] = defaultdict(int)
    for protocol in PROTOCOLS:
        for raw in (DIALOGUES / f"{protocol}.jsonl").read_text(encoding="utf-8").splitlines():
            lengths[json.loads(raw)["session"]] += 1
    assert len(lengths) >= 45
    assert {name: length for name, length in lengths.items() if not 8 <= length <= 60} == {}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_interviews_take_every_branch(protocol: str, played: Mapping[str, Played]) -> None:
    flow = LIBRARY.flows[protocol]
    lines = [line for interview in played[protocol].values() for line in interview]
    taken = set[str]().union(*(coverage.covered(flow, line) for line in lines))
    assert sorted(coverage.items(flow) - taken) == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_phases_move_as_written_down(protocol: str, played: Mapping[str, Played]) -> None:
    expected = json.loads((DIALOGUES / f"{protocol}.phases.json").read_text(encoding="utf-8"))
    assert {name: phases(lines) for name, lines in played[protocol].items()} == expected


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_no_line_is_a_dead_end(protocol: str, played: Mapping[str, Played]) -> None:
    flow = LIBRARY.flows[protocol]
    for name, lines in played[protocol].items():
        assert [line["turn"] for line in lines if not 1 <= len(line["cards"]) <= 3] == [], name
        over = {flow.interrupts["stop"][-1], *_afterwards(flow)}
        assert lines[-1]["cards"][0]["id"] in over, f"{name} does not come to an end"


def _afterwards(flow: Flow) -> set[str]:
    after = [step for step in flow.steps.values() if flow.phase(step.phase).stage == "after"]
    return {card for step in after for card in step.cards}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_no_forbidden_card_is_shown(protocol: str, played: Mapping[str, Played]) -> None:
    flow = LIBRARY.flows[protocol]
    assert {
        name: found for name, lines in played[protocol].items() if (found := forbidden(flow, lines))
    } == {}


def forbidden(flow: Flow, lines: list[Line]) -> list[tuple[int, str, str]]:
    """Turn, card and fault of every card that must not have been shown, judged by the lines alone."""
    age, noted, opened, rung, step = lines[0]["age"], set[str](), 0, 0, flow.start
    found = []
    for line in lines:
        probing = flow.phase(line["phase"]["before"]).probing
        said = flow.cards.get(line.get("card", "")) if "speaker" in line else None
        opened += probing and said is not None and said.says == "invitation"
        if _another_incident(flow, step, line):
            opened = 0
        step = line["step"]
        noted.add(line.get("condition", ""))
        for card in (flow.cards[shown["id"]] for shown in line["cards"]):
            early = card.spoken and card.says in FOCUSED and flow.phase(line["phase"]["after"]).probing
            faults = {
                "not for this age, or off": not card.fits(age),
                f"without {card.needs}": bool(card.needs) and card.needs not in noted,
                "before enough open prompts": early and opened < flow.open_before_focused,
                "a rung was skipped": (card.rung or 0) > rung + 1,
            }
            found += [(line["turn"], card.id, fault) for fault, holds in faults.items() if holds]
            rung = max(rung, card.rung or 0)
    return found


@pytest.mark.parametrize(
    ("step", "way", "rule", "early"),
    [
        ("first_time", "", "go_to", True),
        ("this_time", "free_account next 0; first_time when 0", "next_step", True),
        ("follow_up", "free_account next 0", "next_step", False),
    ],
)
def test_open_prompts_are_counted_anew_on_another_incident(
    step: str, way: str, rule: str, early: bool
) -> None:
    flow = LIBRARY.flows["nichd_revised_2014"]
    opens = next(card.id for card in flow.cards.values() if card.spoken and card.says == "invitation")
    asks = next(
        c.id for c in flow.cards.values() if c.spoken and c.says == "wh" and c.fits(9) and not c.needs
    )
    account = {"before": flow.steps["free_account"].phase, "after": flow.steps["free_account"].phase}
    quiet = {"way": "", "rule": "asked"}
    lines: list[Line] = [
        {"turn": turn, "age": 9, "speaker": "interviewer", "card": opens, "phase": account,
         "step": "free_account", "explain": quiet, "cards": [{"id": opens}]}
        for turn in range(1, flow.open_before_focused + 1)
    ]  # fmt: skip
    last = {"turn": 9, "phase": {**account, "after": flow.steps[step].phase}, "step": step,
            "explain": {"way": way, "rule": rule}, "cards": [{"id": asks}]}  # fmt: skip
    assert forbidden(flow, [*lines, last]) == ([(9, asks, "before enough open prompts")] if early else [])


def _another_incident(flow: Flow, before: str, line: Line) -> bool:
    """Whether this line led from the step `before` into one for another incident, or through one."""
    entered = {way.split()[0] for way in line["explain"]["way"].split("; ")[1:]}
    if line["step"] != before or line["explain"]["rule"] == "go_to":
        entered.add(line["step"])
    return any(flow.steps[step].new_incident for step in entered)
