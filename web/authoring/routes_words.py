"""An agency's own words in one language as a form: each card with the words in force and a field beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from protocols.editions import may_be_own
from protocols.errors import ProtocolError
from protocols.library import Library
from web.authoring import naming, typed
from web.authoring.checked import Found, shown
from web.authoring.errors import Unfit
from web.authoring.forms import WordsForm
from web.authoring.model import Draft
from web.authoring.saving import Clash, current, save
from web.authoring.wording_file import OwnWords, path_of, read, remarks_within, write
from web.authoring.wording_page import groups, marks, texts_of
from web.interview.errors import Invalid
from web.interview.new import direction, language_tag
from web.library import markup
from web.security import Permission, needs
from web.security.here import services

blueprint = Blueprint("own_words", __name__, template_folder="templates", url_prefix="/protocols/drafts")


class Looked(NamedTuple):
    """What the validator says: `cards` by card of the form, `others` about anything else."""

    told: str
    library: Library
    cards: dict[str, list[Found]]
    others: list[Found]


@blueprint.get("/<draft_id>/wording/<language>")
@needs(Permission.PROTOCOLS_EDIT)
def edit(draft_id: str, language: str) -> str:
    draft, saved, before = _opened(draft_id, language)
    form = WordsForm(
        author=before.author,
        version=before.version,
        by=before.by,
        on=before.on,
        seen=typed.state(saved),
    )
    return _page(draft, form, before)


@blueprint.post("/<draft_id>/wording/<language>")
@needs(Permission.PROTOCOLS_EDIT)
def send(draft_id: str, language: str) -> ResponseReturnValue:
    """Save, or check without saving; a script that asks for JSON is told the problems card by card."""
    draft, _saved, before = _opened(draft_id, language)
    form = WordsForm()
    try:
        now = _typed(form, before)
    except ValueError as problem:
        form.form_errors.append(str(problem))
        return _page(draft, form, _typed(form, before, lambda raw: raw.replace("\0", ""))), 422
    if request.accept_mimetypes.best == "application/json":
        return _told(draft, now)
    if not form.validate() or not form.still_validated(before, now):
        return _page(draft, form, now), 422
    if request.form.get("do") == "check":
        return _page(draft, form, now)
    return _saved_as(draft, form, now)


def _saved_as(draft: Draft, form: WordsForm, now: OwnWords) -> ResponseReturnValue:
    try:
        save(draft, path_of(now.language), write(now), form.seen.data or "")
    except Clash as clash:
        form.seen.data = clash.seen
        return _page(draft, form, now, theirs=clash.theirs), 409
    except Unfit as problem:
        form.form_errors.append(problem.detail)
        return _page(draft, form, now), 422
    flash(_("Saved."))
    return redirect(url_for("own_words.edit", draft_id=draft.id, language=now.language))


def _opened(draft_id: str, language: str) -> tuple[Draft, str, OwnWords]:
    """The draft, the file as it is saved and the words in it. Leads to the text where they cannot be read."""
    draft = services().authoring.read(draft_id)
    path = _path(language)
    saved = current(draft.id, path)
    try:
        return draft, saved, read(saved, language)
    except ProtocolError:
        flash(_("This file cannot be shown as a form before it is mended as text."))
        abort(redirect(url_for("draft_files.edit", draft_id=draft.id, path=path)))


def _path(language: str) -> str:
    """404 for what is no language in its usual writing."""
    try:
        usual = language_tag("language", language)
    except Invalid:
        abort(404)
    path = path_of(language)
    if usual != language or not may_be_own(path, {}):
        abort(404)
    return path


def _typed(form: WordsForm, before: OwnWords, tidied: Callable[[str], str] = typed.tidied) -> OwnWords:
    """What the form holds. ValueError says what cannot be kept."""
    sent = {name: tidied(value) for name, value in request.form.items()}
    return OwnWords(
        before.language,
        (form.author.data or "").strip(),
        (form.version.data or "").strip(),
        (form.by.data or "").strip(),
        form.on.data or "",
        texts_of(sent, before),
        before.head,
    )


def _look(draft: Draft, now: OwnWords) -> Looked:
    here = services()
    path, text = path_of(now.language), write(now)
    checked = here.authoring.check(draft.id, path, text)
    found = shown(checked, {**here.authoring.own(draft.id), path: text}, path)
    library = checked.library or here.libraries.current()
    return Looked(found.told, library, *marks(found, text, library, now))


def _told(draft: Draft, now: OwnWords) -> ResponseReturnValue:
    found = _look(draft, now)
    return jsonify(
        told=found.told,
        cards={card: [f"{one.what}. {one.how}" for one in faults] for card, faults in found.cards.items()},
        others=[f"{one.place}: {one.what}. {one.how}" for one in found.others],
    )


def _page(draft: Draft, form: WordsForm, now: OwnWords, theirs: str | None = None) -> str:
    found, force = _look(draft, now), services().libraries.current()
    page: dict[str, Any] = {
        "groups": groups(found.library, force, now, found.cards),
        "others": found.others,
        "told": found.told,
        "loses_remarks": remarks_within(current(draft.id, path_of(now.language))),
    }
    return render_template(
        "authoring/words.html",
        draft=draft,
        form=form,
        language=now.language,
        name=naming.language_name(now.language),
        theirs=theirs,
        direction=direction,
        markup=markup,
        library=found.library,
        path=path_of(now.language),
        **page,
    )
