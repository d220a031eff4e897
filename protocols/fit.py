"""Which protocol fits where, for whom and for what. It explains an order and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace

from protocols.model import Flow

WEIGHTS = {"made": 2, "suits": 1, "care": -1, "against": -6}
"""How much a reason moves a protocol up or down. What the talk is for counts double."""
OUTSIDE = "This protocol is for children of {low} to {high} years; this child is {age}."
UNKNOWN = "Nobody has written down yet where, for whom and for what this protocol fits."


@dataclass(frozen=True)
class Reason:
    """One plain sentence. `about` is setting, purpose or age; of a need it is the kind.

    `fit` is one of WEIGHTS, or empty where nothing is weighed. `text` may hold `{slots}` for `values`.
    `source` says where the sentence is from, `verified` whether a cited work was held against it.
    """

    about: str
    text: str
    fit: str = ""
    source: str = ""
    verified: bool = False
    values: Mapping[str, int] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """Above 0 where it speaks for the protocol."""
        return WEIGHTS.get(self.fit, 0) * (2 if self.about == "purpose" else 1)

    def said(self, say: Callable[[str], str] = str) -> str:
        """The sentence, through `say` into the reader's language."""
        return say(self.text).format(**self.values)


@dataclass(frozen=True)
class FlowFit:
    """What is known of one flow: a reason for each setting, purpose and age, and what it needs."""

    settings: Mapping[str, Reason]
    purposes: Mapping[str, Reason]
    ages: Mapping[int, Reason]
    needs: tuple[Reason, ...]


@dataclass(frozen=True)
class FitFacts:
    """What may be chosen (id -> name), the kinds of needs (id -> name), and the facts by flow."""

    settings: Mapping[str, str]
    purposes: Mapping[str, str]
    needs: Mapping[str, str]
    flows: Mapping[str, FlowFit]
    first_contact_leads: Set[tuple[str, str]] = frozenset()
    """The settings and purposes in which no full interview stands above a first contact."""


@dataclass(frozen=True)
class Fit:
    """One flow in the order. `outside`: it does not take children of this age.

    `misplaced`: a full interview where it is not to be held.
    """

    flow: Flow
    speaks_for: tuple[Reason, ...] = ()
    speaks_against: tuple[Reason, ...] = ()
    needs: tuple[Reason, ...] = ()
    outside: bool = False
    misplaced: bool = False

    @property
    def weight(self) -> int:
        return sum(reason.weight for reason in (*self.speaks_for, *self.speaks_against))

    @property
    def verified(self) -> int:
        """How many of the weighed reasons were held against a work."""
        return sum(reason.verified for reason in (*self.speaks_for, *self.speaks_against))


def rank(
    flows: Iterable[Flow], facts: FitFacts, setting: str | None, age: int | None, purpose: str | None
) -> list[Fit]:
    """All `flows`, the best fit first; None is what nobody has said yet. Age in years.

    Those that do not take the age come last. Full interviews that the setting speaks against, and all of
    them in `first_contact_leads`, stand below the rest, so below first contacts. Where reasons weigh the
    same, more verified ones go first, then the order given. Raises KeyError for a setting or purpose that
    is not in `facts`.
    """
    for chosen, known in ((setting, facts.settings), (purpose, facts.purposes)):
        if chosen is not None and chosen not in known:
            raise KeyError(chosen)
    refer = (setting, purpose) in facts.first_contact_leads
    found = [_fit(flow, facts.flows.get(flow.id), setting, age, purpose) for flow in flows]
    placed = [replace(fit, misplaced=_misplaced(fit, refer)) for fit in found]
    return sorted(placed, key=lambda fit: (fit.outside, fit.misplaced, -fit.weight, -fit.verified))


def _misplaced(fit: Fit, refer: bool) -> bool:
    barred = any(reason.about == "setting" and reason.fit == "against" for reason in fit.speaks_against)
    return fit.flow.kind == "interview" and (refer or barred)


def _fit(flow: Flow, known: FlowFit | None, setting: str | None, age: int | None, purpose: str | None) -> Fit:
    low, high = flow.ages
    outside = age is not None and not low <= age <= high
    reasons: list[Reason] = []
    if age is not None and outside:
        reasons.append(Reason("age", OUTSIDE, "against", values={"low": low, "high": high, "age": age}))
    if known is None:
        reasons.append(Reason("purpose", UNKNOWN, "care"))
        return Fit(flow, speaks_against=tuple(reasons), outside=outside)
    if purpose is not None:
        reasons.append(known.purposes[purpose])
    if setting is not None:
        reasons.append(known.settings[setting])
    if age is not None and not outside:
        reasons.append(replace(known.ages[age], values={"age": age}))
    return Fit(
        flow,
        tuple(reason for reason in reasons if reason.weight > 0),
        tuple(reason for reason in reasons if reason.weight < 0),
        known.needs,
        outside,
    )
