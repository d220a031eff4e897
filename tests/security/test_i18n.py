"""The language of the console: the account's, else the browser's, else English."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from tests.conftest import PASSWORD, csrf_token, make_app, make_config, make_users
from web.i18n import available
from web.store import Role, User, migrate


@pytest.fixture
def speaking(tmp_path: Path, catalogs: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr("web.i18n.init_i18n.__defaults__", (catalogs,))
    config = make_config(tmp_path / "home")
    migrate.upgrade(config)
    return make_app(config)


@pytest.mark.parametrize(
    ("wish", "start"),
    [
        ("sv-SE,sv;q=0.9,en;q=0.5", '<html lang="sv" dir="ltr">'),
        ("ar", '<html lang="ar" dir="rtl">'),
        ("fi", '<html lang="en" dir="ltr">'),
        ("", '<html lang="en" dir="ltr">'),
    ],
)
def test_the_browsers_wish_counts_where_there_is_a_catalog(speaking: Flask, wish: str, start: str) -> None:
    text = speaking.test_client().get("/sign-in", headers={"Accept-Language": wish}).text
    assert start in text
    heading = {"sv": "Logga in", "ar": "تسجيل الدخول"}.get(start[12:14], "Sign in")
    assert f"<h1>{heading}</h1>" in text


def test_the_accounts_language_beats_the_browsers(speaking: Flask) -> None:
    database = speaking.extensions["tellmore"].database
    user = make_users(database)[Role.TRAINEE]
    client = speaking.test_client()
    data = {"csrf_token": csrf_token(client), "name": user.name, "password": PASSWORD}
    client.post("/sign-in", data=data)
    wish = {"Accept-Language": "sv"}
    form = {"csrf_token": csrf_token(client, "/account"), "locale": "ar"}
    assert client.post("/account/language", data=form).status_code == 302
    assert 'lang="ar" dir="rtl"' in client.get("/account", headers=wish).text
    with database.write() as session:
        session.execute(update(User).values(locale="xx"))  # a catalog that was removed
    assert 'lang="sv"' in client.get("/account", headers=wish).text


def test_only_known_languages_can_be_chosen(speaking: Flask) -> None:
    database = speaking.extensions["tellmore"].database
    client = speaking.test_client()
    user = make_users(database)[Role.TRAINEE]
    data = {"csrf_token": csrf_token(client), "name": user.name, "password": PASSWORD}
    client.post("/sign-in", data=data)
    form = {"csrf_token": csrf_token(client, "/account"), "locale": "../../etc"}
    assert client.post("/account/language", data=form).status_code == 422


def test_catalogs_name_themselves(catalogs: Path) -> None:
    assert available(catalogs) == {"en": "English", "ar": "العربية", "sv": "svenska"}
    assert available(catalogs / "nowhere") == {"en": "English"}
