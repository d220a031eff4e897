"""Openings by inversion: "did he", "was your mum", "isn't it"."""

from __future__ import annotations

from web.language.question.place import Places

_VERB_TAGS = {
    "do": ("VB", "VBP"),
    "does": ("VB", "VBP"),
    "did": ("VB", "VBP", "VBD"),
    "have": ("VBN", "VBD"),
    "had": ("VBN", "VBD"),
}


def inverted(places: Places, i: int) -> int | None:
    """The place behind the subject of an auxiliary that comes before it; None if nothing is inverted."""
    j = places.after_not(i)
    if not places.has(i, "auxiliaries") or places.ends(j) or places.subject_before(i):
        return None
    if places.has(j, "pronouns"):
        return _before_pronoun(places, i, j)
    return _before_noun(places, i, j)


def _before_pronoun(places: Places, i: int, j: int) -> int | None:
    if places.at(i) in {"do", "have"} and places.has(j, "light_objects") and not verb_later(places, i, j):
        return None
    if _no_pause(places, i) or places.has(j, "pronouns_nominative"):
        return j + 1
    if places.has(i, "do") and verb_later(places, i, j):
        return j + 1
    if places.at(i) in {"would", "could", "will", "can"} and places.at(j + 1) == "be":
        return j + 1
    token = places.words[i].token
    parsed = any(child.dep_.startswith("nsubj") and child.i > token.i for child in token.children)
    return j + 1 if parsed else None


def _before_noun(places: Places, i: int, j: int) -> int | None:
    named = places.has(j, "determiners")
    if not _no_pause(places, i) or (places.at(i) in {"do", "have", "had"} and not verb_later(places, i, j)):
        return None
    if places.at(i) in {"will", "may", "might", "must"} and not named and not places.fresh(i):
        return None
    noun = named or places.pos(j) in {"NOUN", "PROPN", "NUM", "PRON", "DET"}
    return j + 1 if noun or (places.has(i, "be") and places.fresh(i)) else None


def verb_later(places: Places, i: int, j: int) -> bool:
    """Does a verb that fits the auxiliary at i follow soon after its subject at j?"""
    wanted = _VERB_TAGS.get(places.at(i), ("VB",))
    return any(word.tag in wanted for word in places.words[j + 1 : j + 5])


def _no_pause(places: Places, i: int) -> bool:
    """Can a question begin at i without a pause, given the word before?"""
    if places.fresh(i):
        return True
    before = places.words[i - 1]
    return (
        before.tag in {"RB", "IN", "UH", "JJ", "RP", "RBR"}
        and before.text not in places.lists["no_pause_before"]
    )
