"""Models from a hub, a mirror, a folder and archives, good and made to do harm."""

from __future__ import annotations

import io
import os
import tarfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.artifacts.server import Server
from tests.speech.models import TOY, catalogue, tiny_folder, toy_folder
from web.artifacts import Cancelled, Errand, FetchFailed
from web.speech import carried, installing
from web.speech.installing import Installer
from web.speech.models import BadModel, Models


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(tmp_path / "models", catalogue())


@pytest.fixture
def installer(models: Models) -> Installer:
    return Installer(models)


@pytest.fixture
def hub() -> Iterator[Server]:
    server = Server()
    for name, content in TOY.items():
        server.serve(f"/some/toy/resolve/abc/{name}", content)
    yield server
    server.stop()


network = [pytest.mark.loopback, pytest.mark.allow_hosts(["127.0.0.1"])]


class TestHub:
    pytestmark = network

    def test_a_model_comes_from_the_hub_and_is_what_it_should_be(self, hub: Server, tmp_path: Path) -> None:
        models = Models(tmp_path / "models", catalogue(hub.url("")))
        installer = Installer(models)
        hub.files["/some/toy/resolve/abc/model.bin"].break_after = [70_000]
        assert "toy" not in models.installed()

        installer.errands.run("toy", installer.fetch("toy"))

        model = models.find("toy")
        assert (model.removable, model.source) == (True, hub.host)
        assert (model.path / "model.bin").read_bytes() == TOY["model.bin"]
        status = installer.errands.status("toy")
        assert (status.state, status.done, status.total) == ("ready", 200_010, 200_010)
        assert ("/some/toy/resolve/abc/model.bin", "bytes=70000-") in hub.asked

    def test_a_mirror_is_asked_instead_of_the_hub(self, hub: Server, models: Models) -> None:
        installer = Installer(models, mirror=hub.url("/"))
        installer.errands.run("toy", installer.fetch("toy"))
        assert models.find("toy").source == hub.host

    def test_a_mirror_may_not_lead_elsewhere(self, hub: Server, models: Models) -> None:
        hub.serve("/some/toy/resolve/abc/model.bin", b"", redirect="https://huggingface.co/x")
        installer = Installer(models, mirror=hub.url(""))
        with pytest.raises(FetchFailed, match=r"sends us to huggingface\.co"):
            installer.errands.run("toy", installer.fetch("toy"))
        assert models.installed().keys() == {"tiny.en"}

    def test_other_weights_leave_what_was_installed_as_it_is(
        self, hub: Server, models: Models, tmp_path: Path
    ) -> None:
        installer = Installer(models, mirror=hub.url(""))
        installer.errands.run("toy", installer.carried("toy", toy_folder(tmp_path / "stick"), "stick"))
        hub.serve("/some/toy/resolve/abc/model.bin", bytes(200_000))
        with pytest.raises(FetchFailed, match=r"model\.bin is not the file it should be"):
            installer.errands.run("toy", installer.fetch("toy"))
        assert models.find("toy").source == "stick"

    def test_a_file_without_checksum_is_taken_on_trust_once(self, hub: Server, models: Models) -> None:
        installer = Installer(models, mirror=hub.url(""))
        installer.errands.run("toy", installer.fetch("toy"))
        models.remove("toy")
        hub.serve("/some/toy/resolve/abc/tokenizer.json", b'{"t": 2}', etag='"two"')
        with pytest.raises(FetchFailed, match=r"tokenizer\.json is another file than when toy"):
            installer.errands.run("toy", installer.fetch("toy"))
        installer.forget("toy")
        installer.errands.run("toy", installer.fetch("toy"))
        assert "toy" in models.installed()


def zipped(folder: Path, file: Path) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"models--some--toy/snapshots/abc/{path.name}")
    return file


def tarred(folder: Path, file: Path) -> Path:
    with tarfile.open(file, "w:gz") as archive:
        archive.add(folder, "./toy")
    return file


@pytest.mark.parametrize("pack", [None, zipped, tarred])
def test_a_model_carried_by_hand_is_installed(
    installer: Installer, models: Models, tmp_path: Path, pack: Callable[[Path, Path], Path] | None
) -> None:
    place = toy_folder(tmp_path / "stick")
    place = pack(place, tmp_path / "toy.archive") if pack else place
    installer.errands.run("toy", installer.carried("toy", place, "a stick"))
    assert models.find("toy").source == "a stick"
    assert not list((tmp_path / "models" / ".incoming").glob("toy/*"))


