"""The pages of the review room."""

from __future__ import annotations

import hashlib
import re

import pytest
from sqlalchemy import select

from tests.conftest import sign_in
from tests.interview.parts import make_room
from tests.interview.two_languages import PUSHED, interpret, two_languages
from tests.interview.two_languages import add_marks as add_pushes
from web.store import Interview, InterviewState, Role, Segment, Tag, TagDecision, Track, User
from web.store.base import new_id
from web.transcript.service import StepIn


@pytest.fixture
def desk_client(client, users):
    sign_in(client, users[Role.SUPERVISOR])
    return client


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def tag_id(app) -> str:
    with app.extensions["tellmore"].database.read() as session:
        return session.scalar(select(Tag.id))


def test_the_queue_lists_what_waits(desk_client, shown):
    page = desk_client.get("/review/").text
    assert shown.case_code in page
    assert "1 passage waits" in page


def test_a_marked_passage_is_chosen_and_shown_with_for_and_against(desk_client, shown):
    page = desk_client.get(f"/review/{shown.id}").text
    assert "<blockquote" in page
    assert "hit me with the belt" in page
    assert "after invitation" in page
    assert "Tell me what happened." in page


def test_adopting_moves_on_and_is_kept(desk_client, shown, app):
    page = desk_client.get(f"/review/{shown.id}").text
    answer = desk_client.post(
        f"/review/{shown.id}/tags/{tag_id(app)}", data={"csrf_token": token(page), "decision": "adopt"}
    )
    assert answer.status_code == 302
    with app.extensions["tellmore"].database.read() as session:
        assert session.scalar(select(TagDecision.decision)) == "adopt"
    assert "adopted" in desk_client.get(answer.location).text


def test_a_refused_decision_keeps_what_was_typed(desk_client, shown, app):
    page = desk_client.get(f"/review/{shown.id}").text
    data = {"csrf_token": token(page), "decision": "edit", "reason": "typed with care"}
    answer = desk_client.post(f"/review/{shown.id}/tags/{tag_id(app)}", data=data)
    assert answer.status_code == 422
    assert "typed with care" in answer.text
    assert 'role="alert"' in answer.text


def test_a_correction_shows_beside_the_machines_code(desk_client, shown):
    page = desk_client.get(f"/review/{shown.id}?turn=3").text
    data = {"csrf_token": token(page), "kind": "invitation/cued", "reason": "an invitation to me"}
    answer = desk_client.post(f"/review/{shown.id}/turns/3", data=data, follow_redirects=True)
    assert "an invitation to me" in answer.text
    assert "Closed question" in answer.text


def test_a_passage_of_ones_own(desk_client, shown):
    page = desk_client.get(f"/review/{shown.id}?turn=2").text
    data = {"csrf_token": token(page), "quote": "locked the door", "tag": "THB-CTRL", "reason": "kept in"}
    answer = desk_client.post(f"/review/{shown.id}/turns/2/marks", data=data, follow_redirects=True)
    assert "locked the door</blockquote>" in answer.text


def test_nothing_tagged_is_said_to_be_no_finding(desk_client, shown, app):
    with app.extensions["tellmore"].database.write() as session:
        session.query(Tag).delete()
    page = desk_client.get(f"/review/{shown.id}").text
    assert "Nothing tagged. This is not a finding." in page
    assert "no concern" not in page.lower()


def test_hostile_text_is_shown_as_text(desk_client, shown, app):
    from web.interview.turns import TurnIn

    turn = TurnIn("k-hostile", "child", "<script>alert(1)</script> \u202egnol")
    app.extensions["tellmore"].interviews.add_turn(shown.id, None, turn)
    page = desk_client.get(f"/review/{shown.id}?turn=5").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("role", [Role.INTERVIEWER, Role.TRAINEE, Role.ADMINISTRATOR])
def test_nobody_else_reviews(client, users, shown, role):
    sign_in(client, users[role])
    assert client.get("/review/").status_code == 403
    assert client.get(f"/review/{shown.id}").status_code == 403


def test_an_unknown_interview_is_not_found(desk_client):
    assert desk_client.get("/review/0123456789abcdef01234567").status_code == 404


@pytest.fixture
def held(shown, app, users):
    """The interview, which the supervisor holds."""
    with app.extensions["tellmore"].database.write() as session:
        session.get_one(Interview, shown.id).interviewer_id = users[Role.SUPERVISOR].id
    return shown


def posts(interview, app):
    path = f"/review/{interview.id}"
    return [f"{path}/tags/{tag_id(app)}", f"{path}/turns/3", f"{path}/turns/2/marks"]


@pytest.mark.parametrize("state", [state for state in InterviewState if state is not InterviewState.CLOSED])
def test_who_holds_an_interview_does_not_review_it_meanwhile(desk_client, held, app, state):
    with app.extensions["tellmore"].database.write() as session:
        session.get_one(Interview, held.id).state = state
    queue = desk_client.get("/review/").text
    assert held.case_code not in queue
    assert desk_client.get(f"/review/{held.id}").status_code == 404
    data = {"csrf_token": token(desk_client.get("/account").text), "decision": "adopt"}
    assert [desk_client.post(path, data=data).status_code for path in posts(held, app)] == [404] * 3
    assert f"/review/{held.id}" not in desk_client.get(f"/interviews/{held.id}/adherence").text


