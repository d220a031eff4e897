"""Recorded files in parts, over HTTP (see docs/api.md), and the page that shows how far they are."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import asdict

from flask import Blueprint, Response, jsonify, render_template, request

from web.interview.routes_api import mine
from web.interview.schemas import checked
from web.recording.upload_status import UploadStatus
from web.recording.upload_words import page_texts
from web.security import Permission, body_limit, current_user, needs

blueprint = Blueprint("uploads", __name__, template_folder="templates")
API = "/api/interviews/<interview_id>/uploads"
OWN = Permission.INTERVIEW_CONDUCT
READ = Permission.INTERVIEW_READ


def _answer(status: UploadStatus, created: bool = False) -> tuple[Response, int]:
    return jsonify(asdict(status)), 201 if created else 200


@blueprint.get("/interviews/<interview_id>/recordings")
@needs(OWN)
def page(interview_id: str) -> str:
    here, interview = mine(interview_id, OWN)
    script = {
        "base": f"/api/interviews/{interview.id}",
        "uploads": [asdict(one) for one in here.parts.all(interview.id)],
        "texts": page_texts(),
    }
    return render_template("recording/uploads.html", interview=interview, script=script)


@blueprint.get(API)
@needs(READ)
def index(interview_id: str) -> Response:
    here, interview = mine(interview_id, READ)
    return jsonify({"uploads": [asdict(one) for one in here.parts.all(interview.id)]})


@blueprint.get(f"{API}/<upload_id>")
@needs(READ)
def show(interview_id: str, upload_id: str) -> tuple[Response, int]:
    here, interview = mine(interview_id, READ)
    return _answer(here.parts.status(interview.id, upload_id))


@blueprint.put(f"{API}/<upload_id>")
@needs(OWN)
def begin(interview_id: str, upload_id: str) -> tuple[Response, int]:
    here, interview = mine(interview_id, OWN)
    body = checked("UploadBegin", request.get_json(silent=True))
    speakers = body.get("speakers") or []
    beside = body.get("beside", False)
    return _answer(
        *here.parts.begin(interview.id, upload_id, body["size"], speakers, current_user().id, beside=beside)
    )


@blueprint.put(f"{API}/<upload_id>/<int:number>")
@needs(OWN)
@body_limit("max_part_bytes")
def put(interview_id: str, upload_id: str, number: int) -> tuple[Response, int]:
    here, interview = mine(interview_id, OWN)
    digest = request.headers.get("X-Chunk-SHA256", "")
    status, created = here.parts.put(interview.id, upload_id, number, request.get_data(cache=False), digest)
    if status.state == "waiting":
        here.jobs.read(upload_id)
    return _answer(status, created)


@blueprint.delete(f"{API}/<upload_id>")
@needs(OWN)
def cancel(interview_id: str, upload_id: str) -> tuple[Response, int]:
    here, interview = mine(interview_id, OWN)
    status = here.parts.cancel(interview.id, upload_id, current_user().id)
    here.jobs.read(upload_id)  # to end its tracks, or to go on with a file that waited for this one
    return _answer(status)


@blueprint.post(f"{API}/<upload_id>/again")
@needs(OWN)
def again(interview_id: str, upload_id: str) -> tuple[Response, int]:
    here, interview = mine(interview_id, OWN)
    status = here.parts.again(interview.id, upload_id)
    here.jobs.read(upload_id)
    return _answer(status)


@blueprint.get(f"{API}/<upload_id>/file")
@needs(READ)
def give(interview_id: str, upload_id: str) -> Response:
    """The file itself, for whoever has to hand it on. Its name was never kept."""
    here, interview = mine(interview_id, READ)
    status, content = here.parts.give(interview.id, upload_id, current_user().id)
    answer = Response(content, mimetype="application/octet-stream")
    answer.content_length = status.size
    answer.headers["Content-Disposition"] = f'attachment; filename="recording-{upload_id[:8]}"'
    answer.headers["Cache-Control"] = "no-store"
    if status.sha256:
        digest = b64encode(bytes.fromhex(status.sha256)).decode("ascii")
        answer.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return answer


@blueprint.delete(f"{API}/<upload_id>/file")
@needs(OWN)
def remove(interview_id: str, upload_id: str) -> tuple[Response, int]:
    here, interview = mine(interview_id, OWN)
    return _answer(here.parts.remove(interview.id, upload_id, current_user().id))
