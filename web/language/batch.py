"""Code a stream of written turns, line by line, in constant memory.

A line is judged and coded whole before any of it is written, so a bad line leaves the output
complete up to the line before. Messages name file, line and reason and never quote a turn.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import IO, Any, Literal, NoReturn, Protocol, TextIO

from web.language.conversation import Conversation
from web.language.model import Coding, Speaker, Turn
from web.language.parse import Parsed

Format = Literal["jsonl", "csv"]
MAX_LINE = 1_000_000
"""Bytes in a line, its end included; longer lines are bad input."""
OPEN_SESSIONS = 64
"""Sessions may interleave; the one longest without a turn is closed when more than these are open."""
MAX_TURNS = 5_000
"""A session's context starts anew after so many turns, which keeps memory constant."""
WINDOW = 32
"""Turns that are parsed together."""
AGES = range(1, 26)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NEEDED = ("session", "turn", "speaker", "text")
_CSV_ADDED = ("question_type", "question_subtype", "flags", "lyon4", "lyon6", "nichd", "recommended2")


class BadInput(ValueError):
    """A line that cannot be coded: which file, which line (1-based), and why."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class CodesTurns(Protocol):
    """What `code_stream` needs of a coder: `read` does for many turns what can be done out of context."""

    def read(self, turns: Sequence[Turn]) -> list[Parsed | None]: ...

    def code(self, conversation: Conversation, turn: Turn, parsed: Parsed | None = None) -> Coding: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One turn as it was given: `fields` are written back as they came."""

    line: int
    fields: Mapping[str, Any]
    session: str
    number: int
    turn: Turn
    age: int | None


@dataclass(slots=True)
class _Session:
    conversation: Conversation
    last: int


def read_lines(stream: IO[bytes], name: str) -> Iterator[bytes]:
    """Lines of a binary stream, never more than MAX_LINE bytes in memory. BadInput on a longer one."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise BadInput(name, number, f"longer than {MAX_LINE:,} bytes")
        yield line


def code_stream(
    lines: Iterable[bytes],
    out: TextIO,
    *,
    format: Format,
    coder: CodesTurns,
    progress: Callable[[int], None] | None = None,
    name: str = "-",
) -> int:
    """Code every turn of `lines` in order and write each back to `out`; how many turns that were.

    At most WINDOW turns are read ahead. `progress` is told the number of turns done after each. Raises
    BadInput for the first line that cannot be read; all lines before it have been written.
    """
    rows = json_rows(lines, name) if format == "jsonl" else _csv_rows(lines, name)
    write = _json_writer(out) if format == "jsonl" else _csv_writer(out)
    sessions: OrderedDict[str, _Session] = OrderedDict()
    done = 0
    for window in _windows(rows):
        for row, parsed in zip(window, coder.read([row.turn for row in window]), strict=True):
            coding = coder.code(_conversation(sessions, row, name), row.turn, parsed)
            write(row, shape(row.turn, coding))
            done += 1
            if progress is not None:
                progress(done)
    return done


def _windows(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Rows by WINDOW; those before a bad line come before the line is complained of."""
    while True:
        window: list[Row] = []
        try:
            for row in islice(rows, WINDOW):
                window.append(row)
        except BadInput as error:
            yield window
            raise error from None
        if not window:
            return
        yield window


def shape(turn: Turn, coding: Coding) -> dict[str, Any]:
    """What is added to a turn of this speaker; None and [] where the language is not coded."""
    if turn.speaker is Speaker.INTERVIEWER:
        return {"question": asdict(coding.question) if coding.question else None}
    if turn.speaker is Speaker.CHILD:
        return {"response": coding.response, "indicators": [asdict(one) for one in coding.indicators]}
    return {}


def _conversation(sessions: OrderedDict[str, _Session], row: Row, name: str) -> Conversation:
    held = sessions.get(row.session)
    if held is None:
        held = sessions[row.session] = _Session(Conversation(row.age, row.turn.language), -1)
        if len(sessions) > OPEN_SESSIONS:
            sessions.popitem(last=False)
    sessions.move_to_end(row.session)
    talk = held.conversation
    if row.number == held.last:
        raise BadInput(name, row.line, f"turn {row.number} comes twice in its session")
    if row.number < held.last:
        raise BadInput(name, row.line, f"turn {row.number} comes after turn {held.last} of its session")
    if row.age is not None and talk.age is not None and row.age != talk.age:
        raise BadInput(name, row.line, f"age {row.age}, but {talk.age} earlier in this session")
    if len(talk.turns) >= MAX_TURNS:
        talk = held.conversation = Conversation(talk.age, talk.language)
    talk.age = row.age if row.age is not None else talk.age
    held.last = row.number
    return talk


