"""The console's port to the engine: against the real Rasa server, and against one that misbehaves."""

from __future__ import annotations

import json
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from protocols import walker
from protocols.labels import Guidance, Label
from protocols.library import Library, load_library
from tests.bot.editions import OWN, make_edition, merged, own_files
from tests.bot.labels import random_labels
from tests.bot.server import TOKEN, BotServer, bot_python, free_port
from web.dialogue import Dialogue, DialogueDown, DialogueRefused, fallback
from web.language.model import QuestionType, Response

PROTOCOL = "nichd_revised_2014"
INVITE = Label("interviewer_turn", {"type": "invitation", "suggestive": False})
TELLS = Label("child_turn", {"response": "narrative", "substantive": False})
pytestmark = [pytest.mark.loopback, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotServer]:
    python = bot_python()
    if python is None:
        pytest.skip("TELLMORE_BOT_PYTHON does not name the Python that holds Rasa")
    server = BotServer(python, tmp_path_factory.mktemp("bot"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def dialogue(server: BotServer) -> Iterator[Dialogue]:
    if not server.answers():
        server.start()
    dialogue = Dialogue(server.url, TOKEN, timeout_s=5.0)
    yield dialogue
    dialogue.close()


class Record:
    """An interview as the database would hold it: labels first written, then sent."""

    def __init__(  # noqa: PLR0917
        self,
        dialogue: Dialogue,
        name: str,
        age: int | None = 9,
        protocol: str = PROTOCOL,
        edition: str | None = None,
    ) -> None:
        self.dialogue, self.name, self.age = dialogue, name, age
        self.protocol, self.edition = protocol, edition
        self.labels: list[Label] = []
        self.asked = 0

    def say(self, *labels: Label) -> Guidance:
        seen = len(self.labels)
        self.labels.extend(labels)
        return self.dialogue.advance(
            self.name,
            self.protocol,
            self.age,
            lambda: self._history(seen),
            seen,
            list(labels),
            edition=self.edition,
        )

    def _history(self, seen: int) -> list[Label]:
        self.asked += 1
        return self.labels[:seen]


def walked(library: Library, labels: list[Label], protocol: str = PROTOCOL) -> Guidance:
    flow = library.flows[protocol]
    state, guidance = walker.start(flow, 9)
    for label in labels:
        state, guidance = walker.advance(flow, state, label)
    return guidance


def until(condition: Callable[[], Any]) -> None:
    """Wait for a condition; the test's own time limit ends a wait that is in vain."""
    while not condition():
        time.sleep(0.05)


# --- the real server


def test_an_interview_is_guided_as_the_walker_says(dialogue: Dialogue, library: Library) -> None:
    record = Record(dialogue, "port-1")
    assert record.say() == walked(library, [])
    for raw in random_labels(library.flows[PROTOCOL], 60, random.Random(3)):
        assert record.say(Label.from_dict(raw)) == walked(library, record.labels)
    assert record.asked == 1  # to make sure at the first turn, then never again


def test_a_new_console_process_rebuilds_what_it_did_not_send(dialogue: Dialogue, library: Library) -> None:
    lost = Record(dialogue, "port-2")
    lost.say(Label("stop"))  # said by a console that died before it was written down
    with_record = Dialogue(str(dialogue._http.base_url), TOKEN, timeout_s=5.0)
    fresh = Record(with_record, "port-2")
    fresh.labels = [INVITE]
    assert fresh.say(TELLS) == walked(library, [INVITE, TELLS])
    with_record.close()


def test_two_consoles_with_one_interview_agree_in_the_end(
    dialogue: Dialogue, server: BotServer, library: Library
) -> None:
    other = Dialogue(server.url, TOKEN, timeout_s=5.0)
    mine, theirs = Record(dialogue, "port-3"), Record(other, "port-3")
    theirs.labels = mine.labels  # one record
    for talker in (mine, theirs, mine, mine, theirs, mine):
        assert talker.say(INVITE, TELLS) == walked(library, mine.labels)
    other.close()


def test_a_killed_engine_costs_a_notice_and_is_rebuilt(
    server: BotServer, dialogue: Dialogue, library: Library
) -> None:
    record = Record(dialogue, "port-4")
    for _ in range(5):
        record.say(INVITE, TELLS)
    server.kill()
    with pytest.raises(DialogueDown):
        record.say(INVITE)
    assert not dialogue.ready()
    assert dialogue.status()["state"] == "down"
    with pytest.raises(DialogueDown):
        record.say(TELLS)  # still written down
    server.start()
    until(dialogue.ready)
    assert record.say(Label("break")) == walked(library, record.labels)
    assert len(record.labels) == 13


def test_a_restart_between_two_turns_is_not_noticed(
    server: BotServer, dialogue: Dialogue, library: Library
) -> None:
    record = Record(dialogue, "port-5")
    record.say(INVITE, TELLS)
    server.kill()
    server.start()
    assert record.say(INVITE) == walked(library, record.labels)


def test_a_frozen_engine_is_waited_for_once(server: BotServer) -> None:
    dialogue = Dialogue(server.url, TOKEN, timeout_s=0.3)
    record = Record(dialogue, "port-6")
    until(dialogue.ready)
    server.signal(signal.SIGSTOP)
    try:
        with pytest.raises(DialogueDown, match="slow"):
            record.say(INVITE)
        sent: list[Any] = []
        dialogue._http.event_hooks = {"request": [sent.append]}
        for _ in range(20):
            with pytest.raises(DialogueDown):
                record.say(INVITE)
        assert not [request for request in sent if request.method == "POST"]
    finally:
        server.signal(signal.SIGCONT)
    until(dialogue.ready)
    dialogue.close()


def test_a_long_interview_is_replayed(dialogue: Dialogue, library: Library) -> None:
    labels = [Label.from_dict(raw) for raw in random_labels(library.flows[PROTOCOL], 4500, random.Random(5))]
    record = Record(dialogue, "port-7")
    record.labels = labels[:-1]
    assert record.say(labels[-1]) == walked(library, labels)


def test_a_wrong_token_is_down_and_says_so(server: BotServer) -> None:
    dialogue = Dialogue(server.url, "not-the-token-at-all")
    with pytest.raises(DialogueDown, match="refused"):
        Record(dialogue, "port-8").say(INVITE)
    assert dialogue.status()["reason"] == "refused"
    dialogue.close()


def test_labels_that_are_refused_are_a_fault_not_an_outage(dialogue: Dialogue) -> None:
    record = Record(dialogue, "port-9")
    with pytest.raises(DialogueRefused, match=r"labels\[0\].step: not one of protocol"):
        record.say(Label("go_to", {"step": "nowhere"}))
    assert dialogue.ready()
    with pytest.raises(DialogueRefused, match="protocol: not known"):
        dialogue.advance("port-10", "no_such", 9, list, 0, [])
    with pytest.raises(DialogueRefused, match="age"):
        Record(dialogue, "port-11", age=40).say(INVITE)


def test_an_interview_keeps_the_edition_it_began_with(
    server: BotServer, dialogue: Dialogue, library: Library
) -> None:
    """Two editions of one protocol at a time, both made while the engine runs; then the engine is killed."""
    own = [own_files(first) for first in ("own_house", "own_roof")]
    libraries = [load_library(merged(files)) for files in own]
    records = [
        Record(dialogue, f"port-14-{n}", protocol=OWN, edition=make_edition(server.home, files))
        for n, files in enumerate(own)
    ]
    for record, made in zip(records, libraries, strict=True):
        assert record.say() == walked(made, [], OWN)
        record.say(INVITE, TELLS)
    server.kill()
    server.start()
    for record, made in zip(records, libraries, strict=True):
        assert record.say(Label("next_step")) == walked(made, record.labels, OWN)
    shipped = Record(dialogue, "port-14-shipped")
    assert shipped.say(INVITE) == walked(library, [INVITE])


def test_an_edition_the_engine_does_not_have_is_a_fault_of_that_interview_alone(
    server: BotServer, dialogue: Dialogue, library: Library
) -> None:
    files = own_files("own_late")
    made = load_library(merged(files))
    late = Record(dialogue, "port-15", protocol=OWN, edition=made.edition)
    with pytest.raises(DialogueRefused, match="edition: not known here"):
        late.say(INVITE)
    assert dialogue.ready()
    assert Record(dialogue, "port-15-shipped").say(INVITE) == walked(library, [INVITE])
    make_edition(server.home, files)
    assert late.say(TELLS) == walked(made, late.labels, OWN)


def test_every_code_of_the_coder_is_taken(dialogue: Dialogue) -> None:
    record = Record(dialogue, "port-13")
    flags = {"substantive": True, "reluctance": False}
    record.say(*[Label("child_turn", {"response": answer.value, **flags}) for answer in Response])
    record.say(
        *[Label("interviewer_turn", {"type": kind.value, "suggestive": True}) for kind in QuestionType]
    )
    record.say(*[Label("interviewer_turn", {"type": "wh", "subtype": sub}) for sub in ("facilitator", "tag")])


def test_status_names_the_protocols_that_are_walked(dialogue: Dialogue, library: Library) -> None:
    assert dialogue.ready()
    status = dialogue.status()
    assert (status["state"], status["reason"]) == ("ready", "")
    assert status["protocols"] == {name: flow.hash for name, flow in library.flows.items()}


def test_many_threads_may_ask_at_once(dialogue: Dialogue, library: Library) -> None:
    records = [Record(dialogue, f"port-12-{n}") for n in range(6)]
    got: dict[str, Guidance] = {}

    def talk(record: Record) -> None:
        for _ in range(10):
            got[record.name] = record.say(INVITE, TELLS)

    threads = [threading.Thread(target=talk, args=(record,)) for record in records]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == {record.name: walked(library, record.labels) for record in records}


# --- a server that misbehaves


@contextmanager
def misbehaving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def do_GET(self) -> None:
            reply(self, 200, {"status": "ok", "protocols": {}})

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def reply(handler: BaseHTTPRequestHandler, status: int, body: Any) -> None:
    raw = json.dumps(body).encode()
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(raw)))
    handler.end_headers()
    handler.wfile.write(raw)


