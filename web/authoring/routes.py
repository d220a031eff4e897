"""Drafts: the list, one draft with what it would change, and bringing it into force."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from protocols.errors import ProtocolError
from web.authoring import beginning, naming
from web.authoring.beginning import Beginning, NameTaken
from web.authoring.checked import shown
from web.authoring.errors import DraftClash, FilesClash, NoCoder, Refused, Unfit
from web.authoring.forms import COPIES, AddForm, NewDraftForm, PublishForm
from web.authoring.model import Draft
from web.authoring.typed import visible
from web.problems import Problem
from web.security import Permission, current_user, needs
from web.security.here import services

blueprint = Blueprint("drafts", __name__, template_folder="templates", url_prefix="/protocols/drafts")


@blueprint.route("", methods=["GET", "POST"])
@needs(Permission.PROTOCOLS_EDIT)
def index() -> ResponseReturnValue:
    """All drafts; a new one begins with something to change. `?begin=` chooses it beforehand."""
    here = services()
    library = here.libraries.current()
    form = NewDraftForm(what=request.args.get("begin")).offer(beginning.choices(library))
    if form.validate_on_submit():
        begun = _begun(form, here.authoring.files())
        if begun:
            title = (form.title.data or form.name.data or "").strip()
            title = title or beginning.title_of(form.what.data, library)
            draft = here.authoring.create(title, current_user(), begun.changes)
            return redirect(_open(draft, begun.path))
    page = render_template(
        "authoring/drafts.html",
        drafts=here.authoring.drafts(),
        form=form,
        number=here.libraries.current_number,
        trouble=here.libraries.trouble,
        naming=naming,
        library=library,
    )
    return page, 422 if form.errors else 200


@blueprint.get("/<draft_id>")
@needs(Permission.PROTOCOLS_EDIT)
def show(draft_id: str) -> ResponseReturnValue:
    return _page(services().authoring.read(draft_id))


@blueprint.post("/<draft_id>/files")
@needs(Permission.PROTOCOLS_EDIT)
def add(draft_id: str) -> ResponseReturnValue:
    """Something more to change in the same draft."""
    authoring = services().authoring
    draft = authoring.read(draft_id)
    form = AddForm().offer(beginning.choices(_library(draft)))
    begun = _begun(form, authoring.files(draft.id)) if form.validate_on_submit() else None
    if begun is None:
        return _page(draft, add=form, status=422)
    if begun.changes:
        draft = authoring.write_all(draft.id, begun.changes, draft.version)
    return redirect(_open(draft, begun.path))


@blueprint.post("/<draft_id>/files/remove")
@needs(Permission.PROTOCOLS_EDIT)
def remove(draft_id: str) -> ResponseReturnValue:
    """Take an own file away with this draft, or let go of what the draft changed in it."""
    authoring = services().authoring
    path = request.form.get("path", "")
    try:
        if request.form.get("do") == "revert":
            draft = authoring.revert(draft_id, path, _sent("version"))
        else:
            draft = authoring.write(draft_id, path, None, _sent("version"))
    except DraftClash as clash:
        return _page(clash.theirs, problem=clash, status=clash.status)
    return redirect(url_for("drafts.show", draft_id=draft.id))


@blueprint.post("/<draft_id>/publish")
@needs(Permission.PROTOCOLS_EDIT)
def publish(draft_id: str) -> ResponseReturnValue:
    authoring = services().authoring
    draft = authoring.read(draft_id)
    form = PublishForm()
    if not form.validate_on_submit():
        return _page(draft, form=form, status=422)
    try:
        number = authoring.publish(draft.id, form.note.data, current_user(), int(form.version.data))
    except DraftClash as clash:
        return _page(clash.theirs, form=form, problem=clash, status=clash.status)
    except (FilesClash, NoCoder, Refused, Unfit) as problem:
        return _page(draft, form=form, problem=problem, status=problem.status)
    flash(_("In force from now on, as edition %(n)d. Interviews under way keep theirs.", n=number))
    return redirect(url_for("editions.show", number=number))


@blueprint.post("/<draft_id>/on-top")
@needs(Permission.PROTOCOLS_EDIT)
def on_top(draft_id: str) -> ResponseReturnValue:
    """Somebody has compared: this draft's files go over those published meanwhile."""
    try:
        draft = services().authoring.put_on_top(draft_id, _sent("version"), _sent("compared"))
    except DraftClash as clash:
        return _page(clash.theirs, problem=clash, status=clash.status)
    return redirect(url_for("drafts.show", draft_id=draft.id))


@blueprint.post("/<draft_id>/discard")
@needs(Permission.PROTOCOLS_EDIT)
def discard(draft_id: str) -> ResponseReturnValue:
    try:
        services().authoring.discard(draft_id, current_user(), _sent("version"))
    except DraftClash as clash:
        return _page(clash.theirs, problem=clash, status=clash.status)
    flash(_("The draft is gone. What is in force has not changed."))
    return redirect(url_for("drafts.index"))


def _sent(name: str) -> int:
    """A number the page was made with; one that no draft and no edition has where there is none."""
    return request.form.get(name, -1, type=int)


def _page(
    draft: Draft,
    *,
    form: PublishForm | None = None,
    add: AddForm | None = None,
    problem: Problem | None = None,
    status: int = 200,
) -> tuple[str, int]:
    number = services().libraries.current_number  # before what is compared with it
    authoring = services().authoring
    checked, own = authoring.check(draft.id), authoring.own(draft.id)
    library = checked.library or services().libraries.current()
    form = form or PublishForm()
    form.version.data = draft.version
    page = render_template(
        "authoring/draft.html",
        draft=draft,
        form=form,
        add=add or AddForm(formdata=None).offer(beginning.choices(library)),
        problem=problem,
        checked=shown(checked, own),
        own=sorted(own),
        changes=authoring.changes(draft.id),
        clashes=authoring.clashes(draft.id),
        number=number,
        naming=naming,
        library=library,
        visible=visible,
    )
    return page, status


def _library(draft: Draft) -> Any:
    return services().authoring.check(draft.id).library or services().libraries.current()


def _begun(form: AddForm, files: Any) -> Beginning | None:
    """What the form asks for; None with the reason beside its field."""
    title, own_id = (form.name.data or "").strip(), ""
    try:
        if str(form.what.data).startswith(COPIES):
            own_id = beginning.short_name(form.short.data or "", title)
        return beginning.begin(form.what.data, own_id, title, files)
    except ProtocolError as problem:
        form.what.errors = [*form.what.errors, f"{problem.what}. {problem.how}"]
    except (NameTaken, ValueError) as problem:
        form.short.errors = [*form.short.errors, str(problem)]
    return None


def _open(draft: Draft, path: str) -> str:
    """Words have a form, everything else is text."""
    if path.startswith("wording/"):
        return url_for("own_words.edit", draft_id=draft.id, language=naming.language_of(path))
    return url_for("draft_files.edit", draft_id=draft.id, path=path)
