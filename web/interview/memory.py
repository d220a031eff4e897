"""What a process keeps of an interview between turns, so that a turn costs the same at 3 and at 300.

Only a cache: everything in it can be made again from rows, and is brought up to date with what other
processes wrote before it is used.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import Any

from protocols.labels import Label
from web.interview.nudges import Heard
from web.interview.readings import Coded
from web.interview.reveal_words import Brought
from web.language.model import Cue

KEEP = 12


@dataclass
class Memory:
    """One interview. `heard` is the number of the last turn taken in, `numbers` are those of all, in the
    order of the conversation; `unwritten` holds what was made of turns and is not
    yet committed, `cards` the cards recognised in those turns;
    `unread` are turns, number to id, taken in without their words, for want of a translation, `machine` those
    whose words are a machine's, `in_vain` whether one was waited for and none has come in time since;
    `brought` the words of facts from the file and who said them first, up to `acts`, the last press read."""

    lock: Any = field(default_factory=RLock)
    conversation: Any = None
    heard: int = 0
    numbers: list[int] = field(default_factory=list)
    last: Heard | None = None
    before: Heard | None = None
    cues: list[Cue] = field(default_factory=list)
    unwritten: dict[int, Coded] = field(default_factory=dict)
    cards: dict[int, str] = field(default_factory=dict)
    unread: dict[int, str] = field(default_factory=dict)
    machine: set[int] = field(default_factory=set)
    in_vain: bool = False
    labels: list[Label] = field(default_factory=list)
    brought: list[Brought] = field(default_factory=list)
    acts: int = 0

    def forget(self) -> None:
        """Begin again from rows."""
        self.conversation, self.heard, self.last, self.before = None, 0, None, None
        self.cues, self.labels, self.numbers = [], [], []
        self.unwritten, self.cards = {}, {}
        self.unread, self.machine = {}, set()

    def hear(self, heard: Heard) -> None:
        self.before, self.last = self.last, heard
        self.heard = heard.number
        self.numbers.append(heard.number)


class Memories:
    """The interviews this process worked on last; safe for threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[str, Memory] = OrderedDict()

    def of(self, interview_id: str) -> Memory:
        with self._lock:
            memory = self._kept.setdefault(interview_id, Memory())
            self._kept.move_to_end(interview_id)
            for old in list(self._kept)[: max(0, len(self._kept) - KEEP)]:
                if self._kept[old].lock.acquire(blocking=False):  # never drop one at work
                    self._kept.pop(old).lock.release()
            return memory
