"""What a child said is nowhere in the bot, even when it is sent there by mistake."""

from __future__ import annotations

import signal
import tarfile
import time
from pathlib import Path

import pytest

from tests.bot.labels import label
from tests.bot.server import BotServer, bot_python

MARKER = "hewenttothelake"
SENTENCE = f"then {MARKER} with me"


def files(folder: Path) -> dict[Path, tuple[int, int]]:
    return {p: (p.stat().st_size, p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()}


def test_words_sent_by_mistake_leave_no_trace(client, server, conversation):
    good = {"conversation": conversation, "protocol": "nichd_revised_2014", "age": 9, "seen": 0}
    mistakes = [
        {**good, "labels": [label("child_turn", response=SENTENCE)]},
        {**good, "labels": [label("child_turn", **{SENTENCE: True})]},
        {**good, "labels": [label(SENTENCE)]},
        {**good, "labels": [label("take_card", card=SENTENCE)]},
        {**good, "labels": [label("go_to", step=MARKER)]},
        {**good, "labels": [], "text": SENTENCE},
        {**good, "labels": [], "protocol": SENTENCE},
        {**good, "labels": [], "conversation": SENTENCE},
    ]
    for body in mistakes:
        answer = client.send(body)
        assert answer.status_code == 400
        assert MARKER not in answer.text
    for path in files(server.home):
        assert MARKER.encode() not in path.read_bytes(), path
    assert MARKER.encode() not in memory_of(server)


def memory_of(server: BotServer) -> bytes:
    """What the server itself can show of a conversation: its answer to a question without labels."""
    import requests

    from tests.bot.server import TOKEN

    body = {"conversation": "look", "protocol": "nichd_revised_2014", "age": 9, "seen": 0, "labels": []}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return requests.post(f"{server.url}/webhooks/labels/turn", json=body, headers=headers, timeout=10).content


def test_turns_write_nothing_to_disk(client, server, conversation):
    before = files(server.home)
    for seen in range(30):
        assert (
            client.post(conversation, label("interviewer_turn", type="invitation"), seen=seen).status_code
            == 200
        )
    assert files(server.home) == before


def test_turns_and_refusals_write_no_log_line(client, server, conversation):
    before = server.log.read_bytes()
    client.post(conversation, label("break"))
    client.post(conversation, label("nonsense"))
    client.post(conversation, label("break"), seen=9)
    client.get("/webhooks/labels/nowhere")
    assert server.log.read_bytes() == before


def test_the_model_holds_no_wording(model, library):
    with tarfile.open(model) as archive:
        held = b"".join(archive.extractfile(item).read() for item in archive if item.isfile())
    spoken = [library.wording(card).text for card in library.cards if len(library.wording(card).text) > 20]
    assert len(spoken) > 20
    assert not [text for text in spoken if text.encode() in held]


@pytest.mark.parametrize("token", ["", "short"])
def test_it_does_not_start_without_a_secret(server, token):
    done = server.run(token=token)
    assert done.returncode == 1
    assert "TELLMORE_BOT_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def other(server, tmp_path_factory):
    """A second server that tests may kill; it takes over the trained model."""
    home = tmp_path_factory.mktemp("other")
    python = bot_python()
    assert python is not None
    (home / "bot").mkdir()
    (home / "bot" / "models").symlink_to(server.home / "bot" / "models")
    other = BotServer(python, home)
    other.start()
    yield other
    other.kill()


def test_after_a_kill_the_interview_is_rebuilt_from_its_labels(other, client):
    mine = type(client)(other)
    labels = [label("interviewer_turn", type="invitation"), label("child_turn", response="narrative")] * 5
    for seen, one in enumerate(labels):
        last = mine.post("killed", one, seen=seen).json()
    other.kill()
    other.start()
    more = mine.post("killed", label("next_step"), seen=len(labels))
    assert (more.status_code, more.json()) == (409, {"seen": 0})
    assert mine.post("killed", *labels, restart=True).json()["guidance"] == last["guidance"]


def test_it_stops_when_asked(other):
    if not other.answers():
        other.start()
    other.signal(signal.SIGTERM)
    for _ in range(100):
        if other.process.poll() is not None:
            break
        time.sleep(0.1)
    assert other.process.poll() is not None
