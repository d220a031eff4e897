"""The pages and the command that bring a transcript in."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.importing.files import vtt
from web.cli import main
from web.interview.new import NewInterview
from web.services import Services
from web.store import Role, User

SCRIPT = [("Mia", "<script>alert(1)</script> & more", 0, 5), ("<b>", "x", 6, 7)]


@pytest.fixture
def interview_id(here: Services, users: dict[Role, User]) -> str:
    new = NewInterview(case_code="K-17", protocol="nichd_revised_2014", child_age=8)
    return here.interviews.create(users[Role.INTERVIEWER], new).id


@pytest.fixture
def token(client: FlaskClient, users: dict[Role, User]) -> str:
    return sign_in(client, users[Role.INTERVIEWER])


def post(client: FlaskClient, path: str, token: str, **data: object):
    return client.post(path, data={"csrf_token": token, **data}, content_type="multipart/form-data")


def test_a_file_is_looked_at_confirmed_and_in_the_record(
    client: FlaskClient, here: Services, interview_id: str, token: str
) -> None:
    path = f"/interviews/{interview_id}/import"
    answer = post(client, path, token, file=(io.BytesIO(vtt()), "talk.vtt"))
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    page = client.get(path).text
    assert "We went to the lake, &amp; I swam" in page
    assert here.imports.empty(interview_id)
    sha256 = re.search(r'name="sha256" value="(\w+)"', page)[1]
    assert re.search(r'<option value="interviewer" selected', page), "the likely role is offered"
    refused = post(client, f"{path}/confirm", token, sha256=sha256, **{"role-0": "interviewer"})
    assert refused.status_code == 422
    assert here.imports.empty(interview_id)
    done = post(
        client, f"{path}/confirm", token, sha256=sha256, **{"role-0": "interviewer", "role-1": "child"}
    )
    assert done.status_code == 303
    assert not here.imports.empty(interview_id)
    assert "has turns already" in client.get(path).text


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"\xff\xfe\x00", "x.csv", "not in UTF-8"),
        (b"%PDF-1.7", "secret name.pdf", "another program"),
        (b"", "", "Choose a file first"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(
    client: FlaskClient, interview_id: str, token: str, content: bytes, name: str, says: str
) -> None:
    answer = post(client, f"/interviews/{interview_id}/import", token, file=(io.BytesIO(content), name))
    assert answer.status_code == 422
    assert says in answer.text
    assert "secret name" not in answer.text


def test_beside_a_recording_the_page_takes_no_transcript(
    client: FlaskClient, here: Services, interview_id: str, token: str, users: dict[Role, User]
) -> None:
    here.parts.begin(interview_id, "a" * 24, 99, [], users[Role.INTERVIEWER].id)
    path = f"/interviews/{interview_id}/import"
    page = client.get(path).text
    assert "has a recording" in page
    assert 'type="file"' not in page
    answer = post(client, path, token, file=(io.BytesIO(vtt()), "talk.vtt"))
    assert (answer.status_code, "has a recording" in answer.text) == (409, True)


def test_what_a_file_says_is_never_markup(client: FlaskClient, interview_id: str, token: str) -> None:
    content = json.dumps([{"speaker": who, "text": text} for who, text, *_ in SCRIPT]).encode()
    post(client, f"/interviews/{interview_id}/import", token, file=(io.BytesIO(content), "x.json"))
    page = client.get(f"/interviews/{interview_id}/import").text
    assert "<script>alert" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert" in page


def test_discarding_leaves_nothing(
    client: FlaskClient, here: Services, interview_id: str, token: str
) -> None:
    post(client, f"/interviews/{interview_id}/import", token, file=(io.BytesIO(vtt()), "x.vtt"))
    assert post(client, f"/interviews/{interview_id}/import/discard", token).status_code == 303
    assert here.imports.waiting(interview_id) is None


def test_an_interview_of_somebody_else_is_not_found(
    client: FlaskClient, interview_id: str, users: dict[Role, User]
) -> None:
    token = sign_in(client, users[Role.SUPERVISOR])
    path = f"/interviews/{interview_id}/import"
    assert client.get(path).status_code == 404
    assert post(client, path, token, file=(io.BytesIO(vtt()), "x.vtt")).status_code == 404


@pytest.fixture
def run(here: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TELLMORE_HOME", str(here.config.home))
    monkeypatch.setenv("DATABASE_URL", here.config.database_url)
    file = tmp_path / "talk.vtt"
    file.write_bytes(vtt())

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["import", *arguments], catch_exceptions=False)

    return run, str(file)


def test_the_command_says_what_is_in_a_file_and_brings_it_in(run, here: Services, interview_id: str) -> None:
    run, file = run
    checked = run(interview_id, file, "--check")
    assert checked.exit_code == 0, checked.stderr
    assert json.loads(checked.stdout)["speakers"][1] == {"label": "Mia", "turns": 2, "likely": None}
    assert "swam" not in checked.output
    missing = run(interview_id, file, "--who", "Mia=child")
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "--who 'Interviewer'=ROLE" in missing.stderr
    assert here.imports.empty(interview_id)
    done = run(interview_id, file, "--who", "Mia=child", "--who", "Interviewer=interviewer")
    assert json.loads(done.stdout)["brought_in"] == 4
    again = run(interview_id, file, "--check")
    assert (again.exit_code, "has turns already" in again.stderr) == (2, True)


def test_what_waits_in_somebodys_browser_outlives_a_check_and_a_refusal(
    run, here: Services, interview_id: str, tmp_path: Path
) -> None:
    run, file = run
    waiting = here.imports.offer(interview_id, vtt([("Mia", "so", 0, 1)]), "x.vtt")
    for arguments in ((file, "--check"), (file, "--who", "Mia=child"), (str(tmp_path / "none"),)):
        run(interview_id, *arguments)
        assert here.imports.waiting(interview_id) == waiting
    who = ("--who", "Mia=leave_out", "--who", "Interviewer=leave_out")
    assert run(interview_id, file, *who).exit_code == 2
    assert here.imports.waiting(interview_id) == waiting


def test_whose_lines_without_a_name_are_a_person_says_who_sees_them(
    client: FlaskClient, interview_id: str, token: str
) -> None:
    path = f"/interviews/{interview_id}/import"
    asked = b"".join(b"00:%02d.000 --> 00:%02d.500\nINT: Who?\n\n" % (i, i) for i in range(20))
    content = asked + b"00:30.000 --> 00:31.000\nmy uncle hit me"
    post(client, path, token, file=(io.BytesIO(content), "x.srt"))
    page = client.get(path).text
    assert page.count('value="as_before"') == 1
    assert '<option value="as_before" selected' not in page
    assert re.search(r"after.*INT.*my uncle hit me", page, re.DOTALL)


def test_the_command_refuses_in_a_sentence(run, interview_id: str, tmp_path: Path) -> None:
    run, file = run
    broken = tmp_path / "x.json"
    broken.write_bytes(b"{")
    for arguments, says in (
        ((interview_id, str(broken)), "x.json: bad_json at 1"),
        ((interview_id, str(tmp_path / "none")), "No such file"),
        (("nobody", file), "no such interview"),
        ((interview_id, file, "--who", "Mia=judge"), "a role is one of"),
    ):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert says in result.stderr
