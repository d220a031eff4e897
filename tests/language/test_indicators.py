"""Tags are a concept plus context: what is read from a child's words, and what is not."""

from __future__ import annotations

import pytest

from tests.language.talk import ask, say, tags
from web.language.conversation import Conversation
from web.language.indicators import find, reluctant, substantive
from web.language.model import QuestionType, Response, Speaker, Turn
from web.language.parse import parse


def test_the_quote_is_the_childs_exact_words_at_its_place() -> None:
    text = "We had lunch.  And then he HIT me with the belt, and I cried."
    found = tags(text)["ABU-PHY"]
    assert found.quote == text[found.start : found.end]
    assert "HIT me" in found.quote
    assert "lunch" not in found.quote


def test_typographic_quotes_and_odd_capitals_keep_offsets() -> None:
    text = "İ said ‘stop’ and he didn’t stop, he slapped my face"
    found = tags(text)["ABU-PHY"]
    assert found.quote == text[found.start : found.end]
    assert "slapped my face" in found.quote


def test_nothing_found_is_empty_and_says_nothing() -> None:
    assert say(Conversation(8), "we had pancakes and then I rode my bike") == ()


@pytest.mark.parametrize("speaker", [Speaker.INTERVIEWER, Speaker.INTERPRETER])
def test_an_echo_is_never_tagged(speaker: Speaker) -> None:
    text = "he hit me with the belt"
    assert find(Conversation(8), Turn(speaker, text), parse(text).doc, Response.NARRATIVE) == ()


def test_an_elliptical_answer_has_no_tag_of_its_own() -> None:
    talk = Conversation(8)
    ask(talk, "Did he hit you?", QuestionType.YES_NO, "plain")
    assert say(talk, "yes") == ()
    ask(talk, "How often?", QuestionType.WH, "time_number")
    assert say(talk, "lots of times") == ()


def test_what_is_taken_back_is_shown_with_the_turn_where_it_was_told() -> None:
    talk = Conversation(8)
    ask(talk, "Tell me about the weekend.", QuestionType.INVITATION, "cued")
    say(talk, "he hit me with the belt")
    ask(talk, "What happened then?", QuestionType.INVITATION, "breadth")
    (taken,) = [one for one in say(talk, "I made it all up") if one.tag == "COM-REC"]
    assert "a passage was marked in turn 2" in taken.why
    agreed = Conversation(8)
    ask(agreed, "Did he hit you?", QuestionType.YES_NO, "plain")
    say(agreed, "yes")  # told, and not marked
    (later,) = [one for one in say(agreed, "I made it all up") if one.tag == "COM-REC"]
    assert "no earlier passage was marked" in later.why


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("he hit me", "affirmed"),
        ("he didn't hit me", "negated"),
        ("he never hit me", "negated"),
        ("he not hit me", "negated"),
        ("nobody hit me", "negated"),
        ("maybe he hit me", "uncertain"),
        ("I think he hit me", "uncertain"),
        ("I don't know why he hit me", "affirmed"),
        ("he wouldn't stop hitting me", "affirmed"),
    ],
)
def test_polarity(text: str, polarity: str) -> None:
    assert tags(text)["ABU-PHY"].polarity == polarity


@pytest.mark.parametrize(
    ("text", "reality"),
    [
        ("he hit me with a stick", "actual"),
        ("I dreamed that he hit me with a stick", "dream"),
        ("in the game he hit me with a stick", "game"),
        ("we were play fighting and my brother hit me with a stick", "play"),
        ("if he hits me I will run away", "hypothetical"),
        ("what if he hits me", "hypothetical"),
        ("we watched a film and then he hit me with a stick", "actual"),
    ],
)
def test_reality(text: str, reality: str) -> None:
    assert tags(text)["ABU-PHY"].reality == reality


def test_what_is_told_of_a_film_stays_context() -> None:
    found = tags("in the film the dad hit the mum").get("DVW")
    assert found is None or (found.reality, found.urgency) == ("media", 0)


@pytest.mark.parametrize(
    ("text", "tag", "experiencer"),
    [
        ("he kicked me", "ABU-PHY", "child"),
        ("he kicked my little brother", "ABU-PHY", "sibling"),
        ("she slapped my friend", "ABU-PHY", "friend"),
        ("he kicked my mum", "DVW", "parent"),
        ("my sister said he hit her", "ABU-PHY", "sibling"),
    ],
)
def test_experiencer(text: str, tag: str, experiencer: str) -> None:
    assert tags(text)[tag].experiencer == experiencer


