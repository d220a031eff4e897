"""Which interviews have turns that lack a translation, counted in the database: no words are read for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.interview import tongues
from web.interview.readings import of_present_words
from web.interview.tongues import Owed
from web.store import Interview, Translation, Turn


def behind(session: Session, owed: Callable[[Interview, str, str], Iterable[Owed]]) -> list[str]:
    """Ids of interviews. `owed(interview, speaker, language)` says what each turn of these needs."""
    one = Interview.child_language == Interview.interviewer_language
    plain = one & (Turn.language == Interview.interviewer_language) & Turn.language.startswith(tongues.CODED)
    counted = (
        select(Interview, Turn.speaker, Turn.language, func.count())
        .join(Turn, Turn.interview_id == Interview.id)
        .where(Interview.wrapped_key.is_not(None), ~plain)
        .group_by(Interview.id, Turn.speaker, Turn.language)
    )
    have = _translated(session)
    found = [
        interview.id
        for interview, speaker, language, turns in session.execute(counted)
        for need in owed(interview, speaker, language)
        if have[interview.id, speaker, language, tongues.base(need.language)] < turns
    ]
    return list(dict.fromkeys(found))


def _translated(session: Session) -> Counter[tuple[str, str, str, str]]:
    """How many turns have a translation of what they say by now: by interview, speaker, language and the
    language of that."""
    key = (Turn.interview_id, Turn.speaker, Turn.language, Translation.language)
    counted = select(*key, func.count()).join(Turn, Turn.id == Translation.turn_id)
    counted = counted.where(of_present_words()).group_by(*key)
    found: Counter[tuple[str, str, str, str]] = Counter()
    for interview, speaker, language, into, turns in session.execute(counted):
        found[interview, speaker, language, tongues.base(into)] += turns
    return found
