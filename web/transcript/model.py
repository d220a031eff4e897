"""A transcript as corrected: its segments, and the steps that made them so. Times in milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import cached_property

from web.language.model import Speaker
from web.transcript.words import Word

KINDS = ("text", "speaker", "split", "merge", "undo")
SPEAKERS = tuple(speaker.value for speaker in Speaker)
INAUDIBLE = "[inaudible]"
DEEPEST = 40
"""How many steps may rest on one another unreckoned."""


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
class Place:
    """Where words belong. `turn` is the number of the turn they began as, None where no turn was made of the
    sound; `written` then is the number of the turn that holds what people wrote there, once they have;
    `track` where they can be heard."""

    start_ms: int | None = None
    end_ms: int | None = None
    turn: int | None = None
    track: str | None = None
    written: int | None = None


Placed = tuple[tuple[Word, ...], Place]


class Said:
    """A text, its words and where they belong, opened or reckoned where somebody asks and not before: of a
    long talk a step needs the few lines it is about."""

    __slots__ = ("_depth", "_place", "_placed", "_reckon", "_text", "_tell")

    def __init__(
        self,
        text: Callable[[], str],
        placed: Callable[[str], Placed],
        place: Place | None = None,
        upon: Sequence[Said] = (),
    ) -> None:
        """`placed(text)` gives the rest; `place` what is known of that; `upon` what it is made of."""
        self._tell, self._reckon, self._place = text, placed, place
        self._text: str | None = None
        self._placed: Placed | None = None
        self._depth: int = 1 + max((one._depth for one in upon), default=0)
        if self._depth > DEEPEST:
            for one in upon:
                one.settle()
            self._depth = 1

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = self._tell()
        return self._text

    def settle(self) -> Placed:
        """The words and where they belong."""
        if self._placed is None:
            self._placed = self._reckon(self.text)
            self._depth = 0
        return self._placed

    @property
    def words(self) -> tuple[Word, ...]:
        return self.settle()[0]

    @property
    def place(self) -> Place:
        return self._place or self.settle()[1]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Said):
            return NotImplemented
        return (self.text, self.settle()) == (other.text, other.settle())

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Segment:
    """What one person said without a break."""

    id: str
    speaker: str
    language: str
    said: Said

    @property
    def text(self) -> str:
        return self.said.text

    @property
    def words(self) -> tuple[Word, ...]:
        return self.said.words

    @property
    def start_ms(self) -> int | None:
        return self.said.place.start_ms

    @property
    def end_ms(self) -> int | None:
        return self.said.place.end_ms

    @property
    def turn(self) -> int | None:
        return self.said.place.turn

    @property
    def track(self) -> str | None:
        return self.said.place.track

    @property
    def written(self) -> int | None:
        return self.said.place.written

    @property
    def number(self) -> int | None:
        """Of the turn that its words belong to, heard or written down."""
        return self.turn if self.turn is not None else self.written

    @property
    def span_ms(self) -> tuple[int | None, int | None]:
        return self.start_ms, self.end_ms


def told(text: str, words: tuple[Word, ...] = (), place: Place = Place()) -> Said:  # noqa: B008 - frozen
    """What is known already."""
    return Said(lambda: text, lambda _: (words, place), place)


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

    @cached_property
    def _numbered(self) -> dict[int, Step]:
        return {step.number: step for step in self.steps}

    def touched(self, step: Step) -> frozenset[str]:
        """The ids of the segments that a step is about."""
        if step.kind == "undo":
            undone = self._numbered.get(step.of)
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
        unheard = (one for one in self.segments if "@" in one.id and one.id not in settled)
        return frozenset(one.id for one in unheard if not one.text and one.turn is None)

    @cached_property
    def counting(self) -> list[Step]:
        """Steps that nobody has undone; an undoing is one of them."""
        return [step for step in self.steps if step.number not in self.undone]

    @cached_property
    def _about(self) -> dict[str, list[Step]]:
        """The steps that count, by the segments they are about, in order."""
        found: dict[str, list[Step]] = {}
        for step in self.counting:
            for segment_id in self.touched(step):
                found.setdefault(segment_id, []).append(step)
        return found

    def undoable(self, number: int) -> bool:
        """Whether a step can be undone alone: it counts, and none that counts was taken later about the same.
        An undoing can be undone as well, as long as nothing at all was done there since."""
        step = self._numbered.get(number)
        if step is None or number in self.undone:
            return False
        back = step.kind == "undo"
        beside = (one for segment_id in self.touched(step) for one in self._about[segment_id])
        return not any(one.number > number and (back or one.kind != "undo") for one in beside)

    def newest(self, among: Container[int]) -> int | None:
        """The step that "undo" would undo: the newest of these that counts and is no undoing itself."""
        steps = (one.number for one in reversed(self.counting) if one.kind != "undo" and one.number in among)
        return next((number for number in steps if self.undoable(number)), None)