@pytest.mark.parametrize(
    ("text", "tag", "time"),
    [
        ("he hit me last night with a stick", "ABU-PHY", "recent"),
        ("he hit me when I was three", "ABU-PHY", "past"),
        ("he always hits me", "ABU-PHY", "habitual"),
        ("he will hit me", "ABU-PHY", "future-feared"),
        ("I want to die right now", "SAF-SUI", "now"),
    ],
)
def test_time(text: str, tag: str, time: str) -> None:
    assert tags(text)[tag].time == time


def test_role_tells_what_was_seen_from_what_was_heard() -> None:
    assert tags("he hit me")["ABU-PHY"].role == "happened_to_me"
    assert tags("I saw him hit my mum")["DVW"].role == "saw"
    assert tags("my sister told me he hit her")["ABU-PHY"].role == "heard_about"
    assert tags("I cut myself when I am sad")["SAF-SH"].role == "did"


@pytest.mark.parametrize(
    ("type_", "subtype", "flags", "expected"),
    [
        (QuestionType.INVITATION, "general", [], "after_invitation"),
        (QuestionType.WH, "action", [], "after_wh"),
        (QuestionType.WH, "action", ["new_info"], "after_suggestive"),
        (QuestionType.YES_NO, "plain", ["new_info"], "after_option_posing"),
        (QuestionType.CHOICE, None, [], "after_option_posing"),
        (QuestionType.YES_NO, "tag", [], "after_suggestive"),
        (QuestionType.INVITATION, "general", ["other_source"], "after_suggestive"),
        (QuestionType.NON_QUESTION, "support", [], "spontaneous"),
    ],
)
def test_elicitation_is_the_form_of_what_was_asked(
    type_: QuestionType, subtype: str | None, flags: list[str], expected: str
) -> None:
    talk = Conversation(8)
    ask(talk, "…", type_, subtype, flags)
    assert say(talk, "he hit me")[0].elicitation == expected


def test_a_facilitator_keeps_the_request_before_it_open() -> None:
    talk = Conversation(8)
    ask(talk, "Tell me what happened.")
    say(talk, "he came in")
    ask(talk, "Mm-hm.", QuestionType.NON_QUESTION, "facilitator")
    assert say(talk, "he hit me")[0].elicitation == "after_invitation"


def test_distance_counts_from_the_interviewers_first_mention() -> None:
    talk = Conversation(8)
    assert say(talk, "he hit me")[0].distance is None
    ask(talk, "Did he hurt you?", QuestionType.YES_NO, "plain")
    say(talk, "yes")
    ask(talk, "Tell me more.")
    assert say(talk, "he hit me with a stick")[0].distance == 3


def test_the_reason_names_the_words_and_the_context() -> None:
    why = tags("he didn't hit me")["ABU-PHY"].why
    assert "hit me" in why
    assert "not to be so" in why
    assert why.endswith(".")


def test_who_does_it_decides() -> None:
    assert "ABU-PHY" not in tags("I hit my brother")
    assert "ABU-PHY" not in tags("the ball hit me")
    assert "ABU-PHY" in tags("the man who lives there hit me")
    assert "ABU-PHY" in tags("marek hit me")


def test_one_tag_a_sentence() -> None:
    found = say(Conversation(8), "He hit me and he kicked me and he slapped me. Later he hit me again.")
    assert [one.tag for one in found].count("ABU-PHY") == 2


@pytest.mark.parametrize("text", ["", "?", "🙂", "هو ضربني", "a" * 2000, "no " * 600, "\x00\ud83d"])
def test_any_text_is_taken(text: str) -> None:
    assert say(Conversation(8), text) is not None


def test_substantive_means_said_to_be_real() -> None:
    assert substantive(say(Conversation(8), "he hit me with the belt"))
    assert not substantive(say(Conversation(8), "he never hit me"))
    assert not substantive(say(Conversation(8), "in the game he hit me"))
    assert not substantive(say(Conversation(8), "I need to pee"))
    assert not substantive(())


def test_reluctance_is_refusal_silence_or_turning_away() -> None:
    assert reluctant(Response.REFUSE, ())
    assert reluctant(Response.NONE, ())
    assert reluctant(Response.ASKS, say(Conversation(8), "why do you ask me that"))
    assert not reluctant(Response.DONT_KNOW, say(Conversation(8), "I don't know"))
    assert not reluctant(Response.NARRATIVE, say(Conversation(8), "we went to the zoo"))
