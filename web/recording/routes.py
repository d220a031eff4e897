"""Sound over HTTP: see docs/api.md."""

from __future__ import annotations

import io
import wave
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, request

from web.interview import access
from web.interview.errors import Invalid, NotFound
from web.recording.service import SPEAKERS, TRACK_NAME
from web.security import Permission, body_limit, current_user, needs
from web.services import Services, services
from web.speech.model import RATE
from web.store import Interview, Track

blueprint = Blueprint("recording", __name__, url_prefix="/api/interviews/<interview_id>")


def _mine(
    interview_id: str, permission: Permission = Permission.INTERVIEW_CONDUCT
) -> tuple[Services, Interview]:
    here = services()
    with here.database.read() as session:
        return here, access.load(session, current_user(), interview_id, permission)


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Invalid("body", "The request needs a JSON object.")
    return body


def _number(body: dict[str, Any], name: str, default: int | None = None) -> int:
    value = body.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid(name, f"{name} is a whole number.")
    return value


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 80:
        raise Invalid(name, f"{name} is a text of 1 to 80 characters.")
    return value


def _language(body: dict[str, Any]) -> str | None:
    return None if body.get("language") is None else _text(body, "language")


@blueprint.post("/audio/<track>")
@needs(Permission.INTERVIEW_CONDUCT)
def open_track(interview_id: str, track: str) -> Response:
    here, interview = _mine(interview_id)
    body = _body()
    speaker = body.get("speaker")
    if speaker is not None and not isinstance(speaker, str):
        raise Invalid("speaker", f"A speaker is one of {', '.join(SPEAKERS)}, or null.")
    state = here.recordings.open_track(
        interview.id, track, speaker, _number(body, "offset_ms", 0), current_user().id, _language(body)
    )
    return jsonify(asdict(state))


@blueprint.put("/audio/<track>/<int:number>")
@needs(Permission.INTERVIEW_CONDUCT)
@body_limit("max_chunk_bytes")
def put_chunk(interview_id: str, track: str, number: int) -> tuple[Response, int]:
    here, interview = _mine(interview_id)
    digest = request.headers.get("X-Chunk-SHA256", "")
    receipt = here.recordings.add_chunk(interview.id, track, number, request.get_data(cache=False), digest)
    here.jobs.listen(interview.id)
    return jsonify(
        {"track": receipt.track, "number": receipt.number, "next": receipt.next, "sha256": receipt.sha256}
    ), 201 if receipt.created else 200


@blueprint.get("/audio/<track>")
@needs(Permission.INTERVIEW_READ)
def track_state(interview_id: str, track: str) -> Response:
    here, interview = _mine(interview_id, Permission.INTERVIEW_READ)
    return jsonify(asdict(here.recordings.state(interview.id, track)))


@blueprint.post("/audio/<track>/end")
@needs(Permission.INTERVIEW_CONDUCT)
def end_track(interview_id: str, track: str) -> Response:
    here, interview = _mine(interview_id)
    state = here.recordings.end_track(interview.id, track, _number(_body(), "chunks"), current_user().id)
    here.jobs.listen(interview.id)
    return jsonify(asdict(state))


@blueprint.post("/speaker")
@needs(Permission.INTERVIEW_CONDUCT)
def mark_speaker(interview_id: str) -> Response:
    here, interview = _mine(interview_id)
    body = _body()
    seq = here.recordings.mark_speaker(
        interview.id,
        _text(body, "key"),
        _number(body, "at_ms"),
        _text(body, "speaker"),
        current_user().id,
        _language(body),
    )
    return jsonify({"seq": seq})


@blueprint.get("/audio/<track>.wav")
@needs(Permission.INTERVIEW_READ)
def play(interview_id: str, track: str) -> Response:
    """A stretch of a track for playback, as WAV."""
    here, interview = _mine(interview_id, Permission.INTERVIEW_READ)
    from_ms = request.args.get("from_ms", 0, type=int)
    to_ms = request.args.get("to_ms", None, type=int)
    if from_ms < 0 or (to_ms is not None and to_ms <= from_ms):
        raise Invalid("to_ms", "A stretch ends after it begins.")
    track_id = _track_id(here, interview.id, track)
    here.interviews.opened(interview, current_user(), "listen")
    to_ms = min(to_ms if to_ms is not None else from_ms + 600_000, from_ms + 600_000)  # ten minutes a piece
    sound = b"".join(here.recordings.pcm(track_id, from_ms, to_ms))
    return Response(_wav(sound), mimetype="audio/wav")


def _track_id(here: Services, interview_id: str, name: str) -> str:
    if not TRACK_NAME.fullmatch(name):
        raise NotFound
    with here.database.read() as session:
        track = session.query(Track).filter_by(interview_id=interview_id, name=name).one_or_none()
    if track is None:
        raise NotFound
    return track.id


def _wav(sound: bytes) -> bytes:
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound)
    return content.getvalue()
