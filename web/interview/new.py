"""What has to be known before an interview can begin, checked field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from babel import Locale, UnknownLocaleError

from protocols.model import Flow
from protocols.packs import Pack
from web.interview import cases
from web.interview.errors import Invalid
from web.interview.reveal_facts import checked as checked_facts
from web.recording.names import own_words, too_common

AGES = range(3, 18)
GIVEN = ("yes", "no", "not_asked")
MAX_WORDS = 4000


@dataclass(frozen=True)
class NewInterview:
    """`information_given`: {recording, use, who_listens: bool, words: str}; `assent`: {given, how}.
    Age in years. `own_words` are names and words of the child's own, in its language, with commas between.
    `preparation` stays out of the live room; `facts`, of {text, source}, until they are put.
    `needs` are ids of packs for what the child needs, the interpreter among them. `continues` is the id of
    the interview that this one is a further meeting to."""

    case_code: str
    protocol: str
    child_age: int
    interviewer_language: str = "en"
    child_language: str = "en"
    persons_present: str = ""
    own_words: str = ""
    information_given: dict[str, Any] = field(default_factory=dict)
    assent: dict[str, Any] = field(default_factory=dict)
    preparation: str = ""
    facts: list[dict[str, str]] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    continues: str = ""

    def checked(self, flows: Mapping[str, Flow], packs: Mapping[str, Pack]) -> NewInterview:
        """The same with tidied codes. Raises Invalid naming the first field that cannot be used."""
        code = self.case_code.strip() if isinstance(self.case_code, str) else ""
        if not code:
            raise Invalid("case_code", "Give the case a code, one that tells nobody who the child is.")
        if len(code) > cases.MAX_LENGTH or not code.isprintable():
            raise Invalid("case_code", f"A case code is one line of at most {cases.MAX_LENGTH} characters.")
        if self.protocol not in flows:
            known = sorted(flows)
            raise Invalid(
                "protocol", f"There is no such protocol. There are: {', '.join(known)}.", known=known
            )
        low, high = flows[self.protocol].ages
        if type(self.child_age) is not int or not max(low, AGES[0]) <= self.child_age <= min(high, AGES[-1]):
            raise Invalid("child_age", f"The age is in whole years; this protocol is for {low} to {high}.")
        if self.assent.get("given", "not_asked") not in GIVEN:
            raise Invalid("assent", f"Say whether the child agreed: one of {', '.join(GIVEN)}.")
        child_language = language_tag("child_language", self.child_language)
        return NewInterview(
            case_code=code,
            protocol=self.protocol,
            child_age=self.child_age,
            interviewer_language=language_tag("interviewer_language", self.interviewer_language),
            child_language=child_language,
            persons_present=note("persons_present", self.persons_present),
            own_words=_own_words(self.own_words, child_language),
            information_given=_noted("information_given", self.information_given, "words"),
            assent=_noted("assent", self.assent, "how"),
            preparation=note("preparation", self.preparation),
            facts=checked_facts(self.facts),
            needs=_needs(self.needs, packs),
            continues=self.continues,
        )

    def details(self) -> dict[str, Any]:
        """What is sealed with the interview."""
        return {
            "persons_present": self.persons_present,
            "own_words": self.own_words,
            "information_given": self.information_given,
            "assent": self.assent,
            "preparation": self.preparation,
            "facts": self.facts,
        }


def _own_words(value: str, language: str) -> str:
    noted = note("own_words", value)
    common = [word for word in own_words(noted) if too_common(word, language)]
    if common:
        raise Invalid(
            "own_words",
            f"“{common[0]}” would be left untranslated wherever it is said, and is too common for that.",
        )
    return noted


def _needs(chosen: list[str], packs: Mapping[str, Pack]) -> list[str]:
    known = [pack.id for pack in packs.values() if pack.kind != "age"]
    if not isinstance(chosen, list) or not all(isinstance(one, str) and one in known for one in chosen):
        raise Invalid("needs", f"Needs are a list out of these: {', '.join(known)}.", known=known)
    return [name for name in known if name in chosen]


def language_tag(name: str, value: str) -> str:
    """A language code in its usual writing ("en", "pt-BR"). Raises Invalid for one nobody knows."""
    tag = str(value).strip().replace("_", "-")
    try:
        if tag.lower().startswith(("und", "root")):  # not known, which Babel takes for English
            raise UnknownLocaleError(tag)
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        raise Invalid(name, "This language code is not known. Examples: en, sv, uk, ar, pt-BR.") from None
    return str(locale).replace("_", "-")


def direction(language: str) -> str:
    """ltr, rtl, or auto where the language is not known."""
    try:
        return str(Locale.parse(language, sep="-").text_direction)
    except (UnknownLocaleError, ValueError):
        return "auto"


def note(name: str, value: str) -> str:
    """Free text that can be stored. Raises Invalid naming the field."""
    if not isinstance(value, str):
        raise Invalid(name, "This must be text.")
    if len(value) > MAX_WORDS:
        raise Invalid(name, f"This is longer than {MAX_WORDS} characters.")
    return storable(name, value.strip())


def storable(name: str, value: str) -> str:
    """The text itself. Raises Invalid when it holds half characters that no file can keep."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Invalid(
            name, "This holds broken characters. Nothing was saved; type or paste it again."
        ) from None
    return value


def _noted(name: str, values: dict[str, Any], words: str) -> dict[str, Any]:
    return {**values, words: note(f"{name}.{words}", values.get(words, ""))}
