"""From a file to turns: all or none, once, into an interview without turns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.importing.files import TALK, csv_file, vtt
from tests.interview.parts import Room, make_room
from web.config import Config
from web.importing.labels import likely
from web.importing.service import ImportService
from web.interview.errors import Conflict, Invalid
from web.jobs import Jobs
from web.recording.files import SealedFiles
from web.recording.service import RecordingService
from web.recording.upload_parts import PartsService
from web.store import Database, Event, Interview, InterviewState, Track, Turn

UPLOAD = "a" * 24
ROLES = {"Interviewer": "interviewer", "Mia": "child"}


class Asked(Jobs):
    """The queue; remembers what it was asked to do."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.coded: list[str] = []
        self.translated: list[str] = []

    def code(self, interview_id: str) -> None:
        self.coded.append(interview_id)

    def translate(self, turn_id: str) -> None:
        self.translated.append(turn_id)


@pytest.fixture
def room(any_config: Config, database: Database) -> Room:
    return make_room(any_config, database)


@pytest.fixture
def jobs(any_config: Config) -> Asked:
    return Asked(any_config)


@pytest.fixture
def imports(room: Room, jobs: Asked) -> ImportService:
    files = SealedFiles(room.config.home)
    return ImportService(room.database, room.vault, files, room.service.feed, jobs)


def said(room: Room, interview: Interview) -> list[tuple[object, ...]]:
    names = ("number", "speaker", "text", "language", "started_ms", "ended_ms", "source")
    happened = room.service.history(interview.id)
    return [tuple(one.payload[name] for name in names) for one in happened if one.kind.value == "turn"]


def rows(room: Room) -> int:
    with room.database.read() as session:
        return session.scalar(select(func.count()).select_from(Turn)) or 0


def test_a_transcript_becomes_turns_in_order_with_their_times(
    room: Room, imports: ImportService, jobs: Asked
) -> None:
    interview = room.new(child_language="uk")
    waiting = imports.offer(interview.id, vtt(), "talk.vtt")
    assert rows(room) == 0
    done = imports.confirm(interview.id, waiting.sha256, ROLES, room.user.id)
    assert (done.turns, done.left_out) == (4, 0)
    assert said(room, interview) == [
        (i, who, text, language, start, end, "import")
        for i, (who, language, (_, text, start, end)) in enumerate(
            zip(["interviewer", "child"] * 2, ["en", "uk"] * 2, TALK, strict=True), 1
        )
    ]
    assert room.service.get(interview.id).state is InterviewState.LIVE
    assert (jobs.coded, jobs.translated) == ([interview.id], [])


def test_an_interpreter_speaks_the_language_a_person_says_and_notes_are_left_out(
    room: Room, imports: ImportService
) -> None:
    interview = room.new(child_language="uk")
    talk = [("I", "What?", 0, 1), ("T1", "Що?", 2, 3), ("T2", "Nothing.", 4, 5), ("note", "(door)", 6, 7)]
    waiting = imports.offer(interview.id, csv_file(talk), "x.csv")
    roles = {
        "I": "interviewer",
        "T1": "interpreter_child",
        "T2": "interpreter_interviewer",
        "note": "leave_out",
    }
    done = imports.confirm(interview.id, waiting.sha256, roles, room.user.id)
    assert (done.turns, done.left_out) == (3, 1)
    assert [one[1:4] for one in said(room, interview)] == [
        ("interviewer", "What?", "en"), ("interpreter", "Що?", "uk"), ("interpreter", "Nothing.", "en")
    ]  # fmt: skip


def test_an_interpreter_speaks_the_language_the_file_says(room: Room, imports: ImportService) -> None:
    interview = room.new(child_language="uk")
    table = "Speaker,Language,Text\nI,,What?\nT,Ukrainian,Що?\nC,ru,Ничего.\nT,en,Nothing.\nT,,So."
    waiting = imports.offer(interview.id, table.encode(), "x.csv")
    roles = {"I": "interviewer", "T": "interpreter_interviewer", "C": "child"}
    imports.confirm(interview.id, waiting.sha256, roles, room.user.id)
    assert [one[3] for one in said(room, interview)] == ["en", "uk", "ru", "en", "en"]


CUES = [("Interviewer: What?", 1), ("Child: He", 3), ("hit me", 5), ("Interviewer: Where?", 7), ("(door)", 9)]


def cues(lines: list[tuple[str, int]]) -> bytes:
    return "\n\n".join(f"00:00:0{at},000 --> 00:00:0{at},900\n{text}" for text, at in lines).encode()


def test_a_line_without_a_name_belongs_to_who_spoke_before(room: Room, imports: ImportService) -> None:
    interview = room.new()
    waiting = imports.offer(interview.id, cues(CUES[:4]), "x.srt")
    assert likely("") is None, "whose they are is for a person to say"
    roles = {"Interviewer": "interviewer", "Child": "child", "": "as_before"}
    assert imports.confirm(interview.id, waiting.sha256, roles, room.user.id).turns == 4
    assert [one[1] for one in said(room, interview)] == ["interviewer", "child", "child", "interviewer"]


