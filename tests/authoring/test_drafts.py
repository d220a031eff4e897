"""Drafts: what is written stays as it was written, and nobody's writing is lost to another's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.authoring.parts import WORDS, authoring, own_flow, own_words, publish
from tests.interview.parts import PlainCoder
from web.authoring.errors import DraftClash, NoDraft, NotOwn, Unfit
from web.authoring.service import MAX_TEXT, AuthoringService
from web.config import Config
from web.store import AuditEntry, Database, User

BELOW = "wording/own_sv.yml"


def test_a_draft_is_read_as_it_was_written(service: AuthoringService, sam: User) -> None:
    made = service.create("  Our own\n words ", sam, {WORDS: own_words()})
    text = "språk: ярлык — أرجوحة\r\n\ttab\u2028"
    changed = service.write(made.id, BELOW, text, made.version)
    assert service.read(made.id) == changed
    assert (changed.title, changed.author, changed.base) == ("Our own words", "Sam", 0)
    assert changed.changes == {WORDS: own_words(), BELOW: text}
    assert changed.version == made.version + 1
    assert changed.updated_at >= made.updated_at
    assert service.own(made.id) == changed.changes
    assert service.own() == {}


def test_the_draft_written_last_comes_first(service: AuthoringService, sam: User) -> None:
    first, second = service.create("First", sam), service.create("Second", sam)
    service.write(first.id, WORDS, own_words(), first.version)
    assert [draft.id for draft in service.drafts()] == [first.id, second.id]


def test_whoever_was_slower_is_told_and_nothing_is_overwritten(service: AuthoringService, sam: User) -> None:
    draft = service.create("Words", sam)
    theirs = service.write(draft.id, WORDS, own_words("Theirs."), draft.version)
    with pytest.raises(DraftClash) as clash:
        service.write(draft.id, WORDS, own_words("Mine."), draft.version)
    assert clash.value.theirs == theirs
    assert service.read(draft.id) == theirs
    for late in (service.revert, lambda *_: service.put_on_top(draft.id, draft.version, 0)):
        with pytest.raises(DraftClash):
            late(draft.id, WORDS, draft.version)
    assert service.read(draft.id) == theirs


def test_what_is_as_in_force_is_no_change(lite: AuthoringService, kim: User) -> None:
    publish(lite, kim, {WORDS: own_words()})
    draft = lite.create("Words", kim)
    draft = lite.write(draft.id, WORDS, own_words("Another."), draft.version)
    assert set(draft.changes) == {WORDS}
    assert lite.write(draft.id, WORDS, own_words(), draft.version).changes == {}
    draft = lite.write(draft.id, BELOW, None, draft.version + 1)
    assert draft.changes == {}  # it was not there


def test_a_file_can_be_removed_and_left_alone_again(lite: AuthoringService, kim: User) -> None:
    publish(lite, kim, {WORDS: own_words()})
    draft = lite.create("Words", kim)
    draft = lite.write(draft.id, WORDS, None, draft.version)
    assert lite.own(draft.id) == {}
    assert [(one.path, one.kind) for one in lite.changes(draft.id)] == [(WORDS, "removed")]
    draft = lite.revert(draft.id, WORDS, draft.version)
    assert lite.own(draft.id) == {WORDS: own_words()}
    assert lite.changes(draft.id) == []


@pytest.mark.parametrize(
    "path",
    ["cards/rapport.yml", "common.yml", "packs/own.txt", "packs/nobody.yml", "../own_x.yml", "wording/en.yml"]
    + [
        "flows/own_/flow.yml",
        "flows/nichd_standard/flow.yml",
        "wording/own_en.yml\n",
        "",
        "flows/own_a/b.yml",
    ],
)
def test_what_cannot_be_own_is_not_written(lite: AuthoringService, kim: User, path: str) -> None:
    draft = lite.create("Words", kim)
    for work in (
        lambda: lite.write(draft.id, path, "a: b", draft.version),
        lambda: lite.check(draft.id, path, "a: b"),
        lambda: lite.create("Other", kim, {path: "a: b"}),
    ):
        with pytest.raises(NotOwn):
            work()
    assert [one.changes for one in lite.drafts()] == [{}]


@pytest.mark.parametrize("text", ["\ud800", "x" * (MAX_TEXT + 1)])
def test_what_no_file_can_keep_is_refused(lite: AuthoringService, kim: User, text: str) -> None:
    draft = lite.create("Words", kim)
    with pytest.raises(Unfit):
        lite.write(draft.id, WORDS, text, draft.version)
    assert lite.read(draft.id) == draft


def test_a_draft_cannot_grow_without_end(lite: AuthoringService, kim: User) -> None:
    draft = lite.create("Words", kim)
    many: dict[str, str | None] = {f"packs/own_{n}.yml": "a" for n in range(201)}
    large: dict[str, str | None] = {f"packs/own_{n}.yml": "å" * 300_000 for n in range(9)}
    for changes in (many, large):
        with pytest.raises(Unfit):
            lite.write_all(draft.id, changes, draft.version)
    assert lite.read(draft.id) == draft


@pytest.mark.parametrize("title", ["", "  \n", "x" * 121, "a\x00b", "a\u202eb"])
def test_a_title_is_one_plain_line(service: AuthoringService, sam: User, title: str) -> None:
    with pytest.raises(Unfit):
        service.create(title, sam)


def test_what_was_discarded_is_gone_and_the_log_says_who(
    service: AuthoringService, sam: User, database: Database
) -> None:
    draft = service.create("Words", sam)
    service.discard(draft.id, sam, draft.version)
    for work in (
        service.read,
        service.check,
        service.changes,
        service.files,
        lambda one: service.discard(one, sam, draft.version),
    ):
        with pytest.raises(NoDraft):
            work(draft.id)
    with database.read() as session:
        told = session.scalars(select(AuditEntry).where(AuditEntry.action == "draft:discard")).all()
    assert [(entry.actor_id, entry.subject_id) for entry in told] == [(sam.id, draft.id)]


def test_only_what_is_new_is_coded_again(config: Config, lite_database: Database, kim: User) -> None:
    coder = PlainCoder()
    service = authoring(config, lite_database, lambda: coder)
    draft = service.create("Words", kim, {WORDS: own_words()})
    service.check(draft.id)
    assert "I listen to young people." in coder.heard
    coder.heard.clear()
    more = own_words() + "  close_thanks: Thank you for the time you gave me.\n"
    service.check(draft.id, WORDS, more)
    assert [text for text in coder.heard if not text.startswith("I saw")] == [
        "Thank you for the time you gave me."
    ]


def test_a_text_too_long_to_be_compared_is_shown_whole_and_at_once(lite: AuthoringService, kim: User) -> None:
    before = "".join(f"# {number % 150}\n" for number in range(20_000))
    after = "".join(f"# {number * 7 % 150}\n" for number in range(20_000))
    publish(lite, kim, {WORDS: own_words() + before})
    draft = lite.create("Words", kim, {WORDS: own_words() + after})
    (change,) = lite.changes(draft.id)
    assert [mark for mark, _line in change.lines].count("-") == 20_006
    assert ("+", "# 7") in change.lines


def test_a_draft_is_looked_at_with_what_is_being_typed(lite: AuthoringService, kim: User) -> None:
    draft = lite.create("Words", kim, {WORDS: own_words()})
    good = lite.check(draft.id)
    assert (good.problems, good.coded) == ((), True)
    assert good.library is not None
    assert good.library.wording("open_job").text == "I listen to young people."
    bad = lite.check(draft.id, WORDS, own_words("Did he touch you?"))
    assert {(one.file, one.where) for one in bad.problems} == {(WORDS, "open_job")}
    broken = lite.check(draft.id, WORDS, own_words() + " x: [")
    assert broken.library is None
    assert [(one.file, one.line) for one in broken.problems] == [(WORDS, 7)]
    assert lite.read(draft.id) == draft  # nothing was saved


def test_a_copy_of_a_protocol_has_no_problem(lite: AuthoringService, kim: User) -> None:
    draft = lite.create("Copy", kim, own_flow())
    found = lite.check(draft.id)
    assert found.problems == ()
    assert found.library is not None
    assert found.library.flows["own_house"].title == "The house's way"
    assert lite.files(draft.id)["flows/own_house/flow.yml"] == own_flow()["flows/own_house/flow.yml"].encode()
    assert "flows/own_house/flow.yml" not in lite.files()
