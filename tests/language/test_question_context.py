"""Layer 1 where the child's last words decide, and in English as it is spoken."""

from __future__ import annotations

import pytest

from tests.language.test_question import bare, coded, label


@pytest.mark.parametrize(
    ("said", "text", "wanted"),
    [
        ("like should i drop him", "Should I.", "non_question/facilitator"),
        ("you put your arm where the blade is", "Where the blade is.", "non_question/facilitator"),
        ("he was on his phone", "On his phone, right.", "non_question/facilitator"),
        (
            "he shut the door and he took my bag",
            "He shut the door and he took your bag.",
            "non_question/summary",
        ),
        ("she smacked me", "She smacked you on the bottom.", "yes_no/declarative"),
        ("it was ten people", "None of those ten people came.", "yes_no/declarative"),
        ("he shut the door", "In the cellar.", "yes_no/declarative"),
        ("my mum did my hair", "In a minute, love.", "non_question/other"),
        ("that is all", "Our time is up, we'll see each other next week.", "non_question/other"),
        ("no", "Thanks for talking with me. I'm going to step out.", "non_question/other"),
    ],
)
def test_the_last_answer_tells_an_echo_from_a_claim(said: str, text: str, wanted: str) -> None:
    assert label(coded(text, said)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Tell me again, did he touch you?", "yes_no/plain"),
        ("Mum was where while that happened?", "wh/static"),
        ("And Nan was where, that day?", "wh/static"),
        ("You have been in the camp for how long?", "wh/time_number"),
        ("How many she give you?", "wh/time_number"),
        ("How that feel?", "wh/feeling"),
        ("How scared are you?", "wh/feeling"),
        ("Tell me how scared are you.", "wh/feeling"),
        ("What app does he message you on?", "wh/static"),
        ("What made his hand feel cold?", "wh/causal"),
        ("And what happened after he said keep working?", "invitation/breadth"),
        ("And after you ran?", "invitation/breadth"),
        ("And after that, what happened?", "invitation/breadth"),
        ("Tell me everything about what he did, from the start to the end.", "invitation/cued"),
        ("Tell me what you've come to talk to me about today.", "invitation/general"),
        ("Talk me through everything from when you got there up to when you left.", "invitation/segment"),
        ("So your mum did tell you what to say, didn't she?", "yes_no/tag"),
        ("But it hurts you, doesn't it?", "yes_no/tag"),
        ("He trouble you?", "yes_no/plain"),
        ("You still wetting the bed?", "yes_no/plain"),
        ("Where was your gran, love, when grandad did the dishes?", "wh/static"),
    ],
)
def test_spoken_forms_are_read(text: str, wanted: str) -> None:
    assert label(coded(text)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("So your mum did tell you what to say, didn't she?", "yes_no/tag"),
        ("And what happened after he said keep working?", "invitation/breadth"),
        ("What app does he message you on?", "wh/static"),
        ("Tell me what you've come to talk to me about today.", "invitation/general"),
    ],
)
def test_spoken_forms_need_no_punctuation(text: str, wanted: str) -> None:
    assert label(coded(bare(text))) == wanted


def test_an_exclamation_is_no_question() -> None:
    assert coded("Well done, what a clever girl.").type.value == "non_question"
