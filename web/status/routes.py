"""The state of the machine parts: a page, and JSON for the sign in the header."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from web.security import Permission, current_user, needs, public
from web.security.here import services
from web.status import service
from web.store import Role

blueprint = Blueprint("status", __name__, template_folder="templates")


@blueprint.get("/status")
@needs(Permission.STATUS_VIEW)
def page() -> str:
    here = services()
    for_administrator = current_user().role is Role.ADMINISTRATOR
    more = []
    if for_administrator:
        more = service.machine(here.config, here.database)
        more += service.protocols(here.libraries, here.engines.dialogue)
    return render_template(
        "status/page.html", parts=service.parts(here.engines), more=more, details=for_administrator
    )


@blueprint.get("/ready")
@public
def ready() -> dict[str, str]:
    """For the supervisor's announcement and for load balancers: names and states, nothing else."""
    return {part.name: part.state for part in services().engines.states()}


@blueprint.get("/api/status")
@needs(Permission.STATUS_VIEW)
def api() -> dict[str, Any]:
    found = service.parts(services().engines)
    details = current_user().role is Role.ADMINISTRATOR
    return {
        "ready": service.all_ready(found),
        "summary": service.summary(found),
        "parts": [
            {"name": part.name, "state": part.state, "label": part.label, "meaning": part.meaning}
            | ({"detail": part.detail} if details else {})
            for part in found
        ],
    }
