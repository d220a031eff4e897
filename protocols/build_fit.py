"""Builds what is known of each flow's fit from `fit.yml` and `flows/*/fit.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from protocols.build_cards import check_source
from protocols.files import Files, folder, load_checked, matching
from protocols.fit import FitFacts, FlowFit, Reason
from protocols.model import Flow
from protocols.strict_yaml import Document, Path_
from protocols.vocabulary import Vocabulary

_SLOT = re.compile(r"[{}]")


def load_fit(files: Files, flows: Mapping[str, Flow], vocabulary: Vocabulary) -> FitFacts:
    """Read the facts of all flows that have some. Raises ProtocolError."""
    document = load_checked(files, "fit.yml", "fit")
    for reason_id, raw in document.data["reasons"].items():
        _check(document, vocabulary, ("reasons", reason_id), raw)
    found = {}
    for name in matching(files, "flows/*/fit.yml"):
        own = load_checked(files, name, "flow_fit")
        flow = flows.get(folder(name))
        if flow is None:
            raise own.error((), "there is no flow.yml beside this file", "Add it or remove this file")
        found[flow.id] = _Builder(own, document.data, vocabulary).build(flow)
    words = document.data
    return FitFacts(words["settings"], words["purposes"], words["needs"], found, _first_contacts(document))


def _first_contacts(document: Document) -> frozenset[tuple[str, str]]:
    words, found = document.data, set[tuple[str, str]]()
    for index, raw in enumerate(words["first_contact_leads"]):
        for key, group in (("at", "settings"), ("for", "purposes")):
            for position, name in enumerate(raw.get(key, ())):
                if name not in words[group]:
                    place = ("first_contact_leads", index, key, position)
                    raise document.error(place, *_unknown(name, words[group]))
        found.update(product(raw["at"], raw.get("for", words["purposes"])))
    return frozenset(found)


def _unknown(name: str, known: Iterable[str]) -> tuple[str, str]:
    return f"'{name}' is not known", f"Use one of: {', '.join(known)}"


class _Builder:
    """One flow's file, held against the words that all share."""

    def __init__(self, document: Document, words: Mapping[str, Any], vocabulary: Vocabulary) -> None:
        self.document, self.words, self.vocabulary = document, words, vocabulary

    def build(self, flow: Flow) -> FlowFit:
        return FlowFit(
            self._judged("settings", "setting"),
            self._judged("purposes", "purpose"),
            self._ages(flow),
            tuple(self._needs()),
        )

    def _judged(self, group: str, about: str) -> dict[str, Reason]:
        found: dict[str, Reason] = {}
        for index, raw in enumerate(self.document.data[group]):
            reason = self._reason((group, index), raw, about)
            for position, name in enumerate(raw["at"]):
                place = (group, index, "at", position)
                if name not in self.words[group]:
                    raise self.document.error(place, *_unknown(name, self.words[group]))
                if name in found:
                    raise self.document.error(place, f"'{name}' is here twice", "Keep one of them")
                found[name] = reason
        if missing := [name for name in self.words[group] if name not in found]:
            what = f"nothing is said on {', '.join(missing)}"
            raise self.document.error((group,), what, "Say what speaks for or against it")
        return found

    def _ages(self, flow: Flow) -> dict[int, Reason]:
        found: dict[int, Reason] = {}
        for index, raw in enumerate(self.document.data["ages"]):
            reason, (low, high) = self._reason(("ages", index), raw, "age"), raw["at"]
            if low > high:
                raise self.document.error(("ages", index, "at"), "the lower age is above", "Swap them")
            for age in range(low, high + 1):
                if age in found or not flow.ages[0] <= age <= flow.ages[1]:
                    what = f"age {age} is here twice" if age in found else f"the flow is not for age {age}"
                    raise self.document.error(("ages", index, "at"), what, "Each age of the flow once")
                found[age] = reason
        if missing := [str(age) for age in range(flow.ages[0], flow.ages[1] + 1) if age not in found]:
            what = f"nothing is said on age {', '.join(missing)}"
            raise self.document.error(("ages",), what, "Each age of the flow once")
        return found

    def _needs(self) -> Iterable[Reason]:
        for index, raw in enumerate(self.document.data["needs"]):
            if raw["kind"] not in self.words["needs"]:
                place = ("needs", index, "kind")
                raise self.document.error(place, *_unknown(raw["kind"], self.words["needs"]))
            yield self._reason(("needs", index), raw, raw["kind"])

    def _reason(self, place: Path_, raw: dict[str, Any], about: str) -> Reason:
        if "reason" not in raw:
            _check(self.document, self.vocabulary, place, raw, slot="{age}" if about == "age" else "")
            words = raw
        elif raw["reason"] in self.words["reasons"]:
            words = self.words["reasons"][raw["reason"]]
        else:
            what = f"the reason '{raw['reason']}' is not known"
            raise self.document.error((*place, "reason"), what, "Add it to fit.yml")
        return Reason(about, words["says"], raw.get("fit", ""), words["source"], words["verified"])


def _check(
    document: Document, vocabulary: Vocabulary, place: Path_, raw: dict[str, Any], slot: str = ""
) -> None:
    if _SLOT.search(raw["says"].replace(slot, "") if slot else raw["says"]):
        raise document.error((*place, "says"), "a slot that is not known", "Only {age}, and only in ages")
    check_source(document, vocabulary, place, raw)
