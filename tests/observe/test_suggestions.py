"""One suggestion waits; it reaches the interviewer in a break and at no other time; everything is a row."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.observe.conftest import OPEN, Monitor
from web.interview.audience import MONITOR, ROOM
from web.interview.errors import Conflict, Invalid, KeyReused, NotFound
from web.observe.service import LONGEST, ObserveService
from web.store import EventKind, Role, User


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises((Conflict, Invalid)) as refused:
        work()
    return str(refused.value.detail)


def in_the_room(monitor: Monitor) -> list[str]:
    """What the interviewer's page has been told of suggestions."""
    found = monitor.room.service.history(monitor.interview.id, kinds=(EventKind.ACTION,), limit=500)
    shown = [event.payload for event in found if ROOM.gets(event)]
    return [payload["text"] for payload in shown if payload["action"].startswith("suggestion_shown")]


def test_it_waits_until_the_break_and_is_then_shown(monitor: Monitor) -> None:
    number = monitor.suggest()
    monitor.room.say(monitor.interview, "child", "and then we went into the shed")
    assert (monitor.fates(), in_the_room(monitor)) == (["waiting"], [])
    monitor.press("break")
    assert (monitor.fates(), in_the_room(monitor)) == (["shown"], [OPEN])
    monitor.press("resume")
    monitor.take(number)
    assert monitor.fates() == ["taken"]
    assert monitor.rows() == [
        ("suggestion", monitor.sam.id),
        ("suggestion_shown", None),
        ("suggestion_taken", monitor.room.user.id),
    ]
    assert [(one.text, one.by) for one in monitor.all()] == [(OPEN, "Sam Berg")]


def test_a_break_the_child_asks_for_shows_it_too(light: Monitor) -> None:
    light.suggest()
    light.press("child_wants", what="break")
    assert in_the_room(light) == [OPEN]


def test_made_in_a_break_it_is_shown_at_once_and_once(light: Monitor) -> None:
    light.press("break")
    light.suggest()
    light.press("break")  # pressed again: nothing new
    assert in_the_room(light) == [OPEN]


def test_the_interviewer_never_hears_of_one_that_was_not_shown(monitor: Monitor) -> None:
    first = monitor.suggest("Tell me about the garden.")
    second = monitor.suggest("Tell me about the lake.", replaces=first)
    monitor.withdraw(second)
    monitor.press("break")
    assert monitor.fates() == ["replaced", "withdrawn"]
    found = monitor.room.service.history(monitor.interview.id, kinds=(EventKind.ACTION,))
    assert [event.payload["action"] for event in found if ROOM.gets(event)] == ["start", "break"]
    assert sum(MONITOR.gets(event) for event in found) == 5


def test_a_suggestion_that_was_shown_is_not_withdrawn(light: Monitor) -> None:
    number = light.suggest()
    light.press("break")
    assert "does not wait" in refusal(lambda: light.withdraw(number))


def test_what_was_not_shown_cannot_be_taken_and_nothing_twice(light: Monitor) -> None:
    number = light.suggest()
    for wrong in (number, 1, 99):
        with pytest.raises(Conflict):
            light.take(wrong)
    light.press("break")
    taken = light.take(number, key="one")
    assert light.take(number, key="one") == taken
    with pytest.raises(Conflict):
        light.take(number, key="two")


# --- what may be suggested


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Did he take you to the shed?", "Closed question"),
        ("Was it day or night?", "Either-or"),
        ("Where was the shed?", "Wh question"),
        ("That was hard.", "Only an open prompt"),
        ("Tell me how he would touch you.", "touch"),
        ("", "no words"),
        (" \n\t", "no words"),
        ("Tell me " + "x" * LONGEST, "longer than"),
        ("Tell me \ud800", "broken characters"),
    ],
)
def test_anything_but_an_open_prompt_is_refused_with_the_reason(light: Monitor, text: str, why: str) -> None:
    before = light.room.service.get(light.interview.id).next_seq
    with pytest.raises(Invalid) as refused:
        light.suggest(text)
    assert why in refused.value.detail
    assert refused.value.extra["field"] == "text"
    assert light.room.service.get(light.interview.id).next_seq == before


def test_a_remark_that_the_phase_would_pass_over_still_refuses(light: Monitor) -> None:
    """The interview stands before the substantive part, where new words get no remark in the ground rules."""
    assert light.room.service.guidance(light.interview.id)
    assert "touch" in refusal(lambda: light.suggest("Tell me about the touch."))


def test_without_the_coder_nothing_is_sent(light: Monitor) -> None:
    light.room.engines.coder = None
    assert "cannot be told" in refusal(light.suggest)


def test_it_is_one_line(light: Monitor) -> None:
    light.suggest("Tell me\n\n  about <b>that</b>.\u202e")
    assert light.all()[0].text == "Tell me about <b>that</b>.\u202e"