def test_where_nobody_spoke_before_it_is_asked_and_who_is_left_out_takes_nobodys_words_along(
    room: Room, imports: ImportService
) -> None:
    interview = room.new()
    waiting = imports.offer(interview.id, cues([("So", 0), *CUES]), "x.srt")
    roles = {"Interviewer": "leave_out", "Child": "child", "": "as_before"}
    with pytest.raises(Invalid) as refused:
        imports.confirm(interview.id, waiting.sha256, roles, room.user.id)
    assert "first line" in refused.value.detail
    waiting = imports.offer(interview.id, cues(CUES), "x.srt")
    with pytest.raises(Invalid) as refused:
        imports.confirm(interview.id, waiting.sha256, roles, room.user.id)
    assert "left out" in refused.value.detail
    assert rows(room) == 0
    done = imports.confirm(interview.id, waiting.sha256, {**roles, "": "leave_out"}, room.user.id)
    assert (done.turns, done.left_out) == (1, 4)


def test_a_closed_interview_takes_no_transcript(room: Room, imports: ImportService) -> None:
    interview = room.new()
    waiting = imports.offer(interview.id, vtt(), "x.vtt")
    with room.database.write() as session:
        session.get_one(Interview, interview.id).state = InterviewState.CLOSED
    for late in (
        lambda: imports.confirm(interview.id, waiting.sha256, ROLES, room.user.id),
        lambda: imports.offer(interview.id, vtt(), "x.vtt"),
        lambda: imports.bring_in(interview.id, vtt(), "x.vtt", ROLES),
    ):
        with pytest.raises(Conflict) as refused:
            late()
        assert "closed" in refused.value.detail
    assert rows(room) == 0


def test_the_turns_are_coded_like_any_others(room: Room, imports: ImportService) -> None:
    interview = room.new()
    waiting = imports.offer(interview.id, vtt(), "x.vtt")
    imports.confirm(interview.id, waiting.sha256, ROLES, room.user.id)
    room.service.catch_up(interview.id)
    with room.database.read() as session:
        assert all(session.scalars(select(Turn.coded)))
    assert "coding" in room.kinds(interview)


def test_what_waits_is_sealed_and_the_file_stays_sealed(room: Room, imports: ImportService) -> None:
    interview = room.new()
    waiting = imports.offer(interview.id, vtt(), "x.vtt")
    imports.confirm(interview.id, waiting.sha256, ROLES, room.user.id)
    files = [path for path in Path(room.config.home).rglob("*") if path.is_file()]
    assert not [path for path in files if b"swam" in path.read_bytes()]
    assert [path.name for path in files if path.suffix == ".transcript"] == [f"{waiting.sha256}.transcript"]
    assert imports.waiting(interview.id) is None


@pytest.mark.parametrize(
    "roles",
    [{}, {"Interviewer": "interviewer"}, {**ROLES, "Mia": "judge"}, dict.fromkeys(ROLES, "leave_out")],
    ids=["nobody", "one missing", "no such role", "all left out"],
)
def test_until_everybody_has_a_role_nothing_is_written(
    room: Room, imports: ImportService, roles: dict[str, str]
) -> None:
    interview = room.new()
    waiting = imports.offer(interview.id, vtt(), "x.vtt")
    with pytest.raises(Invalid) as refused:
        imports.confirm(interview.id, waiting.sha256, roles, room.user.id)
    assert refused.value.extra["field"] == "roles"
    assert rows(room) == 0
    assert imports.waiting(interview.id) == waiting


def test_what_was_not_looked_at_is_not_brought_in(room: Room, imports: ImportService) -> None:
    """Another tab chose another file meanwhile."""
    interview = room.new()
    first = imports.offer(interview.id, vtt(), "x.vtt")
    imports.offer(interview.id, csv_file(), "x.csv")
    with pytest.raises(Conflict):
        imports.confirm(interview.id, first.sha256, ROLES, room.user.id)
    assert rows(room) == 0


def test_an_interview_with_turns_takes_no_transcript(room: Room, imports: ImportService) -> None:
    interview = room.new()
    waiting = imports.offer(interview.id, vtt(), "x.vtt")
    room.say(interview, "child", "hello")
    for late in (
        lambda: imports.confirm(interview.id, waiting.sha256, ROLES, room.user.id),
        lambda: imports.offer(interview.id, vtt(), "x.vtt"),
    ):
        with pytest.raises(Conflict):
            late()
    assert rows(room) == 1


def file_announced(room: Room, interview: Interview) -> PartsService:
    parts = PartsService(room.database, room.vault, SealedFiles(room.config.home), 64 * 1024, 1 << 22)
    parts.begin(interview.id, UPLOAD, 99, [], room.user.id)
    return parts


def microphone(room: Room, interview: Interview) -> None:
    files = SealedFiles(room.config.home)
    RecordingService(room.database, room.vault, files, 1 << 20).open_track(
        interview.id, "room", None, 0, room.user.id
    )


