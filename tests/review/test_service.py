"""Decisions are layers: with author and reason, nothing overwritten, nothing half-written."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.review.conftest import CHILD, Desk
from web.interview.errors import Invalid, NotFound
from web.review import reading
from web.review.reading import Mark, TurnView
from web.review.service import Correction, Passage, Verdict
from web.store import AuditEntry, Coding, Event, EventKind, Tag, TagDecision


def transcript(desk: Desk) -> list[TurnView]:
    with desk.database.read() as session:
        return reading.transcript(session, desk.reviews.sealer(desk.interview), desk.interview)


def the_mark(desk: Desk) -> Mark:
    (mark,) = [mark for turn in transcript(desk) for mark in turn.marks]
    return mark


def count(desk: Desk, table: type) -> int:
    with desk.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def decide(desk: Desk, decision: str, reason: str = "", **changes: object) -> None:
    verdict = Verdict(decision, reason, changes)
    desk.reviews.decide(desk.interview.id, desk.supervisor, the_mark(desk).id, verdict)


class TestReading:
    def test_a_mark_shows_the_exact_words_and_how_they_came(self, desk):
        mark = the_mark(desk)
        assert (mark.quote, mark.state, mark.author) == ("hit me with the belt", "waiting", None)
        assert mark.axes["elicitation"] == "after_invitation"

    def test_the_text_is_cut_at_the_mark_and_whole_again_when_joined(self, desk):
        child = transcript(desk)[1]
        assert [text for text, mark in child.pieces if mark] == ["hit me with the belt"]
        assert "".join(text for text, _ in child.pieces) == CHILD

    def test_overlapping_marks_keep_every_letter_once(self, desk):
        desk.reviews.mark(
            desk.interview.id, desk.supervisor, 2, Passage("ABU-PHY", "the belt and", "overlaps")
        )
        child = transcript(desk)[1]
        assert len(child.marks) == 2
        assert "".join(text for text, _ in child.pieces) == CHILD

    def test_the_queue_puts_what_waits_first_and_counts_it(self, desk):
        with desk.database.read() as session:
            (line,) = reading.queue(session, desk.supervisor)
        assert (line.waiting, line.soonest) == (1, 2)
        decide(desk, "adopt")
        with desk.database.read() as session:
            (line,) = reading.queue(session, desk.supervisor)
        assert (line.waiting, line.soonest) == (0, 0)

    def test_an_interpreter_is_neither_coded_nor_marked(self, desk):
        interpreter = transcript(desk)[3]
        assert interpreter.marks == []
        assert interpreter.code is None or interpreter.code.type is None


class TestDeciding:
    def test_a_later_decision_counts_and_the_earlier_one_stays(self, desk):
        decide(desk, "reject", "he spoke of a film")
        decide(desk, "adopt")
        mark = the_mark(desk)
        assert [layer.decision for layer in mark.decisions] == ["reject", "adopt"]
        assert mark.decisions[0].reason == "he spoke of a film"
        assert mark.state == "adopt"

    def test_an_edit_changes_what_is_shown_and_leaves_the_machines_row(self, desk):
        decide(desk, "edit", "it is going on", time="now", urgency=3)
        mark = the_mark(desk)
        assert (mark.now["time"], mark.now["urgency"]) == ("now", 3)
        assert (mark.axes["time"], mark.urgency) == ("past", 2)

    @pytest.mark.parametrize(
        ("decision", "reason", "changes", "field"),
        [
            ("maybe", "", {}, "decision"),
            ("reject", "  ", {}, "reason"),
            ("edit", "why", {}, "changes"),
            ("edit", "why", {"time": "soon"}, "time"),
            ("edit", "why", {"credibility": "low"}, "credibility"),
            ("adopt", "x" * 2001, {}, "reason"),
        ],
    )
    def test_a_decision_that_cannot_be_is_refused_by_name(self, desk, decision, reason, changes, field):
        with pytest.raises(Invalid) as caught:
            decide(desk, decision, reason, **changes)
        assert caught.value.extra["field"] == field
        assert count(desk, TagDecision) == 0

    def test_a_mark_of_another_interview_is_not_found(self, desk, room):
        other = room.new(case_code="K-18")
        with pytest.raises(NotFound):
            desk.reviews.decide(other.id, desk.supervisor, the_mark(desk).id, Verdict("adopt"))

    def test_each_decision_is_an_event_and_an_audit_entry(self, desk):
        before = count(desk, AuditEntry)
        decide(desk, "adopt")
        with desk.database.read() as session:
            events = session.scalars(select(Event).where(Event.kind == EventKind.REVIEW)).all()
        assert [event.actor_id for event in events] == [desk.supervisor.id]
        assert count(desk, AuditEntry) == before + 1

    def test_the_reason_is_sealed(self, desk):
        decide(desk, "reject", "a very particular reason")
        with desk.database.read() as session:
            row = session.scalar(select(TagDecision))
        assert b"particular" not in row.sealed_detail


class TestCorrecting:
    def test_a_correction_lies_over_the_machines_code(self, desk):
        correction = Correction(
            type="invitation", subtype="cued", flags=("compound",), reason="names what he said"
        )
        desk.reviews.correct(desk.interview.id, desk.supervisor, 3, correction)
        layers = transcript(desk)[2].layers
        assert [(layer.type, layer.author) for layer in layers] == [("yes_no", None), ("invitation", "Sam")]
        assert layers[1].flags == ({"flag": "compound", "why": "names what he said"},)

    def test_corrections_pile_up_in_order(self, desk):
        for response in ("short", "narrative"):
            desk.reviews.correct(
                desk.interview.id, desk.supervisor, 2, Correction(response=response, reason="heard")
            )
        assert [layer.response for layer in transcript(desk)[1].layers][-2:] == ["short", "narrative"]

    @pytest.mark.parametrize(
        ("number", "correction", "field"),
        [
            (1, Correction(type="riddle", reason="x"), "type"),
            (1, Correction(type="choice", subtype="cued", reason="x"), "subtype"),
            (1, Correction(type="wh", subtype="action"), "reason"),
            (2, Correction(response="maybe", reason="x"), "response"),
            (4, Correction(type="wh", reason="x"), "turn"),
        ],
    )
    def test_a_code_that_cannot_be_is_refused_by_name(self, desk, number, correction, field):
        before = count(desk, Coding)
        with pytest.raises(Invalid) as caught:
            desk.reviews.correct(desk.interview.id, desk.supervisor, number, correction)
        assert caught.value.extra["field"] == field
        assert count(desk, Coding) == before

    def test_an_unknown_turn_is_not_found(self, desk):
        with pytest.raises(NotFound):
            desk.reviews.correct(desk.interview.id, desk.supervisor, 99, Correction(type="wh", reason="x"))


class TestMarking:
    def test_a_persons_mark_is_adopted_and_carries_the_name(self, desk):
        desk.reviews.mark(
            desk.interview.id, desk.supervisor, 2, Passage("THB-CTRL", "locked the door", "kept in")
        )
        mark = next(mark for mark in transcript(desk)[1].marks if mark.tag == "THB-CTRL")
        assert (mark.quote, mark.state, mark.author) == ("locked the door", "adopt", "Sam")

    @pytest.mark.parametrize(
        ("number", "tag", "quote", "field"),
        [
            (2, "NO-SUCH", "locked", "tag"),
            (2, "ABU-PHY", "never said", "quote"),
            (2, "ABU-PHY", " ", "quote"),
            (3, "ABU-PHY", "touch", "quote"),
        ],
        ids=["unknown mark", "not the words", "empty", "interviewer's echo"],
    )
    def test_only_the_childs_own_words_can_be_marked(self, desk, number, tag, quote, field):
        before = count(desk, Tag)
        with pytest.raises(Invalid) as caught:
            desk.reviews.mark(desk.interview.id, desk.supervisor, number, Passage(tag, quote, "because"))
        assert caught.value.extra["field"] == field
        assert count(desk, Tag) == before
