"""The door: who may come in, and with what."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from tests.bot.labels import label
from tests.bot.server import TOKEN

TURN = "/webhooks/labels/turn"
GOOD = {"conversation": "door", "protocol": "nichd_revised_2014", "age": 9, "seen": 0, "labels": []}


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": TOKEN},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer tökén".encode("latin-1")},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", TURN), ("GET", "/webhooks/labels/")])
def test_without_the_token_nobody_comes_in(server, header, method, path):
    answer = requests.request(method, server.url + path, json=GOOD, headers=header, timeout=10)
    assert answer.status_code == 401
    assert "guidance" not in answer.text
    assert "protocols" not in answer.text


def test_health_names_each_protocol_with_its_hash(client, library):
    assert client.get("/webhooks/labels/").json() == {
        "status": "ok",
        "protocols": {name: flow.hash for name, flow in library.flows.items()},
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/model"),
        ("POST", "/model/train"),
        ("POST", "/model/parse"),
        ("GET", "/conversations/door/tracker"),
        ("POST", "/conversations/door/trigger_intent"),
        ("GET", "/domain"),
        ("GET", "/status"),
        ("POST", "/webhooks/rest/webhook"),
    ],
)
def test_the_api_of_rasa_does_not_exist(client, method, path):
    answer = client.http.request(method, client.server.url + path, json={}, timeout=10)
    assert answer.status_code == 404


def test_no_page_of_another_site_may_read_an_answer(client):
    answer = client.http.post(
        client.server.url + TURN, json=GOOD, headers={"Origin": "http://elsewhere"}, timeout=10
    )
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_it_listens_on_loopback_only(server):
    port = f":{server.port:04X}"
    listening = [
        line.split()[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(port)
    ]
    assert listening == [f"0100007F{port}"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"conversation": None}, "conversation: not of the form"),
        ({"conversation": "../../etc"}, "conversation: not of the form"),
        ({"conversation": "a" * 65}, "conversation: not of the form"),
        ({"protocol": "nichd_1999"}, "protocol: not known"),
        ({"protocol": 7}, "protocol: not of the form"),
        ({"age": "nine"}, "age: nichd_revised_2014 is for children of"),
        ({"age": 44}, "age: nichd_revised_2014 is for children of"),
        ({"age": True}, "age: nichd_revised_2014 is for children of"),
        ({"seen": -1}, "seen: not a whole number"),
        ({"seen": True}, "seen: not a whole number"),
        ({"restart": "yes"}, "restart: not true or false"),
        ({"words": "hello"}, "the body is not an object with only"),
        ({"labels": {}}, "labels: not a list"),
        ({"labels": ["stop"]}, "labels[0]: not an object"),
        ({"labels": [{"intent": "stop", "text": "x"}]}, "labels[0]: not an object"),
        ({"labels": [label("stop"), label("greet")]}, "labels[1]: unknown intent"),
        ({"labels": [label("ask")]}, "labels[0]: unknown intent"),
        ({"labels": [label("stop", why="tired")]}, "labels[0]: unknown entity"),
        ({"labels": [label("child_turn", response="I saw him")]}, "labels[0].response: not a known code"),
        ({"labels": [label("child_turn", response="x" * 41)]}, "labels[0].response: not a known code"),
        ({"labels": [label("child_turn", response=["none"])]}, "labels[0].response: not a known code"),
        ({"labels": [label("child_turn", response=1.5)]}, "labels[0].response: not a known code"),
        ({"labels": [label("child_turn", response="lake")]}, "labels[0].response: not a known code"),
        ({"labels": [label("child_turn", substantive="true")]}, "labels[0].substantive: not a known code"),
        ({"labels": [label("child_turn", reluctance=1)]}, "labels[0].reluctance: not a known code"),
        ({"labels": [label("interviewer_turn", subtype="My dad")]}, "labels[0].subtype: not a known code"),
        ({"labels": [label("interviewer_turn", subtype="x" * 41)]}, "labels[0].subtype: not a known code"),
        ({"labels": [label("interviewer_turn", type="lake")]}, "labels[0].type: not a known code"),
        ({"labels": [label("interviewer_turn", type=5000)]}, "labels[0].type: not a known code"),
        ({"labels": [label("take_card", card="no_such_card")]}, "labels[0].card: not one of protocol"),
        ({"labels": [label("go_to", step="nowhere")]}, "labels[0].step: not one of protocol"),
        ({"labels": [label("observe", condition="rain")]}, "labels[0].condition: not one of protocol"),
        ({"labels": [label("observe")]}, "labels[0].condition: not one of protocol"),
        ({"labels": [label("stop")] * 4001}, "labels: not a list of at most 4000"),
    ],
)
def test_what_is_no_label_is_refused_with_its_place(client, change, says):
    answer = client.send({**GOOD, **change})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(says)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"labels": NaN}'])
def test_what_is_no_json_object_is_refused(client, body):
    answer = client.http.post(client.server.url + TURN, data=body, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_a_megabyte_is_refused_and_the_server_lives(client):
    answer = client.http.post(client.server.url + TURN, data=b" " * 1_000_000, timeout=10)
    assert answer.status_code == 413
    assert client.get("/webhooks/labels/").status_code == 200
