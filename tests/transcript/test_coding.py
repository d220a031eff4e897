"""Codes made before a correction are known as such, and are made again without touching what was there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.review.conftest import MARK
from tests.transcript.conftest import CHILD, Desk
from web.interview.errors import Conflict
from web.interview.memory import Memory
from web.interview.nudges import Heard as Said
from web.interview.taking_in import own_words
from web.language.model import Coding, Cue, Speaker, Turn
from web.problems import Problem
from web.review import reading
from web.review.corrections import gather
from web.review.reading import Talk, TurnView
from web.review.service import Correction, Passage, ReviewService
from web.store import Coding as CodingRow
from web.store import Event, EventKind, Interview, Tag, Track, Translation
from web.store import Segment as Heard
from web.store import Turn as TurnRow
from web.store.base import new_id
from web.transcript import canonical
from web.transcript.coding import Outcome
from web.transcript.service import StepIn, TranscriptService

ASKED_OPEN = "Tell me about the bite."


def turn(desk: Desk, number: int) -> TurnView:
    with desk.database.read() as session:
        found = reading.transcript(session, desk.service.sealer(desk.interview), desk.interview)
    return found[number - 1]


def reviews(desk: Desk) -> ReviewService:
    return ReviewService(desk.database, desk.vault, lambda *_: None)


def code(desk: Desk) -> Outcome:
    return desk.again.code(desk.interview, desk.sam)


class TestOlder:
    def test_without_steps_nothing_is_corrected_and_no_code_older(self, desk):
        assert [(turn(desk, n).corrected, turn(desk, n).older) for n in (1, 2, 3)] == [(None, False)] * 3

    def test_only_the_turn_whose_words_changed(self, desk):
        desk.take("text", segment="3", text=ASKED_OPEN)
        assert [turn(desk, n).older for n in (1, 2, 3)] == [False, False, True]
        assert turn(desk, 3).corrected == (("interviewer", ASKED_OPEN),)
        assert turn(desk, 3).text == "Did he bite you?"

    def test_a_cut_alone_changes_no_words_and_undoing_brings_back(self, desk):
        desk.take("split", segment="2", at=9)
        assert (turn(desk, 2).older, turn(desk, 2).corrected) == (False, None)
        desk.take("speaker", segment="s1", speaker="interviewer")
        assert turn(desk, 2).corrected == (("child", "he bit me"), ("interviewer", "then I ran"))
        assert turn(desk, 2).older
        desk.take("undo", of=2)
        assert (turn(desk, 2).older, turn(desk, 2).corrected) == (False, None)

    def test_a_persons_code_made_after_the_correction_is_not_older_until_the_next(self, desk):
        desk.take("text", segment="3", text=ASKED_OPEN)
        correction = Correction(type="invitation", reason="as corrected")
        reviews(desk).correct(desk.interview.id, desk.sam, 3, correction)
        assert not turn(desk, 3).older
        desk.take("text", segment="3", text="Did he bite?")
        assert turn(desk, 3).older

    def test_a_turn_of_which_no_word_is_left(self, desk):
        desk.take("text", segment="3")
        assert (turn(desk, 3).corrected, turn(desk, 3).older, turn(desk, 3).voice) == (
            (),
            True,
            "interviewer",
        )


class TestAgain:
    def test_a_new_layer_of_the_machine_lies_over_its_old_one(self, desk):
        desk.take("text", segment="3", text=ASKED_OPEN)
        assert code(desk) == Outcome((3,), 0)
        layers = turn(desk, 3).layers
        assert [(layer.type, layer.author) for layer in layers] == [("yes_no", None), ("invitation", None)]
        assert not turn(desk, 3).older
        assert code(desk) == Outcome((), 0)

    def test_the_talk_before_is_recalled_as_corrected(self, desk):
        desk.take("text", segment="2", text="he hit me then I ran")
        desk.take("text", segment="3", text=ASKED_OPEN)
        desk.room.coder.heard.clear()
        code(desk)
        assert desk.room.coder.heard == ["he hit me then I ran", ASKED_OPEN]
        assert "Tell me what happened." in desk.room.coder.recalled

    def test_words_given_to_another_person_are_coded_as_theirs(self, desk):
        desk.take("speaker", segment="3", speaker="child")
        assert code(desk).coded == (3,)
        now = turn(desk, 3)
        assert (now.code.type, now.code.response, now.voice) == (None, "short", "child")
        reviews(desk).correct(
            desk.interview.id, desk.sam, 3, Correction(response="asks", reason="a question")
        )
        assert turn(desk, 3).code.response == "asks"

    def test_a_persons_code_is_left_alone(self, desk):
        reviews(desk).correct(
            desk.interview.id, desk.sam, 3, Correction(type="choice", reason="two ways to hear it")
        )
        desk.take("text", segment="3", text=ASKED_OPEN)
        assert turn(desk, 3).older
        assert code(desk) == Outcome((), 1)
        assert turn(desk, 3).code.type == "choice"

    def test_a_turn_without_words_is_counted_as_left(self, desk):
        desk.take("text", segment="3")
        assert code(desk) == Outcome((), 1)

    def test_a_correction_that_comes_in_between_stops_it_whole(self, desk):
        desk.take("text", segment="3", text=ASKED_OPEN)
        plain = desk.room.coder.code

        def meanwhile(talk: object, said: Turn) -> Coding:
            desk.take("text", segment="3", text="Where?")
            return plain(talk, said)

        desk.room.coder.code = meanwhile
        with pytest.raises(Conflict):
            code(desk)
        assert len(turn(desk, 3).layers) == 1

    def test_it_is_on_record_who_asked_for_it(self, desk):
        desk.take("text", segment="3", text=ASKED_OPEN)
        code(desk)
        with desk.database.read() as session:
            row = session.scalars(select(Event).where(Event.kind == EventKind.REVIEW)).one()
            payload = desk.service.sealer(desk.interview).open(row.sealed_payload, f"event:{row.id}")
        assert (row.actor_id, payload) == (desk.sam.id, {"what": "code_again", "turns": [3], "edits": 1})

    def test_without_a_coder_nothing_is_promised(self, desk):
        desk.again._coder = lambda: None
        with pytest.raises(Problem) as caught:
            code(desk)
        assert caught.value.status == 503


def test_a_turn_whose_words_were_corrected_is_no_example_to_learn_from(desk):
    for number in (1, 3):
        reviews(desk).correct(
            desk.interview.id, desk.sam, number, Correction(type="wh", reason="it asks for one thing")
        )
    desk.take("text", segment="3", text=ASKED_OPEN)
    desk.close()
    with desk.database.read() as session:
        found = gather(session, desk.vault)
    assert [example.text for example in found.examples] == ["Tell me what happened."]
    assert found.left_out["words corrected"] == 1


def mark_the_belt(desk: Desk) -> None:
    """Let the coder find a passage wherever the child speaks of it."""
    plain = desk.room.coder.code

    def find(talk: object, said: Turn) -> Coding:
        coding = plain(talk, said)
        if said.speaker is Speaker.CHILD and "belt" in said.text:
            coding = replace(coding, indicators=(MARK,))
        return coding

    desk.room.coder.code = find


class TestMarks:
    """Passages found, or marked by a person, in words as corrected."""

    FIXED = "he hit me with the belt then I ran"

    @pytest.fixture
    def marking(self, desk) -> Desk:
        mark_the_belt(desk)
        desk.take("text", segment="2", text=self.FIXED)
        return desk

    def tags(self, desk: Desk) -> list[Any]:
        with desk.database.read() as session:
            return list(session.scalars(select(Tag)))

    def test_what_is_found_in_corrected_words_stands_in_these_and_not_in_the_first(self, marking):
        code(marking)
        now = turn(marking, 2)
        assert now.pieces == [(CHILD, None)]
        ((speaker, cut),) = now.corrected_pieces
        assert speaker == "child"
        assert [text for text, mark in cut if mark] == ["hit me with the belt"]
        assert "".join(text for text, _ in cut) == self.FIXED

    def test_the_same_words_are_marked_once(self, marking):
        code(marking)
        marking.take("text", segment="2", text=f"{self.FIXED} home")
        code(marking)
        assert len(self.tags(marking)) == 1

    def test_a_person_marks_corrected_words(self, marking):
        passage = Passage("ABU-PHY", "the belt then", "said slowly")
        reviews(marking).mark(marking.interview.id, marking.sam, 2, passage)
        ((_, cut),) = turn(marking, 2).corrected_pieces
        assert [text for text, mark in cut if mark] == ["the belt then"]

    def test_the_machines_first_layer_is_as_it_was(self, marking):
        code(marking)
        with marking.database.read() as session:
            rows = session.scalars(select(CodingRow).order_by(CodingRow.at)).all()
            opened = [
                marking.service.sealer(marking.interview).open(row.sealed_detail, f"coding:{row.id}")
                for row in rows
                if row.layer == 0
            ]
        assert len(opened) == 3
        assert all("edits" not in detail for detail in opened)


class TestWrittenByPeople:
    """What somebody writes where the machine heard nothing is as much on record as any turn."""

    SECRET = "he hit me with the belt"

    @pytest.fixture
    def listening(self, desk) -> Desk:
        mark_the_belt(desk)
        with desk.database.write() as session:
            track = session.scalars(select(Track)).one()
            session.add(Heard(track_id=track.id, turn_id=None, start_ms=0, end_ms=900, confidence=0.1))
        return desk

    def talk(self, desk: Desk) -> Talk:
        with desk.database.read() as session:
            return reading.talk(session, desk.service.sealer(desk.interview), desk.interview)

    def test_they_reach_the_review_in_order_and_can_be_marked_and_coded(self, listening):
        listening.take("text", segment="child@0", text="it was dark")
        listening.take("text", segment="child@5000", text=self.SECRET)
        found = self.talk(listening)
        said = [one.corrected[0][1] if one.written else one.text for one in found.turns]
        assert said == ["Tell me what happened.", "it was dark", CHILD, "Did he bite you?", self.SECRET]
        assert [one.unseen for one in found.turns] == [False, True, False, False, True]
        assert found.unheard == []
        last = found.turns[-1]
        assert (last.sound.from_ms, last.sound.to_ms) == (5000, 6500)
        passage = Passage("ABU-PHY", "the belt", "said in a whisper")
        reviews(listening).mark(listening.interview.id, listening.sam, last.number, passage)
        correction = Correction(response="short", reason="one thing")
        reviews(listening).correct(listening.interview.id, listening.sam, found.turns[1].number, correction)
        last = self.talk(listening).turns[-1]
        ((_, cut),) = last.corrected_pieces
        assert [text for text, mark in cut if mark] == ["the belt"]

    def test_code_again_finds_a_disclosure_in_them_and_hears_it_in_its_place(self, listening):
        listening.take("text", segment="child@5000", text=self.SECRET)
        listening.take("text", segment="child@0", text="it was dark")
        listening.room.coder.heard.clear()
        assert code(listening) == Outcome((5, 4), 0)
        assert listening.room.coder.heard == ["it was dark", self.SECRET]
        now = self.talk(listening).turns[-1]
        assert (now.code.response, now.unseen) == ("short", False)
        assert [mark.quote for mark in now.marks] == [MARK.quote]
        assert code(listening) == Outcome((), 0)
        listening.take("text", segment="child@5000", text="he hugged me")
        assert self.talk(listening).turns[-1].older

    def test_what_cannot_be_coded_is_counted(self, listening):
        listening.take("text", segment="child@5000", text="він бив мене ременем")
        with listening.database.write() as session:
            session.scalars(select(TurnRow).where(TurnRow.source == "written")).one().language = "uk"
        assert code(listening) == Outcome((), 1)
        assert self.talk(listening).turns[-1].unseen

    def in_ukrainian(self, desk: Desk, text: str, english: str, *warnings: str) -> TurnView:
        """Write down what the child says in its language, and what a machine makes of it."""
        with desk.database.write() as session:
            session.get_one(Interview, desk.interview.id).child_language = "uk"
        desk.take("text", segment="child@5000", text=text)
        with desk.database.write() as session:
            row = session.scalars(select(TurnRow).where(TurnRow.source == "written")).one()
            translation(session, desk, row, english, *warnings)
        return self.talk(desk).turns[-1]

    def test_in_another_language_they_are_coded_by_their_translation_and_that_is_said(self, listening):
        before = self.in_ukrainian(listening, "він бив мене ременем", self.SECRET)
        assert (before.unseen, before.unread) == (True, False)
        listening.room.coder.heard.clear()
        assert code(listening) == Outcome((4,), 0)
        assert listening.room.coder.heard == [self.SECRET]
        now = self.talk(listening).turns[-1]
        (machine,) = now.translations
        assert (now.code.response, now.code.translated, now.unseen, now.older) == (
            "short",
            True,
            False,
            False,
        )
        (mark,) = now.marks
        assert (mark.translation_id, mark.corrected) == (machine.id, False)
        assert [text for text, found in now.pieces_of(machine) if found] == [MARK.quote]
        assert now.corrected_pieces == [("child", [("він бив мене ременем", None)])]

    def test_set_right_they_wait_for_another_translation_and_are_then_coded_anew(self, listening):
        self.in_ukrainian(listening, "він бив мене ременем", self.SECRET)
        code(listening)
        listening.take("text", segment="child@5000", text="він обійняв мене")
        now = self.talk(listening).turns[-1]
        assert (now.older, now.translations, now.read_in(now.marks[0])) == (True, [], None)
        assert code(listening) == Outcome((), 1)
        with listening.database.write() as session:
            row = session.scalars(select(TurnRow).where(TurnRow.source == "written")).one()
            translation(session, listening, row, "he hugged me")
        listening.room.coder.heard.clear()
        assert code(listening) == Outcome((4,), 0)
        assert listening.room.coder.heard == ["he hugged me"]
        now = self.talk(listening).turns[-1]
        assert (len(now.layers), now.code.translated, now.older) == (2, True, False)

    def test_a_translation_that_hardly_says_what_was_said_is_not_coded(self, listening):
        now = self.in_ukrainian(listening, "він бив мене ременем", self.SECRET, "repetition")
        assert (now.unseen, now.unread) == (True, True)
        assert code(listening) == Outcome((), 1)

    def test_nor_is_one_of_what_two_people_said(self, listening):
        self.in_ukrainian(listening, "він бив мене ременем", self.SECRET)
        step = listening.take("split", segment="child@5000", at=len("він бив мене"))
        listening.take("speaker", segment=f"s{step}", speaker="interviewer")
        with listening.database.write() as session:
            row = session.scalars(select(TurnRow).where(TurnRow.source == "written")).one()
            translation(session, listening, row, self.SECRET)
        assert self.talk(listening).turns[-1].unread
        assert code(listening) == Outcome((), 1)

    def test_that_nothing_could_be_understood_is_nothing_to_look_at(self, listening):
        listening.take("text", segment="child@5000", text="[inaudible]")
        assert not self.talk(listening).turns[-1].unseen
        assert code(listening) == Outcome((), 0)
        listening.take("text", segment="child@5000", text=f"[inaudible] {self.SECRET}")
        assert self.talk(listening).turns[-1].unseen

    def test_merged_or_split_they_stay_there(self, listening):
        listening.take("text", segment="child@0", text="it was dark")
        listening.take("merge", segment="child@0", other="2")
        step = listening.take("split", segment="child@0", at=len("it was"))
        listening.take("text", segment=f"s{step}", text=f"so dark {CHILD}")
        found = {one.number: one for one in self.talk(listening).turns}
        assert found[4].corrected == (("child", "it was"), ("child", "so dark"))

    def test_taken_back_the_stretch_waits_to_be_listened_to_as_before(self, listening):
        before = canonical.digest(listening.held.now)
        listening.take("text", segment="child@5000", text=self.SECRET)
        listening.take("undo", of=1)
        found = self.talk(listening)
        assert [one.number for one in found.turns] == [1, 2, 3]
        assert [sound.from_ms for sound in found.unheard] == [0, 5000]
        assert canonical.digest(listening.held.now) == before
        listening.take("text", segment="child@5000", text="he hugged me")
        assert self.talk(listening).turns[-1].corrected == (("child", "he hugged me"),)

    def test_the_guide_hears_nothing_of_them(self, listening):
        listening.take("text", segment="child@5000", text=self.SECRET)
        listening.room.coder.heard.clear()
        told = listening.room.kinds(listening.interview)
        again = listening.room.again()
        again.service.catch_up(listening.interview.id)
        again.say(listening.interview, "child", "and then home")
        assert again.coder.heard == ["and then home"]
        assert CHILD in again.coder.recalled
        assert self.SECRET not in again.coder.recalled
        assert "coding" not in again.kinds(listening.interview)[len(told) :][:-2]

    def test_cues_of_later_turns_keep_their_numbers_without_them(self):
        memory = Memory()
        for number in (1, 2, 5):
            memory.hear(Said(number, "child", Coding()))
        cue = Cue(2, 0, 4, "home", "Tell me about home.", 1.0)
        assert [one.turn for one in own_words(memory, [cue])] == [4]

    def test_another_language_than_the_interviewers_is_asked_to_be_translated(self, listening):
        asked: list[str] = []
        service = TranscriptService(
            listening.database, listening.vault, lambda *_: None, written=asked.append
        )
        service.take(listening.interview.id, listening.sam, StepIn("w", "text", 0, "child@5000", "тато"))
        assert asked == [listening.interview.id]
        service.take(listening.interview.id, listening.sam, StepIn("w2", "text", 1, "child@5000", "мама"))
        assert asked == [listening.interview.id] * 2, "other words need another translation"

    def test_where_the_worker_could_not_be_told_the_same_step_again_tells_it(self, listening):
        asked: list[str] = []

        def tell(interview_id: str) -> None:
            asked.append(interview_id)
            if len(asked) == 1:
                raise OSError("the queue is away")

        service = TranscriptService(listening.database, listening.vault, lambda *_: None, written=tell)
        step = StepIn("w", "text", 0, "child@5000", "тато")
        with pytest.raises(OSError, match="away"):
            service.take(listening.interview.id, listening.sam, step)
        assert service.take(listening.interview.id, listening.sam, step) == 1
        assert len(asked) == 2

    def written(self, desk: Desk) -> tuple[str, str, str]:
        with desk.database.read() as session:
            row = session.scalars(select(TurnRow).where(TurnRow.source == "written")).one()
            text = desk.service.sealer(desk.interview).open(row.sealed_text, f"turn:{row.id}")
            return row.speaker, row.language, text

    def test_speaker_language_and_words_are_those_that_were_set_right(self, listening):
        with listening.database.write() as session:
            session.get_one(Interview, listening.interview.id).child_language = "es"
            session.scalars(select(Track)).one().speaker = "interviewer"
        listening.take("text", segment="child@5000", text="él me pegó")
        assert self.written(listening) == ("interviewer", "en", "él me pegó")
        step = listening.take("speaker", segment="child@5000", speaker="child")
        assert self.written(listening) == ("child", "es", "él me pegó")
        listening.take("text", segment="child@5000", text="él no me pegó")
        assert self.written(listening)[2] == "él no me pegó"
        listening.take("undo", of=step + 1)
        assert self.written(listening)[2] == "él me pegó"

    def test_a_translation_of_other_words_is_not_shown_beneath_them(self, listening):
        listening.take("text", segment="child@5000", text="він мене не бив")
        number = self.talk(listening).turns[-1].number
        with listening.database.write() as session:
            row = session.scalars(select(TurnRow).where(TurnRow.source == "written")).one()
            translation(session, listening, row, "He did not hit me")
        assert [one.text for one in self.talk(listening).turns[-1].translations] == ["He did not hit me"]
        listening.take("text", segment="child@5000", text="він мене бив")
        found = self.talk(listening).turns[-1]
        assert (found.number, found.text, found.translations) == (number, "він мене бив", [])


def translation(session: Session, desk: Desk, row: TurnRow, text: str, *warnings: str) -> None:
    made = new_id()
    sealed = desk.service.sealer(desk.interview).seal(text, f"translation:{made}")
    session.add(
        Translation(
            id=made,
            interview_id=row.interview_id,
            turn_id=row.id,
            language="en",
            route=["uk", "en"],
            packages=[],
            warnings=list(warnings),
            sealed_text=sealed,
        )
    )
