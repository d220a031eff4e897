"""Texts that authors type: what can be kept of them, and what cannot be seen in them."""

from __future__ import annotations

import hashlib
import unicodedata

from flask_babel import gettext as _
from markupsafe import Markup, escape

LONGEST = 400_000
_PLAIN = frozenset("\n\t\u200c\u200d\u200e\u200f")
"""The last four join and order letters in Persian, Hebrew and others, and reach no further."""


def tidied(raw: str) -> str:
    """With line ends as the library has them; browsers send others. ValueError says what cannot be kept."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST:
        raise ValueError(_("This is longer than %(max)d characters.", max=LONGEST))
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError(_("This holds broken characters, which no file can keep. Type those words again."))
    return text


def state(text: str) -> str:
    """Names one state of a text, so that whoever saves tells which one they began from."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def unseen(sign: str) -> bool:
    """Whether a character steers how others are shown, or hides: nobody can read what such a text says."""
    return sign not in _PLAIN and unicodedata.category(sign) in ("Cc", "Cf", "Co", "Zl", "Zp")


def visible(text: str) -> Markup:
    """For reading a change: what cannot be seen is named, and turns nothing around."""
    if text.isprintable():
        return escape(text)
    named = Markup('<span class="code-sign">[U+{:04X}]</span>')
    return Markup("").join(named.format(ord(sign)) if unseen(sign) else escape(sign) for sign in text)
