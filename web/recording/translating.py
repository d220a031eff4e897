"""Turns in other languages get a machine translation, marked as such, beneath the words themselves.

The worker's side: what a turn needs (web.interview.tongues) is translated, written and told of as an event,
once. A later translation never alters what is there; it follows as an event of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress, groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.interview import events, tongues
from web.interview.new import direction
from web.interview.readings import of_present_words
from web.interview.tongues import Owed
from web.recording import backlog
from web.recording.as_said import as_said, forget_said
from web.recording.names import known_names
from web.store import (
    Coding,
    Database,
    EventKind,
    InterpreterNote,
    Interview,
    InterviewState,
    Sealer,
    Turn,
    User,
    Vault,
)
from web.store import Translation as TranslationRow
from web.store.base import new_id
from web.translation import BadPackage, NoRoute, Translation, Translator
from web.translation.engine import LONGEST_TEXT

log = logging.getLogger(__name__)

BATCH = 16
"""Turns of a backlog that are translated in one go: live turns get in between."""


@dataclass(frozen=True, slots=True)
class _Lack:
    """A turn and a translation that it does not have yet."""

    turn: Turn
    owed: Owed


@dataclass(frozen=True, slots=True)
class Progress:
    """`late`: the guide had gone on without one of the translations that are there now. `more` are owed."""

    interview_id: str = ""
    late: bool = False
    more: bool = False


class TurnTranslator:
    """One per worker. Whatever cannot be translated now is owed until a package can."""

    def __init__(self, database: Database, vault: Vault, translator: Translator) -> None:
        self._database = database
        self._vault = vault
        self._translator = translator
        self._given_up: frozenset[tuple[str, int, str]] = frozenset()
        self._erased = 0

    def forget_erased(self) -> None:
        """Where interviews were erased since the last look, let nothing that was said in them stay here."""
        with self._database.read() as session:
            erased = session.scalar(select(func.count()).where(Interview.wrapped_key.is_(None))) or 0
        if erased != self._erased:
            self._translator.forget()
            forget_said()
            self._erased = erased

    def behind(self) -> list[str]:
        """Interviews with turns that a package could translate and that have no translation yet: after a
        start, and whenever packages have changed. What could not be done before may be now."""
        self._given_up = frozenset()
        with self._database.read() as session:
            return backlog.behind(session, self._owed)

    def translate(self, turn_id: str) -> Progress:
        """Write what this turn lacks."""
        with self._database.read() as session:
            turn = session.get(Turn, turn_id)
        return self._work(turn.interview_id, turn_id) if turn is not None else Progress()

    def work_off(self, interview_id: str) -> Progress:
        """Write what some turns of this interview lack: first what somebody waits for, the oldest first."""
        return self._work(interview_id)

    def for_the_coder(self, interview_id: str) -> Progress:
        """The same, of what the coder waits for and nothing else."""
        return self._work(interview_id, readable=True)

    def _work(self, interview_id: str, turn_id: str | None = None, readable: bool = False) -> Progress:
        with self._database.read() as session:
            interview = session.get(Interview, interview_id)
            if interview is None or interview.wrapped_key is None:
                return Progress()
            holder = session.get_one(User, interview.interviewer_id)
            noted = select(InterpreterNote).where(
                InterpreterNote.interview_id == interview_id, InterpreterNote.kind == "present"
            )
            notes = session.scalars(noted).all()
            lacks = self._lacks(session, interview, turn_id)
        if readable:
            lacks = [one for one in lacks if tongues.readable(one.owed.language)]
        lacks.sort(key=_need)
        sealer = self._vault.sealer(interview.id, interview.wrapped_key)
        details = sealer.open(interview.sealed_details, f"details:{interview.id}")
        names = [str(sealer.open(note.sealed_payload, f"interpreter:{note.id}")["name"]) for note in notes]
        keep = known_names(details, holder.full_name, names)
        now, more = lacks[:BATCH], len(lacks) > BATCH
        late = False
        for (_, source, target), group in groupby(now, key=_need):
            some = list(group)
            texts = [sealer.open(lack.turn.sealed_text, f"turn:{lack.turn.id}") for lack in some]
            done = self._said(texts, source, target, keep)
            self._given_up |= {_key(lack) for lack, result in zip(some, done, strict=True) if result is None}
            late = self._write(interview.id, sealer, zip(some, done, strict=True)) or late
        return Progress(interview_id, late, more)

    def _said(
        self, texts: list[str], source: str, target: str, known: Sequence[str]
    ) -> list[Translation | None]:
        """The translation of each; None where it is too long for one, is written in another script than its
        language (a machine makes fluent nonsense of it), the package is no good, or the text breaks it."""
        fits = [len(text) <= LONGEST_TEXT and tongues.in_script(text, source) is not False for text in texts]
        fit = list(compress(texts, fits))
        try:
            found = iter(self._some(fit, source, target, as_said(fit, known, tongues.base(source))))
        except (NoRoute, BadPackage) as error:
            log.warning("turns from %s to %s: %s", source, target, type(error).__name__)
            return [None] * len(texts)
        return [next(found) if good else None for good in fits]

    def _some(
        self, texts: list[str], source: str, target: str, keep: Sequence[str]
    ) -> Sequence[Translation | None]:
        """All together; where that breaks the engine, each alone, so that one does not hold up the others."""
        try:
            return self._translator.translate_many(texts, source, target, keep)
        except (NoRoute, BadPackage):
            raise
        except Exception as error:  # noqa: BLE001 - and never its text: that may quote what was said
            log.error("%s turns from %s to %s: %s", len(texts), source, target, type(error).__name__)
            if len(texts) == 1:
                return [None]
        return [one for text in texts for one in self._some([text], source, target, keep)]

    def _owed(self, interview: Interview, speaker: str, language: str) -> list[Owed]:
        """What turns of this speaker in this language need, as far as packages lead there."""
        over = interview.state is InterviewState.CLOSED  # nobody puts these questions to the child any more
        return [
            owed
            for owed in tongues.owed(
                speaker, language, interview.interviewer_language, interview.child_language
            )
            if not (over and owed.to == tongues.CHILD)
            and self._translator.routes(language, owed.language) is not None
        ]

    def _lacks(self, session: Session, interview: Interview, turn_id: str | None) -> list[_Lack]:
        turns = select(Turn).where(Turn.interview_id == interview.id).order_by(Turn.number)
        have = select(TranslationRow.turn_id, TranslationRow.language).where(
            TranslationRow.interview_id == interview.id, of_present_words()
        )
        if turn_id is not None:
            turns, have = turns.where(Turn.id == turn_id), have.where(TranslationRow.turn_id == turn_id)
        there = {(turn, tongues.base(language)) for turn, language in session.execute(have)}
        owed = cache(lambda speaker, language: self._owed(interview, speaker, language))
        return [
            _Lack(turn, one)
            for turn in session.scalars(turns)
            for one in owed(turn.speaker, turn.language)
            if (turn.id, tongues.base(one.language)) not in there
            and _key(_Lack(turn, one)) not in self._given_up
        ]

    def _write(
        self, interview_id: str, sealer: Sealer, done: Iterable[tuple[_Lack, Translation | None]]
    ) -> bool:
        """Whether the guide had gone on without one of them."""
        late = False
        with self._database.write() as session:
            held = events.lock(session, interview_id)
            if held.wrapped_key is None:
                return False  # erased meanwhile
            for lack, result in done:
                if result is None or _there(session, lack):
                    continue
                session.add(_row(sealer, held, lack, result))
                events.append(session, sealer, held, EventKind.TRANSLATION, _payload(lack, result))
                late = late or _went_on(session, lack)
        return late


def _need(lack: _Lack) -> tuple[int, str, str]:
    """What is translated first, and what in one go: what is coded, what is read, what the child may read."""
    rank = 0 if tongues.readable(lack.owed.language) else 1 + (lack.owed.to == tongues.CHILD)
    return rank, lack.turn.language, lack.owed.language


def _key(lack: _Lack) -> tuple[str, int, str]:
    return lack.turn.id, lack.turn.seq, tongues.base(lack.owed.language)


def _there(session: Session, lack: _Lack) -> bool:
    """Or nobody needs it any more: a turn that people wrote was set right meanwhile."""
    if session.scalar(select(Turn.seq).where(Turn.id == lack.turn.id)) != lack.turn.seq:
        return True
    wanted = select(TranslationRow.language).where(TranslationRow.turn_id == lack.turn.id, of_present_words())
    found = session.scalars(wanted)
    return any(tongues.base(language) == tongues.base(lack.owed.language) for language in found)


def _went_on(session: Session, lack: _Lack) -> bool:
    """Whether the guide was told of this turn before it could be coded."""
    turn = lack.turn
    if not (tongues.needs_reading(turn.speaker, turn.language) and tongues.readable(lack.owed.language)):
        return False
    told = session.scalar(select(Turn.coded).where(Turn.id == turn.id))
    coded = select(Coding.id).where(Coding.turn_id == turn.id, Coding.layer == 0)
    return bool(told) and session.scalar(coded) is None


def _row(sealer: Sealer, interview: Interview, lack: _Lack, result: Translation) -> TranslationRow:
    row_id = new_id()
    return TranslationRow(
        id=row_id,
        interview_id=interview.id,
        turn_id=lack.turn.id,
        language=lack.owed.language,
        route=list(result.route),
        packages=_packages(result),
        warnings=list(result.warnings),
        sealed_text=sealer.seal(result.text, f"translation:{row_id}"),
    )


def _payload(lack: _Lack, result: Translation) -> dict[str, object]:
    return {
        "turn": lack.turn.number,
        "to": lack.owed.to,
        "language": lack.owed.language,
        "dir": direction(lack.owed.language),
        "text": result.text,
        "route": list(result.route),
        "packages": _packages(result),
        "warnings": list(result.warnings),
    }


def _packages(result: Translation) -> list[dict[str, str]]:
    return [{"name": p.name, "version": p.version, "sha256": p.sha256} for p in result.packages]
