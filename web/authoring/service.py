"""Drafts and editions: everything the authoring pages and the terminal can do.

It asks nobody who they are: callers check Permission.PROTOCOLS_EDIT first.
"""

from __future__ import annotations

from collections.abc import Callable

from protocols.files import Files
from web.authoring.libraries import Libraries
from web.authoring.model import Changes, Checked, Draft, EditionLine, FileChange
from web.engines import CoderPort
from web.store import Database, User


class AuthoringService:
    """One per process. `coder()` is None until the language models are there."""

    def __init__(
        self,
        database: Database,
        libraries: Libraries,
        coder: Callable[[], CoderPort | None],
        audit_key: bytes,
    ) -> None: ...

    def drafts(self) -> list[Draft]:
        """All drafts, the one written last first."""
        raise NotImplementedError

    def create(self, title: str, user: User, changes: Changes | None = None) -> Draft:
        """Begin a draft on the edition in force. Raises Unfit, NotOwn."""
        raise NotImplementedError

    def read(self, draft_id: str) -> Draft:
        """Raises NoDraft."""
        raise NotImplementedError

    def write(self, draft_id: str, path: str, text: str | None, version: int) -> Draft:
        """Change one file, or remove it (None); `version` is that of the draft as it was read.

        The draft as it is now comes back. Raises NoDraft, NotOwn, Unfit, DraftClash.
        """
        raise NotImplementedError

    def revert(self, draft_id: str, path: str, version: int) -> Draft:
        """Leave this file as it is in force. Raises as `write` does."""
        raise NotImplementedError

    def files(self, draft_id: str | None = None) -> Files:
        """Every file as it would be once the draft is published, shipped ones too; without one as it is in
        force. Raises NoDraft."""
        raise NotImplementedError

    def own(self, draft_id: str | None = None) -> dict[str, str]:
        """The same, the agency's own files alone, by path. Raises NoDraft."""
        raise NotImplementedError

    def check(self, draft_id: str, path: str | None = None, text: str | None = None) -> Checked:
        """What is wrong with the draft, were `text` in `path` in place of what is saved. Nothing is saved.

        Raises NoDraft, NotOwn, Unfit.
        """
        raise NotImplementedError

    def changes(self, draft_id: str) -> list[FileChange]:
        """What the draft would change of what is in force. Raises NoDraft."""
        raise NotImplementedError

    def clashes(self, draft_id: str) -> tuple[str, ...]:
        """The files that an edition published since the draft was begun changed as well. Raises NoDraft."""
        raise NotImplementedError

    def put_on_top(self, draft_id: str, version: int) -> Draft:
        """Somebody has looked at what clashes: the draft's files go over what is in force now.

        Raises NoDraft, DraftClash.
        """
        raise NotImplementedError

    def publish(self, draft_id: str, note: str, user: User | None, version: int) -> int:
        """Bring the draft into force for interviews that begin from now on; the edition's number comes back.

        Raises NoDraft, DraftClash, FilesClash, NoCoder, Unfit, Refused with the problems: nothing changed.
        """
        raise NotImplementedError

    def discard(self, draft_id: str, user: User) -> None:
        """Raises NoDraft."""
        raise NotImplementedError

    def history(self) -> list[EditionLine]:
        """All editions, the newest first."""
        raise NotImplementedError

    def edition(self, number: int) -> dict[str, str]:
        """The agency's own files of an edition, by path; none in edition 0. Raises NoEdition."""
        raise NotImplementedError

    def diff(self, before: int, after: int) -> list[FileChange]:
        """What changed from one edition to another; 0 is before there was any. Raises NoEdition."""
        raise NotImplementedError

    def restore(self, number: int, user: User) -> Draft:
        """A draft that makes the own files what they were in that edition. Raises NoEdition."""
        raise NotImplementedError
