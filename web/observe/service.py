"""What an observer may do to an interview: one suggestion at a time, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from web.interview import events, suggestions
from web.interview.errors import Conflict, Invalid
from web.interview.new import storable
from web.interview.nudges import Heard, Place, Prompts, nudge
from web.interview.service import InterviewService
from web.interview.turns import check_key
from web.interview.words import name_of
from web.language.model import Coding, QuestionType, Speaker
from web.store import Database, Interview, Sealer, User, Vault

LONGEST = 300
"""Characters: it is read at a glance, and said in one breath."""
_ANYWHERE = Place("substantive")
"""Nobody knows when it will be said: it is looked at as it would be where most depends on it."""
Write = Callable[[Session, Sealer, Interview], int]


class ObserveService:
    """Asks nobody who they are: callers check access first. All raise NotFound, Invalid, KeyReused, Conflict;
    then nothing was written."""

    def __init__(self, database: Database, vault: Vault, interviews: InterviewService) -> None:
        self._database, self._vault, self._interviews = database, vault, interviews

    def suggest(
        self,
        interview_id: str,
        user: User,
        *,
        key: str,
        text: str,
        replaces: int | None = None,
        language: str = "en",
    ) -> int:
        """Let an open prompt wait for the next break; `replaces` is the number of the one that waits now.

        Its number comes back. `language` is the one that refusals are explained in. Beyond the above raises
        Invalid with the reason for anything but an invitation that needs no remark.
        """
        check_key(key)
        words = tidied(text)
        if not self._came_before(interview_id, key):
            coding, __ = self._interviews.would_be(interview_id, words)
            check_open(coding, language)
        return self._write(
            interview_id,
            lambda session, sealer, interview: suggestions.suggest(
                session, sealer, interview, user, key=key, text=words, replaces=replaces
            ),
        )

    def withdraw(self, interview_id: str, user: User, *, key: str, number: int) -> int:
        """Take back the suggestion of this number; the number of the withdrawal comes back."""
        check_key(key)
        return self._write(
            interview_id,
            lambda session, sealer, interview: suggestions.withdraw(
                session, sealer, interview, user, key=key, number=number
            ),
        )

    def take(self, interview_id: str, actor_id: str, *, key: str, number: int) -> int:
        """The interviewer takes up what was shown; the number of the taking comes back."""
        check_key(key)
        return self._write(
            interview_id,
            lambda session, sealer, interview: suggestions.take(
                session, sealer, interview, actor_id, key=key, number=number
            ),
        )

    def _came_before(self, interview_id: str, key: str) -> bool:
        with self._database.read() as session:
            return events.by_key(session, interview_id, key) is not None

    def _write(self, interview_id: str, work: Write) -> int:
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            number = work(session, self._vault.sealer(interview.id, interview.wrapped_key), interview)
            last = interview.next_seq - 1
        self._interviews.feed.announce(interview_id, last)
        return number


def tidied(text: Any) -> str:
    """One line of words. Raises Invalid."""
    words = " ".join(text.split()) if isinstance(text, str) else ""
    if not words:
        raise Invalid("text", _("There are no words in this suggestion."))
    if len(words) > LONGEST:
        raise Invalid(
            "text", _("This is longer than %(n)s characters. One short open prompt is enough.", n=LONGEST)
        )
    return storable("text", words)


def check_open(coding: Coding, language: str = "en") -> None:
    """Raises Invalid with the reason where this is no invitation, or one that would get a remark anywhere;
    Conflict where the machine cannot tell."""
    question = coding.question
    if question is None:
        raise Conflict(
            _("It was not sent: whether it is open cannot be told just now, or not in this language.")
        )
    heard = Heard(0, Speaker.INTERVIEWER, coding)
    remark = nudge(heard, None, _ANYWHERE, Prompts(pair=None, silence=None), language)
    if question.type is not QuestionType.INVITATION:
        kind = name_of("types", question.type.value, language)
        reason = _(
            "Only an open prompt can be suggested. This reads as: %(kind)s. Ask the child to tell.", kind=kind
        )
        raise Invalid("text", reason)
    if remark is not None:
        raise Invalid("text", _("This was not sent. %(why)s", why=remark["reason"]))
