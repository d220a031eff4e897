"""Names and words of the child's own, that a translation leaves as they are said: noted in the talk or later.

They stand in the interview's details; who noted or took away which, and when, is on record beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from web.interview import events
from web.interview.errors import Invalid
from web.interview.new import note
from web.interview.turns import check_key
from web.recording.names import closed, own_words, too_common, without
from web.store import Database, EventKind, Interview, Sealer, User, Vault

LONGEST = 80
MOST = 100
WHAT = "own_word"
Audit = Callable[[Session, str | None, str, str], None]


@dataclass(frozen=True)
class OwnWordIn:
    """A word to be left as it is said, or with `on` false no longer. The same key again changes nothing."""

    key: str
    word: str
    on: bool = True

    def checked(self, language: str) -> str:
        """The word as it is kept. Raises Invalid: a "no" of the child's `language` must not be lost."""
        check_key(self.key)
        word = note("word", self.word)
        if len(word) > LONGEST or len(own_words(word)) != 1:
            raise Invalid(
                "word", f"Write one name or word of at most {LONGEST} characters. Nothing was saved."
            )
        (word,) = own_words(word)
        if self.on and too_common(word, language):
            raise Invalid(
                "word",
                "This would be left untranslated wherever it is said, and is too common for that. Nothing was"
                " saved.",
            )
        return word


class OwnWords:
    """Asks nobody who they are: callers check access first."""

    def __init__(self, database: Database, vault: Vault, audit: Audit) -> None:
        self._database, self._vault, self._audit = database, vault, audit

    def read(self, interview: Interview) -> list[str]:
        """Those that count now, in the order they were noted in."""
        return list(own_words(str(self._details(interview).get("own_words", ""))))

    def write(self, interview_id: str, user: User, given: OwnWordIn) -> list[str]:
        """Note a word or take it away, for turns that are translated from now on. Those that count now come
        back. Raises NotFound, Invalid, and KeyReused."""
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            word = given.checked(interview.child_language)
            sealer, payload = self._sealer(interview), {"what": WHAT, "word": word, "on": given.on}
            known = self.read(interview)
            if events.again(session, sealer, interview_id, given.key, payload, EventKind.REVIEW) is not None:
                return known
            details = self._details(interview)
            noted = without(str(details.get("own_words", "")), word)
            noted = ", ".join(filter(None, (closed(noted), word if given.on else "")))
            if given.on and len(own_words(noted)) > MOST:
                raise Invalid("word", f"At most {MOST} words can be noted. Nothing was saved.")
            details["own_words"] = noted
            interview.sealed_details = sealer.seal(details, f"details:{interview_id}")
            events.append(
                session, sealer, interview, EventKind.REVIEW, payload, key=given.key, actor_id=user.id
            )
            session.flush()
            self._audit(session, user.id, "interview:own_words", interview_id)
        return list(own_words(noted))

    def _details(self, interview: Interview) -> dict[str, Any]:
        details: dict[str, Any] = self._sealer(interview).open(
            interview.sealed_details, f"details:{interview.id}"
        )
        return details

    def _sealer(self, interview: Interview) -> Sealer:
        return self._vault.sealer(interview.id, interview.wrapped_key)
