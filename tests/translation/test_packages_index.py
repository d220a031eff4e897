"""Packages of a list elsewhere: what is offered, held to what is known of it, resumed where it broke off."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.artifacts.server import Server
from web.artifacts import Errand, FetchFailed
from web.cli.packages import command
from web.translation.archive import BadPackage
from web.translation.index import Offer, checksums, offers
from web.translation.installing import find
from web.translation.offered import INDEX, Offers, _fetcher

WHERE = "https://lists.example/argos/index.json"
ENTRY = {"from_code": "uk", "to_code": "en", "package_version": "1.4", "links": ["https://x.example/uk"]}


@pytest.fixture
def server(socket_enabled: None) -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


def listed(*changes: dict[str, Any], where: str = WHERE) -> list[Offer]:
    return offers(json.dumps([ENTRY | change for change in changes]).encode(), where)


def test_the_newest_of_each_pair_is_offered() -> None:
    found = listed({}, {"package_version": "1.10"}, {"package_version": "1.9"}, {"from_code": "ar"})
    assert [(one.name, one.version) for one in found] == [
        ("translate-ar_en", "1.4"),
        ("translate-uk_en", "1.10"),
    ]


@pytest.mark.parametrize(
    "useless",
    [
        {"type": "sbd"},
        {"from_code": "en"},
        {"from_code": "../../etc"},
        {"to_code": None},
        {"package_version": "1 <b>"},
        {"links": []},
        {"links": "https://x.example/uk"},
        {"links": ["ipfs://Qm"]},
        {"links": ["file:///etc/passwd"]},
        {"links": ["/etc/passwd"]},
        {"links": ["../../secrets/master-key"]},
        {"links": ["http://"]},
        {"links": ["http://[x/"]},
        {"links": [7, "x" * 3000]},
    ],
)
def test_what_cannot_be_had_is_passed_over(useless: dict[str, Any]) -> None:
    assert [one.source for one in listed(useless, {"from_code": "ar"})] == ["ar"]
    with pytest.raises(BadPackage, match="lists no translation package"):
        listed(useless)


def test_a_checksum_is_read_in_capitals_too_and_never_dropped_in_silence() -> None:
    [found] = listed({"sha256": "AB" * 32})
    assert found.sha256 == "ab" * 32
    for nonsense in ("abc", "", 7):
        with pytest.raises(BadPackage, match="lists no translation package"):
            listed({"sha256": nonsense})


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"[" * 100_000, b"[]", b"[1, null]", b"\xff"])
def test_what_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(BadPackage, match=r"index\.json: "):
        offers(content, WHERE)
    with pytest.raises(BadPackage, match="at most 5000"):
        offers(json.dumps([ENTRY] * 5001).encode(), WHERE)


def test_a_link_beside_the_list_makes_a_mirror_of_any_folder(tmp_path: Path) -> None:
    assert listed({"links": ["uk.argosmodel"]})[0].link == "https://lists.example/argos/uk.argosmodel"
    beside = listed({"links": ["uk.argosmodel"]}, where=str(tmp_path / "index.json"))[0]
    assert (beside.link, beside.remote) == (str(tmp_path / "uk.argosmodel"), False)


def test_checksums_come_from_their_file_before_the_list() -> None:
    sums = checksums(b"%b  uk\n\n%b *folder/other\n" % (b"A" * 64, b"b" * 64), "SHA256SUMS")
    assert sums == {"uk": "a" * 64, "other": "b" * 64}
    entry = [ENTRY | {"sha256": "c" * 64}]
    assert offers(json.dumps(entry).encode(), WHERE, sums)[0].sha256 == "a" * 64
    assert offers(json.dumps(entry).encode(), WHERE)[0].sha256 == "c" * 64
    with pytest.raises(BadPackage, match="SHA256SUMS:2"):
        checksums(b"%b  uk\nuk\n" % (b"a" * 64), "SHA256SUMS")


def put_out(server: Server, archive: Path, **more: str) -> str:
    """Serves a package and a list of it; returns the list's address."""
    server.serve("/uk.argosmodel", archive.read_bytes())
    entry = ENTRY | {"links": [server.url("/uk.argosmodel")]} | more
    server.serve("/index.json", json.dumps([entry]).encode())
    return server.url("/index.json")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


@pytest.fixture
def packages_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TELLMORE_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "packages"


@pytest.mark.loopback
def test_one_is_fetched_by_name_and_remembered(
    server: Server, packages_dir: Path, archives: dict[str, Path], tmp_path: Path
) -> None:
    where = put_out(server, archives["uk-en"])

    done = run("install", "translate-uk_en", "--index", where)

    assert done.exit_code == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["origin"], answer["where"]) == ("index", server.url("/uk.argosmodel"))
    assert answer["archive_sha256"] == hashlib.sha256(archives["uk-en"].read_bytes()).hexdigest()
    assert not list((packages_dir / ".incoming").glob("translate-uk_en/*"))

    server.serve("/uk.argosmodel", archives["uk-en-2"].read_bytes(), etag='"two"')
    other = run("install", "translate-uk_en", "--index", where)
    assert (other.exit_code, other.stdout) == (2, "")
    assert "is not the file it should be" in other.stderr
    package = find(packages_dir, "translate-uk_en")
    assert package is not None
    assert package.ref.version == "1.0"


