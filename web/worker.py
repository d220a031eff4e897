"""The worker process: listens to sound and translates turns. `python -m web.worker` under the supervisor."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from types import FrameType
from typing import Any

from web.config import Config
from web.jobs import Jobs
from web.news import Teller
from web.recording import again
from web.recording.endings import end_left
from web.recording.files import SealedFiles
from web.recording.hearing_again import HearingAgain
from web.recording.listening import Listener
from web.recording.translating import TurnTranslator
from web.recording.upload_reading import FileReader
from web.security import attempts
from web.services import Services, build_services
from web.speech.models import Models
from web.speech.transcribers import Transcribers
from web.store import Heartbeat
from web.store.base import now
from web.translation.packages import fingerprint

log = logging.getLogger("web.worker")
BEAT_S = 2.0
LOOK_S = 60.0  # between looks for what nobody asked for, or was asked for in vain


class Worker:
    """Owns the engines of this process. `state` is what the console shows of it: loading, ready or failed."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.state = "loading"
        self.detail: dict[str, Any] = {}
        self.transcribers = Transcribers(Models(services.config.speech_models))
        teller = Teller(services.config.home)
        services.interviews.feed.beyond = teller.announce
        self._listener = Listener(
            services.database,
            services.recordings,
            services.interviews,
            lambda: self.transcribers,
            tell=teller.hear,
            busy=lambda: self.jobs.waiting,
        )
        self._again = HearingAgain(services.database, services.recordings, lambda: self.transcribers)
        self._translator = TurnTranslator(services.database, services.vault, services.translator)
        services.interviews.translate_here(self._translator.for_the_coder)
        self._packages: object = None
        self._reader = FileReader(
            services.database,
            services.vault,
            SealedFiles(services.config.home),
            services.recordings,
            services.config.max_recording_bytes,
        )
        self.jobs = Jobs(
            services.config,
            self.listen,
            self.translate,
            self.read,
            self.code,
            self.count,
            compare=self.compare,
            group=self.group,
        )
        self._stopping = threading.Event()
        self._looked = time.monotonic()

    def listen(self, interview_id: str) -> None:
        if self._listener.listen(interview_id):
            self.jobs.listen(interview_id)

    def translate(self, turn_id: str) -> None:
        done = self._translator.translate(turn_id)
        if done.late:
            self.jobs.code(done.interview_id)

    def code(self, interview_id: str) -> None:
        """Translate what can be, some turns at a time, so that live ones get in between; then code."""
        if self._translator.work_off(interview_id).more:
            self.jobs.code(interview_id)
        else:
            self.services.interviews.catch_up(interview_id)

    def compare(self, interview_id: str) -> None:
        """Hold some questions beside their renderings; the next ones after whatever else waits."""
        if self.services.comparison.step(interview_id):
            self.jobs.compare(interview_id)

    def group(self, interview_id: str) -> None:
        """Some turns at a time, so that live sound gets in between; then those to be heard again in the
        language of who speaks, which are translated and coded as others are."""
        more = self._listener.regroup(interview_id)
        if not more:
            step = self._again.step(interview_id)
            more = step.more
            if step.seq is not None:
                self.services.interviews.feed.announce(interview_id, step.seq)
                self.jobs.code(interview_id)
        if more:
            self.jobs.group(interview_id)

    def read(self, upload_id: str) -> None:
        """A step of the file whose turn it is; the sound it gives is listened to before the next."""
        step = self._reader.step()
        if step.interview_id:
            self.jobs.listen(step.interview_id)
        if step.more:
            self.jobs.read(upload_id)

    def recover(self) -> None:
        """Take up what a killed worker or console left behind."""
        SealedFiles(self.services.config.home).sweep()
        self.services.interviews.catch_up_all()
        for interview_id in self._listener.unfinished():
            self.jobs.listen(interview_id)
        for interview_id in {*self._listener.ungrouped(), *again.unfinished(self.services.database)}:
            self.jobs.group(interview_id)
        self.packages_changed()
        self.services.parts.sweep()
        self.look_after()

    def look_after(self) -> None:
        """Go on with what was forgotten: a file for which the queue tried in vain while the database was
        away, or that a console did not live to ask for, and tracks that nobody ended. Forget what has had
        its time."""
        attempts.forget_old(self.services.database)
        for upload_id in self._reader.unfinished()[:1]:
            if not self.jobs.waits("read"):
                self.jobs.read(upload_id)
        for interview_id in end_left(self.services.database, self.services.recordings):
            self.jobs.listen(interview_id)
        self._looked = time.monotonic()

    def packages_changed(self) -> None:
        """Have the turns taken up that no package could translate before: the beat does not wait for that."""
        now = fingerprint(self.services.config.home / "packages")
        if now != self._packages:
            self.jobs.count()
            self._packages = now

    def count(self, _: str) -> None:
        for interview_id in self._translator.behind():
            self.jobs.code(interview_id)

    def speech_changed(self, load: bool = False) -> None:
        """Say which speech models are in use, as chosen by now; with `load`, have one at hand already."""
        try:
            names, languages = self.transcribers.names(), self.transcribers.languages()
            if load and "en" in languages:
                self.transcribers.of("en")
        except Exception as error:  # no speech model: translation and typed interviews go on
            if self.state != "failed":
                log.error("speech model: %s", type(error).__name__)
            self.state, self.detail = "failed", {"reason": str(error)}
            return
        self.detail = {"speech": ", ".join(names), "languages": languages}
        if self._listener.deaf:
            self.detail["voices"] = f"none told apart: {self._listener.deaf}"
        self.state = "ready" if self.state == "failed" else self.state

    def beat(self) -> None:
        """Write the sign of life until told to stop."""
        while not self._stopping.is_set():
            try:
                with self.services.database.write() as session:
                    session.merge(Heartbeat(name="worker", at=now(), state=self.state, detail=self.detail))
                for interview_id in self._listener.held_back():
                    self.jobs.listen(interview_id)
                if self.state != "loading":
                    self._translator.forget_erased()
                    self.packages_changed()
                    self.speech_changed()
                if self.state != "loading" and time.monotonic() - self._looked > LOOK_S:
                    self.look_after()
            except Exception as error:  # the database may be away for a moment; the beat goes on
                log.warning("no heartbeat: %s", type(error).__name__)
            self._stopping.wait(BEAT_S)

    def run(self) -> None:
        threading.Thread(target=self.beat, name="heartbeat", daemon=True).start()
        self.speech_changed(load=True)
        self.services.engines.load()
        self.recover()
        if self.state == "loading":
            self.state = "ready"
        consumer = self.jobs.queue.create_consumer(
            workers=1, worker_type="thread", initial_delay=0.05, backoff=1.1, max_delay=0.2
        )
        consumer.run()
        self._stopping.set()


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(0)

    signal.signal(signal.SIGTERM, leave)
    Worker(build_services(Config.from_environment())).run()


if __name__ == "__main__":
    main()
