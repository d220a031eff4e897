"""What can be wrong with a request, in words for the person who made it. Never holds a child's words."""

from __future__ import annotations

from typing import Any

from web.problems import Problem


class NotFound(Problem):
    """No such interview, or not one this person may see: the answer is the same."""

    def __init__(self) -> None:
        super().__init__(404, "Not found", "There is no such interview, or it is not yours to open.")


class Invalid(Problem):
    """A field that cannot be used; `field` names it."""

    def __init__(self, field: str, detail: str, **extra: Any) -> None:
        super().__init__(422, "This cannot be used", detail, field=field, **extra)


class Conflict(Problem):
    """The request does not fit what the record already holds."""

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(409, "This does not fit the record", detail, **extra)


class TooLarge(Problem):
    """More than one turn can hold; sizes in bytes."""

    def __init__(self, size: int, limit: int) -> None:
        detail = (
            f"This turn has {size} bytes of text and {limit} are the most that one turn can hold. "
            "Nothing was saved. Send it as several turns."
        )
        super().__init__(413, "Too long for one turn", detail, field="text", limit=limit)


class KeyReused(Conflict):
    """The same key came again with other content."""

    def __init__(self) -> None:
        super().__init__(
            "This key was used before for something else. What was saved then is unchanged; "
            "send the new content with a new key.",
            field="key",
        )
