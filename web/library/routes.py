"""The list of protocols, and one protocol with its drawing, steps, cards and sources."""

from __future__ import annotations

from babel import Locale
from flask import Blueprint, abort, render_template, request
from flask_babel import get_locale
from markupsafe import Markup

from protocols.drawing import draw
from web.interview.new import direction
from web.library import markup, naming
from web.library.service import Reading
from web.security import Permission, needs
from web.security.here import services

blueprint = Blueprint("library", __name__, template_folder="templates", url_prefix="/protocols")


@blueprint.get("")
@needs(Permission.PROTOCOLS_VIEW)
def index() -> str:
    """Interviews first, then first contacts, each by title."""
    library = services().libraries.current()
    flows = sorted(library.flows.values(), key=lambda flow: (flow.kind != "interview", flow.title))
    return render_template("library/index.html", flows=flows, naming=naming, markup=markup)


@blueprint.get("/<protocol_id>")
@needs(Permission.PROTOCOLS_VIEW)
def show(protocol_id: str) -> str:
    """One protocol, its wording in `?language=`."""
    libraries = services().libraries
    library = libraries.current()
    language = request.args.get("language") or "en"
    if protocol_id not in library.flows or language not in library.languages():
        abort(404)
    flow = library.flows[protocol_id]
    reading = Reading(library, flow, language)
    drawing = draw(flow, reading.words, link=lambda step: f"#step-{step}")
    return render_template(
        "library/show.html",
        flow=flow,
        reading=reading,
        drawing=Markup(drawing),  # noqa: S704 - made by ElementTree, which escapes every text
        language=language,
        languages=_named(library.languages()),
        direction=direction,
        edition=libraries.current_number,
        naming=naming,
        markup=markup,
    )


def _named(codes: list[str]) -> dict[str, str]:
    """Language code -> its name for the reader."""
    reader = get_locale() or Locale("en")
    return {code: Locale.parse(code, sep="-").get_display_name(reader) or code for code in codes}
