"""Publishing: all or nothing, one after the other, and never anything that is not checked."""

from __future__ import annotations

import os
import subprocess
import sys
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select

from protocols.editions import fetch
from tests.authoring.parts import CARD, SHIPPED, WORDS, authoring, own_flow, own_words, publish, supervisor
from web.authoring import rows
from web.authoring.errors import DraftClash, FilesClash, NoCoder, NoDraft, NoEdition, NotOwn, Refused, Unfit
from web.authoring.libraries import folder_of
from web.authoring.service import AuthoringService
from web.config import Config
from web.store import AuditEntry, Database, Edition, User, audit

BELOW = "wording/own_sv.yml"
SECOND = "  close_thanks: Thank you for the time you gave me.\n"
SWEDISH = (
    "language: sv\nauthor: Huset\nversion: '1'\nstatus: draft\nwording:\n  open_job: Jag lyssnar på unga.\n"
)


def in_force(service: AuthoringService) -> str:
    return service._libraries.current().wording(CARD).text


def nothing_published(service: AuthoringService, database: Database) -> None:
    with database.read() as session:
        assert session.scalars(select(Edition)).all() == []
        assert session.scalars(select(AuditEntry)).all() == []
    assert (service._libraries.current_number, in_force(service)) == (0, SHIPPED)


def test_what_is_published_is_in_force_and_kept(
    service: AuthoringService, sam: User, database: Database, any_config: Config
) -> None:
    draft = service.create("Words", sam, {WORDS: own_words()})
    assert service.publish(draft.id, " Plainer for us ", sam, draft.version) == 1
    assert (service._libraries.current_number, in_force(service)) == (1, "I listen to young people.")
    assert service.drafts() == []
    (line,) = service.history()
    assert (line.number, line.author, line.note, line.in_force) == (1, "Sam", "Plainer for us", True)
    assert line.digest == service._libraries.current().edition
    assert fetch(folder_of(any_config), line.digest)[WORDS] == own_words().encode()
    with database.read() as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.actor_id, entry.action, entry.subject_id) == (sam.id, "edition:publish", "1")
        assert entry.detail == {"digest": line.digest}
        assert audit.verify(session, any_config.secret(audit.KEY_NAME)) is None


def test_another_process_sees_it_at_once(
    service: AuthoringService, sam: User, any_config: Config, database: Database
) -> None:
    other = authoring(any_config, database)
    assert in_force(other) == SHIPPED
    publish(service, sam, {WORDS: own_words()})
    assert in_force(other) == "I listen to young people."
    publish(other, sam, {WORDS: None})
    assert (in_force(service), service._libraries.current_number) == (SHIPPED, 2)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (own_words("Did he touch you?"), "open_job"),
        (own_words("What is it?", card="no_such_card"), ""),
        (own_words("Listen.", card="nobody: [") + "", ""),
    ],
)
def test_a_draft_with_problems_is_refused_with_them(
    service: AuthoringService, sam: User, database: Database, text: str, where: str
) -> None:
    draft = service.create("Words", sam, {WORDS: text})
    with pytest.raises(Refused) as refused:
        service.publish(draft.id, "n", sam, draft.version)
    assert {(one.file, one.where) for one in refused.value.problems} == {(WORDS, where)}
    assert all(one.line for one in refused.value.problems)
    assert service.read(draft.id) == draft
    nothing_published(service, database)


def test_without_the_coder_nothing_is_published(lite_database: Database, config: Config, kim: User) -> None:
    service = authoring(config, lite_database, lambda: None)
    draft = service.create("Words", kim, {WORDS: own_words()})
    assert service.check(draft.id).coded is False
    with pytest.raises(NoCoder):
        service.publish(draft.id, "n", kim, draft.version)
    nothing_published(service, lite_database)


@pytest.mark.parametrize("note", ["", " \n", "x" * 501, "a\x00", "\ud800"])
def test_why_something_changes_must_be_told(
    service: AuthoringService, sam: User, database: Database, note: str
) -> None:
    draft = service.create("Words", sam, {WORDS: own_words()})
    with pytest.raises(Unfit):
        service.publish(draft.id, note, sam, draft.version)
    nothing_published(service, database)


def test_what_changes_nothing_is_no_edition(lite: AuthoringService, kim: User) -> None:
    draft = lite.create("Nothing", kim)
    with pytest.raises(Unfit):
        lite.publish(draft.id, "n", kim, draft.version)
    assert lite.history() == []


def validated(text: str, by: str = "Dr Ek", more: str = "") -> str:
    claim = f"status: validated\nvalidated: {{by: {by}, on: '2026-11-01'}}"
    return own_words(text).replace("status: draft", claim) + more


