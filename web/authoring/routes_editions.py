"""Editions: which there have been, what each changed, and going back to one."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.authoring import naming
from web.authoring.typed import visible
from web.security import Permission, current_user, needs
from web.security.here import services

blueprint = Blueprint("editions", __name__, template_folder="templates", url_prefix="/protocols/editions")
_NUMBER = "/<int(max=1000000000):number>"


@blueprint.get("")
@needs(Permission.PROTOCOLS_EDIT)
def index() -> str:
    here = services()
    return render_template(
        "authoring/editions.html", editions=here.authoring.history(), trouble=here.libraries.trouble
    )


@blueprint.get(_NUMBER)
@needs(Permission.PROTOCOLS_EDIT)
def show(number: int) -> str:
    """What an edition changed of the one before it."""
    here = services()
    lines = {line.number: line for line in here.authoring.history()}
    if number not in lines:
        abort(404)
    before = max((other for other in lines if other < number), default=0)
    return render_template(
        "authoring/edition.html",
        edition=lines[number],
        changes=here.authoring.diff(before, number),
        own=sorted(here.authoring.edition(number)),
        naming=naming,
        library=here.libraries.of(lines[number].digest),
        visible=visible,
    )


@blueprint.post(_NUMBER + "/restore")
@needs(Permission.PROTOCOLS_EDIT)
def restore(number: int) -> Response:
    """A draft that brings back what was in force then; nothing changes before it is published."""
    draft = services().authoring.restore(number, current_user())
    flash(
        _("This draft makes your own files what they were in edition %(n)d. Publish it to go back.", n=number)
    )
    return redirect(url_for("drafts.show", draft_id=draft.id))
