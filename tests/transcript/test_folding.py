"""Whatever people do in any order: times run forwards, no word goes that nobody deleted, undo is exact."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from web.transcript import words
from web.transcript.folding import by_turn, check, fold
from web.transcript.model import SPEAKERS, Place, Segment, Step, Transcript, Unfit, told

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = ("he", "hit", "me", "He", "then", "ran,", "мама", "أمي", "我们走", "né")


def segment(number: int, text: str, span: tuple[int | None, int | None], **changes: object) -> Segment:
    known = [
        {"text": text[at:to], "start_ms": span[0] + at * 50, "end_ms": span[0] + to * 50, "probability": 0.4}
        for at, to in words.tokens(text)
        if span[0] is not None and span[1] is not None
    ]
    made = words.heard(text, span, known, number)
    base = Segment(str(number), "child", "en", told(text, made, Place(*span, number)))
    return replace(base, **changes)  # type: ignore[arg-type]


TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)


@st.composite
def bases(draw: st.DrawFn) -> list[Segment]:
    made, clock = [], 0
    for number in range(1, draw(st.integers(1, 5)) + 1):
        timed = draw(st.booleans())
        start = max(0, clock + draw(st.integers(-900, 500)))  # people talk at the same time
        clock = start + draw(st.integers(0, 4000))
        speaker = draw(st.sampled_from(SPEAKERS))
        span = (start, clock) if timed else (None, None)
        made.append(segment(number, draw(TEXTS), span, speaker=speaker))
    return made


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Segment], list[Step]]:
    """A record, and steps each of which could be taken when it was taken."""
    base, steps = draw(bases()), []
    for number in range(1, draw(st.integers(1, 10)) + 1):
        step = draw(
            st.sampled_from(possible(fold(base, steps), number, draw(TEXTS), draw(st.integers(0, 40))))
        )
        steps.append(step)
    return base, steps


def possible(now: Transcript, number: int, text: str, at: int) -> list[Step]:
    found = [Step(number, "undo", of=step.number) for step in now.steps]
    for one in now.segments:
        following = now.following(one.id)
        found += [
            Step(number, "text", one.id, text=text),
            Step(number, "text", one.id, text=f"{one.text} {text}".strip()),
            Step(number, "text", one.id, text=""),
            Step(number, "speaker", one.id, speaker=SPEAKERS[at % 3]),
            Step(number, "split", one.id, at=at),
            Step(number, "merge", one.id, other=following.id if following else ""),
        ]
    return [step for step in found if fits(now, step)]


def fits(now: Transcript, step: Step) -> bool:
    try:
        check(now, step)
    except Unfit:
        return False
    return True


def said(segments: tuple[Segment, ...] | list[Segment]) -> Counter[str]:
    """Letters rather than words: a cut may go through a word."""
    return Counter("".join("".join(one.text.split()) for one in segments))


@FEW
@given(histories())
def test_times_never_run_backwards_nor_out_of_their_segment(made):
    base, steps = made
    for one in fold(base, steps).segments:
        clock = one.start_ms
        for word in one.words:
            if word.start_ms is None:
                continue
            assert clock is not None
            assert clock <= word.start_ms <= word.end_ms <= one.end_ms
            clock = word.end_ms


@FEW
@given(histories())
def test_every_word_of_a_text_has_its_place_in_it(made):
    base, steps = made
    for one in fold(base, steps).segments:
        assert one.text == one.text.strip()
        at = 0
        for word in one.words:
            assert at <= word.at < word.to <= len(one.text)
            assert not one.text[at : word.at].strip()
            at = word.to
        assert not one.text[at:].strip()


@FEW
@given(histories())
def test_no_letter_goes_and_none_comes_but_by_a_text_step(made):
    base, steps = made
    now = fold(base, steps)
    for number, step in enumerate(steps):
        before, after = fold(base, steps[:number]), fold(base, steps[: number + 1])
        if step.kind in {"speaker", "split", "merge"}:
            assert said(before.segments) == said(after.segments)
        if step.kind == "text":
            wanted = said(before.segments)
            wanted.subtract(said([before.find(step.segment)]))
            wanted.update("".join(step.text.split()))
            assert said(after.segments) == +wanted
    if not [step for step in now.counting if step.kind == "text"]:
        assert said(now.segments) == said(base)
        kept = {
            number: "".join("".join(text.split()) for _, text in parts)
            for number, parts in by_turn(now.segments).items()
        }
        assert kept == {one.turn: "".join(one.text.split()) for one in base}


@FEW
@given(histories())
def test_undoing_the_newest_step_gives_back_exactly_what_was_before(made):
    base, steps = made
    before, now = fold(base, steps[:-1]), fold(base, steps)
    number = now.number + 1
    if now.undoable(now.number):
        back = fold(base, [*steps, Step(number, "undo", of=now.number)])
        assert back.segments == before.segments
        again = fold(base, [*steps, Step(number, "undo", of=now.number), Step(number + 1, "undo", of=number)])
        assert again.segments == now.segments


@FEW
@given(histories())
def test_undoing_an_older_step_leaves_what_others_did_elsewhere(made):
    base, steps = made
    now = fold(base, steps)
    for step in now.counting:
        if step.kind == "undo" or not now.undoable(step.number):
            continue
        before = fold(base, [one for one in steps if one.number < step.number])
        back = fold(base, [*steps, Step(now.number + 1, "undo", of=step.number)])
        mine = now.touched(step)
        for one in back.segments:
            assert one == (before if one.id in mine else now).find(one.id)
        assert {one.id for one in back.segments} - mine == {one.id for one in now.segments} - mine


@FEW
@given(histories())
def test_undoing_everything_ends_at_the_turns_as_they_were_said(made):
    base, steps = made
    now = fold(base, steps)
    while (newest := now.newest(range(1, now.number + 1))) is not None:
        now = fold(base, [*now.steps, Step(now.number + 1, "undo", of=newest)])
    assert [step for step in now.counting if step.kind != "undo"] == []
    assert now.segments == tuple(base)
    assert now.by_person == frozenset()


@FEW
@given(histories())
def test_what_changed_is_known_by_its_segments(made):
    base, steps = made
    before, now = fold(base, steps[:-1]), fold(base, steps)
    touched = now.touched_since(before.number)
    assert {one.id: one for one in before.segments if one.id not in touched} == {
        one.id: one for one in now.segments if one.id not in touched
    }


HIT = segment(7, "he hit me then", (1000, 3000))


class TestSteps:
    def test_a_cut_divides_text_and_time(self):
        first, second = fold([HIT], [Step(1, "split", "7", at=7)]).segments
        assert (first.text, second.text, second.id) == ("he hit", "me then", "s1")
        assert (first.start_ms, first.end_ms) == (1000, 1300)
        assert (second.start_ms, second.end_ms) == (1350, 3000)
        assert [second.text[word.at : word.to] for word in second.words] == ["me", "then"]

    def test_a_merge_after_a_cut_is_what_was_before_but_for_the_silence(self):
        now = fold([HIT], [Step(1, "split", "7", at=7), Step(2, "merge", "7", other="s1")])
        assert now.segments == (HIT,)

    def test_people_who_talked_at_once_are_merged_without_time_running_backwards(self):
        (one,) = fold([HIT, segment(8, "and ran", (1000, 2000))], [Step(1, "merge", "7", other="8")]).segments
        assert one.span_ms == (1000, 3000)
        starts = [word.start_ms for word in one.words]
        assert starts == sorted(starts)

    def test_a_turn_in_two_parts_of_two_people_is_known_by_both(self):
        steps = [Step(1, "split", "7", at=7), Step(2, "speaker", "s1", speaker="interviewer")]
        assert by_turn(fold([HIT], steps).segments) == {7: [("child", "he hit"), ("interviewer", "me then")]}

    def test_words_of_two_turns_in_one_segment_stay_the_words_of_their_turns(self):
        other = segment(8, "and ran", (4000, 5000))
        steps = [Step(1, "merge", "7", other="8"), Step(2, "text", "7", text="he hit me then and he ran")]
        assert by_turn(fold([HIT, other], steps).segments) == {
            7: [("child", "he hit me then")],
            8: [("child", "and he ran")],
        }

    def test_a_segment_set_right_over_and_over_is_read_all_the_same(self):
        steps = [Step(n, "text", "7", text=f"he hit me {n}") for n in range(1, 1500)]
        (one,) = fold([HIT], steps).segments
        assert one.text == "he hit me 1499"
        assert [word.turn for word in one.words] == [7] * 4
        assert one.words[0] == HIT.words[0]

    def test_a_turn_of_which_no_word_is_left_is_missing(self):
        assert by_turn(fold([HIT], [Step(1, "text", "7")]).segments) == {}

    def test_speech_nobody_understood_can_be_written_down(self):
        unheard = Segment("child@500", "child", "en", told("", place=Place(500, 1500, None, "child")))
        (one,) = fold([unheard], [Step(1, "text", "child@500", text="[inaudible] dog")]).segments
        assert [(word.start_ms, word.end_ms) for word in one.words] == [(500, 1285), (1285, 1500)]
        assert by_turn([one]) == {}

    @pytest.mark.parametrize(
        ("step", "field"),
        [
            (Step(1, "text", "9", text="x"), "segment"),
            (Step(1, "text", "7", text=HIT.text), "text"),
            (Step(1, "speaker", "7", speaker="child"), "speaker"),
            (Step(1, "speaker", "7", speaker="dog"), "speaker"),
            (Step(1, "split", "7", at=0), "at"),
            (Step(1, "split", "7", at=-3), "at"),
            (Step(1, "split", "7", at=99), "at"),
            (Step(1, "merge", "7", other="7"), "other"),
            (Step(1, "merge", "7", other="9"), "other"),
            (Step(1, "merge", "7"), "other"),
            (Step(1, "undo", of=1), "of"),
            (Step(1, "erase", "7"), "kind"),
        ],
    )
    def test_what_does_not_fit_is_refused_by_name(self, step, field):
        with pytest.raises(Unfit) as caught:
            check(fold([HIT, segment(9 - 1, "x", (None, None), speaker="interviewer")], []), step)
        assert caught.value.field == field
        assert "hit" not in caught.value.reason

    def test_two_people_and_two_languages_are_not_merged(self):
        for other in ({"speaker": "interviewer"}, {"language": "uk"}):
            now = fold([HIT, segment(8, "так", (None, None), **other)], [])
            with pytest.raises(Unfit):
                check(now, Step(1, "merge", "7", other="8"))

    def test_what_was_merged_stays_merged_when_a_turn_comes_between_or_the_speaker_changes(self):
        late = segment(9, "no", (3100, 3200), speaker="interviewer")
        base = [HIT, late, segment(8, "and ran", (4000, 5000), speaker="interviewer")]
        now = fold(base, [Step(1, "merge", "7", other="8")])
        assert [(one.id, one.speaker, one.text) for one in now.segments] == [
            ("7", "child", "he hit me then and ran"),
            ("9", "interviewer", "no"),
        ]
        assert now.unfit == frozenset()

    def test_a_step_that_no_longer_fits_is_passed_over_and_known(self):
        now = fold([HIT], [Step(1, "text", "gone", text="x"), Step(2, "text", "7", text="he bit me")])
        assert ([one.text for one in now.segments], now.unfit) == (["he bit me"], {1})
        assert now.by_person == {"7"}

    def test_a_step_others_rest_on_is_not_undone_alone(self):
        now = fold([HIT], [Step(1, "split", "7", at=7), Step(2, "text", "s1", text="you")])
        assert (now.undoable(1), now.undoable(2), now.newest({1, 2})) == (False, True, 2)
