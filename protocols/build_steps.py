"""Builds the steps of a flow. `call: part` unrolls a part and comes back; `link: part` stays there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from protocols.build_cards import Deck
from protocols.files import Files, load_checked
from protocols.guards import ALWAYS, Guard, compile_guard
from protocols.model import Branch, Phase, Step
from protocols.strict_yaml import Document
from protocols.vocabulary import Vocabulary

RETURN = "return"
Place = tuple[Any, ...]


@dataclass(frozen=True)
class Maker:
    """What steps are made from: the flow's file and everything its steps may refer to."""

    document: Document
    deck: Deck
    vocabulary: Vocabulary
    phases: dict[str, Phase]

    def guard(self, document: Document, place: Place, text: str) -> Guard:
        try:
            return compile_guard(text, frozenset(self.vocabulary.conditions))
        except ValueError as error:
            raise document.error(place, str(error), "See docs/flows.md for what guards may ask") from error


def unroll(files: Files, maker: Maker) -> tuple[dict[str, Step], dict[str, str]]:
    """All steps of the flow in order, and names that stand for the first step of an unrolled part."""
    steps: dict[str, tuple[Step, Document, Place]] = {}
    aliases: dict[str, str] = {}
    for index, raw in enumerate(maker.document.data["steps"]):
        place: Place = ("steps", index)
        part = raw.get("call") or raw.get("link")
        if part is None:
            _put(steps, _step(maker, maker.document, place, raw), maker.document, place)
            continue
        prefix = raw["id"] if "call" in raw else part
        if "link" in raw and f"link:{part}" in aliases:
            aliases[raw["id"]] = aliases[f"link:{part}"]
            continue
        back = _branches(maker, maker.document, (*place, "next"), raw.get("next")) if "call" in raw else ()
        first = _unroll_part(_part(files, maker, part, place), maker, steps, prefix, back)
        aliases[raw["id"]] = aliases[f"link:{part}"] = first
    return _resolve(steps, aliases), aliases


def _part(files: Files, maker: Maker, part: str, at: Place) -> Document:
    name = f"parts/{part}.yml"
    if name not in files:
        raise maker.document.error(at, f"there is no part '{part}'", f"Write {name}, or correct the name")
    return load_checked(files, name, "part_file")


def _unroll_part(
    document: Document,
    maker: Maker,
    steps: dict[str, tuple[Step, Document, Place]],
    prefix: str,
    back: tuple[Branch, ...],
) -> str:
    own = {raw["id"] for raw in document.data["steps"]}
    first = ""
    for index, raw in enumerate(document.data["steps"]):
        place: Place = ("steps", index)
        step = _step(maker, document, place, raw)
        next_ = tuple(_return(b, back, document, place) for b in step.next)
        flat = tuple(branch for group in next_ for branch in group)
        step = replace(
            step,
            id=f"{prefix}.{step.id}",
            when=tuple(_inside(b, own, prefix) for b in step.when),
            next=tuple(_inside(b, own, prefix) for b in flat),
        )
        first = first or step.id
        _put(steps, step, document, place)
    return first


def _return(branch: Branch, back: tuple[Branch, ...], document: Document, place: Place) -> tuple[Branch, ...]:
    if branch.to != RETURN:
        return (branch,)
    if not back:
        raise document.error(
            place, "'return' in a part that is linked, not called", "Name a step, or use 'call'"
        )
    return tuple(Branch(b.to, _both(branch.guard, b.guard)) for b in back)


def _both(one: Guard, two: Guard) -> Guard:
    if one is ALWAYS or two is ALWAYS:
        return two if one is ALWAYS else one
    return Guard(f"({one.text}) and ({two.text})", lambda facts: one(facts) and two(facts))


def _inside(branch: Branch, own: set[str], prefix: str) -> Branch:
    return replace(branch, to=f"{prefix}.{branch.to}") if branch.to in own else branch


def _put(
    steps: dict[str, tuple[Step, Document, Place]], step: Step, document: Document, place: Place
) -> None:
    if step.id in steps:
        raise document.error(place, f"the step '{step.id}' is here twice", "Rename or remove one")
    steps[step.id] = (step, document, place)


def _resolve(steps: dict[str, tuple[Step, Document, Place]], aliases: dict[str, str]) -> dict[str, Step]:
    result: dict[str, Step] = {}
    for step, document, place in steps.values():
        for branch in (*step.when, *step.next):
            if aliases.get(branch.to, branch.to) not in steps:
                raise document.error(
                    place, f"there is no step '{branch.to}' to go to from '{step.id}'", "Use the id of a step"
                )
        result[step.id] = replace(
            step,
            when=tuple(replace(b, to=aliases.get(b.to, b.to)) for b in step.when),
            next=tuple(replace(b, to=aliases.get(b.to, b.to)) for b in step.next),
        )
    return result


def _step(maker: Maker, document: Document, place: Place, raw: dict[str, Any]) -> Step:
    if raw["phase"] not in maker.phases:
        raise document.error(
            (*place, "phase"), f"the flow has no phase '{raw['phase']}'", "Use one of its phases"
        )
    for index, card in enumerate(raw["collect"]):
        if card not in maker.deck.cards:
            raise document.error(
                (*place, "collect", index), f"there is no card '{card}'", "Write the card, or correct its id"
            )
    for index, name in enumerate(raw.get("clears", [])):
        if name not in maker.vocabulary.conditions:
            raise document.error(
                (*place, "clears", index), f"the condition '{name}' is not known", "Add it to vocabulary.yml"
            )
    if raw.get("end", False) == ("next" in raw):
        raise document.error(place, "a step has either 'next' or 'end: true'", "Give it one of the two")
    until = raw.get("until")
    return Step(
        id=raw["id"],
        phase=raw["phase"],
        title=raw["title"],
        cards=tuple(raw["collect"]),
        mode=raw.get("mode", "sequence"),
        until=maker.guard(document, (*place, "until"), until) if until else None,
        limit=raw.get("limit", 12),
        when=_branches(maker, document, (*place, "when"), raw.get("when", [])),
        next=_branches(maker, document, (*place, "next"), raw.get("next", [])),
        new_incident=raw.get("new_incident", False),
        clears=tuple(raw.get("clears", [])),
    )


def _branches(maker: Maker, document: Document, place: Place, raw: Any) -> tuple[Branch, ...]:
    if isinstance(raw, str):
        return (Branch(raw),)
    result: list[Branch] = []
    for index, item in enumerate(raw or []):
        if "else" in item:
            result.append(Branch(item["else"]))
        else:
            result.append(Branch(item["then"], maker.guard(document, (*place, index, "if"), item["if"])))
    open_ends = [b.guard is ALWAYS for b in result]
    if place[-1] == "next" and result and open_ends != [False] * (len(result) - 1) + [True]:
        raise document.error(place, "'next' must end with one 'else'", "Add '- else: step' as its last line")
    return tuple(result)
