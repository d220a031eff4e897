"""The pages that bring a transcript in: choose a file, look at what is in it, confirm."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from web.authoring.naming import language_name
from web.importing import words
from web.importing.labels import AS_BEFORE, likely, without_name
from web.importing.model import BadTranscript
from web.importing.service import Waiting
from web.interview.errors import Conflict, Invalid
from web.interview.routes_api import mine
from web.security import Permission, body_limit, current_user, needs
from web.services import services
from web.store import Interview, InterviewState

blueprint = Blueprint(
    "importing", __name__, template_folder="templates", url_prefix="/interviews/<interview_id>/import"
)
OWN = Permission.INTERVIEW_CONDUCT
FIRST_TURNS = 12
MOST_PROBLEMS = 100


def _page(interview: Interview, found: Waiting | None, *errors: str, status: int = 200) -> tuple[str, int]:
    shown = render_template(
        "importing/page.html",
        interview=interview,
        found=found,
        errors=errors,
        empty=services().imports.empty(interview.id),
        closed=interview.state is InterviewState.CLOSED,
        sound=services().imports.has_sound(interview.id),
        chosen=request.form,
        language_name=language_name,
        words=words,
        likely=likely,
        without_name=without_name,
        as_before=AS_BEFORE,
        first_turns=FIRST_TURNS,
        most_problems=MOST_PROBLEMS,
    )
    return shown, status


@blueprint.get("")
@needs(OWN)
def page(interview_id: str) -> tuple[str, int]:
    here, interview = mine(interview_id, OWN)
    return _page(interview, here.imports.waiting(interview.id))


@blueprint.post("")
@needs(OWN)
@body_limit("max_import_bytes")
def offer(interview_id: str) -> tuple[str, int] | Response:
    here, interview = mine(interview_id, OWN)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(interview, None, _("Choose a file first."), status=422)
    try:
        here.imports.offer(interview.id, file.stream.read(), file.filename)
    except BadTranscript as error:
        return _page(interview, None, words.refusal(error), status=422)
    except Conflict as error:
        return _page(interview, None, error.detail, status=409)
    return redirect(url_for("importing.page", interview_id=interview.id), 303)


@blueprint.post("/confirm")
@needs(OWN)
def confirm(interview_id: str) -> tuple[str, int] | Response:
    here, interview = mine(interview_id, OWN)
    found = here.imports.waiting(interview.id)
    labels = list(found.transcript.speakers) if found else []
    roles = {label: request.form.get(f"role-{i}", "") for i, label in enumerate(labels)}
    try:
        done = here.imports.confirm(interview.id, request.form.get("sha256", ""), roles, current_user().id)
    except (Invalid, Conflict) as error:
        return _page(interview, found, error.detail, status=error.status)
    flash(ngettext("%(num)d turn was brought in.", "%(num)d turns were brought in.", done.turns))
    return redirect(url_for("interview_pages.live", interview_id=interview.id), 303)


@blueprint.post("/discard")
@needs(OWN)
def discard(interview_id: str) -> Response:
    here, interview = mine(interview_id, OWN)
    here.imports.discard(interview.id)
    return redirect(url_for("importing.page", interview_id=interview.id), 303)
