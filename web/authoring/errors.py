"""What can be wrong with a request of an author, in words for the person who made it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from protocols.validate import Problem as Fault
from web.authoring.model import Draft
from web.problems import Problem


class NoDraft(Problem):
    """There is no such draft: it was published or discarded, or never was."""

    def __init__(self) -> None:
        super().__init__(404, _("There is no such draft"), _("It was published or discarded meanwhile."))


class NoEdition(Problem):
    """No edition has this number."""

    def __init__(self) -> None:
        super().__init__(404, _("There is no such edition"))


class NotOwn(Problem):
    """No file of this name can be an agency's own."""

    def __init__(self) -> None:
        super().__init__(404, _("There is no such file"), _("No file of this name can be your own."))


class Unfit(Problem):
    """A title, note or text that cannot be kept; `field` names it."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(422, _("This cannot be used"), detail, field=field)


class DraftClash(Problem):
    """Somebody else wrote to this draft first; `theirs` is the draft as it is now. Nothing was written."""

    def __init__(self, theirs: Draft) -> None:
        detail = _("Somebody else changed this draft after you opened it. Nothing was overwritten.")
        super().__init__(409, _("This draft was changed meanwhile"), detail, version=theirs.version)
        self.theirs = theirs


class FilesClash(Problem):
    """Another edition came into force after this draft was begun, and changed the same `files`."""

    def __init__(self, files: Sequence[str]) -> None:
        detail = _("Published after this draft was begun, and changed in both: %(f)s.", f=", ".join(files))
        super().__init__(409, _("Another edition changed the same files"), detail, files=list(files))
        self.files = tuple(files)


class Refused(Problem):
    """The draft has problems and is not published."""

    def __init__(self, problems: Sequence[Fault]) -> None:
        detail = _("Mend the problems first; each says where it is. Nothing was published.")
        super().__init__(422, _("This draft has problems"), detail)
        self.problems = tuple(problems)


class NoCoder(Problem):
    """The words cannot be checked now."""

    def __init__(self) -> None:
        detail = _(
            "New words are checked by the language models, which are not ready. Nothing was published."
        )
        super().__init__(503, _("The words cannot be checked now"), detail)
