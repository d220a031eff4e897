"""The summary in words and in the geometry of its one picture."""

from __future__ import annotations

from typing import Any

from flask_babel import format_percent
from flask_babel import gettext as _

from web.interview.summary import Part, Summary
from web.interview.words import name_of
from web.language.model import QuestionType

GLYPHS = {
    QuestionType.INVITATION: "I",
    QuestionType.WH: "W",
    QuestionType.YES_NO: "Y",
    QuestionType.CHOICE: "C",
    QuestionType.NON_QUESTION: "·",
}
CHART_WIDTH = 600
LABEL_WIDTH = 40


def summary_page(summary: Summary, language: str) -> dict[str, Any]:
    """Two parts, each with rows for table and chart, facts in plain words, and remarks with reasons."""
    return {
        "parts": [
            _part("substantive", _("What may have happened"), summary.substantive, language),
            _part("other", _("Getting to know each other, ground rules, closing"), summary.other, language),
        ],
        "child_turns": summary.child_turns,
        "uncoded": summary.uncoded,
        "translated": summary.translated,
        "unsure": summary.unsure,
    }


def _part(name: str, title: str, part: Part, language: str) -> dict[str, Any]:
    most = max((share.count for share in part.mix), default=0)
    rows = [
        {
            "type": share.type.value,
            "glyph": GLYPHS[share.type],
            "label": name_of("types", share.type.value, language),
            "count": share.count,
            "share": format_percent(share.share, "#,##0 %"),
            "bar": round((CHART_WIDTH - 2 * LABEL_WIDTH) * share.count / most) if most else 0,
            "words": part.words_per_answer.get(share.type),
        }
        for share in part.mix
    ]
    remarks = [
        {"number": found.number, "label": name_of("flags", found.flag, language), "why": found.why}
        for found in part.flagged
    ]
    return {
        "name": name,
        "title": title,
        "total": part.total,
        "rows": rows,
        "facts": _facts(part),
        "remarks": remarks,
    }


def _facts(part: Part) -> list[tuple[str, str]]:
    if not part.total:
        return []
    if part.first_closed is None:
        before = _("%(n)d; no closed question was asked", n=part.before_first_closed)
    else:
        before = _("%(n)d, then turn %(turn)d", n=part.before_first_closed, turn=part.first_closed)
    if part.pairing_rate is None:
        pairing = _("no closed question was asked")
    else:
        pairing = _("%(paired)d of %(all)d", paired=part.paired, all=part.option_posing)
    return [
        (_("Invitations before the first closed question"), before),
        (_("Most questions in a row without an invitation"), str(part.longest_without_invitation)),
        (_("Closed questions followed by an invitation"), pairing),
        (_("Answers told in the child's own way"), str(part.narratives)),
    ]
