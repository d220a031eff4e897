"""What the interviewer sees now, in final words. Pure: protocol state in, page content out.

Every prompt is the wording of a protocol card or a cued invitation of the child's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from protocols.labels import CardRef, Guidance
from protocols.library import Library
from protocols.model import Flow, Wording
from protocols.packs import Pack, advice, words
from web.interview.new import direction
from web.interview.nudges import Heard, Place, Prompts, nudge
from web.interview.words import say
from web.language.model import Cue

MAX_CUES = 6
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Setting:
    """What stays the same through one interview. Age in years; `names` fill slots that the record knows;
    `packs` fit the flow to this child, the last one's words first. `edition` and `lost` as in Kept."""

    flow: Flow
    library: Library
    interviewer_language: str
    child_language: str
    age: int
    names: Mapping[str, str] = field(default_factory=dict)
    packs: tuple[Pack, ...] = ()
    edition: str | None = None
    lost: bool = False


@dataclass(frozen=True)
class Moment:
    """What happened last. `turn` is None when a key was pressed; `phase` is where it was said; `labels`
    counts what the flow was told."""

    turn: Heard | None = None
    before: Heard | None = None
    phase: str | None = None
    cues: Sequence[Cue] = ()
    engines: dict[str, str] = field(default_factory=dict)
    labels: int = 0
    reopening: bool = False


def compose(setting: Setting, where: Guidance, moment: Moment) -> dict[str, Any]:
    """The payload of a guidance event."""
    cards = _reopened(setting, where.cards) if moment.reopening and not where.interrupt else where.cards
    return {
        "phase": where.phase,
        "step": where.step,
        "phases": [
            {"id": phase, "title": title(setting, phase), "state": state}
            for phase, state in where.phases.items()
        ],
        "cards": [card(setting, ref, moment.cues) for ref in cards if ref.id in setting.flow.cards],
        "advice": advised(setting, setting.library.shelf.moment(setting.flow.phase(where.phase))),
        "nudge": remark(setting, moment.phase or where.phase, moment),
        "cues": [cue_payload(cue) for cue in list(moment.cues)[:MAX_CUES]],
        "interrupt": where.interrupt,
        "can_end": where.can_end,
        "missing": [{"id": phase, "title": title(setting, phase)} for phase in where.missing],
        "engines": dict(moment.engines),
        "explain": dict(where.explain),
        "labels": moment.labels,
    }


def advised(setting: Setting, moment: str | None) -> list[dict[str, str]]:
    """What the packs of this child advise at this moment of this flow; for the interviewer, never said."""
    language = setting.interviewer_language
    return [
        {"pack": say(pack.title, language), "text": say(one.text, language), "why": say(one.why, language)}
        for pack, one in advice(setting.packs, moment, setting.flow.kind)
    ]


def title(setting: Setting, phase: str) -> str:
    return say(setting.flow.phase(phase).title, setting.interviewer_language)


def card(setting: Setting, ref: CardRef, cues: Sequence[Cue] = ()) -> dict[str, Any]:
    """One card with its wording in both languages; `child_text` is None where no wording exists.

    `draft` where the words of either language are a draft that nobody has validated.
    """
    found = setting.flow.cards[ref.id]
    own = _words(setting, ref.id, setting.interviewer_language)
    child = None
    if found.spoken and _base(setting.child_language) != _base(setting.interviewer_language):
        child = _words(setting, ref.id, setting.child_language)
        child = None if child.status == "missing" else child
    return {
        "id": ref.id,
        "text": filled(own.text, setting, cues),
        "dir": direction(own.language),
        "note": own.note,
        "child_text": filled(child.text, setting, cues) if child else None,
        "child_dir": direction(setting.child_language) if child else None,
        "child_note": child.note if child and child.note != own.note else "",
        "draft": any(one.status == "draft" for one in (own, child) if one),
        "says": found.says,
        "spoken": found.spoken,
        "reason": say(setting.library.reasons.get(ref.reason, found.why), setting.interviewer_language),
    }


def wording(library: Library, card_id: str, language: str) -> Wording:
    """The card's words in this language, in its base language, or in English."""
    exact = language if library.has_wording(card_id, language) else _base(language)
    return library.wording(card_id, exact)


def _words(setting: Setting, card_id: str, language: str) -> Wording:
    """The same with the packs of this child, whose words are English."""
    own = words(setting.packs, card_id) if _base(language) == "en" else None
    return own or wording(setting.library, card_id, language)


def filled(text: str, setting: Setting, cues: Sequence[Cue]) -> str:
    """Slots for the child's words quote the best cue; one that cannot be filled says what belongs there."""
    slots = setting.library.vocabulary.slots
    words = {"cue": f"“{cues[0].words}”"} if cues else {}
    values = {
        name: words.get(name)
        or setting.names.get(name)
        or f"[{say(slot.means, setting.interviewer_language)}]"
        for name, slot in slots.items()
    }
    return _SLOT.sub(lambda found: values.get(found[1], found[0]), text)


def _base(language: str) -> str:
    return language.split("-", maxsplit=1)[0]


def cue_payload(cue: Cue) -> dict[str, Any]:
    """A cue as the page gets it; turns are numbered from 1."""
    return {
        "turn": cue.turn + 1,
        "start": cue.start,
        "end": cue.end,
        "words": cue.words,
        "prompt": cue.prompt,
    }


def place(flow: Flow, phase: str) -> Place:
    return Place(flow.phase(phase).stage, phase == flow.rules_phase)


def remark(setting: Setting, phase: str, moment: Moment) -> dict[str, Any] | None:
    """The one quiet line on the moment's turn, said in this phase; None where it needs none."""
    if moment.turn is None:
        return None
    prompts = Prompts(
        pair=_overlay_text(setting, "pairing"),
        silence=_overlay_text(setting, "silence"),
        cues=moment.cues,
    )
    language = setting.interviewer_language
    return nudge(moment.turn, moment.before, place(setting.flow, phase), prompts, language)


def _overlay_text(setting: Setting, overlay: str) -> str | None:
    cards = setting.flow.overlays.get(overlay, ())
    if not cards:
        return None
    own = _words(setting, cards[0], setting.interviewer_language)
    return filled(own.text, setting, ())


def _reopened(setting: Setting, cards: tuple[CardRef, ...]) -> tuple[CardRef, ...]:
    """After a break the first card is an invitation, whatever the flow had planned."""
    flow = setting.flow
    for index, ref in enumerate(cards):
        if ref.id in flow.cards and flow.cards[ref.id].says == "invitation":
            return (ref, *cards[:index], *cards[index + 1 :])
    opening = flow.overlays.get("reopen", ())[:1]
    return (*(CardRef(card_id, "overlay_reopen") for card_id in opening), *cards)
