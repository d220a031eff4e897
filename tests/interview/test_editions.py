"""An interview goes on with the edition it began with: live, restarted, after an update, and when read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.authoring.parts import (
    FLOW,
    SHIPPED,
    WORDS,
    authoring,
    other_version,
    own_flow,
    own_words,
    publish,
    supervisor,
)
from tests.conftest import make_app, sign_in
from tests.interview.parts import LIBRARY, PlainCoder, Room, WalkingDialogue, guided
from web.authoring.libraries import folder_of
from web.authoring.service import AuthoringService
from web.config import Config
from web.interview.actions import ActionIn
from web.interview.errors import Invalid
from web.interview.new import NewInterview
from web.interview.turns import TurnIn
from web.services import Services
from web.store import Interview, InterviewState, Role, User

FIRST, SECOND = "open_prepare", "open_record"
Users = dict[Role, User]
OLD = {path: text.replace("title: Opening,", "title: Our opening,") for path, text in own_flow().items()}
NEW = {
    path: text.replace("The house's way", "A new way")
    .replace("title: Opening,", "title: Another opening,")
    .replace("[open_prepare, open_record, ", "[open_record, ")
    for path, text in own_flow().items()
}


@pytest.fixture
def author(room: Room) -> AuthoringService:
    """In another process than the room's."""
    return authoring(room.config, room.database)


@pytest.fixture
def sam(room: Room) -> User:
    return supervisor(room.database)


def shown(room: Room, interview: Interview) -> list[tuple[str, str]]:
    """The cards on the screen."""
    told = room.service.guidance(interview.id)
    assert told is not None
    return [(card["id"], card["text"]) for card in told["cards"]]


def led(room: Room, author: AuthoringService) -> Room:
    """With a guide that knows the editions there are, as the real one does."""
    libraries = author._libraries
    room.dialogue.editions = {
        line.digest: found for line in author.history() if (found := libraries.of(line.digest))
    }
    return room


def test_words_and_way_stay_those_of_its_edition(room: Room, author: AuthoringService, sam: User) -> None:
    words = (
        own_words("Our first.", card=FIRST)
        + "  open_record: Our second.\n  open_greet: Hello from {interviewer}.\n"
    )
    publish(author, sam, {**OLD, WORDS: words})
    old = led(room, author).new(protocol=FLOW)
    room.press(old, "start")
    publish(author, sam, {**NEW, WORDS: None})
    new = led(room, author).new(protocol=FLOW)
    room.press(new, "start")
    assert (shown(room, old)[0], shown(room, new)[0][0]) == ((FIRST, "Our first."), SECOND)
    following = [(SECOND, "Our second."), ("open_greet", "Hello from Anna.")]
    for again, taken, card in zip((room, led(room.again(), author)), (FIRST, SECOND), following, strict=True):
        again.press(old, "take_card", card=taken)
        assert shown(again, old)[0] == card
        assert again.service.setting(old).flow.phase("opening").title == "Our opening"
        assert again.service.setting(new).flow.phase("opening").title == "Another opening"
    assert (old.edition, new.edition) == (author.history()[1].digest, author.history()[0].digest)


def test_a_protocol_that_was_removed_leads_on_whoever_began_with_it(
    room: Room, author: AuthoringService, sam: User
) -> None:
    publish(author, sam, OLD)
    old = led(room, author).new(protocol=FLOW)
    publish(author, sam, dict.fromkeys(OLD))
    led(room, author).press(old, "start")
    room.press(old, "take_card", card=FIRST)
    assert shown(room, old)[0][0] == SECOND
    with pytest.raises(Invalid) as refused:
        room.new(protocol=FLOW)
    assert refused.value.extra["field"] == "protocol"


