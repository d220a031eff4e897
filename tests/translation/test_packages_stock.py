"""The packages Tellmore carries: brought in once, never against anybody's will."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from web.config import Config
from web.running import prepare
from web.translation import stock
from web.translation.about import about
from web.translation.archive import BadPackage
from web.translation.installing import find, install, remove
from web.translation.packages import installed
from web.translation.quality import MEANINGS, SETS, verdict

QUALITY = {
    "tatoeba-heldout": {"chrf": 52.4, "bleu": 30.1, "n": 1000},
    "domain": {"chrf": 47.0, "bleu": 25.0, "n": 300},
}


def carry(folder: Path, *files: Path, **changes: Any) -> Path:
    """A folder as `shipped` is, with these archives."""
    folder.mkdir(exist_ok=True)
    entries = []
    for file in files:
        (folder / file.name).write_bytes(file.read_bytes())
        _, pair, version, _ = file.stem.split("-")
        source, target = pair.split("_")
        entry = {"file": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
        entry |= {"bytes": file.stat().st_size, "from": source, "to": target, "version": version}
        entry |= {"trained_on": "Tatoeba", "licence": "CC BY 2.0 FR", "attribution": "tatoeba.org"}
        entries.append(entry | {"weak": False, "quality": QUALITY} | changes)
    (folder / "shipped.json").write_text(json.dumps(entries))
    return folder


@pytest.fixture
def packages_dir(tmp_path: Path) -> Path:
    return tmp_path / "home" / "packages"


def bring(packages_dir: Path, folder: Path) -> list[str]:
    said: list[str] = []
    stock.bring_in(packages_dir, said.append, folder)
    return said


def versions(packages_dir: Path) -> dict[str, str]:
    return {package.ref.name: package.ref.version for package in installed(packages_dir)}


def test_a_fresh_machine_gets_all_of_them_once(
    tmp_path: Path, packages_dir: Path, archives: dict[str, Path]
) -> None:
    folder = carry(tmp_path / "shipped", archives["uk-en"], archives["en-es"])

    assert bring(packages_dir, folder) == ["Installing translation packages: en to es, uk to en"]
    before = {path: path.stat().st_mtime_ns for path in packages_dir.rglob("*")}
    assert bring(packages_dir, folder) == []

    assert {path: path.stat().st_mtime_ns for path in packages_dir.rglob("*")} == before
    assert versions(packages_dir) == {"translate-en_es": "1.0", "translate-uk_en": "1.0"}


def test_what_was_measured_is_known_of_what_is_installed(
    tmp_path: Path, packages_dir: Path, archives: dict[str, Path]
) -> None:
    folder = carry(tmp_path / "shipped", archives["uk-en"])
    bring(packages_dir, folder)

    found = about(installed(packages_dir)[0], stock.shipped(folder))

    assert (found.origin.kind, found.licence, found.attribution) == ("shipped", "CC BY 2.0 FR", "tatoeba.org")
    assert (found.meaning, found.quality["domain"].chrf) == ("simple", 47.0)
    assert about(installed(packages_dir)[0], []).meaning == "unmeasured"


def test_a_newer_one_takes_the_place_of_an_older_one_that_was_carried(
    tmp_path: Path, packages_dir: Path, archives: dict[str, Path]
) -> None:
    bring(packages_dir, carry(tmp_path / "old", archives["uk-en"]))
    bring(packages_dir, carry(tmp_path / "new", archives["uk-en-2"]))
    assert versions(packages_dir) == {"translate-uk_en": "2.0"}

    bring(packages_dir, carry(tmp_path / "old", archives["uk-en"]))
    assert versions(packages_dir) == {"translate-uk_en": "2.0"}


def test_a_package_from_elsewhere_stays_even_an_older_one(
    tmp_path: Path, packages_dir: Path, archives: dict[str, Path]
) -> None:
    theirs = install(archives["uk-en"], packages_dir, trial=False)

    assert bring(packages_dir, carry(tmp_path / "shipped", archives["uk-en-2"])) == []

    assert installed(packages_dir) == [theirs]


def test_one_that_somebody_removed_stays_away_until_it_is_asked_for(
    tmp_path: Path, packages_dir: Path, archives: dict[str, Path]
) -> None:
    folder = carry(tmp_path / "shipped", archives["uk-en"])
    bring(packages_dir, folder)
    package = find(packages_dir, "translate-uk_en")
    assert package is not None
    remove(package)

    assert bring(packages_dir, folder) == []
    assert installed(packages_dir) == []

    stock.install_shipped(stock.shipped(folder)[0], packages_dir)
    assert versions(packages_dir) == {"translate-uk_en": "1.0"}
    assert bring(packages_dir, folder) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sha256": "0" * 64}, "not the file it should be"),
        ({"from": "en", "to": "uk"}, "says it translates from uk to en"),
        ({"file": "../gone.argosmodel"}, "gone.argosmodel: cannot be"),
    ],
)
def test_one_that_is_not_as_listed_is_told_of_and_the_others_come(
    change: dict[str, Any],
    reason: str,
    tmp_path: Path,
    packages_dir: Path,
    archives: dict[str, Path],
) -> None:
    folder = carry(tmp_path / "shipped", archives["uk-en"], archives["en-es"])
    entries = json.loads((folder / "shipped.json").read_text())
    entries[0] |= change
    (folder / "shipped.json").write_text(json.dumps(entries))

    said = bring(packages_dir, folder)

    assert reason in said[-1]
    assert versions(packages_dir) == {"translate-en_es": "1.0"}


@pytest.mark.parametrize("content", ["{", "{}x", "[1]", '[{"file": "x"}]', '[{"quality": 3}]'])
def test_a_list_that_is_broken_is_told_of_and_stops_nothing(
    content: str, tmp_path: Path, packages_dir: Path
) -> None:
    (tmp_path / "shipped.json").write_text(content)
    with pytest.raises(BadPackage, match=r"shipped\.json"):
        stock.shipped(tmp_path)
    assert "shipped.json" in bring(packages_dir, tmp_path)[0]


def test_a_folder_that_cannot_be_written_is_told_of_and_stops_nothing(
    tmp_path: Path, archives: dict[str, Path]
) -> None:
    (tmp_path / "in the way").write_text("")
    said = bring(tmp_path / "in the way", carry(tmp_path / "shipped", archives["uk-en"]))
    assert "cannot be put in place" in said[-1]


def test_no_list_is_nothing_carried(tmp_path: Path, packages_dir: Path) -> None:
    assert (stock.shipped(tmp_path), bring(packages_dir, tmp_path)) == ([], [])


def test_preparing_brings_them_in(
    tmp_path: Path, config: Config, archives: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stock, "FOLDER", carry(tmp_path / "shipped", archives["uk-en"]))
    assert prepare.packages in prepare.STEPS
    said: list[str] = []

    prepare.packages(config, said.append)

    assert said == ["Installing translation packages: uk to en"]
    assert versions(config.home / "packages") == {"translate-uk_en": "1.0"}


def test_every_figure_has_its_sentence() -> None:
    def said(everyday: float, interview: float, weak: bool = False) -> str:
        found = {"tatoeba-heldout": (everyday, 1.0, 1), "domain": (interview, 1.0, 1)}
        return verdict({name: stock.Score(*score) for name, score in found.items()}, weak)

    assert [said(70, 70), said(70, 59.9), said(46, 80), said(44, 80)] == ["good", "simple", "simple", "gist"]
    assert said(70, 70, weak=True) == "weak"
    assert verdict({"flores200-devtest": stock.Score(70, 1, 1)}, False) == "unmeasured"
    assert {"weak", "gist", "simple", "good", "unmeasured"} == MEANINGS.keys()
    assert {"tatoeba-heldout", "domain"} < SETS.keys()


def test_what_is_really_carried_is_as_its_list_says() -> None:
    carried = stock.shipped()
    for one in carried:
        assert one.path.stat().st_size == one.bytes <= 25 * 10**6
        assert hashlib.sha256(one.path.read_bytes()).hexdigest() == one.sha256
        assert min(score.chrf for score in one.quality.values()) >= 0
        assert one.quality["tatoeba-heldout"].chrf >= 35, one.name
        assert one.licence
        assert one.attribution
    assert sum(one.bytes for one in carried) <= 250 * 10**6
    assert {path.name for path in stock.FOLDER.glob("*.argosmodel")} == {one.path.name for one in carried}
