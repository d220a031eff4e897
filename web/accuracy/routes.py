"""Pages on how well turns are coded: the figures, and the mistakes one by one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from web.accuracy import choosing, naming, results, tables
from web.accuracy.choosing import Choice
from web.accuracy.results import Mistake, NoResults, Results
from web.security import Permission, needs

blueprint = Blueprint("accuracy", __name__, template_folder="templates", url_prefix="/accuracy")


@blueprint.get("/")
@needs(Permission.ACCURACY_VIEW)
def page() -> str:
    """Figures with intervals, tables by label and the matrices."""
    found = results.load(results.FOLDER)
    return render_template(
        "accuracy/page.html",
        found=found,
        bars=tables.bars(found),
        tables={kind: tables.rows(found, kind) for kind in tables.KINDS},
        matrices={kind: tables.matrix(found, kind) for kind in ("type", "answer")},
        naming=naming,
    )


@blueprint.get("/mistakes")
@needs(Permission.ACCURACY_VIEW)
def mistakes() -> str:
    """Turns coded otherwise than by people, each with the turns before it."""
    found = results.load(results.FOLDER)
    return render_template("accuracy/mistakes.html", **_shown(found, Choice.of(request.args)), naming=naming)


@blueprint.errorhandler(NoResults)
def nothing(problem: NoResults) -> str:
    """What both pages say where there is nothing to show."""
    return render_template("accuracy/none.html", problem=problem)


def _shown(found: Results, choice: Choice) -> dict[str, Any]:
    chosen = [one for one in found.mistakes if choice.lets(one)]
    last = max(1, -(-len(chosen) // choosing.PER_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), last)
    start = (number - 1) * choosing.PER_PAGE
    return {
        "choice": choice,
        "labels": choosing.labels(found.mistakes),
        "count": len(chosen),
        "of": len(found.mistakes),
        "shown": [(one, _before(one)) for one in chosen[start : start + choosing.PER_PAGE]],
        "number": number,
        "last": last,
        "start": start,
    }


def _before(mistake: Mistake) -> list[Any]:
    return list(results.before(results.FOLDER, mistake))