def test_a_model_is_found_in_the_folders_of_the_hub_client(
    installer: Installer, models: Models, tmp_path: Path
) -> None:
    blobs = toy_folder(tmp_path / "cache" / "blobs")
    shown = tmp_path / "cache" / "snapshots" / "abc"
    shown.mkdir(parents=True)
    for name in TOY:
        (blobs / name).rename(blobs / f"x{name}")
        (shown / name).symlink_to(blobs / f"x{name}")
    installer.errands.run("toy", installer.carried("toy", tmp_path / "cache", "cache"))
    assert not (models.find("toy").path / "model.bin").is_symlink()


def test_a_stream_is_kept_only_while_it_is_read(installer: Installer, models: Models, tmp_path: Path) -> None:
    content = zipped(toy_folder(tmp_path / "stick"), tmp_path / "toy.zip").read_bytes()
    work = installer.carried("toy", io.BytesIO(content), "upload", len(content))
    installer.errands.run("toy", work)
    assert "toy" in models.installed()
    with pytest.raises(FetchFailed, match="Only"):
        installer.errands.run(
            "toy", installer.carried("toy", io.BytesIO(content[:-9]), "upload", len(content))
        )
    assert list((tmp_path / "models" / ".incoming" / "toy").iterdir()) == []


def bad(tmp_path: Path, kind: str) -> Path:
    folder, file = toy_folder(tmp_path / "stick"), tmp_path / "bad"
    if kind == "missing":
        (folder / "config.json").unlink()
        return folder
    if kind in {"longer", "shorter", "other"}:
        content = TOY["model.bin"]
        changed = {"longer": content + b"x", "shorter": content[:-1], "other": b"x" + content[1:]}[kind]
        (folder / "model.bin").write_bytes(changed)
        return folder
    if kind == "twice":
        toy_folder(folder / "more")
        (folder / "config.json").unlink()
        toy_folder(folder / "again")
        return folder
    if kind == "damaged":
        file.write_bytes(zipped(folder, file).read_bytes()[:-40])
    elif kind == "cut":
        file.write_bytes(tarred(folder, file).read_bytes()[:-1000])
    elif kind == "no archive":
        file.write_bytes(b"hello")
    elif kind == "bomb":
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("model.bin", bytes(50_000_000))
            archive.writestr("config.json", b"{}")
    else:
        link = tarfile.TarInfo("toy/config.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        with tarfile.open(file, "w") as archive:
            archive.addfile(link)
    return file


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("missing", r"config\.json is not in what was given"),
        ("longer", r"model\.bin is not the file it should be"),
        ("shorter", r"model\.bin is not the file it should be"),
        ("other", r"model\.bin is not the file it should be"),
        ("twice", r"config\.json is there more than once"),
        ("damaged", "neither a folder nor a zip or tar"),
        ("cut", "neither a folder nor a zip or tar"),
        ("no archive", "neither a folder nor a zip or tar"),
        ("bomb", r"model\.bin is not the file it should be"),
        ("link", r"config\.json is not in what was given"),
    ],
)
def test_what_is_not_the_model_installs_nothing(
    installer: Installer, models: Models, tmp_path: Path, kind: str, reason: str
) -> None:
    with pytest.raises(FetchFailed, match=reason):
        installer.errands.run("toy", installer.carried("toy", bad(tmp_path, kind), "stick"))
    assert models.installed().keys() == {"tiny.en"}
    assert sum(f.stat().st_size for f in (tmp_path / "models").rglob("model.bin*")) <= 200_001
    assert installer.errands.status("toy").state == "failed"


def test_members_that_lead_elsewhere_are_read_by_name_only(
    installer: Installer, models: Models, tmp_path: Path
) -> None:
    folder, file = toy_folder(tmp_path / "stick"), tmp_path / "toy.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"../../../../{path.name}")
        archive.writestr("/etc/evil", b"x")
    installer.errands.run("toy", installer.carried("toy", file, "stick"))
    assert {path.name for path in models.find("toy").path.iterdir()} == {*TOY, "tellmore.json"}


