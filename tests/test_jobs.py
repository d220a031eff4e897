"""What the console asks for reaches the worker, which is another process with handlers of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from web.config import Config
from web.jobs import Jobs


class Handlers:
    """Stands where the worker stands: methods of a class of another module."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []

    def listen(self, interview_id: str) -> None:
        self.done.append(("listen", interview_id))

    def translate(self, turn_id: str) -> None:
        self.done.append(("translate", turn_id))

    def read(self, upload_id: str) -> None:
        self.done.append(("read", upload_id))

    def code(self, interview_id: str) -> None:
        self.done.append(("code", interview_id))


def work(jobs: Jobs) -> None:
    while (task := jobs.queue.dequeue()) is not None:
        jobs.queue.execute(task)


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (lambda jobs: jobs.listen("i1"), [("listen", "i1")]),
        (lambda jobs: jobs.translate("t1"), [("translate", "t1")]),
        (lambda jobs: jobs.read("u1"), [("read", "u1")]),
        (lambda jobs: jobs.code("i1"), [("code", "i1")]),
        (
            lambda jobs: [jobs.read("u1"), jobs.listen("i1")],
            [("listen", "i1"), ("read", "u1")],
        ),
        (
            lambda jobs: [jobs.translate("t1"), jobs.listen("i1")],  # what is live comes first
            [("listen", "i1"), ("translate", "t1")],
        ),
        (
            lambda jobs: [jobs.listen("i1"), jobs.translate("t1", True)],  # somebody waits for it
            [("translate", "t1"), ("listen", "i1")],
        ),
    ],
)
def test_the_worker_does_what_the_console_asks(
    config: Config, ask: Callable[[Jobs], Any], expected: list[tuple[str, str]]
) -> None:
    handlers = Handlers()
    ask(Jobs(config))
    work(Jobs(config, handlers.listen, handlers.translate, handlers.read, handlers.code))
    assert handlers.done == expected


def test_what_failed_is_tried_again(config: Config) -> None:
    def busy(interview_id: str) -> None:
        raise OSError("the database is busy")

    Jobs(config).listen("i1")
    worker = Jobs(config, busy)
    task = worker.queue.dequeue()
    worker.queue.execute(task)
    (again,) = worker.queue.scheduled()
    assert (again.name, again.args) == ("listen", ("i1",))


def test_the_console_itself_does_none_of_it(config: Config) -> None:
    console = Jobs(config)
    console.listen("i1")
    task = console.queue.dequeue()
    with pytest.raises(RuntimeError, match="worker"):
        task.execute()
