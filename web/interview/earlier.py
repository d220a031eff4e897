"""Earlier meetings with the same child: which there were, and what the last ones covered.

For whoever plans the next one. Of what was said only the child's own words are given, never the file's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from protocols.course import Course, Move, replay
from protocols.course_phases import phase_lines
from web.interview import access, adherence, events
from web.interview.adherence import Record
from web.interview.adherence_words import Words
from web.interview.guidance import Setting
from web.interview.new import direction
from web.language.model import Speaker
from web.security import Permission
from web.store import EventKind, Interview, InterviewState, Sealer, User

MET_BEFORE = "met_before"
"""The condition of vocabulary.yml that a flow with a way for later meetings asks for."""
_PLEASANT = ("neutral", "rapport")
"""Phases in which a child talks of what it likes."""
_LONGEST = 200


@dataclass(frozen=True)
class Covered:
    """What a meeting covered, phases by their titles: finished, begun, or neither. `pleasant`: what the child
    told of what it likes, in its words; `times`: its names for separate times."""

    done: list[str]
    begun: list[str]
    left: list[str]
    pleasant: str
    times: tuple[str, ...]
    dir: str


def meetings(session: Session, user: User, case_code: str) -> list[Interview]:
    """Closed interviews with this case code that this person may read, the newest first."""
    if "\0" in case_code:
        return []  # no code of any interview; PostgreSQL cannot even be asked
    rows = session.scalars(
        select(Interview)
        .where(Interview.case_code == case_code, Interview.state == InterviewState.CLOSED)
        .order_by(Interview.created_at.desc(), Interview.id)
    )
    return [row for row in rows if access.may(user, row, Permission.INTERVIEW_READ)]


def began(interview: Interview) -> datetime:
    return interview.started_at or interview.created_at


def covered(
    session: Session, sealer: Sealer, interview: Interview, setting: Setting, language: str
) -> Covered:
    """What this meeting covered, in the reader's `language`."""
    record = adherence.read(session, sealer, interview)
    course = replay(setting.flow, setting.age, record.told, over=True)
    words = Words(setting, language)
    done: list[str] = []
    begun: list[str] = []
    left: list[str] = []
    for line in phase_lines(course):
        {"covered": done, "begun": begun}.get(line.status, left).append(words.phase(line.phase.id))
    return Covered(
        done=done,
        begun=begun,
        left=left,
        pleasant=_pleasant(course, record),
        times=tuple(dict.fromkeys(_times(session, sealer, interview, course, _childs(record)))),
        dir=direction(interview.child_language),
    )


def _pleasant(course: Course, record: Record) -> str:
    """The first account the child gave of something it likes, best the one it ended with."""
    lines, childs = {line.number: line for line in record.lines}, _childs(record)
    for phase in _PLEASANT:
        for each in course.moves:
            if each.intent == "child_turn" and course.phase_of(each.step).id == phase and _harmless(each):
                if each.turn not in childs:
                    continue
                text = lines[each.turn].text
                return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return ""


def _childs(record: Record) -> frozenset[int]:
    """The turns that are the child's by now, as far as that is certain."""
    return frozenset(
        line.number for line in record.lines if line.speaker == Speaker.CHILD and not line.unsure
    )


def _harmless(each: Move) -> bool:
    entities = each.told.label.entities
    told = entities.get("response") in ("narrative", "short")
    return told and not any(entities.get(sign) in (True, "true") for sign in ("substantive", "reluctance"))


def _times(
    session: Session, sealer: Sealer, interview: Interview, course: Course, childs: frozenset[int]
) -> Iterator[str]:
    """The words taken up by key where separate times were talked about."""
    apart = {step.phase for step in course.flow.steps.values() if step.new_incident}
    phase, cues = "", []
    wanted = (EventKind.ACTION, EventKind.GUIDANCE)
    for event in events.after(session, sealer, interview.id, 0, kinds=wanted, limit=None):
        if event.kind is EventKind.GUIDANCE:
            phase, cues = event.payload["phase"], event.payload["cues"]
        elif event.payload["action"] == "use_cue" and phase in apart and event.payload["turn"] in childs:
            place = (event.payload["turn"], event.payload["start"])
            yield from (cue["words"] for cue in cues if (cue["turn"], cue["start"]) == place)
