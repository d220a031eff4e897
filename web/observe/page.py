"""What the observer's page needs to begin: addresses, words, the protocol's phases and steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from web.interview.guidance import Setting, title
from web.interview.page_texts import live_texts
from web.interview.words import say
from web.observe.service import LONGEST
from web.review import vocabulary
from web.store import Interview, User
from web.store.base import now

if TYPE_CHECKING:
    from web.services import Services


def observe_page(here: Services, interview: Interview, user: User, locale: str) -> dict[str, Any]:
    """`script` goes into the page as data, the rest into the template."""
    setting = here.interviews.setting(interview)
    with here.database.read() as session:
        holder = session.get_one(User, interview.interviewer_id)
    return {
        "script": {
            "base": f"/api/interviews/{interview.id}",
            "now": now().isoformat(),
            "locale": locale.replace("_", "-"),
            "phases": _phases(setting),
            "tags": {code: concept.name for code, concept in vocabulary.tags().items()},
            "texts": {**live_texts(), **_texts()},
        },
        "interviewer": holder.full_name or holder.name,
        "longest": LONGEST,
    }


def _phases(setting: Setting) -> list[dict[str, Any]]:
    flow, language = setting.flow, setting.interviewer_language
    return [
        {
            "id": phase.id,
            "title": title(setting, phase.id),
            "probing": phase.probing,
            "steps": [
                {"id": step.id, "title": say(step.title, language)}
                for step in flow.steps.values()
                if step.phase == phase.id
            ],
        }
        for phase in flow.phases
    ]


def _texts() -> dict[str, Any]:
    return {
        "life_planned": _("not begun yet"),
        "life_live": _("under way"),
        "life_break": _("break"),
        "life_closed": _("closed"),
        "offline": _("No connection. What is shown may be old; the page tries again by itself."),
        "signed_out": _("You are signed out. Sign in again in another tab."),
        "closed": _("This interview is closed. Nothing more can be suggested."),
        "use_prompt": _("Use its prompt"),
        "turn": _("turn {n}"),
        "urgency_3": _("read now"),
        "urgency_2": _("read today"),
        "urgency_1": _("read in the normal course"),
        "urgency_0": _("context only"),
        "fate_waiting": _("waits for a break"),
        "fate_replaced": _("replaced before it was shown"),
        "fate_withdrawn": _("taken back before it was shown"),
        "fate_shown": _("shown in a break"),
        "fate_taken": _("taken up by the interviewer"),
        "suggest": _("Suggest"),
        "replace": _("Replace"),
        "withdraw": _("Take back"),
        "sending": _("Being looked at …"),
        "not_sent": _("It was not sent: no connection. Try again."),
    }
