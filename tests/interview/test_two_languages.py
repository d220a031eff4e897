"""Turns that can only be coded through a machine translation: as far as possible, honestly marked, once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.interview.parts import LIBRARY, Room
from tests.interview.test_service import count
from tests.interview.two_languages import (
    PUSHED,
    Phrasebook,
    add_marks,
    codings,
    events,
    interpret,
    labels,
    two_languages,
)
from web.interview.errors import Invalid
from web.language.model import Cue
from web.store import EventKind, Tag, Translation, Turn


def test_a_child_is_coded_by_the_machines_words_and_that_is_said(room: Room) -> None:
    two_languages(room)
    interview = room.new(child_language="uk")
    out = room.say(interview, "child", "так")
    assert out.coding is not None
    assert (out.coding["response"], out.coding["translated"], out.coding["waits"]) == ("yes", True, None)
    assert room.coder.heard == ["yes"]
    (coding,) = codings(room)
    with room.database.read() as session:
        translation = session.scalars(select(Translation)).one()
    assert (coding.translation_id, translation.language) == (translation.id, "en")
    order = room.kinds(interview)
    assert order.index("turn") < order.index("translation") < order.index("coding") < order.index("guidance")


def test_what_the_coder_reads_itself_carries_no_such_mark(room: Room) -> None:
    two_languages(room)
    interview = room.new(child_language="uk")
    out = room.say(interview, "interviewer", "Did you go there?")
    assert out.coding is not None
    assert (out.coding["type"], out.coding["translated"]) == ("yes_no", False)
    assert codings(room)[0].translation_id is None


def test_an_interviewer_in_another_language_gets_types_through_it(lite: Room) -> None:
    two_languages(lite)
    interview = lite.new(interviewer_language="sv", child_language="sv")
    out = lite.say(interview, "interviewer", "Berätta om det")
    assert out.coding is not None
    assert (out.coding["type"], out.coding["translated"]) == ("invitation", True)
    assert labels(lite)[-1]["intent"] == "interviewer_turn"
    (shown,) = events(lite, interview, "translation")
    assert (shown["to"], shown["language"]) == ("coder", "en")


def test_tags_point_into_the_translation_and_say_so(room: Room) -> None:
    add_marks(room)
    two_languages(room)
    interview = room.new(child_language="uk")
    room.say(interview, "child", PUSHED)
    with room.database.read() as session:
        tag, translation = session.scalars(select(Tag)).one(), session.scalars(select(Translation)).one()
    assert tag.translation_id == translation.id
    sealer = room.vault.sealer(interview.id, interview.wrapped_key)
    words = sealer.open(translation.sealed_text, f"translation:{translation.id}")
    assert words[tag.start : tag.end] == "pushed me"
    (suggested,) = room.service.history(interview.id, kinds=(EventKind.TAGS,))
    assert [one["translation"] for one in suggested.payload["tags"]] == ["en"]


def test_an_interpreters_words_are_never_tagged_as_the_childs(lite: Room) -> None:
    add_marks(lite)
    worker = two_languages(lite)
    interview = lite.new(child_language="uk")
    lite.engines.coder, coder = None, lite.engines.coder
    interpret(lite, interview, PUSHED, "uk")
    worker.work_off(interview.id)
    lite.engines.coder = coder  # which finds the translation there
    interpret(lite, interview, "he pushed me down the stairs", "en")
    assert count(lite.database, Tag) == 0
    assert [(row.type, row.response, row.translation_id) for row in codings(lite)] == [(None, None, None)] * 2
    assert [label["intent"] for label in labels(lite)] == ["interpreter_turn"] * 2


def test_a_translator_that_breaks_holds_nothing_up_and_quotes_nobody(
    lite: Room, caplog: pytest.LogCaptureFixture
) -> None:
    two_languages(lite)

    def broken(interview_id: str) -> None:
        raise OSError("zinnoberrot")

    lite.service.translate_here(broken)
    out = lite.say(lite.new(child_language="uk"), "child", "так")
    assert out.guidance is not None
    assert out.coding is not None
    assert out.coding["waits"] == "translation"
    assert "OSError" in caplog.text
    assert "zinnoberrot" not in caplog.text


def test_a_card_for_the_child_is_never_a_machines(lite: Room) -> None:
    book = Phrasebook(ways={("ar", "en"), ("en", "ar")})
    worker = two_languages(lite, book)
    interview = lite.new(child_language="ar")
    lite.press(interview, "start")
    shown = lite.say(interview, "interviewer", "Who was there?").guidance
    worker.work_off(interview.id)
    assert shown is not None
    spoken = [card for card in shown["cards"] if card["spoken"]]
    assert spoken
    for card in spoken:
        words = LIBRARY.wording(card["id"], "ar").text if LIBRARY.has_wording(card["id"], "ar") else None
        assert (card["child_text"] or "").split("{")[0][:12] == (words or "").split("{")[0][:12]
    assert [texts for _, _, texts in book.asked] == [("Who was there?",)], "only what was said"


def test_words_of_a_machine_are_not_offered_as_the_childs_own(lite: Room) -> None:
    two_languages(lite)
    interview = lite.new(child_language="uk")
    lite.say(interview, "child", "ми були на озері")
    conversation = lite.service._pipeline._memories.of(interview.id).conversation
    lite.coder.offer(conversation, Cue(0, 12, 20, "the lake", "Tell me about the lake.", 1.0))
    shown = lite.say(interview, "interviewer", "Who was there?").guidance
    assert shown is not None
    assert shown["cues"] == []
    assert "lake" not in str(shown)


def test_a_remark_that_rests_on_a_translation_says_so(lite: Room) -> None:
    two_languages(lite)
    interview = lite.new(child_language="uk")
    lite.press(interview, "start")
    before = lite.say(interview, "interviewer", "Did he touch you?").guidance
    assert before is not None
    assert before["nudge"]["translated"] is False, "nothing was translated yet"
    lite.say(interview, "child", "так")
    after = lite.say(interview, "interviewer", "Did he touch you again?").guidance
    assert after is not None
    assert after["nudge"]["translated"] is True


def test_the_mark_to_check_with_the_interpreter_is_kept(lite: Room) -> None:
    two_languages(lite)
    interview = lite.new(child_language="uk")
    lite.say(interview, "child", "так")
    told = len(labels(lite))
    lite.press(interview, "check_translation", turn=1, on=True)
    assert events(lite, interview, "action")[-1] == {"action": "check_translation", "turn": 1, "on": True}
    assert len(labels(lite)) == told, "it does not concern the guide"
    with pytest.raises(Invalid):
        lite.press(interview, "check_translation", turn=1)
    with pytest.raises(Invalid):
        lite.press(interview, "check_translation", turn=0, on=True)


def test_what_is_typed_of_a_childs_words_in_english_is_read_as_english(lite: Room) -> None:
    two_languages(lite)
    interview = lite.new(child_language="uk")
    out = lite.say(interview, "child", "He touched me on my leg.")
    lite.say(interview, "interviewer", "Розкажи мені про це")
    with lite.database.read() as session:
        languages = list(session.scalars(select(Turn.language).order_by(Turn.number)))
    assert languages == ["en", "uk"]
    assert out.coding is not None
    assert (out.coding["translated"], out.coding["waits"]) == (False, None)
    assert lite.coder.heard[0] == "He touched me on my leg."
    assert [one["turn"] for one in events(lite, interview, "translation")] == [2]


@pytest.mark.parametrize("doubt", ["empty", "untranslated", "script", "repetition"])
def test_a_translation_that_hardly_says_what_was_said_is_not_coded(lite: Room, doubt: str) -> None:
    add_marks(lite)
    worker = two_languages(lite, Phrasebook(warnings=("length", doubt)))
    interview = lite.new(child_language="uk")
    out = lite.say(interview, "child", PUSHED)
    assert out.coding is not None
    assert (out.coding["translated"], out.coding["waits"]) == (False, "doubtful")
    assert "too doubtful" in out.coding["label"]
    assert lite.coder.heard == [PUSHED], "what was said, not the nonsense made of it"
    lite.again().service.catch_up(interview.id)
    assert worker.behind() == [], "it is shown, and made once"
    assert (codings(lite), count(lite.database, Tag), count(lite.database, Translation)) == ([], 0, 1)
