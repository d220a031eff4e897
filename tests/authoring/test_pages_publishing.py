"""Several editors at once, and what is published, thrown away and brought back."""

from __future__ import annotations

import html

import pytest

from tests.authoring.editor import FLOW_FILE, Editor, hidden, textarea
from tests.authoring.parts import FLOW, WORDS, own_words
from web.authoring.service import AuthoringService
from web.authoring.typed import state
from web.services import Services


def test_two_editors_of_one_file_lose_nothing(editor: Editor, other: Editor, draft: str) -> None:
    where = f"{draft}/files/{FLOW_FILE}"
    page = editor.get(where)
    text, seen = textarea(page, "text"), hidden(page, "seen")
    mine, theirs = text + "# mine\n", text + "# theirs\n"
    other.post(where, 200, text=theirs, seen=seen)
    page = html.unescape(editor.post(where, 409, text=mine, seen=seen).text)
    assert "Somebody else saved this file meanwhile" in page
    assert textarea(page, "text") == mine
    assert textarea(page, "theirs") == theirs
    assert textarea(other.get(where), "text") == theirs
    answer = editor.json("PUT", where, 409, text=mine, seen=seen)
    assert answer == {"seen": state(theirs), "theirs": theirs}
    editor.post(where, 200, text=mine, seen=hidden(page, "seen"))  # having seen theirs
    assert textarea(other.get(where), "text") == mine


def test_two_editors_of_two_files_do_not_disturb_each_other(
    editor: Editor, other: Editor, draft: str
) -> None:
    first, second = f"{draft}/files/{FLOW_FILE}", f"{draft}/files/{WORDS}"
    mine, theirs = editor.get(first), other.get(second)
    other.post(second, 200, text=own_words("Theirs."), seen=hidden(theirs, "seen"))
    editor.post(first, 200, text=textarea(mine, "text") + "# mine\n", seen=hidden(mine, "seen"))
    assert textarea(editor.get(second), "text") == own_words("Theirs.")
    assert textarea(editor.get(first), "text").endswith("# mine\n")


def test_a_draft_tells_what_it_would_change_and_can_let_go_of_it(editor: Editor, draft: str) -> None:
    page = editor.get(draft)
    assert "<ins>+ author: The house</ins>" in page
    assert "Own words: English" in page
    assert "The house's way: steps" in page
    assert f"{draft}/files/flows/{FLOW}/cards.yml" in page  # cards of its own can be added
    version = hidden(editor.get(draft), "version")
    editor.post(f"{draft}/files/remove", path=WORDS, do="revert", version=version)
    assert "author: The house" not in editor.get(draft)


def test_a_draft_is_published_with_a_note_and_listed_with_its_lines(
    editor: Editor, other: Editor, draft: str, services: Services
) -> None:
    version = hidden(editor.get(draft), "version")
    answer = editor.post(f"{draft}/publish", 422, note=" ", version=version)
    assert "Please fill this in." in answer.text
    answer = editor.post(f"{draft}/publish", note="For the <b>house</b>", version=version)
    assert answer.headers["Location"] == "/protocols/editions/1"
    page = editor.client.get("/protocols/editions/1").text
    assert "For the &lt;b&gt;house&lt;/b&gt;" in page
    assert "<ins>+ author: The house</ins>" in page
    assert "Supervisor" in page
    assert "For the <b>house</b>" in other.get("/protocols/editions")
    editor.get(draft, 404)
    listed = editor.get("/protocols")
    assert "The house's way" in listed
    assert "your own, version 1.0" in listed
    shown = editor.get(f"/protocols/{FLOW}")
    assert "your agency’s own, in edition 1" in shown
    assert "Your agency’s own words: The house, version 1." in shown
    assert services.libraries.current_number == 1


def test_a_draft_with_problems_is_not_published(editor: Editor, draft: str, services: Services) -> None:
    where = f"{draft}/files/{WORDS}"
    editor.post(where, 200, text="language: en", seen=hidden(editor.get(where), "seen"))
    page = editor.post(f"{draft}/publish", 422, note="n", version=hidden(editor.get(draft), "version")).text
    assert "This draft has problems" in page
    assert f"{where}#line-" in page
    assert textarea(page, "note") == "n"
    assert services.libraries.current_number == 0


