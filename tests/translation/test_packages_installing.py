"""What is done to a package before it counts, and what a removal leaves."""

from __future__ import annotations

import json
import shutil
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.translation.models import make_package
from web.artifacts import room
from web.translation import Translator
from web.translation.about import about
from web.translation.archive import BadPackage
from web.translation.installing import Origin, find, install, remove, removed
from web.translation.packages import installed, verify


def no_heads(spec: Any) -> None:
    """The loader divides by it."""
    spec.encoder.num_heads = np.int16(0)


def wild_shape(spec: Any) -> None:
    """A matrix that is read far beyond its end."""
    spec.encoder.layer[0].ffn.linear_0.weight = np.ones((1 << 20, 1), np.float32)


def no_matrix(spec: Any) -> None:
    spec.encoder.layer[0].ffn.linear_0.weight = np.float32(1)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (no_heads, "crashes the program that loads it"),
        (wild_shape, "crashes the program that loads it"),
        (no_matrix, "its model or its word pieces cannot be loaded"),
    ],
)
def test_weights_that_kill_their_loader_kill_a_process_of_its_own(
    damage: Callable[[Any], None], reason: str, tmp_path: Path, archives: dict[str, Path]
) -> None:
    packages_dir = tmp_path / "packages"
    good = install(archives["uk-en"], packages_dir, trial=False)
    trap = make_package(tmp_path, "uk", "en", version="9", damage=damage)

    with pytest.raises(BadPackage, match=f"{trap.name}: .*{reason}"):
        install(trap, packages_dir)

    assert [path.name for path in packages_dir.iterdir()] == [good.folder.name]


@pytest.mark.parametrize("part", ["model/model.bin", "sentencepiece.model"])
def test_what_is_no_model_is_found_out_before_it_counts(
    part: str, tmp_path: Path, archives: dict[str, Path]
) -> None:
    import zipfile

    broken = tmp_path / "broken.argosmodel"
    with zipfile.ZipFile(archives["uk-en"]) as good, zipfile.ZipFile(broken, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, b"nothing" if name.endswith(part) else good.read(name))

    with pytest.raises(BadPackage, match="cannot be loaded"):
        install(broken, tmp_path / "packages")
    assert list((tmp_path / "packages").iterdir()) == []


