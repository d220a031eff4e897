"""However long a file is, memory stays what it was after its beginning."""

from __future__ import annotations

import random
import string
import tracemalloc
from collections.abc import Iterator, Sequence

import pytest

from tests.language.test_batch import CountingCoder, line
from web.language import parse
from web.language.batch import code_stream, talks
from web.language.coder import Heard
from web.language.model import Turn


class Nowhere:
    def write(self, text: str, /) -> int:
        return len(text)


class SlowReader(CountingCoder):
    """Reads as the coder does, so that what is read ahead is held too."""

    def read(self, turns: Sequence[Turn]) -> list[Heard | None]:
        self.held = [turn.text * 2 for turn in turns]
        return super().read(turns)


def _peak(turns: int, per_session: int) -> int:
    """The most bytes held at once while so many turns are coded."""

    def given() -> Iterator[bytes]:
        for number in range(turns):
            session, turn = divmod(number, per_session)
            yield line(session=f"s{session}", turn=turn, text=f"and then it was {number} " + "or so " * 20)

    tracemalloc.start()
    try:
        code_stream(given(), Nowhere(), format="jsonl", coder=SlowReader())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("per_session", [40, 1_000_000], ids=["many sessions", "one session"])
def test_a_file_ten_times_as_long_takes_no_more_memory(
    per_session: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talks, "MAX_HELD", 600 * talks.BESIDE)
    short, long = _peak(2_000, per_session), _peak(20_000, per_session)
    assert long < short * 2  # the threads' timing moves it by a third


def test_the_parser_forgets_words_when_it_has_met_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(1)
    first = parse.parse("my dog ran off")
    known = len(parse.load_nlp().vocab.strings)
    monkeypatch.setattr(parse, "MAX_STRINGS", known + 500)
    most = 0
    for _ in range(40):
        parse.parse_many([" ".join("".join(dice.choices(string.ascii_lowercase, k=9)) for _ in range(40))])
        most = max(most, len(parse.load_nlp().vocab.strings))
    assert known < most < known + 1_000
    again = parse.parse("my dog ran off")
    assert [(one.text, one.lemma_, one.dep_) for one in first.doc] == [
        (one.text, one.lemma_, one.dep_) for one in again.doc
    ]
