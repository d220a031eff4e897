"""What the script of the page of speech models asks for."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.artifacts import Busy, Cancelled, FetchFailed
from web.models import naming
from web.models.doing import busy, installer, noted, refused
from web.models.page import MEASURE
from web.problems import Problem
from web.security import Permission, body_limit, current_user, needs
from web.security.here import services

blueprint = Blueprint("models_api", __name__, url_prefix="/api/models")


@blueprint.get("/state")
@needs(Permission.MODELS_MANAGE)
def state() -> Response:
    """{running, texts: {errand: how far it is}}."""
    here = installer()
    names = list(here.models.catalogue.models)
    bringing = {name: here.errands.status(name) for name in names}
    measuring = {f"{MEASURE}{name}": here.errands.status(f"{MEASURE}{name}") for name in names}
    texts = {name: naming.progress(one) for name, one in bringing.items()}
    texts |= {name: naming.measuring(one) for name, one in measuring.items()}
    running = any(one.running for one in (bringing | measuring).values())
    return jsonify(running=running, texts=texts)


@blueprint.put("/<name>/file")
@needs(Permission.MODELS_MANAGE)
@body_limit("max_model_bytes")
def bring(name: str) -> Response:
    """Takes a zip or tar file as it is sent, without keeping it in memory, and installs the model in it."""
    here = installer()
    if name not in here.models.catalogue.models:
        abort(404)
    work = here.carried(name, request.stream, "file", request.content_length)
    try:
        here.errands.run(name, noted(services(), current_user().id, name, work))
    except Busy:
        raise busy() from None
    except Cancelled:
        raise Problem(409, _("It was called off"), _("Nothing was changed.")) from None
    except FetchFailed as problem:
        if not here.errands.half_done(name):  # a download that broke off can go on
            here.errands.cancel(name)
        raise refused(problem) from None
    return jsonify(url=url_for("models.index", _anchor=name))