def test_nobody_is_said_to_have_validated_words_written_later(lite: AuthoringService, kim: User) -> None:
    publish(lite, kim, {WORDS: validated("I listen to children.")})
    for text in (validated("I listen to young people."), validated("I listen to children.", more=SECOND)):
        with pytest.raises(Refused) as refused:
            publish(lite, kim, {WORDS: text})
        (problem,) = refused.value.problems
        assert (problem.file, problem.line) == (WORDS, 5)
    assert publish(lite, kim, {WORDS: validated("I listen to children.", more="# a remark\n")}) == 2
    assert publish(lite, kim, {WORDS: validated("I listen to young people.", by="Dr Ny")}) == 3


def test_only_what_was_seen_is_published(service: AuthoringService, sam: User) -> None:
    draft = service.create("Words", sam, {WORDS: own_words()})
    service.write(draft.id, WORDS, own_words("Somebody else's."), draft.version)
    with pytest.raises(DraftClash):
        service.publish(draft.id, "n", sam, draft.version)
    assert service.history() == []


def test_other_files_go_together_and_the_same_file_clashes(service: AuthoringService, sam: User) -> None:
    first = service.create("First", sam, {WORDS: own_words("One.")})
    other = service.create("Other", sam, {BELOW: SWEDISH})
    same = service.create("Same", sam, {WORDS: own_words("Two."), **own_flow()})
    assert service.publish(first.id, "n", sam, first.version) == 1
    assert service.publish(other.id, "n", sam, other.version) == 2
    assert service.edition(2) == {WORDS: own_words("One."), BELOW: SWEDISH}
    assert service.clashes(same.id) == (WORDS,)
    with pytest.raises(FilesClash) as clash:
        service.publish(same.id, "n", sam, same.version)
    assert clash.value.files == (WORDS,)
    looked = service.put_on_top(same.id, same.version, 2)
    assert (looked.base, service.clashes(same.id)) == (2, ())
    assert service.publish(same.id, "n", sam, looked.version) == 3
    assert service.edition(3) == {WORDS: own_words("Two."), BELOW: SWEDISH, **own_flow()}


