"""Packs fit any flow to one child: advice to the interviewer, and English words this child understands.

A pack changes words and nothing else: which cards there are, their order, their types and their locks
stay those of the flow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from protocols.model import Phase, Wording

MOMENTS = (
    "preparation",
    "opening",
    "rules",
    "practice",
    "substantive",
    "focused",
    "closing",
    "afterwards",
)
"""When advice is shown; packs.yml says which phases of the flows belong to which."""
KINDS = ("age", "need", "interpreter")
"""In this order packs are laid over one another: the words of a later one win."""
ABOUT_WHAT_HAPPENED = ("substantive", "focused")
"""Moments without advice in a first contact: no account and no details are asked for there."""
_BY_STAGE = {"before": "opening", "substantive": "substantive", "after": "closing"}


@dataclass(frozen=True)
class Advice:
    """One thing the interviewer does for this child, never said; `at` is one of MOMENTS.

    What is `interview_only` is not for a first contact.
    """

    at: str
    text: str
    why: str
    source: str
    verified: bool
    interview_only: bool = False

    def fits(self, kind: str) -> bool:
        """Whether it is for flows of this kind."""
        return kind != "first_contact" or not (self.interview_only or self.at in ABOUT_WHAT_HAPPENED)


@dataclass(frozen=True)
class Pack:
    """One pack. `ages` in years, inclusive, only for kind `age`; `offered` tells when to choose the others.

    `wording` holds the English words that replace those of a card; `hash` is the SHA-256 of the whole pack.
    """

    id: str
    title: str
    purpose: str
    kind: str
    ages: tuple[int, int] | None
    offered: str
    sources: tuple[str, ...]
    advice: tuple[Advice, ...]
    wording: Mapping[str, Wording]
    hash: str

    def fits(self, age: int) -> bool:
        return self.ages is not None and self.ages[0] <= age <= self.ages[1]


@dataclass(frozen=True)
class Shelf:
    """All packs in the order in which they are laid over one another, and the moment of each phase.

    `hash` is the SHA-256 of that order and these moments.
    """

    packs: Mapping[str, Pack] = field(default_factory=dict)
    phases: Mapping[str, str | None] = field(default_factory=dict)
    hash: str = ""

    def of_kind(self, *kinds: str) -> list[Pack]:
        return [pack for pack in self.packs.values() if pack.kind in kinds]

    def worn(self, age: int, chosen: Iterable[str] = ()) -> tuple[Pack, ...]:
        """The pack of this age and the chosen ones, in their order. KeyError: no such pack to choose."""
        wanted = {self.packs[name].id for name in chosen}
        return tuple(pack for pack in self.packs.values() if pack.fits(age) or pack.id in wanted)

    def kept(self, names: Iterable[str]) -> tuple[Pack, ...]:
        """Those of these ids that there are, in their order: an old record may name one that is gone."""
        known = set(names)
        return tuple(pack for pack in self.packs.values() if pack.id in known)

    def moment(self, phase: Phase) -> str | None:
        """When in an interview this phase is; None where nothing is advised, as in a break."""
        if phase.pause:
            return None
        return self.phases.get(phase.id, _BY_STAGE[phase.stage])


def words(packs: Iterable[Pack], card_id: str) -> Wording | None:
    """The English words the last of these packs has for a card; None where no pack changes them."""
    found = None
    for pack in packs:
        found = pack.wording.get(card_id, found)
    return found


def advice(packs: Iterable[Pack], moment: str | None, kind: str) -> Iterator[tuple[Pack, Advice]]:
    """What these packs advise at this moment of a flow of this `kind`, in their order."""
    for pack in packs:
        for one in pack.advice:
            if one.at == moment and one.fits(kind):
                yield pack, one
