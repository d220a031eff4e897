"""The pages of this room: new interview, live room, closing, summary."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.interview import access, coded_turns, reveal_view
from web.interview.choosing import in_order
from web.interview.closing import ClosingOwed, owed
from web.interview.earlier_page import look_back
from web.interview.errors import Conflict, Invalid
from web.interview.forms import CloseForm, NewInterviewForm
from web.interview.live_page import live_page
from web.interview.summary import summarise
from web.interview.summary_page import summary_page
from web.pages import when
from web.security import Permission, current_user, needs
from web.services import services
from web.store import Interview, InterviewState

blueprint = Blueprint("interview_pages", __name__, template_folder="templates", url_prefix="/interviews")

Page = str | Response


def _mine(interview_id: str, permission: Permission) -> Interview:
    with services().database.read() as session:
        return access.load(session, current_user(), interview_id, permission)


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.INTERVIEW_CREATE)
def new() -> Page:
    here = services()
    library = here.libraries.current()
    form = NewInterviewForm().offer(dict(library.flows), library.shelf)
    form.offer_choosing(library.fit)
    past = look_back(here, current_user(), form.case_code.data, str(get_locale()))
    form.offer_earlier({one.id: when(one.at) for one in past})
    if "sort" in request.form:
        form.check_choosing()
    elif form.validate_on_submit():
        try:
            made = here.interviews.create(current_user(), form.as_new())
            return redirect(url_for("interview_pages.live", interview_id=made.id))
        except Invalid as problem:
            _beside_field(form, problem)
    order = in_order(form, library)
    return render_template("interview/new.html", form=form, order=order, shelf=library.shelf, earlier=past)


def _beside_field(form: NewInterviewForm, problem: Invalid) -> None:
    name = {"information_given.words": "told_words", "assent.how": "assent_how"}.get(
        problem.extra["field"], problem.extra["field"]
    )
    if name in form:
        form[name].errors = [*form[name].errors, problem.detail]
    else:
        form.form_errors.append(problem.detail)


@blueprint.get("/<interview_id>")
@needs(Permission.INTERVIEW_CONDUCT)
def live(interview_id: str) -> Page:
    interview = _mine(interview_id, Permission.INTERVIEW_CONDUCT)
    if interview.state is InterviewState.CLOSED:
        return redirect(url_for("interview_pages.summary", interview_id=interview.id))
    here = services()
    here.interviews.catch_up(interview.id)
    page = live_page(here, interview, current_user(), str(get_locale()))
    return render_template("interview/live.html", interview=interview, page=page)


@blueprint.route("/<interview_id>/close", methods=["GET", "POST"])
@needs(Permission.INTERVIEW_CONDUCT)
def close(interview_id: str) -> Page:
    interview = _mine(interview_id, Permission.INTERVIEW_CONDUCT)
    if interview.state is InterviewState.CLOSED:
        return redirect(url_for("interview_pages.summary", interview_id=interview.id))
    here = services()
    form = CloseForm()
    if form.key.data is None:
        form.key.data = secrets.token_hex(16)
    if form.validate_on_submit():
        try:
            here.interviews.close(interview.id, current_user().id, form.key.data, form.reason.data or "")
            return redirect(url_for("interview_pages.summary", interview_id=interview.id))
        except ClosingOwed:
            form.reason.errors = [_("Some steps are still owed to the child. Do them, or say why not.")]
        except Conflict as problem:
            form.form_errors.append(problem.detail)
    setting = here.interviews.setting(interview)
    missing = owed(setting.flow, setting, here.interviews.guidance(interview.id))
    return render_template("interview/close.html", interview=interview, form=form, missing=missing)


@blueprint.get("/<interview_id>/summary")
@needs(Permission.INTERVIEW_READ)
def summary(interview_id: str) -> Page:
    interview = _mine(interview_id, Permission.INTERVIEW_READ)
    here = services()
    here.interviews.opened(interview, current_user())
    setting = here.interviews.setting(interview)
    with here.database.read() as session:
        sealer = here.vault.sealer(interview.id, interview.wrapped_key)
        turns = coded_turns.read(session, sealer, interview, setting.flow)
        facts = reveal_view.told(session, sealer, interview)
    shown: dict[str, Any] = summary_page(summarise(turns), str(get_locale()))
    reason = here.interviews.details(interview).get("end_reason")
    return render_template(
        "interview/summary.html",
        interview=interview,
        flow=setting.flow,
        lost=setting.lost,
        shown=shown,
        end_reason=reason,
        facts=facts,
    )
