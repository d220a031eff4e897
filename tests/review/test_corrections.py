"""What supervisors decide becomes examples in our own intents; who could be found by them stays in."""

from __future__ import annotations

import pytest
import yaml

from tests.review.conftest import CHILD, Desk
from web.language.learned.examples import read_examples
from web.review import reading
from web.review.corrections import Gathered, gather, to_yaml
from web.review.service import Correction, Passage, Verdict
from web.store import Interview, InterviewState


def found(desk: Desk, *only: str) -> Gathered:
    with desk.database.read() as session:
        return gather(session, desk.vault, only)


def close(desk: Desk) -> None:
    with desk.database.write() as session:
        session.get_one(Interview, desk.interview.id).state = InterviewState.CLOSED


def decide(desk: Desk, decision: str, **changes: object) -> None:
    with desk.database.read() as session:
        turns = reading.transcript(session, desk.reviews.sealer(desk.interview), desk.interview)
    mark = next(mark for turn in turns for mark in turn.marks if mark.state == "waiting")
    desk.reviews.decide(desk.interview.id, desk.supervisor, mark.id, Verdict(decision, "because", changes))


def correct(desk: Desk, number: int, **what: object) -> None:
    desk.reviews.correct(desk.interview.id, desk.supervisor, number, Correction(**what, reason="r"))  # type: ignore[arg-type]


def intents(desk: Desk) -> list[tuple[str, str]]:
    return [(one.intent, one.text) for one in found(desk).examples]


@pytest.fixture
def closed(desk: Desk) -> Desk:
    close(desk)
    return desk


def test_what_nobody_changed_is_no_correction(closed: Desk) -> None:
    decide(closed, "adopt")
    assert intents(closed) == []


def test_a_corrected_question_keeps_the_flags_that_live_in_its_wording(closed: Desk) -> None:
    correct(closed, 3, type="yes_no", subtype="tag", flags=("other_source", "new_info"))
    assert intents(closed) == [("yes_no/tag+other_source", "Did he touch you?")]


def test_the_newest_correction_counts(closed: Desk) -> None:
    correct(closed, 3, type="wh", subtype="action")
    correct(closed, 3, type="choice")
    assert intents(closed) == [("choice", "Did he touch you?")]


def test_a_rejected_mark_is_a_trap(closed: Desk) -> None:
    decide(closed, "reject")
    assert intents(closed) == [("trap_ABU-PHY", CHILD)]


def test_a_mark_that_is_only_a_game_is_a_trap_too(closed: Desk) -> None:
    decide(closed, "edit", reality="game")
    assert intents(closed) == [("trap_ABU-PHY", CHILD)]


def test_all_that_stands_goes_together(closed: Desk) -> None:
    decide(closed, "adopt")
    passage = Passage("THB-CTRL", "locked the door", "kept in")
    closed.reviews.mark(closed.interview.id, closed.supervisor, 2, passage)
    assert intents(closed) == [("indicator_ABU-PHY+THB-CTRL", CHILD)]


def test_a_turn_with_an_undecided_mark_waits(closed: Desk) -> None:
    passage = Passage("THB-CTRL", "locked the door", "kept in")
    closed.reviews.mark(closed.interview.id, closed.supervisor, 2, passage)
    assert intents(closed) == []
    assert found(closed).left_out["undecided"] == 1


def test_a_corrected_answer(closed: Desk) -> None:
    correct(closed, 2, response="short")
    assert intents(closed) == [("response_short", CHILD)]


def test_an_interview_under_way_gives_nothing(desk: Desk) -> None:
    correct(desk, 3, type="choice")
    assert found(desk).examples == []
    close(desk)
    assert len(found(desk).examples) == 1
    assert found(desk, "another").examples == []


def test_an_erased_interview_gives_nothing(closed: Desk) -> None:
    correct(closed, 3, type="choice")
    with closed.database.write() as session:
        session.get_one(Interview, closed.interview.id).wrapped_key = None
    assert found(closed).examples == []


def test_the_files_are_read_by_those_who_train(closed: Desk, tmp_path) -> None:
    decide(closed, "reject")
    correct(closed, 3, type="choice", flags=("compound",))
    gathered = found(closed)
    for part in ("questions", "children"):
        (tmp_path / f"{part}.yml").write_text(to_yaml(part, gathered.of(part)), "utf-8")
        assert yaml.safe_load((tmp_path / f"{part}.yml").read_text("utf-8"))["version"] == "3.1"
    read = {one.text: one for one in read_examples(tmp_path)}
    assert read["Did he touch you?"].kind == "choice"
    assert read[CHILD].tags == frozenset()
