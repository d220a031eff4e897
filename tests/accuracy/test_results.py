"""What is read, counted and chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.accuracy import results, tables
from web.accuracy.choosing import Choice, labels
from web.accuracy.results import Difference, NoResults, load


def test_each_mistake_says_what_differs(folder: Path) -> None:
    found = [one.differences for one in load(folder).mistakes]
    assert found == [
        (
            Difference("subtype", "invitation.cued", "invitation.general"),
            Difference("flag", None, "new_info"),
        ),
        (Difference("tag", "ABU-PHY", None),),
        (Difference("type", "yes_no", "non_question"), Difference("flag", "new_info", None)),
        (Difference("answer", "corrects", "short"),),
    ]


def test_a_new_measurement_is_read_again(folder: Path) -> None:
    assert len(load(folder).mistakes) == 4
    text = (folder / results.RESULTS).read_text("utf-8")
    (folder / results.RESULTS).write_text(text.replace('"mistakes": [', '"mistakes": [], "old": ['), "utf-8")
    assert load(folder).mistakes == ()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"as_written": {}, "bare": {}, "mistakes": []}'])
def test_a_file_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / results.RESULTS).write_text(text, "utf-8")
    with pytest.raises(NoResults) as caught:
        load(tmp_path)
    assert not caught.value.missing


def test_nothing_measured_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NoResults) as caught:
        load(tmp_path)
    assert caught.value.missing


def test_a_mistake_stands_in_its_dialogue(folder: Path) -> None:
    third = load(folder).mistakes[2]
    assert [turn["turn"] for turn in results.before(folder, third)] == [1, 2]
    assert [turn["turn"] for turn in results.before(folder, third, count=1)] == [2]
    (folder / results.DIALOGUES).unlink()
    assert results.before(folder, third) == []


def test_rows_count_what_was_found_and_what_was_too_much(folder: Path) -> None:
    found = load(folder)
    kinds = {row.label: (row.n, row.found) for row in tables.rows(found, "type")}
    assert kinds == {"invitation": (1, 1), "yes_no": (1, 0), "wh": (1, 1)}
    forms = {row.label: row.found for row in tables.rows(found, "subtype")}
    assert forms == {"invitation.cued": 0, "yes_no.declarative": 0, "wh.static": 1}
    (flag,) = tables.rows(found, "flag")
    assert (flag.n, flag.found, flag.wrong) == (2, 1, 2)


def test_the_matrix_has_every_turn_once(folder: Path) -> None:
    names, cells = tables.matrix(load(folder), "answer")
    assert dict(zip(names, cells, strict=True)) == {"corrects": [1, 0], "narrative": [0, 1]}


def test_the_interval_is_wide_for_few_and_narrow_for_many() -> None:
    assert tables.wilson(0, 0) == (0.0, 1.0)
    low, high = tables.wilson(95, 100)
    assert (round(low, 3), round(high, 3)) == (0.888, 0.978)  # as in Newcombe's tables
    assert tables.wilson(9, 10)[0] < low


@pytest.mark.parametrize(
    ("given", "turns"),
    [
        ({}, [1, 2, 3, 4]),
        ({"kind": "flag"}, [1, 3]),
        ({"label": "flag:new_info"}, [1, 3]),
        ({"label": "flag:new_info", "kind": "tag"}, [1, 3]),
        ({"speaker": "child"}, [2, 4]),
        ({"speaker": "child", "kind": "tag"}, [2]),
        ({"kind": "type", "gold": "yes_no", "coded": "non_question"}, [3]),
        ({"kind": "type", "gold": "non_question", "coded": "yes_no"}, []),
        ({"kind": "nonsense", "speaker": "nobody"}, [1, 2, 3, 4]),
        ({"label": "flag:nonsense"}, []),
    ],
)
def test_mistakes_are_chosen_by_kind_label_and_speaker(
    folder: Path, given: dict[str, str], turns: list[int]
) -> None:
    choice = Choice.of(given)
    assert [one.turn for one in load(folder).mistakes if choice.lets(one)] == turns
    assert Choice.of(choice.address) == choice


def test_labels_are_counted(folder: Path) -> None:
    assert labels(load(folder).mistakes)["flag"] == [("new_info", 2)]
