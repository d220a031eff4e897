"""Names and words of the child's own are noted while it talks; translations from then on leave them."""

from __future__ import annotations

import pytest

from tests.conftest import sign_in
from tests.interview.two_languages import Phrasebook, turn_translator
from web.interview import events
from web.interview.errors import Invalid, KeyReused
from web.store import EventKind, Interview, Role
from web.transcript.own_words import MOST, OwnWordIn, OwnWords

NOTED = "Дмитрик (brother, older), моя киця"


@pytest.fixture
def interview(desk) -> Interview:
    return desk.room.new(child_language="uk", own_words=NOTED)


@pytest.fixture
def words(desk) -> OwnWords:
    return OwnWords(desk.database, desk.vault, lambda *_: None)


def again(desk, interview: Interview) -> Interview:
    with desk.database.read() as session:
        return session.get_one(Interview, interview.id)


def test_one_is_noted_and_another_taken_away_and_the_rest_stays_as_it_was(desk, words, interview):
    assert words.read(interview) == ["Дмитрик", "моя киця"]
    found = words.write(interview.id, desk.anna, OwnWordIn("a", " піська "))
    assert found == ["Дмитрик", "моя киця", "піська"]
    assert words.write(interview.id, desk.sam, OwnWordIn("b", "Моя киця", on=False)) == ["Дмитрик", "піська"]
    sealer = desk.service.sealer(interview)
    with desk.database.read() as session:
        details = sealer.open(again(desk, interview).sealed_details, f"details:{interview.id}")
        rows = events.after(session, sealer, interview.id, 0, kinds=(EventKind.REVIEW,))
    assert details["own_words"] == "Дмитрик (brother, older), піська"
    assert [(one.actor_id, one.payload) for one in rows] == [
        (desk.anna.id, {"what": "own_word", "word": "піська", "on": True}),
        (desk.sam.id, {"what": "own_word", "word": "Моя киця", "on": False}),
    ]


def test_the_same_again_changes_nothing_and_a_key_stands_for_one_word(desk, words, interview):
    for _ in range(2):
        words.write(interview.id, desk.anna, OwnWordIn("a", "піська"))
    with pytest.raises(KeyReused):
        words.write(interview.id, desk.anna, OwnWordIn("a", "киця"))
    assert words.read(again(desk, interview)) == ["Дмитрик", "моя киця", "піська"]


@pytest.mark.parametrize("word", ["ні", "Не", "і", "одне, друге", "", "...", "а" * 81])
def test_what_would_be_lost_wherever_it_is_said_is_refused(desk, words, interview, word):
    with pytest.raises(Invalid) as caught:
        words.write(interview.id, desk.anna, OwnWordIn("a", word))
    assert caught.value.extra["field"] == "word"
    assert words.read(again(desk, interview)) == ["Дмитрик", "моя киця"]


def test_there_is_an_end_to_them(desk, words):
    letters = "абвгдежзик"
    every = ", ".join(f"{one}ба{other}" for one in letters for other in letters)
    full = desk.room.new(child_language="uk", own_words=every)
    assert len(words.read(full)) == MOST
    with pytest.raises(Invalid):
        words.write(full.id, desk.anna, OwnWordIn("a", "піська"))


def test_of_too_many_one_can_be_taken_away(desk, words):
    every = ", ".join(f"{one}{other}{one}" for one in "абвгдежзикл" for other in "абвгдежзик")
    full = desk.room.new(child_language="uk", own_words=every)
    assert len(words.write(full.id, desk.anna, OwnWordIn("a", "ааа", on=False))) == MOST + 9


def test_a_bracket_left_open_takes_no_later_word_with_it(desk, words):
    interview = desk.room.new(child_language="es", own_words="Momo (the cat, Bibi")
    assert words.write(interview.id, desk.anna, OwnWordIn("a", "Tata")) == ["Momo", "Tata"]
    assert words.write(again(desk, interview).id, desk.anna, OwnWordIn("b", "Momo", on=False)) == ["Tata"]


def test_turns_translated_from_now_on_leave_it_as_it_is_said(desk, words, interview):
    book = Phrasebook()
    worker = turn_translator(desk.room, book)
    desk.room.say(interview, "child", "це моя піська")
    worker.work_off(interview.id)
    words.write(interview.id, desk.anna, OwnWordIn("a", "піська"))
    desk.room.say(interview, "child", "ось піська")
    worker.work_off(interview.id)
    words.write(interview.id, desk.anna, OwnWordIn("b", "піська", on=False))
    desk.room.say(interview, "child", "де піська")
    worker.work_off(interview.id)
    assert ["піська" in str(kept) for kept in book.kept] == [False, True, False]


def test_over_the_interface_by_whoever_may_correct_the_transcript(client, users, shown):
    sam = client
    sam.token = sign_in(client, users[Role.SUPERVISOR])
    path = f"/api/interviews/{shown.id}/own-words"
    header = {"X-CSRFToken": sam.token}
    assert sam.post(path, json={"key": "a", "word": "Бобік"}, headers=header).json == {"words": ["Бобік"]}
    assert sam.get(path).json == {"words": ["Бобік"]}
    assert sam.post(path, json={"key": "b"}, headers=header).status_code == 422
    assert sam.post(path, json={"key": "c", "word": "Рекс"}).status_code == 400
