"""Editions: what their digest depends on, that they come back as they were kept, and spoilt files."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols import editions, files
from protocols.editions import (
    MAX_BYTES,
    MAX_FILES,
    MAX_UNPACKED,
    EditionBroken,
    EditionError,
    EditionMissing,
    Editions,
    digest,
    fetch,
    keep,
    merge,
)
from protocols.errors import ProtocolError
from protocols.library import Library, load_library
from protocols.strict_yaml import Document, parse
from tests.protocols.own_files import WORDS, own_words, shipped
from tests.protocols.player import library

NAMES = st.from_regex(editions.OWN, fullmatch=True)
CONTENTS = st.dictionaries(NAMES, st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
NONE = "0" * 64


@given(own=CONTENTS, data=st.data())
def test_the_digest_depends_on_paths_and_contents_and_on_no_order(
    own: dict[str, bytes], data: st.DataObject
) -> None:
    turned = dict(data.draw(st.permutations(list(own.items()))))
    assert digest(turned) == digest(own)
    assert len(digest(own)) == 64
    for name, raw in own.items():
        assert digest({**own, name: raw + b"x"}) != digest(own)
        assert digest({other: own[other] for other in own if other != name}) != digest(own)
        assert digest({f"{other}x" if other == name else other: own[other] for other in own}) != digest(own)


@settings(max_examples=40)
@given(own=CONTENTS)
def test_an_edition_comes_back_as_it_was_kept(
    own: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("editions")
    name = keep(folder, own)
    assert name == digest(own)
    assert fetch(folder, name) == own
    assert [path.name for path in folder.iterdir()] == [f"{name}.json.gz"]


def test_the_same_edition_is_the_same_file_and_is_not_written_again(tmp_path: Path) -> None:
    name = keep(tmp_path / "a" / "b", shipped())
    keep(tmp_path / "c", dict(reversed(list(shipped().items()))))
    one, two = (tmp_path / place / f"{name}.json.gz" for place in ("a/b", "c"))
    assert one.read_bytes() == two.read_bytes()
    before = one.stat().st_ino
    keep(one.parent, shipped())
    assert one.stat().st_ino == before


def test_a_spoilt_file_is_written_anew(tmp_path: Path) -> None:
    name = keep(tmp_path, shipped())
    (tmp_path / f"{name}.json.gz").write_bytes(b"")
    assert keep(tmp_path, shipped()) == name
    assert fetch(tmp_path, name) == shipped()


def test_a_library_knows_its_edition_and_its_files() -> None:
    assert library().edition == digest(shipped())
    assert load_library(shipped()).flows == library().flows
    own = load_library(merge(shipped(), {WORDS: own_words(pair_more="Tell me more.")}))
    assert own.edition != library().edition
    assert own.files[WORDS] == own_words(pair_more="Tell me more.")


def cut(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def turned(raw: bytes) -> bytes:
    at = len(raw) // 2
    return raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :]


def reworded(raw: bytes) -> bytes:
    texts = json.loads(gzip.decompress(raw))
    texts["common.yml"] += "# one word more\n"
    return gzip.compress(json.dumps(texts).encode())


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut off": cut,
    "without its end": lambda raw: raw[:-4],
    "a bit turned": turned,
    "a word more": reworded,
    "no gzip": gzip.decompress,
    "something behind": lambda raw: raw + b"more",
    "no JSON": lambda _: gzip.compress(b"{"),
    "not UTF-8": lambda _: gzip.compress(b'{"a": "\xff"}'),
    "half a character": lambda _: gzip.compress(b'{"common.yml": "\\ud800"}'),
    "a list": lambda _: gzip.compress(b"[]"),
    "numbers": lambda _: gzip.compress(b'{"common.yml": 1}'),
    "far too deep": lambda _: gzip.compress(b"[" * 200_000),
    "a bomb": lambda _: gzip.compress(b'{"a": "' + b" " * MAX_UNPACKED + b'"}'),
}


@pytest.mark.parametrize("case", SPOILT)
def test_a_spoilt_edition_is_named_and_never_taken(tmp_path: Path, case: str) -> None:
    name = keep(tmp_path, shipped())
    path = tmp_path / f"{name}.json.gz"
    path.write_bytes(SPOILT[case](path.read_bytes()))
    with pytest.raises(EditionBroken, match=name):
        fetch(tmp_path, name)
    with pytest.raises(EditionBroken):
        Editions(tmp_path).library(name)


@pytest.mark.parametrize("name", [NONE, "", "x", "../" + NONE, "A" * 64, NONE + "\n", "/etc/passwd"])
def test_an_edition_that_is_not_there_is_missing(tmp_path: Path, name: str) -> None:
    with pytest.raises(EditionMissing):
        fetch(tmp_path, name)
    with pytest.raises(EditionMissing):
        Editions(tmp_path).library(name)


def test_files_that_make_no_library_are_a_broken_edition(tmp_path: Path) -> None:
    name = keep(tmp_path, {"common.yml": b"x: 1\n"})
    with pytest.raises(EditionBroken, match="makes no library"):
        Editions(tmp_path).library(name)


def test_what_is_not_text_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="wording/own_sv.yml:0: this is not UTF-8"):
        keep(tmp_path, {"wording/own_sv.yml": b"\xff"})
    assert list(tmp_path.iterdir()) == []


def test_own_files_have_limits() -> None:
    many = {f"packs/own_{number}.yml": b"" for number in range(MAX_FILES + 1)}
    with pytest.raises(ProtocolError, match=f"more than {MAX_FILES} own files"):
        merge({}, many)
    large = {"wording/own_sv.yml": b" " * MAX_BYTES, "wording/own_fi.yml": b" "}
    with pytest.raises(ProtocolError, match=r"wording/own_sv\.yml.*larger than"):
        merge({}, large)
    assert merge({"common.yml": b"a"}, {"wording/own_fi.yml": b"b"}) == {
        "common.yml": b"a",
        "wording/own_fi.yml": b"b",
    }


def test_a_shipped_pack_may_be_replaced_and_only_a_shipped_one() -> None:
    assert merge({"packs/autism.yml": b"a"}, {"packs/autism.yml": b"b"}) == {"packs/autism.yml": b"b"}
    with pytest.raises(ProtocolError, match="cannot be a file of your own"):
        merge({}, {"packs/autism.yml": b"b"})


class Counted:
    """Counts what is done by each argument, in place of a function."""

    def __init__(self, function: Callable[..., Library]) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *args: object) -> Library:
        self.calls += 1
        return self.function(*args)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> Counted:
    counted = Counted(load_library)
    monkeypatch.setattr(editions, "load_library", counted)
    return counted


def test_an_edition_is_loaded_once_even_when_asked_for_by_many_at_once(
    tmp_path: Path, loads: Counted
) -> None:
    name, kept = keep(tmp_path, shipped()), Editions(tmp_path)
    got: list[Library] = []
    start = threading.Barrier(6)

    def ask(what: str | None) -> None:
        start.wait()
        got.append(kept.library(what))

    threads = [threading.Thread(target=ask, args=(what,)) for what in (name, None) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads.calls == 2
    assert len({id(one) for one in got}) == 2
    assert {one.edition for one in got} == {name}


def test_the_editions_asked_for_last_stay_loaded(tmp_path: Path, loads: Counted) -> None:
    names = [keep(tmp_path, {**shipped(), WORDS: own_words(pair_more=f"Tell me {n} more.")}) for n in "abc"]
    kept = Editions(tmp_path, keep=2)
    kept.library(None)
    for name in (names[0], names[1], names[0], names[2], names[0]):
        kept.library(name)
    assert loads.calls == 4
    kept.library(names[1])
    assert loads.calls == 5, "the one longest not asked for was let go"
    kept.library(None)
    assert loads.calls == 5, "the shipped one is never let go"


def test_an_edition_that_was_missing_is_there_when_it_has_come(tmp_path: Path) -> None:
    kept = Editions(tmp_path)
    with pytest.raises(EditionError):
        kept.library(library().edition)
    keep(tmp_path, shipped())
    assert kept.library(library().edition).edition == library().edition


def test_after_one_file_changed_only_that_one_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    load_library(shipped())
    parsed: list[str] = []

    def counted(raw: bytes, name: str) -> Document:
        parsed.append(name)
        return parse(raw, name)

    monkeypatch.setattr(files, "parse", counted)
    load_library({**shipped(), "reasons.yml": shipped()["reasons.yml"] + b"# changed\n"})
    assert parsed == ["reasons.yml"]
