"""`tellmore protocols`: JSON out, messages apart, exit status 0, 1 or 2."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from protocols.files import ROOT
from web.cli.protocols import command


def run(*args: str) -> Result:
    return CliRunner().invoke(command, list(args), catch_exceptions=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    copy = tmp_path / "protocols"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


def test_list_is_one_json_line_a_protocol() -> None:
    result = run("list")
    heads = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert {"nichd_revised_2014", "minimal_facts"} <= {head["id"] for head in heads}
    assert all(head["phases"] and head["sources"] and head["purpose"] for head in heads)


def test_show_gives_steps_cards_and_words() -> None:
    shown = json.loads(run("show", "minimal_facts").stdout)
    step = next(step for step in shown["steps"] if step["id"] == "account")
    assert step["cards"][0]["wording"]["text"] == "Tell me what happened."
    assert step["next"] == [{"if": None, "to": "safety"}]
    swedish = json.loads(run("show", "minimal_facts", "--language", "sv").stdout)
    assert swedish["steps"][0]["cards"][0]["wording"]["status"] == "missing"


def test_an_unknown_protocol_is_bad_input() -> None:
    result = run("show", "nothing_like_it")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no protocol 'nothing_like_it'" in result.stderr
    assert "minimal_facts" in result.stderr


def test_validate_finds_nothing_in_our_own() -> None:
    result = run("validate", "--no-wording")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "0 problems" in result.stderr


def test_validate_names_what_is_wrong_and_fails(root: Path) -> None:
    flow = root / "flows" / "minimal_facts" / "flow.yml"
    flow.write_text(flow.read_text().replace("title: Needs first", "title: The needs first"))
    result = run("validate", "--no-wording", "--root", str(root))
    assert result.exit_code == 1
    problem = json.loads(result.stdout)
    assert (problem["flow"], problem["where"]) == ("minimal_facts", "needs")


def test_a_broken_file_is_bad_input_with_file_and_line(root: Path) -> None:
    (root / "flows" / "minimal_facts" / "flow.yml").write_text("flow:\n\tid: x\n")
    for name in ("list", "validate"):
        result = run(name, "--root", str(root))
        assert (result.exit_code, result.stdout) == (2, "")
        assert "flows/minimal_facts/flow.yml:2: a tab" in result.stderr


def test_every_prompt_of_ours_codes_as_what_its_card_says() -> None:
    """The real coder over all wording: a card meant as an invitation must be one."""
    result = run("validate")
    assert (result.exit_code, result.stdout) == (0, ""), result.stdout
    assert "not coded" not in result.stderr
