"""docs/translation.md gives the figures of the packages that are carried."""

from __future__ import annotations

from pathlib import Path

from web.translation.stock import Shipped, shipped

DOCUMENT = Path(__file__).parents[2] / "docs" / "translation.md"


def test_every_carried_package_stands_with_its_figures() -> None:
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    assert rows == [_row(package) for package in shipped()]


def _row(package: Shipped) -> str:
    everyday, interview, long = (
        package.quality.get(name) for name in ("tatoeba-heldout", "domain", "flores200-devtest")
    )
    assert everyday is not None
    assert long is not None
    cells = [f"{package.source}-{package.target}", package.version, everyday.chrf, everyday.bleu]
    cells += [interview.chrf, interview.bleu] if interview else ["", ""]
    return "| " + " | ".join(map(str, [*cells, long.chrf, f"{package.bytes / 1e6:.1f} MB"])) + " |"
