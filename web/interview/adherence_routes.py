"""The page on how an interview went against its protocol. Whoever may read the summary may read it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import get_locale

from web.interview import access, adherence
from web.interview.adherence_page import adherence_page
from web.security import Permission, current_user, needs
from web.services import services
from web.store import InterviewState

blueprint = Blueprint("adherence", __name__, template_folder="templates", url_prefix="/interviews")


@blueprint.get("/<interview_id>/adherence")
@needs(Permission.INTERVIEW_READ)
def page(interview_id: str) -> str:
    here = services()
    with here.database.read() as session:
        interview = access.load(session, current_user(), interview_id, Permission.INTERVIEW_READ)
        sealer = here.vault.sealer(interview.id, interview.wrapped_key)
        record = adherence.read(session, sealer, interview)
    here.interviews.opened(interview, current_user())
    setting = here.interviews.setting(interview)
    details = here.interviews.details(interview)
    order = setting.library.shelf.hash
    began = (interview.protocol_hash, details.get("packs", {}), details.get("pack_order", order))
    now = (setting.flow.hash, {pack.id: pack.hash for pack in setting.packs}, order)
    over = interview.state is InterviewState.CLOSED
    return render_template(
        "interview/adherence.html",
        interview=interview,
        flow=setting.flow,
        changed=began != now,
        shown=adherence_page(setting, record, over, str(get_locale())),
        end_reason=details.get("end_reason"),
    )
