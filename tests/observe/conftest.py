from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.interview.conftest import lite, room
from tests.interview.parts import KEYS, Room
from web.interview import events, suggestions
from web.interview.suggestions import Suggestion
from web.observe.service import ObserveService
from web.store import Interview, Role, User

__all__ = ["lite", "room"]
OPEN = "Tell me more about the shed."


@dataclass
class Monitor:
    """A monitor room beside an interview that is under way, and the shortest ways to use it."""

    room: Room
    service: ObserveService
    sam: User
    interview: Interview

    def suggest(
        self, text: str = OPEN, replaces: int | None = None, key: str | None = None, by: User | None = None
    ) -> int:
        key = key or f"s{next(KEYS)}"
        return self.service.suggest(self.interview.id, by or self.sam, key=key, text=text, replaces=replaces)

    def withdraw(self, number: int, key: str | None = None) -> int:
        key = key or f"s{next(KEYS)}"
        return self.service.withdraw(self.interview.id, self.sam, key=key, number=number)

    def take(self, number: int, key: str | None = None) -> int:
        key = key or f"s{next(KEYS)}"
        return self.service.take(self.interview.id, self.room.user.id, key=key, number=number)

    def press(self, action: str, **values: object) -> None:
        self.room.press(self.interview, action, **values)

    def all(self) -> list[Suggestion]:
        with self.room.database.read() as session:
            sealer = self.room.vault.sealer(self.interview.id, self.interview.wrapped_key)
            return list(suggestions.read(session, sealer, self.interview.id).values())

    def fates(self) -> list[str]:
        return [one.fate.value for one in self.all()]

    def rows(self) -> list[tuple[str, str | None]]:
        """Every row about suggestions: the action, and whose it was."""
        with self.room.database.read() as session:
            sealer = self.room.vault.sealer(self.interview.id, self.interview.wrapped_key)
            found = events.after(session, sealer, self.interview.id, 0, limit=None)
        return [
            (str(one.payload["action"]), one.actor_id)
            for one in found
            if str(one.payload.get("action", "")).startswith("suggestion")
        ]


def make_monitor(room: Room) -> Monitor:
    sam = User(name="sam", full_name="Sam Berg", role=Role.SUPERVISOR, password_hash="-")
    with room.database.write() as session:
        session.add(sam)
    interview = room.new()
    room.press(interview, "start")
    return Monitor(room, ObserveService(room.database, room.vault, room.service), sam, interview)


@pytest.fixture
def monitor(room: Room) -> Monitor:
    """On each kind of database."""
    return make_monitor(room)


@pytest.fixture
def light(lite: Room) -> Monitor:
    """On SQLite, for what does not depend on the database."""
    return make_monitor(lite)
