"""Translation packages: what is there, how good it is, bringing in and taking away. For administrators."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.artifacts import Errand
from web.packages import naming
from web.packages.doing import folder, note, refused, say_installed, start
from web.packages.page import gather
from web.problems import Problem
from web.security import Permission, current_user, needs
from web.security.here import services
from web.translation import BadPackage
from web.translation.index import OFFICIAL, is_address
from web.translation.installing import find, remove
from web.translation.offered import INDEX, Offers
from web.translation.stock import install_shipped, shipped

blueprint = Blueprint("packages", __name__, template_folder="templates", url_prefix="/packages")


@blueprint.get("")
@needs(Permission.PACKAGES_MANAGE)
def index() -> str:
    return render_template("packages/index.html", shown=gather(folder()), naming=naming, official=OFFICIAL)


@blueprint.post("/shipped/<name>")
@needs(Permission.PACKAGES_MANAGE)
def bring_shipped(name: str) -> Response:
    """Puts one that Tellmore carries in place, instead of whatever is there."""
    try:
        package = next((one for one in shipped() if one.name == name), None)
        if package is None:
            abort(404)
        say_installed(install_shipped(package, folder()))
    except BadPackage as problem:
        raise refused(problem) from None
    return redirect(url_for("packages.index"))


@blueprint.route("/<name>/remove", methods=["GET", "POST"])
@needs(Permission.PACKAGES_MANAGE)
def take_away(name: str) -> ResponseReturnValue:
    """Asks first."""
    package = find(folder(), name)
    if package is None:
        abort(404)
    if request.method == "GET":
        return render_template("packages/remove.html", package=package, naming=naming)
    try:
        remove(package)
    except FileNotFoundError:
        abort(404)  # somebody else was faster
    note(current_user().id, "package:remove", package)
    flash(_("Removed: %(what)s.", what=naming.direction(package.source, package.target)))
    return redirect(url_for("packages.index"))


@blueprint.post("/list")
@needs(Permission.PACKAGES_MANAGE)
def read_list() -> Response:
    """Fetches the list of packages at an address."""
    where, sums = (request.form.get(name, "").strip() for name in ("where", "checksums"))
    if not is_address(where) or (sums and not is_address(sums)):
        raise Problem(
            422, _("This is no address"), _("It begins with https:// or http://. Nothing was fetched.")
        )
    offers = Offers(folder())
    start(offers, INDEX, lambda errand: offers.fetch_list(where, sums, errand))
    return redirect(url_for("packages.index", _anchor="elsewhere"))


@blueprint.post("/offered/<name>")
@needs(Permission.PACKAGES_MANAGE)
def fetch(name: str) -> Response:
    """Begins to fetch one of the list, which is then installed."""
    offers, actor = Offers(folder()), current_user().id
    offered = offers.last()
    offer = next((one for one in offered.packages if one.name == name), None) if offered else None
    if offer is None or not offer.remote:
        abort(404)
    here, where = services(), folder()

    def work(errand: Errand) -> None:
        offers.bring(offer, errand)
        if package := find(where, name):
            note(actor, "package:install", package, here)

    start(offers, name, work)
    return redirect(url_for("packages.index", _anchor=name))


@blueprint.post("/offered/<name>/cancel")
@needs(Permission.PACKAGES_MANAGE)
def cancel(name: str) -> Response:
    offers = Offers(folder())
    offered = offers.last()
    if name != INDEX and name not in {one.name for one in (offered.packages if offered else ())}:
        abort(404)
    offers.errands.cancel(name)
    return redirect(url_for("packages.index", _anchor="elsewhere"))
