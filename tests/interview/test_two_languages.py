"""Turns that can only be coded through a machine translation: as far as possible, honestly marked, once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.interview.parts import LIBRARY, Room
from tests.interview.test_service import count
from tests.interview.two_languages import Phrasebook, beat, turn_translator, two_languages
from web.interview import findings, pipeline
from web.interview.errors import Invalid
from web.interview.turns import TurnIn
from web.language.model import Coding as Code
from web.language.model import Cue, Indicator, Speaker
from web.language.model import Turn as Said
from web.store import Coding, DialogueLabel, EventKind, Interview, InterviewState, Tag, Translation, Turn
from web.store.base import new_id

PUSHED = "Він штовхнув мене зі сходів"
MARK = Indicator(
    tag="ABU-PHY",
    quote="pushed me",
    start=3,
    end=12,
    polarity="affirmed",
    reality="actual",
    experiencer="child",
    time="past",
    role="happened_to_me",
    elicitation="after_invitation",
    urgency=2,
    confidence=0.8,
    why="The child says that someone used force",
)


def add_marks(room: Room) -> None:
    """Let the plain coder mark every turn that speaks of pushing, whoever says it, as the port allows."""
    plain = room.coder.code

    def code(conversation: object, turn: Said) -> Code:
        coding = plain(conversation, turn)
        pushed = "pushed me" in turn.text and turn.speaker is Speaker.CHILD
        return replace(coding, indicators=(MARK,)) if pushed else coding

    room.coder.code = code  # type: ignore[method-assign]


def events(room: Room, interview: Interview, kind: str) -> list[dict[str, object]]:
    return [event.payload for event in room.service.history(interview.id) if event.kind.value == kind]


def codings(room: Room) -> list[Coding]:
    with room.database.read() as session:
        return list(session.scalars(select(Coding).join(Turn).order_by(Turn.number, Coding.layer)))


def labels(room: Room) -> list[dict[str, object]]:
    with room.database.read() as session:
        return list(session.scalars(select(DialogueLabel.label).order_by(DialogueLabel.number)))


def interpret(room: Room, interview: Interview, text: str, language: str) -> None:
    turn = TurnIn(new_id(), "interpreter", text, language=language)
    room.service.add_turn(interview.id, room.user.id, turn)


def test_a_child_is_coded_by_the_machines_words_and_that_is_said(room: Room) -> None:
    two_languages(room)
    interview = room.new(child_language="uk")
    out = room.say(interview, "child", "так")
    assert out.coding is not None
    assert (out.coding["response"], out.coding["translated"], out.coding["waits"]) == ("yes", True, None)
    assert room.coder.heard == ["yes"]
    (coding,) = codings(room)
    with room.database.read() as session:
        translation = session.scalars(select(Translation)).one()
    assert (coding.translation_id, translation.language) == (translation.id, "en")
    order = room.kinds(interview)
    assert order.index("turn") < order.index("translation") < order.index("coding") < order.index("guidance")


def test_what_the_coder_reads_itself_carries_no_such_mark(room: Room) -> None:
    two_languages(room)
    interview = room.new(child_language="uk")
    out = room.say(interview, "interviewer", "Did you go there?")
    assert out.coding is not None
    assert (out.coding["type"], out.coding["translated"]) == ("yes_no", False)
    assert codings(room)[0].translation_id is None


def test_an_interviewer_in_another_language_gets_types_through_it(lite: Room) -> None:
    two_languages(lite)
    interview = lite.new(interviewer_language="sv", child_language="sv")
    out = lite.say(interview, "interviewer", "Berätta om det")
    assert out.coding is not None
    assert (out.coding["type"], out.coding["translated"]) == ("invitation", True)
    assert labels(lite)[-1]["intent"] == "interviewer_turn"
    (shown,) = events(lite, interview, "translation")
    assert (shown["to"], shown["language"]) == ("coder", "en")


def test_tags_point_into_the_translation_and_say_so(room: Room) -> None:
    add_marks(room)
    two_languages(room)
    interview = room.new(child_language="uk")
    room.say(interview, "child", PUSHED)
    with room.database.read() as session:
        tag, translation = session.scalars(select(Tag)).one(), session.scalars(select(Translation)).one()
    assert tag.translation_id == translation.id
    sealer = room.vault.sealer(interview.id, interview.wrapped_key)
    words = sealer.open(translation.sealed_text, f"translation:{translation.id}")
    assert words[tag.start : tag.end] == "pushed me"
    (suggested,) = room.service.history(interview.id, kinds=(EventKind.TAGS,))
    assert [one["translation"] for one in suggested.payload["tags"]] == ["en"]


def test_an_interpreters_words_are_never_tagged_as_the_childs(lite: Room) -> None:
    add_marks(lite)
    worker = two_languages(lite)
    interview = lite.new(child_language="uk")
    lite.engines.coder, coder = None, lite.engines.coder
    interpret(lite, interview, PUSHED, "uk")
    worker.work_off(interview.id)
    lite.engines.coder = coder  # which finds the translation there
    interpret(lite, interview, "he pushed me down the stairs", "en")
    assert count(lite.database, Tag) == 0
    assert [(row.type, row.response, row.translation_id) for row in codings(lite)] == [(None, None, None)] * 2
    assert [label["intent"] for label in labels(lite)] == ["interpreter_turn"] * 2


def test_without_a_package_nothing_is_coded_and_the_page_says_why(lite: Room) -> None:
    two_languages(lite, Phrasebook(ways=set()))
    beat(lite)
    interview = lite.new(child_language="uk")
    out = lite.say(interview, "child", PUSHED)
    assert out.coding is not None
    assert (out.coding["response"], out.coding["waits"]) == (None, "package")
    assert "no translation is installed" in out.coding["label"]
    assert codings(lite) == []
    assert labels(lite) == [
        {"intent": "child_turn", "entities": {"response": "short", "substantive": False, "reluctance": False}}
    ]


def test_a_package_that_comes_during_the_interview_catches_up(room: Room) -> None:
    add_marks(room)
    book = Phrasebook(ways=set())
    worker = two_languages(room, book)
    interview = room.new(child_language="uk")
    room.say(interview, "child", PUSHED)
    room.say(interview, "interviewer", "Who was there?")
    room.say(interview, "child", "так")
    told = labels(room)
    assert worker.behind() == []
    book.ways.add(("uk", "en"))
    assert worker.behind() == [interview.id]
    done = worker.work_off(interview.id)
    assert (done.late, done.more) == (True, False)
    room.service.catch_up(interview.id)
    assert [(row.layer, row.type, row.response) for row in codings(room)] == [
        (0, None, "short"),
        (0, "wh", None),
        (0, None, "yes"),
    ]
    assert labels(room) == told, "the guide was told once"
    assert count(room.database, Tag) == 1
    assert room.coder.heard[-2:] == ["he pushed me down the stairs", "yes"], "each in its place"
    before = room.kinds(interview)
    room.service.catch_up(interview.id)
    assert room.kinds(interview) == before


def test_late_words_are_taken_in_before_what_followed_them(lite: Room) -> None:
    """Whoever looks first codes the late turn; the other process takes it in as it was coded."""
    book = Phrasebook()
    two_languages(lite, book, worker=False)
    console, interview = lite, lite.new(child_language="uk")
    late = console.say(interview, "child", "так").coding
    assert late is not None
    assert late["waits"] == "translation"
    console.say(interview, "interviewer", "Who was there?")
    other = lite.again()
    worker = two_languages(other, book)
    assert worker.translate(turn_id(lite, 1)).late
    other.service.catch_up(interview.id)
    assert [row.response for row in codings(lite)] == ["yes", None]
    told = [(one["turn"], one["late"]) for one in events(lite, interview, "coding")]
    assert told == [(1, False), (2, False), (1, True)], "the page says that the guide had gone on"
    console.say(interview, "interviewer", "Tell me about that.")
    assert console.coder.recalled == ["yes", "Who was there?"]
    assert count(lite.database, Coding) == 3


def turn_id(room: Room, number: int) -> str:
    with room.database.read() as session:
        return session.scalars(select(Turn.id).where(Turn.number == number)).one()


def test_the_coding_waits_for_a_translation_that_is_on_its_way(
    lite: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_languages(lite, worker=False)
    beat(lite)
    worker = turn_translator(lite, Phrasebook())
    looks: list[float] = []

    def meanwhile(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 2:
            worker.translate(turn_id(lite, 1))

    monkeypatch.setattr(pipeline.time, "sleep", meanwhile)
    out = lite.say(lite.new(child_language="uk"), "child", "так")
    assert out.coding is not None
    assert (out.coding["response"], len(looks)) == ("yes", 2)


@dataclass
class Clock:
    """Stands still but for those who wait; `meanwhile` happens at each look."""

    waited: float = 0.0
    meanwhile: Callable[[], object] = lambda: None

    def sleep(self, seconds: float) -> None:
        self.waited += seconds
        self.meanwhile()

    def monotonic(self) -> float:
        return self.waited


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pipeline.time, "sleep", made.sleep)
    monkeypatch.setattr(pipeline.time, "monotonic", made.monotonic)
    return made


def test_what_was_waited_for_in_vain_is_not_waited_for_again(lite: Room, clock: Clock) -> None:
    two_languages(lite, worker=False)
    beat(lite)
    interview = lite.new(child_language="uk")
    first = lite.say(interview, "child", "так")
    assert clock.waited == pytest.approx(pipeline.PATIENCE_S, abs=pipeline.LOOK_S)
    assert first.guidance is not None
    before = clock.waited
    lite.say(interview, "child", PUSHED)
    assert clock.waited == before
    turn_translator(lite, Phrasebook()).work_off(interview.id)
    lite.service.catch_up(interview.id)
    assert [row.response for row in codings(lite)] == ["yes", "short"]
    lite.say(interview, "child", "ми були на озері")
    assert clock.waited > before, "they came in time: somebody translates again"


def test_an_interviewers_english_waits_for_no_translation_of_it(lite: Room, clock: Clock) -> None:
    two_languages(lite, worker=False)
    beat(lite)
    asked: list[bool] = []
    lite.service._foreign = lambda turn_id, soon: asked.append(soon)
    interview = lite.new(child_language="uk")
    out = lite.say(interview, "interviewer", "Did you go there?")
    assert out.coding is not None
    assert (out.coding["type"], clock.waited) == ("yes_no", 0.0)
    lite.say(interview, "child", "так")
    assert asked == [False, True], "what a child said is translated first"


def test_words_that_came_too_late_are_no_reason_to_wait_again(lite: Room, clock: Clock) -> None:
    two_languages(lite, worker=False)
    beat(lite)
    interview = lite.new(child_language="uk")
    lite.say(interview, "child", "так")
    before = clock.waited
    turn_translator(lite, Phrasebook()).work_off(interview.id)
    with lite.database.write() as session:
        session.scalars(select(Translation)).one().at += timedelta(seconds=pipeline.PATIENCE_S + 1)
    lite.service.catch_up(interview.id)
    assert [row.response for row in codings(lite)] == ["yes"]
    lite.say(interview, "child", PUSHED)
    assert clock.waited == before


def test_nobody_else_waits_while_words_are_waited_for(lite: Room, clock: Clock) -> None:
    two_languages(lite, worker=False)
    beat(lite)
    interview = lite.new(child_language="uk")
    lite.say(interview, "interviewer", "Who was there?")
    kinds: list[object] = []

    def meanwhile() -> None:
        if not kinds:
            waited = clock.waited
            kinds.append(elsewhere(lambda: lite.service.look(interview.id, "Did you go?")["type"]))
            kinds.append(count(lite.database, DialogueLabel))
            stop = elsewhere(lambda: lite.press(interview, "stop").guidance)
            kinds.append(stop["interrupt"])
            kinds.append(clock.waited - waited)

    clock.meanwhile = meanwhile
    lite.say(interview, "child", "так")
    assert kinds == ["yes_no", 1, "stop", 0.0], "a look takes nothing in without its words, a stop does"
    assert len(labels(lite)) == 3


def elsewhere(work: Callable[[], Any]) -> Any:
    """The same in a thread of its own, that a lock would hold up for ever."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result(timeout=20)


