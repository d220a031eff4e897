"""The pages of the protocol library, for every role and in every language of its wording."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from protocols.library import Library, load_library
from protocols.reading import numbers, ways
from tests.conftest import put_in_force, sign_in
from web.library import markup
from web.services import Services
from web.store import Role, User

LIBRARY = load_library()
Users = dict[Role, User]


@pytest.fixture
def reader(client: FlaskClient, users: Users) -> FlaskClient:
    sign_in(client, users[Role.INTERVIEWER])
    return client


@pytest.fixture
def services(app: Flask) -> Services:
    found: Services = app.extensions["tellmore"]
    return found


def card(page: str, card_id: str) -> str:
    """The first place where a card stands on a page."""
    found = re.search(rf'<li class="prompt[^"]*" data-card="{card_id}">.*?</li>', page, re.S)
    assert found, f"{card_id} is not on the page"
    return html.unescape(found[0])


def step(page: str, step_id: str) -> str:
    found = re.search(
        rf'<section class="step-section" id="step-{re.escape(step_id)}".*?</section>', page, re.S
    )
    assert found, f"{step_id} is not on the page"
    return html.unescape(found[0])


@pytest.mark.parametrize("role", Role)
def test_every_role_finds_every_protocol(client: FlaskClient, users: Users, role: Role) -> None:
    sign_in(client, users[role])
    assert 'href="/protocols"' in client.get("/").text
    page = client.get("/protocols").text
    for flow in LIBRARY.flows.values():
        assert f'href="/protocols/{flow.id}"' in page
        assert str(escape(flow.title)) in page
        assert str(escape(flow.purpose)) in page
        assert str(escape(markup.without_marks(flow.sources[0]))) in page
    assert client.get("/protocols/minimal_facts").status_code == 200


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    for path in ("/protocols", "/protocols/minimal_facts"):
        assert client.get(path).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "path",
    [
        "nothing",
        "..%2fcommon",
        "nichd_revised_2014%00",
        "minimal_facts?language=xx",
        "minimal_facts?language=AR",
        "minimal_facts?language=../en",
        "minimal_facts?language=%00",
    ],
)
def test_what_there_is_not_is_not_found(reader: FlaskClient, path: str) -> None:
    assert reader.get(f"/protocols/{path}").status_code == 404


@pytest.mark.parametrize("flow_id", sorted(LIBRARY.flows))
def test_every_card_and_step_of_a_flow_is_on_its_page(reader: FlaskClient, flow_id: str) -> None:
    flow = LIBRARY.flows[flow_id]
    page = reader.get(f"/protocols/{flow_id}").text
    for one in flow.cards.values():
        shown = card(page, one.id)
        words = markup.with_slots(LIBRARY.wording(one.id).text, LIBRARY)
        assert words.striptags() in markup.Markup(shown).striptags()
        assert one.why in shown
        assert ("not verified" in shown) is not one.verified
    for number, (step_id, at) in enumerate(flow.steps.items(), start=1):
        shown = step(page, step_id)
        assert f"{number}. {at.title}" in shown
        for way in ways(at):
            to = flow.steps[way.to]
            assert f'href="#step-{to.id}">{numbers(flow)[to.id]}. {to.title}' in shown
    for source in flow.sources:
        assert str(markup.with_links(source)) in page
    assert all(f'id="{anchor}"' in page for anchor in re.findall(r'href="#(source-[^"]+)"', page))


@pytest.mark.parametrize("language", [code for code in LIBRARY.languages() if code != "en"])
def test_draft_wording_is_shown_as_such_beside_the_english(reader: FlaskClient, language: str) -> None:
    page = reader.get(f"/protocols/minimal_facts?language={language}").text
    shown = card(page, "contact_tell")
    direction = "rtl" if language == "ar" else "ltr"
    assert LIBRARY.wording("contact_tell", language).text in shown
    assert f'lang="{language}" dir="{direction}"' in shown
    assert "Draft wording, not validated" in shown
    assert "Tell me what happened." in shown
    assert f'<option value="{language}" selected>' in page
    assert "Draft" not in card(page, "contact_listen")  # an instruction is for the interviewer


def test_english_is_no_draft_and_stands_alone(reader: FlaskClient) -> None:
    shown = card(reader.get("/protocols/minimal_facts").text, "contact_tell")
    assert "Draft" not in shown
    assert shown.count("Tell me what happened.") == 1


def test_words_missing_in_a_language_are_said_to_be_missing(reader: FlaskClient, services: Services) -> None:
    words = {
        key: text
        for key, text in services.libraries.shipped._wording.items()
        if key != ("contact_tell", "ar")
    }
    put_in_force(services, replace(services.libraries.shipped, _wording=words))
    shown = card(reader.get("/protocols/minimal_facts?language=ar").text, "contact_tell")
    assert "Not in Arabic yet" in shown
    assert 'lang="en" dir="ltr"' in shown


SHOWN = {
    ("minimal_facts", "contact_tell"): ["Open prompt"],
    ("minimal_facts", "contact_listen"): ["For you, not to be said"],
    ("minimal_facts", "contact_who"): ["Wh question", "Locked until 1 open prompt about this time was said."],
    ("nichd_revised_2014", "ladder_talked"): ["Rung 3 of 7. No rung is skipped."],
    ("nichd_revised_2014", "ladder_summary"): [
        "Locked until you note: The team has decided on the last step"
    ],
    ("nichd_revised_2014", "focus_where"): ["Locked until 3 open prompts about this time were said."],
    ("nichd_revised_2014", "option_anyone"): ["Closed question", "the child is asked openly again"],
    ("nichd_revised_2014", "sup_so_it_stops"): [
        'class="prompt off"',
        "Switched off because it is contested",
        "promises an outcome",
    ],
}


@pytest.mark.parametrize(("flow_id", "card_id"), SHOWN)
def test_a_card_shows_its_kind_its_locks_and_whether_it_is_off(
    reader: FlaskClient, flow_id: str, card_id: str
) -> None:
    shown = card(reader.get(f"/protocols/{flow_id}").text, card_id)
    assert [text for text in SHOWN[flow_id, card_id] if text not in shown] == []


def test_what_is_free_is_not_called_locked(reader: FlaskClient) -> None:
    page = reader.get("/protocols/nichd_revised_2014").text
    assert "Locked" not in card(page, "free_everything")
    assert 'class="prompt"' in card(page, "sup_encourage")


def test_what_holds_at_every_step_is_said(reader: FlaskClient) -> None:
    page = html.unescape(reader.get("/protocols/minimal_facts").text)
    assert "if we know enough to act on safety" in page
    assert "As soon as the child begins to tell" in page


def test_hostile_texts_of_an_agency_stay_text(reader: FlaskClient, services: Services) -> None:
    bad = "<script>alert(1)</script>\"'{cue}100%s %(x)s"
    put_in_force(services, hostile(services.libraries.shipped, bad))
    for path in ("/protocols", "/protocols/minimal_facts"):
        page = reader.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text


def hostile(library: Library, bad: str) -> Library:
    flow = library.flows["minimal_facts"]
    cards = {name: replace(one, why=bad, source=f"{bad} [S:90]") for name, one in flow.cards.items()}
    steps = {name: replace(one, title=bad) for name, one in flow.steps.items()}
    phases = tuple(replace(phase, title=bad) for phase in flow.phases)
    broken = replace(
        flow, title=bad, purpose=bad, sources=(bad,), cards=cards, steps=steps, phases=phases, version=bad
    )
    words = {
        key: replace(text, text=bad, note=bad) if key[1] == "en" else text
        for key, text in library._wording.items()
    }
    return replace(library, flows={flow.id: broken}, _wording=words)


def test_the_new_interview_page_leads_to_each_protocol(reader: FlaskClient) -> None:
    page = reader.get("/interviews/new").text
    for flow in LIBRARY.flows:
        assert f'href="/protocols/{flow}"' in page


def test_the_page_keeps_the_strict_policy(reader: FlaskClient) -> None:
    page = reader.get("/protocols/abe_2022").text
    assert not re.search(r"\sstyle=|<style|\son\w+=", page)
    assert re.search(r'<div class="drawing" tabindex="0" role="region" aria-labelledby="drawing"><svg', page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
