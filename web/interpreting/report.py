"""How words came over: every pair, what changed as far as a machine can see, what could not be compared.

Made when somebody reads it; nothing of it is stored.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from web.interpreting.model import Pair, Said, text_of
from web.interpreting.pairing import pair
from web.interview.tongues import base
from web.translation.archive import BadPackage
from web.translation.check import check
from web.translation.engine import BadText, NoRoute
from web.translation.model import Translation

if TYPE_CHECKING:  # heavy: parser, encoder
    from web.interpreting.drift import Compared

log = logging.getLogger(__name__)

ANSWER_SIGNS = ("length", "numbers", "negation", "names")
"""Signs of web/translation/check.py that mean something between a child and a person who interprets."""
Comparer = Callable[[str, str], "Compared"]


class TranslatorPort(Protocol):
    """What the report needs of web.translation.engine.Translator."""

    def translate_many(
        self, texts: Sequence[str], source: str, target: str, keep: Sequence[str] = ()
    ) -> list[Translation]: ...


@dataclass(frozen=True)
class Question:
    """What the interviewer said and its rendering. `asked` and `rendered` are the English texts that were
    compared; `why_not`: not_interpreted, no_package or not_coded, where nothing was."""

    pair: Pair
    asked: str | None
    rendered: str | None
    compared: Compared | None
    why_not: str | None

    @property
    def changed(self) -> bool:
        return self.compared is not None and bool(self.compared.changes)


@dataclass(frozen=True)
class Answer:
    """What the child said and its rendering. `signs` are codes of ANSWER_SIGNS."""

    pair: Pair
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    questions: list[Question]
    answers: list[Answer]
    own: list[Said]

    def not_compared(self) -> list[Question]:
        return [one for one in self.questions if one.compared is None]

    def worth(self) -> list[Question]:
        """Questions worth listening to again."""
        return [one for one in self.questions if one.changed]

    def answers_worth(self) -> list[Answer]:
        return [one for one in self.answers if one.signs]

    def unheard(self) -> list[Answer]:
        """What the child said of which no rendering was written down."""
        return [one for one in self.answers if not one.pair.rendering]


def report(
    turns: Iterable[Said],
    interviewer_language: str,
    child_language: str,
    translator: TranslatorPort,
    compare: Comparer | None,
) -> Report:
    """Pair, translate back, compare. `compare` is None where the language models are not there."""
    pairs = pair(turns, interviewer_language, child_language)
    readable = [turn for one in pairs.questions if one.rendering for turn in (*one.source, *one.rendering)]
    english = _english(readable, translator)
    return Report(
        [_question(one, english, compare) for one in pairs.questions],
        [_answer(one, interviewer_language, child_language) for one in pairs.answers],
        [replace(one, english=_english([one], translator).get(one.id)) for one in pairs.own],
    )


def _question(one: Pair, english: dict[str, str], compare: Comparer | None) -> Question:
    if not one.rendering:
        return Question(one, None, None, None, "not_interpreted")
    asked, rendered = _joined(one.source, english), _joined(one.rendering, english)
    if asked is None or rendered is None:
        return Question(one, asked, rendered, None, "no_package")
    if compare is None:
        return Question(one, asked, rendered, None, "not_coded")
    try:
        return Question(one, asked, rendered, compare(asked, rendered), None)
    except Exception as error:  # noqa: BLE001 - and never its text: that may quote what was said
        log.error("a question could not be compared: %s", type(error).__name__)
        return Question(one, asked, rendered, None, "not_coded")


def _answer(one: Pair, interviewer_language: str, child_language: str) -> Answer:
    if not one.rendering:
        return Answer(one, ())
    found = check(
        text_of(one.source), text_of(one.rendering), base(child_language), base(interviewer_language)
    )
    return Answer(one, tuple(sign for sign in found if sign in ANSWER_SIGNS))


def _joined(turns: Sequence[Said], english: dict[str, str]) -> str | None:
    if any(turn.id not in english for turn in turns):
        return None
    return " ".join(english[turn.id] for turn in turns)


def _english(turns: Sequence[Said], translator: TranslatorPort) -> dict[str, str]:
    """The English of each turn, by id: its own words, the translation on record, or one made now."""
    found = {turn.id: turn.text if base(turn.language) == "en" else turn.english for turn in turns}
    missing = [turn for turn in turns if found[turn.id] is None]
    for language in sorted({turn.language for turn in missing}):
        batch = [turn for turn in missing if turn.language == language]
        try:
            made = translator.translate_many([turn.text for turn in batch], language, "en")
        except (NoRoute, BadText, BadPackage):
            continue
        found |= {turn.id: one.text for turn, one in zip(batch, made, strict=True)}
    return {name: text for name, text in found.items() if text is not None}
