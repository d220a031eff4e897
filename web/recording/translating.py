"""Turns in other languages get a machine translation, marked as such, beneath the words themselves."""

from __future__ import annotations

from sqlalchemy import select

from web.interview import events
from web.interview.new import direction
from web.store import Database, EventKind, Interview, Translation, Turn, Vault
from web.store.base import new_id
from web.translation.engine import NoRoute, Translator


class TurnTranslator:
    """The worker's side of translation: one turn in, one row and one event out, once."""

    def __init__(self, database: Database, vault: Vault, translator: Translator) -> None:
        self._database = database
        self._vault = vault
        self._translator = translator

    def untranslated(self) -> list[str]:
        """Turns that a package could translate and that have no translation yet, oldest first."""
        pairs = select(Turn, Interview).join(Interview, Interview.id == Turn.interview_id)
        missing = pairs.outerjoin(Translation, Translation.turn_id == Turn.id).where(
            Translation.id.is_(None),
            Turn.language != Interview.interviewer_language,
            Interview.wrapped_key.is_not(None),
        )
        with self._database.read() as session:
            rows = session.execute(missing.order_by(Turn.interview_id, Turn.seq)).all()
            return [
                turn.id
                for turn, interview in rows
                if self._translator.routes(turn.language, interview.interviewer_language) is not None
            ]

    def translate(self, turn_id: str) -> bool:
        """Translate one turn for the interviewer. False where nothing is to do or no package is there."""
        with self._database.read() as session:
            turn = session.get(Turn, turn_id)
            interview = session.get(Interview, turn.interview_id) if turn is not None else None
            if turn is None or interview is None or interview.wrapped_key is None:
                return False
            done = session.scalar(select(Translation.id).where(Translation.turn_id == turn_id))
        target = interview.interviewer_language
        if done is not None or turn.language == target:
            return False
        sealer = self._vault.sealer(interview.id, interview.wrapped_key)
        said = sealer.open(turn.sealed_text, f"turn:{turn.id}")
        try:
            result = self._translator.translate(said, turn.language, target)
        except NoRoute:
            return False
        packages = [{"name": p.name, "version": p.version, "sha256": p.sha256} for p in result.packages]
        payload = {
            "turn": turn.number,
            "language": target,
            "dir": direction(target),
            "text": result.text,
            "route": list(result.route),
            "packages": packages,
            "warnings": list(result.warnings),
        }
        with self._database.write() as session:
            held = events.lock(session, interview.id)
            if session.scalar(select(Translation.id).where(Translation.turn_id == turn_id)) is not None:
                return False
            row_id = new_id()
            session.add(
                Translation(
                    id=row_id,
                    interview_id=interview.id,
                    turn_id=turn_id,
                    language=target,
                    route=list(result.route),
                    packages=packages,
                    warnings=list(result.warnings),
                    sealed_text=sealer.seal(result.text, f"translation:{row_id}"),
                )
            )
            events.append(session, sealer, held, EventKind.TRANSLATION, payload)
        return True
