"""The labelled examples as Rasa sees them: what it would refuse, and what it would pass over in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.check_nlu_data import validate

GOOD = 'version: "3.1"\nnlu:\n- intent: wh/action\n  examples: |\n    - what did he do\n'
OTHER = GOOD.replace("wh/action", "wh/static").replace("what did he do", "{text}")


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / "questions" / f"{name}.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def test_rasa_names_one_text_under_two_intents(tmp_path: Path) -> None:
    two = OTHER.replace("wh/static", "choice").format(text="what did he do")
    found = validate(written(tmp_path, one=GOOD, two=two))
    assert any("'what did he do'" in line and "choice, wh" in line for line in found), found
    assert not any("in any story" in line for line in found)


def test_one_text_under_two_kinds_of_a_type_is_named(tmp_path: Path) -> None:
    found = validate(written(tmp_path, one=GOOD, two=OTHER.format(text="what did he do")))
    assert found == ["The example 'what did he do' is under wh/action and wh/static"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('nlu:\n- intent: "open\n', "one.yml: line 3: found unexpected end of stream"),
        ("version: '3.1'\n", "one.yml: not a Rasa NLU file ('nlu')"),
        ("- just\n- a list\n", "one.yml: not a Rasa NLU file"),
        ("nlu:\n- intent: wh/action\n  examples: |\n    no dash\n", "one.yml: no example for wh/action"),
    ],
)
def test_a_file_rasa_would_pass_over_is_named(tmp_path: Path, text: str, said: str) -> None:
    (found,) = validate(written(tmp_path, one=text))
    assert said in found


def test_a_folder_without_examples_is_no_success(tmp_path: Path) -> None:
    assert validate(tmp_path) == [f"{tmp_path} has no examples"]
