"""The pages: who gets which, what they show, what they refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import csrf_token, sign_in
from tests.interpreting.parts import Phrasebook
from tests.interview.parts import PlainCoder, guided
from tests.translation.models import make_package
from web.interpreting.comparison import Comparison
from web.interview.new import NewInterview
from web.interview.turns import TurnIn
from web.recording.files import SealedFiles
from web.services import Services
from web.store import Interview, Role, User
from web.transcript.service import StepIn
from web.translation import Translator, install

Users = dict[Role, User]
HOSTILE = '"><script>alert(1)</script>{{7*7}}'
FORM = {
    "name": "Tolk 4711", "language": "uk", "relation": "none", "witness": "no", "place": "room",
    "gender": "not_noted",
}  # fmt: skip
TALK = [
    ("interviewer", "Tell me about that evening.", "en"),
    ("interpreter", "Ти була вдома того вечора?", "uk"),
    ("child", "Він кричав 3 рази.", "uk"),
    ("interpreter", "He shouted 5 times.", "en"),
    ("interviewer", "And then?", "en"),
]


@pytest.fixture
def here(app: Flask) -> Services:
    services = guided(app.extensions["tellmore"], PlainCoder())
    book = Phrasebook({TALK[1][1]: "Did you stay at home that evening?"})
    services.translator = book  # type: ignore[assignment]
    files = SealedFiles(services.config.home)
    services.comparison = Comparison(
        services.database, services.vault, files, services.translator, lambda: services.engines.coder
    )
    return services


@pytest.fixture
def anna(client: FlaskClient, users: Users, here: Services) -> User:
    sign_in(client, users[Role.INTERVIEWER])
    return users[Role.INTERVIEWER]


@pytest.fixture
def interview(here: Services, anna: User) -> Interview:
    return here.interviews.create(anna, NewInterview("K-1", "nichd_revised_2014", 9, child_language="uk"))


def post(client: FlaskClient, interview: Interview, kind: str, **form: Any) -> Any:
    page = f"/interviews/{interview.id}/interpreter"
    form = {"key": "f" * 32, "csrf_token": csrf_token(client, page), **form}
    return client.post(f"{page}/{kind}", data=form, follow_redirects=True)


def test_who_interprets_is_noted_and_shown(client: FlaskClient, interview: Interview) -> None:
    page = client.get(f"/interviews/{interview.id}/interpreter").text
    assert "Nobody is noted as interpreting now." in page
    page = post(client, interview, "present", **FORM, sworn="on").text
    assert "Tolk 4711" in page
    assert "Ukrainian" in page
    assert "sworn or certified" in page
    page = post(
        client, interview, "briefing", key="b1", done=["first_person", "unclear"], words="agreed"
    ).text
    assert "2 of 13 lines" in page


def test_a_relative_is_refused_and_what_was_typed_is_kept(client: FlaskClient, interview: Interview) -> None:
    answer = post(client, interview, "present", **{**FORM, "relation": "relative", "name": HOSTILE})
    assert answer.status_code == 422
    assert "A relative never interprets" in answer.text
    assert "Nothing was noted." in answer.text
    assert "<script>alert" not in answer.text
    assert "{{7*7}}" in answer.text
    assert "Nothing yet." in answer.text


@pytest.mark.parametrize(
    ("field", "asks"), [("relation", "a tie to the child"), ("witness", "also a witness")]
)
def test_what_bars_an_interpreter_has_no_answer_of_its_own(
    client: FlaskClient, interview: Interview, field: str, asks: str
) -> None:
    page = client.get(f"/interviews/{interview.id}/interpreter").text
    assert f'name="{field}" required>\n    <option value="">' in page
    for form in ({**FORM, field: ""}, {name: value for name, value in FORM.items() if name != field}):
        answer = post(client, interview, "present", **form)
        assert answer.status_code == 422
        assert asks in answer.text
        assert "Nothing yet." in answer.text


def test_a_witness_is_refused_in_the_form(client: FlaskClient, interview: Interview) -> None:
    answer = post(client, interview, "present", **{**FORM, "witness": "yes"})
    assert (answer.status_code, "never interprets in it" in answer.text) == (422, True)
    assert '<option value="yes" selected>' in answer.text, "what was chosen stays"


def test_another_language_than_the_childs_is_remarked_on(client: FlaskClient, interview: Interview) -> None:
    assert "this interpreter is noted for" not in post(client, interview, "present", **FORM).text
    page = post(client, interview, "present", **{**FORM, "key": "g" * 32, "language": "ru"}).text
    assert "language is Ukrainian; this interpreter is noted for Russian." in page


def test_the_same_over_the_interface(client: FlaskClient, interview: Interview) -> None:
    headers = {"X-CSRFToken": csrf_token(client, "/account/")}
    path = f"/api/interviews/{interview.id}/interpreter"
    body = {"key": "k1", "note": "objection", "by": "child", "about": "misunderstanding"}
    first = client.post(path, json=body, headers=headers)
    assert first.status_code == 200
    assert client.post(path, json=body, headers=headers).json == first.json
    refused = client.post(
        path, json={"key": "k2", "note": "present", **FORM, "relation": "child"}, headers=headers
    )
    assert (refused.status_code, (refused.json or {}).get("field")) == (422, "relation")
    assert client.post(path, json={"key": "k3", "note": "tea"}, headers=headers).status_code == 422


def test_nobody_else_notes_anything(client: FlaskClient, users: Users, interview: Interview) -> None:
    client.delete_cookie("tellmore")
    sign_in(client, users[Role.SUPERVISOR])
    page = client.get(f"/interviews/{interview.id}/interpreter")
    assert page.status_code == 200  # a supervisor reads
    assert '<form method="post" class="stack"' not in page.text
    assert post(client, interview, "present", **FORM).status_code == 404


def hold(here: Services, interview: Interview, user: User) -> None:
    for number, (speaker, text, language) in enumerate(TALK):
        here.interviews.add_turn(
            interview.id, user.id, TurnIn(f"t{number}", speaker, text, language=language)
        )


def test_the_report_is_for_afterwards_to_whoever_holds_the_interview(
    client: FlaskClient, here: Services, anna: User, users: Users, interview: Interview
) -> None:
    hold(here, interview, anna)
    path = f"/interviews/{interview.id}/interpreting"
    early = client.get(path).text
    assert client.get(f"{path}/progress").json == {"running": False, "texts": {}}
    assert "once the interview is closed" in early
    assert TALK[1][1] not in early
    client.delete_cookie("tellmore")
    sign_in(client, users[Role.SUPERVISOR])
    assert TALK[1][1] in client.get(path).text


def test_the_report_shows_both_texts_and_the_counts(
    client: FlaskClient, here: Services, anna: User, interview: Interview
) -> None:
    hold(here, interview, anna)
    here.interviews.close(interview.id, anna.id, "end", "it was late")
    path = f"/interviews/{interview.id}/interpreting"
    page = client.get(path).text
    assert "Being compared: 0 of 3 stretches." in page
    assert "An open question" not in page
    assert client.get(f"{path}/progress").json["running"]  # type: ignore[index]
    here.comparison.step(interview.id)
    assert client.get(f"{path}/progress").json == {"running": False, "texts": {"over": ""}}
    page = client.get(path).text
    assert "Being compared" not in page
    assert "An open question seems to have become one" in page
    assert "Did you stay at home that evening?" in page
    assert "A number is missing or new in the rendering." in page
    assert "no rendering was written down" in page
    assert '<p class="over-text" lang="uk" dir="ltr">Ти була вдома того вечора?</p>' in page
    assert page.count("machine, unverified") == 1
    counts = [part.split("</dd>")[0] for part in page.split("<dd>")[1:6]]
    assert counts == ["2", "1", "0", "1", "1"]


def test_where_one_language_is_spoken_nothing_was_interpreted(
    client: FlaskClient, here: Services, anna: User
) -> None:
    interview = here.interviews.create(anna, NewInterview("K-1", "nichd_revised_2014", 9))
    assert "nothing was interpreted" in client.get(f"/interviews/{interview.id}/interpreting").text


def test_the_room_offers_the_interpreters_two_voices_only_where_two_languages_are_spoken(
    client: FlaskClient, here: Services, anna: User, interview: Interview
) -> None:
    own = here.interviews.create(anna, NewInterview("K-2", "nichd_revised_2014", 9))
    room = client.get(f"/interviews/{interview.id}").text
    for part in (
        'value="interpreter_to_child"',
        'id="awaited"',
        "interpreter-dialog",
        "Nobody is noted yet.",
    ):
        assert part in room
        assert part not in client.get(f"/interviews/{own.id}").text
    assert '"interpreting": false' in room
    post(client, interview, "present", **FORM)
    room = client.get(f"/interviews/{interview.id}").text
    assert "Tolk 4711" in room
    assert '"interpreting": true' in room


def test_what_a_person_corrected_is_what_is_compared(
    client: FlaskClient, here: Services, anna: User, interview: Interview
) -> None:
    hold(here, interview, anna)
    here.transcripts.take(
        interview.id, anna, StepIn("s1", "text", 0, segment="2", text="Розкажи про той вечір.")
    )
    here.transcripts.take(
        interview.id, anna, StepIn("s2", "text", 1, segment="4", text="He shouted 3 times.")
    )
    here.interviews.close(interview.id, anna.id, "end", "it was late")
    here.comparison.step(interview.id)
    page = client.get(f"/interviews/{interview.id}/interpreting").text
    assert TALK[1][1] not in page
    assert "A number is missing" not in page


def test_a_weak_package_that_read_back_is_named_and_what_it_finds_is_not_called_a_change(
    client: FlaskClient, here: Services, anna: User, interview: Interview, tmp_path: Path
) -> None:
    folder = here.config.home / "packages"
    install(make_package(tmp_path, "uk", "en", about={"weak": True}), folder)
    here.comparison = Comparison(
        here.database,
        here.vault,
        SealedFiles(here.config.home),
        Translator(folder),
        lambda: here.engines.coder,
    )
    hold(here, interview, anna)
    here.interviews.close(interview.id, anna.id, "end", "it was late")
    here.comparison.step(interview.id)
    page = client.get(f"/interviews/{interview.id}/interpreting").text
    assert "Ukrainian to English, version 1.0: Weak: it often says something else" in page
    counts = [part.split("</dd>")[0] for part in page.split("<dd>")[1:6]]
    assert counts == ["2", "0", "1", "1", "0"]
    assert TALK[1][1] in page.split('id="unsure"')[1].split("<h2")[0]
