"""What a protocol is once it is loaded: flows of steps, cards with their wording. All immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from protocols.guards import ALWAYS, Guard

INTERRUPTS = ("stop", "safety", "break", "reluctance")
OVERLAYS = (
    "reopen",
    "pairing",
    "open",
    "locked",
    "support",
    "silence",
    "dont_know",
    "distress",
    "denial",
    "contradiction",
)
"""Cards shown on top of a step: what each is for stands in docs/flows.md."""
OPTION_POSING = ("yes_no", "choice")
FOCUSED = ("wh", *OPTION_POSING)
MAX_AGE = 17


@dataclass(frozen=True)
class Wording:
    """The words of a card in one language.

    `status` is ready, validated, draft, or missing (then `text` is the English one). `note` is for the
    interviewer, never spoken. `{slots}` in the text are filled by the console. `author` is empty where the
    words were shipped; words of an agency's own name their author and version, and who validated them when
    (year-month-day), if somebody did.
    """

    text: str
    note: str = ""
    status: str = "ready"
    language: str = "en"
    author: str = ""
    version: str = ""
    validated_by: str = ""
    validated_on: str = ""


@dataclass(frozen=True)
class Card:
    """One prompt to say (`spoken`) or one instruction to the interviewer.

    `says` is the question type its wording codes as. `then` tells how an option-posing card is paired:
    `pair` (the pairing invitation follows) or `step` (the next card of the flow is the invitation).
    `needs` is a condition that must be observed before the card may be shown; `rung` its place on a
    transition ladder. Cards that are not `enabled` are never shown by the walker. Ages in years, inclusive.
    """

    id: str
    phase: str
    says: str
    spoken: bool
    why: str
    source: str
    verified: bool
    age_min: int = 0
    age_max: int = MAX_AGE
    support: str | None = None
    enabled: bool = True
    slots: tuple[str, ...] = ()
    then: str | None = None
    needs: str | None = None
    rung: int | None = None

    @property
    def asks(self) -> bool:
        """Whether the child is expected to answer before the flow moves on."""
        return self.spoken and self.says != "non_question"

    def fits(self, age: int) -> bool:
        return self.enabled and self.age_min <= age <= self.age_max


@dataclass(frozen=True)
class Phase:
    """A stretch of the interview. `stage`: before, substantive, after. `owed`: no end without it.

    `pause` marks a break planned by the flow.
    """

    id: str
    title: str
    stage: str
    owed: bool = False
    pause: bool = False

    @property
    def probing(self) -> bool:
        """Whether what happened is being talked about here, so that the guards on question types hold."""
        return self.stage == "substantive" and not self.pause


@dataclass(frozen=True)
class Branch:
    to: str
    guard: Guard = ALWAYS


@dataclass(frozen=True)
class Step:
    """A place in the flow and the cards worked through there.

    `mode`: `sequence` (each card once), `rotate` (round and round until `until` holds or `limit` answers
    have come), `ladder` (one rung after the other, none skipped). `when` is tried after every label,
    `next` when the step is over; the last branch of `next` has no guard. An `end` step has no `next`.
    """

    id: str
    phase: str
    title: str
    cards: tuple[str, ...]
    mode: str = "sequence"
    until: Guard | None = None
    limit: int = 12
    when: tuple[Branch, ...] = ()
    next: tuple[Branch, ...] = ()
    new_incident: bool = False
    clears: tuple[str, ...] = ()

    @property
    def end(self) -> bool:
        return not self.next


@dataclass(frozen=True)
class Flow:
    """One protocol. `hash` is the SHA-256 of the flow itself: steps, guards, cards and their wording in every
    language. Packs change what is shown to one child and have hashes of their own."""

    id: str
    version: str
    title: str
    purpose: str
    kind: str
    ages: tuple[int, int]
    phases: tuple[Phase, ...]
    steps: Mapping[str, Step]
    start: str
    disclosure: str
    always: tuple[Branch, ...]
    interrupts: Mapping[str, tuple[str, ...]]
    overlays: Mapping[str, tuple[str, ...]]
    open_before_focused: int
    sources: tuple[str, ...]
    cards: Mapping[str, Card] = field(repr=False)
    conditions: frozenset[str] = frozenset()
    rules_phase: str | None = None
    hash: str = ""

    def phase(self, phase_id: str) -> Phase:
        """The phase with this id; KeyError if the flow has none."""
        for phase in self.phases:
            if phase.id == phase_id:
                return phase
        raise KeyError(phase_id)
