"""Cards said in own words are recognised; what fits anywhere, or nothing, is not taken for a card."""

from __future__ import annotations

import pytest

from protocols.library import load_library
from web.interview.recognition import recognise, wordings
from web.language.coder import Coder
from web.language.conversation import Conversation
from web.language.model import Speaker, Turn

LIBRARY = load_library()
FLOW = LIBRARY.flows["nichd_revised_2014"]


def said(text: str) -> str | None:
    coder, conversation = Coder.load(), Conversation(age=8)
    coding = coder.code(conversation, Turn(Speaker.INTERVIEWER, text))
    return recognise(coder, conversation, LIBRARY, FLOW, coding)


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("Tell me about things you like to do.", "rapport_likes"),
        ("so tell me about some things that you like doing", "rapport_likes"),
        ("Hello, my job is to talk with children.", "open_job"),
        ("Tell me why you came here to talk to me today.", "ladder_why"),
        ("If I get something wrong, tell me that I am wrong.", "rules_correct_me"),
    ],
)
def test_a_card_in_other_words_is_recognised(text: str, card: str) -> None:
    assert said(text) == card


@pytest.mark.parametrize(
    "text",
    [
        "Tell me more about that.",
        "And then what happened?",
        "Tell me everything about the rabbit.",
        "Did he hit you?",
        "Where were you?",
        "Mm-hm.",
        "Tell me about your brother.",
        "What happened in the kitchen?",
        "",
    ],
)
def test_what_fits_anywhere_or_nowhere_is_no_card(text: str) -> None:
    assert said(text) is None


def test_each_wording_is_recognised_as_itself_or_not_at_all() -> None:
    """Reading a card aloud must never move the rail to another one."""
    known = wordings(LIBRARY, FLOW)
    for card, one in known.items():
        found = said(one.text)
        assert found is None or known[found].step == one.step, (card, found)


def test_cards_with_slots_and_instructions_are_never_candidates() -> None:
    for card in wordings(LIBRARY, FLOW):
        assert FLOW.cards[card].spoken
        assert not FLOW.cards[card].slots
