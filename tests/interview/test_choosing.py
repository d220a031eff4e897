"""The order of the protocols on the page for a new interview, asked for without a script."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.conftest import csrf_token, put_in_force, sign_in
from tests.interview.parts import LIBRARY
from web.services import Services
from web.store import Interview, Role, User

PATH = "/interviews/new"
TYPED = {
    "case_code": "K-2026-17",
    "child_language": "ar",
    "persons_present": "an interpreter",
    "told_words": "in plain words",
    "assent": "yes",
    "preparation": "a purple elephant",
}
Users = dict[Role, User]


@pytest.fixture
def anna(client: FlaskClient, users: Users) -> FlaskClient:
    sign_in(client, users[Role.INTERVIEWER])
    return client


def sort(client: FlaskClient, **said: str) -> str:
    data = {"csrf_token": csrf_token(client, PATH), "sort": "1", **TYPED, **said}
    answer = client.post(PATH, data=data)
    assert answer.status_code == 200
    return answer.text


def order(page: str) -> list[str]:
    return re.findall(r'<li data-protocol="(\w+)"', page)


def item(page: str, protocol: str) -> str:
    found = re.search(rf'<li data-protocol="{protocol}".*?</details>', page, re.S)
    assert found
    return html.unescape(found[0])


def made(app: Flask) -> int:
    services: Services = app.extensions["tellmore"]
    with services.database.read() as session:
        return session.scalar(select(func.count()).select_from(Interview)) or 0


def test_before_anything_is_said_all_protocols_stand_by_name(anna: FlaskClient) -> None:
    page = anna.get(PATH).text
    flows = sorted(LIBRARY.flows.values(), key=lambda flow: (flow.kind != "interview", flow.title))
    assert order(page) == [flow.id for flow in flows]
    assert "What it needs" in item(page, "sequential")
    assert "disabled" not in "".join(re.findall(r'<input[^>]*name="protocol"[^>]*>', page))


def test_the_order_comes_with_reasons_for_and_against_needs_and_sources(
    anna: FlaskClient, app: Flask
) -> None:
    page = sort(anna, setting="child_house", child_age="9", purpose="after_reluctance")
    assert sorted(order(page)) == sorted(LIBRARY.flows)
    assert order(page)[0] == "nichd_revised_2014"
    assert "In order of fit for: Barnahus" in html.unescape(page)
    best, other = item(page, "nichd_revised_2014"), item(page, "sequential")
    assert "Made for a child who holds back" in best
    assert best.count("Hershkowitz et al. 2021<") == 1
    assert "[S:" not in best
    assert '<li class="against">' in other
    assert "Made for children of 3 to 6; this child is 9." in other
    assert "half an hour of pause" in other
    assert "(not verified)" in page
    assert "(not verified)" not in best.partition("<details>")[0]
    assert made(app) == 0


def test_who_meets_a_child_first_sees_the_first_contacts_above_every_interview(anna: FlaskClient) -> None:
    for said in (
        {"setting": "school", "purpose": "after_reluctance"},
        {"setting": "police", "purpose": "asylum_claim"},
    ):
        page = sort(anna, child_age="8", **said)
        assert [LIBRARY.flows[one].kind for one in order(page)[:3]] == ["first_contact"] * 2 + ["interview"]


def test_nothing_typed_or_chosen_is_lost_by_sorting(anna: FlaskClient) -> None:
    page = sort(anna, setting="police", child_age="9", purpose="first_account", protocol="ten_step")
    for words in ("K-2026-17", "an interpreter", "in plain words", "a purple elephant"):
        assert words in page
    assert re.search(r'<option selected value="ar"', page)
    assert re.search(r'<option selected value="police"', page)
    assert re.search(r'<input[^>]*checked[^>]*value="ten_step"', page)
    assert 'class="error"' not in page


def test_only_those_for_another_age_cannot_be_chosen_and_say_why(anna: FlaskClient) -> None:
    page = sort(anna, child_age="4", protocol="dialogical")
    out = [flow.id for flow in LIBRARY.flows.values() if flow.ages[0] > 4]
    assert sorted(order(page)[: -len(out)] + out) == sorted(LIBRARY.flows)
    for protocol in LIBRARY.flows:
        radio = re.search(rf'<input[^>]*value="{protocol}"[^>]*>', page)
        assert radio
        assert ("disabled" in radio[0]) == (protocol in out and protocol != "dialogical")
    assert "children of 5 to 17 years; this child is 4" in item(
        page.replace(' class="outside"', ""), "asylum"
    )


def test_a_choice_that_the_age_forbids_is_still_refused(anna: FlaskClient, app: Flask) -> None:
    data = {"csrf_token": csrf_token(anna, PATH), **TYPED, "child_age": "4", "protocol": "dialogical"}
    page = anna.post(PATH, data=data).text
    assert "This protocol is for children of 6 to 17 years." in page
    assert order(page)[0] == "sequential"
    assert made(app) == 0


def test_the_best_fit_is_not_chosen_for_anybody_and_any_other_is_taken(anna: FlaskClient, app: Flask) -> None:
    said = {"setting": "asylum", "child_age": "15", "purpose": "asylum_claim"}
    assert not re.search(r'<input[^>]*checked[^>]*name="protocol"', sort(anna, **said))
    data = {"csrf_token": csrf_token(anna, PATH), **TYPED, **said, "protocol": "minimal_facts"}
    assert anna.post(PATH, data=data).status_code == 302
    assert made(app) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("setting", "<script>alert(1)</script>"),
        ("setting", "police\x00"),
        ("setting", "x" * 100_000),
        ("purpose", "../../etc/passwd"),
        ("purpose", "{0.__class__}%s"),
        ("child_age", "-1"),
        ("child_age", "1e9"),
        ("child_age", "9" * 60),
        ("child_age", "<b>nine</b>"),
        ("child_age", "٩"),
        ("protocol", "<script>alert(1)</script>"),
    ],
)
def test_hostile_answers_do_no_harm_and_count_as_not_said(anna: FlaskClient, field: str, value: str) -> None:
    page = sort(anna, **{field: value})
    assert sorted(order(page)) == sorted(LIBRARY.flows)
    assert "<script>alert" not in page
    assert "<b>nine" not in page
    assert "purple elephant" in page
    if field in ("setting", "purpose"):
        assert re.search(rf'id="{field}-error"', page)


def test_an_address_says_nothing(anna: FlaskClient) -> None:
    page = anna.get(f"{PATH}?setting=police&child_age=4&purpose=first_account&sort=1").text
    assert order(page) == order(anna.get(PATH).text)


def test_without_the_token_there_is_no_order(anna: FlaskClient) -> None:
    assert anna.post(PATH, data={"sort": "1", "child_age": "4"}).status_code == 400


def test_enter_in_a_field_goes_on_and_does_not_sort(anna: FlaskClient) -> None:
    form = anna.get(PATH).text.partition('<form method="post" novalidate')[2]
    assert "name=" not in re.findall(r"<button[^>]*>", form)[0]


def test_a_flow_of_an_agency_that_nobody_wrote_about_stays_in_the_list(anna: FlaskClient, app: Flask) -> None:
    services: Services = app.extensions["tellmore"]
    put_in_force(services, replace(LIBRARY, fit=replace(LIBRARY.fit, flows={})))
    page = sort(anna, setting="police", child_age="9", purpose="first_account")
    assert len(order(page)) == len(LIBRARY.flows)
    assert page.count("Nobody has written down yet") == len(LIBRARY.flows)
