"""What was heard late, as on the second of two microphones, stands where it was said."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.transcript.conftest import said
from web.interview.turns import TurnIn
from web.review import reading
from web.transcript.exports import Kept, as_json, as_txt, as_vtt
from web.transcript.order import as_said
from web.transcript.texts import speakers

LATE = "What did he do?"


@dataclass
class One:
    source: str
    started_ms: int | None


@pytest.mark.parametrize(
    ("times", "order"),
    [
        ([1, 9, 5], [1, 5, 9]),
        ([1, 9, 12, 5, 3], [1, 3, 5, 9, 12]),
        ([9, None, 5], [9, None, 5]),
        ([5, 5], [5, 5]),
    ],
)
def test_by_time_but_never_past_one_without(times, order):
    assert [one.started_ms for one in as_said(One("speech", at) for at in times)] == order


def test_what_somebody_wrote_or_typed_stays_where_they_put_it():
    assert [one.started_ms for one in as_said([One("import", 9), One("import", 5), One("typed", 1)])] == [
        9,
        5,
        1,
    ]


def test_in_the_room_the_review_and_every_file(desk, app):
    for number, (speaker, text, start) in enumerate(
        (("child", "he hit me", 9000), ("child", "with the belt", 16_000), ("interviewer", LATE, 12_000))
    ):
        words = said(text, start)
        turn = TurnIn(f"late{number}", speaker, text, start, start + 1500, source="speech", words=words)
        desk.room.service.add_turn(desk.interview.id, None, turn)
    order = ["he hit me", LATE, "with the belt"]
    held = desk.held
    assert [one.text for one in held.now.segments if one.text][-3:] == order
    with desk.database.read() as session:
        sealer = desk.service.sealer(desk.interview)
        found = reading.transcript(session, sealer, desk.interview)
    assert [(one.number, one.text) for one in found][-3:] == [(4, order[0]), (6, LATE), (5, order[2])]
    desk.take("text", segment="5", text="with his belt")
    with desk.database.read() as session:
        found = reading.transcript(session, sealer, desk.interview)
    assert [one.number for one in found][-3:] == [4, 6, 5]
    with app.test_request_context():
        kept = Kept(desk.interview, held.now, speakers())
    for write in (as_txt, as_json, as_vtt):
        text = write(kept)
        assert text.index(order[0]) < text.index(LATE) < text.index(order[2])
