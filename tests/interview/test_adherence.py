"""The report read from rows and shown on its page: times, reasons, links, who may see it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from protocols.adherence import rails
from protocols.course import Told, replay
from protocols.labels import Label
from tests.conftest import sign_in
from tests.interview.parts import LIBRARY, Room, guided
from tests.interview.parts import PlainCoder as Coder
from web.interview import adherence
from web.interview.adherence_chart import chart
from web.interview.adherence_page import adherence_page
from web.interview.adherence_words import clock, duration
from web.interview.guidance import Setting
from web.interview.new import NewInterview
from web.review.service import Correction, ReviewService
from web.services import Services
from web.store import Coding, DialogueLabel, Event, Interview, Role, Turn, User

Users = dict[Role, User]


def record(room: Room, interview: Interview) -> adherence.Record:
    with room.database.read() as session:
        row = session.get_one(Interview, interview.id)
        return adherence.read(session, room.vault.sealer(row.id, row.wrapped_key), row)


# --- from rows


def test_each_label_finds_its_turn_or_its_key_press_with_the_reason(room: Room) -> None:
    interview = room.new()
    room.say(interview, "interviewer", "Hello.")
    room.press(interview, "quiet", on=True)
    room.press(interview, "go_to", step="rules", reason="The child asked about it.")
    room.say(interview, "child", "yes")
    room.press(interview, "child_wants", what="question")
    room.press(interview, "child_wants", what="toilet")
    room.press(interview, "resume")
    found = record(room, interview)
    assert [(one.label.intent, one.turn, one.reason, one.wants) for one in found.told] == [
        ("interviewer_turn", 1, "", ""),
        ("go_to", None, "The child asked about it.", ""),
        ("child_turn", 2, "", ""),
        ("break", None, "", "toilet"),
        ("resume", None, "", ""),
    ]
    assert [(line.number, line.speaker, line.text) for line in found.lines] == [
        (1, "interviewer", "Hello."),
        (2, "child", "yes"),
    ]
    assert found.uncoded == 0


def test_times_are_those_of_the_events_or_of_the_recording(lite: Room) -> None:
    from web.interview.turns import TurnIn

    interview = lite.new()
    lite.say(interview, "interviewer", "Hello.")
    lite.service.add_turn(interview.id, lite.user.id, TurnIn("s", "child", "yes", 90_000, 95_000))
    lite.press(interview, "next_step")
    with lite.database.write() as session:
        begun = session.get_one(Interview, interview.id).started_at
        assert begun is not None
        for kind, seconds in (("turn", 30), ("action", 120)):
            session.execute(
                update(Event)
                .where(Event.interview_id == interview.id, Event.kind == kind)
                .values(at=begun + timedelta(seconds=seconds))
            )
    assert [one.at for one in record(lite, interview).told] == [30.0, 90.0, 120.0]


def test_a_correction_counts_as_it_does_in_the_summary(lite: Room) -> None:
    from web.store import Coding
    from web.store.base import new_id

    interview = lite.new()
    lite.say(interview, "interviewer", "Did you run?")
    with lite.database.write() as session:
        turn = session.scalars(select(Turn)).one()
        key = new_id()
        row = session.get_one(Interview, interview.id)
        sealed = lite.vault.sealer(row.id, row.wrapped_key).seal({}, f"coding:{key}")
        session.add(
            Coding(id=key, interview_id=row.id, turn_id=turn.id, layer=1, type="wh", sealed_detail=sealed)
        )
    (told,) = record(lite, interview).told
    assert (told.label.entities["type"], told.kind) == ("yes_no", "wh")


@pytest.mark.parametrize(
    ("text", "flags", "before", "after"),
    [
        ("Tell me what he did, didn't he?", (), "not_done", "done"),
        ("Tell me what he did.", ("pressure",), "done", "not_done"),
    ],
)
def test_a_reviewer_s_word_on_what_was_leading_counts(
    lite: Room, text: str, flags: tuple[str, ...], before: str, after: str
) -> None:
    interview = lite.new()
    lite.say(interview, "interviewer", "Hello.")
    lite.press(interview, "go_to", step="free_account", reason="The child began.")
    lite.say(interview, "interviewer", "Did he run?")
    lite.say(interview, "interviewer", text)

    def paired() -> str:
        course = replay(LIBRARY.flows[interview.protocol], 8, record(lite, interview).told, True)
        return next(rail.status for rail in rails(course) if rail.id == "paired")

    assert paired() == before
    reviews = ReviewService(lite.database, lite.vault, lambda *_what: None)
    for chosen in (("disapproval", "promise"), flags):  # the newest counts
        correction = Correction("invitation", "general", flags=chosen, reason="heard again")
        reviews.correct(interview.id, lite.user, 3, correction)
    assert paired() == after


def test_turns_that_nobody_coded_are_counted_and_a_press_without_its_row_is_kept(lite: Room) -> None:
    interview = lite.new()
    lite.say(interview, "interviewer", "Hello.")
    lite.press(interview, "next_step")
    with lite.database.write() as session:
        session.execute(delete(Event).where(Event.interview_id == interview.id, Event.kind == "action"))
        session.execute(delete(DialogueLabel).where(DialogueLabel.number == 1))
    found = record(lite, interview)
    assert [(one.label.intent, one.turn) for one in found.told] == [("next_step", None)]
    assert found.uncoded == 1


def test_the_replay_stands_where_the_guide_stood(lite: Room) -> None:
    interview = lite.new()
    for text in ("Hello.", "Tell me about you.", "Did you sleep?", "What do you like?"):
        lite.say(interview, "interviewer", text)
        lite.say(interview, "child", "I went there and then we played with the big red ball.")
        lite.press(interview, "next_step")
    told = lite.service.guidance(interview.id)
    assert told is not None
    course = replay(LIBRARY.flows[interview.protocol], 8, record(lite, interview).told, False)
    assert (course.state.step, len(course.moves)) == (told["step"], told["labels"])


# --- the picture and its words


@pytest.mark.parametrize("turns", [0, 1, 7, 60, 400])
@pytest.mark.parametrize("flow", sorted(LIBRARY.flows))
def test_the_picture_keeps_within_its_frame(flow: str, turns: int) -> None:
    kinds = [
        Label("interviewer_turn", {"type": "invitation"}),
        Label("child_turn", {"response": "narrative"}),
    ]
    told = [Told(kinds[n % 2], n + 1, 9.0 * n) for n in range(turns)]
    course = replay(LIBRARY.flows[flow], 9, told, True)
    drawn = chart(course, turns, {(turn, "gap"): ["x"] for turn in range(turns + 1)})
    assert len(drawn.lanes) == len(LIBRARY.flows[flow].phases)
    assert sum(bar.last - bar.first + 1 for bar in drawn.bars) == len(drawn.marks) == turns
    assert all(bar.x + bar.width <= drawn.width and bar.y + 28 <= drawn.height for bar in drawn.bars)
    assert len(drawn.ticks) <= 12


def test_times_as_people_say_them(app: Flask) -> None:
    with app.test_request_context():
        assert [duration(seconds) for seconds in (0, 29, 60, 3700)] == [
            "under 1 min",
            "under 1 min",
            "1 min",
            "62 min",
        ]


def test_the_clock_counts_from_the_beginning() -> None:
    assert [clock(at) for at in (0, 7.9, 750, 3723)] == ["0:00", "0:07", "12:30", "1:02:03"]


# --- the page


@pytest.fixture
def services(app: Flask) -> Services:
    return guided(app.extensions["tellmore"], Coder())


@pytest.fixture
def anna(client: FlaskClient, users: Users) -> User:
    sign_in(client, users[Role.INTERVIEWER])
    return users[Role.INTERVIEWER]


def interview_of(services: Services, anna: User, protocol: str = "nichd_revised_2014") -> Interview:
    return services.interviews.create(anna, NewInterview("K-1", protocol, 9))


def tell(services: Services, interview: Interview, anna: User, *said: str) -> None:
    """`>` before the child's words, `!` before a key."""
    from web.interview.actions import ActionIn
    from web.interview.turns import TurnIn

    for number, text in enumerate(said):
        key = f"t{number}-{len(said)}"
        if text.startswith("!"):
            action, *values = text[1:].split("|")
            names = {"go_to": ("step", "reason")}.get(action, ())
            press = ActionIn(key, action, dict(zip(names, values, strict=True)))
            services.interviews.act(interview.id, anna.id, press)
        else:
            speaker = "child" if text.startswith(">") else "interviewer"
            services.interviews.add_turn(interview.id, anna.id, TurnIn(key, speaker, text.lstrip(">")))


