"""A copy of a protocol to change: its file as it stands, comments and all, under another name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from protocols.editions import OWN
from protocols.errors import ProtocolError
from protocols.files import Files, load_checked


def copy_flow(files: Files, flow_id: str, own_id: str, title: str) -> dict[str, str]:
    """The files of a copy of `flow_id`: path and text. Cards stay shared with the flow it was copied from.

    KeyError: there is no such flow. ProtocolError: the name cannot be that of an own flow, or is taken.
    """
    name, own = f"flows/{flow_id}/flow.yml", f"flows/{own_id}/flow.yml"
    if name not in files:
        raise KeyError(flow_id)
    if not OWN.fullmatch(own):
        raise ProtocolError(
            own, 0, "this is no name for a protocol of your own", "own_ and up to 40 small letters, digits, _"
        )
    if own in files:
        raise ProtocolError(own, 0, "there is a protocol of this name already", "Choose another name")
    load_checked(files, name, "flow_file")
    copy = {own: _with_head(files[name].decode("utf-8"), {"id": own_id, "version": "1.0", "title": title})}
    fit = f"flows/{flow_id}/fit.yml"
    if fit in files:
        copy[f"flows/{own_id}/fit.yml"] = files[fit].decode("utf-8")
    return copy


def _with_head(text: str, values: Mapping[str, str]) -> str:
    head = _entry(yaml.compose(text, Loader=yaml.SafeLoader), "flow")
    nodes = sorted(((_entry(head, key), value) for key, value in values.items()), key=_start, reverse=True)
    for node, value in nodes:
        start, end = node.start_mark.index, node.end_mark.index
        written = text[start:end]
        after = written[len(written.rstrip()) :]
        text = text[:start] + json.dumps(value, ensure_ascii=False) + after + text[end:]
    return text


def _start(node_and_value: tuple[Any, str]) -> int:
    start: int = node_and_value[0].start_mark.index
    return start


def _entry(node: Any, key: str) -> Any:
    return next(value for name, value in node.value if name.value == key)
