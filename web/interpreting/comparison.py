"""The comparison of one interview: the worker makes it, some pairs at a time; pages read what is there.

What was found is sealed beside the sound, each pair by what it was found from: words that are corrected, or
another package, make that pair be compared anew and no other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from web.engines import CoderPort
from web.interpreting import finding, record
from web.interpreting.finding import NO_CODER, Comparer, Found
from web.interpreting.model import Pair, Said
from web.interpreting.pairing import Pairs, pair
from web.interpreting.report import Report, assemble
from web.interview.tongues import CODED, base
from web.recording.files import SealedFiles
from web.store import Database, Interview, Vault
from web.store.vault import Unreadable
from web.translation.about import About, known
from web.translation.engine import Translator

METHOD = 1
"""Raised where the comparison itself becomes another one."""
AT_ONCE = 8
"""Pairs compared in one job, under a second: live turns get in between."""
CONTEXT = "interpreting:found"


@dataclass(frozen=True)
class Look:
    """What is there of a report. `done` of `of` pairs have been looked at; `wanted`: the worker has something
    to do. `readers` are the packages that read back and are still here, `gone` how many are not."""

    report: Report
    done: int
    of: int
    wanted: bool
    readers: list[About]
    gone: int


class Comparison:
    """One per process. Callers check access first. Only `step` loads packages; `coder` gives the language
    analysis of this process, None without one."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        files: SealedFiles,
        translator: Translator,
        coder: Callable[[], CoderPort | None],
    ) -> None:
        self._database, self._vault, self._files = database, vault, files
        self._translator, self._coder = translator, coder

    def look(self, interview: Interview, packages_dir: Path) -> Look:
        """As far as it is made."""
        pairs, names = self._pairs(interview)
        found = self._read(interview)
        packages = known(packages_dir)
        worth = {sha: one.meaning for sha, one in packages.items()}
        report = assemble(pairs, lambda one: found.get(names[id(one)]), worth)
        readers = [packages[sha] for sha in report.readers if sha in packages]
        done = sum(name in found for name in names.values())
        asked_for = done < len(names) or any(_uncoded(one.found) for one in report.questions)
        gone = len(report.readers) - len(readers)
        return Look(report, done, len(names), asked_for, readers, gone)

    def step(self, interview_id: str) -> bool:
        """Compare some pairs that have not been; whether more are left."""
        with self._database.read() as session:
            interview = session.get(Interview, interview_id)
        if interview is None or interview.wrapped_key is None:
            return False
        pairs, names = self._pairs(interview)
        found, compare, here = self._read(interview), self._comparer(), self._translator
        languages = interview.interviewer_language, interview.child_language
        ways: list[tuple[str, Callable[[], Found]]] = [
            *((names[id(one)], partial(finding.question, one, here, compare)) for one in pairs.questions),
            *((names[id(one)], partial(finding.answer, one, *languages)) for one in pairs.answers),
            *((names[id(one)], partial(finding.own, one, here)) for one in pairs.own),
        ]
        left = [way for way in ways if way[0] not in found or (compare and _uncoded(found[way[0]]))]
        for name, find in left[:AT_ONCE]:
            found[name] = find()
        if left:
            self._write(interview, {name: found[name] for name in names.values() if name in found})
        return len(left) > AT_ONCE

    def _comparer(self) -> Comparer | None:
        coder = self._coder()
        if coder is None:
            return None
        from web.interpreting.drift import compare  # heavy: parser, encoder
        from web.language.encoder import Encoder

        return partial(compare, coder, Encoder.load())

    def _pairs(self, interview: Interview) -> tuple[Pairs, dict[int, str]]:
        """The pairs, and by the identity of each the name of what it is found from."""
        sealer = self._vault.sealer(interview.id, interview.wrapped_key)
        with self._database.read() as session:
            turns = record.said(session, sealer, interview)
        pairs = pair(turns, interview.interviewer_language, interview.child_language)
        languages = [interview.interviewer_language, interview.child_language]
        names = {
            id(one): self._name([kind, *languages], one)
            for kind, those in (("q", pairs.questions), ("a", pairs.answers), ("o", pairs.own))
            for one in those
        }
        return pairs, names

    def _name(self, about: list[str], one: Pair | Said) -> str:
        sides = [[one]] if isinstance(one, Said) else [one.source, one.rendering]
        words = [[self._read_of(turn) for turn in side] for side in sides]
        return hashlib.sha256(json.dumps([METHOD, about, words]).encode()).hexdigest()

    def _read_of(self, turn: Said) -> list[Any]:
        """The words and how they become English."""
        route = None
        if turn.english is None and base(turn.language) != CODED:
            route = self._translator.routes(turn.language, CODED)
        packages = [ref.sha256 for ref in route.packages] if route else []
        return [turn.text, turn.language, asdict(turn.english) if turn.english else None, packages]

    def _read(self, interview: Interview) -> dict[str, Found]:
        """What was found before; nothing where that cannot be read: it is made again."""
        sealer = self._vault.sealer(interview.id, interview.wrapped_key)
        with suppress(OSError, Unreadable, ValueError, TypeError):
            kept = sealer.open(self._file(interview).read_bytes(), CONTEXT)
            return {name: Found.read(one) for name, one in kept.items()}
        return {}

    def _write(self, interview: Interview, found: dict[str, Found]) -> None:
        sealer = self._vault.sealer(interview.id, interview.wrapped_key)
        kept = {name: asdict(one) for name, one in found.items()}
        self._files.write(self._file(interview), sealer.seal(kept, CONTEXT))

    def _file(self, interview: Interview) -> Path:
        return self._files.path(interview.id, "interpreting", "found")


def _uncoded(found: Found) -> bool:
    return found.why_not == NO_CODER