def json_rows(lines: Iterable[bytes], name: str) -> Iterator[Row]:
    for number, raw in enumerate(lines, 1):
        text = _decoded(raw, name, number)
        if not text.strip():
            continue
        try:
            fields = json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            where = f" at column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
            raise BadInput(name, number, f"not JSON{where}") from None
        if not isinstance(fields, dict):
            raise BadInput(name, number, "not a JSON object")
        yield _row(fields, name, number)


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _csv_rows(lines: Iterable[bytes], name: str) -> Iterator[Row]:
    csv.field_size_limit(MAX_LINE)
    texts = (_decoded(raw, name, number) for number, raw in enumerate(lines, 1))
    reader = csv.DictReader(texts, strict=True)
    try:
        header = reader.fieldnames or []
    except csv.Error as error:
        raise BadInput(name, 1, f"not CSV: {error}") from None
    if missing := [field for field in _NEEDED if field not in header]:
        raise BadInput(name, 1, f"the header lacks {', '.join(missing)}")
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput(name, reader.reader.line_num, f"not CSV: {error}") from None
        if None in fields or None in fields.values():
            raise BadInput(name, reader.line_num, f"not {len(header)} columns like the header")
        yield _row(_typed(fields), name, reader.line_num)


def _typed(fields: dict[str, str]) -> dict[str, Any]:
    """CSV knows only text: whole numbers become numbers, an empty optional cell is left out."""
    typed: dict[str, Any] = {}
    for key, value in fields.items():
        if key in {"turn", "age"} and re.fullmatch(r"-?[0-9]{1,9}", value):
            typed[key] = int(value)
        elif value or key not in {"age", "language"}:
            typed[key] = value
    return typed


def _decoded(raw: bytes, name: str, number: int) -> str:
    if len(raw) > MAX_LINE:
        raise BadInput(name, number, f"longer than {MAX_LINE:,} bytes")
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(name, number, f"not UTF-8 (byte {error.start + 1} of the line)") from None


def _row(fields: Mapping[str, Any], name: str, line: int) -> Row:
    reason = _fault(fields)
    if reason is not None:
        raise BadInput(name, line, reason)
    turn = Turn(Speaker(fields["speaker"]), fields["text"], fields.get("language") or "en")
    return Row(line, fields, str(fields["session"]), fields["turn"], turn, fields.get("age"))


def _fault(fields: Mapping[str, Any]) -> str | None:
    """What is wrong with a turn's fields, in words that do not quote them; None if nothing is."""
    if missing := [field for field in _NEEDED if fields.get(field) is None]:
        return f"{', '.join(missing)} missing"
    session, number, speaker, text = (fields[field] for field in _NEEDED)
    if not isinstance(session, (str, int)) or isinstance(session, bool) or not str(session).strip():
        return "session is not a name"
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        return "turn is not a whole number from 0 up"
    if not isinstance(speaker, str) or speaker not in set(Speaker):
        return f"speaker is none of {', '.join(Speaker)}"
    return _fault_in_text(text) or _fault_in_options(fields.get("age"), fields.get("language"))


def _fault_in_text(text: object) -> str | None:
    if not isinstance(text, str):
        return "text is not a string"
    if any("\ud800" <= char <= "\udfff" for char in text):
        return "text holds half a character (a lone surrogate)"
    return None


def _fault_in_options(age: object, language: object) -> str | None:
    if age is not None and (not isinstance(age, int) or isinstance(age, bool) or age not in AGES):
        return f"age is not a whole number from {AGES[0]} to {AGES[-1]}"
    if language is not None and not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
        return "language is not a language tag such as en or pt-BR"
    return None


def _json_writer(out: TextIO) -> Callable[[Row, dict[str, Any]], None]:
    def write(row: Row, added: dict[str, Any]) -> None:
        given = {key: value for key, value in row.fields.items() if key not in _ADDED}
        out.write(json.dumps({**given, **added}, ensure_ascii=False) + "\n")

    return write


_ADDED = frozenset({"question", "response", "indicators"})


def _csv_writer(out: TextIO) -> Callable[[Row, dict[str, Any]], None]:
    header: list[str] = []

    def write(row: Row, added: dict[str, Any]) -> None:
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        if not header:
            header.extend(key for key in ("session", "turn", "speaker", "text", "age", "language"))
            extra = [key for key in row.fields if key not in {*header, *_CSV_ADDED, *_CSV_LAST}]
            header.extend(extra)
            writer.writerow([*header, *_CSV_ADDED, *_CSV_LAST])
        writer.writerow([*(row.fields.get(key, "") for key in header), *_csv_cells(added)])
        out.write(buffer.getvalue())

    return write


_CSV_LAST = ("confidence", "response", "indicators")


def _csv_cells(added: dict[str, Any]) -> list[Any]:
    question = added.get("question") or {}
    flags = ";".join(flag["flag"] for flag in question.get("flags", ()))
    schemes = question.get("schemes", {})
    indicators = added.get("indicators")
    return [
        question.get("type", ""),
        question.get("subtype") or "",
        flags,
        *(schemes.get(scheme, "") for scheme in _CSV_ADDED[3:]),
        question.get("confidence", ""),
        added.get("response") or "",
        json.dumps(indicators, ensure_ascii=False) if indicators is not None else "",
    ]
