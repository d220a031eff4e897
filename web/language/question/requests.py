"""Find every request in a turn: where a question or a "tell me" begins, and what kind it is.

The scan runs over words, left to right. An opening is decided by the order of the words
("did he", "what happened", "tell me about"), which survives speech recognition; the parse
is asked only where the order leaves two readings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from web.language.question.words import Word, lexicon


class Kind(StrEnum):
    TELL = "tell"
    CAN_TELL = "can_tell"
    KNOW = "know"
    AUX = "aux"
    WH = "wh"
    NEXT = "next"
    TAG = "tag"
    FRAGMENT = "fragment"


@dataclass(frozen=True, slots=True)
class Request:
    """A request: words[start:end], of which words[start:body] is the opening ("tell me", "did he")."""

    kind: Kind
    start: int
    body: int
    end: int
    words: tuple[str, ...]

    @property
    def opening(self) -> tuple[str, ...]:
        return self.words[: self.body - self.start]

    @property
    def rest(self) -> tuple[str, ...]:
        return self.words[self.body - self.start :]


def find_requests(words: Sequence[Word]) -> list[Request]:
    """Every request in order of speaking; none in a plain statement."""
    return _Scan(words).run()


class _Scan:
    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.text = [word.text for word in words]
        self.lists = lexicon()

    def run(self) -> list[Request]:
        found: list[tuple[Kind, int, int]] = []
        i = 0
        while i < len(self.text):
            opening = self._open(i, found)
            if opening is None:
                i += 1
                continue
            found.append((opening[0], i, opening[1]))
            i = max(opening[1], i + 1)
        ends = [start for _, start, _ in found[1:]] + [len(self.text)] * bool(found)
        return [
            Request(kind, start, body, end, tuple(self.text[start:end]))
            for (kind, start, body), end in zip(found, ends, strict=True)
        ]

    def _open(self, i: int, found: list[tuple[Kind, int, int]]) -> tuple[Kind, int] | None:
        if found and self._swallowed(i, found[-1]):
            return None
        return (
            self._asked_to_tell(i)
            or self._know(i)
            or self._next(i)
            or self._tell(i)
            or self._wh(i)
            or self._aux(i)
        )

    def _swallowed(self, i: int, last: tuple[Kind, int, int]) -> bool:
        """The complement of "tell me" or "do you know" belongs to it: "tell me what did he do"."""
        kind, _, body = last
        embeds = kind in (Kind.TELL, Kind.CAN_TELL, Kind.KNOW)
        if not embeds or self.words[i].hard:
            return False
        gap = self.text[body:i]
        skip = self.lists["adverbs"] | {
            "about",
            "everything",
            "more",
            "all",
            "exactly",
            "to",
            "me",
            "us",
            "again",
            "a",
            "little",
            "bit",
            "when",
            "if",
            "whether",
            "that",
            "again",
        }
        return all(word in skip for word in gap)

    # -- places -----------------------------------------------------------------------------

    def at(self, i: int) -> str:
        return self.text[i] if 0 <= i < len(self.text) else ""

    def fresh(self, i: int) -> bool:
        """Can a clause begin here?"""
        if i == 0 or self.words[i].hard or "," in self.words[i].before or "-" in self.words[i].before:
            return True
        before = self.at(i - 1)
        return (
            before in self.lists["lead_ins"]
            and before not in {"like", "just"}
            or (before in {"like", "just"} and self.fresh(i - 1))
        )

    def _back(self, i: int) -> int:
        """The last word before i that is no adverb; -1 if a clause begins there."""
        j = i - 1
        while j >= 0 and self.at(j) in self.lists["adverbs"] and not self.words[j + 1].hard:
            j -= 1
        return -1 if j < 0 or self.words[j + 1].hard else j

    # -- openings ---------------------------------------------------------------------------

    def _asked_to_tell(self, i: int) -> tuple[Kind, int] | None:
        """can you tell me · would you like to talk · do you want to tell · wondering if you could explain"""
        modal = (
            self.at(i) in {"can", "could", "will", "would"}
            or (
                self.at(i) in {"do", "did"}
                and self.at(i + 1) == "you"
                and self.at(i + 2) in {"want", "think", "feel", "mind"}
            )
            or (
                self.at(i) in {"are"}
                and self.at(i + 1) == "you"
                and self.at(i + 2) in {"able", "willing", "ready", "happy"}
            )
        )
        subject = "you" in (self.at(i + 1), self.at(i + 2)) and self.at(i + 1) in {"you", "not"}
        if modal and subject and (self.at(i - 1) not in self.lists["wh"] or self.words[i].hard):
            after = self._verb_of_telling(i + 2)
            return (Kind.CAN_TELL, after) if after else None
        if (
            self.at(i) in {"if", "whether"}
            and self.at(i + 1) == "you"
            and self.at(i + 2) in {"could", "can", "would", "might"}
        ):
            before = set(self.text[max(0, i - 6) : i])
            if before & {
                "wonder",
                "wondering",
                "wondered",
                "appreciate",
                "helpful",
                "help",
                "great",
                "love",
                "grateful",
                "nice",
            }:
                after = self._verb_of_telling(i + 2)
                return (Kind.CAN_TELL, after) if after else None
        if self.at(i) in {"can", "could"} and self.at(i + 1) in {"we", "i"}:
            after = self._verb_of_telling(i + 2)
            return (Kind.CAN_TELL, after) if after and "talk" in self.text[i:after] else None
        return None

    def _verb_of_telling(self, i: int) -> int | None:
        """The end of "... (please) (try to) tell me", or None."""
        skip = self.lists["adverbs"] | {
            "you",
            "to",
            "try",
            "and",
            "like",
            "want",
            "able",
            "can",
            "could",
            "think",
            "feel",
            "willing",
            "ready",
            "happy",
            "mind",
            "not",
            "for",
            "me",
            "a",
            "little",
            "bit",
            "go",
            "ahead",
            "okay",
            "comfortable",
            "up",
            "be",
        }
        j = i
        while self.at(j) in skip and j - i < 7:
            j += 1
        verb = self.at(j)
        if verb not in self.lists["talk_verbs"] and verb not in {
            "telling",
            "talking",
            "describing",
            "explaining",
            "showing",
        }:
            return None
        if verb in {"help"}:
            return j + 3 if self.at(j + 1) in {"me", "us"} and self.at(j + 2) == "understand" else None
        if verb in {"walk"}:
            return j + 3 if self.at(j + 1) in {"me", "us"} and self.at(j + 2) == "through" else None
        if verb in {"give"}:
            return j + 2 if self.at(j + 1) in {"me", "us"} else None
        if verb in {"speak"}:
            return (
                None
                if self.at(j + 1) in {"up", "louder", "a", "more", "slower", "slowly", "english"}
                else j + 1
            )
        if verb in {"write", "point", "draw", "start", "think", "say", "show"} and verb not in {"show"}:
            return None
        j += 1
        while self.at(j) in {"me", "us", "to", "with"}:
            j += 1
        return j

    def _know(self, i: int) -> tuple[Kind, int] | None:
        """do you know · did you remember · can you recall"""
        j = i
        if self.at(j) in {"do", "did", "can", "could"}:
            j += 1
            j += self.at(j) == "not"
            if self.at(j) == "you":
                return self._know_verb(j + 1, not self._subject_before(i))
            return None
        if self.at(i) == "you" and self.fresh(i) and self.at(i + 1) in {"know", "remember"}:
            asked = "?" in self.text_after() and self.at(i + 2) not in {"what", ""} and self._sentence_asks(i)
            return self._know_verb(i + 1, asked)
        return None

    def text_after(self) -> str:
        return self.words[-1].token.doc.text[self.words[-1].end :] if self.words else ""

    def _sentence_asks(self, i: int) -> bool:
        return not any(word.hard for word in self.words[i + 1 :])

    def _know_verb(self, j: int, allowed: bool) -> tuple[Kind, int] | None:
        while self.at(j) in self.lists["adverbs"] | {"happen", "to", "not"}:
            j += 1
        verb = self.at(j) in {"know", "remember", "recall", "recollect"}
        return (Kind.KNOW, j + 1) if verb and allowed else None

    def _next(self, i: int) -> tuple[Kind, int] | None:
        """and then? · then what · what else · what next: an open prompt in a few words"""
        here = self.text[i : i + 3]
        last = len(self.text)
        ends = [
            ("and", "then"),
            ("then", "what"),
            ("and", "what", "then"),
            ("what", "then"),
            ("what", "next"),
        ]
        for phrase in ends:
            if tuple(here[: len(phrase)]) == phrase and self.fresh(i) and self._closes(i + len(phrase)):
                return Kind.NEXT, i + len(phrase)
        if here[:2] == ["what", "else"] and (self.fresh(i) or i + 2 == last):
            return (Kind.NEXT, i + 2) if i + 2 == last or self.words[i + 2].hard else None
        return None

    def _closes(self, i: int) -> bool:
        """Nothing but a mark of end follows."""
        return (
            i >= len(self.text)
            or self.words[i].hard
            or (self.at(i) in {"what", "next", "happened"} and i + 1 >= len(self.text))
        )

    def _tell(self, i: int) -> tuple[Kind, int] | None:
        """tell me · describe · explain · I want to hear about · let's talk about"""
        indirect = self._indirect(i)
        if indirect:
            return indirect
        word = self.at(i)
        if (
            word in {"help", "walk"}
            and self.at(i + 1) in {"me", "us"}
            and self.at(i + 2) in {"understand", "through"}
        ):
            return (Kind.TELL, i + 3) if self._commanded(i) else None
        if (
            word == "start"
            and self.at(i + 1) in {"from", "at", "with"}
            and self.fresh(i)
            or (word, self.at(i + 1)) == ("keep", "telling")
        ):
            return Kind.TELL, i + 1
        if word == "take" and self.at(i + 1) in {"me", "us"} and self.at(i + 2) == "through":
            return (Kind.TELL, i + 3) if self._commanded(i) else None
        if word not in self.lists["tell_verbs"] and not (
            word == "talk" and self.at(i + 1) in {"to", "about"}
        ):
            return None
        if not self._commanded(i):
            return None
        j = i + 1
        while self.at(j) in {"me", "us", "to"} or (
            self.at(j) in {"please", "a", "little", "bit"} and self.at(j + 1)
        ):
            j += 1
        needs_me = word == "tell" and j == i + 1
        return (
            None if needs_me and self.at(j) not in {"about", "more", "everything", "what"} else (Kind.TELL, j)
        )

    def _commanded(self, i: int) -> bool:
        """Is the verb at i a request and not part of "if you tell me", "he told me to tell"?"""
        j = self._back(i)
        before = self.at(j) if j >= 0 else ""
        if before == "to":
            return self._wished(j)
        if before == "you":
            lead = self.text[max(0, j - 3) : j]
            return (
                lead[-3:] == ["why", "do", "not"] or lead[-2:] == ["how", "about"] or lead[-1:] == ["suppose"]
            )
        if before in {"must"}:
            return True
        if before == "can" and self.at(j - 1) == "you":
            return self.fresh(j - 1) and self.at(i + 2) in {"what", "about", "everything"}
        blocked = (
            self.lists["auxiliaries"]
            | self.lists["pronouns"]
            | {"not", "never", "who", "which", "until", "if", "when", "not", "or", "us", "been"}
        )
        if before == "or":
            return self.words[i].hard
        return before not in blocked

    def _wished(self, to: int) -> bool:
        """ "I need you to tell me", "you have to tell me"; not "what would you like to tell me"."""
        one, two, three = self.at(to - 1), self.at(to - 2), self.at(to - 3)
        wishes = {"need", "want", "like", "love", "ask", "asking", "asked", "have", "for", "wanted", "needed"}
        if one == "you":
            return two in wishes
        must = one in {"have", "need", "got", "going", "try", "trying"} and two in {"you", "are", "have"}
        return must and three not in self.lists["auxiliaries"] and "not" not in (two, three)

    def _indirect(self, i: int) -> tuple[Kind, int] | None:
        """I want to hear/know (more/everything) about ... · let's talk about ..."""
        if self.at(i) == "i" and (self.fresh(i) or self.at(i - 1) not in self.lists["embedders"]):
            window = self.text[i : i + 9]
            wish = {"want", "like", "love", "need", "interested", "curious"} & set(window[:4])
            for k, word in enumerate(window):
                if (
                    wish
                    and word in {"hear", "know", "understand", "hearing"}
                    and "you" not in window[:k]
                    and "not" not in window[:k]
                    and "to" in window[:k]
                ):
                    good = self.at(i + k + 1) in {
                        "more",
                        "everything",
                        "all",
                        "about",
                        "what",
                        "a",
                        "exactly",
                    }
                    return (Kind.TELL, i + k + 1) if good else None
        if (
            self.at(i) == "let"
            and self.at(i + 1) == "us"
            and self.at(i + 2) in {"talk", "hear"}
            and self.fresh(i)
        ):
            return (Kind.TELL, i + 3) if self.at(i + 3) in {"about", "more", "some"} else None
        return None

    def _wh(self, i: int) -> tuple[Kind, int] | None:
        if self.at(i) not in self.lists["wh"]:
            return None
        if self.at(i + 1) == "come" and self.at(i) == "how":
            return (
                (Kind.WH, i + 2) if self.fresh(i) or self.at(i - 1) not in self.lists["embedders"] else None
            )
        if self.at(i + 1) == "about" and self.at(i) in {"what", "how"} and self.fresh(i):
            return Kind.WH, i + 2
        embedded = not self.fresh(i) and (self.at(i - 1) in self.lists["embedders"] or self._relative(i))
        inverted = self._inversion_after(i)
        if inverted and not (embedded and not self._strong_inversion(inverted)):
            return Kind.WH, inverted
        if embedded:
            return None
        if self._subject_question(i):
            return Kind.WH, i + 1
        short = self.fresh(i) and len(self.text) - i <= 3 and self._short_wh(i)
        return (Kind.WH, i + 1) if short else None

    def _relative(self, i: int) -> bool:
        """ "the man who", "your dad who": who and which after a noun."""
        before = self.words[i - 1]
        noun = before.tag.startswith(("NN", "PRP")) or before.text in self.lists["pronouns"]
        return noun and self.at(i) in {"who", "which", "whose", "where", "when"}

    def _short_wh(self, i: int) -> bool:
        """ "Who?", "how many?", "which one", "why not", "where exactly" """
        return not any(
            word.tag.startswith("VB") and word.text != "not" for word in self.words[i + 1 :]
        ) and not any(text in {"i", "he", "she", "we", "they", "you"} for text in self.text[i + 1 :])

    def _inversion_after(self, i: int) -> int | None:
        """The place behind the auxiliary of "what colour of car did", or None."""
        for j in range(i + 1, min(i + 8, len(self.text))):
            if self.words[j].hard:
                return None
            if self.at(j) in self.lists["auxiliaries"]:
                if j > i + 1 and self.at(j - 1) in self.lists["pronouns"] - {"one", "that", "this"}:
                    return None
                subject = self.at(j + 1 + (self.at(j + 1) == "not"))
                if (
                    j == i + 1
                    and self.at(i) in {"when", "where", "how", "why"}
                    and not self._inverts(j, subject)
                ):
                    return None
                if self.at(i) in {"when", "how", "why"} and not self._inverts(j, subject):
                    return None
                return j + 1
            if (
                self.at(j) in self.lists["pronouns"]
                and self.at(j) not in {"one", "that", "this", "these", "those", "it", "there"}
                and self.at(j) != "you"
            ):
                return None
            if self.at(j) == "you" and self.at(j - 1) not in {"of", "to", "with"}:
                return None
            if self.words[j].tag in {"VBD", "VBZ", "VBP", "MD"} and self.words[j].token.pos_ in {
                "VERB",
                "AUX",
            }:
                return None
        return None

    def _strong_inversion(self, after: int) -> bool:
        """After "you said where": only aux + nominative pronoun ("where did he") starts a question."""
        subject = self.at(after + (self.at(after) == "not"))
        aux = self.at(after - 1)
        if subject in self.lists["pronouns_nominative"]:
            return True
        if subject == "you":
            return aux in self.lists["do"] | {"were", "are"}
        return aux in self.lists["do"] and subject not in self.lists["pronouns"]

    def _inverts(self, j: int, subject: str) -> bool:
        if subject in self.lists["pronouns"] | self.lists["determiners"]:
            return True
        if self.at(j) in self.lists["do"] | self.lists["be"] | {
            "can",
            "could",
            "will",
            "would",
            "should",
            "has",
            "have",
            "had",
        }:
            place = j + 1 + (self.at(j + 1) == "not")
            return place < len(self.words) and self.words[place].token.pos_ in {
                "NOUN",
                "PROPN",
                "PRON",
                "DET",
                "NUM",
                "ADJ",
            }
        return False

    def _subject_question(self, i: int) -> bool:
        """ "what happened", "who told you", "which one hurt" """
        word = self.at(i)
        if word not in {"what", "who", "which", "whose"}:
            return False
        relative = (
            i > 0
            and not self.fresh(i)
            and (
                self.words[i - 1].tag.startswith(("NN", "PRP", "DT"))
                or self.at(i - 1) in self.lists["pronouns"]
            )
        )
        if relative and not (word == "what" and self.at(i + 1) in {"happened", "happens", "else"}):
            return False
        for j in range(i + 1, min(i + 5, len(self.words))):
            if self.words[j].hard:
                return False
            if self.at(j) in {"happened", "happens", "made", "makes", "told", "caused"}:
                return True
            if self.words[j].tag in {"VBD", "VBZ", "VBG"} and self.at(j) not in self.lists["pronouns"]:
                return True
            if self.at(j) in self.lists["pronouns"] and self.at(j) != "one":
                return False
        return False

    def _aux(self, i: int) -> tuple[Kind, int] | None:
        if self.at(i) not in self.lists["auxiliaries"]:
            return None
        j = i + 1 + (self.at(i + 1) == "not")
        subject = self.at(j)
        if not subject or (j < len(self.words) and self.words[j].hard):
            return None
        if self._subject_before(i):
            return None
        if subject in self.lists["pronouns"]:
            return self._pronoun_inversion(i, j)
        if not self._may_follow(i):
            return None
        if self.at(i) in {"do", "have", "had"} and not self._verb_later(i, j):
            return None
        noun = subject in self.lists["determiners"] or self.words[j].token.pos_ in {
            "NOUN",
            "PROPN",
            "NUM",
            "PRON",
            "DET",
        }
        if (
            self.at(i) in {"will", "may", "might", "must"}
            and subject not in self.lists["determiners"]
            and not self.fresh(i)
        ):
            return None
        return (Kind.AUX, j + 1) if noun or (self.at(i) in self.lists["be"] and self.fresh(i)) else None

    def _pronoun_inversion(self, i: int, j: int) -> tuple[Kind, int] | None:
        subject = self.at(j)
        if self.at(i) in {"do", "have"} and subject in {
            "it",
            "that",
            "this",
            "these",
            "those",
            "one",
            "them",
        }:
            if not self._verb_later(i, j):
                return None
        if self._may_follow(i) or subject in self.lists["pronouns_nominative"]:
            return Kind.AUX, j + 1
        if self.at(i) in self.lists["do"] and self._verb_later(i, j):
            return Kind.AUX, j + 1
        right = any(
            child.dep_.startswith("nsubj") and child.i > self.words[i].token.i
            for child in self.words[i].token.children
        )
        return (Kind.AUX, j + 1) if right else None

    def _verb_later(self, i: int, j: int) -> bool:
        tags = {
            "do": ("VB", "VBP"),
            "does": ("VB", "VBP"),
            "did": ("VB", "VBP", "VBD"),
            "have": ("VBN", "VBD"),
            "had": ("VBN", "VBD"),
        }
        wanted = tags.get(self.at(i), ("VB",))
        return any(word.tag in wanted for word in self.words[j + 1 : j + 5])

    def _may_follow(self, i: int) -> bool:
        """Can a question begin at i without a pause, given the word before?"""
        if self.fresh(i):
            return True
        before = self.words[i - 1]
        return before.tag in {"RB", "IN", "UH", "JJ", "RP", "RBR"} and before.text not in {
            "not",
            "never",
            "that",
            "as",
            "if",
            "because",
            "since",
            "when",
            "what",
            "than",
            "there",
            "here",
            "always",
            "still",
            "also",
            "only",
            "usually",
            "really",
        }

    def _subject_before(self, i: int) -> bool:
        """ "you did it": the word before is the subject, so nothing is inverted."""
        if i == 0 or self.words[i].hard:
            return False
        j = self._back(i)
        if j < 0:
            return False
        before = self.at(j)
        if "," in self.words[i].before and before not in self.lists["pronouns_nominative"]:
            return False
        following = self.at(i + 1 + (self.at(i + 1) == "not"))
        if (
            before in {"it", "that", "this", "you", "one", "there"}
            and following in self.lists["pronouns_nominative"]
        ):
            return False
        return before in (self.lists["pronouns"] | {"who", "which", "what", "whoever", "not"}) - {"today"}
