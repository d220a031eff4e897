"""The interview so far grows by one turn at a time and keeps each side's words apart."""

from __future__ import annotations

from web.language.conversation import KEEP_DOCS, Conversation
from web.language.model import Coding, Question, QuestionType, Response, Speaker, Turn
from web.language.parse import lemmas, parse


def hear(conversation: Conversation, speaker: Speaker, text: str, coding: Coding | None = None) -> None:
    conversation.absorb(Turn(speaker, text), parse(text).doc, coding or Coding())


def asked(kind: QuestionType) -> Coding:
    return Coding(question=Question(kind, None, (), {}, 1.0))


def test_words_are_known_in_every_form() -> None:
    conversation = Conversation()
    hear(conversation, Speaker.CHILD, "he felt my feet and smacked me")
    assert all(conversation.said_by_child(word) for word in ("feel", "foot", "smacking", "FELT"))
    assert not conversation.said_by_child("hand")


def test_only_the_childs_turns_are_the_childs_words() -> None:
    conversation = Conversation()
    hear(conversation, Speaker.INTERVIEWER, "Was there a knife?")
    hear(conversation, Speaker.INTERPRETER, "a bottle")
    assert not conversation.said_by_child("knife")
    assert not conversation.said_by_child("bottle")
    assert conversation.interviewer_lemmas["knife"] == 0
    assert conversation.interpreter_lemmas["bottle"] == 1


def test_yes_affirms_the_question_and_no_does_not() -> None:
    for answer, accepted in (("yes", True), ("no", False)):
        conversation = Conversation()
        hear(conversation, Speaker.INTERVIEWER, "Did he push you?", asked(QuestionType.YES_NO))
        hear(conversation, Speaker.CHILD, answer, Coding(response=Response(answer)))
        assert conversation.accepted_by_child("pushed") is accepted
        assert not conversation.said_by_child("pushed")


def test_the_first_answer_is_kept_with_its_question() -> None:
    conversation = Conversation()
    hear(conversation, Speaker.INTERVIEWER, "Who was there?", asked(QuestionType.WH))
    hear(conversation, Speaker.CHILD, "my aunt", Coding(response=Response.SHORT))
    hear(conversation, Speaker.CHILD, "and a dog", Coding(response=Response.SHORT))
    assert [put.answer_text for put in conversation.asked] == ["my aunt"]


def test_a_statement_is_no_question() -> None:
    conversation = Conversation()
    hear(conversation, Speaker.INTERVIEWER, "Who was there?", asked(QuestionType.WH))
    hear(conversation, Speaker.INTERVIEWER, "Okay.", asked(QuestionType.NON_QUESTION))
    assert conversation.last_question is conversation.turns[0]
    assert conversation.last(Speaker.INTERVIEWER) is conversation.turns[1]


def test_old_parses_are_let_go() -> None:
    conversation = Conversation()
    for _ in range(KEEP_DOCS + 5):
        hear(conversation, Speaker.CHILD, "we played")
    kept = [turn for turn in conversation.turns if turn.doc is not None]
    assert len(kept) == KEEP_DOCS
    assert kept[-1] is conversation.turns[-1]
    assert conversation.turns[0].turn.text == "we played"


def test_lemmas_of_odd_words_are_the_words() -> None:
    assert lemmas("Xyzzy") == {"xyzzy"}
    assert lemmas("") == {""}
