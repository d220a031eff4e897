"""The pages, as an administrator sees them."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import sign_in
from web.accuracy import results
from web.store import Role, User


@pytest.fixture
def desk(client: FlaskClient, users: dict[Role, User], folder: Path) -> FlaskClient:
    sign_in(client, users[Role.ADMINISTRATOR])
    return client


def test_figures_come_with_their_intervals_and_numbers(desk: FlaskClient) -> None:
    page = desk.get("/accuracy/").text
    for text in ("90.0&nbsp;%", "between 80.0&nbsp;% and", "Not the child&#39;s words", "Look at 4 mistakes"):
        assert text in page, text
    assert "not about any child" in page


def test_a_cell_of_the_matrix_leads_to_its_mistakes(desk: FlaskClient) -> None:
    page = desk.get("/accuracy/mistakes?kind=type&gold=yes_no&coded=non_question").text
    assert "He pushed you?" in page
    assert "1 turn of 4" in page
    assert "Closed question taken for No question" in page


def test_a_mistake_is_shown_in_its_dialogue_in_words(desk: FlaskClient) -> None:
    page = desk.get("/accuracy/mistakes?kind=answer").text
    assert "He pushed you?" in page  # before it
    assert "Corrects you taken for Short answer" in page
    assert "&lt;b&gt;and&lt;/b&gt;" in page


def test_pages_follow_each_other_and_keep_the_choice(
    desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.accuracy.choosing.PER_PAGE", 1)
    page = desk.get("/accuracy/mistakes?label=flag:new_info&page=2").text
    assert "Page 2 of 2" in page
    assert "page=1&amp;kind=flag&amp;label=flag:new_info" in page
    assert "Page 2 of 2" in desk.get("/accuracy/mistakes?label=flag:new_info&page=99").text


@pytest.mark.parametrize("query", ["page=x", "page=-1", "kind=%00", "label=:", "gold=a&coded=b"])
def test_odd_addresses_are_harmless(desk: FlaskClient, query: str) -> None:
    assert desk.get(f"/accuracy/mistakes?{query}").status_code == 200


@pytest.mark.parametrize("path", ["/accuracy/", "/accuracy/mistakes"])
def test_where_nobody_measured_the_page_says_how(desk: FlaskClient, folder: Path, path: str) -> None:
    (folder / results.RESULTS).unlink()
    page = desk.get(path).text
    assert "Nobody has measured it" in page
    assert "python -m bench.accuracy --keep nlu_data/held_out/results.json" in page


def test_a_broken_file_is_told(desk: FlaskClient, folder: Path) -> None:
    (folder / results.RESULTS).write_text("{", "utf-8")
    assert "cannot be read" in desk.get("/accuracy/").text


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.INTERVIEWER, Role.TRAINEE])
def test_only_administrators_are_led_there(
    client: FlaskClient, users: dict[Role, User], folder: Path, role: Role
) -> None:
    sign_in(client, users[role])
    assert client.get("/accuracy/").status_code == 403
    assert "/accuracy/" not in client.get("/account").text
