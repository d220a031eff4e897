"""Passages of a child's turn that a person should read again. Never a finding, never a score."""

from __future__ import annotations

from web.language.indicators.finder import find
from web.language.indicators.reading import reluctant, substantive

__all__ = ["find", "reluctant", "substantive"]
