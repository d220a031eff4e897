"""The administrator's page of users."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from web.accounts.forms import ROLE_NAMES, NewUserForm, UserForm
from web.accounts.routes import accounts
from web.accounts.users import UserError, Users
from web.problems import Problem
from web.security import Permission, current_user, needs

blueprint = Blueprint("users", __name__, template_folder="templates", url_prefix="/users")

REASONS = {
    "name": _l("Use 2 to 40 small letters a–z, digits, dots, hyphens or underscores."),
    "taken": _l("Somebody already signs in with this name."),
    "last": _l("This is the only administrator. Make somebody else an administrator first."),
    "self": _l("You cannot take away your own rights. Ask another administrator."),
}


def users() -> Users:
    return Users(accounts())


def _refused(error: UserError) -> Problem:
    if error.reason == "gone":
        return Problem(404)
    return Problem(409, _("Nothing was changed"), str(REASONS[error.reason]))


@blueprint.get("/")
@needs(Permission.USERS_MANAGE)
def index() -> str:
    return render_template("accounts/users.html", users=users().everyone(), roles=ROLE_NAMES)


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.USERS_MANAGE)
def new() -> ResponseReturnValue:
    form = NewUserForm()
    if form.validate_on_submit():
        try:
            user, one_time = users().add(
                current_user(), form.name.data, form.full_name.data or "", form.role.data
            )
        except UserError as error:
            form.name.errors = [*form.name.errors, REASONS[error.reason]]
        else:
            return render_template("accounts/one_time.html", account=user, password=one_time)
    return render_template("accounts/user_new.html", form=form), 422 if form.errors else 200


@blueprint.route("/<user_id>", methods=["GET", "POST"])
@needs(Permission.USERS_MANAGE)
def edit(user_id: str) -> ResponseReturnValue:
    try:
        account = users().get(user_id)
        form = UserForm(full_name=account.full_name, role=account.role)
        if form.validate_on_submit():
            users().change(current_user(), user_id, form.full_name.data or "", form.role.data)
            flash(_("Saved."))
            return redirect(url_for("users.index"))
    except UserError as error:
        raise _refused(error) from error
    return render_template("accounts/user.html", form=form, account=account), 422 if form.errors else 200


@blueprint.post("/<user_id>/disable")
@needs(Permission.USERS_MANAGE)
def disable(user_id: str) -> Response:
    return _set_active(user_id, False)


@blueprint.post("/<user_id>/enable")
@needs(Permission.USERS_MANAGE)
def enable(user_id: str) -> Response:
    return _set_active(user_id, True)


def _set_active(user_id: str, active: bool) -> Response:
    try:
        users().set_active(current_user(), user_id, active)
    except UserError as error:
        raise _refused(error) from error
    flash(_("Saved."))
    return redirect(url_for("users.index"))


@blueprint.post("/<user_id>/reset-password")
@needs(Permission.USERS_MANAGE)
def reset_password(user_id: str) -> str:
    """The new password is shown in this answer and nowhere else."""
    if user_id == current_user().id:
        raise Problem(409, _("Nothing was changed"), _("Change your own password on your account page."))
    try:
        one_time = users().reset_password(current_user(), user_id)
        account = users().get(user_id)
    except UserError as error:
        raise _refused(error) from error
    return render_template("accounts/one_time.html", account=account, password=one_time)
