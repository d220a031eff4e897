"""Openings that ask the child to tell: "tell me", "can you tell me", "do you remember"."""

from __future__ import annotations

from web.language.parse import text_of
from web.language.question.place import Places

_THROUGH = {("help", "understand"), ("walk", "through"), ("take", "through"), ("talk", "through")}


def asked_to_tell(places: Places, i: int) -> int | None:
    """can you tell me · would you like to talk · do you want to tell · wondering if you could explain"""
    if _modal(places, i) or _wondering(places, i):
        return _verb_of_telling(places, i + 2)
    if places.text[i + 1 : i + 5] == ["it", "possible", "for", "you"]:
        return _verb_of_telling(places, i + 5)
    if places.at(i) in {"can", "could"} and places.at(i + 1) in {"we", "i"}:
        after = _verb_of_telling(places, i + 2)
        return after if after and "talk" in places.text[i:after] else None
    return None


def _modal(places: Places, i: int) -> bool:
    if "you" not in (places.at(i + 1), places.at(i + 2)) or places.at(i + 1) not in {"you", "not"}:
        return False
    if places.has(i - 1, "wh") and not places.words[i].hard:
        return False
    return (
        places.at(i) in {"can", "could", "will", "would"}
        or (places.at(i) in {"do", "did"} and places.has(i + 2, "wish_verbs"))
        or (places.at(i) == "are" and places.has(i + 2, "able_words"))
    )


def _wondering(places: Places, i: int) -> bool:
    """ "I was wondering if you could", "it would help if you could"; not "if you tell me"."""
    polite = places.at(i + 2) in {"could", "can", "would", "might"}
    if places.at(i) not in {"if", "whether"} or places.at(i + 1) != "you" or not polite:
        return False
    return any(places.has(j, "kind_words") for j in range(max(0, i - 6), i))


def _verb_of_telling(places: Places, i: int) -> int | None:
    """The end of "... (please) (try to) tell me", or None."""
    j = places.skip(i, "adverbs", "before_telling", most=7)
    verb, object_ = places.at(j), places.at(j + 1) in {"me", "us"}
    phrase = (verb, places.at(j + 2)) in {
        ("help", "understand"),
        ("walk", "through"),
        ("give", "an"),
        ("give", "more"),
    }
    if phrase and object_:
        return j + 3
    spoken = (places.has(j, "talk_verbs") and not places.has(j, "no_request_verbs")) or places.has(
        j, "gerunds"
    )
    if not spoken:
        return None
    while places.at(j + 1) in {"me", "us", "to", "with"}:
        j += 1
    return j + 1


def do_you_know(places: Places, i: int) -> int | None:
    """do you know · did you remember · can you recall · you remember ...?"""
    if places.at(i) in {"do", "did", "can", "could"} and places.at(places.after_not(i)) == "you":
        return None if places.subject_before(i) else _know_verb(places, places.after_not(i) + 1)
    clipped = places.at(i) == "you" and places.fresh(i) and places.at(i + 1) in {"know", "remember"}
    last = not any(word.hard for word in places.words[i + 1 :])
    if clipped and last and places.at(i + 2) not in {"what", ""} and _asked(places):
        return _know_verb(places, i + 1)
    return None


def _asked(places: Places) -> bool:
    return "?" in text_of(places.words[-1].token.doc)[places.words[-1].end :]


def _know_verb(places: Places, i: int) -> int | None:
    j = i
    while places.has(j, "adverbs") or places.at(j) in {"happen", "to", "not"}:
        j += 1
    return j + 1 if places.has(j, "know_verbs") else None


def tell_me(places: Places, i: int) -> int | None:
    """tell me · describe · explain · I want to hear about · let's talk about"""
    wished = _indirect(places, i)
    if wished is not None:
        return wished
    word, following = places.at(i), places.at(i + 1)
    phrase = (word, places.at(i + 2)) in _THROUGH
    if phrase and following in {"me", "us"}:
        return i + 3 if _commanded(places, i) else None
    if (word == "start" and following in {"from", "at", "with"} and places.fresh(i)) or (word, following) == (
        "keep",
        "telling",
    ):
        return i + 1
    if word in {"talk", "speak"}:
        about = places.skip(i + 1, "to_us")
        return about if places.at(about) == "about" and places.fresh(i) else None
    if not places.has(i, "tell_verbs") or not _commanded(places, i):
        return None
    return _body_of_tell(places, i)


