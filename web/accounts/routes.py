"""Sign-in, sign-out and one's own account."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.accounts.forms import PASSWORD_REASONS, ROLE_NAMES, LanguageForm, PasswordForm, SignInForm
from web.accounts.service import Accounts, TooManyAttempts, WrongPassword
from web.problems import Problem
from web.security import Permission, current_user, needs, public
from web.security.here import services
from web.security.identity import COOKIE_KEY, current_identity
from web.security.passwords import WeakPassword
from web.security.rate import limiter

blueprint = Blueprint("accounts", __name__, template_folder="templates")


def accounts() -> Accounts:
    here = services()
    return Accounts(here.config, here.database)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("30/minute", methods=["POST"])
def sign_in() -> ResponseReturnValue:
    if request.method == "GET" and current_identity() is not None:
        return redirect(url_for("start.page"))
    form = SignInForm()
    status = 200
    if form.validate_on_submit():
        try:
            return _signed_in(accounts().sign_in(form.name.data, form.password.data)[0])
        except WrongPassword:
            form.form_errors.append(_("Name and password do not fit together. Check both and try again."))
            status = 403
        except TooManyAttempts:
            form.form_errors.append(_("Too many attempts with this name. Wait a minute and try again."))
            status = 429
    elif form.is_submitted():
        status = 422
    return render_template("accounts/sign_in.html", form=form), status


def _signed_in(token: str) -> Response:
    old = session.get(COOKIE_KEY)
    identity = current_identity()
    if old and identity is not None:
        accounts().end_session(identity.user, identity.session_id, "signed in anew")
    session.clear()  # a new CSRF token too
    session[COOKIE_KEY] = token
    return redirect(_local(request.args.get("next", "")) or url_for("start.page"))


def _local(target: str) -> str | None:
    """Only a path of our own; nobody can send a person elsewhere through us."""
    parts = urlsplit(target)
    plain = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return parts.path if plain and not parts.scheme and not parts.netloc else None


@blueprint.post("/sign-out")
@needs(Permission.ACCOUNT)
def sign_out() -> Response:
    identity = current_identity()
    if identity is not None:
        accounts().sign_out(identity.user, identity.session_id)
    session.clear()
    response = redirect(url_for("accounts.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@blueprint.get("/account")
@needs(Permission.ACCOUNT)
def account() -> str:
    identity = current_identity()
    assert identity is not None
    form = LanguageForm(locale=identity.user.locale)
    form.locale.choices = list(_languages().items())
    mine = accounts().sessions_of(identity.user)
    return render_template(
        "accounts/account.html", form=form, sessions=mine, this=identity.session_id, roles=ROLE_NAMES
    )


@blueprint.post("/account/language")
@needs(Permission.ACCOUNT)
def language() -> Response:
    chosen = request.form.get("locale", "")
    if chosen not in _languages():
        raise Problem(422, _("The console does not speak this language"), _("Nothing was changed."))
    accounts().set_locale(current_user(), chosen)
    return redirect(url_for("accounts.account"))


@blueprint.route("/account/password", methods=["GET", "POST"])
@needs(Permission.ACCOUNT)
def password() -> ResponseReturnValue:
    form = PasswordForm()
    identity = current_identity()
    assert identity is not None
    if form.validate_on_submit():
        try:
            accounts().change_password(identity.user, identity.session_id, form.current.data, form.new.data)
        except WeakPassword as error:
            form.new.errors = [*form.new.errors, PASSWORD_REASONS[error.reason]]
        except WrongPassword:
            form.current.errors = [*form.current.errors, _("This is not your password.")]
        except TooManyAttempts:
            form.current.errors = [*form.current.errors, _("Too many attempts. Wait a minute and try again.")]
        else:
            flash(_("Your password is changed. All your other sessions are ended."))
            return redirect(url_for("accounts.account"))
    return render_template("accounts/password.html", form=form), 422 if form.errors else 200


@blueprint.post("/account/sessions/<session_id>/end")
@needs(Permission.ACCOUNT)
def end_session(session_id: str) -> Response:
    if not accounts().end_session(current_user(), session_id):
        raise Problem(404)
    flash(_("The session is ended."))
    return redirect(url_for("accounts.account"))


@blueprint.post("/account/sessions/end-others")
@needs(Permission.ACCOUNT)
def end_others() -> Response:
    identity = current_identity()
    assert identity is not None
    accounts().end_other_sessions(identity.user, identity.session_id)
    flash(_("All your other sessions are ended."))
    return redirect(url_for("accounts.account"))


def _languages() -> dict[str, str]:
    languages: dict[str, str] = current_app.extensions["tellmore.languages"]
    return languages
