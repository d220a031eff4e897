"""The pages of packs: everything a pack says stands there, with sources and with the words it replaces."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from protocols.library import load_library
from protocols.packs import Pack
from tests.conftest import sign_in
from web.library import markup
from web.store import Role, User

LIBRARY = load_library()


@pytest.fixture(scope="module")
def bare() -> re.Pattern[str]:
    """Slots and links inside a sentence."""
    return re.compile(r"</?(bdi|a)\b[^>]*>")


@pytest.fixture
def reader(client: FlaskClient, users: dict[Role, User]) -> FlaskClient:
    sign_in(client, users[Role.TRAINEE])
    return client


def test_the_list_of_protocols_leads_to_every_pack(reader: FlaskClient) -> None:
    assert 'href="/protocols/packs"' in reader.get("/protocols").text
    page = reader.get("/protocols/packs").text
    places = [page.index(f'href="/protocols/packs/{pack}"') for pack in LIBRARY.packs]
    assert places == sorted(places)


@pytest.mark.parametrize("pack", LIBRARY.packs.values(), ids=LIBRARY.packs)
def test_all_of_a_pack_is_there(reader: FlaskClient, pack: Pack, bare: re.Pattern[str]) -> None:
    page = html.unescape(bare.sub("", reader.get(f"/protocols/packs/{pack.id}").text))
    for text in (pack.title, pack.purpose, pack.offered, *pack.sources):
        assert text in page
    for one in pack.advice:
        assert one.text in page
        assert one.why in page
        assert one.source in page
    for card, own in pack.wording.items():
        for text in (own.text, LIBRARY.wording(card).text):
            assert all(piece in page for piece in re.split(r"\{[^{}]*\}", text))
    unproved = sum(not one.verified for one in pack.advice)
    assert page.count("not verified in a source") == unproved
    assert page.count("Not in a first contact.") == sum(one.interview_only for one in pack.advice)


@pytest.mark.parametrize("pack", LIBRARY.packs.values(), ids=LIBRARY.packs)
def test_every_cited_work_is_listed_once(reader: FlaskClient, pack: Pack) -> None:
    page = reader.get(f"/protocols/packs/{pack.id}").text
    for mark in {mark for one in pack.advice for mark in markup.cited(one.source)}:
        assert page.count(f'id="{markup.anchor(mark)}"') == 1


@pytest.mark.parametrize("name", ["nothing", "..%2fpacks", "autism%00", "AUTISM"])
def test_an_unknown_pack_is_not_found(reader: FlaskClient, name: str) -> None:
    assert reader.get(f"/protocols/packs/{name}").status_code == 404