# --- keys


def test_the_same_key_is_one_suggestion(monitor: Monitor) -> None:
    number = monitor.suggest(key="one")
    monitor.room.coder.look = lambda *_: 1 / 0  # type: ignore[assignment, method-assign, return-value]
    assert monitor.suggest(key="one") == number
    with pytest.raises(KeyReused):
        monitor.suggest("Tell me about the lake.", key="one")
    gone = monitor.withdraw(number, key="two")
    assert monitor.withdraw(number, key="two") == gone
    assert len(monitor.rows()) == 2


def test_a_key_of_something_else_is_refused(light: Monitor) -> None:
    light.room.say(light.interview, "child", "hello", key="said")
    with pytest.raises(KeyReused):
        light.suggest(key="said")
    with pytest.raises(Invalid):
        light.suggest(key="é")


# --- at the same time


def test_two_observers_at_once_leave_one_waiting(monitor: Monitor) -> None:
    eva = User(name="eva", full_name="Eva", role=Role.SUPERVISOR, password_hash="-")
    with monitor.room.database.write() as session:
        session.add(eva)

    def suggest(number: int) -> bool:
        try:
            monitor.suggest(f"Tell me about day {number}.", by=(monitor.sam, eva)[number % 2])
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(suggest, range(6))) == 1
    assert monitor.fates() == ["waiting"]


def test_what_another_observer_did_meanwhile_is_looked_at_first(light: Monitor) -> None:
    first = light.suggest()
    assert "meanwhile" in refusal(lambda: light.suggest("Tell me about the lake."))
    second = light.suggest("Tell me about the lake.", replaces=first)
    assert "does not wait" in refusal(lambda: light.withdraw(first))
    light.press("break")
    assert "meanwhile" in refusal(lambda: light.suggest("Tell me about the garden.", replaces=second))


def test_the_end_of_the_break_at_the_same_moment_shows_it_or_keeps_it_waiting(monitor: Monitor) -> None:
    """Never lost, never shown while the interview goes on."""
    monitor.press("break")
    with ThreadPoolExecutor(2) as pool:
        made = pool.submit(monitor.suggest)
        resumed = pool.submit(monitor.press, "resume")
        made.result()
        resumed.result()
    actions = [
        event.payload.get("action") or event.payload["state"]
        for event in monitor.room.service.history(
            monitor.interview.id, kinds=(EventKind.ACTION, EventKind.STATE)
        )
    ]
    if "suggestion_shown" in actions:
        assert actions.index("suggestion_shown") < len(actions) - 1 - actions[::-1].index("live")
    else:
        assert monitor.fates() == ["waiting"]
        monitor.press("break")
    assert in_the_room(monitor) == [OPEN]


def test_a_closed_interview_takes_nothing(light: Monitor) -> None:
    number = light.suggest()
    light.room.service.close(light.interview.id, light.room.user.id, "end", "over")
    for attempt in (
        lambda: light.suggest(replaces=number),
        lambda: light.withdraw(number),
        lambda: light.take(number),
    ):
        assert "closed" in refusal(attempt)
    assert light.fates() == ["waiting"]


def test_closing_and_suggesting_at_once(monitor: Monitor) -> None:
    def suggest() -> bool:
        try:
            monitor.suggest()
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        made = pool.submit(suggest)
        pool.submit(
            monitor.room.service.close, monitor.interview.id, monitor.room.user.id, "end", "over"
        ).result()
    assert len(monitor.rows()) == made.result()


def test_an_unknown_interview(light: Monitor) -> None:
    light.interview.id = "0" * 32
    for attempt in (light.suggest, lambda: light.withdraw(1), lambda: light.take(1)):
        with pytest.raises(NotFound):
            attempt()


# --- after a crash


def test_a_process_that_starts_anew_goes_on_from_the_rows(monitor: Monitor) -> None:
    first = monitor.suggest()
    anew = monitor.room.again()
    service = ObserveService(anew.database, anew.vault, anew.service)
    with pytest.raises(Conflict):
        service.suggest(monitor.interview.id, monitor.sam, key="x", text="Tell me about the lake.")
    number = service.suggest(
        monitor.interview.id, monitor.sam, key="x", text="Tell me about the lake.", replaces=first
    )
    anew.press(monitor.interview, "break")
    anew.again()
    assert monitor.take(number)
    assert monitor.fates() == ["replaced", "taken"]


def test_a_break_that_fails_shows_nothing(light: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The break and what it shows are one transaction."""
    light.suggest()
    with monkeypatch.context() as patch:
        patch.setattr("web.interview.suggestions._show", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            light.press("break")
    assert light.room.service.get(light.interview.id).state.value == "live"
    light.press("break")
    assert in_the_room(light) == [OPEN]