def page_of(client: FlaskClient, interview: Interview) -> str:
    answer = client.get(f"/interviews/{interview.id}/adherence")
    assert answer.status_code == 200
    return html.unescape(answer.text)


def rail(page: str, name: str) -> str:
    found = re.search(
        rf'data-rail="{name}">(.*?)</li>\s*(?=<li class="rail"|</ul>\s*</section>)', page, re.DOTALL
    )
    assert found, name
    return found[1]


def test_a_gap_is_told_with_the_turn_and_the_protocols_own_why(
    client: FlaskClient, services: Services, anna: User
) -> None:
    interview = interview_of(services, anna)
    tell(
        services, interview, anna,
        "Hello.", "!go_to|free_account|The child began.", "Did he hit you?", ">no", "Was it dark?", ">no",
        "!break", "!resume", "Who was there?",
    )  # fmt: skip
    page = page_of(client, interview)
    cards = services.libraries.shipped.flows[interview.protocol].cards
    open_first = rail(page, "open_first")
    assert "Not done" in open_first
    assert re.findall(r'href="#turn-(\d+)"', open_first) == ["2", "4", "6"]
    assert "with 0 open prompts before it" in open_first
    assert cards["open_more"].why in open_first
    assert "The next question, in turn 4, was no open prompt." in rail(page, "paired")
    assert cards["open_again"].why in rail(page, "reopened")
    assert "Logged reason: The child began." in page
    targets = set(re.findall(r'href="#(turn-\d+)"', page))
    assert targets <= set(re.findall(r'id="(turn-\d+)"', page))
    assert {"turn-2", "turn-4", "turn-6"} <= targets


