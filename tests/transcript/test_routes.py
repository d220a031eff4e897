"""The page, its files and its interface: who gets in, what is shown, what is on record."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from tests.conftest import sign_in
from tests.interview.parts import PlainCoder, guided
from web.security import passwords
from web.store import AuditEntry, Coding, Interview, InterviewState, Role, Segment, User


@pytest.fixture
def sam(client, users, shown) -> FlaskClient:
    client.token = sign_in(client, users[Role.SUPERVISOR])
    return client


def step(client: FlaskClient, interview: Interview, **body: Any) -> Any:
    return client.post(
        f"/api/interviews/{interview.id}/transcript/steps",
        json={"key": "k1", "kind": "text", "seen": 0, **body},
        headers={"X-CSRFToken": client.token},
    )


def correct(client: FlaskClient, interview: Interview, text: str, key: str = "k1", seen: int = 0) -> int:
    answer = step(client, interview, segment="2", text=text, key=key, seen=seen)
    assert answer.status_code == 200, answer.text
    return answer.json["number"]


def page(client: FlaskClient, interview: Interview) -> str:
    answer = client.get(f"/interviews/{interview.id}/transcript")
    assert answer.status_code == 200, answer.text
    return answer.text


def actions(app: Any) -> list[str]:
    with app.extensions["tellmore"].database.read() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def close(app: Any, interview: Interview) -> None:
    with app.extensions["tellmore"].database.write() as session:
        session.get_one(Interview, interview.id).state = InterviewState.CLOSED


class TestPage:
    def test_it_shows_who_said_what_when_and_what_the_machine_doubts(self, sam, shown, app):
        html = page(sam, shown)
        assert re.search(r'data-id="2" data-speaker="child" data-start="2000" data-end="4000"', html)
        assert (
            '<p class="seg-text" lang="en" dir="ltr">he <span class="doubt">bit</span> me then I ran</p>'
            in html
        )
        assert "Speech the machine did not understand. Please listen." in html
        assert "1 stretch of speech is not written down yet." in html
        assert "transcript:open" in actions(app)

    def test_what_people_said_is_text_and_never_markup(self, sam, shown):
        correct(sam, shown, '<img src=x onerror="alert(1)">')
        html = page(sam, shown)
        assert "<img" not in html
        assert "&lt;img src=x" in html

    def test_a_word_a_person_wrote_is_no_longer_doubted(self, sam, shown):
        correct(sam, shown, "he hit me then I ran")
        html = page(sam, shown)
        assert '<span class="doubt">hit' not in html
        assert "corrected" in html
        assert "turn 2: text" in html

    def test_its_data_says_where_the_sound_is(self, sam, shown):
        data = json.loads(re.search(r'id="transcript-data">(.*?)</template>', page(sam, shown))[1])
        assert data["base"] == f"/api/interviews/{shown.id}"
        assert data["tracks"] == []  # the track is empty: nothing to be heard
        assert (data["number"], data["newest"], data["editable"]) == (0, None, True)

    def test_the_one_who_holds_the_interview_may_correct_it_and_others_do_not_find_it(
        self, client, users, shown, app
    ):
        other = User(
            name="otto", role=Role.INTERVIEWER, password_hash=passwords.make_hash("a lamp beside the window")
        )
        with app.extensions["tellmore"].database.write() as session:
            session.add(other)
        client.token = sign_in(client, users[Role.INTERVIEWER])
        assert correct(client, shown, "he hit me") == 1
        stranger = app.test_client()
        stranger.token = sign_in(stranger, other)
        assert step(stranger, shown, segment="2", text="x", seen=1, key="o").status_code == 404
        for path in ("transcript", "transcript/changes", "transcript.txt"):
            assert stranger.get(f"/interviews/{shown.id}/{path}").status_code == 404

    def test_nothing_is_taken_without_the_pages_token(self, sam, shown):
        sam.token = "forged"
        assert step(sam, shown, segment="2", text="x").status_code == 400


class TestChanges:
    def get(self, client: FlaskClient, interview: Interview, after: int) -> Any:
        return client.get(f"/interviews/{interview.id}/transcript/changes?after={after}").json

    def test_only_what_steps_since_then_touched_is_drawn(self, sam, shown):
        correct(sam, shown, "he hit me")
        found = self.get(sam, shown, 0)
        assert list(found["rows"]) == ["2"]
        assert "he hit me" in found["rows"]["2"]
        assert (found["number"], found["newest"]) == (1, 1)
        assert 'data-undo="1"' in found["history"]
        again = self.get(sam, shown, 1)
        assert again["rows"] == {}
        assert again["before"] == again["drawn"] == found["drawn"] != found["before"]

    def test_a_split_and_a_merge_show_in_the_order(self, sam, shown):
        step(sam, shown, kind="split", segment="2", at=9.0)
        assert self.get(sam, shown, 0)["order"] == ["1", "2", "s1", "3", "child@5000"]
        step(sam, shown, kind="merge", segment="2", other="s1", seen=1, key="k2")
        found = self.get(sam, shown, 1)
        assert found["order"] == ["1", "2", "3", "child@5000"]
        assert list(found["rows"]) == ["2"]


def test_the_history_names_a_step_that_no_longer_fits(sam, shown, app):
    step(sam, shown, segment="child@5000", text="no")
    assert "no longer fits" not in page(sam, shown)
    with app.extensions["tellmore"].database.write() as session:
        session.execute(delete(Segment).where(Segment.start_ms == 5000))
    assert "no longer fits" in page(sam, shown)


class TestInterface:
    def test_a_step_is_answered_with_its_number_and_seen_in_the_state(self, sam, shown):
        assert correct(sam, shown, "he hit me") == 1
        found = sam.get(f"/api/interviews/{shown.id}/transcript").json
        assert found["number"] == 1
        one = found["segments"][1]
        assert (one["text"], one["words"][1]) == (
            "he hit me",
            {"text": "hit", "start_ms": 2300, "end_ms": 2600, "probability": None},
        )

    def test_a_clash_is_a_409_with_both(self, sam, shown):
        correct(sam, shown, "he hit me")
        answer = step(sam, shown, segment="2", text="he bid me", key="k2")
        assert answer.status_code == 409
        assert answer.json["theirs"][0]["text"] == "he hit me"
        assert answer.json["yours"]["text"] == "he bid me"

    @pytest.mark.parametrize("body", [{"at": -1}, {"kind": "drop"}, {"why": 3}, {"dog": 1}, {"seen": "x"}])
    def test_a_body_that_cannot_be_read_is_refused_by_field(self, sam, shown, body):
        answer = step(sam, shown, **body)
        assert answer.status_code == 422
        assert answer.json["field"] == next(iter(body))


class TestCertifying:
    def certify(self, client: FlaskClient, interview: Interview, html: str) -> Any:
        drawn = re.search(r'id="drawn" value="([0-9a-f]{64})"', html)[1]
        data = {"csrf_token": client.token, "drawn": drawn, "statement": "All of it was listened to."}
        return client.post(f"/interviews/{interview.id}/transcript/certify", data=data, follow_redirects=True)

    def test_it_stands_on_the_page_and_says_when_it_is_of_an_older_state(self, sam, shown, app):
        assert "closed" in page(sam, shown)
        close(app, shown)
        assert "as it stands" in self.certify(sam, shown, page(sam, shown)).text
        correct(sam, shown, "he hit me")
        html = page(sam, shown)
        assert "of an older state" in html
        assert "as it stands" not in html

    def test_a_transcript_that_has_changed_is_not_certified_unread(self, sam, shown, app):
        close(app, shown)
        read = page(sam, shown)
        correct(sam, shown, "he hit me")
        answer = self.certify(sam, shown, read)
        assert answer.status_code == 409
        assert 'role="alert"' in answer.text
        assert "Nobody has certified" in answer.text


class TestFiles:
    @pytest.mark.parametrize("form", ["txt", "vtt", "srt", "json", "csv"])
    def test_each_form_holds_the_corrected_words_and_the_copy_is_on_record(self, sam, shown, app, form):
        correct(sam, shown, "he hit me")
        answer = sam.get(f"/interviews/{shown.id}/transcript.{form}")
        assert answer.status_code == 200
        assert "he hit me" in answer.text
        assert "bit me then" not in answer.text
        assert "attachment" in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert actions(app)[-1] == "transcript:export"

    def test_there_is_no_other_form(self, sam, shown):
        assert sam.get(f"/interviews/{shown.id}/transcript.exe").status_code == 404


class TestCodingAgain:
    def test_the_review_page_says_which_code_is_older_and_codes_again(self, sam, shown, app):
        guided(app.extensions["tellmore"], PlainCoder())
        assert f"/interviews/{shown.id}/transcript" in sam.get(f"/review/{shown.id}").text
        answer = step(sam, shown, segment="3", text="Where did he bite you?")
        assert answer.status_code == 200
        html = sam.get(f"/review/{shown.id}").text
        assert "made before the text was corrected" in html
        assert "Where did he bite you?" in html
        answer = sam.post(
            f"/interviews/{shown.id}/transcript/code", data={"csrf_token": sam.token}, follow_redirects=True
        )
        assert "1 turn was coded again" in answer.text
        assert "made before the text was corrected" not in answer.text
        with app.extensions["tellmore"].database.read() as session:
            kinds = session.scalars(select(Coding.type).where(Coding.layer == 1)).all()
        assert kinds == ["wh"]

    def test_without_the_language_part_it_says_so(self, sam, shown):
        step(sam, shown, segment="3", text="Where did he bite you?")
        answer = sam.post(f"/interviews/{shown.id}/transcript/code", data={"csrf_token": sam.token})
        assert answer.status_code == 503

    def test_it_is_the_reviewers(self, client, users, shown):
        client.token = sign_in(client, users[Role.INTERVIEWER])
        answer = client.post(f"/interviews/{shown.id}/transcript/code", data={"csrf_token": client.token})
        assert answer.status_code == 403


def test_no_log_holds_what_was_said_or_corrected(sam, shown, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    correct(sam, shown, "zinnoberrot")
    assert step(sam, shown, segment="2", text="zinnoberrot", key="k2", seen=1).status_code == 422
    assert step(sam, shown, segment="2", text="zinnoberrot and more", key="k3").status_code == 409

    def broken(*_: object, **__: object) -> None:
        raise ValueError("zinnoberrot")

    monkeypatch.setattr("web.transcript.folding.words.rewritten", broken)
    assert sam.get(f"/interviews/{shown.id}/transcript").status_code == 500
    assert "ValueError" in caplog.text
    assert "zinnoberrot" not in caplog.text
