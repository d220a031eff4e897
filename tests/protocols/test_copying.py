"""A copy of a protocol is the same text but for its head, and good as it is."""

from __future__ import annotations

import difflib

import pytest

from protocols.copying import copy_flow
from protocols.editions import merge
from protocols.errors import ProtocolError
from protocols.library import load_library
from tests.protocols.own_files import shipped
from tests.protocols.player import library

TITLES = ["Ours", 'It "is": ours # now', "Vårt  sätt\n– عربي", "no", "{x}", "- a", "\\n"]


@pytest.mark.parametrize("flow", sorted(library().flows))
def test_only_the_head_of_the_text_is_another(flow: str) -> None:
    copy = copy_flow(shipped(), flow, "own_here", "Ours")
    assert list(copy) == ["flows/own_here/flow.yml", "flows/own_here/fit.yml"]
    before = shipped()[f"flows/{flow}/flow.yml"].decode().splitlines()
    after = copy["flows/own_here/flow.yml"].splitlines()
    new = [line[1:].split(":")[0].strip() for line in difflib.ndiff(before, after) if line.startswith("+ ")]
    assert set(new) <= {"id", "title", "version"}
    assert copy["flows/own_here/fit.yml"].encode() == shipped()[f"flows/{flow}/fit.yml"]


@pytest.mark.parametrize("title", TITLES)
def test_any_title_is_kept_as_it_was_written(title: str) -> None:
    copy = copy_flow(shipped(), "ncac", "own_here", title)
    ours = load_library(merge(shipped(), {name: text.encode() for name, text in copy.items()}))
    flow, source = ours.flows["own_here"], ours.flows["ncac"]
    assert (flow.title, flow.version) == (title, "1.0")
    assert flow.cards == source.cards
    assert flow.steps == source.steps
    assert ours.fit.flows["own_here"] == ours.fit.flows["ncac"]


def test_a_head_written_over_several_lines_is_replaced_whole() -> None:
    name = "flows/ncac/flow.yml"
    title = library().flows["ncac"].title
    folded = shipped()[name].replace(title.encode(), b">-\n    On two\n    lines", 1)
    assert b"On two" in folded
    text = copy_flow({**shipped(), name: folded}, "ncac", "own_here", "Ours")["flows/own_here/flow.yml"]
    ours = load_library(merge(shipped(), {"flows/own_here/flow.yml": text.encode()}))
    assert ours.flows["own_here"].title == "Ours"
    assert ours.flows["own_here"].purpose == library().flows["ncac"].purpose


def test_a_name_that_is_none_of_ones_own_or_is_taken_is_refused() -> None:
    for name in ("here", "own_", "own_Here", "own_a/b", "../own_x"):
        with pytest.raises(ProtocolError, match="no name for a protocol of your own"):
            copy_flow(shipped(), "ncac", name, "Ours")
    with pytest.raises(ProtocolError, match="there is a protocol of this name already"):
        copy_flow({**shipped(), "flows/own_x/flow.yml": b""}, "ncac", "own_x", "Ours")
    with pytest.raises(KeyError):
        copy_flow(shipped(), "nothing", "own_x", "Ours")
