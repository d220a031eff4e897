"""Review pages: the queue, and one interview with its marked passages."""

from __future__ import annotations

from typing import Any

from babel import Locale
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.interview import access, reveal_view, suggestions, words
from web.interview.errors import Invalid
from web.language.model import QuestionType
from web.language.model import Response as Answer
from web.recording.placed import missing
from web.review import reading, vocabulary
from web.review.reading import Mark, TurnView
from web.review.service import Correction, Passage, ReviewService, Verdict
from web.security import Permission, current_user, needs
from web.services import services
from web.store import Interview
from web.transcript.page import clock
from web.translation.check import MESSAGES

blueprint = Blueprint("review", __name__, template_folder="templates", url_prefix="/review")


def _reviews() -> ReviewService:
    return services().reviews


def _interview(interview_id: str) -> Interview:
    with services().database.read() as session:
        return access.load(session, current_user(), interview_id, Permission.REVIEW)


@blueprint.get("/")
@needs(Permission.REVIEW)
def queue() -> str:
    with services().database.read() as session:
        return render_template("review/queue.html", waiting=reading.queue(session, current_user()))


@blueprint.get("/<interview_id>")
@needs(Permission.REVIEW)
def page(interview_id: str) -> str:
    """One interview. `?tag=` selects a marked passage, `?turn=` a turn; neither is what was said."""
    interview = _interview(interview_id)
    _reviews().look(interview.id, current_user())
    return _page(interview, request.args.get("tag"), request.args.get("turn", type=int))


@blueprint.post("/<interview_id>/tags/<tag_id>")
@needs(Permission.REVIEW)
def decide(interview_id: str, tag_id: str) -> Response | tuple[str, int]:
    interview = _interview(interview_id)
    form = request.form
    try:
        verdict = Verdict(form.get("decision", ""), form.get("reason", ""), _changes(interview, tag_id))
        _reviews().decide(interview.id, current_user(), tag_id, verdict)
    except Invalid as problem:
        return _again(interview, problem, tag_id=tag_id)
    return redirect(url_for("review.page", interview_id=interview.id, tag=_following(interview, tag_id)))


@blueprint.post("/<interview_id>/turns/<int:number>")
@needs(Permission.REVIEW)
def correct(interview_id: str, number: int) -> Response | tuple[str, int]:
    interview = _interview(interview_id)
    form = request.form
    kind, __, subtype = form.get("kind", "").partition("/")
    correction = Correction(
        type=kind or None,
        subtype=subtype or None,
        response=form.get("response") or None,
        flags=tuple(form.getlist("flags")),
        reason=form.get("reason", ""),
    )
    try:
        _reviews().correct(interview.id, current_user(), number, correction)
    except Invalid as problem:
        return _again(interview, problem, turn=number)
    flash(_("Saved as your layer. The machine's code stays beneath it."))
    return redirect(url_for("review.page", interview_id=interview.id, turn=number))


@blueprint.post("/<interview_id>/turns/<int:number>/marks")
@needs(Permission.REVIEW)
def mark(interview_id: str, number: int) -> Response | tuple[str, int]:
    interview = _interview(interview_id)
    form = request.form
    try:
        passage = Passage(form.get("tag", ""), form.get("quote", ""), form.get("reason", ""))
        tag_id = _reviews().mark(interview.id, current_user(), number, passage)
    except Invalid as problem:
        return _again(interview, problem, turn=number)
    return redirect(url_for("review.page", interview_id=interview.id, tag=tag_id))


def _again(
    interview: Interview, problem: Invalid, tag_id: str | None = None, turn: int | None = None
) -> tuple[str, int]:
    return _page(interview, tag_id, turn, problem), 422


def _page(
    interview: Interview, tag_id: str | None, number: int | None, problem: Invalid | None = None
) -> str:
    sealer = _reviews().sealer(interview)
    with services().database.read() as session:
        talk = reading.talk(session, sealer, interview)
        suggested = suggestions.read(session, sealer, interview.id).values()
        brought = reveal_view.from_the_file(session, sealer, interview)
        holes = missing(session, interview.id)
    turns = talk.turns
    marks = _ordered(turns)
    chosen = next((mark for mark in marks if mark.id == tag_id), None)
    if chosen is None and number is None:
        chosen = next((mark for mark in marks if mark.state == "waiting"), None)
    number = chosen.turn if chosen else number
    turn = next((turn for turn in turns if turn.number == number), None)
    return render_template(
        "review/page.html",
        interview=interview,
        turns=turns,
        marks=marks,
        unsure=[one.number for one in turns if one.unsure],
        chosen=chosen,
        turn=turn,
        before=_asked(turns, turn),
        unheard=talk.unheard,
        holes=[(hole.track, clock(hole.from_ms), clock(hole.to_ms)) for hole in holes],
        files=[file for file in services().parts.all(interview.id) if file.kept],
        suggested=suggested,
        brought=brought,
        problem=problem,
        form=request.form if problem else {},
        vocabulary=vocabulary,
        kinds=_kinds(),
        answers=[(answer.value, _name("responses", answer.value)) for answer in Answer],
        name=_name,
        doubts={code: _(text) for code, text in MESSAGES.items()},
        tongue=_tongue,
    )


def _ordered(turns: list[TurnView]) -> list[Mark]:
    """Undecided first, the most urgent first, then in the order they were said."""
    marks = [mark for turn in turns for mark in sorted(turn.marks, key=lambda mark: mark.start)]
    return sorted(marks, key=lambda mark: (mark.state != "waiting", -mark.urgency))


def _following(interview: Interview, tag_id: str) -> str | None:
    """The next passage that waits, for one key adopts and moves on; the decided one where none does."""
    with services().database.read() as session:
        marks = _ordered(reading.transcript(session, _reviews().sealer(interview), interview))
    return next((mark.id for mark in marks if mark.state == "waiting"), tag_id)


def _changes(interview: Interview, tag_id: str) -> dict[str, Any]:
    """What in the form differs from how the passage stands."""
    if request.form.get("decision") != "edit":
        return {}
    with services().database.read() as session:
        turns = reading.transcript(session, _reviews().sealer(interview), interview)
    current = next((mark.now for turn in turns for mark in turn.marks if mark.id == tag_id), {})
    given: dict[str, Any] = {
        name: request.form[name] for name in (*vocabulary.AXES, "tag") if name in request.form
    }
    if request.form.get("urgency", "").isdecimal():
        given["urgency"] = int(request.form["urgency"])
    return {name: value for name, value in given.items() if current.get(name) != value}


def _asked(turns: list[TurnView], turn: TurnView | None) -> TurnView | None:
    """The interviewer's turn this one answers."""
    if turn is None or turn.speaker == "interviewer":
        return None
    earlier = turns[: next(place for place, other in enumerate(turns) if other.number == turn.number)]
    return next((other for other in reversed(earlier) if other.speaker == "interviewer"), None)


def _kinds() -> list[tuple[str, str]]:
    """Every type with its subtypes, as one choice."""
    return [
        (f"{kind.value}/{subtype}", f"{_name('types', kind.value)}: {subtype.replace('_', ' ')}")
        if subtype
        else (kind.value, _name("types", kind.value))
        for kind in QuestionType
        for subtype in vocabulary.SUBTYPES[kind.value] or ("",)
    ]


def _tongue(code: str) -> str:
    """What a language is called."""
    return Locale.parse(code, sep="-").get_display_name(str(get_locale())) or code


def _name(group: str, code: str | None) -> str:
    return words.name_of(group, code, str(get_locale()))