def test_without_language_models_nothing_is_published(editor: Editor, draft: str, services: Services) -> None:
    services.engines.coder = None
    page = editor.get(draft)
    assert "once the language models are ready" in page
    page = editor.post(f"{draft}/publish", 503, note="why", version=hidden(page, "version")).text
    assert "The words cannot be checked now" in page
    assert textarea(page, "note") == "why"


def test_publishing_what_somebody_changed_since_is_refused(editor: Editor, other: Editor, draft: str) -> None:
    version = hidden(editor.get(draft), "version")
    where = f"{draft}/files/{WORDS}"
    other.post(where, 200, text=own_words("Theirs."), seen=hidden(other.get(where), "seen"))
    page = editor.post(f"{draft}/publish", 409, note="n", version=version).text
    assert "This draft was changed meanwhile" in page
    editor.post(f"{draft}/publish", note="n", version=hidden(page, "version"))


def test_an_edition_that_came_between_is_shown_before_it_is_overwritten(
    editor: Editor, other: Editor, draft: str, authoring: AuthoringService
) -> None:
    between = authoring.create("Another", other.user, {WORDS: own_words("In between.")})
    authoring.publish(between.id, "n", other.user, between.version)
    page = editor.get(draft)
    assert "Changed in another edition meanwhile" in page
    assert "<del>-   open_job: In between.</del>" in page
    editor.post(f"{draft}/publish", 409, note="n", version=hidden(page, "version"))
    third = authoring.create("A third", other.user, {WORDS: own_words("A third.")})
    authoring.publish(third.id, "n", other.user, third.version)
    seen = {"version": hidden(page, "version"), "compared": hidden(page, "compared")}
    editor.post(f"{draft}/on-top", **seen)  # of the third nobody has seen anything
    page = editor.get(draft)
    assert "Changed in another edition meanwhile" in page
    assert "<del>-   open_job: A third.</del>" in page
    editor.post(f"{draft}/on-top", 409, **seen)
    seen = {"version": hidden(page, "version"), "compared": hidden(page, "compared")}
    editor.post(f"{draft}/on-top", **seen)
    page = editor.get(draft)
    assert "Changed in another edition" not in page
    editor.post(f"{draft}/publish", note="n", version=hidden(page, "version"))


@pytest.mark.parametrize("how", ["files/remove", "discard"])
def test_what_a_colleague_has_just_saved_is_not_thrown_away_unseen(
    editor: Editor, other: Editor, draft: str, authoring: AuthoringService, how: str
) -> None:
    stale, where = hidden(editor.get(draft), "version"), f"{draft}/files/{WORDS}"
    other.post(where, 200, text=own_words("Theirs."), seen=hidden(other.get(where), "seen"))
    page = editor.post(f"{draft}/{how}", 409, path=WORDS, do="revert", version=stale).text
    assert "This draft was changed meanwhile" in page
    assert authoring.drafts()[0].changes[WORDS] == own_words("Theirs.")
    editor.post(f"{draft}/{how}", path=WORDS, do="revert", version=hidden(page, "version"))


def test_a_draft_is_discarded(editor: Editor, draft: str, authoring: AuthoringService) -> None:
    editor.post(f"{draft}/discard", version=hidden(editor.get(draft), "version"))
    assert authoring.drafts() == []
    assert "The draft is gone." in editor.get("/protocols/drafts")
    for path in (draft, f"{draft}/files/{FLOW_FILE}", f"{draft}/wording/sv"):
        editor.get(path, 404)


def test_an_earlier_edition_comes_back_as_a_draft(
    editor: Editor, authoring: AuthoringService, services: Services
) -> None:
    for text in ("First words.", "Second words."):
        made = authoring.create("W", editor.user, {WORDS: own_words(text)})
        authoring.publish(made.id, text, editor.user, made.version)
    assert "restore" not in editor.get("/protocols/editions/2")
    where = editor.post("/protocols/editions/1/restore").headers["Location"]
    page = editor.get(where)
    assert "<ins>+   open_job: First words.</ins>" in page
    editor.post(f"{where}/publish", note="back", version=hidden(page, "version"))
    assert services.libraries.current().wording("open_job").text == "First words."
    for number in ("0", "9", "99999999999999999999999"):
        assert editor.client.get(f"/protocols/editions/{number}").status_code == 404