@pytest.mark.parametrize("sound", [file_announced, microphone])
def test_a_transcript_never_stands_beside_sound(
    room: Room, imports: ImportService, sound: Callable[[Room, Interview], object]
) -> None:
    """Every turn would be there twice: once brought in, once heard."""
    interview = room.new()
    waiting = imports.offer(interview.id, vtt(), "x.vtt")
    sound(room, interview)
    for late in (
        lambda: imports.confirm(interview.id, waiting.sha256, ROLES, room.user.id),
        lambda: imports.offer(interview.id, vtt(), "x.vtt"),
    ):
        with pytest.raises(Conflict) as refused:
            late()
        assert "has a recording" in refused.value.detail
    assert rows(room) == 0


def test_a_file_that_was_called_off_stands_in_no_transcripts_way(room: Room, imports: ImportService) -> None:
    interview = room.new()
    file_announced(room, interview).cancel(interview.id, UPLOAD, room.user.id)
    waiting = imports.offer(interview.id, vtt(), "x.vtt")
    assert imports.confirm(interview.id, waiting.sha256, ROLES, room.user.id).turns == 4


def test_a_recording_never_stands_beside_a_transcript(room: Room, imports: ImportService) -> None:
    interview = room.new()
    waiting = imports.offer(interview.id, vtt(), "x.vtt")
    imports.confirm(interview.id, waiting.sha256, ROLES, room.user.id)
    for late in (file_announced, microphone):
        with pytest.raises(Conflict) as refused:
            late(room, interview)
        assert "from a transcript" in refused.value.detail
    with room.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Track)) == 0


def test_confirming_twice_is_one_transcript(room: Room, imports: ImportService) -> None:
    interview = room.new()
    waiting = imports.offer(interview.id, vtt(), "x.vtt")
    imports.confirm(interview.id, waiting.sha256, ROLES, room.user.id)
    with pytest.raises(Conflict):
        imports.confirm(interview.id, waiting.sha256, ROLES, room.user.id)
    assert rows(room) == 4


def test_a_failure_in_the_middle_leaves_no_turn(
    room: Room, imports: ImportService, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = room.new()
    waiting = imports.offer(interview.id, vtt(), "x.vtt")
    monkeypatch.setattr(imports, "_audit", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        imports.confirm(interview.id, waiting.sha256, ROLES, room.user.id)
    with room.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Event).where(Event.key.is_not(None))) == 0
    assert rows(room) == 0
    assert imports.waiting(interview.id) == waiting


def test_what_is_brought_in_from_the_command_line_is_kept_with_its_file_or_not_at_all(
    room: Room, imports: ImportService, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = room.new()
    kept = room.config.home
    with monkeypatch.context() as patch:
        patch.setattr(SealedFiles, "stage", lambda *_: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError, match="full"):
            imports.bring_in(interview.id, vtt(), "x.vtt", ROLES)
    assert rows(room) == 0
    with monkeypatch.context() as patch:
        patch.setattr(imports, "_audit", lambda *_: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError, match="full"):
            imports.bring_in(interview.id, vtt(), "x.vtt", ROLES)
    assert rows(room) == 0
    assert list(kept.rglob("*.transcript*")) == []
    imports.bring_in(interview.id, vtt(), "x.vtt", ROLES)
    with pytest.raises(Conflict):
        imports.bring_in(interview.id, vtt(), "x.vtt", ROLES)
    assert len(list(kept.rglob("*.transcript*"))) == 1, "the file of the turns there are stays"


def test_of_two_who_bring_in_the_same_file_at_once_the_slower_takes_no_file_away(
    room: Room, imports: ImportService, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = room.new()
    record = imports._record

    def overtaken(*given: object) -> object:
        monkeypatch.undo()
        imports.bring_in(interview.id, vtt(), "x.vtt", ROLES)
        return record(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(imports, "_record", overtaken)
    with pytest.raises(Conflict):
        imports.bring_in(interview.id, vtt(), "x.vtt", ROLES)
    assert rows(room) == 4
    assert len(list(room.config.home.rglob("*.transcript*"))) == 1


@pytest.mark.parametrize("told", ["und", "mul", "zxx", "mis", "und-Cyrl", "Unknown language", "en"])
def test_a_language_that_is_no_answer_is_the_childs_own_and_said_so(
    room: Room, imports: ImportService, told: str
) -> None:
    """`en` over Cyrillic letters is none either: nobody would look at these words in their own language."""
    interview = room.new(child_language="uk")
    table = f"Speaker,Language,Text\nInterviewer,en,What?\nMia,{told},Дядя вдарив мене."
    waiting = imports.offer(interview.id, table.encode(), "x.csv")
    assert [one.where for one in waiting.transcript.problems] == [3]
    imports.confirm(interview.id, waiting.sha256, ROLES, room.user.id)
    assert [one[3] for one in said(room, interview)] == ["en", "uk"]
