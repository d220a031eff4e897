"""A transcript as corrected: its segments, and the steps that made them so. Times in milliseconds."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from web.language.model import Speaker
from web.transcript.words import Word

KINDS = ("text", "speaker", "split", "merge", "undo")
SPEAKERS = tuple(speaker.value for speaker in Speaker)
INAUDIBLE = "[inaudible]"


def says_nothing(text: str) -> bool:
    """Whether it only says that something could not be understood."""
    return not text.replace(INAUDIBLE, "").strip()


class Unfit(ValueError):
    """A step that this transcript cannot take. `field` names what is wrong; the text holds no words said."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Segment:
    """What one person said without a break. `turn` is the number of the turn it began as, None where no turn
    was made of the sound; `written` then is the number of the turn that holds what people wrote there, once
    they have; `track` where it can be heard."""

    id: str
    speaker: str
    language: str
    text: str
    words: tuple[Word, ...] = ()
    start_ms: int | None = None
    end_ms: int | None = None
    turn: int | None = None
    track: str | None = None
    written: int | None = None

    @property
    def number(self) -> int | None:
        """Of the turn that its words belong to, heard or written down."""
        return self.turn if self.turn is not None else self.written

    @property
    def span_ms(self) -> tuple[int | None, int | None]:
        return self.start_ms, self.end_ms


@dataclass(frozen=True, slots=True)
class Step:
    """One edit, by its number 1, 2, 3 … in the interview. `text` is the new text; `at` where to split, in
    characters of the segment's text; `other` the segment that is merged into `segment`; `of` the step that is
    undone."""

    number: int
    kind: str
    segment: str = ""
    text: str = ""
    speaker: str = ""
    at: int = 0
    other: str = ""
    of: int = 0

    @property
    def made(self) -> str:
        """The id of the second part of a split."""
        return f"s{self.number}"


@dataclass(frozen=True)
class Transcript:
    """`segments` in order; `steps` all that were taken, `undone` the numbers of those that do not count;
    `by_person`: ids of segments that a counting step has changed; `unfit`: the numbers of steps that no
    longer fit what was written down, and are passed over."""

    segments: tuple[Segment, ...]
    steps: tuple[Step, ...] = ()
    undone: frozenset[int] = frozenset()
    by_person: frozenset[str] = frozenset()
    unfit: frozenset[int] = frozenset()

    @property
    def number(self) -> int:
        """Of the last step; 0 where there is none."""
        return self.steps[-1].number if self.steps else 0

    def find(self, segment_id: str) -> Segment | None:
        return next((one for one in self.segments if one.id == segment_id), None)

    def following(self, segment_id: str) -> Segment | None:
        ids = [one.id for one in self.segments]
        at = ids.index(segment_id) + 1 if segment_id in ids else len(ids)
        return self.segments[at] if at < len(ids) else None

    def touched(self, step: Step) -> frozenset[str]:
        """The ids of the segments that a step is about."""
        if step.kind == "undo":
            undone = next((one for one in self.steps if one.number == step.of), None)
            return self.touched(undone) if undone else frozenset()
        made = {step.made} if step.kind == "split" else set()
        return frozenset({step.segment, step.other, *made} - {""})

    def touched_since(self, number: int) -> frozenset[str]:
        """The ids of segments that steps past this number are about."""
        return frozenset().union(*(self.touched(step) for step in self.steps if step.number > number))

    @property
    def unwritten(self) -> frozenset[str]:
        """Ids of segments of speech that nobody has put into words yet; one whose words a person deleted is
        none of them."""
        texts = (one for one in self.counting if one.kind == "text" and one.number not in self.unfit)
        settled = {one.segment for one in texts}
        return frozenset(
            one.id for one in self.segments if not one.text and one.turn is None and one.id not in settled
        )

    @property
    def counting(self) -> list[Step]:
        """Steps that nobody has undone; an undoing is one of them."""
        return [step for step in self.steps if step.number not in self.undone]

    def undoable(self, number: int) -> bool:
        """Whether a step can be undone alone: it counts, and none that counts was taken later about the same.
        An undoing can be undone as well, as long as nothing at all was done there since."""
        step = next((one for one in self.counting if one.number == number), None)
        if step is None:
            return False
        mine, back = self.touched(step), step.kind == "undo"
        later = (one for one in self.counting if one.number > number and (back or one.kind != "undo"))
        return not any(mine & self.touched(one) for one in later)

    def newest(self, among: Container[int]) -> int | None:
        """The step that "undo" would undo: the newest of these that counts and is no undoing itself."""
        steps = (one.number for one in reversed(self.counting) if one.kind != "undo" and one.number in among)
        return next((number for number in steps if self.undoable(number)), None)
