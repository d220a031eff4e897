"""What the worker finds out about one pair: its English, what seems to have changed, and what to doubt.

Plain values, so that they can be sealed and read again: see kept.py.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from web.interpreting.model import English, Pair, Said, text_of
from web.interview.tongues import base
from web.translation.archive import BadPackage
from web.translation.check import check
from web.translation.engine import LONGEST_TEXT, NoRoute
from web.translation.model import Translation

if TYPE_CHECKING:  # heavy: parser, encoder
    from web.interpreting.drift import Compared

log = logging.getLogger(__name__)

ANSWER_SIGNS = ("length", "numbers", "negation", "names")
"""Signs of web/translation/check.py that mean something between a child and a person who interprets."""
NO_CODER = "no_coder"
Comparer = Callable[[str, str], "Compared"]


class TranslatorPort(Protocol):
    """What the comparison needs of web.translation.engine.Translator."""

    def translate_many(
        self, texts: Sequence[str], source: str, target: str, keep: Sequence[str] = ()
    ) -> list[Translation]: ...


@dataclass(frozen=True)
class Found:
    """`asked` and `rendered` are the English texts of both sides, `types` what kinds of questions they are;
    `why_not`: not_interpreted, no_package, too_long, no_coder or not_coded, where nothing was compared.
    `doubts` and `packages` are those of the translations into English. `signs`: ANSWER_SIGNS, of answers."""

    asked: str | None = None
    rendered: str | None = None
    types: tuple[str, str] = ("", "")
    changes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    why_not: str | None = None

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Found:
        """From what dataclasses.asdict and JSON made of one."""
        given: dict[str, Any] = {
            name: tuple(one) if isinstance(one, list) else one for name, one in plain.items()
        }
        return cls(**given)


def question(one: Pair, translator: TranslatorPort, compare: Comparer | None) -> Found:
    """Translate both sides back where needed, and compare. `compare` is None without the language models."""
    if not one.rendering:
        return Found(why_not="not_interpreted")
    english = into_english(one.turns, translator)
    asked, rendered = _joined(one.source, english), _joined(one.rendering, english)
    known = Found(
        asked,
        rendered,
        doubts=tuple(dict.fromkeys(code for made in english.values() for code in made.doubts)),
        packages=tuple(dict.fromkeys(ref for made in english.values() for ref in made.packages)),
    )
    if asked is None or rendered is None:
        long = any(len(turn.text) > LONGEST_TEXT for turn in one.turns)
        return replace(known, why_not="too_long" if long else "no_package")
    if compare is None:
        return replace(known, why_not=NO_CODER)
    try:
        compared = compare(asked, rendered)
    except Exception as error:  # noqa: BLE001 - and never its text: that may quote what was said
        log.error("a question could not be compared: %s", type(error).__name__)
        return replace(known, why_not="not_coded")
    before, after = (one.type.value if one else "" for one in (compared.asked, compared.rendered))
    return replace(known, types=(before, after), changes=compared.changes)


def answer(one: Pair, interviewer_language: str, child_language: str) -> Found:
    if not one.rendering:
        return Found(why_not="not_interpreted")
    source, rendering = text_of(one.source), text_of(one.rendering)
    signs = check(source, rendering, base(child_language), base(interviewer_language))
    return Found(signs=tuple(sign for sign in signs if sign in ANSWER_SIGNS))


def own(turn: Said, translator: TranslatorPort) -> Found:
    """What an interpreter said of its own: only put into English."""
    made = into_english([turn], translator).get(turn.id)
    return Found(rendered=made.text, doubts=made.doubts, packages=made.packages) if made else Found()


def into_english(turns: Iterable[Said], translator: TranslatorPort) -> dict[str, English]:
    """The English of each turn, by id: its own words, the translation on record, or one made now. A turn that
    is too long, or that no package leads from, is left out, and no other for its sake."""
    found = {}
    for turn in turns:
        if base(turn.language) == "en":
            found[turn.id] = English(turn.text)
        elif turn.english is not None:
            found[turn.id] = turn.english
        elif made := _translated(turn, translator):
            found[turn.id] = made
    return found


def _translated(turn: Said, translator: TranslatorPort) -> English | None:
    if len(turn.text) > LONGEST_TEXT:
        return None
    try:
        made = translator.translate_many([turn.text], turn.language, "en")[0]
    except (NoRoute, BadPackage):
        return None
    except Exception as error:  # noqa: BLE001 - one turn that breaks the engine; never its text
        log.error("a turn could not be translated: %s", type(error).__name__)
        return None
    return English(made.text, made.warnings, tuple(ref.sha256 for ref in made.packages))


def _joined(turns: Sequence[Said], english: dict[str, English]) -> str | None:
    if any(turn.id not in english for turn in turns):
        return None
    return " ".join(english[turn.id].text for turn in turns)