def test_it_describes_and_gives_no_mark(client: FlaskClient, services: Services, anna: User) -> None:
    interview = interview_of(services, anna)
    tell(services, interview, anna, "Hello.", ">hi", "!safety", "!resume", "Did you?", ">no")
    page = page_of(client, interview).lower()
    for word in (
        "score",
        "passed the",
        "fail",
        "grade",
        "credib",
        "no concern",
        " %",
        "adherent",
        "good",
        "bad ",
    ):
        assert word not in page.replace("there can be good reasons", "")


@pytest.mark.parametrize("state", ["planned", "live", "closed early"])
def test_without_a_turn_or_closed_early_there_is_a_page(
    client: FlaskClient, services: Services, anna: User, state: str
) -> None:
    interview = interview_of(services, anna, "ten_step")
    if state != "planned":
        tell(services, interview, anna, "Hello.")
    if state == "closed early":
        services.interviews.close(interview.id, anna.id, "end", "The child was tired.")
    page = page_of(client, interview)
    assert ("Nothing has been said yet." in page) == (state == "planned")
    assert ("Closing was not done." in page) == (state == "closed early")
    assert ("The child was tired." in page) == (state == "closed early")
    assert ("Not reached" in page) == (state == "closed early")


def test_what_was_coded_by_a_translation_says_so(client: FlaskClient, services: Services, anna: User) -> None:
    interview = interview_of(services, anna)
    tell(services, interview, anna, "Tell me about yourself.", ">yes")
    assert "from a machine translation" not in page_of(client, interview)
    with services.database.write() as session:
        answer = select(Turn.id).where(Turn.interview_id == interview.id, Turn.speaker == "child")
        session.execute(update(Coding).where(Coding.turn_id.in_(answer)).values(translation_id="1" * 32))
    page = page_of(client, interview)
    assert page.count("(from a machine translation)") == 1
    assert "(from a machine translation)" in page.split('id="turn-2"')[1]
    assert "1 turn was looked at in a machine translation, which nobody has verified." in page


def test_a_protocol_that_changed_since_is_named(client: FlaskClient, services: Services, anna: User) -> None:
    interview = interview_of(services, anna)
    says = "has been changed since this interview"
    assert says not in page_of(client, interview)
    with services.database.write() as session:
        session.get_one(Interview, interview.id).protocol_hash = "0" * 64
        session.add(
            DialogueLabel(
                interview_id=interview.id, number=1,
                label={"intent": "go_to", "entities": {"step": "a_step_that_was"}},
            )
        )  # fmt: skip
    assert says in page_of(client, interview)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda old: {"packs": dict.fromkeys(old["packs"], "0" * 64)}, True),
        (lambda old: {"pack_order": "0" * 64}, True),
        (lambda old: {}, False),
    ],
    ids=["a pack", "the order of the packs", "nothing"],
)
def test_packs_that_changed_since_are_named(
    client: FlaskClient, services: Services, anna: User, change: Callable[[Any], dict[str, Any]], named: bool
) -> None:
    interview = interview_of(services, anna)
    sealer = services.vault.sealer(interview.id, interview.wrapped_key)
    details = services.interviews.details(interview)
    assert details["packs"]
    changed = {**details, **change(details)}
    with services.database.write() as session:
        session.get_one(Interview, interview.id).sealed_details = sealer.seal(
            changed, f"details:{interview.id}"
        )
    assert ("has been changed since this interview" in page_of(client, interview)) == named


