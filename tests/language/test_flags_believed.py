"""Which flags stand when rules and the learned coder speak together, and what is given as the reason."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from tests.language.talk import say
from web.language.conversation import Conversation
from web.language.flags import find_flags
from web.language.flags.believed import least
from web.language.learned import Sensed
from web.language.learned.examples import FLAGS
from web.language.parse import parse
from web.language.question import read

ASKED = "So you were in the shed with Kim."
LEAST = least()


def flags(text: str, words: str, *said: str, **likely: float) -> dict[str, str]:
    """Flags with reasons where `words` speak most for each of the learned ones."""
    talk = Conversation(8)
    for one in said:
        say(talk, one)
    place = (text.index(words), text.index(words) + len(words))

    def listen(worded: Collection[str]) -> Sensed:
        return Sensed(likely, dict.fromkeys(likely, place))

    found = find_flags(talk, read(talk, parse(text).doc), None, None, listen)
    return {flag.flag: flag.why for flag in found}


def test_every_flag_that_is_learned_has_a_threshold_and_a_reason() -> None:
    assert set(LEAST) == set(FLAGS)
    for name in FLAGS:
        why = flags(ASKED, "shed", **{name: 0.99})[name]
        assert "{match}" not in why
        assert "shed" in why


@pytest.mark.parametrize("name", ["pressure", "promise", "repeated", "compound"])
def test_what_no_rule_sees_is_flagged_from_its_threshold_on(name: str) -> None:
    assert name in flags("We saw the lake.", "lake", **{name: LEAST[name]})
    assert name not in flags("We saw the lake.", "lake", **{name: LEAST[name] - 0.01})


def test_a_rule_that_the_learned_coder_doubts_is_silent_and_keeps_its_words_where_it_stands() -> None:
    text = "You have to tell me now."
    assert "pressure" not in flags(text, "now", pressure=LEAST["pressure"] - 0.01)
    assert flags(text, "now", pressure=0.99)["pressure"] == flags(text, "tell", pressure=0.98)["pressure"]


def test_flags_that_nobody_learned_stay_as_the_rules_see_them() -> None:
    long = "Did the man who came when you were at the place where your aunt who sings lives go home by car?"
    assert {"long", "complex"} & flags(long, "car").keys()


def test_the_reason_for_new_words_is_the_word() -> None:
    assert flags("Was it in the shed?", "shed", new_info=0.99)["new_info"] == (
        "'shed' has not been said by the child"
    )


def test_words_quoted_from_the_child_are_no_reason() -> None:
    said = "mum told me he did it"
    text = "You said “mum told me he did it”."
    assert "other_source" in flags(text, "mum", other_source=0.99)
    assert "other_source" not in flags(text, "mum", said, other_source=0.99)


def test_what_is_quoted_word_for_word_is_no_misquote() -> None:
    text = "You said you go today with the boys. Tell me more about that."
    assert "misquote" in flags(text, "said", misquote=0.99)
    assert "misquote" not in flags(text, "said", "I go today with the boys", misquote=0.99)


def test_the_verb_of_a_quotation_is_no_new_word() -> None:
    asked = "You said harry harry drowned you. Tell me more about that."
    assert not flags(asked, "said", "harry harry drowned me", new_info=0.99)


def test_a_word_cut_short_is_quoted_like_any_other() -> None:
    asked = "You said you put 'em back. Tell me about that."
    assert not flags(asked, "put", "so I put 'em back.", misquote=0.99)


@pytest.mark.parametrize("name", ["compound", "recast"])
def test_a_turn_that_ends_open_is_neither_compound_nor_closed_down(name: str) -> None:
    assert name not in flags("Was it raining? Tell me about the lake.", "lake", **{name: 0.99})
    assert name in flags("Tell me about the lake. Was it raining?", "lake", **{name: 0.99})
