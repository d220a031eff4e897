"""Facts from the file over HTTP: how they stand, and the press that shows the next one."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from web.interview.reveal_record import RevealIn
from web.interview.routes_api import mine
from web.interview.schemas import checked
from web.security import Permission, current_user, needs

blueprint = Blueprint("reveal", __name__, url_prefix="/api/interviews")


@blueprint.get("/<interview_id>/reveal")
@needs(Permission.INTERVIEW_CONDUCT)
def stand(interview_id: str) -> Response:
    here, interview = mine(interview_id, Permission.INTERVIEW_CONDUCT)
    return jsonify(here.interviews.reveals(interview.id))


@blueprint.post("/<interview_id>/reveal")
@needs(Permission.INTERVIEW_CONDUCT)
def press(interview_id: str) -> Response:
    here, interview = mine(interview_id, Permission.INTERVIEW_CONDUCT)
    body = checked("Reveal", request.get_json(silent=True))
    return jsonify(here.interviews.reveal(interview.id, current_user().id, RevealIn(**body)))
