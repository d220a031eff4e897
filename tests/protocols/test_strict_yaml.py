"""Broken files of every kind: the error names file, line, what is wrong and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.errors import ProtocolError
from protocols.strict_yaml import MAX_BYTES, parse, read

BROKEN = {
    "a key twice": (b"a: 1\nb: 2\na: 3\n", 3, "'a' is here twice (first in line 1)"),
    "a key twice, deep": (b"a:\n  - b: 1\n    b: 2\n", 3, "'b' is here twice"),
    "a tab": (b"a:\n\tb: 1\n", 2, "tab"),
    "an anchor": (b"a: &x 1\n", 1, "anchors and aliases"),
    "an alias": (b"a: 1\nb: *x\n", 2, "anchors and aliases"),
    "an alias bomb": (b"a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]\n", 1, "anchors and aliases"),
    "a merge key": (b"a: &x {b: 1}\nc:\n  <<: *x\n", 1, "anchors and aliases"),
    "a tag": (b"a: !!python/object:os.system x\n", 1, "tags"),
    "an own tag": (b"a: 1\nb: !secret x\n", 2, "tags"),
    "two documents": (b"a: 1\n---\nb: 2\n", 2, "second document"),
    "too deep": (b"a: " + b"[" * 40 + b"]" * 40, 1, "nested deeper"),
    "far too deep": (b"a: " + b"[" * 50_000, 1, "nested deeper"),
    "an open bracket": (b"a: 1\nb: [1, 2\nc: 3\n", 3, "not valid YAML"),
    "an open quote": (b'a: 1\nb: "open\n', 3, "not valid YAML"),
    "a colon astray": (b"a: b: c\n", 1, "not valid YAML"),
    "not UTF-8": (b"a: 1\nb: caf\xe9\n", 2, "not UTF-8"),
    "UTF-16": ("a: 1\n".encode("utf-16"), 1, "not UTF-8"),
    "a NUL byte": (b"a: 1\nb: \x00\n", 2, "not valid YAML"),
    "a list": (b"- a\n- b\n", 1, "does not hold a mapping"),
    "a word": (b"hello\n", 1, "does not hold a mapping"),
    "nothing": (b"", 1, "does not hold a mapping"),
    "a comment": (b"# only this\n", 1, "does not hold a mapping"),
    "a list as key": (b"a: 1\n? [b, c]\n: 2\n", 2, "not a plain word"),
    "an empty key": (b"a: 1\n'': 2\n", 2, "not a plain word"),
    "too large": (b"a: " + b"x" * MAX_BYTES, 0, "larger than"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "not UTF-8"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_yaml_is_named_with_its_line(case: str) -> None:
    raw, line, what = BROKEN[case]
    with pytest.raises(ProtocolError) as caught:
        parse(raw, "flows/x/flow.yml")
    error = caught.value
    assert (error.file, error.line) == ("flows/x/flow.yml", line), error
    assert what in error.what
    assert error.how
    assert str(error).startswith(f"flows/x/flow.yml:{line}: ")


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yml", tmp_path):
        with pytest.raises(ProtocolError, match="cannot be read"):
            read(path)


def test_values_keep_their_lines() -> None:
    document = parse(b"a:\n  b: 1\n  c:\n    - d\n    - e: 2\n", "x.yml")
    assert document.line(("a", "c", 1, "e")) == 5
    assert document.line(("a", "c", 0)) == 4
    assert document.line(("a", "nothing")) == 1
    assert document.line(("nowhere",)) == 1


def test_only_plain_numbers_and_true_and_false_are_more_than_text() -> None:
    data = parse(b"a: 12\nb: true\nc: no\nd: 1.0\ne: 2020-01-01\nf: 0x10\ng:\nh: '12'\n", "x.yml").data
    assert data == {
        "a": 12,
        "b": True,
        "c": "no",
        "d": "1.0",
        "e": "2020-01-01",
        "f": "0x10",
        "g": None,
        "h": "12",
    }


def test_any_script_is_text() -> None:
    assert parse("a: Розкажи мені\nb: أخبرني\n".encode(), "x.yml").data["b"] == "أخبرني"
