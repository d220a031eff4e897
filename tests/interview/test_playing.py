"""`tellmore guide`: the same guidance for written turns, and precise words about bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from protocols.library import Library, load_library
from tests.bot.editions import OWN, make_edition, merged, own_files
from tests.interview.parts import LIBRARY, PlainCoder, WalkingDialogue
from web import dialogue as port
from web.authoring import rows
from web.cli import main
from web.config import Config
from web.interview.guidance import Setting
from web.interview.playing import Play
from web.language.model import Speaker, Turn
from web.store import Database, migrate


@pytest.fixture
def play() -> Play:
    setting = Setting(LIBRARY.flows["nichd_revised_2014"], LIBRARY, "en", "en", 9)
    return Play("p", setting, PlainCoder(), WalkingDialogue())


def test_each_turn_tells_phase_cards_and_nudge(play: Play) -> None:
    first = play.turn(1, Turn(Speaker.INTERVIEWER, "Hello."))
    assert first["phase"] == {"before": "opening", "after": "opening"}
    assert first["cards"]
    assert all(card["reason"] for card in first["cards"])
    assert first["nudge"] is None


def test_phases_join_up(play: Play) -> None:
    turns = [
        ("interviewer", "Hello."),
        ("child", "Hi."),
        ("interviewer", "Tell me about school."),
        ("child", "No."),
    ]
    seen = [play.turn(n, Turn(Speaker(who), text)) for n, (who, text) in enumerate(turns * 4, 1)]
    for before, after in zip(seen, seen[1:], strict=False):
        assert before["phase"]["after"] == after["phase"]["before"]


def test_a_leading_question_is_named(play: Play) -> None:
    nudge = play.turn(1, Turn(Speaker.INTERVIEWER, "Did he touch you?"))["nudge"]
    assert nudge["reason"] == "These words are not the child's: ‘touch’."
    assert nudge["prompt"] == LIBRARY.wording("pair_more").text


@pytest.fixture
def published() -> dict[str | None, Library]:
    """The editions that the engine has."""
    return {}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, published: dict[str | None, Library]) -> Any:
    """Runs the command on lines, with stand-ins at the two ports."""

    class Walking(WalkingDialogue):
        def __init__(self, *args: object) -> None:
            super().__init__()
            self.editions = published

        def close(self) -> None:
            pass

    monkeypatch.setattr(port, "Dialogue", Walking)
    monkeypatch.setattr("web.language.coder.Coder.load", PlainCoder)
    monkeypatch.setenv("TELLMORE_HOME", str(tmp_path / "home"))

    def command(*lines: Any, protocol: str = "nichd_revised_2014", options: tuple[str, ...] = ()) -> Result:
        file = tmp_path / "turns.jsonl"
        file.write_text(
            "\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), encoding="utf-8"
        )
        return CliRunner().invoke(main, ["guide", "--protocol", protocol, *options, str(file)])

    return command


def line(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {"session": "a", "turn": number, "speaker": "child", "text": "Hi.", **changes}


def test_the_command_writes_each_turn_back(run: Any) -> None:
    result = run(
        line(), line(2, speaker="interviewer", text="Tell me more."), line(1, session="b", note="kept")
    )
    assert result.exit_code == 0, result.stderr
    out = [json.loads(text) for text in result.stdout.splitlines()]
    assert [(row["session"], row["turn"]) for row in out] == [("a", 1), ("a", 2), ("b", 1)]
    assert out[2]["note"] == "kept"
    assert set(out[0]) >= {"phase", "cards", "nudge"}


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ("{", "not JSON"),
        (line(2, speaker="judge"), "speaker"),
        (line(1), "turn 1"),
        (line(2, session="b", age=2), "age 2"),
    ],
)
def test_bad_input_names_file_line_and_reason(run: Any, bad: Any, what: str) -> None:
    result = run(line(), bad)
    assert result.exit_code == 2
    assert "turns.jsonl, line 2" in result.stderr
    assert what in result.stderr
    assert len(result.stdout.splitlines()) == 1


def press(number: int = 2, **changes: Any) -> dict[str, Any]:
    return {"session": "a", "turn": number, "action": "next_step", **changes}


def test_a_pressed_key_moves_the_guide_and_is_written_back(run: Any) -> None:
    rows = (
        line(),
        press(action="go_to", step="transition", reason="we know each other"),
        press(3, action="break"),
        press(4, action="resume"),
        line(5, speaker="interviewer", text="Tell me more."),
    )
    result = run(*rows)
    assert result.exit_code == 0, result.stderr
    out = [json.loads(text) for text in result.stdout.splitlines()]
    assert [row["phase"]["after"] for row in out] == ["opening"] + ["transition"] * 4
    assert (out[1]["action"], out[1]["step"], out[1]["explain"]["rule"]) == ("go_to", "transition", "go_to")
    assert [out[n]["cards"][0]["why"] for n in (1, 2, 3)] == [
        "next_rung",
        "interrupt_break",
        "overlay_reopen",
    ]
    assert all(row["nudge"] is None for row in out[1:4])


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (press(action="jump"), "action:"),
        (press(action=["stop"]), "action:"),
        (press(action="observe"), "condition: observe needs condition"),
        (press(action="observe", condition="rainy"), "condition: There is no such condition"),
        (press(action="go_to", step="likes"), "reason: go_to needs reason"),
        (press(step="likes"), "step: next_step does not take step"),
        (press(note="kept"), "note:"),
        (press(text="Hi."), "action and text in one row"),
        (press(action="use_cue", start=0), "use_cue is not played"),
        (press(1), "turn 1"),
        ({"session": "a", "action": "stop"}, "turn missing"),
    ],
)
def test_a_bad_press_names_file_line_and_reason(run: Any, bad: Any, what: str) -> None:
    result = run(line(), bad)
    assert result.exit_code == 2
    assert "turns.jsonl, line 2" in result.stderr
    assert what in result.stderr
    assert len(result.stdout.splitlines()) == 1


def test_an_unknown_protocol_names_the_known_ones(run: Any) -> None:
    result = run(line(), protocol="freestyle")
    assert result.exit_code == 2
    assert "nichd_revised_2014" in result.stderr


def test_a_missing_file_is_bad_input(run: Any) -> None:
    result = CliRunner().invoke(main, ["guide", "--protocol", "minimal_facts", "/nowhere/turns.jsonl"])
    assert (result.exit_code, "turns.jsonl" in result.stderr) == (2, True)


def test_without_the_engine_it_says_how_to_start_it(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **more: object) -> None:
        raise port.DialogueDown("unreachable")

    monkeypatch.setattr(port.Dialogue, "advance", away)
    result = run(line())
    assert result.exit_code == 1
    assert "tellmore serve" in result.stderr


@pytest.fixture
def edition(run: Any, published: dict[str | None, Library]) -> str:
    """Published as number 1; its digest."""
    config = Config.from_environment()
    migrate.upgrade(config)
    name = make_edition(config.home)
    database = Database(config.database_url)
    with database.write() as session:
        rows.add(session, 0, name, LIBRARY.edition, {}, "", None)
    database.close()
    published[name] = load_library(merged(own_files()))
    return name


def test_an_own_protocol_is_played_from_its_edition(run: Any, edition: str) -> None:
    result = run(line(), protocol=OWN, options=("--edition", "1"))
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["cards"][0]["id"] == "own_house"


def test_an_edition_that_cannot_be_had_is_named(run: Any, edition: str, tmp_path: Path) -> None:
    assert "there is no edition 7" in run(line(), protocol=OWN, options=("--edition", "7")).stderr
    (tmp_path / "home" / "editions" / f"{edition}.json.gz").unlink()
    result = run(line(), protocol=OWN, options=("--edition", "1"))
    assert result.exit_code == 2
    assert "--edition: edition 1 cannot be read" in result.stderr


def test_an_edition_before_there_is_a_database_is_refused(run: Any) -> None:
    result = run(line(), options=("--edition", "1"))
    assert result.exit_code == 2
    assert "tellmore migrate" in result.stderr
