"""What the learned coder hears is read in its context like any wording, and may overrule one."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from web.language.conversation import Conversation
from web.language.indicators import find
from web.language.indicators.taxonomy import FIRM, taxonomy
from web.language.learned import Sensed
from web.language.model import Indicator, Response, Speaker, Turn
from web.language.parse import parse

LEAST = {concept.tag: concept.least for concept in taxonomy()}
UNWORDED = "she went for me with the ladle"
"""No pattern knows these words."""


def sensed(text: str, words: str, **likely: float) -> Sensed:
    """A reading in which `words` speak most for each tag (ABU_PHY=0.9)."""
    marks = {tag.replace("_", "-"): share for tag, share in likely.items()}
    place = (text.index(words), text.index(words) + len(words))
    return Sensed(marks, dict.fromkeys(marks, place))


def heard(text: str, words: str, **likely: float) -> dict[str, Indicator]:
    turn, doc = Turn(Speaker.CHILD, text), parse(text).doc
    found = find(Conversation(8), turn, doc, Response.NARRATIVE, lambda worded: sensed(text, words, **likely))
    return {one.tag: one for one in found}


def test_unseen_wording_is_tagged_with_its_clause_and_its_likelihood() -> None:
    text = "We made soup. Then the plate broke and she went for me with the ladle, and my cat ran off."
    found = heard(text, "ladle", ABU_PHY=0.93)["ABU-PHY"]
    assert "went for me with the ladle" in found.quote
    assert "soup" not in found.quote
    assert "cat" not in found.quote
    assert text[found.start : found.end] == found.quote
    assert found.confidence == pytest.approx(0.93)
    assert (found.polarity, found.reality, found.urgency) == ("affirmed", "actual", 2)


def test_a_clause_too_short_to_carry_it_takes_its_neighbour() -> None:
    found = heard("he did and then he laughed at my arm", "did", ABU_PHY=0.9)["ABU-PHY"]
    assert len(found.quote.split()) >= 3


def test_an_unlikely_tag_is_none() -> None:
    assert "ABU-PHY" not in heard(UNWORDED, "ladle", ABU_PHY=LEAST["ABU-PHY"] - 0.01)


def test_what_is_heard_faintly_is_read_in_the_normal_course_unless_it_is_acute() -> None:
    faint = (FIRM + LEAST["ABU-PHY"]) / 2
    assert heard(UNWORDED, "ladle", ABU_PHY=faint)["ABU-PHY"].urgency == 1
    assert heard(UNWORDED, "ladle", ABU_PHY=FIRM)["ABU-PHY"].urgency == 2
    assert heard(UNWORDED, "ladle", SAF_NOW=LEAST["SAF-NOW"])["SAF-NOW"].urgency == 3


def test_acute_tags_are_heard_earlier_than_others() -> None:
    text = "last night I stood by the rails and counted"
    assert LEAST["SAF-SUI"] < LEAST["DVW"]
    assert "SAF-SUI" in heard(text, "rails", SAF_SUI=LEAST["SAF-SUI"])
    assert "DVW" not in heard(text, "rails", DVW=LEAST["SAF-SUI"])


def test_a_wording_that_the_learned_coder_doubts_is_none_unless_it_is_acute() -> None:
    assert "DVW" in heard("my dad hit my mum", "hit", DVW=LEAST["DVW"])
    assert "DVW" not in heard("my dad hit my mum", "hit", DVW=LEAST["DVW"] / 2)
    assert "SAF-SUI" in heard("I want to kill myself", "kill", SAF_SUI=0.0)


@pytest.mark.parametrize("text", ["My coach hits me.", "My teacher hit me with a ruler."])
def test_plain_violence_is_never_talked_away(text: str) -> None:
    assert heard(text, "hit", ABU_PHY=0.0)["ABU-PHY"].urgency == 2
    assert "ABU-SEX" in heard("My uncle touched my private parts.", "touched", ABU_SEX=0.0)


def test_an_unsure_wording_of_violence_needs_the_learned_coder() -> None:
    unsure = "my brother was there and she shook me"
    assert "ABU-PHY" in heard(unsure, "shook", ABU_PHY=LEAST["ABU-PHY"])
    assert "ABU-PHY" not in heard(unsure, "shook", ABU_PHY=LEAST["ABU-PHY"] / 2)


def test_the_learned_coder_is_told_which_tags_are_worded_and_so() -> None:
    told: list[set[str]] = []

    def listen(worded: Collection[str]) -> Sensed:
        told.append(set(worded))
        return Sensed({}, {})

    for text in ("he hit me with a stick", "he never hit me", "I dreamed that he hit me with a stick"):
        find(Conversation(8), Turn(Speaker.CHILD, text), parse(text).doc, Response.NARRATIVE, listen)
    assert ["ABU-PHY" in tags for tags in told] == [True, False, False]


@pytest.mark.parametrize(
    ("text", "reality"),
    [
        ("in the film she went for me with the ladle", "media"),
        ("I dreamed that she went for me with the ladle", "dream"),
        ("in roblox she went for me with the ladle", "game"),
        ("what if she went for me with the ladle", "hypothetical"),
        ("it was a joke she went for me with the ladle", "story"),
    ],
)
def test_what_is_not_of_real_life_lowers_it(text: str, reality: str) -> None:
    found = heard(text, "ladle", ABU_PHY=0.95)["ABU-PHY"]
    assert (found.reality, found.urgency) == (reality, 0)


def test_a_false_friend_lowers_it_and_is_named() -> None:
    found = heard("at rugby she went for me with her shoulder", "shoulder", ABU_PHY=0.9)["ABU-PHY"]
    assert found.urgency == 1
    assert "sport" in found.why


def test_somebody_elses_past_is_lowered() -> None:
    text = "last year the other grandma got the ladle from grandpa"
    found = heard(text, "ladle", ABU_PHY=0.9)["ABU-PHY"]
    assert (found.experiencer, found.urgency) == ("parent", 1)
    found = heard(f"{text}, like me", "ladle", ABU_PHY=0.9)["ABU-PHY"]
    assert (found.experiencer, found.urgency) == ("child", 2)


def test_a_wording_that_is_denied_overrules_what_was_heard() -> None:
    found = heard("he never hit me", "hit", ABU_PHY=0.9)["ABU-PHY"]
    assert (found.polarity, found.urgency) == ("negated", 0)


def test_an_answer_without_a_verb_has_no_tag_of_its_own() -> None:
    assert heard("The ladle, on Sunday.", "ladle", ABU_PHY=0.99, SAF_MED=0.99) == {}


def test_childrens_verbs_that_the_parse_does_not_know_still_count() -> None:
    assert "ABU-PHY" in heard("he whupped me", "whupped", ABU_PHY=0.9)


@pytest.mark.parametrize("speaker", [Speaker.INTERVIEWER, Speaker.INTERPRETER])
def test_an_echo_is_never_tagged_however_likely(speaker: Speaker) -> None:
    doc = parse(UNWORDED).doc
    reading = sensed(UNWORDED, "ladle", ABU_PHY=0.99, SAF_NOW=0.99)
    assert (
        find(Conversation(8), Turn(speaker, UNWORDED), doc, Response.NARRATIVE, lambda worded: reading) == ()
    )


def test_hearsay_sets_the_role_of_what_stands_with_it() -> None:
    text = "mum told me that he went for me with the ladle"
    found = heard(text, "ladle", ABU_PHY=0.9, COM_SRC=0.9)
    assert found["COM-SRC"].role == found["ABU-PHY"].role == "heard_about"
    assert heard(UNWORDED, "ladle", ABU_PHY=0.9)["ABU-PHY"].role == "happened_to_me"


def test_every_tag_that_is_marked_says_why() -> None:
    for concept in taxonomy():
        if concept.derived is None:
            found = heard(UNWORDED, "ladle", **{concept.tag.replace("-", "_"): 0.99})[concept.tag]
            assert concept.why in found.why
            assert "no concern" not in found.why


def test_derived_tags_are_not_marked_in_the_text() -> None:
    found = heard(UNWORDED, "ladle", COM_SPON=0.99, COM_DK=0.99)
    assert found == {}
