"""A transcript waits, sealed, until a person has said who is who in it; then it is turns, all or none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from web.importing.labels import AS_BEFORE, ROLES
from web.importing.model import ImportedTranscript, Said
from web.importing.read import FORMATS, read
from web.interview import events, tongues, turns
from web.interview.errors import Conflict, Invalid, NotFound
from web.interview.feed import Feed
from web.interview.turns import TurnIn
from web.jobs import Jobs
from web.recording.files import SealedFiles
from web.store import Database, Interview, InterviewState, Sealer, Track, Turn, Upload, UploadState, Vault

WAITING = "import:waiting"


@dataclass(frozen=True)
class Waiting:
    """A file somebody chose and nobody confirmed. `sha256` is the file's."""

    sha256: str
    transcript: ImportedTranscript


@dataclass(frozen=True)
class Imported:
    """What became of it."""

    turns: int
    left_out: int


class ImportService:
    """Asks nobody who they are: callers check access first. `audit(session, actor_id, action, subject_id)`
    adds to the audit log."""

    def __init__(  # noqa: PLR0917
        self,
        database: Database,
        vault: Vault,
        files: SealedFiles,
        feed: Feed,
        jobs: Jobs,
        audit: Callable[..., Any] = lambda *_: None,
    ) -> None:
        self._database, self._vault, self._files = database, vault, files
        self._feed, self._jobs, self._audit = feed, jobs, audit

    def empty(self, interview_id: str) -> bool:
        """Whether a transcript can still be brought into it."""
        with self._database.read() as session:
            return session.scalar(select(Turn.id).where(Turn.interview_id == interview_id).limit(1)) is None

    def has_sound(self, interview_id: str) -> bool:
        """Whether its turns are, or will be, written down from sound."""
        with self._database.read() as session:
            return _has_sound(session, interview_id)

    def offer(self, interview_id: str, content: bytes, name: str) -> Waiting:
        """Read a file and keep it, sealed, for the person to look at; one that waited before is replaced.

        Raises BadTranscript, NotFound, and Conflict where the interview is closed or has turns or sound.
        """
        found = Waiting(hashlib.sha256(content).hexdigest(), read(content, name))
        self.check(interview_id)
        self._files.write(self._path(interview_id, "waiting"), self._sealed(interview_id, found, content))
        return found

    def bring_in(self, interview_id: str, content: bytes, name: str, roles: Mapping[str, str]) -> Imported:
        """Offer and confirm in one; what somebody else has waiting goes only once this is in. Raises as
        these do, and then nothing was written."""
        found = Waiting(hashlib.sha256(content).hexdigest(), read(content, name))
        kept = self._path(interview_id, found.sha256)
        staged = self._files.stage(kept, self._sealed(interview_id, found, content))
        try:
            done = self._record(interview_id, found, roles, None, lambda: self._files.settle(staged, kept))
        finally:
            staged.unlink(missing_ok=True)  # never `kept`: it may be the file of turns somebody else wrote
        self.discard(interview_id)
        return done

    def check(self, interview_id: str) -> None:
        """Raises NotFound, and Conflict where no transcript can be brought into it."""
        self._sealer(interview_id)
        if not self.empty(interview_id):
            raise Conflict("This interview has turns already. A transcript goes into one that has none.")
        with self._database.read() as session:
            _refuse(session, session.get_one(Interview, interview_id))

    def waiting(self, interview_id: str) -> Waiting | None:
        """What waits, read again from the file itself."""
        try:
            sealed = self._path(interview_id, "waiting").read_bytes()
        except FileNotFoundError:
            return None
        head, _, content = self._sealer(interview_id).open_bytes(sealed, WAITING).partition(b"\n")
        return Waiting(hashlib.sha256(content).hexdigest(), FORMATS[head.decode()](content))

    def discard(self, interview_id: str) -> None:
        """Nothing waits any more."""
        self._path(interview_id, "waiting").unlink(missing_ok=True)

    def confirm(
        self, interview_id: str, sha256: str, roles: Mapping[str, str], actor_id: str | None
    ) -> Imported:
        """Make turns of what waits; `roles` says for each label who it is. The file stays, sealed.

        Raises Invalid where a label has no role or nothing is left, Conflict where another file waits now or
        the interview has turns: then nothing was written.
        """
        found = self.waiting(interview_id)
        if found is None or found.sha256 != sha256:
            raise Conflict("Another file waits than the one that was looked at. Look again.", field="sha256")
        done = self._record(interview_id, found, roles, actor_id)
        self._path(interview_id, "waiting").replace(self._path(interview_id, sha256))
        return done

    def _record(  # noqa: PLR0917
        self,
        interview_id: str,
        found: Waiting,
        roles: Mapping[str, str],
        actor_id: str | None,
        last_step: Callable[[], object] = lambda: None,
    ) -> Imported:
        """`last_step`: done with the turns or not at all, while nobody else can write."""
        with self._database.read() as session:
            interview = session.get(Interview, interview_id)
            if interview is None:
                raise NotFound
        said = _said(found, roles, interview)
        sealer = self._sealer(interview_id)
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            _refuse(session, interview)
            rows = turns.record_all(session, sealer, interview, actor_id, said)
            self._audit(session, actor_id, "interview:import", interview_id)
            last = interview.next_seq - 1
            last_step()
        self._feed.announce(interview_id, last)
        self._jobs.code(interview_id)  # which also translates, some turns at a time
        return Imported(len(rows), len(found.transcript.turns) - len(rows))

    def _sealed(self, interview_id: str, found: Waiting, content: bytes) -> bytes:
        head = f"{found.transcript.format}\n".encode()
        return self._sealer(interview_id).seal_bytes(head + content, WAITING)

    def _path(self, interview_id: str, name: str) -> Path:
        return self._files.path(interview_id, "imports", f"{name}.transcript")

    def _sealer(self, interview_id: str) -> Sealer:
        with self._database.read() as session:
            interview = session.get(Interview, interview_id)
        if interview is None or interview.wrapped_key is None:
            raise NotFound
        return self._vault.sealer(interview.id, interview.wrapped_key)


