"""Started beside the supervisor: prints the address once it answers, then how the parts come up."""

from __future__ import annotations

import sys
import time

import httpx

PATIENCE_S = 300.0


def announce(address: str, patience_s: float = PATIENCE_S) -> None:
    """Poll the public status until every part is ready or patience runs out, printing each change once."""
    started, known = time.monotonic(), ""
    with httpx.Client(base_url=address, timeout=2.0, trust_env=False) as client:
        while time.monotonic() - started < patience_s:
            line = _look(client)
            if line and line != known:
                if not known:
                    print(f"\n  Tellmore is at {address}\n  Stop it with Ctrl-C.\n", flush=True)  # noqa: T201
                known = line
                print(f"  {line}", flush=True)  # noqa: T201
            if line and "loading" not in line and "down" not in line:
                return
            time.sleep(0.3)
    if not known:
        print(f"\n  No answer at {address} yet: look at the files in logs/ of the home folder.\n", flush=True)  # noqa: T201


def _look(client: httpx.Client) -> str:
    try:
        answer = client.get("/ready")
        states: dict[str, str] = answer.json()
    except (httpx.HTTPError, ValueError):
        return ""
    return " · ".join(f"{name} {state}" for name, state in states.items())


if __name__ == "__main__":
    announce(sys.argv[1])
