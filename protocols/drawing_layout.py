"""Where boxes, bands and texts of a drawing go: a step a row, the usual way left, conditions right."""

from __future__ import annotations

from dataclasses import dataclass

from protocols.drawing_text import Text, height, paragraph
from protocols.in_words import InWords
from protocols.model import Flow, Step
from protocols.reading import Band, Way, bands, numbers, onward, usual_way, ways

PHASE_X, PHASE_ROOM = 14.0, 112.0
BOX_X, BOX_RIGHT, DETOUR = 140.0, 450.0, 38.0
SPINE_X = BOX_X + 17.0
CONDITION_X, CONDITION_ROOM = BOX_RIGHT + 16.0, 350.0
LANES_X = CONDITION_X + CONDITION_ROOM + 20.0
_GAP, _BAND_TOP, _BAND_BOTTOM, _TOLD, _START, _LEAST = 20.0, 14.0, 12.0, 22.0, 16.0, 44.0
_ENTRY, _NUMBER = 13.0, 36.0


@dataclass(frozen=True)
class Exit:
    """A branch that leaves its box on the right at height `y`, below its condition."""

    way: Way
    y: float
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Row:
    """The box of a step. Lines from elsewhere arrive at height `entry`."""

    step: Step
    x: float
    y: float
    height: float
    texts: tuple[Text, ...]
    exits: tuple[Exit, ...]

    @property
    def entry(self) -> float:
        return self.y + _ENTRY


@dataclass(frozen=True)
class Strip:
    """The band of a phase behind its rows."""

    band: Band
    y: float
    height: float
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Down:
    """An arrow straight down. `told`: the child has begun to tell, so nothing else is asked for."""

    source: str
    to: str
    usual: bool
    told: bool = False


@dataclass(frozen=True)
class Layout:
    rows: dict[str, Row]
    strips: tuple[Strip, ...]
    downs: tuple[Down, ...]
    told: tuple[Text, ...]
    height: float


def downs(flow: Flow) -> tuple[Down, ...]:
    """The branches without condition that lead straight down."""
    usual, order = usual_way(flow), list(flow.steps)
    found: list[Down] = []
    for place, step in enumerate(flow.steps.values()):
        to = onward(flow, step)
        below = next((other for other in order[place + 1 :] if other in usual), None)
        if step.id in usual and to is not None and to == below:
            found.append(Down(step.id, to, True, step.mode == "ladder"))
            if step.mode != "ladder":
                continue
        last = step.next[-1].to if step.next else None
        if last in order[place + 1 : place + 2]:
            found.append(Down(step.id, str(last), False))
    return tuple(found)


def leading(when: str, number: int) -> str:
    """A condition and the step it leads to, whose number stays beside the last word."""
    return f"{when}\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}{number}"


def lay_out(flow: Flow, words: InWords) -> Layout:
    """Place every phase and step of the flow from top to bottom."""
    return _Page(flow, words).layout()


class _Page:
    """A page that grows downwards."""

    def __init__(self, flow: Flow, words: InWords) -> None:
        self.flow, self.words = flow, words
        self.numbers, self.usual, self.downs = numbers(flow), usual_way(flow), downs(flow)
        straight = {(down.source, down.to) for down in self.downs if not down.told}
        self.exits = {
            step.id: [w for w in ways(step) if w.guard or (w.source, w.to) not in straight]
            for step in flow.steps.values()
        }
        self.entered = {way.to for exits in self.exits.values() for way in exits}
        self.rows: dict[str, Row] = {}
        self.told: list[Text] = []

    def layout(self) -> Layout:
        strips: list[Strip] = []
        y = 0.0
        for band in bands(self.flow):
            strips.append(self._strip(band, y))
            y += strips[-1].height
        return Layout(self.rows, tuple(strips), self.downs, tuple(self.told), y)

    def _strip(self, band: Band, top: float) -> Strip:
        texts = paragraph(self.words.say(band.phase.title), "phase", PHASE_X, top + _BAND_TOP + 2, PHASE_ROOM)
        for mark in self.words.phase(band.phase, band.again):
            under = top + _BAND_TOP + 2 + height(texts) + 2
            texts = [*texts, *paragraph(mark, "phase-note", PHASE_X, under, PHASE_ROOM)]
        y = top + _BAND_TOP
        for place, step in enumerate(band.steps):
            y += self._room_above(step, y, first=place == 0)
            self.rows[step.id] = self._row(step, y)
            y += self.rows[step.id].height
        bottom = max(y, top + _BAND_TOP + 2 + height(texts)) + _BAND_BOTTOM
        return Strip(band, top, bottom - top, tuple(texts))

    def _room_above(self, step: Step, y: float, first: bool) -> float:
        if step.id == self.flow.start:
            text = self.words.phrase("drawing", "start")
            self.told += paragraph(text, "start", SPINE_X + 12, y - 6, BOX_RIGHT - SPINE_X)
            return _START
        room = 0.0 if first else _GAP
        if any(down.told and down.to == step.id for down in self.downs):
            text = self.words.phrase("drawing", "told")
            self.told += paragraph(text, "told", SPINE_X + DETOUR, y + room - 6, BOX_RIGHT - SPINE_X)
            room += _TOLD
        return room

    def _row(self, step: Step, y: float) -> Row:
        x = BOX_X + (0.0 if step.id in self.usual else DETOUR)
        room = BOX_RIGHT - x - _NUMBER - 8
        title = paragraph(self.words.say(step.title), "title", x + _NUMBER, y + 6, room)
        notes = self.words.step(step)
        if step.end:
            notes = [self.words.phrase("drawing", "end"), *notes]
        under = y + 6 + height(title) + 2
        note = paragraph(" · ".join(notes), "note", x + _NUMBER, under, room)
        number = Text(x + 9, title[0].y if title else y + 20, str(self.numbers[step.id]), "number")
        exits = self._exits(step, y + (_ENTRY + 6 if step.id in self.entered else 4))
        lowest = exits[-1].y + 9 if exits else y
        tall = max(under + height(note) + 6, lowest, y + _LEAST) - y
        return Row(step, x, y, round(tall, 1), (number, *title, *note), tuple(exits))

    def _exits(self, step: Step, y: float) -> list[Exit]:
        found = []
        for way in self.exits[step.id]:
            text = leading(self.words.way(way), self.numbers[way.to])
            texts = paragraph(text, "condition", CONDITION_X, y, CONDITION_ROOM)
            y += height(texts) + 2
            found.append(Exit(way, round(y, 1), tuple(texts)))
            y += 5
        return found
