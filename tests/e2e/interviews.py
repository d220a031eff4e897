"""An interview over HTTP, as a program of another agency would hold it."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx

NEW: dict[str, Any] = {
    "case_code": "K-2026-17",
    "protocol": "nichd_revised_2014",
    "child_age": 9,
    "interviewer_language": "en",
    "child_language": "en",
    "persons_present": "interviewer, child",
    "information_given": {
        "recording": True,
        "use": True,
        "who_listens": True,
        "words": "told in plain words",
    },
    "assent": {"given": "yes", "how": "said yes"},
    "preparation": "",
}


class Held:
    """One interview in progress."""

    def __init__(self, client: httpx.Client, **changes: Any) -> None:
        self.client = client
        answer = client.post("/api/interviews", json={**NEW, **changes})
        assert answer.status_code == 201, answer.text
        self.id: str = answer.json()["id"]
        self.path = f"/api/interviews/{self.id}"
        self.count = 0

    @classmethod
    def of(cls, client: httpx.Client, interview_id: str) -> Held:
        """One that somebody has begun in the browser."""
        held = cls.__new__(cls)
        held.client, held.id, held.count = client, interview_id, 0
        held.path = f"/api/interviews/{interview_id}"
        return held

    def say(self, speaker: str, text: str, key: str | None = None) -> httpx.Response:
        self.count += 1
        body = {"key": key or f"t{self.count}", "speaker": speaker, "text": text}
        return self.client.post(f"{self.path}/turns", json=body)

    def press(self, action: str, **more: Any) -> httpx.Response:
        self.count += 1
        return self.client.post(
            f"{self.path}/actions", json={"key": f"a{self.count}", "action": action, **more}
        )

    def put_chunk(self, track: str, number: int, body: bytes) -> httpx.Response:
        headers = {"X-Chunk-SHA256": hashlib.sha256(body).hexdigest()}
        return self.client.put(f"{self.path}/audio/{track}/{number}", content=body, headers=headers)

    def events(self, after: int = 0) -> list[dict[str, Any]]:
        """All events so far, without a stream."""
        found: list[dict[str, Any]] = []
        while True:
            answer = self.client.get(f"{self.path}/events", params={"poll": 1, "after": after})
            assert answer.status_code == 200, answer.text
            page = answer.json()["events"]
            if not page:
                return found
            found += page
            after = page[-1]["seq"]

    def turns(self) -> list[str]:
        return [event["text"] for event in self.events() if event["kind"] == "turn"]
