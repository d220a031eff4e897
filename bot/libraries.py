"""The libraries of protocols that the bot walks: the shipped one and an agency's editions."""

from __future__ import annotations

from functools import cache

from bot.paths import home
from protocols.editions import Editions
from protocols.library import Library


@cache
def _editions() -> Editions:
    return Editions(home().parent / "editions")


def library(edition: str | None) -> Library:
    """The library with this digest, from TELLMORE_HOME/editions; None: the shipped one. Raises EditionError.

    Door and policy share what is loaded. Reading a new edition takes seconds. Safe for threads.
    """
    shipped = _editions().library(None)
    return shipped if edition in (None, shipped.edition) else _editions().library(edition)


def forget() -> None:
    """Load everything afresh when it is next asked for."""
    _editions.cache_clear()
