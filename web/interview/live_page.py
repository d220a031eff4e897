"""What the live room needs to begin: addresses, words, cards for stop and safety; no preparation notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel import Locale
from flask import url_for

from protocols.labels import CardRef
from protocols.library import Library
from protocols.model import Flow
from web.interpreting.checklists import checklists
from web.interpreting.service import present
from web.interview import tongues
from web.interview.guidance import advised, card, title
from web.interview.page_texts import live_texts
from web.interview.tongues import base
from web.interview.words import data, say
from web.store import Interview, User
from web.store.base import now

if TYPE_CHECKING:
    from web.services import Services

AT_ONCE = ("stop", "safety")
"""Interrupts whose cards are in the page already: they are shown before the server has answered."""


def live_page(here: Services, interview: Interview, user: User, locale: str) -> dict[str, Any]:
    """`script` goes into the page as data, the rest into the template."""
    setting = here.interviews.setting(interview)
    interpreter = _interpreter(here, interview)
    interrupts = {
        kind: [
            card(setting, CardRef(card_id, f"interrupt_{kind}")) for card_id in setting.flow.interrupts[kind]
        ]
        for kind in AT_ONCE
        if kind in setting.flow.interrupts
    }
    return {
        "script": {
            "id": interview.id,
            "base": f"/api/interviews/{interview.id}",
            "worklet": url_for("static", filename="js/live/audio/worklet.js"),
            "now": now().isoformat(),
            "locale": locale.replace("_", "-"),
            "name": user.full_name or user.name,
            "interpreted": _interpreted(interview),
            "interpreting": bool(interpreter),
            "interrupts": interrupts,
            "texts": live_texts(),
        },
        "facts": here.interviews.listed(interview),
        "flow": setting.flow,
        "lost": setting.lost,
        "packs": [say(pack.title, locale) for pack in setting.packs],
        "interpreter": interpreter,
        "interpreter_notes": checklists().quick,
        "preparation": advised(setting, "preparation"),
        "languages": _languages(interview, locale),
        "untranslated": _untranslated(here, interview, locale),
        "uncoded": _uncoded(here, interview, locale),
        "two_languages": any(
            one.to != tongues.INTERVIEWER for one in tongues.owed("interviewer", *_spoken(interview))
        ),
        "phases": _steps(setting.flow, interview.interviewer_language, lambda phase: title(setting, phase)),
        "wants": _wants(locale),
        "conditions": _conditions(setting.library, setting.flow, locale),
    }


def _steps(flow: Flow, language: str, name: Any) -> list[dict[str, Any]]:
    """Phases with their steps, for "choose a step"."""
    return [
        {
            "title": name(phase.id),
            "steps": [
                {"id": step.id, "title": say(step.title, language)}
                for step in flow.steps.values()
                if step.phase == phase.id
            ],
        }
        for phase in flow.phases
    ]


def _languages(interview: Interview, locale: str) -> str:
    codes = dict.fromkeys((interview.interviewer_language, interview.child_language))
    return " · ".join(Locale.parse(code, sep="-").get_display_name(locale) or code for code in codes)


def _untranslated(here: Services, interview: Interview, locale: str) -> str | None:
    """The child's language, where no installed package translates it for the interviewer; else None."""
    source, target = interview.child_language, interview.interviewer_language
    if here.translator.routes(source, target) is not None:
        return None
    return Locale.parse(source, sep="-").get_display_name(locale) or source


def _spoken(interview: Interview) -> tuple[str, str, str]:
    """The interviewer's own words: their language, the interviewer's, the child's."""
    return interview.interviewer_language, interview.interviewer_language, interview.child_language


def _uncoded(here: Services, interview: Interview, locale: str) -> str:
    """The languages of this interview that nothing can be coded in, for want of a package; "" for none."""
    spoken = dict.fromkeys((interview.interviewer_language, interview.child_language))
    return " · ".join(
        Locale.parse(code, sep="-").get_display_name(locale) or code
        for code in spoken
        if not tongues.readable(code) and here.translator.routes(code, tongues.CODED) is None
    )


def _interpreted(interview: Interview) -> str | None:
    """The child's language, where an interpreter is needed."""
    if base(interview.interviewer_language) == base(interview.child_language):
        return None
    return interview.child_language


def _interpreter(here: Services, interview: Interview) -> str:
    """Who is noted as interpreting now; "" for nobody."""
    now_there = present(here.interpreting.read(interview))
    return str(now_there.values["name"]) if now_there else ""


def _wants(locale: str) -> list[dict[str, str]]:
    return [
        {"id": name, "title": say(want["title"], locale), "means": want["means"] or ""}
        for name, want in data("wants")["wants"].items()
    ]


def _conditions(library: Library, flow: Flow, locale: str) -> list[dict[str, str]]:
    return [
        {"id": name, "title": say(text, locale)}
        for name, text in library.vocabulary.conditions.items()
        if name in flow.conditions
    ]
