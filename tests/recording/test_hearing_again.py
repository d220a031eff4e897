"""One microphone, two languages: once the voices are named, each is heard in its own language."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.conftest import sign_in
from tests.interview.parts import Room
from tests.recording.studio import Studio, words
from tests.recording.test_by_voice import whole
from web.interview.errors import Conflict
from web.interview.new import NewInterview
from web.interview.turns import TurnIn
from web.recording.again import look, unfinished
from web.recording.hearing_again import HearingAgain, Step
from web.recording.voice_names import VoiceNames
from web.services import Services
from web.speech.model import RATE, Samples, Word
from web.speech.model import Segment as Heard
from web.speech.transcriber import Transcriber, UnsupportedLanguage
from web.store import EventKind, Interview, Role, Segment, Track, Turn, User
from web.transcript import record
from web.transcript.model import INAUDIBLE
from web.transcript.record import Record
from web.transcript.service import StepIn
from web.worker import Worker

TRACK = "file-0123456789-0"
SAID = ("Tell me more.", "Yaw bat she leak it.", "And then?", "Potty mule oof tick.")


class Scribe:
    """Writes what it is told to, in the languages it knows. `now` is its clock: each turn takes a second."""

    def __init__(self, *languages: str) -> None:
        self.languages, self.now = languages, 0.0
        self.asked: list[tuple[int, int, str | None]] = []
        self.says = "я бачив кота"
        self.meanwhile: Callable[[], object] = lambda: None

    def transcribe(self, samples: Samples, offset_ms: int, language: str | None) -> Heard:
        if language not in self.languages:
            raise UnsupportedLanguage(str(language), "this", self.languages)
        self.now += 1.0
        self.asked.append((offset_ms, len(samples), language))
        self.meanwhile()
        texts = self.says.split()
        spans = [(offset_ms + 100 * n, offset_ms + 100 * n + 90) for n in range(len(texts))]
        words = tuple(Word(text, *span, 0.9) for text, span in zip(texts, spans, strict=True))
        return Heard(self.says, words, offset_ms, offset_ms + 1500, 0.9, language, None)


@pytest.fixture
def interview(here: Services, users: dict[Role, User]) -> Interview:
    """A file of four turns on one track, all heard in English, two of a child that speaks Ukrainian."""
    new = NewInterview(case_code="K-19", protocol="minimal_facts", child_age=8, child_language="uk")
    made = here.interviews.create(users[Role.INTERVIEWER], new)
    here.recordings.open_track(made.id, TRACK, None, 0, None)
    second = np.zeros(RATE, dtype="<i2").tobytes()
    for number in range(10):
        digest = hashlib.sha256(second).hexdigest()
        here.recordings.add_chunk(made.id, TRACK, number, second, digest)
    for number, text in enumerate(SAID, 1):
        span = (number * 2000, number * 2000 + 1500)
        words = [{"text": text, "start_ms": span[0], "end_ms": span[1], "probability": 0.9}]
        turn = TurnIn(f"k{number}", "interviewer", text, *span, "en", "speech", words, unsure=True)
        here.interviews.add_turn(made.id, None, turn)
    with here.database.write() as session:
        track = session.scalars(select(Track)).one()
        track.heard_out = True
        for row in session.scalars(select(Turn)):
            at = {"start_ms": row.started_ms, "end_ms": row.ended_ms}
            session.add(Segment(track_id=track.id, turn_id=row.id, confidence=1.0, **at))
    here.recordings.note_voices(made.id, TRACK, [[1, 3], [2, 4]])
    return here.interviews.get(made.id)


def hearing(here: Services, scribe: Scribe) -> HearingAgain:
    return HearingAgain(here.database, here.recordings, lambda: scribe, lambda: scribe.now)


def name(here: Services, user: User, interview: Interview, second: str = "child") -> None:
    seen = here.voice_names.voices(interview)[0].seq
    here.voice_names.name(interview.id, user, {(TRACK, 1): "interviewer", (TRACK, 2): second}, seen)


def ask(here: Services, user: User, interview: Interview, second: str = "child") -> int:
    name(here, user, interview, second)
    return here.voice_names.hear_again(interview.id, user)


def all_of(worker: HearingAgain, interview: Interview) -> Step:
    while (step := worker.step(interview.id)).more:
        pass
    return step


def now(here: Services, interview: Interview) -> Record:
    return here.transcripts.read(here.interviews.get(interview.id))


def lines(here: Services, interview: Interview) -> list[tuple[str, str, str]]:
    return [(one.speaker, one.language, one.text) for one in now(here, interview).now.segments]


def test_what_a_voice_says_is_heard_again_in_its_language(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user, scribe = users[Role.INTERVIEWER], Scribe("uk")
    assert ask(here, user, interview) == 2
    all_of(hearing(here, scribe), interview)
    assert scribe.asked == [(4000, 1.5 * RATE, "uk"), (8000, 1.5 * RATE, "uk")]
    assert lines(here, interview) == [
        ("interviewer", "en", SAID[0]),
        ("child", "uk", "я бачив кота"),
        ("interviewer", "en", SAID[2]),
        ("child", "uk", "я бачив кота"),
    ]
    second = now(here, interview).now.segments[1]
    assert [word.start_ms for word in second.words] == [4000, 4100, 4200], "times are those of the hearing"
    assert second.track == TRACK
    voices = here.voice_names.voices(interview)
    assert [one.text for one in voices[1].segments] == ["я бачив кота"] * 2
    assert voices[1].named == "child"
    assert not here.voice_names.unsure(interview)
    assert here.voice_names.again(interview).asked is None
    assert not unfinished(here.database)


def test_what_was_heard_first_stays_on_record_and_can_be_had_back(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    ask(here, user, interview)
    all_of(hearing(here, Scribe("uk")), interview)
    shown = here.interviews.history(interview.id, kinds=(EventKind.TURN,))
    assert [event.payload["text"] for event in shown][:4] == list(SAID)
    held = now(here, interview)
    mine = [step for step in held.now.steps if held.taken[step.number].why.startswith("Heard again")]
    assert [step.kind for step in mine] == ["text", "merge"] * 2
    assert {held.taken[step.number].author_id for step in mine} == {user.id}
    for number, step in enumerate(reversed(mine[:2])):
        seen = now(here, interview).now.number
        here.transcripts.take(interview.id, user, StepIn(f"u{number}", "undo", seen, of=step.number))
    assert ("child", "en", SAID[1]) in lines(here, interview)
    assert here.voice_names.hear_again(interview.id, user) == 0, "who took it back is not overruled"


def test_words_that_a_person_corrected_stay(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user, scribe = users[Role.INTERVIEWER], Scribe("uk")
    here.transcripts.take(interview.id, user, StepIn("a", "text", 0, segment="2", text="Я бачила кота."))
    assert ask(here, user, interview) == 1

    def correct() -> None:
        seen = now(here, interview).now.number
        here.transcripts.take(interview.id, user, StepIn("b", "text", seen, segment="4", text="Пішла."))

    scribe.meanwhile = correct
    all_of(hearing(here, scribe), interview)
    assert [text for _, _, text in lines(here, interview)] == [SAID[0], "Я бачила кота.", SAID[2], "Пішла."]
    with here.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Turn)) == 4


def test_a_worker_killed_in_between_doubles_nothing(
    here: Services, users: dict[Role, User], interview: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(here, users[Role.INTERVIEWER], interview)
    scribe = Scribe("uk")
    scribe.meanwhile = lambda: setattr(scribe, "now", scribe.now + 10)
    assert hearing(here, scribe).step(interview.id).more
    again = here.voice_names.again(interview)
    assert (again.done, again.of) == (1, 2)

    def killed() -> None:
        raise KeyboardInterrupt

    scribe.meanwhile = killed
    with pytest.raises(KeyboardInterrupt):
        hearing(here, scribe).step(interview.id)
    assert unfinished(here.database) == [interview.id]
    all_of(hearing(here, Scribe("uk")), interview)
    assert [text for *_, text in lines(here, interview)] == [SAID[0], "я бачив кота", SAID[2], "я бачив кота"]
    assert not hearing(here, Scribe("uk")).step(interview.id).more
    with here.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Turn)) == 6


def test_without_a_model_the_passage_says_that_it_was_not_heard(
    client: FlaskClient, here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    token = sign_in(client, user)
    page = f"/interviews/{interview.id}/voices"
    asked = client.get(page).text
    assert "No speech model for Ukrainian is installed" in asked
    assert 'name="again" value="1">' in asked, "nobody who just saves loses words to a mark"
    seen = str(here.voice_names.voices(interview)[0].seq)
    answer = {f"{TRACK}.2": "child", "seen": seen, "again": "1", "csrf_token": token}
    assert client.post(page, data=answer).location.endswith("/voices")
    assert here.jobs.waits("group")
    assert "0 of 2 turns" in client.get(page).text
    all_of(hearing(here, Scribe("en")), interview)
    assert [text for *_, text in lines(here, interview)] == [SAID[0], INAUDIBLE, SAID[2], INAUDIBLE]
    shown = client.get(page).text
    assert "2 turns in Ukrainian: not heard" in shown
    assert "Hear them again" not in shown
    here.voice_names.hear_again(interview.id, user)
    assert here.voice_names.again(interview).done == 0
    all_of(hearing(here, Scribe("uk")), interview)
    assert [text for *_, text in lines(here, interview)] == [SAID[0], "я бачив кота", SAID[2], "я бачив кота"]


def test_a_voice_named_anew_is_heard_anew(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user, scribe = users[Role.INTERVIEWER], Scribe("uk", "en")
    ask(here, user, interview)
    all_of(hearing(here, scribe), interview)
    scribe.says = "I saw a cat"
    assert ask(here, user, interview, "interviewer") == 2
    all_of(hearing(here, scribe), interview)
    assert lines(here, interview)[1] == ("interviewer", "en", "I saw a cat")
    assert ask(here, user, interview, "interviewer") == 0


def test_an_interpreter_is_heard_in_the_language_of_the_other_side(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    name(here, user, interview, "interpreter")
    with here.database.read() as session:
        owed = look(session, here.recordings.sealer(interview), here.interviews.get(interview.id)).owed
    assert [(one.turn, one.language) for one in owed] == [(2, "uk"), (4, "uk")]


def test_voices_are_not_named_or_counted_anew_meanwhile(
    client: FlaskClient, here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    ask(here, user, interview)
    before = lines(here, interview)
    with pytest.raises(Conflict):
        name(here, user, interview, "interpreter")
    token = sign_in(client, user)
    asked = {"track": TRACK, "voices": "2", "csrf_token": token}
    assert client.post(f"/interviews/{interview.id}/voices/count", data=asked).status_code == 409
    assert lines(here, interview) == before
    all_of(hearing(here, Scribe("uk")), interview)
    name(here, user, interview, "interpreter")
    assert lines(here, interview)[1] == ("interpreter", "uk", "я бачив кота")


def test_an_erased_interview_is_let_alone(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    ask(here, users[Role.INTERVIEWER], interview)
    scribe = Scribe("uk")

    def erase() -> None:
        with here.database.write() as session:
            session.get_one(Interview, interview.id).wrapped_key = None

    scribe.meanwhile = erase
    scribe.languages = ("uk",)
    with here.database.read() as session:
        before = session.scalar(select(func.count()).select_from(Turn))
    worker = hearing(here, scribe)
    worker.step(interview.id)
    assert worker.step(interview.id) == Step()
    with here.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Turn)) == before


def test_the_worker_takes_it_up_again_and_the_new_words_go_the_way_of_all(
    client: FlaskClient, here: Services, users: dict[Role, User], interview: Interview
) -> None:
    ask(here, users[Role.INTERVIEWER], interview)
    while here.jobs.queue.dequeue():  # a killed worker had taken it
        pass
    worker, done = Worker(here), []
    worker.transcribers = Scribe("uk")  # type: ignore[assignment]
    worker.recover()
    while (task := worker.jobs.queue.dequeue()) is not None:
        done.append(task.name)
        worker.jobs.queue.execute(task)
    assert "group" in done
    assert "code" in done[done.index("group") :], "they are translated and coded"
    assert here.voice_names.again(interview).asked is None
    sign_in(client, users[Role.SUPERVISOR])
    shown = client.get(f"/interviews/{interview.id}/transcript").text
    assert shown.count('class="seg"') == 4
    assert shown.count('class="seg-text" lang="uk"') == 2
    review = client.get(f"/review/{interview.id}").text
    assert review.count("All words deleted.") == 2


class AsEnglish:
    """The real model; for Ukrainian it listens for English, in which these recordings are."""

    def __init__(self, transcriber: Transcriber) -> None:
        self.transcriber = transcriber

    def transcribe(self, samples: Samples, offset_ms: int, language: str | None) -> Heard:
        return self.transcriber.transcribe(samples, offset_ms, "en")


def test_the_sound_of_each_turn_is_found_again(room: Room, transcriber: Transcriber) -> None:
    studio = Studio(room, transcriber, child_language="uk")
    studio.open(TRACK, None)
    studio.play({TRACK: whole()})
    studio.end()
    first = studio.said
    names = VoiceNames(room.database, room.vault, lambda *_: None, lambda *_: None)
    interview = room.service.get(studio.interview.id)
    roles = {(TRACK, 1): "interviewer", (TRACK, 2): "child"}
    names.name(interview.id, room.user, roles, names.voices(interview)[0].seq)
    assert names.hear_again(interview.id, room.user) >= 2
    worker = HearingAgain(room.database, studio.recordings, lambda: AsEnglish(transcriber))
    while worker.step(interview.id).more:
        pass
    interview = room.service.get(interview.id)
    with room.database.read() as session:
        sealer = room.vault.sealer(interview.id, interview.wrapped_key)
        segments = record.read(session, sealer, interview).now.segments
    assert len(segments) == len(first), "nothing is doubled, nothing is missing"
    again = [(one, before) for one, before in zip(segments, first, strict=True) if one.language == "uk"]
    assert len(again) >= 2
    for one, (_, text, start_ms, end_ms) in again:
        assert one.speaker == "child"
        assert words(one.text) == words(text)
        assert start_ms - 50 <= (one.start_ms or 0) < (one.end_ms or 0) <= end_ms + 50
    assert not names.unsure(interview) & {one.turn for one, _ in again}
