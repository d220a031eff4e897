"""The parts that Rasa runs, looked at from inside: importer, policy, tracker store."""

from __future__ import annotations

import json

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.training_data.structures import RuleStep

from bot.importer import ProtocolImporter
from bot.names import SLOT
from bot.request import BadRequest
from protocols.labels import INTENTS
from protocols.model import INTERRUPTS
from tests.bot.labels import label


@pytest.fixture(scope="module")
def domain() -> Domain:
    return ProtocolImporter().get_domain()


def test_every_card_of_every_flow_can_be_shown(domain, library):
    for flow in library.flows.values():
        assert {f"utter_card_{card}" for card in flow.cards} <= set(domain.action_names_or_texts)


def test_every_label_is_an_intent(domain):
    assert set(INTENTS) <= set(domain.intents)


def test_there_are_rules_for_the_interrupts_and_for_nothing_else():
    steps = ProtocolImporter().get_stories().story_steps
    assert {step.block_name for step in steps} == set(INTERRUPTS)
    assert all(isinstance(step, RuleStep) for step in steps)


def test_the_event_log_explains_each_prediction(talk):
    body = talk.take("explained", label("interviewer_turn", type="invitation")).body
    events = talk.tracker("explained").events
    shown = [e for e in events if isinstance(e, ActionExecuted) and "explain" in e.metadata]
    assert shown[-1].policy == "FlowPolicy"
    assert shown[-1].metadata["explain"] == body["guidance"]["explain"]
    assert shown[-1].action_name == f"utter_card_{body['guidance']['cards'][0]['id']}"


def test_only_the_last_dozen_events_are_kept(talk):
    for seen in range(40):
        talk.take("long", label("interviewer_turn", type="wh"), seen=seen)
    tracker = talk.tracker("long")
    assert len(tracker.events) == 12
    assert tracker.get_slot(SLOT)["seen"] == 40


def test_a_replay_does_not_stay_in_the_log(talk):
    talk.take("replay", *[label("interviewer_turn", type="wh")] * 300, restart=True)
    kept = json.dumps([event.as_dict() for event in talk.tracker("replay").events])
    assert kept.count("interviewer_turn") < 10


def test_no_text_is_ever_interpreted(talk):
    talk.take("text", label("stop"))
    said = [e for e in talk.tracker("text").events if isinstance(e, UserUttered)]
    assert {event.text for event in said} == {"/stop"}


def test_words_sent_by_mistake_do_not_reach_the_store(talk):
    talk.take("marked", label("interviewer_turn", type="wh"))
    for mistake in (
        label("child_turn", response="to the lake"),
        label("to the lake"),
        label("go_to", step="lake"),
    ):
        with pytest.raises(BadRequest):
            talk.take("marked", mistake, seen=1)
    tracker = talk.tracker("marked")
    kept = json.dumps([event.as_dict() for event in tracker.events] + [tracker.current_slot_values()])
    assert "lake" not in kept
    assert tracker.get_slot(SLOT)["seen"] == 1


def test_the_interview_used_longest_ago_is_let_go(talk):
    for name in ("one", "two", "three"):
        talk.take(name)
    talk.take("one", label("interviewer_turn", type="wh"))
    talk.take("four")
    assert talk.tracker("two") is None
    assert talk.tracker("one").get_slot(SLOT)["seen"] == 1


def test_a_turn_that_fails_is_not_half_remembered(talk, monkeypatch):
    talk.take("failing", label("interviewer_turn", type="wh"))

    async def fail(message):
        talk.tracker("failing").update(SlotSet(SLOT, {"seen": 9}))
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(talk.agent, "handle_message", fail)
        with pytest.raises(RuntimeError):
            talk.take("failing", label("stop"), seen=1)
    answer = talk.take("failing", label("stop"), seen=1)
    assert (answer.status, answer.body) == (409, {"seen": 0})
