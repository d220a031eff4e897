"""The form of own words: what is typed becomes the file, and what the validator says stands by its card."""

from __future__ import annotations

import html
import re

import pytest

from tests.authoring.editor import Editor, hidden, textarea
from web.authoring.service import AuthoringService
from web.authoring.wording_file import read
from web.services import Services

HEAD = {"author": "The house", "version": "1"}


@pytest.fixture
def draft(editor: Editor, authoring: AuthoringService) -> str:
    return f"/protocols/drafts/{authoring.create('Words', editor.user).id}"


def own(authoring: AuthoringService, language: str) -> str:
    return authoring.own(authoring.drafts()[0].id)[f"wording/own_{language}.yml"]


def fault(page: str, card: str) -> str:
    found = re.search(rf'id="fault-{card}">(.*?)</p>', page, re.S)
    assert found, f"{card} is not on the form"
    return html.unescape(found[1]).strip()


def test_every_spoken_card_has_a_field_beside_the_words_in_force(
    editor: Editor, draft: str, services: Services
) -> None:
    library = services.libraries.current()
    page = editor.get(f"{draft}/wording/sv")
    for card in library.cards.values():
        assert (f'name="words-{card.id}"' in page) is card.spoken
    assert library.wording("free_then", "sv").text in page
    assert "And then what happened?" in page  # the English beside it
    english = editor.get(f"{draft}/wording/en")
    assert 'name="words-free_then"' in english
    assert 'name="words-ladder_summary"' not in english  # locked until the team has decided
    assert 'name="words-sup_so_it_stops"' not in english  # switched off


def test_words_are_saved_with_author_and_version(
    editor: Editor, draft: str, authoring: AuthoringService
) -> None:
    where = f"{draft}/wording/sv"
    form = {**HEAD, "words-free_then": "  Vad hände  efter det? \r\n", "note-free_then": "Vänta: länge"}
    editor.post(where, seen=hidden(editor.get(where), "seen"), do="save", **form)
    words = read(own(authoring, "sv"), "sv")
    assert words.texts == {"free_then": ("Vad hände efter det?", "Vänta: länge")}
    assert (words.author, words.version, words.validated) == ("The house", "1", False)
    page = editor.get(where)
    assert textarea(page, "words-free_then") == "Vad hände efter det?"
    assert textarea(page, "note-free_then") == "Vänta: länge"
    assert "Nothing to mend." in page
    editor.post(where, seen=hidden(page, "seen"), **HEAD, **{"words-free_then": " "})
    assert "free_then" not in own(authoring, "sv")


def test_what_does_not_fit_is_marked_at_its_card_and_stays_typed(editor: Editor, draft: str) -> None:
    where = f"{draft}/wording/en"
    form = {**HEAD, "words-free_then": "Did he hit you?", "words-free_cue": "Tell me more."}
    seen = hidden(editor.get(where), "seen")
    page = editor.post(where, 200, seen=seen, do="check", **form).text
    assert "slots" in fault(page, "free_cue")  # the form of the file comes first
    form["words-free_cue"] = "Tell me more about {cue}."
    page = editor.post(where, 200, seen=seen, do="check", **form).text
    assert "codes as yes_no" in fault(page, "free_then")
    assert fault(page, "free_cue") == ""
    assert textarea(page, "words-free_then") == "Did he hit you?"
    assert "1 thing to mend." in page
    answer = editor.client.post(
        where, data={"csrf_token": editor.token, **form}, headers={"Accept": "application/json"}
    )
    assert list(answer.get_json()["cards"]) == ["free_then"]


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"author": ""}, "author", "Please fill this in."),
        ({"version": " "}, "version", "Please fill this in."),
        ({"by": "Dr. A"}, "by", "Give both"),
        ({"on": "2026-11-22"}, "by", "Give both"),
        ({"by": "Dr. A", "on": "yesterday"}, "on", "Write the date"),
        ({"by": "a\u202eb", "on": "2026-11-22"}, "by", "plain text"),
        ({"author": "The\u00adhouse"}, "author", "plain text"),
        ({"version": "1\u200b"}, "version", "plain text"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    editor: Editor, draft: str, authoring: AuthoringService, changes: dict[str, str], field: str, told: str
) -> None:
    where = f"{draft}/wording/sv"
    form = {**HEAD, **changes, "words-free_then": "Och sen då?"}
    page = editor.post(where, 422, seen=hidden(editor.get(where), "seen"), **form).text
    assert told in page[page.index(f'id="{field}-error"') :][:200]
    assert textarea(page, "words-free_then") == "Och sen då?"
    assert authoring.own(authoring.drafts()[0].id) == {}


