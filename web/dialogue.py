"""The console's port to the dialogue engine: the only code that knows there is a Rasa server.

The engine's memory is a cache. Every call says how many labels the engine should have seen; when
the counts differ, or the engine is new, it is rebuilt from the labels in the record. So asking twice
can never apply a label twice.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import httpx
import tenacity

from protocols.labels import CardRef, Guidance, Label
from protocols.library import Library
from web.dialogue_watch import Watch

REPLAY_TIMEOUT_S = 5.0
CHUNK = 2000
"""Labels in one request; more are sent in several. The engine takes 4000."""
FALLBACK_REASON = "guide_away"
MAX_FALLBACK_CARDS = 12


_STALE = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


class DialogueDown(Exception):
    """No guidance now; the interview goes on with the protocol's cards. The text is for the log."""


class DialogueRefused(DialogueDown):
    """The engine runs but will not take these labels (no such edition, protocol, code): a fault to report."""


class Dialogue:
    """Asks the engine for guidance. Safe for threads; one for a process.

    `timeout_s` is the longest a turn may wait, in seconds. After a failure no call waits at all until
    the engine has been heard again (looked for every 2 s in the background).
    """

    def __init__(self, url: str, token: str, timeout_s: float = 1.0) -> None:
        self._http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=timeout_s,
            trust_env=False,  # a proxy of the machine must never see labels
        )
        self._watch = Watch(self._health)
        self._known: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def advance(  # noqa: PLR0917 - the port's contract
        self,
        conversation: str,
        protocol: str,
        age: int | None,
        history: Callable[[], list[Label]],
        seen: int,
        new: list[Label],
        edition: str | None = None,
    ) -> Guidance:
        """Send new labels and return where that leaves the protocol, as it is in `edition` (None: shipped).

        `seen` counts the labels of this interview before `new`; `history()` returns them from the record
        and is called only when the engine must be rebuilt. `new` should be in the record already: what
        is lost here is rebuilt from there. Raises DialogueDown, or DialogueRefused with what is wrong.
        """
        if self._watch.down:
            raise DialogueDown(self._watch.reason)
        subject = {"conversation": conversation, "edition": edition, "protocol": protocol, "age": age}
        try:
            guidance = self._ask(subject, seen, new) if self._is_known(conversation) else None
            if guidance is None:
                guidance = self._rebuild(subject, [*history(), *new])
        except DialogueDown:
            self._forget(conversation)
            raise
        self._remember(conversation)
        return guidance

    def ready(self) -> bool:
        """Whether the engine answers. Asks it when it has not been heard for some seconds."""
        return self._watch.ready()

    def status(self) -> dict[str, Any]:
        """`state` (ready, down), `reason` (a code, empty when ready), `since` (Unix seconds) and
        `protocols`, the hash of each protocol that the engine walks."""
        return self._watch.status()

    def walks_other(self, shipped: Library) -> bool:
        """Whether the engine was heard to walk other shipped protocols than these: it wants a restart."""
        walked = self.status()["protocols"]
        return bool(walked) and walked != {name: flow.hash for name, flow in shipped.flows.items()}

    def close(self) -> None:
        self._watch.close()
        self._http.close()

    def _rebuild(self, subject: dict[str, Any], labels: list[Label]) -> Guidance:
        guidance = None
        for start in range(0, max(len(labels), 1), CHUNK):
            guidance = self._ask(subject, start, labels[start : start + CHUNK], restart=start == 0)
            if guidance is None:
                break
        if guidance is None:
            raise DialogueDown("conflict")
        return guidance

    def _ask(
        self, subject: dict[str, Any], seen: int, labels: list[Label], restart: bool = False
    ) -> Guidance | None:
        """The engine's guidance; None when its count of labels is another one."""
        body = {**subject, "seen": seen, "labels": [label.as_dict() for label in labels], "restart": restart}
        try:
            response = self._post(body, REPLAY_TIMEOUT_S if restart else None)
        except httpx.TimeoutException:
            raise self._failed("slow") from None
        except httpx.HTTPError:
            raise self._failed("unreachable") from None
        if response.status_code == httpx.codes.CONFLICT:
            return None
        if response.status_code == httpx.codes.INTERNAL_SERVER_ERROR:
            raise DialogueDown("turn_failed")
        if response.status_code not in (httpx.codes.OK, httpx.codes.BAD_REQUEST):
            raise self._failed("refused")
        try:
            return self._read(response)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise self._failed("nonsense") from None

    def _read(self, response: httpx.Response) -> Guidance:
        answer = response.json()
        if response.status_code == httpx.codes.BAD_REQUEST:
            raise DialogueRefused(str(answer["detail"]))
        self._watch.heard()
        return Guidance.from_dict(answer["guidance"])

    @tenacity.retry(
        retry=tenacity.retry_if_exception_type(_STALE),
        stop=tenacity.stop_after_attempt(2),
        reraise=True,
    )
    def _post(self, body: dict[str, Any], timeout_s: float | None) -> httpx.Response:
        """Post, once more when a kept connection turns out to be closed (a restarted engine)."""
        timeout = httpx.USE_CLIENT_DEFAULT if timeout_s is None else httpx.Timeout(timeout_s)
        return self._http.post("/webhooks/labels/turn", json=body, timeout=timeout)

    def _failed(self, reason: str) -> DialogueDown:
        self._watch.lost(reason)
        return DialogueDown(reason)

    def _health(self) -> dict[str, str]:
        response = self._http.get("/webhooks/labels/")
        response.raise_for_status()
        hashes: dict[str, str] = response.json()["protocols"]
        return hashes

    def _is_known(self, conversation: str) -> bool:
        """Whether this process has built the conversation; if not, what the engine holds may be from a
        console that died before it wrote its labels down."""
        with self._lock:
            return conversation in self._known

    def _remember(self, conversation: str) -> None:
        with self._lock:
            self._known[conversation] = None
            self._known.move_to_end(conversation)
            while len(self._known) > 1000:
                self._known.popitem(last=False)

    def _forget(self, conversation: str) -> None:
        with self._lock:
            self._known.pop(conversation, None)


def fallback(library: Library, protocol: str, phase: str) -> Guidance:
    """The phase's cards in their order, for when the engine is away: no judgement about what comes next.

    KeyError: no such protocol or phase.
    """
    flow = library.flows[protocol]
    cards = [CardRef(card.id, FALLBACK_REASON) for card in library.phase_cards(protocol, phase)]
    order = [item.id for item in flow.phases]
    place = order.index(phase)
    states = {name: "done" if n < place else "now" if n == place else "ahead" for n, name in enumerate(order)}
    step = next((step.id for step in flow.steps.values() if step.phase == phase), flow.start)
    return Guidance(
        phase=phase,
        step=step,
        cards=tuple(cards[:MAX_FALLBACK_CARDS]),
        phases=states,
        explain={"rule": "fallback"},
    )
