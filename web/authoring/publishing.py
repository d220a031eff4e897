"""Bringing own files into force: checked outside any transaction, then the edition's file, then its row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from protocols.editions import merge
from web.authoring import rows
from web.authoring.drafts import read, taken
from web.authoring.errors import DraftClash, FilesClash, NoCoder, Refused, Unfit
from web.authoring.libraries import Libraries
from web.authoring.model import Checked, Draft
from web.authoring.own_files import between, encoded, laid, unpack_own
from web.authoring.rows import Newest
from web.problems import Problem
from web.store import Database, Edition, User, audit

MAX_NOTE = 500
TRIES = 5
NONE_YET = Newest(0, "", "", {})


class Overtaken(Exception):
    """Another edition was published after this one was checked."""


class Publishing:
    """`check` says what is wrong with own files. Several may publish at once: whoever comes second is checked
    again on what is in force by then."""

    def __init__(
        self,
        database: Database,
        libraries: Libraries,
        check: Callable[[Mapping[str, str]], Checked],
        audit_key: bytes,
    ) -> None:
        self._database, self._libraries = database, libraries
        self._check, self._audit_key = check, audit_key

    def publish(self, draft_id: str, note: str, user: User, version: int) -> int:
        """As AuthoringService.publish."""
        note = _noted(note)
        return self._again(partial(self._publish, draft_id, note, user, version))

    def bring_in(self, own: Mapping[str, str], note: str) -> int:
        """As AuthoringService.bring_in."""
        note = _noted(note)
        return self._again(partial(self._bring_in, own, note))

    def _again(self, work: Callable[[], int]) -> int:
        for _try in range(TRIES):
            try:
                return work()
            except Overtaken:
                continue
        raise Problem(503, _("Others are publishing just now"), _("Nothing was published. Try again."))

    def _publish(self, draft_id: str, note: str, user: User, version: int) -> int:
        with self._database.read() as session:
            draft = read(session, draft_id)
            if draft.version != version:
                raise DraftClash(draft)
            if files := clashing(session, draft):
                raise FilesClash(files)
            last = rows.newest(session) or NONE_YET
        name = self._made(last, laid(last.own, draft.changes))
        with self._database.write() as session:
            session.delete(taken(session, draft_id, version))
            return self._write(session, last, name, laid(last.own, draft.changes), note, user.id)

    def _bring_in(self, own: Mapping[str, str], note: str) -> int:
        with self._database.read() as session:
            last = rows.newest(session) or NONE_YET
        name = self._made(last, own)
        with self._database.write() as session:
            return self._write(session, last, name, own, note, None)

    def _made(self, last: Newest, own: Mapping[str, str]) -> str:
        """The edition's file, with nothing wrong in it."""
        if own == last.own and last.shipped in ("", self._libraries.shipped.edition):
            raise Unfit("changes", _("This would change nothing. Nothing was published."))
        checked = self._check(own)
        if checked.problems:
            raise Refused(checked.problems)
        if not checked.coded:
            raise NoCoder
        return self._libraries.keep(merge(self._libraries.files, encoded(own)))

    def _write(  # noqa: PLR0917
        self, session: Session, last: Newest, name: str, own: Mapping[str, str], note: str, by: str | None
    ) -> int:
        shipped = self._libraries.shipped.edition
        number = rows.add(session, last.number, name, shipped, own, note, by)
        if number is None:
            raise Overtaken
        audit.append(session, self._audit_key, by, "edition:publish", str(number), {"digest": name})
        return number


def clashing(session: Session, draft: Draft) -> tuple[str, ...]:
    """The files that an edition published since the draft was begun changed, and the draft otherwise."""
    last = rows.newest(session) or NONE_YET
    base = session.get(Edition, draft.base)
    since = between(unpack_own(base.own) if base else {}, last.own)
    return tuple(path for path, text in since.items() if draft.changes.get(path, text) != text)


def _noted(note: str) -> str:
    note = note.strip()
    if not note or len(note) > MAX_NOTE or "\0" in note:
        raise Unfit("note", _("Say in up to %(n)s characters what changes and why.", n=MAX_NOTE))
    try:
        note.encode()
    except UnicodeEncodeError:
        raise Unfit("note", _("This holds broken characters. Type or paste it again.")) from None
    return note
