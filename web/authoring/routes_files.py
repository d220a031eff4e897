"""One file of a draft as text: the editor, and the look at what is typed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from protocols.editions import may_be_own
from web.authoring import naming, typed
from web.authoring.checked import Shown, drawn, shown
from web.authoring.errors import Unfit
from web.authoring.model import Draft
from web.authoring.saving import Clash, current, save
from web.security import Permission, needs
from web.security.here import services

blueprint = Blueprint("draft_files", __name__, template_folder="templates", url_prefix="/protocols/drafts")


@blueprint.get("/<draft_id>/files/<path:path>")
@needs(Permission.PROTOCOLS_EDIT)
def edit(draft_id: str, path: str) -> ResponseReturnValue:
    draft = _draft(draft_id, path)
    text = current(draft.id, path)
    return _page(draft, path, text, seen=typed.state(text))


@blueprint.post("/<draft_id>/files/<path:path>")
@needs(Permission.PROTOCOLS_EDIT)
def send(draft_id: str, path: str) -> ResponseReturnValue:
    """The editor without scripts: `do` is save or check. Nothing that was typed is lost."""
    draft = _draft(draft_id, path)
    raw, seen = request.form.get("text", ""), request.form.get("seen", "")
    try:
        text = typed.tidied(raw)
        if request.form.get("do") == "check":
            return _page(draft, path, text, seen=seen, unsaved=text != current(draft.id, path))
        save(draft, path, text, seen)
    except Clash as clash:
        return _page(draft, path, text, seen=clash.seen, theirs=clash.theirs, unsaved=True), 409
    except (ValueError, Unfit) as problem:
        return _page(draft, path, raw, seen=seen, refused=_why(problem), unsaved=True), 422
    return _page(draft, path, text, seen=typed.state(text))


@blueprint.put("/<draft_id>/files/<path:path>")
@needs(Permission.PROTOCOLS_EDIT)
def put(draft_id: str, path: str) -> ResponseReturnValue:
    """The same for scripts: {text, seen} -> {seen}; 409 {seen, theirs} when somebody was faster."""
    draft = _draft(draft_id, path)
    body = _body("text", "seen")
    try:
        text = typed.tidied(body["text"])
        save(draft, path, text, body["seen"])
    except Clash as clash:
        return jsonify(seen=clash.seen, theirs=clash.theirs), 409
    except (ValueError, Unfit) as problem:
        return jsonify(title=_("It was not saved."), detail=_why(problem)), 422
    return jsonify(seen=typed.state(text))


@blueprint.post("/<draft_id>/check")
@needs(Permission.PROTOCOLS_EDIT)
def check(draft_id: str) -> ResponseReturnValue:
    """What would be wrong, were this the text of the file: {path, text} -> {problems, told, drawing}."""
    body = _body("path", "text")
    draft = _draft(draft_id, body["path"])
    try:
        found = _look(draft, body["path"], typed.tidied(body["text"]))
    except (ValueError, Unfit) as problem:
        return jsonify(problems=[], told=_why(problem), drawing=None)
    for one, raw in zip(answer := found.as_json()["problems"], found.problems, strict=True):
        one["url"] = _line_of(draft, raw.file, raw.line) if raw.editable else ""
    return jsonify(problems=answer, told=found.told, drawing=found.drawing)


def _why(problem: ValueError | Unfit) -> str:
    return problem.detail if isinstance(problem, Unfit) else str(problem)


def _draft(draft_id: str, path: str) -> Draft:
    draft = services().authoring.read(draft_id)
    if not may_be_own(path, services().authoring.files()):
        abort(404)
    return draft


def _body(*names: str) -> dict[str, str]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not all(isinstance(body.get(name), str) for name in names):
        abort(400)
    return body


def _look(draft: Draft, path: str, text: str) -> Shown:
    authoring = services().authoring
    own = {**authoring.own(draft.id), path: text}
    return shown(authoring.check(draft.id, path, text), own, path)


def _line_of(draft: Draft, path: str, line: int) -> str:
    return url_for("draft_files.edit", draft_id=draft.id, path=path, _anchor=f"line-{line}")


def _page(
    draft: Draft,
    path: str,
    text: str,
    *,
    seen: str,
    theirs: str | None = None,
    refused: str = "",
    unsaved: bool = False,
) -> str:
    checked: Any = Shown((), "") if refused else _look(draft, path, text)
    language = naming.language_of(path) if path.startswith("wording/") else ""
    return render_template(
        "authoring/edit.html",
        draft=draft,
        path=path,
        name=naming.file_name(path, services().libraries.current()),
        text=text.replace("\0", ""),
        seen=seen,
        theirs=theirs,
        refused=refused,
        unsaved=unsaved,
        checked=checked,
        drawn=drawn(path),
        words_url=url_for("own_words.edit", draft_id=draft.id, language=language) if language else "",
    )
