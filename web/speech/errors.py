"""How many words were heard otherwise than they were said."""

from __future__ import annotations

import re
import unicodedata


def words(text: str) -> list[str]:
    """Words without case, punctuation, hyphens, and the signs above letters that Arabic may leave out."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(c for c in plain if unicodedata.category(c) != "Mn").replace("’", "'")
    return re.findall(r"\w+(?:'\w+)*", plain.replace("mr.", "mister"))


def word_error_rate(said: str, heard: str) -> float:
    """Words replaced, left out and added, for each word said (Levenshtein distance over words)."""
    wanted, got = words(said), words(heard)
    row = list(range(len(got) + 1))
    for number, word in enumerate(wanted, 1):
        diagonal, row[0] = row[0], number
        for index, other in enumerate(got, 1):
            here = min(row[index] + 1, row[index - 1] + 1, diagonal + (word != other))
            diagonal, row[index] = row[index], here
    return round(row[-1] / len(wanted), 4)