def test_one_that_hangs_is_given_up(
    tmp_path: Path, archives: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.translation.trial.PATIENCE_S", 0.001)
    with pytest.raises(BadPackage, match="did not translate a few words"):
        install(archives["uk-en"], tmp_path / "packages")


def test_a_package_must_be_what_it_was_said_to_be(tmp_path: Path, archives: dict[str, Path]) -> None:
    packages_dir = tmp_path / "packages"

    with pytest.raises(BadPackage, match="says it translates from uk to en, and en to uk was expected"):
        install(archives["uk-en"], packages_dir, pair=("en", "uk"))
    with pytest.raises(BadPackage, match="not the file it should be"):
        install(archives["uk-en"], packages_dir, digest="0" * 64)

    assert list(packages_dir.iterdir()) == []


def test_where_it_came_from_is_kept(tmp_path: Path, archives: dict[str, Path]) -> None:
    package = install(archives["uk-en"], tmp_path / "packages", Origin("index", "https://x.example/uk"))

    found = about(package, [])

    assert found.origin == Origin("index", "https://x.example/uk")
    assert found.at.endswith("+00:00")
    assert found.meaning == "unmeasured"
    assert len(found.archive_sha256) == 64


def test_licence_and_readme_are_read_from_the_package(tmp_path: Path, archives: dict[str, Path]) -> None:
    import zipfile

    file = tmp_path / "credited.argosmodel"
    file.write_bytes(archives["uk-en"].read_bytes())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("translate-uk_en/README.md", "Trained on\0 OPUS by Argos Open Tech\n")
        archive.writestr("translate-uk_en/LICENSE", "CC0 1.0 Universal\nmore")

    found = about(install(file, tmp_path / "packages", trial=False), [])

    assert (found.licence, found.attribution) == ("CC0 1.0 Universal", "Trained on OPUS by Argos Open Tech")


def test_what_was_changed_on_disk_is_mended_by_installing_again(
    tmp_path: Path, archives: dict[str, Path]
) -> None:
    package = install(archives["uk-en"], tmp_path / "packages", trial=False)
    (package.folder / "model" / "model.bin").write_bytes(b"other")
    with pytest.raises(BadPackage, match="install it again"):
        verify(package)

    verify(install(archives["uk-en"], tmp_path / "packages"))


def test_a_removal_is_remembered_until_it_is_installed_again(
    tmp_path: Path, archives: dict[str, Path]
) -> None:
    packages_dir = tmp_path / "packages"
    remove(install(archives["uk-en"], packages_dir, trial=False))

    assert removed(packages_dir) == {"translate-uk_en"}
    assert installed(packages_dir) == []
    assert Translator(packages_dir).pairs() == []

    install(archives["uk-en-2"], packages_dir, trial=False)
    assert removed(packages_dir) == set()


def test_two_versions_at_the_same_moment_leave_one_of_them(tmp_path: Path, archives: dict[str, Path]) -> None:
    packages_dir = tmp_path / "packages"
    for _ in range(5):
        threads = [
            threading.Thread(target=install, args=(archives[name], packages_dir), kwargs={"trial": False})
            for name in ("uk-en", "uk-en-2")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        package = find(packages_dir, "translate-uk_en")
        assert package is not None
        assert [path.name for path in packages_dir.iterdir()] == [package.folder.name]


def test_a_manifest_that_cannot_be_read_is_as_none(tmp_path: Path, archives: dict[str, Path]) -> None:
    package = install(archives["uk-en"], tmp_path / "packages", trial=False)
    for odd in ("[]", "{", '{"files": []}', '{"files": {"a": 1}}', '{"files": {}, "origin": 5}'):
        (package.folder / "tellmore.json").write_text(odd)
        found = find(tmp_path / "packages", "translate-uk_en")
        assert found is not None
        assert about(found, []).origin.kind == "elsewhere"
    assert json.loads(json.dumps(about(found, []).as_dict()))["from"] == "uk"


def test_unpacking_leaves_room_for_recordings(
    tmp_path: Path, archives: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    full = SimpleNamespace(free=room.KEEP_FREE)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(BadPackage, match="MB are needed"):
        install(archives["uk-en"], tmp_path / "packages", trial=False)
    assert list((tmp_path / "packages").iterdir()) == []


@pytest.mark.parametrize(("one", "other"), [("pt-BR", "pb"), ("zh_TW", "zt"), ("no", "nb")])
def test_two_ways_to_write_a_language_are_one_package(one: str, other: str, tmp_path: Path) -> None:
    packages_dir = tmp_path / "packages"
    install(make_package(tmp_path, one, "en", version="2.0"), packages_dir, trial=False)
    install(make_package(tmp_path, other, "en", version="1.0"), packages_dir, trial=False)
    assert [package.source for package in installed(packages_dir)] == [other]


def test_pieces_that_only_argostranslate_reads_are_tried_out_too(tmp_path: Path) -> None:
    good, bad = (bpe_package(tmp_path, name, codes) for name, codes in (
        ("good", "#version: 0.2\nt e\nl l\n"), ("bad", "#version: 0.2\nt\n"),
    ))  # fmt: skip
    packages_dir = tmp_path / "packages"
    install(good, packages_dir)
    with pytest.raises(BadPackage, match="its model or its word pieces cannot be loaded"):
        install(bad, packages_dir)


def bpe_package(folder: Path, name: str, codes: str) -> Path:
    """The tiny package with the older kind of word pieces."""
    made = make_package(folder, "uk", "en", version="3.0" if name == "good" else "4.0")
    packed = folder / f"{name}.argosmodel"
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(packed, "w") as target:
        for member in source.namelist():
            if member.endswith("sentencepiece.model"):
                target.writestr(member.replace("sentencepiece.model", "bpe.model"), codes)
            else:
                target.writestr(member, source.read(member))
    return packed