def test_a_record_without_the_order_of_its_packs_counts_as_unchanged(
    client: FlaskClient, services: Services, anna: User
) -> None:
    interview = interview_of(services, anna)
    sealer = services.vault.sealer(interview.id, interview.wrapped_key)
    old = {key: value for key, value in services.interviews.details(interview).items() if key != "pack_order"}
    with services.database.write() as session:
        session.get_one(Interview, interview.id).sealed_details = sealer.seal(old, f"details:{interview.id}")
    assert "has been changed since this interview" not in page_of(client, interview)


def test_the_summary_leads_here_and_back(client: FlaskClient, services: Services, anna: User) -> None:
    interview = interview_of(services, anna)
    here = f"/interviews/{interview.id}/adherence"
    assert f'href="{here}"' in client.get(f"/interviews/{interview.id}/summary").text
    assert f'href="/interviews/{interview.id}/summary"' in client.get(here).text


def test_the_page_carries_no_script_or_style_of_its_own(
    client: FlaskClient, services: Services, anna: User
) -> None:
    interview = interview_of(services, anna)
    tell(services, interview, anna, "Hello.", "!go_to|free_account|because", "Did he?", ">no")
    text = client.get(f"/interviews/{interview.id}/adherence").text
    assert "<svg" in text
    assert not re.search(r"\sstyle=|\son\w+=|<style", text)


@pytest.mark.parametrize(
    ("role", "status", "reviews"),
    [
        (Role.INTERVIEWER, 200, False),
        (Role.SUPERVISOR, 200, True),
        (Role.TRAINEE, 403, False),
        (Role.ADMINISTRATOR, 403, False),
    ],
)
def test_who_may_read_it_and_where_the_turns_lead(
    app: Flask, client: FlaskClient, services: Services, anna: User, users: Users,
    role: Role, status: int, reviews: bool,
) -> None:  # fmt: skip
    interview = interview_of(services, anna)
    tell(services, interview, anna, "Hello.")
    other = client if role is Role.INTERVIEWER else app.test_client()
    if role is not Role.INTERVIEWER:
        sign_in(other, users[role])
    answer = other.get(f"/interviews/{interview.id}/adherence")
    assert answer.status_code == status
    assert (f"/review/{interview.id}?turn=1" in answer.text) == reviews


def test_somebody_else_s_looks_like_none_and_a_reading_is_on_record(
    app: Flask, client: FlaskClient, services: Services, anna: User, users: Users
) -> None:
    from web.store import AuditEntry

    interview = interview_of(services, anna)
    stranger = User(name="olga", role=Role.INTERVIEWER, password_hash=anna.password_hash, full_name="Olga")
    with services.database.write() as session:
        session.add(stranger)
    other = app.test_client()
    sign_in(other, stranger)
    assert other.get(f"/interviews/{interview.id}/adherence").status_code == 404
    page_of(client, interview)
    with services.database.read() as session:
        entries = session.scalars(
            select(AuditEntry.actor_id).where(AuditEntry.action == "interview:open")
        ).all()
    assert list(entries) == [anna.id]


def test_a_long_interview_is_shown_whole(app: Flask) -> None:
    asks = Label("interviewer_turn", {"type": "yes_no", "suggestive": False})
    says = Label("child_turn", {"response": "no", "substantive": True})
    told = [Told(asks if n % 2 else says, n, 5.0 * n) for n in range(1, 401)]
    lines = [
        adherence.Line(n, "interviewer" if n % 2 else "child", "…", "en", "ltr", 5.0 * n, None, None)
        for n in range(1, 401)
    ]
    setting = Setting(LIBRARY.flows["nichd_revised_2014"], LIBRARY, "en", "en", 9)
    with app.test_request_context():
        shown = adherence_page(setting, adherence.Record(tuple(told), tuple(lines), 0), True, "en")
    gaps = {rail["id"]: [gap["turn"] for gap in rail["gaps"]] for rail in shown["rails"]}
    assert len(shown["turns"]) == 400
    assert gaps["open_first"] == gaps["paired"] == list(range(3, 400, 2))
    assert [phase["runs"] for phase in shown["phases"] if phase["runs"]] == [[(1, 2)], [(3, 400)]]
