"""Interviews in labels against the real server."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from protocols import walker
from protocols.labels import Label
from tests.bot.labels import label, random_labels

INVITE = label("interviewer_turn", type="invitation", suggestive=False)
TELLS = label("child_turn", response="narrative", substantive=False, reluctance=False)
FLOWS = ("nichd_revised_2014", "minimal_facts")


def walked(flow, age, labels):
    """The guidance of the pure walker, as JSON would carry it."""
    state, guidance = walker.start(flow, age)
    for raw in labels:
        state, guidance = walker.advance(flow, state, Label.from_dict(raw))
    plain = guidance.as_dict()
    return {**plain, "cards": list(plain["cards"]), "missing": list(plain["missing"])}


@pytest.mark.parametrize("protocol", FLOWS)
def test_first_request_shows_the_start_of_the_flow(client, library, protocol):
    answer = client.post(f"start_{protocol}", protocol=protocol).json()
    assert answer["seen"] == 0
    assert answer["guidance"] == walked(library.flows[protocol], 9, [])
    assert answer["policy"] == "FlowPolicy"


@pytest.mark.parametrize("protocol", FLOWS)
@pytest.mark.parametrize("seed", range(4))
def test_every_turn_of_a_random_interview_is_as_the_walker_says(client, library, protocol, seed):
    flow = library.flows[protocol]
    labels = random_labels(flow, 60, random.Random(seed))
    for seen, one in enumerate(labels):
        answer = client.post(f"random_{protocol}_{seed}", one, protocol=protocol, seen=seen).json()
        assert answer["seen"] == seen + 1
        assert answer["guidance"] == walked(flow, 9, labels[: seen + 1])


def test_a_replay_in_one_request_leads_to_the_same_place(client, library):
    flow = library.flows["nichd_revised_2014"]
    labels = random_labels(flow, 400, random.Random(7))
    answer = client.post("replay", *labels, restart=True).json()
    assert answer["seen"] == 400
    assert answer["guidance"] == walked(flow, 9, labels)


def test_labels_sent_together_count_each(client, library, conversation):
    assert client.post(conversation, INVITE, TELLS).json()["seen"] == 2
    answer = client.post(conversation, INVITE, seen=2).json()
    assert answer["guidance"] == walked(library.flows["nichd_revised_2014"], 9, [INVITE, TELLS, INVITE])


@pytest.mark.parametrize("name", ["break", "stop", "safety", "reluctance"])
def test_an_interrupt_is_decided_by_a_rule(client, name):
    client.post(f"interrupt_{name}", INVITE)
    answer = client.post(f"interrupt_{name}", label(name), seen=1).json()
    assert (answer["policy"], answer["action"]) == ("RulePolicy", f"utter_interrupt_{name}")
    assert answer["guidance"]["interrupt"] == name
    back = client.post(f"interrupt_{name}", label("resume"), seen=2).json()
    assert (back["policy"], back["guidance"]["interrupt"]) == ("FlowPolicy", None)


def test_an_interrupt_that_the_flow_refuses_is_not_shown_by_the_rule(client, conversation):
    client.post(conversation, label("stop"))
    answer = client.post(conversation, label("reluctance"), seen=1).json()
    assert answer["guidance"]["interrupt"] == "stop"
    assert answer["policy"] == "FlowPolicy"
    assert answer["action"] == f"utter_card_{answer['guidance']['cards'][0]['id']}"


@pytest.mark.parametrize("believed", [0, 1, 3, 4000])
def test_another_count_changes_nothing_and_says_what_was_seen(client, library, believed):
    name = f"count_{believed}"
    client.post(name, INVITE, TELLS)
    refused = client.post(name, label("stop"), seen=believed)
    assert (refused.status_code, refused.json()) == (409, {"seen": 2})
    still = client.post(name, seen=2).json()["guidance"]
    assert still == walked(library.flows["nichd_revised_2014"], 9, [INVITE, TELLS])


def test_an_unknown_interview_with_a_history_is_asked_for_again(client):
    refused = client.post("never_seen", INVITE, seen=5)
    assert (refused.status_code, refused.json()) == (409, {"seen": 0})


@pytest.mark.parametrize("change", [{"age": 10}, {"age": None}, {"protocol": "minimal_facts"}])
def test_another_age_or_protocol_needs_a_restart(client, library, change):
    name = f"change_{next(iter(change.values()))}"
    client.post(name, INVITE)
    assert client.post(name, TELLS, seen=1, **change).status_code == 409
    again = client.post(name, INVITE, restart=True, **change)
    flow = library.flows[change.get("protocol", "nichd_revised_2014")]
    age = change.get("age", 9) or flow.ages[0]
    assert again.json()["guidance"] == walked(flow, age, [INVITE])


def test_restart_forgets_what_was_before(client, library, conversation):
    client.post(conversation, label("stop"))
    answer = client.post(conversation, INVITE, seen=77, restart=True).json()
    assert answer["seen"] == 1
    assert answer["guidance"] == walked(library.flows["nichd_revised_2014"], 9, [INVITE])


def test_interviews_do_not_touch_each_other(client, library):
    flow = library.flows["nichd_revised_2014"]
    sequences = {f"side_{n}": random_labels(flow, 25, random.Random(n)) for n in range(4)}
    last = {}
    for turn in range(25):
        for name, labels in sequences.items():
            last[name] = client.post(name, labels[turn], seen=turn).json()["guidance"]
    assert last == {name: walked(flow, 9, labels) for name, labels in sequences.items()}


def test_the_same_turn_sent_by_many_at_once_is_taken_once(client, conversation):
    client.post(conversation)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: client.post(conversation, INVITE).status_code, range(8)))
    assert sorted(answers) == [200] + [409] * 7
    assert client.post(conversation, seen=1).json()["seen"] == 1
