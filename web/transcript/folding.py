"""Steps applied to what was written down. Pure: no rows, no clock.

Segments begin as the turns, and as stretches of speech of which no turn was made. Each step changes the
segments it touches and nothing else; an undone step is as if it had never been taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property

from web.transcript import words
from web.transcript.model import KINDS, SPEAKERS, Placed, Said, Segment, Step, Transcript, Unfit
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
    both = cache(lambda: _parted(segment, at))
    upon = (segment.said,)
    first = Said(lambda: head, lambda _: both()[0], upon=upon)
    second = Said(lambda: tail, lambda _: both()[1], upon=upon)
    return replace(segment, said=first), replace(segment, id=second_id, said=second)


def _parted(segment: Segment, at: int) -> tuple[Placed, Placed]:
    skip = len(segment.text) - len(segment.text[at:].lstrip())
    cut = [part for word in segment.words for part in _cut(word, at)]
    left = tuple(word for word in cut if word.to <= at)
    right = tuple(words.shifted((word for word in cut if word.at >= at), -skip))
    end, start, place = left[-1].end_ms, right[0].start_ms, segment.said.place
    first = replace(place, end_ms=place.end_ms if end is None else end)
    second = replace(place, start_ms=place.start_ms if start is None else start, turn=right[0].turn)
    return (left, first), (right, second)


def together(first: Segment, second: Segment) -> Segment:
    """Both as one, with the speaker and the language of the first."""
    said = Said(
        lambda: first.text + _gap(first, second) + second.text,
        lambda _: _merged(first, second),
        upon=(first.said, second.said),
    )
    return replace(first, said=said)


def _gap(first: Segment, second: Segment) -> str:
    return " " if first.text and second.text else ""


def _merged(first: Segment, second: Segment) -> Placed:
    starts = [one.start_ms for one in (first, second) if one.start_ms is not None]
    ends = [one.end_ms for one in (first, second) if one.end_ms is not None]
    start, end = min(starts, default=None), max(ends, default=None)
    both = [*first.words, *words.shifted(second.words, len(first.text) + len(_gap(first, second)))]
    place = replace(first.said.place, start_ms=start, end_ms=end, track=first.track or second.track)
    return words.in_order(both, start, end), place


def _instead(segment: Segment, text: str) -> Said:
    """Another text in the place of this one."""

    def placed(after: str) -> Placed:
        number = segment.number
        made = words.rewritten(segment.text, segment.words, after, segment.span_ms, number)
        return made, segment.said.place

    return Said(lambda: text, placed, upon=(segment.said,))


def _cut(word: Word, at: int) -> list[Word]:
    if not word.at < at < word.to:
        return [word]
    return [
        replace(part, probability=word.probability)
        for part in words.spread([(word.at, at), (at, word.to)], word.start_ms, word.end_ms, word.turn)
    ]


def joined(steps: Iterable[Step], ids: Iterable[str]) -> frozenset[str]:
    """The ids of all segments that words of these may have been in: cut and put together, they wander."""
    beside: dict[str, set[str]] = {}
    for step in steps:
        pair = {"split": step.made, "merge": step.other}.get(step.kind)
        if pair is not None:
            beside.setdefault(step.segment, set()).add(pair)
            beside.setdefault(pair, set()).add(step.segment)
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += beside.get(one, ())
    return frozenset(found)


class _Fold:
    """Segments while steps are applied to them."""

    def __init__(self, base: Iterable[Segment]) -> None:
        self.held = {one.id: one for one in base}
        self.order = list(self.held)
        self._base = tuple(self.held.values())

    @cached_property
    def written(self) -> set[int | None]:
        return {one.written for one in self._base} - {None}

    def take(self, step: Step) -> None:
        segment = self._named("segment", step.segment)
        if step.kind == "text":
            self.held[segment.id] = replace(segment, said=_instead(segment, step.text))
        elif step.kind == "speaker":
            if step.speaker not in SPEAKERS:
                raise Unfit("speaker", f"A speaker is one of {', '.join(SPEAKERS)}.")
            self.held[segment.id] = replace(segment, speaker=step.speaker)
        elif step.kind == "split":
            self.held[segment.id], second = apart(segment, step.at, step.made)
            self.held[step.made] = replace(second, said=self._owned(second.said))
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

    def _owned(self, said: Said) -> Said:
        """The same, where a turn that people wrote is known as one."""

        def placed(_: str) -> Placed:
            place = said.place
            if place.turn in self.written:
                place = replace(place, turn=None, written=place.turn)
            return said.words, place

        return Said(lambda: said.text, placed, upon=(said,))

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