def test_validated_words_that_change_are_validated_anew_or_are_drafts(
    editor: Editor, draft: str, authoring: AuthoringService
) -> None:
    where = f"{draft}/wording/sv"
    form = {**HEAD, "by": "Dr. A", "on": "2026-11-22", "words-free_then": "Och sen då?"}
    editor.post(where, seen=hidden(editor.get(where), "seen"), **form)
    assert read(own(authoring, "sv"), "sv").validated
    seen, form["words-free_then"] = hidden(editor.get(where), "seen"), "Vad hände sedan?"
    page = editor.post(where, 422, seen=seen, **form).text
    assert "The words were changed since." in page
    assert textarea(page, "words-free_then") == "Vad hände sedan?"
    editor.post(where, seen=seen, **{**form, "by": "", "on": ""})
    assert not read(own(authoring, "sv"), "sv").validated


def test_two_who_write_the_same_words_both_see_both(
    editor: Editor, draft: str, authoring: AuthoringService
) -> None:
    where = f"{draft}/wording/sv"
    seen = hidden(editor.get(where), "seen")
    editor.post(where, seen=seen, **HEAD, **{"words-free_then": "Deras?"})
    page = editor.post(where, 409, seen=seen, **HEAD, **{"words-free_then": "Mina?"}).text
    assert textarea(page, "words-free_then") == "Mina?"
    assert "free_then: Deras?" in textarea(page, "theirs")
    assert "Deras?" in own(authoring, "sv")
    editor.post(where, seen=hidden(page, "seen"), **HEAD, **{"words-free_then": "Mina?"})
    assert "Mina?" in own(authoring, "sv")


def test_right_to_left_words_stand_in_right_to_left_fields(editor: Editor, draft: str) -> None:
    page = editor.get(f"{draft}/wording/ar")
    field = re.search(r'<textarea id="words-free_then"[^>]*>', page)
    assert field
    assert 'lang="ar" dir="rtl"' in field[0]
    force = re.search(r'<p class="words-force" id="force-free_then"[^>]*>', page)
    assert force
    assert 'lang="ar" dir="rtl"' in force[0]


def test_a_language_without_words_begins_with_the_english(editor: Editor, draft: str) -> None:
    page = editor.get(f"{draft}/wording/so")
    assert "Own words: Somali" in page
    assert re.search(r'id="force-free_then" lang="en" dir="ltr"', page)


def test_words_that_cannot_be_a_form_are_mended_as_text(editor: Editor, draft: str) -> None:
    text, form = f"{draft}/files/wording/own_sv.yml", f"{draft}/wording/sv"
    editor.post(text, 200, text="wording: [", seen=hidden(editor.get(text), "seen"))
    assert editor.client.get(form).headers["Location"] == text
    assert "before it is mended as text" in editor.get(text)


@pytest.mark.parametrize(
    "bad", ["<b>x</b>", "{{7*7}}", "{cue", "}", "\u202eturned", "a: [", "' \" # &a *b !c", "x" * 1300]
)
def test_hostile_words_stay_words(editor: Editor, draft: str, bad: str) -> None:
    where = f"{draft}/wording/sv"
    editor.post(where, seen=hidden(editor.get(where), "seen"), **HEAD, **{"words-free_then": bad})
    page = editor.client.get(where).text
    assert textarea(page, "words-free_then") == bad.removeprefix("\u202e")
    assert "<b>x" not in page
    assert "<b>x" not in editor.client.get(draft).text


def test_broken_characters_are_refused(editor: Editor, draft: str, authoring: AuthoringService) -> None:
    where = f"{draft}/wording/sv"
    form = {**HEAD, "words-free_then": "a\0b", "words-open_job": "Jag hör på barn."}
    page = editor.post(where, 422, seen=hidden(editor.get(where), "seen"), **form).text
    assert "broken characters" in page
    assert textarea(page, "words-open_job") == "Jag hör på barn."  # nothing typed is lost
    assert authoring.own(authoring.drafts()[0].id) == {}


def test_remarks_are_told_before_the_form_loses_them(
    editor: Editor, draft: str, authoring: AuthoringService
) -> None:
    text = f"{draft}/files/wording/own_sv.yml"
    file = (
        "# Ours\nlanguage: sv\nauthor: A\nversion: '1'\nstatus: draft\nwording:\n  # why\n  free_then: Och?\n"
    )
    editor.post(text, 200, text=file, seen=hidden(editor.get(text), "seen"))
    where = f"{draft}/wording/sv"
    page = editor.get(where)
    assert "holds remarks between the words" in page
    editor.post(where, seen=hidden(page, "seen"), **HEAD, **{"words-free_then": "Och?"})
    assert own(authoring, "sv").startswith("# Ours\nlanguage: sv\n")
    assert "# why" not in own(authoring, "sv")
