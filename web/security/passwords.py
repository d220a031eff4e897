"""Passwords: argon2id, long rather than complicated, and never a well-known one."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 15, 128
HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=2)  # 64 MiB
_AT_ONCE = threading.BoundedSemaphore(2)  # a flood of sign-ins must not eat the memory
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


class WeakPassword(ValueError):
    """A password that is not accepted; `reason` is short, long, common or name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_new(password: str, name: str) -> None:
    """Raises WeakPassword. Length and well-known ones only; no rules on which signs to use."""
    plain = _normal(password)
    if len(plain) < SHORTEST:
        raise WeakPassword("short")
    if len(plain) > LONGEST:
        raise WeakPassword("long")
    folded = "".join(plain.casefold().split())
    if folded in _common() or _repeats(folded):
        raise WeakPassword("common")
    if len(name) >= 4 and folded.replace(name.casefold(), "").strip("0123456789!.-_") == "":
        raise WeakPassword("name")


def make_hash(password: str) -> str:
    with _AT_ONCE:
        return HASHER.hash(_normal(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Takes the same work for a name that does not exist (None) as for one that does."""
    with _AT_ONCE:
        try:
            right = HASHER.verify(password_hash or _decoy(), _normal(password[: LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False
    return right and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """True when the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


def one_time_password() -> str:
    """Four groups of five, easy to read out: 99 bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _decoy() -> str:
    return HASHER.hash(secrets.token_hex())


@cache
def _common() -> frozenset[str]:
    path = Path(__file__).parent / "common_passwords.txt"
    return frozenset(path.read_text("utf-8").split())


def _repeats(text: str) -> bool:
    """One short piece over and over, as in aaaaaaaaaaaaaaa or passwordpassword."""
    return (text + text).find(text, 1) < len(text)