@pytest.mark.parametrize(
    ("status", "reason"), [(500, "turn_failed"), (502, "refused"), (404, "refused"), (409, "conflict")]
)
def test_whatever_the_engine_answers_the_interview_goes_on(status: int, reason: str) -> None:
    with misbehaving(lambda handler: reply(handler, status, {"detail": "x", "seen": 3})) as url:
        dialogue = Dialogue(url, TOKEN)
        with pytest.raises(DialogueDown, match=reason):
            Record(dialogue, "bad").say(INVITE)
        dialogue.close()


@pytest.mark.parametrize("body", [[], {"seen": 1}, {"guidance": {"phase": "x"}}, "text"])
def test_an_answer_that_makes_no_sense_is_an_outage(body: Any) -> None:
    with misbehaving(lambda handler: reply(handler, 200, body)) as url:
        dialogue = Dialogue(url, TOKEN)
        with pytest.raises(DialogueDown, match="nonsense"):
            Record(dialogue, "bad").say(INVITE)
        dialogue.close()


def test_an_answer_that_got_lost_does_not_apply_a_label_twice(library: Library) -> None:
    """The engine takes the label, the connection breaks, the console asks again."""
    got: list[dict[str, Any]] = []
    guidance = walked(library, []).as_dict()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(bodies.pop())
        got.append(body)
        if len(got) == 2:  # the turn after the first: taken, but the answer is lost
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
        elif len(got) == 3:  # the same turn again
            reply(handler, 409, {"seen": 2})
        else:
            reply(handler, 200, {"seen": body["seen"] + len(body["labels"]), "guidance": guidance})

    bodies: list[bytes] = []
    with misbehaving(answer) as url:
        dialogue = Dialogue(url, TOKEN)
        dialogue._http.event_hooks = {"request": [lambda request: bodies.append(request.content)]}
        record = Record(dialogue, "lost")
        record.say(INVITE)
        record.say(TELLS)
        dialogue.close()
    assert [(body["seen"], len(body["labels"]), body["restart"]) for body in got] == [
        (0, 1, True),
        (1, 1, False),
        (1, 1, False),
        (0, 2, True),
    ]


