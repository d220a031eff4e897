"""Drawings of flows: nothing left out, nothing on top of each other, nothing that gets out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from click.testing import CliRunner, Result

from protocols.drawing import draw
from protocols.drawing_lanes import lanes
from protocols.drawing_layout import BOX_RIGHT, LANES_X, SPINE_X, lay_out
from protocols.drawing_text import SIZES, Text, lines, width
from protocols.in_words import InWords
from protocols.model import Flow
from protocols.reading import numbers, ways
from scripts import draw_flows
from tests.protocols.player import library, minimal, nichd
from web.cli.protocols import command

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
REDRAW = "draw them anew with: python -m scripts.draw_flows"
WORDS = InWords(library().vocabulary.conditions)
each_flow = pytest.mark.parametrize("flow", library().flows.values(), ids=lambda flow: flow.id)
HOSTILE = '</title><script>alert("1")</script>\x00\x1b\ud800&amp; ' + "W" * 400


def drawn(flow: Flow) -> Element:
    return fromstring(draw(flow, WORDS))


def texts(element: Element) -> str:
    found = " ".join(text.text or "" for text in element.iter(f"{SVG}text"))
    return found.replace("\N{NO-BREAK SPACE}", " ")


def lines_of(svg: Element, *kinds: str) -> Counter[tuple[str | None, str | None]]:
    paths = [path for path in svg.iter(f"{SVG}path") if path.get("class", "").split()[0] in kinds]
    return Counter((path.get("data-from"), path.get("data-to")) for path in paths)


@each_flow
def test_every_step_is_in_the_drawing_with_number_and_title(flow: Flow) -> None:
    svg = drawn(flow)
    boxes = {group.get("data-step"): group for group in svg.iter(f"{SVG}g") if group.get("data-step")}
    assert list(boxes) == list(flow.steps)
    for step_id, number in numbers(flow).items():
        assert texts(boxes[step_id]).startswith(f"{number} {flow.steps[step_id].title}")
    for phase in flow.phases:
        assert phase.title in texts(svg)


@each_flow
def test_every_branch_is_in_the_drawing_with_its_condition(flow: Flow) -> None:
    svg = drawn(flow)
    expected = Counter((way.source, way.to) for step in flow.steps.values() for way in ways(step))
    told = Counter(
        (step.id, flow.disclosure)
        for step in flow.steps.values()
        if step.mode == "ladder" and (step.id, flow.disclosure) in lines_of(svg, "down")
    )
    assert lines_of(svg, "way", "down") == expected + told
    said = texts(svg)
    for step in flow.steps.values():
        for way in ways(step):
            if way.guard:
                assert f"{WORDS.way(way)} → {numbers(flow)[way.to]}" in said
    for branch in flow.always:
        assert f"{WORDS.guard(branch.guard.text)} → {numbers(flow)[branch.to]}" in said
    assert f"however early → {numbers(flow)[flow.disclosure]}" in said


def overlapping(placed: list[Text]) -> list[tuple[str, str]]:
    areas = [(text.line, text.area) for text in placed]
    return [
        (one, other)
        for (one, a), (other, b) in combinations(areas, 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


@each_flow
def test_no_texts_overlap_and_each_stays_in_its_place(flow: Flow) -> None:
    page = lay_out(flow, WORDS)
    rows = list(page.rows.values())
    exits = [each for row in rows for each in row.exits]
    placed = [*page.told, *(text for row in rows for text in row.texts)]
    placed += [text for each in exits for text in each.texts]
    placed += [text for strip in page.strips for text in strip.texts]
    assert overlapping(placed) == []
    for row in rows:
        for text in row.texts:
            left, top, right, bottom = text.area
            assert row.x < left < right < BOX_RIGHT
            assert row.y < top < bottom < row.y + row.height
    for each in exits:
        assert all(text.area[2] < LANES_X for text in each.texts)
    for strip in page.strips:
        assert all(strip.y < text.area[1] and text.area[3] < strip.y + strip.height for text in strip.texts)


@each_flow
def test_boxes_do_not_touch_and_lines_can_be_told_apart(flow: Flow) -> None:
    page = lay_out(flow, WORDS)
    rows = list(page.rows.values())
    assert all(upper.y + upper.height + 10 < lower.y for upper, lower in pairwise(rows))
    found = lanes(page.rows)
    for one, other in combinations(found, 2):
        if one.column == other.column:
            assert one.reach[1] < other.reach[0] or other.reach[1] < one.reach[0]
    heights = sorted([*(lane.to.entry for lane in found), *(e.y for row in rows for e in row.exits)])
    assert all(lower - upper > 6 for upper, lower in pairwise(heights))
    crossed = [
        text.line
        for row in rows
        for each in row.exits
        for text in each.texts
        if any(text.area[1] < y < text.area[3] for y in heights)
    ]
    assert crossed == []


@each_flow
def test_the_usual_way_passes_beside_the_detours(flow: Flow) -> None:
    page = lay_out(flow, WORDS)
    order = list(page.rows.values())
    for down in page.downs:
        source, to = page.rows[down.source], page.rows[down.to]
        between = [row for row in order if source.y < row.y < to.y]
        assert source.y < to.y
        assert all(row.x > SPINE_X + 10 for row in between) if down.usual else between == []


def test_what_stands_in_a_title_is_never_more_than_text() -> None:
    flow = nichd()
    steps = {name: replace(step, title=HOSTILE) for name, step in flow.steps.items()}
    phases = tuple(replace(phase, title=HOSTILE) for phase in flow.phases)
    hostile = replace(flow, title=HOSTILE, steps=steps, phases=phases)
    page = lay_out(hostile, WORDS)
    svg = drawn(hostile)
    assert {element.tag.removeprefix(SVG) for element in svg.iter()} <= {
        *("svg", "title", "desc", "rect", "path", "g", "text", "circle"),
    }
    assert overlapping([text for row in page.rows.values() for text in row.texts]) == []
    assert "alert" in texts(svg)


def test_nothing_in_the_drawing_needs_an_inline_style() -> None:
    svg = fromstring(draw(minimal(), WORDS, link=lambda step: f"#step-{step}"))
    assert [element.tag for element in svg.iter() if element.get("style")] == []
    assert svg.find(f"{SVG}style") is None
    assert [link.get("href") for link in svg.iter(f"{SVG}a")] == [f"#step-{step}" for step in minimal().steps]
    assert svg.get("role") == "group"  # an image could hold no links


def test_the_drawing_says_what_it_is() -> None:
    svg = drawn(nichd())
    named = {element.get("id"): element.text for element in svg if element.get("id")}
    assert named[svg.get("aria-labelledby")] == nichd().title
    assert "37 numbered steps" in str(named[svg.get("aria-describedby")])
    assert svg.get("role") == "img"


def test_the_style_sheet_has_the_sizes_that_were_reckoned_with() -> None:
    css = (ROOT / "web/static/css/flow.css").read_text(encoding="utf-8")
    rules = re.findall(r"([^{}]+)\{([^}]*)\}", css)
    for kind, size in SIZES.items():
        bodies = [body for names, body in rules if f".{kind}" in re.split(r"[\s,]+", names)]
        assert any(f"font-size: {size:g}px" in body for body in bodies), kind


@pytest.mark.parametrize("text", ["", "one", "a few words that need three lines", "W" * 90, "é" * 50 + " x"])
def test_lines_fit_their_room_and_lose_nothing(text: str) -> None:
    found = lines(text, "title", 120)
    assert all(width(line, "title") <= 120 for line in found)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), catch_exceptions=False)


def test_the_command_gives_a_file_that_needs_no_other() -> None:
    answer = run("draw", "minimal_facts")
    svg = fromstring(answer.stdout)
    assert answer.exit_code == 0
    style = str(svg[2].text)
    assert "prefers-color-scheme: dark" in style
    assert not re.search(r"https?://|url\(|@import", answer.stdout.replace("http://www.w3.org/2000/svg", ""))


def test_the_command_knows_what_there_is() -> None:
    answer = run("draw", "nothing")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "there is no protocol 'nothing'" in answer.stderr
    assert "minimal_facts" in answer.stderr


@each_flow
def test_the_drawing_in_the_documents_is_up_to_date(flow: Flow) -> None:
    path = ROOT / "docs/flows" / f"{flow.id}.svg"
    assert path.is_file(), REDRAW
    assert path.read_text(encoding="utf-8") == draw_flows.drawing(flow.id), f"{path.name} is old: {REDRAW}"


def test_the_page_of_drawings_is_up_to_date_and_no_drawing_is_left_over() -> None:
    assert (ROOT / "docs/protocols.md").read_text(encoding="utf-8") == draw_flows.page(library()), REDRAW
    assert {path.stem for path in (ROOT / "docs/flows").iterdir()} == set(library().flows), REDRAW