def test_who_held_an_interview_reviews_it_once_it_is_closed(desk_client, held, app):
    with app.extensions["tellmore"].database.write() as session:
        session.get_one(Interview, held.id).state = InterviewState.CLOSED
    assert held.case_code in desk_client.get("/review/").text
    assert "hit me with the belt" in desk_client.get(f"/review/{held.id}").text
    assert f"/review/{held.id}" in desk_client.get(f"/interviews/{held.id}/adherence").text


@pytest.fixture
def foreign(app, users):
    """A child's Ukrainian turn, tagged in its translation, between an interviewer's and an interpreter's."""
    here = app.extensions["tellmore"]
    room = make_room(here.config, here.database, users[Role.INTERVIEWER])
    add_pushes(room)
    worker = two_languages(room)
    interview = room.new(child_language="uk")
    room.say(interview, "interviewer", "Tell me about that")
    room.say(interview, "child", PUSHED)
    interpret(room, interview, "he pushed me down the stairs", "en")
    room.press(interview, "check_translation", turn=2, on=True)
    worker.work_off(interview.id)
    return interview


def test_a_passage_found_in_a_translation_is_shown_with_the_source(desk_client, foreign):
    page = desk_client.get(f"/review/{foreign.id}").text
    chosen = page[page.index('class="review-chosen"') :]
    assert f">{PUSHED}</blockquote>" in chosen
    assert "Found in a machine translation of these words, which nobody has verified" in chosen
    assert "<q>pushed me</q>" in chosen
    assert "The translation is much longer or shorter than what was said." in chosen
    assert chosen.index(PUSHED) < chosen.index("<q>pushed me</q>"), "the source comes first"


def test_the_transcript_shows_the_source_and_marks_the_machines_words(desk_client, foreign):
    page = desk_client.get(f"/review/{foreign.id}").text
    said = re.search(r'<article class="said" id="turn-2".*?</article>', page, re.S)[0]
    source = re.search(r'<p class="said-text"[^>]*>(.*?)</p>', said, re.S)[1]
    assert source == PUSHED, "nothing is marked in words that nobody read"
    assert re.search(r'said-machine" lang="en".*?<a class="passage"[^>]*>pushed me</a>', said, re.S)
    assert "machine, unverified" in said
    assert "from a machine translation" in said
    assert "To be checked with the interpreter" in said
    assert "uk → en" in said
    assert "p 1 · 0000000000000000" in said
    mine = re.search(r'<article class="said" id="turn-1".*?</article>', page, re.S)[0]
    assert re.search(r"<summary>In Ukrainian: machine, unverified</summary>", mine)
    assert "from a machine translation" not in mine
    interpreter = re.search(r'<article class="said" id="turn-3".*?</article>', page, re.S)[0]
    assert "passage" not in interpreter


def test_a_turn_nobody_could_read_says_so(desk_client, foreign, app, users):
    here = app.extensions["tellmore"]
    make_room(here.config, here.database, users[Role.INTERVIEWER]).say(foreign, "child", "так")
    page = desk_client.get(f"/review/{foreign.id}").text
    assert "not looked at: no translation" in page


def test_deciding_on_a_passage_of_a_translation_works_as_on_any(desk_client, foreign, app):
    page = desk_client.get(f"/review/{foreign.id}").text
    data = {"csrf_token": token(page), "decision": "reject", "reason": "the interpreter heard otherwise"}
    answer = desk_client.post(f"/review/{foreign.id}/tags/{tag_id(app)}", data=data, follow_redirects=True)
    assert "the interpreter heard otherwise" in answer.text


def test_a_machines_words_are_no_quote_of_the_child(desk_client, foreign):
    page = desk_client.get(f"/review/{foreign.id}?turn=2").text
    data = {"csrf_token": token(page), "quote": "pushed me", "tag": "ABU-PHY", "reason": "x"}
    answer = desk_client.post(f"/review/{foreign.id}/turns/2/marks", data=data)
    assert answer.status_code == 422


def test_sound_that_never_came_is_told(desk_client, shown, app):
    recordings = app.extensions["tellmore"].recordings
    recordings.open_track(shown.id, "hole", None, 0, None)
    body = bytes(32_000)
    for number in (0, 2):
        recordings.add_chunk(shown.id, "hole", number, body, hashlib.sha256(body).hexdigest())
    assert "Missing from the recording" not in desk_client.get(f"/review/{shown.id}").text
    recordings.end_track(shown.id, "hole", None, None, left=True)
    page = desk_client.get(f"/review/{shown.id}").text
    assert "hole: about 0:01 to 0:02" in page


def test_words_written_down_in_another_language_are_said_to_wait_for_a_reader(desk_client, foreign, app):
    """Whether a translation stands beneath them or not: no machine looks at them, and no button says so."""
    database = app.extensions["tellmore"].database
    with database.write() as session:
        track = Track(id=new_id(), interview_id=foreign.id, name="child", speaker="child", offset_ms=0)
        track.ended = track.heard_out = True
        session.add(track)
        session.flush()
        session.add(Segment(track_id=track.id, turn_id=None, start_ms=0, end_ms=900, confidence=0.1))
        sam = session.scalars(select(User).where(User.role == Role.SUPERVISOR)).first()
    step = StepIn("w1", "text", 0, "child@0", "він бив мене")
    app.extensions["tellmore"].transcripts.take(foreign.id, sam, step)
    page = desk_client.get(f"/review/{foreign.id}").text
    assert "nobody has looked at these words" in page
    assert "in another language is looked at by no machine" in page
    assert "Code these" not in page
