"""How soon a passage should be read depends on the tag and its context together."""

from __future__ import annotations

import pytest

from tests.language.talk import tags


def level(text: str) -> int:
    return max((found.urgency for found in tags(text).values()), default=0)


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to be here any more",
        "I want to kill myself",
        "i wanna be dead",
        "I know which bridge",
        "he is outside waiting",
        "if I go home tonight he will know",
        "I can't see well since he kicked me",
        "my little sister is there now",
        "I will burn the house so nobody",
        "he is going to hit me when we get home",
        "I scratch till it bleeds",
    ],
)
def test_acute_danger_is_for_now(text: str) -> None:
    assert level(text) == 3


@pytest.mark.parametrize(
    "text",
    [
        "he used the belt again",
        "he made me touch his",
        "dad threw mum and I took my sister to the toilet",
        "I wash cars till dark and uncle keeps the money",
        "if I was nice to his friends we could stay",
        "he keeps my passport so it's safe",
        "if I talk they go to my brother",
        "the door has no key inside",
        "it's our secret game",
        "I made it up, please don't tell",
    ],
)
def test_harm_is_for_the_same_day(text: str) -> None:
    assert level(text) == 2


@pytest.mark.parametrize(
    "text",
    [
        "he hit me by accident at football",
        "mum will kill me if I'm late",
        "we learned that nobody is allowed to touch your private parts",
        "the nurse looked at my private parts",
        "the centre keeps my papers",
        "I'm dead tired",
        "my hamster is dead",
        "I don't want to be here, this room is cold",
        "I will kill him in fortnite",
        "it's a secret, it's a surprise party for mum",
        "in the movie he touched her private parts",
        "he didn't touch my private parts",
        "my mum is waiting outside",
        "I need to pee",
    ],
)
def test_false_friends_stay_below_the_same_day(text: str) -> None:
    assert level(text) < 2


def test_the_same_words_long_ago_are_less_urgent() -> None:
    assert tags("I wanted to kill myself last year")["SAF-SUI"].urgency == 2
    assert tags("I want to kill myself")["SAF-SUI"].urgency == 3


def test_a_denied_wish_to_die_is_still_shown() -> None:
    found = tags("I don't want to kill myself")["SAF-SUI"]
    assert (found.polarity, found.urgency) == ("negated", 1)


def test_a_caution_is_named_in_the_reason() -> None:
    found = tags("he hit me by accident")["ABU-PHY"]
    assert found.urgency == 1
    assert "accident" in found.why.replace(found.quote, "")


def test_confidence_is_a_share() -> None:
    found = tags("maybe he hit me by accident")["ABU-PHY"]
    assert 0 < found.confidence < tags("he hit me")["ABU-PHY"].confidence <= 1
