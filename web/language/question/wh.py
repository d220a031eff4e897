"""Openings by a wh-word: "where did he", "what happened", "who told you", "how come", "and then?"."""

from __future__ import annotations

from web.language.question.place import Places

SHORT = 5
_NEXT = (
    ("and", "what", "then"),
    ("and", "after", "that"),
    ("after", "that"),
    ("and", "then"),
    ("and", "next"),
    ("then", "what"),
    ("what", "then"),
    ("what", "next"),
)


def what_next(places: Places, i: int) -> int | None:
    """and then? · then what · what else: an open prompt in a few words"""
    if not places.fresh(i):
        return None
    for phrase in _NEXT:
        after = i + len(phrase)
        if tuple(places.text[i:after]) == phrase and places.ends(after):
            return after
    return i + 2 if places.text[i : i + 2] == ["what", "else"] and places.ends(i + 2) else None


def wh_question(places: Places, i: int) -> int | None:
    """The place behind the opening of a wh-question at i, or None."""
    if not places.has(i, "wh"):
        return None
    if places.at(i) == "what" and places.at(i + 1) in {"a", "an"}:
        return None  # "what a clever girl"
    start = places.fresh(i) or (places.has(i - 1, "prepositions") and places.fresh(i - 1))  # "at whose house"
    free = start or not places.has(i - 1, "embedders")
    if places.at(i) == "how" and places.at(i + 1) == "come":
        return i + 2 if free else None
    embedded = not start and (not free or _relative(places, i))
    after = _inversion_after(places, i)
    if after and (not embedded or _strong(places, after)):
        return after
    if embedded or not (_subject_question(places, i) or _short(places, i) or _uninverted(places, i)):
        return None
    return i + 1 + (places.at(i + 1) == "about")


def _relative(places: Places, i: int) -> bool:
    """ "the man who", "your dad who": a wh-word after a noun."""
    before = places.words[i - 1]
    noun = before.tag.startswith(("NN", "PRP")) or before.text in places.lists["pronouns"]
    return noun and places.at(i) in {"who", "which", "whose", "where", "when"}


def _short(places: Places, i: int) -> bool:
    """ "Who?", "how many?", "which one", "where on your arm", "what about your brother" """
    if places.fresh(i) and places.at(i) in {"what", "how"} and places.at(i + 1) == "about":
        return True
    headed = places.has(i - 1, "prepositions") and places.fresh(i - 1)
    if not (places.fresh(i) or headed) or len(places.text) - i > SHORT:
        return False
    rest = places.words[i + 1 :]
    verb = any(word.tag.startswith("VB") for word in rest)
    return not verb and not any(word.text in places.lists["nominative_or_you"] for word in rest)


def _uninverted(places: Places, i: int) -> bool:
    """ "how many she give you", "how that feel": English that asks without an auxiliary."""
    if not places.fresh(i) or places.at(i) not in {"how", "what", "where", "why"}:
        return False
    counted = places.at(i) == "how" and places.at(i + 1) in {"many", "much", "long", "often"}
    j = i + 2 if counted else i + 1
    if counted and any("," in word.before for word in places.words[i + 2 : i + 5]):
        return True  # "how many times, I asked you"
    subject = places.has(j, "nominative_or_you") or places.at(j) in {"that", "it"}
    if not subject or places.at(j) == "i":
        return False
    third = places.at(j) in {"he", "she", "it", "that"}
    return counted or (third and j + 1 < len(places.words) and places.words[j + 1].tag in {"VB", "VBP"})


def _inversion_after(places: Places, i: int) -> int | None:
    """The place behind the auxiliary of "what colour of car did", or None."""
    for j in range(i + 1, min(i + 8, len(places.words))):
        if places.words[j].hard or ("," in places.words[j].before and j > i + 1 and places.at(i) == "which"):
            return None
        if places.has(j, "auxiliaries"):
            return j + 1 if _fits(places, i, j) else None
        if places.has(j, "nominative_or_you") and not (
            places.at(j) == "you" and places.at(j - 1) in {"of", "to", "with"}
        ):
            return None
        if places.words[j].tag in {"VBD", "VBZ", "VBP", "MD"} and places.pos(j) in {"VERB", "AUX"}:
            return None
    return None


def _fits(places: Places, i: int, j: int) -> bool:
    """Does the auxiliary at j make a question of the wh-word at i?"""
    loose = places.lists["pronouns"] - {"one", "that", "this"}
    if j > i + 1 and places.at(j - 1) in loose:
        return False
    if places.text[i : i + 2] in (["how", "many"], ["how", "much"]):
        return True
    if places.at(i) == "when" and any(not places.has(k, "adverbs") for k in range(i + 1, j)):
        return False  # "when grandad did the washing"
    adjunct = places.at(i) in {"when", "how", "why"} or (places.at(i) == "where" and j == i + 1)
    return not adjunct or _inverts(places, j)


def _inverts(places: Places, j: int) -> bool:
    place = places.after_not(j)
    if places.has(place, "pronouns") or places.has(place, "determiners"):
        return True
    return places.pos(place) in {"NOUN", "PROPN", "PRON", "DET", "NUM", "ADJ"}


def _strong(places: Places, after: int) -> bool:
    """After "you said where" only a plain inversion ("where did he") starts a question."""
    subject = places.at(after + (places.at(after) == "not"))
    auxiliary = places.at(after - 1)
    if subject in places.lists["pronouns_nominative"]:
        return True
    if subject == "you":
        return auxiliary in places.lists["do"] or auxiliary in {"were", "are"}
    place = after + (places.at(after) == "not")
    return (
        auxiliary in places.lists["do"]
        and subject not in places.lists["pronouns"]
        and places.pos(place) not in {"ADP", "ADV", "SCONJ", "CCONJ", ""}
    )


def _subject_question(places: Places, i: int) -> bool:
    """ "what happened", "who told you", "which one hurt" """
    word = places.at(i)
    if word not in {"what", "who", "which", "whose"}:
        return False
    after_noun = places.words[i - 1].tag.startswith(("NN", "PRP", "DT")) or places.has(i - 1, "pronouns")
    if i > 0 and not places.fresh(i) and after_noun:
        return word == "what" and places.at(i + 1) in {"happened", "happens", "else"}
    for j in range(i + 1, min(i + 5, len(places.words))):
        if places.words[j].hard or (places.has(j, "pronouns") and places.at(j) != "one"):
            return False
        if places.has(j, "subject_verbs") or places.words[j].tag in {"VBD", "VBZ", "VBG"}:
            return True
    return False
