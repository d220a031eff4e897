"""Steps are rows: once for each key, refused where somebody was faster, never over a turn."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.transcript.conftest import ASKED, CHILD, Desk
from web.interview import events
from web.interview.errors import Conflict, Invalid, KeyReused, NotFound
from web.interview.turns import TurnIn
from web.review.service import Correction, Passage, ReviewService
from web.store import (
    AuditEntry,
    EventKind,
    SpeakerMark,
    Track,
    TranscriptEdit,
    Upload,
    UploadState,
)
from web.store import Segment as Heard
from web.transcript import canonical, meanwhile, record
from web.transcript.record import Record
from web.transcript.service import Clash, StepIn

UNHEARD = "child@5000"


def count(desk: Desk) -> int:
    with desk.database.read() as session:
        return len(session.scalars(select(TranscriptEdit)).all())


class TestReading:
    def test_turns_and_speech_nobody_understood_stand_in_order_of_time(self, desk):
        found = [(one.id, one.speaker, one.text, one.track) for one in desk.held.now.segments]
        assert found == [
            ("1", "interviewer", ASKED, None),
            ("2", "child", CHILD, "child"),
            ("3", "interviewer", "Did he bite you?", None),
            (UNHEARD, "child", "", "child"),
        ]

    def test_times_are_those_of_the_interview(self, desk):
        spoken, unheard = desk.held.now.find("2"), desk.held.now.find(UNHEARD)
        assert [(word.start_ms, word.probability) for word in spoken.words][:2] == [(2000, 0.9), (2300, 0.2)]
        assert unheard.span_ms == (5500, 7000)


class TestSteps:
    def test_a_correction_lies_over_the_turn_and_leaves_it_alone(self, desk):
        before = [(turn.sealed_text, turn.sealed_words) for turn in desk.turns()]
        assert desk.take("text", segment="2", text=" he hit me then I ran ", why="heard it slowly") == 1
        assert desk.texts[1] == "he hit me then I ran"
        assert [(turn.sealed_text, turn.sealed_words) for turn in desk.turns()] == before
        taken = desk.held.taken[1]
        assert (taken.author_id, taken.why) == (desk.sam.id, "heard it slowly")

    def test_whoever_holds_the_interview_may_as_well(self, desk):
        desk.take("speaker", desk.anna, segment=UNHEARD, speaker="interpreter")
        assert desk.held.now.find(UNHEARD).speaker == "interpreter"
        assert desk.held.taken[1].author_id == desk.anna.id

    def test_the_same_key_again_changes_nothing_whatever_was_seen(self, desk):
        assert desk.take("text", segment="2", text="x", key="k") == 1
        assert desk.take("text", segment="2", text="x", key="k", seen=0) == 1
        assert count(desk) == 1

    def test_the_same_key_for_something_else_is_refused(self, desk):
        desk.take("text", segment="2", text="x", key="k")
        for other in ({"text": "y"}, {"text": "x", "why": "z"}, {"text": "x", "user": desk.anna}):
            with pytest.raises(KeyReused):
                desk.take("text", segment="2", key="k", **other)
        assert count(desk) == 1

    def test_somebody_faster_about_the_same_is_told_with_both(self, desk):
        desk.take("text", segment="2", text="he hit me")
        with pytest.raises(Clash) as caught:
            desk.take("text", desk.anna, seen=0, segment="2", text="he bid me")
        extra = caught.value.extra
        assert extra["theirs"][0]["text"] == "he hit me"
        assert extra["yours"] == {"kind": "text", "segment": "2", "text": "he bid me"}
        assert (extra["number"], caught.value.status) == (1, 409)
        assert "hit" not in caught.value.detail
        assert count(desk) == 1

    def test_somebody_faster_elsewhere_is_no_clash(self, desk):
        desk.take("text", segment="2", text="he hit me")
        assert desk.take("text", desk.anna, seen=0, segment="1", text="Tell me.") == 2
        assert desk.texts[:2] == ["Tell me.", "he hit me"]

    def test_an_undo_of_what_somebody_went_on_from_is_a_clash(self, desk):
        desk.take("split", segment="2", at=9)
        desk.take("text", segment="s1", text="and I ran")
        with pytest.raises(Clash):
            desk.take("undo", desk.anna, seen=1, of=1)
        with pytest.raises(Invalid) as caught:
            desk.take("undo", of=1)
        assert caught.value.extra["field"] == "of"

    def test_a_history_with_all_kinds_ends_where_it_began(self, desk):
        before = canonical.segments(desk.held.now)
        desk.take("split", segment="2", at=9)
        desk.take("speaker", segment="s1", speaker="interpreter")
        desk.take("text", segment=UNHEARD, text="[inaudible]")
        desk.take("text", segment="3", text="Did he hurt you?")
        assert desk.texts == [ASKED, "he bit me", "then I ran", "Did he hurt you?", "[inaudible]"]
        while (newest := desk.held.newest_of(desk.sam.id)) is not None:
            desk.take("undo", of=newest)
        assert canonical.segments(desk.held.now) == before
        assert count(desk) == 8

    def test_undo_takes_back_ones_own_newest_step_and_nobody_elses(self, desk):
        desk.take("text", segment="2", text="he hit me")
        desk.take("text", desk.anna, segment="1", text="Tell me.")
        assert (desk.held.newest_of(desk.sam.id), desk.held.newest_of(desk.anna.id)) == (1, 2)
        desk.take("undo", of=1)
        assert desk.held.newest_of(desk.sam.id) is None

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"kind": "erase"}, "kind"),
            ({"kind": "text", "segment": "2", "text": "a" * 70_000}, "text"),
            ({"kind": "text", "segment": "2", "text": "half \ud800"}, "text"),
            ({"kind": "text", "segment": "2", "text": "x", "why": "y" * 2001}, "why"),
            ({"kind": "text", "segment": "2", "text": "x", "seen": 7}, "seen"),
            ({"kind": "text", "segment": "2", "text": "x", "key": ""}, "key"),
            ({"kind": "text", "segment": "99", "text": "x"}, "segment"),
            ({"kind": "merge", "segment": "1", "other": "3"}, "other"),
            ({"kind": "merge", "segment": "1", "other": "2"}, "speaker"),
            ({"kind": "split", "segment": "2", "at": 2_000_000}, "at"),
        ],
    )
    def test_what_cannot_be_is_refused_by_name_and_nothing_is_written(self, desk, fields, field):
        with pytest.raises(Invalid) as caught:
            desk.take(**fields)
        assert caught.value.extra["field"] == field
        assert count(desk) == 0
        with desk.database.read() as session:
            found = events.newest(
                session, desk.service.sealer(desk.interview), desk.interview.id, EventKind.TRANSCRIPT
            )
        assert found is None

    def test_no_such_interview(self, desk):
        with pytest.raises(NotFound):
            desk.service.take("0" * 24, desk.sam, StepIn("k", "undo", 0, of=1))

    def test_many_at_once_get_numbers_without_a_gap(self, desk):
        def one(number: int) -> int:
            segment = ("1", "2", "3", UNHEARD)[number % 4]
            return desk.take("text", segment=segment, text=f"w {number}", seen=0)

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(one, range(4))) == [1, 2, 3, 4]

    def test_the_transcript_is_read_before_the_lock_is_taken(self, desk, monkeypatch):
        plain, locked = desk.database.write, []
        read = record.read

        @contextmanager
        def write() -> Iterator[Session]:
            with plain() as session:
                locked.append(session)
                yield session
                locked.clear()

        def looked(*given: Any) -> Record:
            assert not locked, "colleagues wait for this"
            return read(*given)

        monkeypatch.setattr(desk.database, "write", write)
        monkeypatch.setattr(record, "read", looked)
        assert desk.take("text", segment="2", text="he hit me") == 1
        reviews = ReviewService(desk.database, desk.vault, lambda *_: None)
        reviews.mark(desk.interview.id, desk.sam, 2, Passage("ABU-PHY", "hit me", "said so"))
        reviews.correct(desk.interview.id, desk.sam, 2, Correction(response="short", reason="one thing"))

    @pytest.mark.parametrize("times", [1, meanwhile.TRIES + 2])
    def test_a_step_in_between_is_seen_and_nobody_waits_for_ever(self, desk, monkeypatch, times):
        read, left = record.read, [times]

        def overtaken(session: Session, *given: Any) -> Record:
            held = read(session, *given)
            if left[0] and not session.get_bind().get_execution_options().get("write"):
                left[0] -= 1
                monkeypatch.setattr(record, "read", read)
                desk.take("text", segment="3", text=f"Where {left[0]}?")
                monkeypatch.setattr(record, "read", overtaken)
            return held

        monkeypatch.setattr(record, "read", overtaken)
        taken = min(times, meanwhile.TRIES)
        assert desk.take("text", segment="2", text="he hit me", seen=0) == taken + 1
        assert desk.texts[1:3] == ["he hit me", f"Where {times - taken}?"]

    def test_every_step_is_in_the_running_order_and_in_the_audit_log_without_words(self, desk):
        desk.take("text", segment="2", text="zinnoberrot", why="grasgrün")
        with desk.database.read() as session:
            sealer = desk.service.sealer(desk.interview)
            found = events.newest(session, sealer, desk.interview.id, EventKind.TRANSCRIPT)
            entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
            row = session.scalars(select(TranscriptEdit)).one()
        assert (found.payload, found.actor_id) == ({"what": "text", "step": 1}, desk.sam.id)
        assert (entry.action, entry.subject_id, entry.detail) == ("transcript:text", desk.interview.id, {})
        assert b"zinnoberrot" not in row.sealed_payload

    def test_a_speaker_key_that_comes_late_leaves_the_transcript_readable(self, desk):
        with desk.database.write() as session:
            track = Track(interview_id=desk.interview.id, name="room", heard_out=True)
            session.add(track)
            session.flush()
            for start in (8000, 9000):
                session.add(Heard(track_id=track.id, start_ms=start, end_ms=start + 500, confidence=0.1))
        desk.take("merge", segment="room@8000", other="room@9000")
        with desk.database.write() as session:
            for at_ms, speaker in ((0, "child"), (8700, "interviewer")):
                session.add(SpeakerMark(interview_id=desk.interview.id, at_ms=at_ms, speaker=speaker))
        assert desk.held.now.find("room@8000").span_ms == (8000, 9500)
        assert desk.take("text", segment="room@8000", text="no") == 2


class TestCertifying:
    SAID = "I have listened to all of it."

    def certify(self, desk: Desk, drawn: str | None = None, statement: str = SAID) -> None:
        held = desk.held
        drawn = held.drawn(held.now.number) if drawn is None else drawn
        desk.service.certify(desk.interview.id, desk.sam, drawn, statement)

    def test_a_person_certifies_the_transcript_as_it_stands(self, desk):
        desk.take("text", segment="2", text="he hit me")
        desk.close()
        self.certify(desk)
        (paper,) = desk.service.certified(desk.interview)
        assert (paper.author_id, paper.edits, paper.turns, paper.statement) == (desk.sam.id, 1, 3, self.SAID)
        with desk.database.read() as session:
            entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry.action == "transcript:certify"

    def test_saying_it_twice_is_once_and_after_a_step_it_is_another(self, desk):
        desk.close()
        self.certify(desk)
        self.certify(desk)
        assert len(desk.service.certified(desk.interview)) == 1
        desk.take("text", segment="2", text="he hit me")
        self.certify(desk)
        first, second = desk.service.certified(desk.interview)
        assert first.sha256 != second.sha256

    def test_what_was_not_read_is_not_certified(self, desk):
        desk.close()
        read = desk.held.drawn(desk.held.now.number)
        desk.take("text", segment="2", text="he hit me")
        with pytest.raises(Conflict):
            self.certify(desk, read)
        assert desk.service.certified(desk.interview) == []

    def test_a_turn_that_came_late_is_read_before_it_is_certified(self, desk):
        desk.close()
        read = desk.held.drawn(desk.held.now.number)
        late = TurnIn("sp2", "child", "and ran", 8000, 9000, source="speech")
        desk.room.service.add_turn(desk.interview.id, None, late)
        with pytest.raises(Conflict):
            self.certify(desk, read)
        self.certify(desk)
        assert [paper.turns for paper in desk.service.certified(desk.interview)] == [4]

    def test_sound_that_is_not_written_down_yet_comes_first(self, desk):
        desk.close()
        on_its_way = {"interview_id": desk.interview.id, "author_id": desk.sam.id, "speakers": []}
        upload = Upload(**on_its_way, size=1, part_bytes=1, state=UploadState.WAITING, sha256=bytes(32))
        track = Track(interview_id=desk.interview.id, name="file-0000000000-0")
        for row in (upload, track):
            with desk.database.write() as session:
                session.add(row)
            with pytest.raises(Conflict) as caught:
                self.certify(desk)
            assert "written down" in caught.value.detail
            with desk.database.write() as session:
                session.get_one(Upload, upload.id).state = UploadState.DONE
        with desk.database.write() as session:
            session.get_one(Upload, upload.id).state = UploadState.CANCELLED  # the rest is never written down
        self.certify(desk)

    def test_an_interview_under_way_is_not_certified(self, desk):
        with pytest.raises(Conflict):
            self.certify(desk)

    @pytest.mark.parametrize("statement", ["", "   ", "x" * 2001])
    def test_a_statement_says_something(self, desk, statement):
        desk.close()
        with pytest.raises(Invalid):
            self.certify(desk, statement=statement)
