"""A flow drawn as SVG: phases as bands, steps as boxes, the usual way straight down, branches beside."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from protocols.drawing_lanes import STEP, Lane, lanes
from protocols.drawing_layout import (
    BOX_RIGHT,
    DETOUR,
    LANES_X,
    PHASE_X,
    SPINE_X,
    Down,
    Layout,
    Row,
    Strip,
    lay_out,
    leading,
)
from protocols.drawing_text import Text, clean, height, paragraph
from protocols.in_words import InWords
from protocols.model import Flow
from protocols.reading import bands, numbers

Link = Callable[[str], str]
"""The address of what is said about a step."""
_ROUND = 6.0
_TONES = 4


def draw(flow: Flow, words: InWords, link: Link | None = None, style: str = "") -> str:
    """The drawing as one `<svg>`; the classes of its parts are styled from outside, or by `style` within it.

    With `link` every box leads somewhere, and the drawing is a group of links rather than an image.
    """
    page = lay_out(flow, words)
    found = lanes(page.rows)
    wide = LANES_X + STEP * (max((lane.column for lane in found), default=-1) + 1)
    foot = _foot(flow, words, page.height + 10, wide - 2 * PHASE_X)
    tall = page.height + (height(foot) + 26)
    svg = _root(flow, words, wide, tall, "img" if link is None else "group")
    if style:
        SubElement(svg, "style").text = style
    _put(svg, "rect", "ground", x=0, y=0, width=wide, height=tall)
    for strip in page.strips:
        _draw_strip(svg, strip, wide)
    for lane in found:
        _draw_lane(svg, page, lane)
    for down in page.downs:
        _draw_down(svg, page, down)
    _start(svg, page.rows[flow.start])
    for row in page.rows.values():
        _draw_row(svg, row, link)
    _write(svg, (*page.told, *foot))
    indent(svg, " ")
    return tostring(svg, encoding="unicode")


def _root(flow: Flow, words: InWords, wide: float, tall: float, role: str) -> Element:
    names = {"title": f"{flow.id}-title", "desc": f"{flow.id}-desc"}
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "flow",
            "viewBox": f"0 0 {wide:g} {tall:.0f}",
            "width": f"{wide:g}",
            "height": f"{tall:.0f}",
            "role": role,
            "direction": "ltr",
            "aria-labelledby": names["title"],
            "aria-describedby": names["desc"],
        },
    )
    told = words.phrase("drawing", "describe", phases=len(bands(flow)), steps=len(flow.steps))
    SubElement(svg, "title", id=names["title"]).text = clean(words.say(flow.title))
    SubElement(svg, "desc", id=names["desc"]).text = clean(told)
    return svg


def _foot(flow: Flow, words: InWords, y: float, room: float) -> list[Text]:
    """What holds at every step, once."""
    number = numbers(flow)
    said = [
        leading(words.phrase("drawing", "always", guard=words.guard(branch.guard.text)), number[branch.to])
        for branch in flow.always
    ]
    said.append(leading(words.phrase("drawing", "disclosure"), number[flow.disclosure]))
    said += [words.phrase("drawing", name) for name in ("interrupts", "overlays", "lines")]
    texts = paragraph(words.phrase("drawing", "anywhere"), "foot-title", PHASE_X, y, room)
    for sentence in said:
        texts += paragraph(sentence, "foot", PHASE_X, y + height(texts) + 7, room)
    return texts


def _draw_strip(svg: Element, strip: Strip, wide: float) -> None:
    kind = "band pause" if strip.band.phase.pause else f"band {strip.band.phase.stage}"
    _put(svg, "rect", kind, x=0, y=strip.y, width=wide, height=strip.height)
    _put(svg, "path", "edge", d=f"M0,{strip.y:g} H{wide:g}")
    _write(svg, strip.texts)


def _draw_lane(svg: Element, page: Layout, lane: Lane) -> None:
    """A group per step that is led to: one line from each box, one way in."""
    group = SubElement(svg, "g", {"class": f"lane tone-{lane.column % _TONES}"})
    entry = lane.to.entry
    for end in lane.reach:
        if end != entry:
            turn = _ROUND if end < entry else -_ROUND
            path = f"M{lane.x:g},{end + turn:g} V{entry - turn:g} q0,{turn:g} {-_ROUND:g},{turn:g}"
            _put(group, "path", "trunk", d=f"{path} H{BOX_RIGHT:g}")
    for each in lane.exits:
        turn = _ROUND if each.y < entry else -_ROUND
        path = f"M{BOX_RIGHT:g},{each.y:g} H{lane.x - _ROUND:g} q{_ROUND:g},0 {_ROUND:g},{turn:g}"
        way = _put(group, "path", f"way {each.way.kind}", d=path)
        way.set("data-from", each.way.source)
        way.set("data-to", each.way.to)
    _put(group, "path", "head", d=f"M{BOX_RIGHT:g},{entry:g} l8,-4.5 v9 z")
    for each in lane.exits:
        _write(group, each.texts)


def _draw_down(svg: Element, page: Layout, down: Down) -> None:
    source, to = page.rows[down.source], page.rows[down.to]
    x = SPINE_X if down.usual else SPINE_X + DETOUR
    kind = "down told" if down.told else "down"
    line = _put(svg, "path", kind, d=f"M{x:g},{source.y + source.height:g} V{to.y - 6:g}")
    line.set("data-from", down.source)
    line.set("data-to", down.to)
    _put(svg, "path", "down-head", d=f"M{x:g},{to.y:g} l-4.5,-8 h9 z")


def _start(svg: Element, row: Row) -> None:
    _put(svg, "circle", "down-head", cx=SPINE_X, cy=row.y - 15, r=5)
    _put(svg, "path", "begin", d=f"M{SPINE_X:g},{row.y - 15:g} V{row.y:g}")


def _draw_row(svg: Element, row: Row, link: Link | None) -> None:
    parent = svg if link is None else SubElement(svg, "a", href=link(row.step.id))
    group = SubElement(
        parent, "g", {"class": "step end" if row.step.end else "step", "data-step": row.step.id}
    )
    _put(
        group,
        "rect",
        "box",
        x=row.x,
        y=row.y,
        width=BOX_RIGHT - row.x,
        height=row.height,
        rx=12 if row.step.end else 4,
    )
    _write(group, row.texts)


def _write(parent: Element, texts: tuple[Text, ...]) -> None:
    for text in texts:
        _put(parent, "text", text.kind, x=text.x, y=text.y).text = text.line


def _put(parent: Element, tag: str, kind: str, **values: float | str) -> Element:
    shown = {name: v if isinstance(v, str) else f"{v:g}" for name, v in values.items()}
    return SubElement(parent, tag, {"class": kind, **shown})
