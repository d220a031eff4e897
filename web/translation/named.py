"""Names in a text and in its translation, compared by how their consonants sound, across alphabets."""

from __future__ import annotations

import re
from typing import Any

from web.translation.languages import about, plain, sounds, whole

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
OPENING = re.compile(r"[.!?…:;\"«»“”„‘()—–\n-]+")
TELLING = 2  # consonants; a name with fewer (Anna, Leo) is like many words


KNOWN = ("LATIN", "CYRILLIC", "ARABIC")  # scripts whose letters have a sound in languages.json


def names(source: str, translation: str, source_language: str, target_language: str) -> bool:
    """A capitalised word inside a sentence has no counterpart in the other text."""
    here, there = about(source_language), about(target_language)
    if not (here.get("script") in KNOWN and there.get("script") in KNOWN):
        return False
    return _lost(source, translation, here, there) or _lost(translation, source, there, here)


def _lost(text: str, other: str, here: dict[str, Any], there: dict[str, Any]) -> bool:
    if not here.get("capitals", True):
        return False
    wanted = [ways for ways in map(_ways, _names(text, here)) if min(map(len, ways)) >= TELLING]
    if not wanted:
        return False
    words = [word for found in WORD.findall(other) for word in {found, *found.split("'")}]
    capitals = [word for word in words if word[0].isupper()]
    looked_at = capitals if there.get("capitals", True) and capitals else words
    found = [way for word in looked_at for way in _ways(word)]
    if there.get("script") == "ARABIC":  # it writes "and", "to", "with", "the" onto the word
        found += [one[1:] for one in found]
    return any(not any(alike(way, one) for way in ways for one in found) for ways in wanted)


def _ways(word: str) -> set[str]:
    """How a word may sound: Cyrillic г is a g or the h that is left out, as in Гедда and Hedda."""
    return {sound(word), sound(re.sub("[гГ]", "", word))}


def heard(name: str, text: str) -> bool:
    """Whether `text` has the name, as it is or as another alphabet writes it."""
    if name in text:
        return True
    wanted = {sound(word) for word in WORD.findall(name)}
    words: list[str] = WORD.findall(text)
    capitals = [word for word in words if word[0].isupper()] if name[0].isupper() else []
    there = {sound(word) for word in capitals or words}
    return all(one in there or any(alike(one, other) for other in there) for one in wanted)


def sound(word: str) -> str:
    """The consonants of a word as classes, none twice running: Оксана and Oksana are both "25"."""
    letters = plain(word).replace("дж", "ж").replace("x", "k")
    classes = [sounds()[ord(letter)] for letter in letters if ord(letter) in sounds()]
    return "".join(one for at, one in enumerate(classes) if at == 0 or classes[at - 1] != one)


def alike(one: str, other: str) -> bool:
    """Whether two sounds may be one name, perhaps with an ending or one letter heard otherwise."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < TELLING:
        return False
    return longer.startswith(shorter) or (len(shorter) > TELLING and _one_off(shorter, longer))


def _one_off(shorter: str, longer: str) -> bool:
    """At most one insertion or substitution apart."""
    if len(longer) - len(shorter) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    return longer[at + 1 :] in (shorter[at:], shorter[at + 1 :])


def _names(text: str, entry: dict[str, Any]) -> list[str]:
    """Words with a capital that do not open a sentence. English "I" and its like are one letter: left out."""
    ordinary = whole(str(entry.get("not_names", "I")))
    found = []
    for sentence in OPENING.split(text):
        for word in list(WORD.finditer(sentence))[1:]:
            name = re.sub(r"['’]s$", "", word.group())
            if len(name) > 1 and name[0].isupper() and not name.isupper() and not ordinary.fullmatch(name):
                found.append(name)
    return found
