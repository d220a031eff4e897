"""Choosing a protocol on the page for a new interview: what is asked, and the order with its reasons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from protocols.fit import Fit, FitFacts, Reason, rank
from protocols.library import Library
from web.interview.new import AGES
from web.interview.words import say

_CITED = re.compile(r" *\[(?:S:\d+|Seed)\]")


class ChoosingFields:
    """Part of the form of a new interview. Neither answer is kept."""

    setting = SelectField(_l("Where you work"), default="")
    purpose = SelectField(_l("What the talk is for"), default="")

    child_age: IntegerField
    protocol: RadioField

    def offer_choosing(self, facts: FitFacts) -> None:
        """Fill in what can be said."""
        for field, known in ((self.setting, facts.settings), (self.purpose, facts.purposes)):
            field.choices = [SelectChoice("", _("Not said")), *_choices(known)]

    def check_choosing(self: Form) -> None:
        """Mark what cannot be used of the answers that the order is made from. None of them is owed."""
        for field in (self.setting, self.purpose, self.child_age):
            if any(field.raw_data or ()):
                field.validate(self)


@dataclass(frozen=True)
class ReasonShown:
    """`side`: for, against, or the name of what is needed. `source` without marks; '' for what is plain."""

    side: str
    text: str
    source: str = ""
    verified: bool = False


@dataclass(frozen=True)
class ProtocolShown:
    """One protocol of the list. `sources`: each work its reasons and needs are from, once.

    `outside`: it does not take children of the age given.
    """

    id: str
    title: str
    purpose: str
    reasons: tuple[ReasonShown, ...]
    needs: tuple[ReasonShown, ...]
    sources: tuple[str, ...]
    outside: bool


@dataclass(frozen=True)
class Order:
    """All protocols, best fit first, and in words what they are in order for: '' where nothing was said."""

    said: str
    protocols: Mapping[str, ProtocolShown]


def in_order(form: ChoosingFields, library: Library) -> Order:
    """Put the form's protocols in order for what it says; what cannot be used counts as not said."""
    facts = library.fit
    setting = form.setting.data if form.setting.data in facts.settings else None
    purpose = form.purpose.data if form.purpose.data in facts.purposes else None
    age = form.child_age.data if form.child_age.data in AGES else None
    said = [_say(facts.settings[setting])] if setting else []
    said += [ngettext("%(num)d year", "%(num)d years", age)] if age is not None else []
    said += [_say(facts.purposes[purpose])] if purpose else []
    flows = sorted(library.flows.values(), key=lambda flow: (flow.kind != "interview", flow.title))
    shown = {fit.flow.id: _protocol(fit, facts) for fit in rank(flows, facts, setting, age, purpose)}
    form.protocol.choices = [SelectChoice(one.id, one.title) for one in shown.values()]
    return Order(" · ".join(said), shown)


def _protocol(fit: Fit, facts: FitFacts) -> ProtocolShown:
    speaks_for = [_shown("for", reason) for reason in fit.speaks_for]
    against = [_shown("against", reason) for reason in fit.speaks_against]
    reasons = [*against, *speaks_for] if fit.outside else [*speaks_for, *against]
    needs = [_shown(_say(facts.needs[need.about]), need) for need in fit.needs]
    return ProtocolShown(
        fit.flow.id,
        _say(fit.flow.title),
        _say(fit.flow.purpose),
        tuple(reasons),
        tuple(needs),
        tuple(dict.fromkeys(one.source for one in (*reasons, *needs) if one.source)),
        fit.outside,
    )


def _shown(side: str, reason: Reason) -> ReasonShown:
    return ReasonShown(side, reason.said(_say), _CITED.sub("", _say(reason.source)), reason.verified)


def _choices(known: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(name, _say(title)) for name, title in known.items()]


def _say(text: str) -> str:
    return say(text, str(get_locale()))