def at_once(service: AuthoringService, *works: Any) -> list[Any]:
    """All have checked before the first writes; what each gave or raised."""
    publishing: Any = service._publishing
    made, barrier, met = publishing._made, Barrier(len(works)), set()

    def wait(*arguments: Any) -> str:
        name: str = made(*arguments)
        if id(arguments[1]) not in met and len(met) < len(works):
            met.add(id(arguments[1]))
            barrier.wait(timeout=60)
        return name

    publishing._made = wait
    results: list[Any] = [None] * len(works)

    def run(place: int) -> None:
        try:
            results[place] = works[place]()
        except Exception as error:  # noqa: BLE001
            results[place] = error

    threads = [Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.parametrize("path", [WORDS, BELOW])
def test_of_two_who_publish_at_once_one_wins(service: AuthoringService, sam: User, path: str) -> None:
    """With another file the second is checked again and follows; with the same it is told."""
    texts = {WORDS: own_words("Two."), BELOW: SWEDISH}
    drafts = [
        service.create("One", sam, {WORDS: own_words("One.")}),
        service.create("Two", sam, {path: texts[path]}),
    ]
    got = at_once(
        service, *(lambda one=one: service.publish(one.id, "n", sam, one.version) for one in drafts)
    )
    if path == BELOW:
        assert sorted(got) == [1, 2]
        assert service.edition(2) == {WORDS: own_words("One."), BELOW: SWEDISH}
    else:
        assert sorted(type(one).__name__ for one in got) == ["FilesClash", "int"]
        assert len(service.drafts()) == 1
        assert [line.number for line in service.history()] == [1]


def test_a_draft_is_published_once(service: AuthoringService, sam: User) -> None:
    draft = service.create("One", sam, {WORDS: own_words()})
    work = [lambda: service.publish(draft.id, "n", sam, draft.version)] * 2
    got = at_once(service, *work)
    assert sorted(type(one).__name__ for one in got) in (["NoDraft", "int"], ["DraftClash", "int"])
    assert [line.number for line in service.history()] == [1]


KILLED = """
import os
from tests.authoring.parts import authoring, own_words, supervisor, WORDS
from web.authoring import rows
from web.config import Config
from web.store import Database
config = Config.from_environment()
database = Database(config.database_url)
service = authoring(config, database)
user = supervisor(database)
draft = service.create("Words", user, {WORDS: own_words()})
real = rows.add
def add(*arguments):
    assert real(*arguments) == 1
    os._exit(9)
rows.add = add
service.publish(draft.id, "n", user, draft.version)
"""


def test_killed_between_file_and_commit_leaves_the_draft_as_it_was(
    config: Config, lite_database: Database
) -> None:
    environ = {**os.environ, "TELLMORE_HOME": str(config.home)}
    done = subprocess.run([sys.executable, "-c", KILLED], env=environ, capture_output=True, check=False)
    assert done.returncode == 9, done.stderr.decode()
    assert len(list(folder_of(config).glob("*.json.gz"))) == 1
    service = authoring(config, lite_database)
    assert (service.history(), in_force(service)) == ([], SHIPPED)
    (draft,) = service.drafts()
    user = supervisor(lite_database, "kim")
    assert service.publish(draft.id, "n", user, draft.version) == 1
    assert in_force(service) == "I listen to young people."


def test_an_edition_file_that_cannot_be_written_publishes_nothing(
    lite: AuthoringService, kim: User, config: Config, lite_database: Database
) -> None:
    folder_of(config).write_text("in the way")
    draft = lite.create("Words", kim, {WORDS: own_words()})
    with pytest.raises(OSError, match="editions"):
        lite.publish(draft.id, "n", kim, draft.version)
    folder_of(config).unlink()
    nothing_published(lite, lite_database)


def test_history_differences_and_going_back(service: AuthoringService, sam: User) -> None:
    publish(service, sam, {WORDS: own_words("One.")}, "First")
    publish(service, sam, {WORDS: own_words("Two."), BELOW: SWEDISH}, "Second")
    publish(service, sam, {BELOW: None}, "Third")
    assert [(line.number, line.note, line.in_force) for line in service.history()] == [
        (3, "Third", True),
        (2, "Second", False),
        (1, "First", False),
    ]
    (words, swedish) = sorted(service.diff(1, 2), key=lambda one: one.path)
    assert (words.kind, swedish.kind) == ("changed", "added")
    assert [line for line in words.lines if line[0] in "+-"] == [
        ("-", "  open_job: One."),
        ("+", "  open_job: Two."),
    ]
    assert [(one.path, one.kind) for one in service.diff(0, 1)] == [(WORDS, "added")]
    assert [(one.path, one.kind) for one in service.diff(2, 3)] == [(BELOW, "removed")]
    draft = service.restore(1, sam)
    assert draft.changes == {WORDS: own_words("One.")}
    service.publish(draft.id, "Back", sam, draft.version)
    assert service.edition(4) == service.edition(1)
    assert service.history()[0].digest == service.history()[-1].digest
    assert service.restore(0, sam).changes == {WORDS: None}
    for number in (5, -1, 10**12):
        with pytest.raises(NoEdition):
            service.edition(number)


def test_a_replaced_pack_is_held_against_the_shipped_one(lite: AuthoringService, kim: User) -> None:
    path = "packs/age_7_10.yml"
    text = lite.files()[path].decode().replace("  title: ", "  title: Our ", 1)
    draft = lite.create("Pack", kim, {path: text})
    (change,) = lite.changes(draft.id)
    assert [mark for mark, _ in change.lines if mark in "+-"] == ["-", "+"]
    lite.publish(draft.id, "n", kim, draft.version)
    assert lite._libraries.current().packs["age_7_10"].title.startswith("Our ")
    publish(lite, kim, {path: None})
    assert not lite._libraries.current().packs["age_7_10"].title.startswith("Our ")


def test_brought_in_files_are_all_there_are(service: AuthoringService, sam: User) -> None:
    publish(service, sam, {WORDS: own_words()})
    assert service.bring_in({BELOW: SWEDISH}, "From elsewhere") == 2
    assert service.edition(2) == {BELOW: SWEDISH}
    assert (service.history()[0].author, service.history()[0].note) == ("", "From elsewhere")
    with pytest.raises(NotOwn):
        service.bring_in({"cards/rapport.yml": "a"}, "n")
    with pytest.raises(Refused):
        service.bring_in({WORDS: "["}, "n")
    assert len(service.history()) == 2


def test_a_draft_that_was_published_is_gone(lite: AuthoringService, kim: User) -> None:
    draft = lite.create("Words", kim, {WORDS: own_words()})
    lite.publish(draft.id, "n", kim, draft.version)
    with pytest.raises(NoDraft):
        lite.publish(draft.id, "n", kim, draft.version)


def test_numbers_have_no_gap_after_somebody_was_overtaken(database: Database) -> None:
    with database.write() as session:
        assert rows.add(session, 0, "d", "s", {}, "n", None) == 1
        assert rows.add(session, 0, "d", "s", {}, "n", None) is None
        assert rows.add(session, 1, "d", "s", {}, "n", None) == 2
