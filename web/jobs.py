"""Background work: what the console asks of the worker. A job carries ids, never words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from huey import RedisHuey, SqliteHuey

from web.config import Config

SOON, LIVE, LATER = 20, 10, 1
AGAIN = {"retries": 3, "retry_delay": 2}  # seconds; a database that was busy must not leave sound unheard


class Jobs:
    """The queue, on SQLite or, with REDIS_URL, on Redis. The console asks, the worker has the handlers."""

    def __init__(  # noqa: PLR0917 - one handler for each kind of work
        self,
        config: Config,
        listen: Callable[[str], Any] | None = None,
        translate: Callable[[str], Any] | None = None,
        read: Callable[[str], Any] | None = None,
        code: Callable[[str], Any] | None = None,
        count: Callable[[str], Any] | None = None,
        compare: Callable[[str], Any] | None = None,
        group: Callable[[str], Any] | None = None,
    ) -> None:
        self.queue: Any
        if config.redis_url:
            self.queue = RedisHuey("tellmore", url=config.redis_url, results=False)
        else:
            config.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.queue = SqliteHuey("tellmore", filename=str(config.home / "jobs.sqlite3"), results=False)
        self._listen = self._task("listen", LIVE, listen)
        self._translate = self._task("translate", LATER, translate)
        self._read = self._task("read", LATER, read)
        self._code = self._task("code", LATER, code)
        self._count = self._task("count", LATER, count)
        self._compare = self._task("compare", LATER, compare)
        self._group = self._task("group", LATER, group)

    def _task(self, name: str, priority: int, handler: Callable[[str], Any] | None) -> Any:
        # The queue knows a task by its module and name: one function here, whoever handles it, or what the
        # console asks for is not found in the worker.
        def run(subject_id: str) -> None:
            if handler is None:
                raise RuntimeError("this runs in the worker")
            handler(subject_id)

        return self.queue.task(name=name, priority=priority, **AGAIN)(run)

    @property
    def waiting(self) -> bool:
        """Whether there is more to do than what is being done."""
        return bool(self.queue.pending_count())

    def listen(self, interview_id: str) -> None:
        """There is sound to be heard in this interview."""
        self._listen(interview_id)

    def translate(self, turn_id: str, soon: bool = False) -> None:
        """This turn needs a translation. `soon`: somebody waits for it, and it takes less than listening."""
        self._translate(turn_id, priority=SOON if soon else LATER)

    def read(self, upload_id: str) -> None:
        """A recorded file waits to be read."""
        self._read(upload_id)

    def waits(self, name: str) -> bool:
        """Whether anything of this kind is queued."""
        return any(task.name == name for task in self.queue.pending())

    def code(self, interview_id: str) -> None:
        """There are turns in this interview that nobody has looked at, or translated."""
        self._code(interview_id)

    def count(self) -> None:
        """Packages have changed: see which turns can be translated that could not be before."""
        self._count("")

    def compare(self, interview_id: str) -> None:
        """Somebody reads how this interview came over, and not all of it has been compared."""
        self._compare(interview_id)

    def group(self, interview_id: str) -> None:
        """Somebody said how many voices there are in a recording of this interview."""
        self._group(interview_id)
