"""A network that writes several languages: told which by a first piece, names kept by marks, and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.translation.models import make_package
from web.cli.packages import command
from web.packages.page import gather
from web.translation import Translator, install
from web.translation.argos import Engine


@pytest.fixture
def packages_dir(tmp_path: Path) -> Path:
    """English to Ukrainian and Spanish from one kind of network, weak ones, and the ways back."""
    folder = tmp_path / "home" / "packages"
    for source, target in (("en", "uk"), ("en", "es"), ("uk", "en"), ("es", "en")):
        about: dict[str, object] = {"keeps_marks": True, "one_sentence": True, "weak": True}
        if source == "en":
            about["target_prefix"] = f"<2{target}>"
        install(make_package(tmp_path, source, target, seed=7, about=about), folder)
    return folder


@pytest.mark.parametrize("target", ["uk", "es"])
def test_it_is_told_which_language_and_the_piece_is_never_shown(
    packages_dir: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    batches = Engine._batches

    def watched(engine: Engine, tokens: list[list[str]]) -> list[list[str]]:
        seen.append(engine._package.target_prefix)
        return batches(engine, tokens)

    monkeypatch.setattr(Engine, "_batches", watched)
    got = Translator(packages_dir).translate("he pushed me down the stairs", "en", target)
    assert got.text
    assert "<2" not in got.text
    assert seen == [f"<2{target}>"]
    assert "weak" in got.warnings  # the interviewer's own words are doubted like the child's


@pytest.mark.parametrize(("target", "name"), [("uk", "Надія"), ("es", "Lucía")])
def test_names_pass_by_marks_into_other_languages(
    packages_dir: Path, target: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "translate", lambda _, texts: [f"… {text} …" for text in texts])
    got = Translator(packages_dir).translate(f"Tell me about {name}.", "en", target, [name])
    assert got.text == f"… Tell me about {name}. …"
    assert "names" not in got.warnings


def test_the_way_there_and_back_is_compared(packages_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "Tell me everything that happened there."
    translator = Translator(packages_dir)
    monkeypatch.setattr(Engine, "translate", lambda engine, texts: [_said(engine, text) for text in texts])
    assert "round-trip" not in translator.translate(asked, "en", "uk", round_trip=True).warnings
    assert "round-trip" in translator.translate(asked, "en", "es", round_trip=True).warnings


def _said(engine: Engine, text: str) -> str:
    """Ukrainian comes back as it went, Spanish as something else."""
    back = {"розкажи": "Tell me everything that happened there.", "cuenta": "The weather is fine today."}
    there = {"<2uk>": "розкажи", "<2es>": "cuenta"}
    return there.get(engine._package.target_prefix) or back[text]


def test_the_page_and_the_command_show_each_way_as_weak(
    packages_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = gather(packages_dir)
    assert {(row.package.source, row.package.target): row.meaning for row in shown.rows} == {
        ("en", "uk"): "weak", ("en", "es"): "weak", ("uk", "en"): "weak", ("es", "en"): "weak",
    }  # fmt: skip
    assert [(way.pairs, way.weak) for way in shown.picture.ways] == [
        ((("en", "es"), ("es", "en")), True),
        ((("en", "uk"), ("uk", "en")), True),
    ]
    assert {route.languages for route in shown.ways["uk"]} == {("uk", "en"), ("uk", "en", "es")}
    monkeypatch.setenv("TELLMORE_HOME", str(packages_dir.parent))
    lines = CliRunner().invoke(command, ["list"]).stdout.splitlines()
    assert [json.loads(line)["meaning"] for line in lines] == ["weak"] * 4
