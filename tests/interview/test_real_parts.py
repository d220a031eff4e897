"""The same room with the real language models and the real Rasa server."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.bot.server import TOKEN, BotServer, bot_python
from tests.interview.parts import Room, make_room
from web.cli import main
from web.config import Config
from web.dialogue import Dialogue
from web.language.coder import Coder
from web.store import Database

pytestmark = [pytest.mark.loopback, pytest.mark.bot, pytest.mark.allow_hosts(["127.0.0.1"])]

TALK = [
    ("interviewer", "Hello, my name is Anna. I am glad to meet you."),
    ("child", "Hi."),
    ("interviewer", "Tell me about things you like to do."),
    ("child", "I like football and my dog Rex, he runs in the garden with me and then he sleeps on my bed."),
    ("interviewer", "Tell me everything about your dog."),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotServer]:
    python = bot_python()
    if python is None:
        pytest.skip("TELLMORE_BOT_PYTHON does not name the Python that holds Rasa")
    server = BotServer(python, tmp_path_factory.mktemp("bot"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def real(config: Config, server: BotServer) -> Iterator[Room]:
    database = Database(config.database_url)
    room = make_room(config, database)
    dialogue = Dialogue(server.url, TOKEN, timeout_s=5.0)
    room.engines.dialogue, room.engines.coder = dialogue, Coder.load()
    yield room
    dialogue.close()
    database.close()


def test_a_leading_question_is_answered_with_the_childs_words(real: Room) -> None:
    interview = real.new()
    real.press(interview, "start")
    for speaker, text in TALK:
        real.say(interview, speaker, text)
    leading = real.say(interview, "interviewer", "Did he touch you?")
    assert leading.coding is not None
    assert leading.guidance is not None
    assert leading.coding["type"] == "yes_no"
    nudge = leading.guidance["nudge"]
    assert "‘touch’" in nudge["reason"]
    assert nudge["kind"] == "cue"
    assert any(word in nudge["prompt"].lower() for word in ("dog", "garden", "football", "rex", "bed"))
    assert leading.guidance["engines"] == {"bot": "ready", "language": "ready"}
    assert "engine" not in real.kinds(interview)


def test_after_a_break_the_first_card_is_an_invitation(real: Room) -> None:
    interview = real.new()
    real.press(interview, "start")
    paused = real.press(interview, "break").guidance
    resumed = real.press(interview, "resume").guidance
    assert paused is not None
    assert resumed is not None
    assert paused["interrupt"] == "break"
    assert resumed["cards"][0]["says"] == "invitation"


def test_a_killed_bot_costs_a_notice_and_comes_back_knowing_all(real: Room, server: BotServer) -> None:
    interview = real.new()
    real.press(interview, "start")
    for speaker, text in TALK[:3]:
        real.say(interview, speaker, text)
    server.kill()
    alone = real.say(interview, "child", "I like football.")
    assert alone.coding is not None
    assert alone.guidance is not None
    assert alone.guidance["cards"]
    assert alone.guidance["engines"]["bot"] == "down"
    server.start()
    dialogue = Dialogue(server.url, TOKEN, timeout_s=5.0)
    real.engines.dialogue = dialogue
    real.service.catch_up(interview.id)
    shown = real.service.guidance(interview.id)
    dialogue.close()
    assert shown is not None
    assert shown["engines"]["bot"] == "ready"
    assert shown["labels"] == 4
    assert shown["explain"]["rule"] != "fallback"


def test_guide_on_a_file(server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "turns.jsonl"
    rows = [
        {"session": "s", "turn": n, "speaker": who, "text": text} for n, (who, text) in enumerate(TALK, 1)
    ]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    monkeypatch.setenv("TELLMORE_BOT_URL", server.url)
    monkeypatch.setenv("TELLMORE_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELLMORE_HOME", str(tmp_path / "home"))
    result = CliRunner().invoke(main, ["guide", "--protocol", "nichd_revised_2014", os.fspath(file)])
    assert result.exit_code == 0, result.stderr
    out = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["turn"] for row in out] == [1, 2, 3, 4, 5]
    assert out[0]["phase"]["before"] == "opening"
    assert all(row["cards"] for row in out)
