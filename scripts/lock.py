"""Pin what an environment holds: `python scripts/lock.py requirements/console.in [--without console.txt]`.

Walks the installed distributions from the names in the .in file and prints `name==version` lines. No download
address and no local version suffix is written, so that the file installs from any index.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def named(path: Path) -> list[Requirement]:
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return [Requirement(line) for line in lines if line]


def closure(wanted: list[Requirement]) -> dict[str, str]:
    pins: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    queue = list(wanted)
    while queue:
        requirement = queue.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        installed = distribution(requirement.name)
        pins[key[0]] = re.sub(r"\+.*", "", installed.version)
        for raw in installed.requires or []:
            child = Requirement(raw)
            extras = requirement.extras or {""}
            if child.marker is None or any(child.marker.evaluate({"extra": extra}) for extra in extras):
                queue.append(child)
    return pins


def main(arguments: list[str]) -> None:
    source = Path(arguments[0])
    pins = closure(named(source))
    if "--without" in arguments:
        base = {canonicalize_name(r.name) for r in named(Path(arguments[arguments.index("--without") + 1]))}
        pins = {name: version for name, version in pins.items() if name not in base}
    print(f"# Made by `make lock` from {source.name}: exact versions, no addresses.")
    print("\n".join(f"{name}=={version}" for name, version in sorted(pins.items())))


if __name__ == "__main__":
    main(sys.argv[1:])