def _has_sound(session: Session, interview_id: str) -> bool:
    """Any track, or a recorded file under way or kept; one that was removed again does not count."""
    track = select(Track.id).where(Track.interview_id == interview_id).limit(1)
    held = or_(Upload.parts > 0, Upload.state == UploadState.RECEIVING)
    upload = select(Upload.id).where(Upload.interview_id == interview_id, held).limit(1)
    return any(session.scalar(one) is not None for one in (track, upload))


def _refuse(session: Session, interview: Interview) -> None:
    if interview.state is InterviewState.CLOSED:
        raise Conflict("This interview is closed. Nothing is added to it: plan a new one for the transcript.")
    if _has_sound(session, interview.id):
        raise Conflict(
            "This interview has a recording, from which its turns are written down. A transcript would add"
            " every turn a second time."
        )


def _said(found: Waiting, roles: Mapping[str, str], interview: Interview) -> list[TurnIn]:
    for label in found.transcript.speakers:
        if roles.get(label) not in ROLES:
            raise Invalid("roles", "Say for every speaker of the file who it is. Nothing was saved.")
    kept = [(turn, role) for turn, role in _who(found.transcript.turns, roles) if role != "leave_out"]
    if not kept:
        raise Invalid("roles", "Every line would be left out. Nothing was saved.")
    return [_turn(f"import:{found.sha256[:16]}:{i}", *one, interview) for i, one in enumerate(kept)]


def _who(said: Iterable[Said], roles: Mapping[str, str]) -> Iterator[tuple[Said, str]]:
    role = None
    for turn in said:
        role = role if roles[turn.speaker] == AS_BEFORE else roles[turn.speaker]
        if role is None:
            raise Invalid(
                "roles",
                "The first line names nobody, and there is none before it. Write into the file who speaks"
                " first, or say for all lines without a name who it is. Nothing was saved.",
            )
        if role == "leave_out" and roles[turn.speaker] == AS_BEFORE:
            raise Invalid(
                "roles",
                "A line without a name follows one that is left out. Write into the file who says it, or say"
                " for all lines without a name who it is. Nothing was saved.",
            )
        yield turn, role


def _turn(key: str, said: Said, role: str, interview: Interview) -> TurnIn:
    childs = role in {"child", "interpreter_child"}
    language = interview.child_language if childs else interview.interviewer_language
    if said.language is not None:
        ours = {tongues.base(one): one for one in (interview.interviewer_language, interview.child_language)}
        language = ours.get(tongues.base(said.language), said.language)
    return TurnIn(
        key=key,
        speaker=role.partition("_")[0],
        text=said.text,
        started_ms=said.start_ms,
        ended_ms=said.end_ms,
        language=language,
        source="import",
        words=list(said.words) if said.words else None,
    )
