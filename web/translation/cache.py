"""Remembers what was translated: a page read again, a sentence said again, costs nothing."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

CHARACTERS = 2_000_000  # some 8 MB; a long interview with both sides takes about 200,000
Key = tuple[str, str]


class Cache:
    """Translations by package (SHA-256) and text; the longest unused go first. In memory only,
    never written anywhere. Safe to use from several threads."""

    def __init__(self, characters: int = CHARACTERS) -> None:
        """`characters` bounds texts and translations together."""
        self._room = characters
        self._held: OrderedDict[Key, str] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> str | None:
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: Key, translation: str) -> None:
        """Remember one translation; one that is larger than all the room is not."""
        with self._lock:
            if key in self._held:
                return
            self._held[key] = translation
            self._room -= _size(key, translation)
            while self._room < 0:
                self._room += _size(*self._held.popitem(last=False))

    def keep_only(self, packages: set[str]) -> None:
        """Forget what other packages than these (SHA-256) translated."""
        with self._lock:
            for key in [key for key in self._held if key[0] not in packages]:
                self._room += _size(key, self._held.pop(key))


def _size(key: Key, translation: str) -> int:
    return len(key[1]) + len(translation)
