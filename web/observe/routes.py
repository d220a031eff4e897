"""The monitor room: its page, its feed, and the one suggestion. For colleagues, not for the interviewer."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from web.interview.audience import MONITOR
from web.interview.routes_api import events_for, mine
from web.interview.schemas import checked
from web.observe.page import observe_page
from web.problems import Problem
from web.security import Permission, current_user, needs
from web.services import Services
from web.store import Interview, InterviewState

blueprint = Blueprint("observe", __name__, template_folder="templates")
API = "/api/interviews/<interview_id>"


class OwnInterview(Problem):
    """Whoever holds the interview sees it in the live room, without what is kept out of it."""

    def __init__(self) -> None:
        super().__init__(
            403,
            _("You hold this interview"),
            _("The observer's view is for a colleague in the monitor room. Yours is the live room."),
        )


def watched(interview_id: str) -> tuple[Services, Interview]:
    """The interview, if the signed-in person may read it and does not hold it. Raises NotFound,
    OwnInterview."""
    here, interview = mine(interview_id, Permission.INTERVIEW_READ)
    if interview.interviewer_id == current_user().id:
        raise OwnInterview
    return here, interview


@blueprint.get("/interviews/<interview_id>/observe")
@needs(Permission.INTERVIEW_READ)
def page(interview_id: str) -> str | AnyResponse:
    here, interview = watched(interview_id)
    if interview.state is InterviewState.CLOSED:
        return redirect(url_for("interview_pages.summary", interview_id=interview.id))
    here.interviews.opened(interview, current_user(), "observe")
    here.interviews.catch_up(interview.id)
    shown = observe_page(here, interview, current_user(), str(get_locale()))
    return render_template("observe/page.html", interview=interview, page=shown)


@blueprint.get(f"{API}/observe/events")
@needs(Permission.INTERVIEW_READ)
def follow(interview_id: str) -> Response:
    return events_for(*watched(interview_id), MONITOR)


@blueprint.post(f"{API}/suggestion")
@needs(Permission.INTERVIEW_READ)
def suggest(interview_id: str) -> Response:
    here, interview = watched(interview_id)
    body = checked("Suggestion", request.get_json(silent=True))
    number = here.observers.suggest(interview.id, current_user(), **body, language=str(get_locale()))
    return jsonify({"seq": number})


@blueprint.delete(f"{API}/suggestion")
@needs(Permission.INTERVIEW_READ)
def withdraw(interview_id: str) -> Response:
    here, interview = watched(interview_id)
    body = checked("SuggestionChange", request.get_json(silent=True))
    return jsonify(
        {"seq": here.observers.withdraw(interview.id, current_user(), key=body["key"], number=body["of"])}
    )


@blueprint.post(f"{API}/suggestion/taken")
@needs(Permission.INTERVIEW_CONDUCT)
def take(interview_id: str) -> Response:
    here, interview = mine(interview_id, Permission.INTERVIEW_CONDUCT)
    body = checked("SuggestionChange", request.get_json(silent=True))
    number = here.observers.take(interview.id, current_user().id, key=body["key"], number=body["of"])
    return jsonify({"seq": number})
