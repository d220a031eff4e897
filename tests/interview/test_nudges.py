"""Which remark a turn gets, in which order, and what is offered instead."""

from __future__ import annotations

import pytest

from web.interview.nudges import Heard, Place, Prompts, nudge
from web.interview.words import data
from web.language.model import Coding, Cue, Flag, Question, QuestionType, Response

SUBSTANTIVE, BEFORE, RULES = Place("substantive"), Place("before"), Place("before", rules=True)
CUE = Cue(1, 0, 8, "the lake", "You said the lake. Tell me more about that.", 1.0)
PROMPTS = Prompts("Tell me more about that.", "Wait.", (CUE,))


def asked(
    kind: str, *flags: str, subtype: str | None = None, nichd: str = "", why: str = "a reason"
) -> Heard:
    question = Question(
        QuestionType(kind), subtype, tuple(Flag(flag, why) for flag in flags), {"nichd": nichd}, 0.9
    )
    return Heard(5, "interviewer", Coding(question=question))


def answered(response: Response) -> Heard:
    return Heard(6, "child", Coding(response=response))


def kind_of(turn: Heard, place: Place = SUBSTANTIVE, before: Heard | None = None) -> str | None:
    found = nudge(turn, before, place, PROMPTS)
    return found["kind"] if found else None


@pytest.mark.parametrize("good", [("invitation",), ("wh",), ("non_question", "support"), ("non_question",)])
def test_good_questions_are_left_alone(good: tuple[str, ...]) -> None:
    assert nudge(asked(*good), None, SUBSTANTIVE, PROMPTS) is None


@pytest.mark.parametrize("kind", ["yes_no", "choice"])
def test_a_closed_question_is_paired(kind: str) -> None:
    found = nudge(asked(kind), None, SUBSTANTIVE, PROMPTS)
    assert found is not None
    assert (found["kind"], found["prompt"], found["turn"]) == ("pair", "Tell me more about that.", 5)


@pytest.mark.parametrize("place", [BEFORE, RULES, Place("after")])
def test_closed_questions_are_fine_where_nothing_is_told(place: Place) -> None:
    assert nudge(asked("yes_no"), None, place, PROMPTS) is None
    assert nudge(asked("choice", "negative_term"), None, RULES, PROMPTS) is None


def test_words_that_are_not_the_childs_are_named() -> None:
    found = nudge(asked("yes_no", "new_info", why="'touch' has not been said"), None, SUBSTANTIVE, PROMPTS)
    assert found is not None
    assert found["reason"] == "These words are not the child's: ‘touch’."
    assert (found["kind"], found["prompt"]) == ("cue", CUE.prompt)


def test_without_quoted_words_the_sentence_stays_whole() -> None:
    found = nudge(asked("wh", "new_info", why="not said yet"), None, SUBSTANTIVE, PROMPTS)
    assert found is not None
    assert found["reason"] == "This brings in something the child has not said."


def test_new_words_are_noticed_in_rapport_but_not_in_practice_of_rules() -> None:
    assert kind_of(asked("yes_no", "new_info"), BEFORE) == "cue"
    assert kind_of(asked("yes_no", "new_info"), RULES) is None


@pytest.mark.parametrize(
    "flag",
    ["pressure", "promise", "disapproval", "other_source", "misquote", "praise_content", "speculation"],
)
def test_harm_comes_before_form(flag: str) -> None:
    for place in (SUBSTANTIVE, BEFORE, RULES):
        found = nudge(asked("yes_no", "negative_term", flag), None, place, PROMPTS)
        assert found is not None
        assert found["kind"] == "cue"
        assert found["reason"] not in (
            "Closed question. Pair it:",
            "Questions with “not” are hard to answer.",
        )


def test_without_a_cue_an_open_card_is_offered() -> None:
    found = nudge(asked("wh", "pressure"), None, SUBSTANTIVE, Prompts("Tell me more.", None))
    assert found is not None
    assert (found["kind"], found["prompt"]) == ("pair", "Tell me more.")


def test_a_tag_and_a_leading_frame_are_noticed_without_a_flag() -> None:
    assert kind_of(asked("yes_no", subtype="tag")) == "cue"
    assert kind_of(asked("wh", nichd="suggestive")) == "cue"


def test_smaller_things_are_said_mildly() -> None:
    for flag in ("compound", "long", "complex", "vocabulary", "repeated", "why", "unclear_reference"):
        found = nudge(asked("wh", flag), None, SUBSTANTIVE, PROMPTS)
        assert found is not None, flag
        assert (found["kind"], found["prompt"]) == ("rephrase", None)


def test_an_open_question_closed_at_once_is_named() -> None:
    found = nudge(asked("yes_no", "recast", "compound"), None, SUBSTANTIVE, PROMPTS)
    assert found is not None
    assert "open" in found["reason"]


def test_no_answer_asks_for_patience() -> None:
    found = nudge(answered(Response.NONE), asked("invitation"), SUBSTANTIVE, PROMPTS)
    assert found is not None
    assert (found["kind"], found["prompt"], found["turn"]) == ("silence", "Wait.", 6)
    assert nudge(answered(Response.SHORT), asked("invitation"), SUBSTANTIVE, PROMPTS) is None


def test_a_question_on_top_of_an_unanswered_invitation_asks_for_patience() -> None:
    assert kind_of(asked("wh"), before=asked("invitation")) == "silence"
    assert kind_of(asked("invitation"), before=asked("invitation")) is None
    assert kind_of(asked("wh"), before=answered(Response.NARRATIVE)) is None


def test_leading_is_worse_than_impatience() -> None:
    assert kind_of(asked("yes_no", "new_info"), before=asked("invitation")) == "cue"


def test_turns_nobody_could_code_get_no_remark() -> None:
    assert nudge(Heard(1, "interviewer", Coding()), None, SUBSTANTIVE, PROMPTS) is None
    assert nudge(Heard(1, "interpreter", Coding()), None, SUBSTANTIVE, PROMPTS) is None


def test_every_entry_can_be_reached_and_is_plain() -> None:
    entries = data("nudges")["nudges"]
    assert len({entry["when"] for entry in entries}) == len(entries)
    for entry in entries:
        text = entry["text"]
        assert 8 <= len(text) <= 80, text
        assert not {"score", "error", "wrong", "no concern"} & {
            word.strip(".,").lower() for word in text.split()
        }
