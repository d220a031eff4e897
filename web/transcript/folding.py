"""Steps applied to what was written down. Pure: no rows, no clock.

Segments begin as the turns, and as stretches of speech of which no turn was made. Each step changes the
segments it touches and nothing else; an undone step is as if it had never been taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from web.transcript import words
from web.transcript.model import KINDS, SPEAKERS, Segment, Step, Transcript, Unfit
from web.transcript.words import Word


def fold(base: Iterable[Segment], steps: Sequence[Step]) -> Transcript:
    """The transcript after all steps, in order of their numbers. One that does not fit is passed over: what
    it was taken upon may have changed since, as by a speaker key or a turn that came late."""
    undone: set[int] = set()
    for step in reversed(steps):
        if step.kind == "undo" and step.number not in undone:
            undone.add(step.of)
    counting = [step for step in steps if step.number not in undone and step.kind != "undo"]
    work = _Fold(base)
    fitting, unfit = [], set()
    for step in counting:
        try:
            work.take(step)
            fitting.append(step)
        except Unfit:
            unfit.add(step.number)
    segments = tuple(work.held[name] for name in work.order)
    changed = Transcript(segments, tuple(fitting)).touched_since(0) & work.held.keys()
    return Transcript(segments, tuple(steps), frozenset(undone), changed, frozenset(unfit))


def check(transcript: Transcript, step: Step) -> None:
    """Raises Unfit where the step cannot be taken now."""
    if step.kind == "undo":
        if not transcript.undoable(step.of):
            raise Unfit("of", "This step cannot be undone: it is undone already, or later steps rest on it.")
        return
    segment = transcript.find(step.segment)
    if step.kind == "merge":
        following = transcript.following(step.segment)
        if following is None or following.id != step.other:
            raise Unfit("other", "Only a segment and the one after it can be merged.")
        if segment is not None and segment.speaker != following.speaker:
            raise Unfit("speaker", "Two people speak here: say first that it is one.")
        if segment is not None and segment.language != following.language:
            raise Unfit("other", "Two languages are spoken here: they stay apart.")
    if step.kind == "speaker" and segment is not None and segment.speaker == step.speaker:
        raise Unfit("speaker", "This is the speaker already.")
    if step.kind == "text" and segment is not None and segment.text == step.text:
        raise Unfit("text", "This is the text already.")
    _Fold(transcript.segments).take(step)


def apart(segment: Segment, at: int, second_id: str) -> tuple[Segment, Segment]:
    """The two parts of a segment cut before the character `at`; a word across the cut is cut, too."""
    head, tail = segment.text[:at].rstrip(), segment.text[at:].lstrip()
    if at < 0 or not head or not tail:
        raise Unfit("at", "There must be words on both sides of the cut.")
    skip = len(segment.text) - len(segment.text[at:].lstrip())
    cut = [part for word in segment.words for part in _cut(word, at)]
    left = tuple(word for word in cut if word.to <= at)
    right = tuple(words.shifted((word for word in cut if word.at >= at), -skip))
    end, start = left[-1].end_ms, right[0].start_ms
    first = replace(segment, text=head, words=left, end_ms=segment.end_ms if end is None else end)
    second = replace(
        segment, id=second_id, text=tail, words=right,
        start_ms=segment.start_ms if start is None else start, turn=right[0].turn,
    )  # fmt: skip
    return first, second


def together(first: Segment, second: Segment) -> Segment:
    """Both as one, with the speaker and the language of the first."""
    gap = " " if first.text and second.text else ""
    starts = [one.start_ms for one in (first, second) if one.start_ms is not None]
    ends = [one.end_ms for one in (first, second) if one.end_ms is not None]
    start, end = min(starts, default=None), max(ends, default=None)
    both = [*first.words, *words.shifted(second.words, len(first.text) + len(gap))]
    return replace(
        first,
        text=first.text + gap + second.text,
        words=words.in_order(both, start, end),
        start_ms=start,
        end_ms=end,
        track=first.track or second.track,
    )


def _cut(word: Word, at: int) -> list[Word]:
    if not word.at < at < word.to:
        return [word]
    return [
        replace(part, probability=word.probability)
        for part in words.spread([(word.at, at), (at, word.to)], word.start_ms, word.end_ms, word.turn)
    ]


@dataclass
class _Fold:
    """Segments while steps are applied to them."""

    base: Iterable[Segment]
    order: list[str] = field(init=False)
    held: dict[str, Segment] = field(init=False)
    written: set[int | None] = field(init=False)

    def __post_init__(self) -> None:
        self.held = {one.id: one for one in self.base}
        self.written = {one.written for one in self.held.values()} - {None}
        self.order = list(self.held)

    def take(self, step: Step) -> None:
        segment = self._named("segment", step.segment)
        if step.kind == "text":
            made = words.rewritten(segment.text, segment.words, step.text, segment.span_ms, segment.number)
            self.held[segment.id] = replace(segment, text=step.text, words=made)
        elif step.kind == "speaker":
            if step.speaker not in SPEAKERS:
                raise Unfit("speaker", f"A speaker is one of {', '.join(SPEAKERS)}.")
            self.held[segment.id] = replace(segment, speaker=step.speaker)
        elif step.kind == "split":
            self.held[segment.id], second = apart(segment, step.at, step.made)
            if second.turn in self.written:
                second = replace(second, turn=None, written=second.turn)
            self.held[step.made] = second
            self.order.insert(self.order.index(segment.id) + 1, step.made)
        elif step.kind == "merge":
            other = self._named("other", step.other)
            if other.id == segment.id:
                raise Unfit("other", "A segment cannot be merged with itself.")
            self.held[segment.id] = together(segment, other)
            self.order.remove(other.id)
            del self.held[other.id]
        else:
            raise Unfit("kind", f"A step is one of {', '.join(KINDS)}.")

    def _named(self, name: str, segment_id: str) -> Segment:
        if segment_id not in self.held:
            raise Unfit(name, "There is no such segment now: it may have been merged with another one.")
        return self.held[segment_id]


def by_turn(segments: Iterable[Segment]) -> Mapping[int, list[tuple[str, str]]]:
    """What is left of each turn, in order: (speaker, words). A turn that was split is in several parts, one
    whose words were all deleted is missing."""
    found: dict[int, list[tuple[str, str]]] = {}
    for segment in segments:
        runs: list[list[Word]] = []
        for word in segment.words:
            if runs and runs[-1][-1].turn == word.turn:
                runs[-1].append(word)
            else:
                runs.append([word])
        for run in runs:
            if run[0].turn is not None:
                text = segment.text[run[0].at : run[-1].to]
                found.setdefault(run[0].turn, []).append((segment.speaker, text))
    return found
