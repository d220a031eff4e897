"""The page of speech models, and what its buttons do."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.models import naming
from web.models.doing import installer, measure, note, noted, refused, start
from web.models.page import MEASURE, gather
from web.security import Permission, current_user, needs
from web.security.here import services
from web.speech.catalogue import Known
from web.speech.installing import Installer
from web.speech.models import BadModel

blueprint = Blueprint("models", __name__, template_folder="templates", url_prefix="/models")


def _known(name: str) -> tuple[Installer, Known]:
    here = installer()
    if name not in here.models.catalogue.models:
        abort(404)
    return here, here.models.known(name)


def _back(name: str) -> Response:
    return redirect(url_for("models.index", _anchor=name))


@blueprint.get("")
@needs(Permission.MODELS_MANAGE)
def index() -> str:
    here = installer()
    shown = gather(here, request.args.get("language", "en"))
    return render_template("models/index.html", shown=shown, host=here.host, naming=naming)


@blueprint.post("/<name>/fetch")
@needs(Permission.MODELS_MANAGE)
def fetch(name: str) -> Response:
    """Begins to fetch it from the hub or the mirror, or goes on with it."""
    here, known = _known(name)
    start(here, known.name, noted(services(), current_user().id, known.name, here.fetch(known.name)))
    return _back(name)


@blueprint.post("/<name>/cancel")
@needs(Permission.MODELS_MANAGE)
def cancel(name: str) -> Response:
    """Calls off whatever goes on with this model, and throws away what has come."""
    here, known = _known(name)
    for errand in (known.name, f"{MEASURE}{known.name}"):
        if here.errands.status(errand).state not in {"absent", "ready"}:
            here.errands.cancel(errand)
    return _back(name)


@blueprint.post("/<name>/measure")
@needs(Permission.MODELS_MANAGE)
def measure_(name: str) -> Response:
    here, known = _known(name)
    if known.name not in here.models.installed():
        abort(404)
    measure(here, services().config.home, known.name)
    return _back(name)


@blueprint.post("/<name>/use")
@needs(Permission.MODELS_MANAGE)
def use(name: str) -> Response:
    """For one language, or for all that it writes. An interview has it from the next utterance on."""
    here, known = _known(name)
    language = request.form.get("language", "")
    try:
        here.models.use(known.name, [language] if language else ())
    except BadModel as problem:
        raise refused(problem) from None
    note(services(), current_user().id, "model:use", known.name)
    what = naming.languages([language] if language else known.languages)
    flash(_("%(model)s writes from now on: %(languages)s.", model=known.name, languages=what))
    return _back(name)


@blueprint.route("/<name>/remove", methods=["GET", "POST"])
@needs(Permission.MODELS_MANAGE)
def take_away(name: str) -> ResponseReturnValue:
    """Asks first."""
    here, known = _known(name)
    model = here.models.here(known.name)
    if model is None or not model.removable:
        abort(404)
    if request.method == "GET":
        used = [code for code, one in here.models.in_use().items() if one == known.name]
        return render_template("models/remove.html", known=known, used=used, naming=naming)
    try:
        here.models.remove(known.name)
    except BadModel as problem:
        raise refused(problem) from None
    note(services(), current_user().id, "model:remove", known.name, model)
    flash(_("Removed: %(what)s.", what=known.name))
    return redirect(url_for("models.index"))
