"""What the script of the page of translation packages asks for."""

from __future__ import annotations

from flask import Blueprint, jsonify, request, url_for
from werkzeug.wrappers import Response

from web.artifacts import Busy, Errand, FetchFailed, receive
from web.packages import naming
from web.packages.doing import busy, folder, refused, say_installed
from web.packages.page import UPLOAD, progress
from web.security import Permission, body_limit, needs
from web.security.here import services
from web.translation import BadPackage, Installed
from web.translation.installing import Origin, install
from web.translation.offered import Offers

blueprint = Blueprint("packages_api", __name__, url_prefix="/api/packages")


@blueprint.get("/state")
@needs(Permission.PACKAGES_MANAGE)
def state() -> Response:
    """{running, texts: {package: how far it is}}."""
    found = progress(Offers(folder()))
    running = any(status.running for status in found.values())
    return jsonify(running=running, texts={name: naming.progress(one) for name, one in found.items()})


@blueprint.put("/file")
@needs(Permission.PACKAGES_MANAGE)
@body_limit("max_package_bytes")
def bring() -> Response:
    """Takes a package as it is sent, without keeping it in memory, and installs it."""
    placed: list[Installed] = []

    def work(errand: Errand) -> None:
        limit = services().config.max_package_bytes
        got = receive(request.stream, UPLOAD, errand, limit=limit, size=request.content_length)
        errand.verifying()
        placed.append(install(got.path, folder(), Origin("file")))

    errands = Offers(folder()).errands
    try:
        errands.run(UPLOAD, work)
    except Busy:
        raise busy() from None
    except (BadPackage, FetchFailed) as problem:
        errands.cancel(UPLOAD)  # nobody goes on with half a file of somebody else
        raise refused(problem) from None
    say_installed(placed[0])
    return jsonify(url=url_for("packages.index"))
