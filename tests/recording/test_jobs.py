"""What the console asks for is what the worker does."""

from __future__ import annotations

from web.config import Config
from web.jobs import Jobs


def test_the_worker_knows_the_jobs_the_console_asks_for(config: Config) -> None:
    heard: list[tuple[str, str]] = []
    console = Jobs(config)
    worker = Jobs(config, lambda it: heard.append(("listen", it)), lambda it: heard.append(("translate", it)))
    console.translate("a turn")
    console.listen("an interview")
    for _ in range(2):
        worker.queue.execute(worker.queue.dequeue())
    assert heard == [("listen", "an interview"), ("translate", "a turn")]
    assert worker.queue.dequeue() is None
