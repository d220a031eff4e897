"""The room over HTTP: see docs/api.md and /api/openapi.json."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import func, select

from web.interview import access, cases
from web.interview.actions import ActionIn
from web.interview.audience import ROOM, Audience
from web.interview.errors import Invalid
from web.interview.new import NewInterview
from web.interview.schemas import checked, openapi
from web.interview.turns import TurnIn
from web.security import Permission, current_user, may, needs, public
from web.security.identity import current_identity
from web.services import Services, services
from web.store import Interview, Turn, UserSession
from web.store.base import now

blueprint = Blueprint("api", __name__, url_prefix="/api")

POLL_LIMIT = 500


def mine(interview_id: str, permission: Permission) -> tuple[Services, Interview]:
    """The interview, if the signed-in person may do this with it. Raises NotFound."""
    here = services()
    with here.database.read() as session:
        return here, access.load(session, current_user(), interview_id, permission)


@blueprint.post("/interviews")
@needs(Permission.INTERVIEW_CREATE)
def create() -> tuple[Response, int]:
    body = checked("NewInterview", request.get_json(silent=True))
    interview = services().interviews.create(current_user(), NewInterview(**body))
    url = url_for("api.show", interview_id=interview.id)
    return jsonify({"id": interview.id, "url": url, "warnings": cases.warnings(interview.case_code)}), 201


@blueprint.get("/interviews/<interview_id>")
@needs(Permission.INTERVIEW_READ)
def show(interview_id: str) -> Response:
    here, interview = mine(interview_id, Permission.INTERVIEW_READ)
    here.interviews.opened(interview, current_user())
    here.interviews.catch_up(interview.id)
    interview = here.interviews.get(interview_id)
    with here.database.read() as session:
        turns = session.scalar(select(func.max(Turn.number)).where(Turn.interview_id == interview.id)) or 0
    return jsonify(
        {
            "id": interview.id,
            "case_code": interview.case_code,
            "protocol": interview.protocol,
            "state": interview.state.value,
            "child_age": interview.child_age,
            "interviewer_language": interview.interviewer_language,
            "child_language": interview.child_language,
            "last_seq": interview.next_seq - 1,
            "turns": turns,
            "guidance": here.interviews.guidance(interview.id),
        }
    )


@blueprint.post("/interviews/<interview_id>/turns")
@needs(Permission.INTERVIEW_CONDUCT)
def add_turn(interview_id: str) -> tuple[Response, int]:
    here, interview = mine(interview_id, Permission.INTERVIEW_CONDUCT)
    body = checked("Turn", request.get_json(silent=True))
    done = here.interviews.add_turn(interview.id, current_user().id, TurnIn(**body))
    answer = jsonify(
        {"seq": done.seq, "number": done.number, "coding": done.coding, "guidance": done.guidance}
    )
    answer.headers["Server-Timing"] = ", ".join(f"{k};dur={v:.1f}" for k, v in done.timings.items())
    return answer, 201 if done.created else 200


@blueprint.post("/interviews/<interview_id>/actions")
@needs(Permission.INTERVIEW_CONDUCT)
def act(interview_id: str) -> Response:
    here, interview = mine(interview_id, Permission.INTERVIEW_CONDUCT)
    body = checked("Action", request.get_json(silent=True))
    press = ActionIn(body.pop("key"), body.pop("action"), body)
    done = here.interviews.act(interview.id, current_user().id, press)
    return jsonify({"seq": done.seq, "guidance": done.guidance})


@blueprint.post("/interviews/<interview_id>/drafts")
@needs(Permission.INTERVIEW_CONDUCT)
def look(interview_id: str) -> Response:
    here, interview = mine(interview_id, Permission.INTERVIEW_CONDUCT)
    body = checked("Draft", request.get_json(silent=True))
    return jsonify(here.interviews.look(interview.id, body["text"]))


@blueprint.post("/interviews/<interview_id>/close")
@needs(Permission.INTERVIEW_CONDUCT)
def close(interview_id: str) -> Response:
    here, interview = mine(interview_id, Permission.INTERVIEW_CONDUCT)
    body = checked("Close", request.get_json(silent=True))
    state = here.interviews.close(interview.id, current_user().id, body["key"], body.get("reason", ""))
    return jsonify({"state": state.value})


@blueprint.get("/interviews/<interview_id>/events")
@needs(Permission.INTERVIEW_READ)
def follow(interview_id: str) -> Response:
    return events_for(*mine(interview_id, Permission.INTERVIEW_READ), ROOM)


def events_for(here: Services, interview: Interview, audience: Audience) -> Response:
    """What has happened since the asked position: a stream, or with poll=1 JSON.

    The look is audited; of a holder who goes on, and of a poll that finds nothing new, there is none.
    """
    after = _position()
    looks = after == 0 or interview.interviewer_id != current_user().id
    if request.args.get("poll") == "1":
        page = here.interviews.history(interview.id, after, POLL_LIMIT, audience.kinds)
        found = [event.as_dict() for event in page if audience.gets(event)]
        if looks and (after == 0 or found):
            here.interviews.opened(interview, current_user())
        return jsonify({"events": found, "last_seq": page[-1].seq if page else after})
    if looks:
        here.interviews.opened(interview, current_user())
    stream, done = here.streams.open(interview.id, after, _still_allowed(here, interview.id), audience)
    response = Response(stream, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})
    response.call_on_close(done)
    return response


@blueprint.get("/openapi.json")
@public
def description() -> Response:
    return jsonify(openapi())


def _position() -> int:
    """Where to go on: the browser's own memory first. Raises Invalid for what is no number."""
    raw = request.headers.get("Last-Event-ID") or request.args.get("after") or "0"
    if not raw.isascii() or not raw.isdigit() or len(raw) > 9:
        raise Invalid("after", "after is the number of the last event you have, 0 for none.")
    return int(raw)


def _still_allowed(here: Services, interview_id: str) -> Callable[[], bool]:
    """Asked again while a stream lives: the session may have ended, the role changed, the record erased."""
    identity = current_identity()
    assert identity is not None, "the gate lets nobody else in"

    def allowed() -> bool:
        with here.database.read() as session:
            row = session.get(UserSession, identity.session_id)
            if row is None or row.ended_at is not None or row.expires_at <= now() or not row.user.active:
                return False
            interview = session.get(Interview, interview_id)
            return (
                interview is not None
                and may(row.user.role, Permission.INTERVIEW_READ)
                and access.may(row.user, interview, Permission.INTERVIEW_READ)
            )

    return allowed
