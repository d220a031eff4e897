"""The pages on which an agency's own protocols and words are written and checked."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from protocols.library import load_library
from tests.authoring.editor import FLOW_FILE, Editor, Users, hidden, textarea
from tests.authoring.parts import FLOW, own_flow
from tests.conftest import sign_in
from web.authoring.service import AuthoringService
from web.authoring.typed import state
from web.store import Role

LIBRARY = load_library()


def test_editors_are_led_from_the_library_to_a_copy(editor: Editor, authoring: AuthoringService) -> None:
    listed = editor.get("/protocols")
    assert "/protocols/drafts?begin=copy:nichd_standard#begin" in listed
    assert "/protocols/drafts" in listed
    assert "/protocols/editions" in listed
    form = editor.get("/protocols/drafts?begin=copy:nichd_standard")
    assert re.search(r'<option selected value="copy:nichd_standard">', form)
    answer = editor.post("/protocols/drafts", what="copy:nichd_standard", name="The house's way")
    page = editor.get(answer.headers["Location"])
    assert 'title: "The house\'s way"' in textarea(page, "text")
    assert 'id: "own_the_house_s_way"' in textarea(page, "text")
    assert "<svg" in page
    assert set(authoring.drafts()[0].changes) == {
        "flows/own_the_house_s_way/flow.yml",
        "flows/own_the_house_s_way/fit.yml",
    }


@pytest.mark.parametrize("role", [Role.INTERVIEWER, Role.TRAINEE])
def test_nobody_else_sees_that_there_is_something_to_edit(
    client: FlaskClient, users: Users, role: Role
) -> None:
    sign_in(client, users[role])
    for path in ("/protocols", "/protocols/minimal_facts"):
        assert "/protocols/drafts" not in client.get(path).text
    assert client.get("/protocols/drafts").status_code == 403


@pytest.mark.parametrize(
    ("what", "name", "short", "told"),
    [
        ("copy:nichd_standard", "", "", "Give the copy a name of its own."),
        ("copy:nichd_standard", "Hus", "a/../b", "small letters"),
        ("copy:nichd_standard", "Наш", "", "small letters"),
        ("copy:nichd_standard", "x" * 121, "", "At most 120"),
        ("copy:nichd_standard", "Turned \u202eround", "a", "plain text"),
        ("copy:nobody", "A", "", "Not a valid choice"),
        ("copy_pack:age_3_4", "A", "", "Not a valid choice"),
        ("", "A", "", "Not a valid choice"),
    ],
)
def test_what_cannot_be_begun_is_said_beside_its_field(
    editor: Editor, authoring: AuthoringService, what: str, name: str, short: str, told: str
) -> None:
    answer = editor.post("/protocols/drafts", 422, what=what, name=name, short=short)
    assert told in html.unescape(answer.text)
    assert authoring.drafts() == []


def test_a_copy_needs_a_short_name_that_is_free(editor: Editor, draft: str) -> None:
    answer = editor.post(f"{draft}/files", 422, what="copy:ten_step", name="Once more", short=FLOW)
    assert "There is one of this short name already." in answer.text
    editor.post(f"{draft}/files", what="copy:ten_step", name="Once more", short="again")
    assert "flows/own_again/flow.yml" in editor.get(draft)


def test_a_pack_is_changed_in_place_or_copied(editor: Editor, draft: str) -> None:
    changed = editor.post(f"{draft}/files", what="pack:age_3_4").headers["Location"]
    shipped = LIBRARY.files["packs/age_3_4.yml"].decode()
    assert textarea(editor.get(changed), "text") == shipped
    copied = editor.post(f"{draft}/files", what="copy_pack:autism", name='Ours: "quiet"').headers["Location"]
    page = editor.get(copied)
    assert "Nothing to mend." in page
    assert "id: own_ours_quiet" in textarea(page, "text")
    editor.post(changed, 200, text=shipped.replace("3 to 4 years", "Three and four"), seen=state(shipped))
    listed = editor.get(draft)
    assert "Pack: Three and four" in listed
    assert 'Pack: Ours: "quiet"' in listed


def test_a_mistake_is_told_with_its_line_and_what_was_typed_stays(editor: Editor, draft: str) -> None:
    where = f"{draft}/files/{FLOW_FILE}"
    page = editor.get(where)
    text, seen = textarea(page, "text"), hidden(page, "seen")
    broken = text.replace("kind: interview", "kind: chat")
    line = broken[: broken.index("kind: chat")].count("\n") + 1
    page = html.unescape(editor.post(where, 200, text=broken, seen=seen, do="check").text)
    assert f'data-line="{line}">Line {line}</a>' in page
    assert "1 thing to mend." in page
    assert "kind: chat" in page.split('class="fault-excerpt"')[1]
    assert "Not saved yet" in page
    assert "It is drawn when the file can be read." in page
    assert textarea(page, "text") == broken
    assert textarea(editor.get(where), "text") == text  # a check saves nothing
    editor.post(where, 200, text=broken.replace("\n", "\r\n"), seen=seen, do="save")
    assert textarea(editor.get(where), "text") == broken  # a draft may be broken
    assert f"{where}#line-{line}" in editor.get(draft)


def test_the_look_while_one_types(editor: Editor, draft: str) -> None:
    text = own_flow()[FLOW_FILE]
    good = editor.json("POST", f"{draft}/check", path=FLOW_FILE, text=text)
    assert good["problems"] == []
    assert str(good["drawing"]).startswith("<svg")
    bad = editor.json(
        "POST", f"{draft}/check", path=FLOW_FILE, text=text.replace("disclosure: ", "disclosure: x")
    )
    assert bad["told"] == "1 thing to mend."
    (problem,) = bad["problems"]  # type: ignore[misc]
    assert problem["file"] == FLOW_FILE
    assert problem["line"] > 1
    assert problem["url"] == f"{draft}/files/{FLOW_FILE}#line-{problem['line']}"
    elsewhere = editor.json("POST", f"{draft}/check", path="wording/own_sv.yml", text="a: b")
    assert [one["file"] for one in elsewhere["problems"]] == ["wording/own_sv.yml"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b, *b]",
        "[" * 50_000,
        "{" * 200 + "}" * 200,
        "a: " + "x" * 380_000,
        "- a\n" * 9_000,
        "\t\t\tflow:",
        "!!python/object:os.system {}",
        "flow: \u202eetirw\u202c",
        "%YAML 9\n---\n--- a",
        "a: 'unfinished",
        "flow:\n  id: \x1b[31m",
        "",
        "\n\n\n",
        "<script>alert(1)</script>: '{{ 7*7 }}'",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_texts_are_looked_at_saved_and_shown_as_text(editor: Editor, draft: str, text: str) -> None:
    found = editor.json("POST", f"{draft}/check", path=FLOW_FILE, text=text)
    assert found["problems"] or found["told"] != "Nothing to mend."
    where = f"{draft}/files/{FLOW_FILE}"
    seen = hidden(editor.get(where), "seen")
    saved = editor.json("PUT", where, text=text, seen=seen)
    assert saved == {"seen": state(text)}
    assert textarea(editor.get(where), "text") == text
    page = editor.client.get(draft).text
    assert "<script>alert" not in page
    assert "\u202e" not in page.split('class="diff"')[1]


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "x" * 400_001])
def test_what_no_file_can_keep_is_refused_and_nothing_is_lost(editor: Editor, draft: str, text: str) -> None:
    where = f"{draft}/files/{FLOW_FILE}"
    before = textarea(editor.get(where), "text")
    answer = editor.json("PUT", where, 422, text=text, seen=state(before))
    assert answer["title"] == "It was not saved."
    assert editor.json("POST", f"{draft}/check", path=FLOW_FILE, text=text)["told"] == answer["detail"]
    if "\ud800" not in text:
        page = editor.post(where, 422, text=text, seen=state(before)).text
        assert str(answer["detail"]) in page
        assert textarea(page, "text") == text.replace("\0", "")
    assert textarea(editor.get(where), "text") == before


def test_a_body_of_more_than_a_megabyte_is_refused(editor: Editor, draft: str) -> None:
    where = f"{draft}/files/{FLOW_FILE}"
    for method, path in (("PUT", where), ("POST", f"{draft}/check")):
        answer = editor.client.open(
            path, method=method, json={"path": FLOW_FILE, "text": "x" * 1_100_000, "seen": ""},
            headers={"X-CSRFToken": editor.token},
        )  # fmt: skip
        assert answer.status_code == 413


@pytest.mark.parametrize("body", [{}, {"text": 3, "path": FLOW_FILE, "seen": ""}, [], None, {"text": None}])
def test_a_body_that_is_no_text_is_refused(editor: Editor, draft: str, body: object) -> None:
    for method, path in (("PUT", f"{draft}/files/{FLOW_FILE}"), ("POST", f"{draft}/check")):
        answer = editor.client.open(path, method=method, json=body, headers={"X-CSRFToken": editor.token})
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "cards/account.yml",
        "common.yml",
        "flows/nichd_standard/flow.yml",
        "flows/own_a/other.yml",
        "flows/own_a/flow.yml%00",
        "flows/own_a/../own_b/flow.yml",
        "..%2f..%2fetc%2fpasswd",
        "wording/en.yml",
        "wording/own_EN.yml",
        "packs/nobody.yml",
        "packs/OWN_x.yml",
    ],
)
def test_only_what_may_be_own_can_be_opened(editor: Editor, draft: str, path: str) -> None:
    for method in ("GET", "POST", "PUT"):
        answer = editor.client.open(
            f"{draft}/files/{path}", method=method, json={"text": "", "seen": ""},
            headers={"X-CSRFToken": editor.token},
        )  # fmt: skip
        assert answer.status_code == 404
    editor.post(f"{draft}/files/remove", 404, path=html.unescape(path))


@pytest.mark.parametrize("language", ["xx", "en_GB", "EN", "..", "own_en", "e", "ar-", "sv%00"])
def test_a_language_nobody_knows_has_no_words(editor: Editor, draft: str, language: str) -> None:
    assert editor.client.get(f"{draft}/wording/{language}").status_code == 404


def test_every_change_needs_the_token_of_the_page(
    editor: Editor, draft: str, authoring: AuthoringService
) -> None:
    for path in (
        "/protocols/drafts", f"{draft}/files", f"{draft}/files/remove", f"{draft}/files/{FLOW_FILE}",
        f"{draft}/check", f"{draft}/publish", f"{draft}/on-top", f"{draft}/discard", f"{draft}/wording/sv",
        "/protocols/editions/1/restore",
    ):  # fmt: skip
        answer = editor.client.post(path, data={"what": "words:sv", "note": "x", "do": "save"})
        assert answer.status_code == 400, path
        assert "no longer valid" in answer.text
    answer = editor.client.put(f"{draft}/files/{FLOW_FILE}", json={"text": "", "seen": ""})
    assert answer.status_code == 400
    assert len(authoring.drafts()) == 1


def test_titles_with_markup_stay_text(editor: Editor) -> None:
    bad = "<img src=x onerror=alert(1)>'\"{{7*7}}%s"
    where = editor.post("/protocols/drafts", what="copy:ten_step", name=bad, short="bad", title=bad).headers[
        "Location"
    ]
    base = where.partition("/files/")[0]
    for path in ("/protocols/drafts", base, where):
        page = editor.client.get(path).text
        assert "<img" not in page
        assert "&lt;img src=x" in page
    editor.post(f"{base}/publish", note=bad, version=hidden(editor.get(base), "version"))
    for path in (
        "/protocols",
        "/protocols/own_bad",
        "/protocols/editions",
        "/protocols/editions/1",
        "/interviews/new",
    ):
        page = editor.client.get(path).text
        assert "<img" not in page, path
        assert "&lt;img src=x" in page, path


PAGES = (
    "/protocols/drafts",
    "{draft}",
    "{draft}/files/" + FLOW_FILE,
    "{draft}/wording/ar",
    "/protocols/editions",
)


@pytest.mark.parametrize("path", PAGES)
def test_pages_keep_the_strict_policy_and_name_their_fields(editor: Editor, draft: str, path: str) -> None:
    page = editor.client.get(path.format(draft=draft)).text
    main = page[page.index("<main") :]
    assert not re.search(r"\sstyle=|<style|\son\w+=", page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert set(re.findall(r'\sfor="([^"]+)"', page)) <= set(ids)
    for described in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', main):
        assert set(described.split()) <= set(ids)
