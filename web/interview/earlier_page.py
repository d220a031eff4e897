"""Earlier meetings as the page for a new interview shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from web.interview import earlier
from web.interview.earlier import Covered
from web.interview.words import say
from web.services import Services
from web.store import User

MOST = 3
"""So many earlier meetings are offered, the newest."""


@dataclass(frozen=True)
class Meeting:
    """One of them. `at`: when it began."""

    id: str
    at: datetime
    protocol: str
    covered: Covered


def look_back(here: Services, user: User, case_code: str | None, language: str) -> list[Meeting]:
    """What the closed interviews with this case code covered that this person may read, the newest first.

    The audit log says that they were opened.
    """
    code = " ".join((case_code or "").split())
    found: list[Meeting] = []
    with here.database.read() as session:
        rows = earlier.meetings(session, user, code)[:MOST] if code else []
        for row in rows:
            assert row.wrapped_key is not None  # else nobody may read it
            setting = here.interviews.setting(row)
            sealer = here.vault.sealer(row.id, row.wrapped_key)
            covered = earlier.covered(session, sealer, row, setting, language)
            found.append(Meeting(row.id, earlier.began(row), say(setting.flow.title, language), covered))
    for row in rows:
        here.interviews.opened(row, user)
    return found
