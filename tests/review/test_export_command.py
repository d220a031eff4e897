"""`tellmore corrections export`: nothing leaves unless an administrator says so, and then it is on record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from tests.interview.parts import make_room
from tests.review.conftest import CHILD, add_marks, hold
from web.cli import main
from web.cli.corrections import NLU_DATA
from web.config import Config
from web.review.service import Correction, ReviewService
from web.store import AuditEntry, Database, Interview, InterviewState, Role, User, audit


@pytest.fixture
def corrected(config: Config, monkeypatch: pytest.MonkeyPatch) -> Interview:
    """A closed interview in which a supervisor saw a question otherwise."""
    monkeypatch.setenv("TELLMORE_HOME", str(config.home))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = Database(config.database_url)
    room = make_room(config, database)
    add_marks(room)
    interview = hold(room)
    key = config.secret(audit.KEY_NAME)
    with database.write() as session:
        session.get_one(Interview, interview.id).state = InterviewState.CLOSED
        for role in (Role.SUPERVISOR, Role.ADMINISTRATOR):
            session.add(User(id=role.value, name=role.value, role=role, password_hash="-"))
    reviews = ReviewService(database, room.vault, lambda s, *what: audit.append(s, key, *what))
    supervisor = User(id=Role.SUPERVISOR.value)
    reviews.correct(interview.id, supervisor, 3, Correction("choice", None, reason="two ways"))
    reviews.correct(interview.id, supervisor, 2, Correction(response="short", reason="one clause"))
    database.close()
    return interview


def run(folder: Path, *more: str, name: str = "administrator") -> Result:
    return CliRunner().invoke(
        main, ["corrections", "export", "--to", str(folder), "--administrator", name, *more]
    )


def exports(config: Config) -> list[AuditEntry]:
    database = Database(config.database_url)
    with database.read() as session:
        found = list(session.scalars(select(AuditEntry).where(AuditEntry.action == "corrections:export")))
    database.close()
    return found


def test_nothing_is_written_without_a_word_of_consent(
    corrected: Interview, config: Config, tmp_path: Path
) -> None:
    answer = run(tmp_path / "out")
    assert answer.exit_code == 2
    assert "testimony" in answer.stderr
    assert not (tmp_path / "out").exists()
    assert exports(config) == []


def test_a_confirmed_export_is_written_and_on_record(
    corrected: Interview, config: Config, tmp_path: Path
) -> None:
    answer = run(tmp_path / "out", "--confirm")
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert (told["questions"], told["children"]) == (1, 1)
    assert "- intent: choice\n" in (tmp_path / "out" / "questions.yml").read_text("utf-8")
    assert f"    - {CHILD}\n" in (tmp_path / "out" / "children.yml").read_text("utf-8")
    (entry,) = exports(config)
    assert (entry.actor_id, entry.subject_id, entry.detail) == ("administrator", corrected.id, {"texts": 2})


def test_no_word_of_the_record_is_printed(corrected: Interview, tmp_path: Path) -> None:
    answer = run(tmp_path / "out", "--confirm")
    assert "belt" not in answer.output
    assert "touch" not in answer.output


@pytest.mark.parametrize("name", ["supervisor", "nobody"])
def test_only_an_administrator_confirms(corrected: Interview, tmp_path: Path, name: str) -> None:
    answer = run(tmp_path / "out", "--confirm", name=name)
    assert answer.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_and_the_examples_themselves_are_refused(
    corrected: Interview, tmp_path: Path
) -> None:
    (tmp_path / "kept.txt").write_text("mine")
    assert run(tmp_path, "--confirm").exit_code == 2
    assert run(NLU_DATA / "new", "--confirm").exit_code == 2
    assert not (NLU_DATA / "new").exists()


def test_where_it_cannot_be_written_nothing_is_on_record(
    corrected: Interview, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.write_text

    def full(path: Path, text: str, *more: str) -> int:
        if path.name == "questions.yml":
            raise OSError(28, "No space left on device")
        return real(path, text, *more)

    monkeypatch.setattr(Path, "write_text", full)
    assert run(tmp_path / "out", "--confirm").exit_code == 1
    assert list((tmp_path / "out").iterdir()) == []
    assert exports(config) == []
