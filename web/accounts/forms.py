"""The forms of sign-in, account and users."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

from web.security.passwords import SHORTEST
from web.store import Role

ROLE_NAMES: dict[Role, Any] = {
    Role.INTERVIEWER: _l("Interviewer"),
    Role.TRAINEE: _l("Trainee"),
    Role.SUPERVISOR: _l("Supervisor"),
    Role.ADMINISTRATOR: _l("Administrator"),
}
PASSWORD_REASONS = {
    "short": _l("Use at least %(count)s signs. A short sentence works well.", count=SHORTEST),
    "long": _l("This is longer than the console can take. Use at most 128 signs."),
    "common": _l("This password is well known and would be guessed. Choose another."),
    "name": _l("The password should not be your name. Choose another."),
}
_NO_NUL = Regexp(r"[^\0]*\Z", message=_l("This holds a sign that cannot be kept."))
_REQUIRED = InputRequired(_l("Please fill this in."))


def _password(label: Any, autocomplete: str, *validators: Any) -> PasswordField:
    """Bounded far above the longest password, so that nobody can make the hash work on a novel."""
    return PasswordField(
        label, [_REQUIRED, Length(max=1000), *validators], render_kw={"autocomplete": autocomplete}
    )


class SignInForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        _l("Name"),
        [_REQUIRED, Length(max=80), _NO_NUL],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = _password(_l("Password"), "current-password")


class PasswordForm(FlaskForm):  # type: ignore[misc]
    current = _password(_l("Password now"), "current-password")
    new = _password(_l("New password"), "new-password")
    again = _password(
        _l("New password, once more"),
        "new-password",
        EqualTo("new", _l("The two new passwords are not the same.")),
    )


class LanguageForm(FlaskForm):  # type: ignore[misc]
    locale = SelectField(_l("Language of the console"))


class UserForm(FlaskForm):  # type: ignore[misc]
    full_name = StringField(_l("Full name"), [Length(max=120), _NO_NUL], render_kw={"autocomplete": "off"})
    role = SelectField(
        _l("Role"), choices=[(role.value, name) for role, name in ROLE_NAMES.items()], coerce=Role
    )


class NewUserForm(UserForm):
    name = StringField(
        _l("Name to sign in with"),
        [_REQUIRED, Length(max=40)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
