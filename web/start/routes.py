"""The page one sees first."""

from __future__ import annotations

from flask import Blueprint, render_template

from web.security import Permission, current_user, may, needs
from web.security.here import services
from web.start.service import due

blueprint = Blueprint("start", __name__, template_folder="templates")


@blueprint.get("/")
@needs(Permission.ACCOUNT)
def page() -> str:
    user = current_user()
    conducts = may(user.role, Permission.INTERVIEW_CONDUCT)
    with services().database.read() as session:
        interviews = due(session, user) if conducts else []
    return render_template("start/page.html", interviews=interviews, conducts=conducts)