def test_words_that_come_just_when_the_guide_goes_on_are_read(
    lite: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker saw a turn that still waited, and tells nobody that it is late."""
    two_languages(lite, worker=False)
    worker = turn_translator(lite, Phrasebook())
    write = findings.write

    def just_before(*arguments: Any) -> int:
        with lite.database.read() as session:
            turns = session.scalars(select(Turn.id)).all()
        assert not any(worker.translate(turn).late for turn in turns)
        return write(*arguments)

    monkeypatch.setattr(findings, "write", just_before)
    interview = lite.new(child_language="uk")
    lite.say(interview, "child", "так", key="k")
    assert [row.response for row in codings(lite)] == ["yes"]
    again = lite.say(interview, "child", "так", key="k")
    assert again.coding is not None
    assert again.coding["response"] == "yes"


def test_nobody_is_waited_for_where_no_worker_is(lite: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    two_languages(lite, worker=False)
    monkeypatch.setattr(pipeline.time, "sleep", lambda seconds: pytest.fail("waited"))
    out = lite.say(lite.new(child_language="uk"), "child", "так")
    assert out.coding is not None
    assert out.coding["waits"] == "translation"


def test_a_translator_that_breaks_holds_nothing_up_and_quotes_nobody(
    lite: Room, caplog: pytest.LogCaptureFixture
) -> None:
    two_languages(lite)

    def broken(interview_id: str) -> None:
        raise OSError("zinnoberrot")

    lite.service.translate_here(broken)
    out = lite.say(lite.new(child_language="uk"), "child", "так")
    assert out.guidance is not None
    assert out.coding is not None
    assert out.coding["waits"] == "translation"
    assert "OSError" in caplog.text
    assert "zinnoberrot" not in caplog.text


def test_a_card_for_the_child_is_never_a_machines(lite: Room) -> None:
    book = Phrasebook(ways={("ar", "en"), ("en", "ar")})
    worker = two_languages(lite, book)
    interview = lite.new(child_language="ar")
    lite.press(interview, "start")
    shown = lite.say(interview, "interviewer", "Who was there?").guidance
    worker.work_off(interview.id)
    assert shown is not None
    spoken = [card for card in shown["cards"] if card["spoken"]]
    assert spoken
    for card in spoken:
        words = LIBRARY.wording(card["id"], "ar").text if LIBRARY.has_wording(card["id"], "ar") else None
        assert (card["child_text"] or "").split("{")[0][:12] == (words or "").split("{")[0][:12]
    assert [texts for _, _, texts in book.asked] == [("Who was there?",)], "only what was said"


def test_words_of_a_machine_are_not_offered_as_the_childs_own(lite: Room) -> None:
    two_languages(lite)
    interview = lite.new(child_language="uk")
    lite.say(interview, "child", "ми були на озері")
    conversation = lite.service._pipeline._memories.of(interview.id).conversation
    lite.coder.offer(conversation, Cue(0, 12, 20, "the lake", "Tell me about the lake.", 1.0))
    shown = lite.say(interview, "interviewer", "Who was there?").guidance
    assert shown is not None
    assert shown["cues"] == []
    assert "lake" not in str(shown)


def test_a_remark_that_rests_on_a_translation_says_so(lite: Room) -> None:
    two_languages(lite)
    interview = lite.new(child_language="uk")
    lite.press(interview, "start")
    before = lite.say(interview, "interviewer", "Did he touch you?").guidance
    assert before is not None
    assert before["nudge"]["translated"] is False, "nothing was translated yet"
    lite.say(interview, "child", "так")
    after = lite.say(interview, "interviewer", "Did he touch you again?").guidance
    assert after is not None
    assert after["nudge"]["translated"] is True


def test_a_persons_code_stays_above_a_late_one_of_the_machine(lite: Room) -> None:
    book = Phrasebook(ways=set())
    worker = two_languages(lite, book)
    interview = lite.new(child_language="uk")
    lite.say(interview, "child", "так")
    sealer = lite.vault.sealer(interview.id, interview.wrapped_key)
    with lite.database.write() as session:
        row = new_id()
        session.add(
            Coding(
                id=row,
                interview_id=interview.id,
                turn_id=turn_id(lite, 1),
                layer=1,
                author_id=lite.user.id,
                response="no",
                sealed_detail=sealer.seal({"response": "no", "reason": "heard it"}, f"coding:{row}"),
            )
        )
    book.ways.add(("uk", "en"))
    worker.work_off(interview.id)
    lite.service.catch_up(interview.id)
    assert [(one.layer, one.response) for one in codings(lite)] == [(0, "yes"), (1, "no")]


def test_a_closed_interview_is_coded_late_without_a_new_card(lite: Room) -> None:
    book = Phrasebook(ways=set())
    worker = two_languages(lite, book)
    interview = lite.new(child_language="uk")
    lite.say(interview, "child", "так")
    lite.say(interview, "interviewer", "Who was there?")
    with lite.database.write() as session:
        session.get_one(Interview, interview.id).state = InterviewState.CLOSED
    cards = lite.kinds(interview).count("guidance")
    book.ways |= {("uk", "en"), ("en", "uk")}
    worker.work_off(interview.id)
    lite.service.catch_up(interview.id)
    assert [one.response for one in codings(lite)] == ["yes", None]
    assert lite.kinds(interview).count("guidance") == cards
    assert [one["to"] for one in events(lite, interview, "translation")] == ["interviewer"]


def test_a_long_interview_without_words_is_taken_in_again_in_parts(
    lite: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "BATCH", 5)
    book = Phrasebook(ways=set())
    worker = two_languages(lite, book)
    interview = lite.new(child_language="uk")
    for number in range(12):
        lite.say(interview, "child", f"слово {number}")
    book.ways.add(("uk", "en"))
    assert worker.work_off(interview.id).more is False
    lite.service.catch_up(interview.id)
    assert len(codings(lite)) == 12
    assert len(labels(lite)) == 12
    lite.say(interview, "child", "так")
    assert len(codings(lite)) == 13


def test_the_mark_to_check_with_the_interpreter_is_kept(lite: Room) -> None:
    two_languages(lite)
    interview = lite.new(child_language="uk")
    lite.say(interview, "child", "так")
    told = len(labels(lite))
    lite.press(interview, "check_translation", turn=1, on=True)
    assert events(lite, interview, "action")[-1] == {"action": "check_translation", "turn": 1, "on": True}
    assert len(labels(lite)) == told, "it does not concern the guide"
    with pytest.raises(Invalid):
        lite.press(interview, "check_translation", turn=1)
    with pytest.raises(Invalid):
        lite.press(interview, "check_translation", turn=0, on=True)


def test_what_is_typed_of_a_childs_words_in_english_is_read_as_english(lite: Room) -> None:
    two_languages(lite)
    interview = lite.new(child_language="uk")
    out = lite.say(interview, "child", "He touched me on my leg.")
    lite.say(interview, "interviewer", "Розкажи мені про це")
    with lite.database.read() as session:
        languages = list(session.scalars(select(Turn.language).order_by(Turn.number)))
    assert languages == ["en", "uk"]
    assert out.coding is not None
    assert (out.coding["translated"], out.coding["waits"]) == (False, None)
    assert lite.coder.heard[0] == "He touched me on my leg."
    assert [one["turn"] for one in events(lite, interview, "translation")] == [2]


@pytest.mark.parametrize("doubt", ["empty", "untranslated", "script", "repetition"])
def test_a_translation_that_hardly_says_what_was_said_is_not_coded(lite: Room, doubt: str) -> None:
    add_marks(lite)
    worker = two_languages(lite, Phrasebook(warnings=("length", doubt)))
    interview = lite.new(child_language="uk")
    out = lite.say(interview, "child", PUSHED)
    assert out.coding is not None
    assert (out.coding["translated"], out.coding["waits"]) == (False, "doubtful")
    assert "too doubtful" in out.coding["label"]
    assert lite.coder.heard == [PUSHED], "what was said, not the nonsense made of it"
    lite.again().service.catch_up(interview.id)
    assert worker.behind() == [], "it is shown, and made once"
    assert (codings(lite), count(lite.database, Tag), count(lite.database, Translation)) == ([], 0, 1)
