"""Cues are the child's own words, best first, in an invitation that introduces nothing."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.language.talk import NLU_DATA, ask, say
from web.language import cues
from web.language.conversation import Conversation
from web.language.cues import from_turn, rank
from web.language.model import Cue, QuestionType, Speaker, Turn
from web.language.parse import parse

TEMPLATE_WORDS = {"you", "said", "tell", "me", "more", "all", "about", "that", "talked"}
TURNED = {"you": {"i", "me"}, "your": {"my"}, "yours": {"mine"}, "yourself": {"myself"}}
TURNED |= {"are": {"am", "im", "i'm"}, "were": {"was"}}


def cues_in(text: str, speaker: Speaker = Speaker.CHILD) -> tuple[Cue, ...]:
    return from_turn(0, Turn(speaker, text), parse(text).doc)


def prompts(text: str) -> list[str]:
    return [cue.prompt for cue in cues_in(text)]


def child_texts() -> list[str]:
    written = (NLU_DATA / "development" / "earlier.jsonl").read_text(encoding="utf-8").splitlines()
    rows = (json.loads(line) for line in written)
    return [row["text"] for row in rows if row["speaker"] == "child"]


def test_an_act_becomes_an_invitation_in_the_childs_words() -> None:
    assert "You said he locked the door. Tell me more about that." in prompts("and then he locked the door")


def test_the_person_is_turned_and_nothing_else() -> None:
    assert prompts("he hitted me with my belt") == [
        "You said he hitted you with your belt. Tell me more about that."
    ]
    assert "You said you were crying in your bed. Tell me more about that." in prompts(
        "I was crying in my bed"
    )


def test_words_that_cannot_be_turned_safely_are_quoted() -> None:
    assert prompts("we played in the garden")[0].startswith("You said “we played in the garden”.")


def test_a_label_stays_as_the_child_said_it() -> None:
    found = cues_in("his special room was cold")
    assert any("special room" in cue.words for cue in found)


@pytest.mark.parametrize(
    "text",
    [
        "nothing happened",
        "he didn't do anything",
        "I don't know",
        "did he go to prison?",
        "yes",
        "if he hits me",
        "shit he fucked it up",
        "I want to die",
        "he said",
        "",
        "هو ضربني",
    ],
)
def test_denials_guesses_questions_and_swearing_give_no_cue(text: str) -> None:
    assert cues_in(text) == ()


def test_only_a_childs_words_give_cues() -> None:
    assert cues_in("he locked the door", Speaker.INTERVIEWER) == ()
    assert cues_in("he locked the door", Speaker.INTERPRETER) == ()


def test_a_cue_points_at_its_words() -> None:
    for text in child_texts():
        for cue in cues_in(text):
            assert text[cue.start : cue.end] == cue.words


def test_content_words_of_every_prompt_are_the_childs() -> None:
    checked = 0
    for text in child_texts():
        said = set(re.findall(r"[\w']+", text.lower().replace("’", "'")))
        for prompt in prompts(text):
            checked += 1
            spoken = set(re.findall(r"[\w']+", prompt.lower().replace("’", "'"))) - TEMPLATE_WORDS
            foreign = {word for word in spoken if word not in said and not TURNED.get(word, set()) & said}
            assert foreign == set(), (prompt, text)
    assert checked > 100


def test_acts_come_before_things() -> None:
    found = cues_in("the red lamp was on and he pushed me")
    assert "pushed" in found[0].words


def test_new_words_come_before_old_ones() -> None:
    talk = Conversation(8)
    ask(talk, "Tell me what happened.")
    say(talk, "he locked the door")
    for _ in range(5):
        ask(talk, "Mm-hm.", QuestionType.NON_QUESTION, "facilitator")
        say(talk, "in the evening")
    say(talk, "he grabbed my arm")
    assert [cue.words for cue in rank(talk)][:2] == ["he grabbed my arm", "he locked the door"]


def test_what_the_interviewer_took_up_comes_last() -> None:
    talk = Conversation(8)
    say(talk, "he locked the door and he grabbed my arm")
    first = rank(talk)[0]
    ask(talk, f"You said {first.words}. Tell me more about that.")
    ranked = rank(talk)
    assert ranked[0].words != first.words
    assert ranked[-1].words == first.words


def test_the_same_words_twice_are_one_cue() -> None:
    talk = Conversation(8)
    say(talk, "he locked the door")
    say(talk, "he locked the door")
    assert [cue.turn for cue in rank(talk)] == [1]


def test_refusals_and_other_topics_give_no_cue() -> None:
    talk = Conversation(8)
    ask(talk, "Tell me what happened.")
    say(talk, "I don't want to talk about it")
    say(talk, "look at my new shoes")
    assert rank(talk) == []


def test_ranking_reads_each_turn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = Conversation(8)
    for _ in range(40):
        say(talk, "he locked the door")
    rank(talk)
    read: list[int] = []
    real = cues.from_turn

    def reading(index: int, *rest: Any) -> tuple[Cue, ...]:
        read.append(index)
        return real(index, *rest)

    monkeypatch.setattr(cues, "from_turn", reading)
    say(talk, "he grabbed my arm")
    rank(talk)
    assert read == [40]


def test_the_list_stays_short() -> None:
    talk = Conversation(8)
    for word in [
        "lamp",
        "chair",
        "window",
        "picture",
        "table",
        "garden",
        "fence",
        "tractor",
        "pillow",
        "ladder",
        "bucket",
        "kettle",
        "drawer",
    ]:
        say(talk, f"he threw the {word} and she carried the {word} away")
    assert len(rank(talk)) == cues.LISTED


def test_wordings_take_turns_and_all_are_known() -> None:
    talk = Conversation(8)
    for word in ("lamp", "chair", "window", "kettle"):
        say(talk, f"he threw the {word}")
        ask(talk, "Mm-hm.", QuestionType.NON_QUESTION, "facilitator")
    found = rank(talk)
    assert len({cue.prompt.partition(".")[2] for cue in found}) == 3
    assert all(cue.prompt in cues.wordings(cue) for cue in found)


def test_what_was_invited_and_answered_is_not_offered_again() -> None:
    talk = Conversation(8)
    say(talk, "he locked the door")
    ask(talk, "You said he locked the door. Tell me more about that.")
    say(talk, "and she brought the soup")
    assert [cue.words for cue in rank(talk)] == ["she brought the soup"]


def test_what_was_invited_and_not_answered_may_be_offered_again() -> None:
    talk = Conversation(8)
    say(talk, "he locked the door")
    ask(talk, "You said he locked the door. Tell me more about that.")
    say(talk, "")
    assert [cue.words for cue in rank(talk)] == ["he locked the door"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("my ear's been ringing", "my ear"),  # part of a word is not what was said
        ("she screamed at me while he laughed", "she screamed at me while"),
        ("when he comes tonight I will stab him", "he comes tonight I will stab him"),
    ],
)
def test_words_are_cut_where_the_child_would_cut_them(text: str, words: str) -> None:
    assert words not in [cue.words for cue in cues_in(text)]


def test_a_sentence_begins_small_within_a_prompt() -> None:
    assert prompts("The lady took my shoes")[0].startswith("You said the lady took your shoes.")
    assert prompts("Tariq took my shoes")[0].startswith("You said Tariq took your shoes.")
