"""Saving one file of a draft, by somebody who says which state of it they began from."""

from __future__ import annotations

from web.authoring.errors import DraftClash
from web.authoring.model import Draft
from web.authoring.typed import state
from web.security.here import services

_TRIES = 5


class Clash(Exception):
    """Somebody else saved the same file meanwhile. `theirs` is what stands there now, `seen` its state."""

    def __init__(self, theirs: str) -> None:
        super().__init__("somebody else was faster")
        self.theirs = theirs
        self.seen = state(theirs)


def current(draft_id: str, path: str) -> str:
    """The file as the draft has it; a shipped pack that is not changed yet as it is shipped; else empty."""
    return services().authoring.files(draft_id).get(path, b"").decode()


def save(draft: Draft, path: str, text: str, seen: str) -> Draft:
    """Write the file if it still is as it was `seen`. Others may have written other files of the draft.

    Raises Clash, and what AuthoringService.write raises.
    """
    authoring = services().authoring
    for _try in range(_TRIES):
        theirs = current(draft.id, path)
        if theirs == text:
            return draft
        if state(theirs) != seen:
            raise Clash(theirs)
        try:
            return authoring.write(draft.id, path, text, draft.version)
        except DraftClash as clash:
            draft = clash.theirs
    raise Clash(current(draft.id, path))