@pytest.mark.loopback
def test_checksums_beside_the_list_are_kept_to(
    server: Server, packages_dir: Path, archives: dict[str, Path]
) -> None:
    where = put_out(server, archives["uk-en"])
    server.serve("/SHA256SUMS", b"%b  uk.argosmodel\n" % (b"0" * 64))

    refused = run("install", "translate-uk_en", "--index", where, "--checksums", server.url("/SHA256SUMS"))

    assert refused.exit_code == 2
    assert "is not the file it should be" in refused.stderr
    assert find(packages_dir, "translate-uk_en") is None


@pytest.mark.loopback
def test_a_broken_line_is_gone_on_from(server: Server, packages_dir: Path, archives: dict[str, Path]) -> None:
    where = put_out(server, archives["uk-en"])
    server.files["/uk.argosmodel"].break_after = [100_000]

    done = run("install", "translate-uk_en", "--index", where)

    assert done.exit_code == 0, done.stderr
    assert ("/uk.argosmodel", "bytes=100000-") in server.asked


@pytest.mark.loopback
def test_a_list_that_says_other_languages_than_its_package_is_not_believed(
    server: Server, packages_dir: Path, archives: dict[str, Path]
) -> None:
    where = put_out(server, archives["uk-en"], from_code="ru")

    refused = run("install", "translate-ru_en", "--index", where)

    assert refused.exit_code == 2
    assert "says it translates from uk to en, and ru to en was expected" in refused.stderr


@pytest.mark.loopback
def test_a_server_may_not_send_us_elsewhere(
    server: Server, packages_dir: Path, archives: dict[str, Path]
) -> None:
    where = put_out(server, archives["uk-en"])
    server.files["/uk.argosmodel"].redirect = "http://10.0.0.1/uk.argosmodel"

    refused = run("install", "translate-uk_en", "--index", where)

    assert refused.exit_code == 2
    assert "10.0.0.1" in refused.stderr


def test_a_folder_with_a_list_needs_no_network(
    packages_dir: Path, archives: dict[str, Path], tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "uk.argosmodel").write_bytes(archives["uk-en"].read_bytes())
    (stick / "index.json").write_text(json.dumps([ENTRY | {"links": ["uk.argosmodel"]}]))

    done = run("install", "translate-uk_en", "--index", str(stick / "index.json"))
    assert done.exit_code == 0, done.stderr

    absent = run("install", "translate-so_en", "--index", str(stick / "index.json"))
    assert (absent.exit_code, "translate-so_en" in absent.stderr) == (2, True)
    gone = run("install", "translate-uk_en", "--index", str(stick / "gone.json"))
    assert (gone.exit_code, "gone.json: cannot be read" in gone.stderr) == (2, True)
    (stick / "index.json").write_text(json.dumps([ENTRY | {"links": ["uk.argosmodel"], "sha256": "0" * 64}]))
    wrong = run("install", "translate-uk_en", "--index", str(stick / "index.json"))
    assert (wrong.exit_code, "not the file it should be" in wrong.stderr) == (2, True)


@pytest.mark.loopback
def test_a_new_list_takes_the_place_of_the_old_one(
    server: Server, packages_dir: Path, archives: dict[str, Path]
) -> None:
    found = Offers(packages_dir)

    def read(errand: Errand) -> None:
        found.fetch_list(where, "", errand)

    where = put_out(server, archives["uk-en"])
    found.errands.run(INDEX, read)
    put_out(server, archives["uk-en"], package_version="2.0")
    found.errands.run(INDEX, read)
    last = found.last()
    assert last is not None
    assert [one.version for one in last.packages] == ["2.0"]

    server.serve("/index.json", b"[]")
    with pytest.raises(BadPackage):
        found.errands.run(INDEX, read)
    assert found.last() == last
    with pytest.raises(FetchFailed):
        found.errands.run(INDEX, lambda errand: found.fetch_list(server.url("/gone"), "", errand))
    (packages_dir / "offered.json").write_text('{"where": 1, "packages": [{}]}')
    assert found.last() is None


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "[::1]", "intranet"])
def test_a_list_from_elsewhere_leads_to_no_address_inside_a_network(
    packages_dir: Path, tmp_path: Path, host: str
) -> None:
    offer = Offer("uk", "en", "1.0", f"http://{host}:8080/uk.argosmodel", None)
    packages_dir.mkdir(parents=True)
    listed_at = {"where": "https://lists.example/index.json", "at": "", "packages": []}
    (packages_dir / "offered.json").write_text(json.dumps(listed_at))
    found = Offers(packages_dir)
    with pytest.raises(BadPackage, match="inside a network"):
        found.errands.run(offer.name, lambda errand: found.bring(offer, errand))


def test_a_port_that_is_the_usual_one_is_no_other_host() -> None:
    assert _fetcher("https://lists.example:443/x")._hosts == {"lists.example"}
    assert _fetcher("https://Lists.example:8443/x")._hosts == {"lists.example:8443"}
