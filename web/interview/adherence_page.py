"""The report on an interview's way through its flow, as its page shows it."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from protocols.adherence import Gap, Rail, rails
from protocols.course import Course, Pause, Visit, replay
from protocols.course_cards import CardUse, card_uses
from protocols.course_phases import Departure, PhaseLine, departures, phase_lines
from web.interview.adherence import Record
from web.interview.adherence_chart import chart
from web.interview.adherence_words import Words, clock, duration
from web.interview.guidance import Setting
from web.interview.words import name_of


def adherence_page(setting: Setting, record: Record, over: bool, language: str) -> dict[str, Any]:
    """Everything the page shows, in the reader's language; turns by number, 0 before the first."""
    course = replay(setting.flow, setting.age, record.told, over)
    words = Words(setting, language)
    kept, went = rails(course), departures(course)
    lines = phase_lines(course)
    return {
        "chart": chart(course, len(record.lines), _told(words, kept, went)),
        "titles": {line.phase.id: words.phase(line.phase.id) for line in lines},
        "left_out": {line.phase.id for line in lines if not line.turns},
        "rails": [_rail(words, rail) for rail in kept],
        "phases": [_phase(words, course, line) for line in lines],
        "order": [_visit(words, visit) for visit in course.visits if visit.turns],
        "departures": [_departure(words, departure) for departure in went],
        "pauses": [_pause(words, course, pause) for pause in course.pauses],
        "paused": duration(course.paused_seconds) if course.paused_seconds else "",
        "cards": _cards(words, card_uses(course)),
        "turns": _turns(words, course, record, language),
        "uncoded": record.uncoded,
        "translated": sum(line.translated for line in record.lines),
        "unsure": [line.number for line in record.lines if line.unsure],
    }


def _told(words: Words, kept: list[Rail], went: list[Departure]) -> dict[tuple[int, str], list[str]]:
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for rail in kept:
        for gap in rail.gaps:
            found[gap.turn, "gap"].append(f"{words.rail(rail)}: {words.gap(gap)}")
    for departure in went:
        found[departure.turn, "departure"].append(words.departure(departure))
    return found


def _rail(words: Words, rail: Rail) -> dict[str, Any]:
    gaps = [_gap(words, gap) for gap in rail.gaps]
    told = any(gap["why"] for gap in gaps)
    return {
        "id": rail.id,
        "title": words.rail(rail),
        "status": rail.status,
        "says": words.status(rail),
        "why": words.why(rail.why) if not told and (gaps or rail.status == "not_yet") else "",
        "gaps": gaps,
    }


def _gap(words: Words, gap: Gap) -> dict[str, Any]:
    own = gap.code in ("card_passed", "contested", "rung_skipped", "owed")
    return {"turn": gap.turn, "text": words.gap(gap), "why": words.why(gap.card) if own else ""}


def _phase(words: Words, course: Course, line: PhaseLine) -> dict[str, Any]:
    first = next((card.id for card in course.spoken_cards(line.phase.id)), "")
    return {
        "title": words.phase(line.phase.id),
        "status": line.status,
        "says": words.phase_status(line, course.over),
        "turn": line.turn,
        "runs": _runs(line.turns),
        "time": duration(line.seconds) if line.turns or line.seconds else "",
        "why": words.why(first) if line.status in ("left_out", "passed") else "",
    }


def _runs(turns: tuple[int, ...]) -> list[tuple[int, int]]:
    """Turn numbers in a row, as first and last."""
    found = []
    for _key, run in groupby(enumerate(turns), key=lambda pair: pair[1] - pair[0]):
        numbers = [turn for _place, turn in run]
        found.append((numbers[0], numbers[-1]))
    return found


def _visit(words: Words, visit: Visit) -> dict[str, Any]:
    return {
        "title": words.phase(visit.phase.id),
        "turn": visit.turns[0],
        "how": words.how(visit.how) if visit.how not in ("start", "flow") else "",
        "time": duration(visit.seconds),
    }


def _departure(words: Words, departure: Departure) -> dict[str, Any]:
    held = departure.kind == "held"
    return {
        "turn": departure.turn,
        "text": words.departure(departure),
        "reason": words.held(departure.reason) if held else departure.reason,
        "logged": not held,
    }


def _pause(words: Words, course: Course, pause: Pause) -> dict[str, Any]:
    begun = course.moves[pause.start]
    end = None if pause.end is None else course.moves[pause.end]
    return {
        "text": words.pause(pause.kind, pause.wants),
        "turn": begun.turn,
        "at": clock(begun.told.at),
        "until": clock(end.told.at) if end else "",
        "time": duration(max(0.0, end.told.at - begun.told.at)) if end else "",
    }


def _cards(words: Words, uses: list[CardUse]) -> list[dict[str, Any]]:
    """By phase: how many were taken, said, passed over, and which."""
    names = {"taken": _("taken by key"), "said": _("said in own words"), "passed": _("passed over")}
    found = []
    for phase, group in groupby(uses, key=lambda use: use.phase):
        cards = list(group)
        counts = [(names[use], sum(card.use == use for card in cards)) for use in names]
        found.append(
            {
                "title": words.phase(phase),
                "counts": [(name, count) for name, count in counts if count],
                "cards": [
                    {
                        "text": words.card(card.card),
                        "use": card.use,
                        "says": names[card.use],
                        "turns": [turn for turn in dict.fromkeys(card.turns) if turn],
                        "why": words.why(card.card) if card.use == "passed" else "",
                        "aloud": words.setting.flow.cards[card.card].spoken,
                    }
                    for card in cards
                ],
            }
        )
    return found


def _turns(words: Words, course: Course, record: Record, language: str) -> list[dict[str, Any]]:
    phases = {each.told.turn: course.phase_of(each.step).id for each in course.moves if each.told.turn}
    return [
        {
            "line": line,
            "at": clock(line.at),
            "phase": words.phase(phases[line.number]) if line.number in phases else "",
            "code": name_of("types", line.type, language) or name_of("responses", line.response, language),
        }
        for line in record.lines
    ]
