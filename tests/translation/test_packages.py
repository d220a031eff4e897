from __future__ import annotations

import hashlib
import json
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from web.translation.archive import BadPackage, unpack
from web.translation.installing import install
from web.translation.packages import installed, verify

TOP = "translate-uk_en"


def rewritten(archive: Path, target: Path, change: Callable[[zipfile.ZipFile], None]) -> Path:
    """A copy of a good archive with something added."""
    target.write_bytes(archive.read_bytes())
    with zipfile.ZipFile(target, "a") as file:
        change(file)
    return target


def link(file: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo(f"{TOP}/model/vocabulary.txt")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    file.writestr(entry, "/etc/passwd")


EVIL: dict[str, tuple[Callable[[zipfile.ZipFile], None], str]] = {
    "up": (lambda f: f.writestr("../../escaped", "x"), "leads out"),
    "inner-up": (lambda f: f.writestr(f"{TOP}/model/../../../escaped", "x"), "leads out"),
    "absolute": (lambda f: f.writestr("/tmp/escaped", "x"), "leads out"),
    "backslash": (lambda f: f.writestr(f"{TOP}\\..\\escaped", "x"), "leads out"),
    "drive": (lambda f: f.writestr("C:/escaped", "x"), "leads out"),
    "link": (link, "a link"),
    "second-folder": (lambda f: f.writestr("__MACOSX/x", "x"), "exactly one folder"),
    "loose-file": (lambda f: f.writestr("loose", "x"), "exactly one folder"),
    "twice": (lambda f: f.writestr(f"{TOP}/METADATA.json", "{}"), "twice"),
    "bomb": (
        lambda f: f.writestr(f"{TOP}/model/zeros", bytes(50_000_000), zipfile.ZIP_DEFLATED),
        "suspicious size",
    ),
    "many": (
        lambda f: [f.writestr(f"{TOP}/model/{n}", "") for n in range(5001)] and None,
        "files in the archive",
    ),
}


@pytest.mark.parametrize("kind", EVIL)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_made_to_do_harm_changes_nothing(
    kind: str, tmp_path: Path, archives: dict[str, Path]
) -> None:
    change, reason = EVIL[kind]
    trap = rewritten(archives["uk-en"], tmp_path / "trap.argosmodel", change)
    packages_dir = tmp_path / "deep" / "er" / "packages"
    good = install(archives["en-es"], packages_dir)
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(BadPackage, match=f"trap.argosmodel: .*{reason}"):
        install(trap, packages_dir)

    assert sorted(tmp_path.rglob("*")) == before
    assert installed(packages_dir) == [good]
    assert not Path("/tmp/escaped").exists()


def test_an_archive_that_is_too_large_is_stopped(tmp_path: Path, archives: dict[str, Path]) -> None:
    with pytest.raises(BadPackage, match="unpacked it would take"):
        unpack(archives["uk-en"], tmp_path, max_bytes=100_000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("keep", [0, 10, 5_000, -100, -1])
def test_a_torn_or_empty_file_is_refused(keep: int, tmp_path: Path, archives: dict[str, Path]) -> None:
    torn = tmp_path / "torn.argosmodel"
    torn.write_bytes(archives["uk-en"].read_bytes()[:keep])

    with pytest.raises(BadPackage, match="not a complete zip archive"):
        install(torn, tmp_path / "packages")
    assert list((tmp_path / "packages").iterdir()) == []


def test_a_flipped_bit_is_noticed(tmp_path: Path, archives: dict[str, Path]) -> None:
    content = bytearray(archives["uk-en"].read_bytes())
    content[len(content) // 2] ^= 0x40
    torn = tmp_path / "flipped.argosmodel"
    torn.write_bytes(content)

    with pytest.raises(BadPackage, match="damaged"):
        install(torn, tmp_path / "packages")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPackage, match="gone.argosmodel"):
        install(tmp_path / "gone.argosmodel", tmp_path / "packages")


@pytest.mark.parametrize(
    "metadata",
    [
        '{"from_code": "uk", "to_code": "en"}' + " " * 2_000_000,
        '{"from_code": "uk", "to_code": "uk"}',
        '{"from_code": "uk", "to_code": "en", "package_version": "1.0 \\u202e"}',
        '{"from_code": "uk", "to_code": "en", "package_version": "%s"}' % ("9" * 100),
        '{"from_code": "uk", "to_code": "en", "package_version": ["1"]}',
        "[]",
        "{",
        "[" * 100_000,
        '{"to_code": "en"}',
        '{"from_code": "../../x", "to_code": "en"}',
        '{"from_code": "uk", "to_code": 7}',
        '{"from_code": "uk", "to_code": "en", "type": "sbd"}',
        '{"from_code": "uk", "to_code": "en", "target_prefix": []}',
    ],
)
def test_a_package_with_bad_metadata_is_refused(metadata: str, tmp_path: Path) -> None:
    archive = tmp_path / "bad.argosmodel"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("x/metadata.json", metadata)
        file.writestr("x/model/model.bin", "weights")
        file.writestr("x/sentencepiece.model", "tokens")

    with pytest.raises(BadPackage, match="not a translation package"):
        install(archive, tmp_path / "packages")
    assert list((tmp_path / "packages").iterdir()) == []


def test_an_installed_package_carries_a_manifest_that_anyone_can_check(
    tmp_path: Path, archives: dict[str, Path]
) -> None:
    package = install(archives["uk-en"], tmp_path / "packages")

    manifest = json.loads((package.folder / "tellmore.json").read_text())
    assert manifest["archive_sha256"] == hashlib.sha256(archives["uk-en"].read_bytes()).hexdigest()
    lines = ""
    for path, digest in sorted(manifest["files"].items()):
        assert hashlib.sha256((package.folder / path).read_bytes()).hexdigest() == digest
        lines += f"{digest}  {path}\n"
    assert package.ref.sha256 == hashlib.sha256(lines.encode()).hexdigest()
    assert package.bytes == sum((package.folder / path).stat().st_size for path in manifest["files"])
    verify(package)


def test_the_same_package_twice_is_one_and_another_version_takes_its_place(
    tmp_path: Path, archives: dict[str, Path]
) -> None:
    packages_dir = tmp_path / "packages"

    assert install(archives["uk-en"], packages_dir) == install(archives["uk-en"], packages_dir)
    newer = install(archives["uk-en-2"], packages_dir)

    assert installed(packages_dir) == [newer]
    assert [path.name for path in packages_dir.iterdir()] == [newer.folder.name]


def test_only_what_is_used_is_unpacked(tmp_path: Path, archives: dict[str, Path]) -> None:
    def splitters(file: zipfile.ZipFile) -> None:
        for name in ("stanza/uk/tokenize/x.pt", "minisbd/uk.onnx", "README.md", "run.sh"):
            file.writestr(f"{TOP}/{name}", "x")

    package = install(
        rewritten(archives["uk-en"], tmp_path / "full.argosmodel", splitters), tmp_path / "packages"
    )

    names = {
        path.relative_to(package.folder).as_posix() for path in package.folder.rglob("*") if path.is_file()
    }
    assert "README.md" in names
    assert not names & {"stanza/uk/tokenize/x.pt", "minisbd/uk.onnx", "run.sh"}


def test_what_a_killed_installation_left_is_cleared_away(tmp_path: Path, archives: dict[str, Path]) -> None:
    packages_dir = tmp_path / "packages"
    for name in (".staging-old", ".staging-new", ".removed-old"):
        (packages_dir / name / "model").mkdir(parents=True)
    for name in (".staging-old", ".removed-old"):
        os.utime(packages_dir / name, (0, 0))

    package = install(archives["uk-en"], packages_dir)

    assert sorted(path.name for path in packages_dir.iterdir()) == [".staging-new", package.folder.name]


def test_no_folder_means_no_packages(tmp_path: Path) -> None:
    assert installed(tmp_path / "none") == []


def test_an_archive_packed_in_a_rare_way_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "odd.argosmodel"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("translate-uk_en/metadata.json", "{}" * 200)
    content = bytearray(file.read_bytes())
    content[60:140] = bytes(80)
    file.write_bytes(content)
    with pytest.raises(BadPackage):
        unpack(file, tmp_path / "into")
