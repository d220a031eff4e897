"""The page that asks whose voice is whose, after a recording with several people on one track was heard."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from web.authoring.naming import language_name
from web.interview.errors import Conflict, Invalid
from web.interview.routes_api import mine
from web.interview.tongues import base, same
from web.recording.voice_names import COUNTS
from web.security import Permission, current_user, needs
from web.speech.models import Models
from web.transcript.texts import speakers

blueprint = Blueprint("voices", __name__, template_folder="templates")
PAGE = "/interviews/<interview_id>/voices"


@blueprint.get(PAGE)
@needs(Permission.TRANSCRIPT_CORRECT)
def page(interview_id: str, problem: str | None = None) -> str:
    here, interview = mine(interview_id, Permission.TRANSCRIPT_CORRECT)
    tracks = here.voice_names.tracks(interview)
    offsets = here.transcripts.read(interview).tracks
    seen = max((track.seq for track in tracks), default=-1)
    here.transcripts.opened(interview, current_user(), "voices_shown")
    models = Models(here.config.speech_models).in_use()
    owed = here.voice_names.again(interview)
    others = (interview.child_language, interview.interviewer_language)
    return render_template(
        "recording/voices.html",
        interview=interview,
        tracks=tracks,
        counts=COUNTS,
        offsets=offsets,
        seen=seen,
        speakers=speakers(),
        again=owed,
        can_mend=any(base(language) in models for language in owed.marked),
        two_languages=not same(interview.child_language, interview.interviewer_language),
        others=others,
        hearable=all(base(language) in models for language in others),
        writes=lambda language: base(language) in models,
        language_name=language_name,
        problem=problem,
    )


@blueprint.post(PAGE)
@needs(Permission.TRANSCRIPT_CORRECT)
def name(interview_id: str) -> Response | tuple[str, int]:
    here, interview = mine(interview_id, Permission.TRANSCRIPT_CORRECT)
    named = {
        (voice.track, voice.number): chosen
        for voice in here.voice_names.voices(interview)
        if (chosen := request.form.get(f"{voice.track}.{voice.number}"))
    }
    seen = request.form.get("seen", -1, type=int)
    try:
        steps = here.voice_names.name(interview.id, current_user(), named, seen)
    except (Conflict, Invalid) as problem:
        return page(interview_id, problem.detail), problem.status
    flash(ngettext("%(num)d turn has another speaker now.", "%(num)d turns have another speaker now.", steps))
    if request.form.get("again") and here.voice_names.hear_again(interview.id, current_user()):
        return redirect(url_for("voices.page", interview_id=interview.id))
    return redirect(url_for("transcript.show", interview_id=interview.id))


@blueprint.post(f"{PAGE}/again")
@needs(Permission.TRANSCRIPT_CORRECT)
def again(interview_id: str) -> Response:
    """Have turns heard again in the language of those who speak."""
    here, interview = mine(interview_id, Permission.TRANSCRIPT_CORRECT)
    here.voice_names.hear_again(interview.id, current_user())
    return redirect(url_for("voices.page", interview_id=interview.id))


@blueprint.post(f"{PAGE}/count")
@needs(Permission.TRANSCRIPT_CORRECT)
def count(interview_id: str) -> Response | tuple[str, int]:
    """How many voices a person says there are; none: the machine is to say."""
    here, interview = mine(interview_id, Permission.TRANSCRIPT_CORRECT)
    track, said = request.form.get("track", ""), request.form.get("voices", "")
    try:
        voices = int(said) if said.isdecimal() else None
        here.voice_names.count(interview.id, current_user(), track, voices)
    except (Conflict, Invalid) as problem:
        return page(interview_id, problem.detail), problem.status
    flash(_("What you have said of voices and turns stays."))
    return redirect(url_for("voices.page", interview_id=interview.id))


@blueprint.post(f"{PAGE}/turns/<int:number>/right")
@needs(Permission.TRANSCRIPT_CORRECT)
def right(interview_id: str, number: int) -> Response:
    """A person listened: this turn, or the `segment` of it that is named, stands under the right speaker."""
    here, interview = mine(interview_id, Permission.TRANSCRIPT_CORRECT)
    segment = request.form.get("segment", "")
    here.voice_names.right(interview.id, current_user(), number, segment)
    if request.form.get("back") == "review":
        return redirect(url_for("review.page", interview_id=interview.id, turn=number))
    return redirect(url_for("transcript.show", interview_id=interview.id, _anchor=f"seg-{segment or number}"))
