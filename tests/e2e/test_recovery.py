"""Kill what can be killed in mid-interview: everything acknowledged is still there, once."""

from __future__ import annotations

import json
import re
import threading
import time
from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.e2e.interviews import Held
from tests.e2e.stack import Stack, until
from web.store import Role

pytestmark = [pytest.mark.loopback, pytest.mark.bot]
AUDIO = Path(__file__).parents[1] / "speech" / "audio"
TALK = [
    ("interviewer", "Tell me about things you like to do."),
    ("child", "I like to ride my bike and feed the rabbits"),
    ("interviewer", "Tell me more about the rabbits."),
    ("child", "there are two and one is called Snow"),
]


@pytest.fixture(scope="module")
def client(stack: Stack) -> httpx.Client:
    stack.wait_ready("language", "bot", "speech")
    return stack.client(stack.add_user("kim", Role.INTERVIEWER))


@pytest.fixture
def held(client: httpx.Client) -> Held:
    return Held(client)


def talk_through(held: Held, stop: threading.Event, acknowledged: list[str]) -> None:
    """Say numbered lines, each again with the same key until it is acknowledged, as the page does."""
    number = 0
    while not stop.is_set():
        number += 1
        speaker, text = TALK[number % len(TALK)]
        line = f"{text} ({number})"
        while True:
            try:
                answer = held.say(speaker, line, key=f"line-{number}")
                if answer.status_code in (200, 201):
                    acknowledged.append(line)
                    break
            except httpx.HTTPError:
                time.sleep(0.2)


@pytest.mark.parametrize("name", ["web", "worker", "bot"])
def test_a_killed_process_loses_no_acknowledged_turn_and_doubles_none(
    stack: Stack, held: Held, name: str
) -> None:
    stop, acknowledged = threading.Event(), []
    speaker = threading.Thread(target=talk_through, args=(held, stop, acknowledged), daemon=True)
    speaker.start()
    try:
        until(lambda: len(acknowledged) >= 4, "the talk is under way")
        stack.kill(name)
        before = len(acknowledged)
        until(lambda: len(acknowledged) >= before + 4, "the talk goes on")
    finally:
        stop.set()
        speaker.join()
    assert held.turns() == acknowledged
    events = held.events()
    sequence = [event["seq"] for event in events]
    assert sequence == sorted(set(sequence))
    stack.wait_ready("language", "bot", "speech")


def test_every_turn_is_coded_in_the_end_although_the_console_was_killed(stack: Stack, held: Held) -> None:
    for speaker, text in TALK:
        held.say(speaker, text)
    stack.kill("web")
    stack.wait_ready("language")
    held.client.get(held.path)
    until(lambda: coded(held) == {1, 2, 3, 4}, "all turns are coded")


def test_acknowledged_sound_survives_and_becomes_turns_once(stack: Stack, held: Held) -> None:
    from web.speech.audio import decode

    pcm = np.concatenate(list(decode(AUDIO / "one-track.opus"))).astype("<i2")
    pieces = [pcm[start : start + 32_000].tobytes() for start in range(0, len(pcm), 32_000)]
    held.client.post(f"{held.path}/audio/room", json={"speaker": None, "offset_ms": 0})
    for number, piece in enumerate(pieces):
        if number == len(pieces) // 3:
            stack.kill("worker")
        if number == 2 * len(pieces) // 3:
            stack.kill("web")
        receipt = until(lambda n=number, p=piece: sent(held, n, p), f"chunk {number} acknowledged")
        assert receipt["next"] == number + 1
    ending = {"chunks": len(pieces)}
    until(
        lambda: held.client.post(f"{held.path}/audio/room/end", json=ending).status_code == 200,
        "the end is acknowledged",
    )
    kept = held.client.get(f"{held.path}/audio/room.wav").content
    assert kept[44:] == pcm.tobytes()
    until(lambda: heard_out(held), "all sound was listened to")
    spoken = [event for event in held.events() if event["kind"] == "turn"]
    starts = [event["started_ms"] for event in spoken]
    assert len(starts) == len(set(starts))
    assert starts == sorted(starts)
    assert " ".join(words(event["text"]) for event in spoken) == " ".join(words(turn) for turn in dialogue())


def coded(held: Held) -> set[int]:
    return {event["turn"] for event in held.events() if event["kind"] == "coding"}


def sent(held: Held, number: int, piece: bytes) -> dict[str, int] | None:
    answer = held.put_chunk("room", number, piece)
    return answer.json() if answer.status_code in (200, 201) else None


def heard_out(held: Held) -> bool:
    state = held.client.get(f"{held.path}/audio/room").json()
    return bool(state["ended"] and state["transcribed_ms"] >= state["saved_ms"])


def words(text: str) -> str:
    return " ".join(re.findall(r"[a-z']+", text.lower()))


def dialogue() -> list[str]:
    return [turn["text"] for turn in json.loads((AUDIO / "dialogue.json").read_text())["turns"]]
