"""Encryption at rest: a key per interview, wrapped by a master key outside the database.

Erasing an interview's wrapped key makes everything sealed with it unreadable for good.
"""

from __future__ import annotations

import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class Unreadable(Exception):
    """Sealed bytes that this key cannot open: altered, moved, or the key was erased."""


class Sealer:
    """Seals and opens what belongs to one interview. `context` ties a sealed value to its place
    (table and row), so that it cannot be moved elsewhere unnoticed."""

    def __init__(self, interview_id: str, key: bytes) -> None:
        self._prefix = interview_id
        self._cipher = AESGCM(key)

    def seal_bytes(self, plain: bytes, context: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, f"{self._prefix}:{context}".encode())

    def open_bytes(self, sealed: bytes, context: str) -> bytes:
        """Raises Unreadable; the message never holds content."""
        nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, body, f"{self._prefix}:{context}".encode())
        except (InvalidTag, ValueError):
            raise Unreadable(f"{context} of interview {self._prefix} cannot be opened") from None

    def seal(self, value: Any, context: str) -> bytes:
        return self.seal_bytes(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), context)

    def open(self, sealed: bytes, context: str) -> Any:
        return json.loads(self.open_bytes(sealed, context))


class Vault:
    """Makes and opens interview keys. `master` is 32 bytes, kept outside the database."""

    def __init__(self, master: bytes) -> None:
        self._cipher = AESGCM(master)

    def new_key(self, interview_id: str) -> bytes:
        """A fresh interview key, wrapped for storage."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, AESGCM.generate_key(256), interview_id.encode())

    def sealer(self, interview_id: str, wrapped_key: bytes | None) -> Sealer:
        """Raises Unreadable when the key was erased or is not this interview's."""
        if wrapped_key is None:
            raise Unreadable(f"interview {interview_id} was erased")
        try:
            key = self._cipher.decrypt(
                wrapped_key[:NONCE_BYTES], wrapped_key[NONCE_BYTES:], interview_id.encode()
            )
        except (InvalidTag, ValueError):
            raise Unreadable(f"the key of interview {interview_id} cannot be opened") from None
        return Sealer(interview_id, key)
