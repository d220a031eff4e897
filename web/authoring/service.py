"""Drafts and editions: everything the authoring pages and the terminal can do.

It asks nobody who they are: callers check Permission.PROTOCOLS_EDIT first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import defer

from protocols.editions import MAX_BYTES, MAX_FILES, may_be_own, merge
from protocols.errors import ProtocolError
from protocols.files import Files
from protocols.library import Library, load_library
from protocols.problems import problems_of
from protocols.validate import Problem, validate
from web.authoring import rows
from web.authoring.coding import code_prompt
from web.authoring.drafts import Drafts
from web.authoring.errors import NoEdition, NotOwn, Unfit
from web.authoring.libraries import Libraries
from web.authoring.model import Changes, Checked, Draft, EditionLine, FileChange
from web.authoring.own_files import between, differences, encoded, laid, unpack_own
from web.authoring.publishing import Publishing, clashing
from web.authoring.validated import outdated
from web.engines import CoderPort
from web.store import Database, Edition, User

MAX_TITLE = 120
MAX_TEXT = 500_000
"""Characters of one file; the longest shipped one has a tenth of that."""


class AuthoringService:
    """One per process. `coder()` is None until the language models are there."""

    def __init__(
        self,
        database: Database,
        libraries: Libraries,
        coder: Callable[[], CoderPort | None],
        audit_key: bytes,
    ) -> None:
        self._database, self._libraries = database, libraries
        self._drafts = Drafts(database, audit_key)
        self._publishing = Publishing(database, libraries, self._checked, audit_key)
        self._coder = coder
        self._one_look = Lock()  # the same process leads interviews: several looks at once would slow them

    def drafts(self) -> list[Draft]:
        """All drafts, the one written last first."""
        return self._drafts.every()

    def create(self, title: str, user: User, changes: Changes | None = None) -> Draft:
        """Begin a draft on the edition in force. Raises Unfit, NotOwn."""
        title = " ".join(title.split())
        if not title or len(title) > MAX_TITLE or not title.isprintable():
            raise Unfit("title", _("Give the draft a title of at most %(n)s characters.", n=MAX_TITLE))
        self._check_texts(changes or {})
        return self._drafts.create(title, user, changes or {})

    def read(self, draft_id: str) -> Draft:
        """Raises NoDraft."""
        return self._drafts.read(draft_id)

    def write(self, draft_id: str, path: str, text: str | None, version: int) -> Draft:
        """Change one file, or remove it (None); `version` is that of the draft as it was read.

        The draft as it is now comes back. Raises NoDraft, NotOwn, Unfit, DraftClash.
        """
        return self.write_all(draft_id, {path: text}, version)

    def write_all(self, draft_id: str, changes: Changes, version: int) -> Draft:
        """The same for several files at once."""
        self._check_texts({**self.read(draft_id).changes, **changes})
        return self._drafts.write(draft_id, version, lambda before, own: {**before, **changes})

    def revert(self, draft_id: str, path: str, version: int) -> Draft:
        """Leave this file as it is in force. Raises NoDraft, DraftClash."""
        return self._drafts.write(
            draft_id, version, lambda before, own: {name: before[name] for name in before if name != path}
        )

    def files(self, draft_id: str | None = None) -> Files:
        """Every file as it would be once the draft is published, shipped ones too; without one as it is in
        force. Raises NoDraft."""
        return {**self._libraries.files, **encoded(self.own(draft_id))}

    def own(self, draft_id: str | None = None) -> dict[str, str]:
        """The same, the agency's own files alone, by path. Raises NoDraft."""
        changes = self.read(draft_id).changes if draft_id is not None else {}
        return laid(self._own_in_force(), changes)

    def check(self, draft_id: str, path: str | None = None, text: str | None = None) -> Checked:
        """What is wrong with the draft, were `text` in `path` in place of what is saved. Nothing is saved.

        Raises NoDraft, NotOwn, Unfit.
        """
        changes = dict(self.read(draft_id).changes)
        if path is not None:
            self._check_texts({path: text})
            changes[path] = text
        return self._checked(laid(self._own_in_force(), changes))

    def changes(self, draft_id: str) -> list[FileChange]:
        """What the draft would change of what is in force. Raises NoDraft."""
        own = self._own_in_force()
        return differences(own, laid(own, self.read(draft_id).changes), self._libraries.files)

    def clashes(self, draft_id: str) -> tuple[str, ...]:
        """The files that an edition published since the draft was begun changed as well. Raises NoDraft."""
        draft = self.read(draft_id)
        with self._database.read() as session:
            return clashing(session, draft)

    def put_on_top(self, draft_id: str, version: int, compared: int) -> Draft:
        """Somebody has looked at what clashes: the draft's files go over the edition of this number. What
        was published after that one still clashes.

        Raises NoDraft, DraftClash.
        """
        return self._drafts.put_on_top(draft_id, version, compared)

    def publish(self, draft_id: str, note: str, user: User, version: int) -> int:
        """Bring the draft into force for interviews that begin from now on; the edition's number comes back.

        Raises NoDraft, DraftClash, FilesClash, NoCoder, Unfit, Refused with the problems: nothing changed.
        """
        return self._publishing.publish(draft_id, note, user, version)

    def bring_in(self, own: Mapping[str, str], note: str) -> int:
        """Make these the agency's own files, all others are removed; for the terminal. Raises as `publish`
        does, and NotOwn."""
        self._check_texts(own)
        return self._publishing.bring_in(own, note)

    def discard(self, draft_id: str, user: User, version: int) -> None:
        """Raises NoDraft, DraftClash."""
        self._drafts.discard(draft_id, user, version)

    def history(self) -> list[EditionLine]:
        """All editions, the newest first."""
        in_force = self._libraries.current_number
        wanted = select(Edition, User).outerjoin(User, User.id == Edition.author_id)
        wanted = wanted.options(defer(Edition.own))  # the files of all of them are megabytes
        with self._database.read() as session:
            found = session.execute(wanted.order_by(Edition.number.desc())).all()
        return [
            EditionLine(
                number=row.number,
                digest=row.digest,
                author=(user.full_name or user.name) if user else "",
                note=row.note,
                created_at=row.created_at,
                in_force=row.number == in_force,
            )
            for row, user in found
        ]

    def edition(self, number: int) -> dict[str, str]:
        """The agency's own files of an edition, by path; none in edition 0. Raises NoEdition."""
        if number == 0:
            return {}
        with self._database.read() as session:
            row = session.get(Edition, number) if 0 < number < 2**31 else None
        if row is None:
            raise NoEdition
        return unpack_own(row.own)

    def diff(self, before: int, after: int) -> list[FileChange]:
        """What changed from one edition to another; 0 is before there was any. Raises NoEdition."""
        return differences(self.edition(before), self.edition(after), self._libraries.files)

    def restore(self, number: int, user: User) -> Draft:
        """A draft that makes the own files what they were in that edition. Raises NoEdition."""
        changes = between(self._own_in_force(), self.edition(number))
        return self._drafts.create(_("As in edition %(n)s", n=number), user, changes)

    def _own_in_force(self) -> Mapping[str, str]:
        with self._database.read() as session:
            last = rows.newest(session)
        return last.own if last else {}

    def _check_texts(self, texts: Changes) -> None:
        for path, text in texts.items():
            if not may_be_own(path, self._libraries.files):
                raise NotOwn
            if text is not None:
                _check_text(text)
        size = sum(len(text.encode()) for text in texts.values() if text is not None)
        if len(texts) > MAX_FILES or size > MAX_BYTES:
            raise Unfit("text", _("All these files together are too many or too long."))

    def _checked(self, own: Mapping[str, str]) -> Checked:
        """What these own files would be."""
        with self._one_look:
            return self._look(own)

    def _look(self, own: Mapping[str, str]) -> Checked:
        coder, proved = self._coder(), self._libraries.proved()
        try:
            files = merge(self._libraries.files, encoded(own))
        except ProtocolError as error:
            return Checked((_problem(error),), None, coder is not None)
        code = code_prompt(coder, proved) if coder else None
        library = _loaded(files)
        problems = problems_of(files, proved, code) if library is None else validate(library, code, proved)
        problems += outdated(self._own_in_force(), own)
        return Checked(tuple(problems), library, coder is not None)


def _check_text(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise Unfit("text", _("A file has at most %(n)s characters.", n=MAX_TEXT))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unfit("text", _("This holds broken characters. Type or paste it again.")) from None


def _loaded(files: Files) -> Library | None:
    try:
        return load_library(files)
    except ProtocolError:
        return None


def _problem(error: ProtocolError) -> Problem:
    return Problem("", error.file, error.what, error.how, error.file, error.line)
