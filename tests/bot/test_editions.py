"""An agency's own protocols: walked by the same model, each interview by the edition it began with."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import threading

import pytest

from bot import channel
from protocols import walker
from protocols.labels import Label
from protocols.library import load_library
from tests.bot.editions import OWN, make_edition, merged, own_files
from tests.bot.labels import label, random_labels

INVITE = label("interviewer_turn", type="invitation", suggestive=False)
NOWHERE = "0" * 64


@pytest.fixture(scope="module")
def own():
    """The library of the edition that `make_edition` makes."""
    return load_library(merged(own_files()))


@pytest.fixture
def edition(server) -> str:
    """Made while the server runs: it was trained on the shipped protocols alone."""
    assert server.answers()
    return make_edition(server.home)


def shown(guidance) -> dict:
    """Guidance as JSON would carry it."""
    plain = guidance.as_dict()
    return {**plain, "cards": list(plain["cards"]), "missing": list(plain["missing"])}


def walked(flow, labels):
    state, guidance = walker.start(flow, 9)
    for raw in labels:
        state, guidance = walker.advance(flow, state, Label.from_dict(raw))
    return shown(guidance)


def test_own_cards_of_a_later_edition_are_shown_without_training(client, own, edition, conversation):
    flow = own.flows[OWN]
    answer = client.post(conversation, edition=edition, protocol=OWN).json()
    assert answer["guidance"]["cards"][0]["id"] == "own_house"
    assert (answer["policy"], answer["action"]) == ("FlowPolicy", "utter_card")
    labels = random_labels(flow, 60, random.Random(11))
    for seen, one in enumerate(labels):
        answer = client.post(conversation, one, edition=edition, protocol=OWN, seen=seen).json()
        assert answer["guidance"] == walked(flow, labels[: seen + 1])
        top = answer["guidance"]["cards"][0]["id"]
        if answer["policy"] == "FlowPolicy":
            assert answer["action"] == ("utter_card" if top.startswith("own_") else f"utter_card_{top}")


def test_shipped_protocols_of_an_edition_are_walked_too(client, library, edition, conversation):
    answer = client.post(conversation, INVITE, edition=edition, protocol="minimal_facts").json()
    assert answer["guidance"] == walked(library.flows["minimal_facts"], [INVITE])


def test_two_editions_of_one_protocol_side_by_side(client, server, own, edition):
    second = make_edition(server.home, own_files("own_roof"))
    flows = {edition: own.flows[OWN], second: load_library(merged(own_files("own_roof"))).flows[OWN]}
    assert {flow.start for flow in flows.values()} == {"welcome"}
    labels = random_labels(flows[edition], 30, random.Random(12))
    labels = [one for one in labels if one["entities"].get("card") != "own_house"]
    for seen, one in enumerate(labels):
        for name, flow in flows.items():
            more = {"edition": name, "protocol": OWN, "seen": seen}
            answer = client.post(f"side_{name[:8]}", one, **more).json()
            assert answer["guidance"] == walked(flow, labels[: seen + 1])
    first = {flow.steps["welcome"].cards[0] for flow in flows.values()}
    assert first == {"own_house", "own_roof"}


def test_an_edition_that_is_not_here_is_refused_and_the_others_go_on(client, edition, conversation):
    client.post(conversation, INVITE, edition=edition, protocol=OWN)
    refused = client.post("nowhere", INVITE, edition=NOWHERE, protocol=OWN)
    assert (refused.status_code, refused.json()["detail"]) == (400, "edition: not known here")
    assert client.post(conversation, INVITE, edition=edition, protocol=OWN, seen=1).json()["seen"] == 2


DAMAGE = {
    "empty": lambda whole: b"",
    "text": lambda whole: b"not packed at all",
    "torn": lambda whole: whole[: len(whole) // 2],
    "exchanged": lambda whole: gzip.compress(gzip.decompress(whole).replace(b"our house", b"my house")),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_edition_is_refused_until_it_is_mended(client, server, library, damage):
    name = make_edition(server.home, own_files(f"own_{damage}"))
    path = server.home / "editions" / f"{name}.json.gz"
    whole = path.read_bytes()
    path.write_bytes(DAMAGE[damage](whole))
    assert path.read_bytes() != whole
    refused = client.post("damaged", edition=name, protocol=OWN, restart=True)
    assert (refused.status_code, refused.json()["detail"]) == (400, "edition: it is here but cannot be used")
    assert name in server.log.read_text()
    beside = client.post("beside", INVITE, restart=True).json()["guidance"]
    assert beside == walked(library.flows["nichd_revised_2014"], [INVITE])
    path.write_bytes(whole)
    mended = client.post("damaged", edition=name, protocol=OWN, restart=True).json()
    assert mended["guidance"]["cards"][0]["id"] == f"own_{damage}"


def test_an_edition_that_makes_no_library_is_refused(client, server):
    name = make_edition(server.home, {f"flows/{OWN}/flow.yml": b"flow: [\n"})
    refused = client.post("no_library", edition=name, protocol=OWN)
    assert refused.json()["detail"] == "edition: it is here but cannot be used"
    assert f"{name} makes no library: flows/{OWN}/flow.yml" in server.log.read_text()


@pytest.mark.parametrize("name", ["", "latest", "../../etc/passwd", "A" * 64, "0" * 63, 7, ["0" * 64], True])
def test_what_names_no_edition_is_refused(client, name):
    refused = client.post("form", edition=name)
    assert refused.status_code == 400
    assert refused.json()["detail"].startswith("edition: not of the form")


def test_an_own_protocol_is_not_known_without_its_edition(client, edition, conversation):
    assert client.post(conversation, protocol=OWN).json()["detail"].startswith("protocol: not known")
    taken = label("take_card", card="own_likes")
    refused = client.post(conversation, taken, edition=edition).json()["detail"]
    assert refused.startswith("labels[0].card: not one of protocol nichd_revised_2014")


def test_another_edition_needs_a_restart(client, server, edition, conversation):
    second = make_edition(server.home, own_files("own_gate"))
    client.post(conversation, INVITE, edition=edition, protocol=OWN)
    assert client.post(conversation, edition=second, protocol=OWN, seen=1).status_code == 409
    again = client.post(conversation, edition=second, protocol=OWN, restart=True).json()
    assert again["guidance"]["cards"][0]["id"] == "own_gate"


def test_the_shipped_protocols_by_their_digest_need_no_file(client, library, conversation):
    answer = client.post(conversation, INVITE, edition=library.edition)
    assert answer.json()["guidance"] == walked(library.flows["nichd_revised_2014"], [INVITE])


def test_after_a_kill_an_own_interview_is_rebuilt(client, server, own, edition):
    more = {"edition": edition, "protocol": OWN}
    labels = random_labels(own.flows[OWN], 40, random.Random(13))
    last = client.post("own_killed", *labels, **more).json()
    server.kill()
    server.start()
    refused = client.post("own_killed", INVITE, seen=len(labels), **more)
    assert (refused.status_code, refused.json()) == (409, {"seen": 0})
    assert client.post("own_killed", *labels, restart=True, **more).json()["guidance"] == last["guidance"]


@pytest.mark.parametrize("seed", range(3))
def test_five_hundred_random_turns_over_an_own_protocol(talk, server, own, seed):
    """Through walker and policy, label by label: the same guidance, and an explanation of each."""
    flow, edition = own.flows[OWN], make_edition(server.home)
    more = {"edition": edition, "protocol": OWN}
    state, _ = walker.start(flow, 9)
    for seen, one in enumerate(random_labels(flow, 500, random.Random(seed))):
        state, guidance = walker.advance(flow, state, Label.from_dict(one))
        body = talk.take(f"own_{seed}", one, seen=seen, **more).body
        assert body["guidance"] == guidance.as_dict()
        assert guidance.cards[0].id in flow.cards
        assert guidance.explain["rule"]
    assert body["seen"] == 500


def test_the_event_log_names_the_own_card(talk, server):
    talk.take("own_explained", edition=make_edition(server.home), protocol=OWN)
    events = [event.as_dict() for event in talk.tracker("own_explained").events]
    (decided,) = [event for event in events if event.get("name") == "utter_card"]
    assert decided["metadata"]["cards"][0] == {"id": "own_house", "reason": "in_order"}
    assert decided["metadata"]["explain"]["rule"] == "start"


def test_nobody_waits_while_an_edition_is_being_read(monkeypatch, library, own):
    read = threading.Event()
    monkeypatch.setattr(
        channel, "library", lambda name: (own if read.wait(20) else None) if name else library
    )
    door = channel.LabelsChannel("a-token-for-tests-only")
    body = {"conversation": "wait", "protocol": OWN, "edition": NOWHERE}

    async def both():
        reading = asyncio.create_task(door._read(json.dumps(body).encode()))
        await asyncio.sleep(0)
        shipped = await door._read(
            json.dumps({**body, "protocol": "minimal_facts", "edition": None}).encode()
        )
        waits = not reading.done()
        read.set()
        return shipped.protocol, waits, (await reading).protocol

    assert asyncio.run(both()) == ("minimal_facts", True, OWN)
