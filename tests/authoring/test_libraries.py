"""Which library is in force, and which one an interview keeps: after publishing, updates and losses."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from protocols.editions import fetch, keep, merge
from protocols.files import Files
from tests.authoring.parts import (
    CARD,
    FLOW,
    SHIPPED,
    WORDS,
    authoring,
    other_version,
    own_flow,
    own_words,
    publish,
)
from tests.interview.parts import LIBRARY
from web.authoring.libraries import RENEWED, Libraries, folder_of
from web.authoring.service import AuthoringService
from web.config import Config
from web.store import Database, User

OURS, ANEW = "I listen to young people.", "This is what I do."


@pytest.fixture
def update(monkeypatch: pytest.MonkeyPatch) -> Callable[[Files], None]:
    """Installs another version of the shipped files, for whatever starts from then on."""
    return lambda files: monkeypatch.setattr("web.authoring.libraries.installed", lambda: files)


@pytest.fixture
def start(config: Config, lite_database: Database) -> Callable[[], Libraries]:
    """A process that starts, after `tellmore prepare`."""

    def go() -> Libraries:
        libraries = Libraries(lite_database, folder_of(config))
        libraries.renew()
        return libraries

    return go


def words(libraries: Libraries, edition: str | None) -> str:
    """What an interview that keeps this edition says."""
    return libraries.kept(edition, "nichd_revised_2014", 8).library.wording(CARD).text


def test_without_an_edition_the_shipped_files_are_in_force(start: Callable[[], Libraries]) -> None:
    libraries = start()
    assert libraries.current() is libraries.shipped
    assert (libraries.current_number, libraries.trouble) == (0, "")
    kept = libraries.kept(libraries.shipped.edition, "asylum", 9)
    assert (kept.library, kept.edition, kept.lost) == (libraries.shipped, None, False)
    assert libraries.kept(None, "asylum", 9) == kept  # begun before there were editions


def test_an_interview_keeps_its_edition_and_is_told_apart(
    lite: AuthoringService, kim: User, start: Callable[[], Libraries]
) -> None:
    publish(lite, kim, {WORDS: own_words()})
    first = lite._libraries.current().edition
    publish(lite, kim, {WORDS: own_words("Second.")})
    libraries = start()
    kept = libraries.kept(first, "nichd_revised_2014", 8)
    assert (kept.edition, kept.lost) == (first, False)
    assert (words(libraries, first), words(libraries, None)) == (OURS, SHIPPED)
    assert libraries.current().wording(CARD).text == "Second."


def test_after_an_update_old_interviews_go_on_with_the_old_files(
    lite: AuthoringService, kim: User, start: Callable[[], Libraries], update: Callable[[Files], None]
) -> None:
    before = start().current().edition
    publish(lite, kim, own_flow())
    first = lite._libraries.current().edition
    update(other_version(LIBRARY.files))
    libraries = start()
    assert (libraries.current_number, libraries.trouble) == (2, "")
    assert libraries.current().wording(CARD).text == ANEW
    assert FLOW in libraries.current().flows
    for edition in (before, first):
        kept = libraries.kept(edition, "nichd_revised_2014", 8)
        assert (words(libraries, edition), kept.edition, kept.lost) == (SHIPPED, edition, False)
    assert words(libraries, None) == ANEW  # as installed
    assert start().current_number == 2  # once is enough
    lite = authoring_as(libraries, lite)
    assert (lite.history()[0].note, lite.history()[0].author) == (RENEWED, "")
    assert lite.edition(2) == own_flow()


def authoring_as(libraries: Libraries, lite: AuthoringService) -> AuthoringService:
    lite._libraries = libraries
    return lite


def test_own_files_that_do_not_fit_an_update_stay_in_force_as_they_were(
    config: Config,
    lite_database: Database,
    lite: AuthoringService,
    kim: User,
    start: Callable[[], Libraries],
    update: Callable[[Files], None],
) -> None:
    publish(lite, kim, own_flow())
    gone = other_version(LIBRARY.files, "open_comfort", "open_comfy")
    update(gone)
    libraries = start()
    assert "made with the protocols of another version" in libraries.trouble
    assert "own_house" in libraries.trouble
    assert libraries.current_number == 1
    assert libraries.current().wording(CARD).text == SHIPPED
    after = authoring(config, lite_database)
    (problem, *_) = after.check(after.create("Mend", kim).id).problems
    assert problem.file.startswith("flows/own_house/")
    publish(after, kim, dict.fromkeys(own_flow()))
    assert (after._libraries.current_number, after._libraries.trouble) == (2, "")


def test_looking_writes_nothing(
    config: Config,
    lite_database: Database,
    lite: AuthoringService,
    kim: User,
    update: Callable[[Files], None],
) -> None:
    publish(lite, kim, own_flow())
    before = sorted(folder_of(config).iterdir())
    update(other_version(LIBRARY.files))
    libraries = Libraries(lite_database, folder_of(config))
    assert "start Tellmore again" in libraries.trouble
    assert libraries.current_number == 1
    assert sorted(folder_of(config).iterdir()) == before


def lose(config: Config, edition: str, how: str) -> None:
    path = folder_of(config) / f"{edition}.json.gz"
    if how == "gone":
        path.unlink()
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:200])
    elif how == "changed":
        path.write_bytes(gzip.compress(b"{}"))
    else:
        path.write_bytes(gzip.compress(b"\0" * 30_000_000))


HOWS = ("gone", "cut", "changed", "bomb")


@pytest.mark.parametrize("how", HOWS)
def test_a_lost_file_is_made_again_from_the_record(
    config: Config, lite: AuthoringService, kim: User, start: Callable[[], Libraries], how: str
) -> None:
    publish(lite, kim, {WORDS: own_words()})
    edition = lite._libraries.current().edition
    lose(config, edition, how)
    libraries = start()
    assert (words(libraries, edition), libraries.trouble) == (OURS, "")
    assert fetch(folder_of(config), edition)[WORDS] == own_words().encode()


def test_it_is_made_again_after_an_update_too(
    config: Config,
    lite: AuthoringService,
    kim: User,
    start: Callable[[], Libraries],
    update: Callable[[Files], None],
) -> None:
    start()
    publish(lite, kim, own_flow())
    edition = lite._libraries.current().edition
    update(other_version(LIBRARY.files))
    lose(config, edition, "gone")
    assert words(start(), edition) == SHIPPED


@pytest.mark.parametrize("how", HOWS)
def test_what_is_lost_for_good_has_the_nearest_in_its_place(
    config: Config,
    lite: AuthoringService,
    kim: User,
    start: Callable[[], Libraries],
    update: Callable[[Files], None],
    how: str,
) -> None:
    """The shipped files of then are gone as well."""
    publish(lite, kim, {**own_flow(), WORDS: own_words()})
    edition = lite._libraries.current().edition
    update(other_version(LIBRARY.files))
    lose(config, edition, how)
    libraries = Libraries(lite._database, folder_of(config))
    assert "cannot be read; the shipped protocols are in force" in libraries.trouble
    assert (libraries.current_number, libraries.current()) == (0, libraries.shipped)
    assert [line.in_force for line in authoring_as(libraries, lite).history()] == [False]
    kept = libraries.kept(edition, "nichd_revised_2014", 8)
    assert (kept.flow.id, kept.edition, kept.lost) == ("nichd_revised_2014", None, True)
    own = libraries.kept(edition, FLOW, 8)
    assert (own.flow.kind, own.lost) == ("interview", True)
    assert own.flow.ages[0] <= 8 <= own.flow.ages[1]
    assert libraries.kept("0" * 64, "asylum", 9).lost
    assert libraries.kept("../../secrets", "asylum", 9).lost


def test_restored_from_a_backup_it_is_in_force_again(
    config: Config, lite: AuthoringService, kim: User, update: Callable[[Files], None]
) -> None:
    publish(lite, kim, {WORDS: own_words()})
    edition = lite._libraries.current().edition
    path: Path = folder_of(config) / f"{edition}.json.gz"
    backup = path.read_bytes()
    update(other_version(LIBRARY.files))
    path.unlink()
    libraries = Libraries(lite._database, folder_of(config))
    assert libraries.current_number == 0
    path.write_bytes(backup)
    assert (libraries.current_number, libraries.current().wording(CARD).text) == (1, OURS)


def test_an_edition_without_own_files_is_the_shipped_library(lite: AuthoringService, kim: User) -> None:
    publish(lite, kim, {WORDS: own_words()})
    publish(lite, kim, {WORDS: None})
    libraries = lite._libraries
    assert (libraries.current(), libraries.current_number) == (libraries.shipped, 2)
    assert libraries.kept(libraries.current().edition, "asylum", 9).edition is None


def test_the_folder_holds_what_the_dialogue_engine_reads(
    config: Config, lite: AuthoringService, kim: User
) -> None:
    publish(lite, kim, {WORDS: own_words()})
    files = merge(LIBRARY.files, {WORDS: own_words().encode()})
    assert keep(config.home / "editions", files) == lite._libraries.current().edition
