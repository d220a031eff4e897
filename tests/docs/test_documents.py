"""What the documents say is so: links lead somewhere, settings and commands exist, both ways."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from web.cli import COMMANDS, main

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_links_lead_to_files_and_headings_that_exist(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name) if name else path
        assert file.exists(), f"{path.name} links to {target}"
        if anchor:
            assert anchor in headings(file), f"{path.name} links to {target}"


def headings(path: Path) -> set[str]:
    found = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_every_setting_that_is_read_is_documented_and_every_documented_one_is_read() -> None:
    documented = set(re.findall(r"`((?:TELLMORE|DATABASE|REDIS)_[A-Z_]+)`", text("docs/operations.md")))
    sources = [*ROOT.glob("web/**/*.py"), *ROOT.glob("bot/*.py"), *ROOT.glob("scripts/*.sh")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    read = set(re.findall(r"\b((?:TELLMORE|DATABASE|REDIS)_[A-Z_]*[A-Z])\b", code))
    assert documented <= read
    assert {name for name in read if not name.endswith("_BOT_TOKEN")} - documented <= {"TELLMORE_BOT_PYTHON"}


def test_the_two_commands_on_the_readmes_first_screen_are_targets() -> None:
    first_screen = "\n".join(text("README.md").splitlines()[:25])
    makefile = text("Makefile")
    for target in ("run", "test"):
        assert f"make {target}" in first_screen
        assert re.search(rf"^{target}:", makefile, flags=re.M)
    assert "make test" in text(".ci/run")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    answer = CliRunner().invoke(main, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert len(answer.output.splitlines()) >= 3


def test_no_requirement_file_carries_an_address() -> None:
    for path in (ROOT / "requirements").iterdir():
        content = path.read_text(encoding="utf-8")
        assert "://" not in content, path.name
        assert "--index-url" not in content
        if path.suffix == ".txt":
            pins = [line for line in content.splitlines() if line and not line.startswith(("#", "-r"))]
            assert all(re.fullmatch(r"[A-Za-z0-9._\[\]-]+==[^ ;]+( ?;.+)?", pin) for pin in pins), path.name


def test_every_dependency_of_the_console_has_its_reason() -> None:
    for line in text("requirements/console.in").splitlines():
        assert line.startswith("#") or re.search(r"#\s+\S{3}", line), line


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
