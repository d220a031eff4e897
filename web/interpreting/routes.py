"""Notes about the interpreter, and the report on how words came over."""

from __future__ import annotations

import secrets

from babel import Locale
from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.interpreting import naming
from web.interpreting.checklists import checklists
from web.interpreting.model import text_of
from web.interpreting.notes import LISTS, NoteIn
from web.interpreting.service import present
from web.interview import access
from web.interview.errors import Conflict, Invalid
from web.interview.forms import language_choices
from web.interview.routes_api import mine
from web.interview.schemas import checked
from web.interview.tongues import same
from web.interview.words import name_of
from web.library.naming import say
from web.security import Permission, current_user, needs
from web.services import services
from web.store import Interview, InterviewState

blueprint = Blueprint("interpreting", __name__, template_folder="templates")


def _interview(interview_id: str, permission: Permission) -> Interview:
    with services().database.read() as session:
        return access.load(session, current_user(), interview_id, permission)


@blueprint.get("/interviews/<interview_id>/interpreter")
@needs(Permission.INTERVIEW_READ)
def notes(interview_id: str) -> str:
    """Who interprets, what was agreed, and what happened."""
    interview = _interview(interview_id, Permission.INTERVIEW_READ)
    services().interviews.opened(interview, current_user())
    return _page(interview)


@blueprint.post("/interviews/<interview_id>/interpreter/<kind>")
@needs(Permission.INTERVIEW_CONDUCT)
def write(interview_id: str, kind: str) -> Response | tuple[str, int]:
    interview = _interview(interview_id, Permission.INTERVIEW_CONDUCT)
    given = NoteIn(request.form.get("key", ""), kind, _values(kind))
    try:
        services().interpreting.write(interview.id, current_user().id, given)
    except (Invalid, Conflict) as problem:
        return _page(interview, kind, problem), problem.status
    flash(_("Noted."))
    return redirect(url_for("interpreting.notes", interview_id=interview.id))


@blueprint.post("/api/interviews/<interview_id>/interpreter")
@needs(Permission.INTERVIEW_CONDUCT)
def note(interview_id: str) -> Response:
    here, interview = mine(interview_id, Permission.INTERVIEW_CONDUCT)
    body = checked("InterpreterNote", request.get_json(silent=True))
    given = NoteIn(body.pop("key"), body.pop("note"), body)
    return jsonify({"seq": here.interpreting.write(interview.id, current_user().id, given)})


@blueprint.get("/interviews/<interview_id>/interpreting")
@needs(Permission.INTERVIEW_READ)
def drift(interview_id: str) -> str:
    """What was asked beside what was interpreted. Whoever holds the interview reads it once it is closed."""
    interview = _interview(interview_id, Permission.INTERVIEW_READ)
    here = services()
    here.interviews.opened(interview, current_user())
    early, alone = _early(interview), same(interview.interviewer_language, interview.child_language)
    look = None if early or alone else here.comparison.look(interview, here.config.home / "packages")
    if look and look.wanted and not here.jobs.waits("compare"):
        here.jobs.compare(interview.id)
    return render_template(
        "interpreting/drift.html",
        interview=interview,
        early=early,
        mine=interview.interviewer_id == current_user().id,
        alone=alone,
        look=look,
        report=look.report if look else None,
        naming=naming,
        texts=text_of,
        kind=lambda type_: name_of("types", type_, str(get_locale())) if type_ else "",
    )


@blueprint.get("/interviews/<interview_id>/interpreting/progress")
@needs(Permission.INTERVIEW_READ)
def progress(interview_id: str) -> Response:
    """How far the worker is, for the page that waits for it."""
    interview = _interview(interview_id, Permission.INTERVIEW_READ)
    if _early(interview):
        return jsonify({"running": False, "texts": {}})
    here = services()
    look = here.comparison.look(interview, here.config.home / "packages")
    return jsonify({"running": look.done < look.of, "texts": {"over": naming.progress(look.done, look.of)}})


def _early(interview: Interview) -> bool:
    return interview.interviewer_id == current_user().id and interview.state is not InterviewState.CLOSED


def _values(kind: str) -> dict[str, object]:
    """The form's fields as the note has them: boxes are true or false, lines of a checklist a list."""
    form = request.form
    if kind in LISTS:
        return {"done": form.getlist("done"), "words": form.get("words", "")}
    plain: dict[str, object] = {
        name: form[name] for name in form if name not in ("key", "csrf_token", "sworn", "witness")
    }
    if kind != "present":
        return plain
    witness = {"yes": True, "no": False}.get(form.get("witness", ""))
    return {**plain, "sworn": "sworn" in form, "witness": witness}


def _page(interview: Interview, kind: str = "", problem: Invalid | Conflict | None = None) -> str:
    here = services()
    written = here.interpreting.read(interview)
    return render_template(
        "interpreting/notes.html",
        interview=interview,
        notes=written,
        now=present(written),
        known=checklists(),
        may_write=access.may(current_user(), interview, Permission.INTERVIEW_CONDUCT),
        languages=[(choice.value, choice.label) for choice in language_choices()],
        choices=lambda named: [(value, say(text)) for value, text in named.items()],
        language_name=_language_name,
        keys={name: secrets.token_hex(16) for name in ("present", "objection", "replaced", *LISTS)},
        failed=kind if problem else "",
        problem=problem,
        form=request.form if problem else {},
        naming=naming,
    )


def _language_name(code: str) -> str:
    return Locale.parse(code, sep="-").get_display_name(get_locale() or Locale("en")) or code
