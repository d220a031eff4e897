"""The transcript as corrected: its page, its steps, its certification, its files."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from web.interview import access
from web.interview.errors import Conflict, Invalid, NotFound
from web.interview.routes_api import mine
from web.interview.schemas import checked
from web.security import Permission, current_user, may, needs
from web.services import Services
from web.store import Interview, User
from web.transcript import canonical, page, uncertain
from web.transcript.exports import FORMS, Kept
from web.transcript.own_words import OwnWordIn
from web.transcript.record import Record
from web.transcript.service import StepIn
from web.transcript.texts import speakers

blueprint = Blueprint("transcript", __name__, template_folder="templates")
API = "/api/interviews/<interview_id>/transcript"
PAGE = "/interviews/<interview_id>/transcript"


@blueprint.get(PAGE)
@needs(Permission.INTERVIEW_READ)
def show(interview_id: str) -> str:
    here, interview = mine(interview_id, Permission.INTERVIEW_READ)
    here.transcripts.opened(interview, current_user(), "open")
    return _page(here, interview)


@blueprint.get(f"{PAGE}/changes")
@needs(Permission.INTERVIEW_READ)
def changes(interview_id: str) -> Response:
    """What differs from the state after step `after`, drawn: rows by id, the order of all, the history, and
    the names of that state and of this one."""
    here, interview = mine(interview_id, Permission.INTERVIEW_READ)
    after = request.args.get("after", 0, type=int)
    held = here.transcripts.read(interview)
    drawn = page.rows(held.now, _unsure(here, interview, held), held.now.touched_since(after))
    editable = _may(interview, Permission.TRANSCRIPT_CORRECT)
    past = page.history(held, _names(here))
    return jsonify(
        {
            "number": held.now.number,
            "newest": held.newest_of(current_user().id),
            "before": held.drawn(after),
            "drawn": held.drawn(held.now.number),
            "order": [one.id for one in held.now.segments],
            "rows": {
                row.segment.id: render_template(
                    "transcript/row.html", row=row, editable=editable, interview=interview
                )
                for row in drawn
            },
            "history": render_template("transcript/history.html", past=past, editable=editable),
        }
    )


@blueprint.post(f"{PAGE}/certify")
@needs(Permission.TRANSCRIPT_CORRECT)
def certify(interview_id: str) -> AnyResponse | tuple[str, int]:
    here, interview = mine(interview_id, Permission.TRANSCRIPT_CORRECT)
    drawn, statement = request.form.get("drawn", ""), request.form.get("statement", "")
    try:
        seen = "uncertain" in request.form
        here.transcripts.certify(interview.id, current_user(), drawn, statement, seen)
    except (Conflict, Invalid) as problem:
        return _page(here, interview, problem.detail), problem.status
    flash(_("Certified. Steps taken from now on show it as of an older state."))
    return redirect(url_for("transcript.show", interview_id=interview.id))


@blueprint.post(f"{PAGE}/code")
@needs(Permission.REVIEW)
def code_again(interview_id: str) -> AnyResponse:
    here, interview = mine(interview_id, Permission.REVIEW)
    done = here.coding_again.code(interview, current_user())
    flash(
        ngettext(
            "%(num)d turn was coded again, as a new layer.",
            "%(num)d turns were coded again, as new layers.",
            len(done.coded),
        )
    )
    if done.left:
        flash(
            _(
                "Not coded again: %(n)s. There a person's code counts, no word is left, or the machine does "
                "not code the language.",
                n=done.left,
            )
        )
    return redirect(url_for("review.page", interview_id=interview.id))


@blueprint.get("/interviews/<interview_id>/transcript.<form>")
@needs(Permission.INTERVIEW_READ)
def export(interview_id: str, form: str) -> Response:
    here, interview = mine(interview_id, Permission.INTERVIEW_READ)
    if form not in FORMS:
        raise NotFound
    held = here.transcripts.read(interview)
    certified = {one.sha256 for one in here.transcripts.certified(interview)}
    unsure = _unsure(here, interview, held)
    here.transcripts.opened(interview, current_user(), "export")
    kind, write = FORMS[form]
    name = f"transcript-{interview.id}.{form}"
    return Response(
        write(Kept(interview, held.now, speakers(), certified, unsure, _("speaker uncertain"))),
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@blueprint.get("/api/interviews/<interview_id>/own-words")
@needs(Permission.INTERVIEW_READ)
def own_words(interview_id: str) -> Response:
    """Names and words of the child's own that translations leave as they are said."""
    here, interview = mine(interview_id, Permission.INTERVIEW_READ)
    return jsonify({"words": here.own_words.read(interview)})


@blueprint.post("/api/interviews/<interview_id>/own-words")
@needs(Permission.TRANSCRIPT_CORRECT)
def own_word(interview_id: str) -> Response:
    here, interview = mine(interview_id, Permission.TRANSCRIPT_CORRECT)
    given = OwnWordIn(**checked("OwnWord", request.get_json(silent=True)))
    return jsonify({"words": here.own_words.write(interview.id, current_user(), given)})


@blueprint.get(API)
@needs(Permission.INTERVIEW_READ)
def state(interview_id: str) -> Response:
    here, interview = mine(interview_id, Permission.INTERVIEW_READ)
    here.transcripts.opened(interview, current_user(), "open")
    held = here.transcripts.read(interview)
    segments = canonical.segments(held.now)
    found = {
        "number": held.now.number,
        "sha256": canonical.digest_of(segments).hex(),
        "segments": segments,
        "speaker_uncertain": sorted(_unsure(here, interview, held)),
    }
    return jsonify(found)


@blueprint.post(f"{API}/steps")
@needs(Permission.TRANSCRIPT_CORRECT)
def step(interview_id: str) -> Response:
    here, interview = mine(interview_id, Permission.TRANSCRIPT_CORRECT)
    body = checked("TranscriptStep", request.get_json(silent=True))
    return jsonify({"number": here.transcripts.take(interview.id, current_user(), StepIn(**body))})


def _page(here: Services, interview: Interview, problem: str | None = None) -> str:
    held = here.transcripts.read(interview)
    names = _names(here)
    editable = _may(interview, Permission.TRANSCRIPT_CORRECT)
    return render_template(
        "transcript/page.html",
        interview=interview,
        rows=page.rows(held.now, _unsure(here, interview, held)),
        unwritten=len(held.now.unwritten),
        past=page.history(held, names),
        papers=page.papers(held, here.transcripts.certified(interview), names),
        drawn=held.drawn(held.now.number),
        editable=editable,
        reviewing=_may(interview, Permission.REVIEW),
        speakers=speakers(),
        forms=sorted(FORMS),
        script=page.script(here, interview, held, editable, current_user().id),
        problem=problem,
    )


def _may(interview: Interview, permission: Permission) -> bool:
    user = current_user()
    return may(user.role, permission) and access.may(user, interview, permission)


def _unsure(here: Services, interview: Interview, held: Record) -> frozenset[str]:
    return uncertain.segments(held.now, here.voice_names.left_open(interview))


def _names(here: Services) -> dict[str, str]:
    with here.database.read() as session:
        return {user.id: user.full_name or user.name for user in session.scalars(select(User))}