def _body_of_tell(places: Places, i: int) -> int | None:
    j = i + 1
    while places.at(j) in {"me", "us", "to"} or (
        places.at(j) in {"please", "a", "little", "bit"} and places.at(j + 1)
    ):
        j += 1
    if places.at(i) == "tell" and j == i + 1:
        named = places.at(j) in {"the", "your"} and places.at(j + 2) in {
            "what",
            "about",
            "everything",
            "who",
            "where",
        }
        if named:
            return j + 2
        return j if places.at(j) in {"about", "more", "everything", "what"} else None
    return j


def _commanded(places: Places, i: int) -> bool:
    """Is the verb at i a request and not part of "if you tell me", "he told me to tell"?"""
    if places.at(i - 1) in {"now", "so", "then", "okay"}:
        return True
    j = places.back(i)
    before = places.at(j) if j >= 0 else ""
    begins = max((place for place in range(i + 1) if places.words[place].hard), default=0)
    if "let" in places.text[max(begins, i - 4) : i]:
        return False  # "I'll let her explain"
    if (
        "," in places.words[i].before
        and places.at(i + 1) in {"me", "us"}
        and not places.has(j, "never_commands")
    ):
        return True
    if before == "to":
        return _wished(places, j)
    if before == "you":
        return _suggested(places, j)
    return _opens(places, i, j, before)


def _opens(places: Places, i: int, j: int, before: str) -> bool:
    """May a request open at i after this word?"""
    if before == "can" and places.at(j - 1) == "you":
        return places.fresh(j - 1) and places.at(i + 2) in {"what", "about", "everything"}
    if before == "or":
        return places.words[i].hard
    blocked = any(before in places.lists[name] for name in ("auxiliaries", "pronouns", "never_commands"))
    return before == "must" or not blocked


def _suggested(places: Places, you: int) -> bool:
    """ "why don't you tell me", "how about you tell me" """
    lead = places.text[max(0, you - 3) : you]
    verb = you > 0 and places.words[you - 1].tag in {"VBD", "VBN"} and not places.has(you - 1, "auxiliaries")
    if places.has(you - 1, "prepositions") or verb:
        return lead[-1:] != ["for"]  # "what happened to you tell me": the sentence before ends in "you"
    return lead == ["why", "do", "not"] or lead[-2:] == ["how", "about"] or lead[-1:] == ["suppose"]


def _wished(places: Places, to: int) -> bool:
    """ "I need you to tell me", "you have to tell me"; not "what would you like to tell me"."""
    one, two, three = places.at(to - 1), places.at(to - 2), places.at(to - 3)
    if one == "you":
        return two in places.lists["wishes_of_you"]
    must = one in {"have", "need", "got", "going", "try", "trying"} and two in {"you", "are", "have"}
    return must and three not in places.lists["auxiliaries"] and "not" not in (two, three)


def _indirect(places: Places, i: int) -> int | None:
    """I want to hear/know (more/everything) about ... · let's talk about ..."""
    if places.text[i : i + 3] in (["let", "us", "talk"], ["let", "us", "hear"]) and places.fresh(i):
        return i + 3 if places.at(i + 3) in {"about", "more", "some"} else None
    if places.at(i) != "i" or not (places.fresh(i) or not places.has(i - 1, "embedders")):
        return None
    window = places.text[i : i + 9]
    wish = {"want", "like", "love", "need", "interested", "curious"} & set(window[:4])
    for k, word in enumerate(window):
        if wish and word == "hear" and places.at(i + k + 1) in {"it", "that"} and places.ends(i + k + 2):
            return i + k + 1 if _offered(places, i) else None
        if wish and word in {"hear", "know", "understand", "hearing"}:
            clear = "to" in window[:k] and not {"you", "not"} & set(window[:k])
            good = places.at(i + k + 1) in {"more", "everything", "all", "about", "what", "a", "exactly"}
            return i + k + 1 if clear and good else None
    return None


def _offered(places: Places, i: int) -> bool:
    """ "Whatever you want to tell me about that, I'd like to hear it." """
    return any(word in {"whatever", "anything", "everything"} for word in places.text[max(0, i - 10) : i])