def test_a_real_model_under_another_name(installer: Installer, models: Models) -> None:
    installer.errands.run("second", installer.carried("second", tiny_folder(), "stick"))
    assert models.find("second").sha256 == models.find().sha256


def test_an_unknown_name_is_refused(installer: Installer) -> None:
    with pytest.raises(BadModel, match="no speech model is called 'huge'"):
        installer.fetch("huge")


def test_a_process_killed_while_a_model_is_replaced_leaves_the_old_one_in_use(
    installer: Installer, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = toy_folder(tmp_path / "stick")
    installer.errands.run("toy", installer.carried("toy", stick, "first"))
    rename, done = os.rename, []

    def killed(old: Path, new: Path) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(new)
        rename(old, new)

    with monkeypatch.context() as stopped:
        stopped.setattr(os, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            installer.errands.run("toy", installer.carried("toy", stick, "second"))
    assert models.find("toy").source == "first"
    day = time.time() - 24 * 3600
    for left in models.before("toy").parent.iterdir():
        os.utime(left, (day, day))
    installer.errands.run("toy", installer.carried("toy", stick, "third"))
    assert models.find("toy").source == "third"
    assert not models.before("toy").exists()


def test_two_that_end_together_lose_nothing_of_each_other(
    installer: Installer, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was recorded on first use, and what was chosen."""
    stick = toy_folder(tmp_path / "stick")
    inside, seen = threading.Event(), []
    real = installing.read_json

    def slow(file: Path) -> dict[str, object]:
        found = real(file)
        if not inside.is_set():
            inside.set()
            other.start()
            other.join(0.3)  # it must wait for us, however long
            seen.append(other.is_alive())
        return found

    monkeypatch.setattr(installing, "read_json", slow)
    other = threading.Thread(
        target=lambda: installer.errands.run("second", installer.carried("second", tiny_folder(), "b"))
    )
    installer.errands.run("toy", installer.carried("toy", stick, "a"))
    other.join()
    assert seen == [True]
    assert real(models.folder / installing.SEEN).keys() == {"toy", "second"}  # type: ignore[operator]


def test_a_bomb_is_refused_by_what_its_head_says_and_can_be_called_off(
    installer: Installer, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = tmp_path / "bomb.tar.gz"
    with tarfile.open(bomb, "w:gz") as archive:
        for number in range(3):
            member = tarfile.TarInfo(f"x{number}")
            member.size = 1 << 20
            archive.addfile(member, io.BytesIO(os.urandom(1 << 20)))
    monkeypatch.setattr(carried, "MAX_ARCHIVE", 2 << 20)
    with pytest.raises(FetchFailed, match="holds more than"):
        installer.errands.run("toy", installer.carried("toy", bomb, "bomb"))
    monkeypatch.undo()
    asked = []

    def called_off(errand: Errand) -> None:
        asked.append(errand)
        if len(asked) > 3:
            raise Cancelled

    monkeypatch.setattr(Errand, "check", called_off)
    with pytest.raises(Cancelled):
        installer.errands.run("toy", installer.carried("toy", bomb, "bomb"))
    assert "toy" not in models.installed()


def test_damaged_bzip2_is_a_sentence(installer: Installer, tmp_path: Path) -> None:
    whole = tmp_path / "toy.tar.bz2"
    with tarfile.open(whole, "w:bz2") as archive:
        archive.add(toy_folder(tmp_path / "stick"), "toy")
    content = bytearray(whole.read_bytes())
    content[2000:2100] = bytes(100)
    whole.write_bytes(content)
    with pytest.raises(FetchFailed, match="damaged"):
        installer.errands.run("toy", installer.carried("toy", whole, "stick"))


def test_a_bad_file_leaves_a_download_that_broke_off(installer: Installer, tmp_path: Path) -> None:
    partial = tmp_path / "models" / ".incoming" / "toy" / "model.bin.part"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(b"half of it")
    with pytest.raises(FetchFailed):
        installer.errands.run("toy", installer.carried("toy", io.BytesIO(b"hello"), "file"))
    assert partial.read_bytes() == b"half of it"
    assert [path.name for path in partial.parent.iterdir()] == ["model.bin.part"]
