"""Places in a turn: what stands before and after a word, and whether a clause can begin there."""

from __future__ import annotations

from collections.abc import Sequence

from web.language.question.words import Word, lexicon


class Places:
    """A turn's words with the questions that every opening rule asks of them."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.text = [word.text for word in words]
        self.lists = lexicon()

    def at(self, i: int) -> str:
        """The word at i, or nothing beyond either end."""
        return self.text[i] if 0 <= i < len(self.text) else ""

    def has(self, i: int, name: str) -> bool:
        return self.at(i) in self.lists[name]

    def pos(self, i: int) -> str:
        return str(self.words[i].token.pos_) if 0 <= i < len(self.words) else ""

    def fresh(self, i: int) -> bool:
        """Can a clause begin here?"""
        if i == 0 or self.words[i].hard or "," in self.words[i].before or "-" in self.words[i].before:
            return True
        if self.at(i - 1) in {"like", "just"}:
            return self.fresh(i - 1)
        return self.has(i - 1, "lead_ins")

    def back(self, i: int) -> int:
        """The last word before i in its sentence that is no adverb; -1 if there is none."""
        j = i - 1
        while j >= 0 and self.has(j, "adverbs") and not self.words[j + 1].hard:
            j -= 1
        return -1 if j < 0 or self.words[j + 1].hard else j

    def after_not(self, i: int) -> int:
        """The place of the subject after the auxiliary at i: "did (not) he"."""
        return i + 1 + (self.at(i + 1) == "not")

    def ends(self, i: int) -> bool:
        """Does the sentence end before i?"""
        return i >= len(self.text) or self.words[i].hard

    def skip(self, i: int, *names: str, most: int = 9) -> int:
        """The first place from i on whose word is in none of the named lists."""
        j = i
        while j - i < most and any(self.has(j, name) for name in names):
            j += 1
        return j

    def subject_before(self, i: int) -> bool:
        """ "you did it": the word before the auxiliary is its subject, so nothing is inverted."""
        j = self.back(i)
        if i == 0 or j < 0:
            return False
        before, following = self.at(j), self.at(self.after_not(i))
        if "," in self.words[i].before and before not in self.lists["pronouns_nominative"]:
            return False
        verb = j > 0 and self.words[j - 1].tag.startswith("VB") and not self.has(j - 1, "embedders")
        if verb and before in {"that", "it", "this"} and not self.has(j - 1, "auxiliaries"):
            return False  # "when he did that was the door open": an object
        if verb and before == "that" and self.has(j - 1, "do"):
            return False
        loose = before in {"it", "that", "this", "you", "one", "there"}
        if loose and following in self.lists["pronouns_nominative"]:
            return False
        return before in self.lists["pronouns"] or before in {"who", "which", "what", "whoever", "not"}
