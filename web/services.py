"""Everything a process needs, put together once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from web.authoring.libraries import Libraries, folder_of
from web.authoring.service import AuthoringService
from web.config import Config
from web.dialogue import Dialogue
from web.engines import CoderPort, Engines
from web.importing.service import ImportService
from web.interpreting.comparison import Comparison
from web.interpreting.service import InterpretingService
from web.interview import tongues
from web.interview.feed import Feed
from web.interview.service import InterviewService
from web.interview.stream import Streams
from web.jobs import Jobs
from web.observe.service import ObserveService
from web.recording.files import SealedFiles
from web.recording.service import RecordingService
from web.recording.upload_parts import PartsService
from web.recording.voice_names import VoiceNames
from web.review.service import ReviewService
from web.security.here import services
from web.store import Database, Vault, audit
from web.transcript.coding import CodingAgain
from web.transcript.own_words import OwnWords
from web.transcript.service import TranscriptService
from web.translation.engine import Translator

__all__ = ["Services", "build_services", "services"]


@dataclass
class Services:
    """The rooms' services. `services()` gives the running app's."""

    config: Config
    database: Database
    vault: Vault
    libraries: Libraries
    authoring: AuthoringService
    engines: Engines
    interviews: InterviewService
    interpreting: InterpretingService
    comparison: Comparison
    observers: ObserveService
    streams: Streams
    recordings: RecordingService
    parts: PartsService
    imports: ImportService
    reviews: ReviewService
    transcripts: TranscriptService
    own_words: OwnWords
    voice_names: VoiceNames
    coding_again: CodingAgain
    translator: Translator
    jobs: Jobs


def build_services(config: Config) -> Services:
    """Put the parts together; loads no model and starts no thread (see Engines.start)."""
    database = Database(config.database_url)
    vault = Vault(config.secret("master-key"))
    libraries = Libraries(database, folder_of(config))
    translator = Translator(config.home / "packages")
    jobs = Jobs(config)
    engines = Engines(database, Dialogue(config.bot_url, config.bot_token), _load_coder, translator.pairs)
    audit_key = config.secret(audit.KEY_NAME)

    def write_audit(session: Any, actor_id: str | None, action: str, subject_id: str) -> None:
        audit.append(session, audit_key, actor_id, action, subject_id)

    feed = Feed(database)
    interviews = InterviewService(
        database,
        vault,
        libraries,
        engines,
        feed,
        max_turn_bytes=config.max_turn_bytes,
        foreign=jobs.translate,
        translates=lambda language: translator.routes(language, tongues.CODED) is not None,
        audit=write_audit,
    )
    engines.on_change(interviews.catch_up_all)
    files = SealedFiles(config.home)
    recordings = RecordingService(database, vault, files, config.max_chunk_bytes)
    return Services(
        config=config,
        database=database,
        vault=vault,
        libraries=libraries,
        authoring=AuthoringService(database, libraries, lambda: engines.coder, audit_key),
        engines=engines,
        interviews=interviews,
        interpreting=InterpretingService(database, vault, feed, write_audit),
        comparison=Comparison(database, vault, files, translator, lambda: engines.coder),
        observers=ObserveService(database, vault, interviews),
        streams=Streams(interviews, config.max_streams),
        recordings=recordings,
        parts=PartsService(
            database, vault, files, config.max_part_bytes, config.max_recording_bytes, write_audit
        ),
        imports=ImportService(database, vault, files, feed, jobs, write_audit),
        reviews=ReviewService(database, vault, write_audit),
        transcripts=TranscriptService(
            database, vault, write_audit, feed.announce, config.max_turn_bytes, jobs.code
        ),
        own_words=OwnWords(database, vault, write_audit),
        voice_names=VoiceNames(database, vault, feed.announce, write_audit, jobs.group),
        coding_again=CodingAgain(database, vault, write_audit, lambda: engines.coder),
        translator=translator,
        jobs=jobs,
    )


def _load_coder() -> CoderPort:
    from web.language.coder import Coder  # heavy: parser, encoder

    return Coder.load()
