"""Which language the console speaks: the account's, else the browser's, else English."""

from __future__ import annotations

from pathlib import Path

from babel import Locale
from flask import Flask, request
from flask_babel import Babel

from web.security.identity import current_identity

FOLDER = Path(__file__).parent / "translations"
SOURCE = "en"


def available(folder: Path = FOLDER) -> dict[str, str]:
    """Locale code -> its own name, for every compiled catalog, English first."""
    codes = [SOURCE, *sorted(path.parents[1].name for path in folder.glob("*/LC_MESSAGES/messages.mo"))]
    return {code: Locale.parse(code).get_display_name() or code for code in dict.fromkeys(codes)}


def init_i18n(app: Flask, folder: Path = FOLDER) -> None:
    languages = available(folder)

    def choose() -> str:
        identity = current_identity()
        if identity is not None and identity.user.locale in languages:
            return identity.user.locale
        return request.accept_languages.best_match(list(languages)) or SOURCE

    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder)
    app.extensions["tellmore.languages"] = languages
    Babel(app, default_locale=SOURCE, locale_selector=choose)