def test_an_update_changes_no_interview_that_has_begun(
    room: Room, author: AuthoringService, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.service._libraries.renew()  # as `tellmore prepare` does
    shipped = room.new()
    publish(author, sam, OLD)
    ours = room.new(protocol=FLOW)
    text = LIBRARY.wording(FIRST).text
    files = other_version(LIBRARY.files, text.split(",")[0], "Before anybody comes")
    monkeypatch.setattr("web.authoring.libraries.installed", lambda: files)
    after = room.again()
    after.service._libraries.renew()
    author = authoring(room.config, room.database)
    before = author._libraries.of(shipped.edition)
    assert before is not None
    led(after, author).dialogue.editions[before.edition] = before
    late = after.new()
    for one, words in ((shipped, text), (ours, text), (late, files_text(files))):
        after.press(one, "start")
        assert shown(after, one)[0] == (FIRST, words)


def files_text(files: Any) -> str:
    from protocols.library import load_library

    return load_library(files).wording(FIRST).text


def test_an_interview_from_before_there_were_editions_goes_on(
    room: Room, author: AuthoringService, sam: User
) -> None:
    old = room.new()
    with room.database.write() as session:
        session.get_one(Interview, old.id).edition = None
    publish(author, sam, {WORDS: own_words("Ours.", card=FIRST)})
    room.press(room.service.get(old.id), "start")
    assert shown(room, old)[0] == (FIRST, LIBRARY.wording(FIRST).text)


@pytest.mark.parametrize("protocol", [FLOW, "nichd_revised_2014"])
def test_a_lost_edition_loses_nothing_that_is_said(
    lite: Room, monkeypatch: pytest.MonkeyPatch, protocol: str
) -> None:
    author, sam = authoring(lite.config, lite.database), supervisor(lite.database)
    publish(author, sam, {**own_flow("minimal_facts"), WORDS: own_words("Ours.", card=FIRST)})
    one = led(lite, author).new(protocol=protocol)
    lite.press(one, "start")
    if protocol == FLOW:
        lite.press(one, "go_to", step="needs", reason="It is a phase that the stand-in has not.")
    lite.say(one, "interviewer", "Tell me about you.")
    told = lite.service.guidance(one.id)
    monkeypatch.setattr("web.authoring.libraries.installed", lambda: other_version(LIBRARY.files))
    for path in folder_of(lite.config).iterdir():
        path.unlink()
    after = lite.again()
    assert after.service.setting(one).lost
    turn = after.say(one, "child", "I like to swim in the lake with my brother and his dog.")
    assert turn.coding is not None
    assert turn.guidance is not None
    assert told is not None
    assert turn.guidance["labels"] > told["labels"]
    assert turn.guidance["cards"]
    after.press(one, "break")
    after.press(one, "resume")
    assert after.service.look(one.id, "Did he touch you?")["remark"]
    assert after.service.close(one.id, after.user.id, "end", "It ended early.") is InterviewState.CLOSED


# --- the pages


@pytest.fixture
def here(app: Flask) -> Services:
    return prepared(app)


def prepared(app: Flask) -> Services:
    return guided(app.extensions["tellmore"], PlainCoder())


def bring(here: Services, users: Users, changes: dict[str, str | None]) -> None:
    publish(here.authoring, users[Role.SUPERVISOR], changes)
    guide = here.engines.dialogue
    assert isinstance(guide, WalkingDialogue)
    guide.editions[here.libraries.current().edition] = here.libraries.current()


def begun(here: Services, users: Users) -> Interview:
    user = users[Role.SUPERVISOR]
    one = here.interviews.create(user, NewInterview("K-1", FLOW, 9))
    here.interviews.act(one.id, user.id, ActionIn("k1", "take_card", {"card": FIRST}))
    here.interviews.add_turn(one.id, user.id, TurnIn("k2", "interviewer", "Tell me about you."))
    here.interviews.add_turn(one.id, user.id, TurnIn("k3", "child", "I like to swim."))
    return one


def test_every_page_of_an_interview_is_of_its_edition(
    client: FlaskClient, app: Flask, users: Users, here: Services, config: Config
) -> None:
    bring(here, users, {**OLD, WORDS: own_words("Ours before the child comes.", card=FIRST)})
    sign_in(client, users[Role.SUPERVISOR])
    assert "The house&#39;s way" in client.get("/interviews/new").text
    one = begun(here, users)
    bring(here, users, {**NEW, WORDS: None})
    assert "A new way" in client.get("/interviews/new").text
    restarted = make_app(config)
    prepared(restarted)
    again = restarted.test_client()
    sign_in(again, users[Role.SUPERVISOR])
    for seen in (client, again):
        live = seen.get(f"/interviews/{one.id}").text
        assert "The house&#39;s way" in live
        assert "A new way" not in live
        assert "cannot be read" not in live
    here.interviews.close(one.id, users[Role.SUPERVISOR].id, "end", "Early.")
    for seen in (client, again):
        for page in ("summary", "adherence"):
            text = seen.get(f"/interviews/{one.id}/{page}").text
            assert "The house&#39;s way" in text, page
            assert "A new way" not in text, page
        text = seen.get(f"/interviews/{one.id}/adherence").text
        assert "Our opening" in text
        assert "Ours before the child comes." in text
        assert "has been changed since" not in text
    restarted.extensions["tellmore"].database.close()


def test_the_monitor_room_shows_the_phases_of_the_interview(
    client: FlaskClient, users: Users, here: Services
) -> None:
    bring(here, users, OLD)
    user = users[Role.INTERVIEWER]
    one = here.interviews.create(user, NewInterview("K-1", FLOW, 9))
    here.interviews.act(one.id, user.id, ActionIn("k1", "start"))
    bring(here, users, NEW)
    sign_in(client, users[Role.SUPERVISOR])
    text = client.get(f"/interviews/{one.id}/observe").text
    assert "Our opening" in text
    assert "Another opening" not in text


def test_a_lost_edition_is_told_on_the_pages_and_the_console_lives(
    client: FlaskClient, users: Users, here: Services, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(here, users, OLD)
    one = begun(here, users)
    monkeypatch.setattr("web.authoring.libraries.installed", lambda: other_version(LIBRARY.files))
    for path in folder_of(config).iterdir():
        path.unlink()
    restarted = make_app(config)
    services = prepared(restarted)
    seen = restarted.test_client()
    sign_in(seen, users[Role.SUPERVISOR])
    lost = "this interview began with cannot be read"
    assert lost in seen.get(f"/interviews/{one.id}").text
    services.interviews.close(one.id, users[Role.SUPERVISOR].id, "end", "Early.")
    assert lost in seen.get(f"/interviews/{one.id}/summary").text
    assert "has been changed since" in seen.get(f"/interviews/{one.id}/adherence").text
    for path in ("/", "/protocols", "/interviews/new", f"/review/{one.id}"):
        assert seen.get(path).status_code == 200, path
    services.database.close()


def test_what_an_agency_wrote_stays_text_on_the_pages(
    client: FlaskClient, users: Users, here: Services
) -> None:
    bad = "<script>alert(1)</script> 100% %(x)s {{ 7*7 }}"
    pack = here.libraries.files["packs/adhd.yml"].decode()
    bring(
        here,
        users,
        {path: text.replace("The house's way", bad) for path, text in own_flow().items()}
        | {"packs/adhd.yml": re.sub(r"(  (?:title|offered): ).*", rf'\1"{bad}"', pack)},
    )
    one = begun(here, users)
    sign_in(client, users[Role.SUPERVISOR])
    for page in ("interviews/new", "protocols", f"interviews/{one.id}", "summary", "adherence"):
        path = f"/{page}" if "/" in page or page == "protocols" else f"/interviews/{one.id}/{page}"
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.text, path
        assert "&lt;script&gt;alert(1)" in answer.text, path
        assert "49" not in re.findall(r"100% .{0,20}", answer.text)[0]


def test_shipped_words_come_back_where_no_edition_has_them(here: Services, users: Users) -> None:
    bring(here, users, {WORDS: own_words()})
    bring(here, users, {WORDS: None})
    assert here.libraries.current().wording("open_job").text == SHIPPED
