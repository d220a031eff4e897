"""The page of packs: everything a pack says stands on it, with its source, and with the words it replaces."""

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


@pytest.fixture
def page(client: FlaskClient, users: dict[Role, User]) -> str:
    sign_in(client, users[Role.TRAINEE])
    return html.unescape(re.sub(r"</?(bdi|a)\b[^>]*>", "", client.get("/protocols/packs").text))


def section(page: str, pack: str) -> str:
    return page.split(f'id="pack-{pack}"')[1].split('id="pack-', maxsplit=1)[0]


@pytest.mark.parametrize("pack", LIBRARY.packs.values(), ids=LIBRARY.packs)
def test_all_of_a_pack_is_there(page: str, pack: Pack) -> None:
    found = section(page, pack.id)
    assert pack.purpose in found
    assert pack.offered in found
    for one in pack.advice:
        assert one.text in found
        assert one.why in found
        assert one.source in found
    for card, own in pack.wording.items():
        for text in (own.text, LIBRARY.wording(card).text):
            for piece in re.split(r"\{[^{}]*\}", text):
                assert piece in found
    only = sum(one.interview_only for one in pack.advice)
    assert found.count("Not in a first contact.") == only


def test_every_cited_work_is_listed_once(page: str) -> None:
    works = page.split('class="works"')[1]
    cited = {
        mark for pack in LIBRARY.packs.values() for one in pack.advice for mark in markup.cited(one.source)
    }
    assert cited
    for mark in cited:
        assert works.count(f'id="{markup.anchor(mark)}"') == 1


def test_the_list_of_protocols_leads_there(client: FlaskClient, users: dict[Role, User]) -> None:
    sign_in(client, users[Role.INTERVIEWER])
    assert 'href="/protocols/packs"' in client.get("/protocols").text
