"""Measures a correction in a long transcript: `python -m bench.correcting [--turns N] [--steps N]`.

Prints one JSON object. An invented interview of N spoken turns, every word with its time, which people have
corrected so many times before. Each kind of step goes over the console's own routes, on SQLite on disk; then
the page asks what to draw anew. Milliseconds of processor time of this process, which other work on the
machine hardly changes: `saved` until the step is acknowledged, `drawn` until the answer with what it changed.
Nothing is kept.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from web.app import create_app
from web.config import Config
from web.interview import events
from web.interview.new import NewInterview
from web.interview.turns import TurnIn, record_all
from web.security import sessions
from web.services import Services, build_services
from web.store import Role, Segment, Track, TranscriptEdit, User, migrate
from web.store.base import new_id

SAID = "and then he took the ball and ran to the big tree behind our house with my brother's dog"
WORDS = SAID.split()
TURN_MS = len(WORDS) * 300 + 600
ROUNDS = 12


@dataclass
class Desk:
    """One interview on record, and somebody signed in who corrects it. `number`: of the last step."""

    client: FlaskClient
    interview_id: str
    turns: int
    number: int

    def timed(self, kind: str, **fields: Any) -> dict[str, float]:
        """Take a step and have it drawn; milliseconds of processor time of both."""
        seen, path = self.number, f"/interviews/{self.interview_id}/transcript"
        body = {"key": f"bench{seen}", "kind": kind, "seen": seen, **fields}
        began = time.process_time()
        answer = self.client.post(f"/api{path}/steps", json=body)
        saved = time.process_time()
        drawn = self.client.get(f"{path}/changes?after={seen}")
        done = time.process_time()
        assert (answer.status_code, drawn.status_code) == (200, 200), answer.text
        self.number = int(answer.get_json()["number"])
        assert drawn.get_json()["number"] == self.number == seen + 1
        return {"saved": (saved - began) * 1000, "drawn": (done - saved) * 1000}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=3000)
    parser.add_argument("--steps", type=int, default=1000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tellmore-bench-") as folder:
        print(json.dumps(measure(Path(folder), given.turns, given.steps), indent=2))


def measure(home: Path, turns: int, steps: int, rounds: int = ROUNDS) -> dict[str, Any]:
    desk = prepared(home, turns, steps)
    for _ in rounds_of(desk, 1):  # the first of a process are slower: templates are read
        pass
    gc.freeze()  # as a console does that has loaded the language analysis
    kinds = defaultdict(list)
    for kind, spent in rounds_of(desk, rounds):
        kinds[kind].append(spent)
    return {
        "turns": turns,
        "words": turns * len(WORDS),
        "steps_before": steps,
        "load_average": os.getloadavg()[0],
        **{kind: summary(runs) for kind, runs in kinds.items()},
        "all": summary([spent for runs in kinds.values() for spent in runs]),
    }


def prepared(home: Path, turns: int, steps: int) -> Desk:
    config = Config.from_environment({**os.environ, "TELLMORE_HOME": str(home)})
    config = replace(config, database_url=f"sqlite:///{home / 'tellmore.sqlite3'}", redis_url=None)
    migrate.upgrade(config)
    here = build_services(config)
    user = User(name="bench", full_name="Bench", role=Role.INTERVIEWER, password_hash="-")
    with here.database.write() as session:
        session.add(user)
        session.flush()
        token, _ = sessions.open_session(session, user, 3600, sessions.TOKEN)
    made = here.interviews.create(
        user, NewInterview(case_code="BENCH-1", protocol="minimal_facts", child_age=8)
    )
    fill(here, made.id, turns)
    correct_before(here, made.id, user, turns, steps)
    client = create_app(config, here).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return Desk(client, made.id, turns, steps)


def fill(here: Services, interview_id: str, turns: int) -> None:
    """The words as a worker would have written them down, on one track."""
    with here.database.write() as session:
        interview = events.lock(session, interview_id)
        sealer = here.transcripts.sealer(interview)
        rows = record_all(session, sealer, interview, None, [said(number) for number in range(turns)])
        track = Track(
            id=new_id(), interview_id=interview_id, name="room", offset_ms=0, ended=True, heard_out=True
        )
        session.add(track)
        session.flush()
        for row in rows:
            times = {"start_ms": row.started_ms, "end_ms": row.ended_ms}
            session.add(Segment(track_id=track.id, turn_id=row.id, confidence=0.9, **times))


def said(number: int) -> TurnIn:
    start = number * TURN_MS
    words = [
        {"text": word, "start_ms": start + at * 300, "end_ms": start + (at + 1) * 300, "probability": 0.9}
        for at, word in enumerate(WORDS)
    ]
    speaker = ("interviewer", "child")[number % 2]
    end = start + len(WORDS) * 300
    return TurnIn(f"t{number}", speaker, SAID, start, end, source="speech", words=words)


def correct_before(here: Services, interview_id: str, user: User, turns: int, steps: int) -> None:
    """Steps as if taken one by one: other words, a cut, and the parts put together again."""
    with here.database.write() as session:
        interview = events.lock(session, interview_id)
        sealer = here.transcripts.sealer(interview)
        for number in range(1, steps + 1):
            kind, payload = before(number, turns)
            row_id = new_id()
            sealed = sealer.seal({**payload, "why": ""}, f"transcript:{row_id}")
            named = {"number": number, "key": f"before{number}", "kind": kind}
            session.add(
                TranscriptEdit(
                    id=row_id, interview_id=interview_id, author_id=user.id, sealed_payload=sealed, **named
                )
            )


def before(number: int, turns: int) -> tuple[str, dict[str, Any]]:
    turn = str(1 + number // 3 * 7 % turns)
    if number % 3 == 0:
        return "text", {"segment": turn, "text": " ".join([*WORDS[:6], "carried", *WORDS[7:], str(number)])}
    if number % 3 == 1:
        return "split", {"segment": turn, "at": 18}
    return "merge", {"segment": turn, "other": f"s{number - 1}"}


def rounds_of(desk: Desk, rounds: int) -> Iterator[tuple[str, dict[str, float]]]:
    """One turn after the other, all over the talk, corrected in every way there is."""
    for place in range(rounds):
        turn = str(2 + place * (desk.turns - 2) // rounds)
        text = " ".join([*WORDS[:3], str(desk.number), *WORDS[4:]])
        yield "text", desk.timed("text", segment=turn, text=text)
        yield "split", desk.timed("split", segment=turn, at=18)
        yield "merge", desk.timed("merge", segment=turn, other=f"s{desk.number}")
        yield "speaker", desk.timed("speaker", segment=turn, speaker="interpreter")
        yield "undo", desk.timed("undo", of=desk.number)


def summary(runs: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Of each of the two halves: the median and the worst."""
    return {
        half: {"p50": round(statistics.median(spent), 1), "max": round(max(spent), 1)}
        for half in runs[0]
        if (spent := [one[half] for one in runs])
    }


if __name__ == "__main__":
    main()
