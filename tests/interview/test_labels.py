"""Codes out of codings: what the dialogue engine is told, and that it is codes only."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import update

from protocols.labels import INTENTS, Label
from tests.interview.parts import LIBRARY, Room, question
from web.interview.actions import FIELDS, ActionIn
from web.interview.errors import NotFound
from web.interview.labels import is_suggestive, of_turn, question_of
from web.interview.words import data, engine, name_of, say
from web.language.model import Coding, Flag, Question, QuestionType, Response
from web.store import Interview


@pytest.mark.parametrize("kind", list(QuestionType))
def test_an_interviewer_turn_is_its_type(kind: QuestionType) -> None:
    label = of_turn("interviewer", Coding(question=Question(kind, "general", (), {}, 1.0)))
    assert label == Label("interviewer_turn", {"type": kind.value, "subtype": "general", "suggestive": False})


@pytest.mark.parametrize("flag", ["pressure", "promise", "other_source", "praise_content", "disapproval"])
def test_social_influence_is_suggestive_in_any_frame(flag: str) -> None:
    coded = Question(QuestionType.NON_QUESTION, None, (Flag(flag, ""),), {"nichd": "facilitator"}, 1.0)
    assert of_turn("interviewer", Coding(question=coded)).entities["suggestive"] is True


def test_the_scheme_decides_for_the_rest() -> None:
    assert of_turn("interviewer", Coding(question=question("He went, didn't he?"))).entities["suggestive"]
    assert not of_turn("interviewer", Coding(question=question("Did you go?"))).entities["suggestive"]


def test_a_stored_coding_of_the_machine_keeps_its_schemes() -> None:
    coding = Coding(question=question("He went, didn't he?"))
    assert question_of(coding.as_dict()) == coding
    assert question_of({}) == question_of(Coding(response=Response.YES).as_dict()) == Coding()


@pytest.mark.parametrize(
    ("kind", "subtype", "flag", "suggestive"),
    [
        ("yes_no", "tag", "", True),
        ("yes_no", "plain", "", False),
        ("yes_no", "plain", "new_info", False),
        ("yes_no", "declarative", "new_info", True),
        ("wh", "action", "new_info", True),
        ("invitation", None, "pressure", True),
        ("choice", None, "compound", False),
    ],
)
def test_what_a_person_chose_is_suggestive_as_the_scheme_says(
    kind: str, subtype: str | None, flag: str, suggestive: bool
) -> None:
    flags = [{"flag": flag, "why": "heard"}] if flag else []
    chosen = {"question": {"type": kind, "subtype": subtype, "flags": flags}, "reason": "heard"}
    assert is_suggestive(question_of(chosen)) is suggestive


@pytest.mark.parametrize("response", list(Response))
def test_a_child_turn_is_its_answer(response: Response) -> None:
    entities = of_turn("child", Coding(response=response)).entities
    assert entities["response"] == response.value
    assert entities["substantive"] is False
    assert entities["reluctance"] is (response in (Response.REFUSE, Response.NONE))


def test_what_could_not_be_coded_moves_the_least() -> None:
    assert of_turn("interviewer", Coding()).entities["type"] == "non_question"
    assert of_turn("child", Coding()).entities["response"] == "short"
    assert of_turn("interpreter", Coding()) == Label("interpreter_turn")


def test_every_label_is_one_the_engine_knows() -> None:
    values = {"card": "open_more", "step": "welcome", "reason": "secret", "condition": "denial",
              "what": "toilet", "text": "secret", "turn": 1, "start": 0, "on": True}  # fmt: skip
    for action, names in FIELDS.items():
        label = ActionIn("k", action, {name: values[name] for name in names}).label()
        if label is not None:
            assert Label.from_dict(label.as_dict()) == label
            assert "secret" not in str(label)
    assert {want["means"] for want in data("wants")["wants"].values()} <= {*INTENTS, None}


def test_every_code_has_a_plain_name() -> None:
    for kind in QuestionType:
        assert name_of("types", kind.value)
    for response, language in itertools.product(Response, ("en", "sv", "xx")):
        assert name_of("responses", response.value, language)
    assert name_of("flags", "flag_of_tomorrow") == "Flag of tomorrow"
    assert name_of("flags", None) == ""
    assert say("") == "", "an empty text has no translation and must not show the catalogue's head"
    for part, state in itertools.product(
        ("bot", "language"), ("ready", "loading", "down", "failed", "absent")
    ):
        assert engine(part, state)


def test_cards_offered_by_nudges_are_invitations() -> None:
    for flow in LIBRARY.flows.values():
        assert flow.cards[flow.overlays["pairing"][0]].says == "invitation"
        assert flow.cards[flow.overlays["reopen"][0]].says == "invitation"


def test_an_erased_interview_is_gone(lite: Room) -> None:
    interview = lite.new()
    lite.say(interview, "child", "Hello.")
    with lite.database.write() as session:
        session.execute(update(Interview).values(wrapped_key=None))
    for work in (
        lambda: lite.say(interview, "child", "More."),
        lambda: lite.press(interview, "break"),
        lambda: lite.service.history(interview.id),
        lambda: lite.service.guidance(interview.id),
        lambda: lite.service.get(interview.id),
    ):
        with pytest.raises(NotFound):
            work()
    lite.service.catch_up_all()
