"""What a child said is nowhere in the bot, even when it is sent there by mistake."""

from __future__ import annotations

import signal
import tarfile
from pathlib import Path

import pytest

from tests.bot.labels import label

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


def test_after_a_kill_the_interview_is_rebuilt_from_its_labels(client, server):
    labels = [label("interviewer_turn", type="invitation"), label("child_turn", response="narrative")] * 5
    for seen, one in enumerate(labels):
        last = client.post("killed", one, seen=seen).json()
    server.kill()
    server.start()
    more = client.post("killed", label("next_step"), seen=len(labels))
    assert (more.status_code, more.json()) == (409, {"seen": 0})
    assert client.post("killed", *labels, restart=True).json()["guidance"] == last["guidance"]


def test_it_stops_when_asked(client, server):
    server.signal(signal.SIGTERM)
    assert server.process.wait(timeout=30) is not None
    assert not server.answers()
