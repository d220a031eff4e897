"""The cards as the form of own words shows them: by phase, each with the words in force."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from protocols.library import Library, Wording
from protocols.model import Card
from web.authoring.checked import Found, Shown
from web.authoring.typed import unseen
from web.authoring.wording_file import OwnWords, card_at
from web.library.naming import say, type_of

TEXT, NOTE = "words-", "note-"
"""What the names of a card's two fields begin with."""
_CARD = re.compile(r"[a-z][a-z0-9_]{0,60}")
_SPACE = re.compile(r"[ \t\n]+")


@dataclass(frozen=True)
class CardField:
    """`force`: the words in force in this language; `english` beside them where that is another one."""

    card: Card
    kind: str
    force: Wording
    english: str
    text: str
    note: str
    faults: tuple[Found, ...]


@dataclass(frozen=True)
class Group:
    """The cards of one phase; `open`: somebody has something to see in it."""

    id: str
    title: str
    cards: tuple[CardField, ...]

    @property
    def own(self) -> int:
        return sum(bool(one.text) for one in self.cards)

    @property
    def open(self) -> bool:
        return any(one.text or one.faults for one in self.cards)


def groups(
    library: Library, force: Library, words: OwnWords, faults: Mapping[str, Sequence[Found]]
) -> list[Group]:
    """The cards of `library`, the draft's, in the order of the interview, with the words in `force`."""
    by_title: dict[str, list[CardField]] = {}
    phases = _titles(library)
    for card in sorted(changeable(library, words), key=lambda one: list(phases).index(one.phase)):
        field = _field(library, force, words, card, faults)
        by_title.setdefault(phases[card.phase], []).append(field)
    return [Group(cards[0].card.phase, title, tuple(cards)) for title, cards in by_title.items()]


def changeable(library: Library, words: OwnWords) -> list[Card]:
    """Cards that are said, and those that have own words already. The English words of a card that somebody
    must unlock, or that is switched off, are not for an agency to change."""
    return [
        card
        for card in library.cards.values()
        if card.id in words.texts
        or (card.spoken and (words.language != "en" or (card.enabled and not card.needs)))
    ]


def texts_of(typed: Mapping[str, str], before: OwnWords) -> dict[str, tuple[str, str]]:
    """Card -> words and note, for the cards that have words; what the form did not show stays."""
    texts = {card: words for card, words in before.texts.items() if TEXT + card not in typed}
    for name, text in typed.items():
        card = name.removeprefix(TEXT)
        if card != name and _CARD.fullmatch(card) and (words := _one_line(text)):
            texts[card] = (words, _one_line(typed.get(NOTE + card, "")))
    return texts


def _one_line(text: str) -> str:
    """Without signs that cannot be seen, as are pasted with Arabic: no file may hold them."""
    return "".join(sign for sign in _SPACE.sub(" ", text) if not unseen(sign)).strip()


def marks(
    found: Shown, text: str, library: Library, words: OwnWords
) -> tuple[dict[str, list[Found]], list[Found]]:
    """The problems by the card whose words they are about, and those that are about none in the form."""
    shown = {card.id for card in changeable(library, words)}
    by_card: dict[str, list[Found]] = {}
    others = []
    for one in found.problems:
        own = one.file == f"wording/own_{words.language}.yml"
        card = one.where if one.where in shown else card_at(text, one.line)
        if own and card in shown:
            by_card.setdefault(card, []).append(one)
        else:
            others.append(one)
    return by_card, others


def _field(
    library: Library, force: Library, words: OwnWords, card: Card, faults: Mapping[str, Sequence[Found]]
) -> CardField:
    known = force if card.id in force.cards else library
    now = known.wording(card.id, words.language)
    english = "" if now.language == "en" else known.wording(card.id).text
    text, note = words.texts.get(card.id, ("", ""))
    return CardField(card, type_of(card), now, english, text, note, tuple(faults.get(card.id, ())))


def _titles(library: Library) -> dict[str, str]:
    """Every phase that a card may name, in the order in which flows have them, by the title most of them give
    it; shared cards last."""
    given: dict[str, Counter[str]] = {}
    for flow in library.flows.values():
        for phase in flow.phases:
            given.setdefault(phase.id, Counter())[phase.title] += 1
    titles = {phase: say(found.most_common(1)[0][0]) for phase, found in given.items()}
    others = {card.phase: card.phase.replace("_", " ") for card in library.cards.values()}
    others.pop("any", None)
    return {**titles, **{phase: name for phase, name in others.items() if phase not in titles}} | {
        "any": str(_("In any phase"))
    }