def test_nothing_listening_is_down_at_once_and_history_errors_pass() -> None:
    dialogue = Dialogue(f"http://127.0.0.1:{free_port()}", TOKEN)

    def broken() -> list[Label]:
        raise LookupError("the record cannot be read")

    with pytest.raises(LookupError):
        dialogue.advance("x", PROTOCOL, 9, broken, 0, [INVITE])
    with pytest.raises(DialogueDown, match="unreachable"):
        dialogue.advance("x", PROTOCOL, 9, list, 0, [INVITE])
    dialogue.close()


def test_no_proxy_of_the_machine_sees_labels(monkeypatch: pytest.MonkeyPatch, dialogue: Dialogue) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    proxied = Dialogue(str(dialogue._http.base_url), TOKEN, timeout_s=5.0)
    assert Record(proxied, "proxy").say(INVITE).cards
    proxied.close()


def test_the_token_is_in_no_message(caplog: pytest.LogCaptureFixture) -> None:
    dialogue = Dialogue(f"http://127.0.0.1:{free_port()}", TOKEN)
    with pytest.raises(DialogueDown) as caught:
        Record(dialogue, "x").say(INVITE)
    dialogue.close()
    assert TOKEN not in str(caught.value) + caplog.text
    assert not isinstance(caught.value.__cause__, httpx.HTTPError)


# --- without an engine


def test_fallback_shows_the_cards_of_the_phase_in_order(library: Library) -> None:
    flow = library.flows[PROTOCOL]
    for place, phase in enumerate(flow.phases):
        guidance = fallback(library, PROTOCOL, phase.id)
        wanted = [card.id for card in library.phase_cards(PROTOCOL, phase.id)]
        assert [card.id for card in guidance.cards] == wanted[:12]
        assert list(guidance.phases.values()) == ["done"] * place + ["now"] + ["ahead"] * (
            len(flow.phases) - place - 1
        )
        assert flow.steps[guidance.step].phase == phase.id
        assert {card.reason for card in guidance.cards} <= set(library.reasons)
        assert not guidance.can_end


@pytest.mark.parametrize(("protocol", "phase"), [("no_such", "x"), (PROTOCOL, "no_such")])
def test_fallback_names_what_it_does_not_know(library: Library, protocol: str, phase: str) -> None:
    with pytest.raises(KeyError, match="no_such"):
        fallback(library, protocol, phase)
