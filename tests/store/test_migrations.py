"""Migrations on both databases: equal to the models, up and down, with data."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import JSON, Enum, LargeBinary, MetaData, Table, func, inspect, select, text
from sqlalchemy.schema import CreateTable

from tests.conftest import make_config
from web.config import Config
from web.store import Base, Database, migrate
from web.store.base import UTCDateTime

MOMENT = datetime(2026, 3, 12, 15, 30, 1, 250, tzinfo=UTC)


@pytest.fixture
def empty(tmp_path: Path, any_url: str) -> Config:
    return make_config(tmp_path / "home", any_url)


def tables(config: Config) -> set[str]:
    database = Database(config.database_url)
    names = set(inspect(database.engine).get_table_names())
    database.close()
    return names


def test_the_newest_revision_is_what_the_models_say(any_url: str) -> None:
    assert migrate.differences(any_url) == []
    assert migrate.differences() == []


def test_a_difference_would_be_found(any_url: str) -> None:
    extra = Table("forgotten", Base.metadata, *[])
    try:
        found = migrate.differences(any_url)
    finally:
        Base.metadata.remove(extra)
    assert len(found) == 1
    assert "forgotten" in found[0]


def test_up_is_repeatable_and_down_leaves_nothing(empty: Config) -> None:
    migrate.upgrade(empty)
    migrate.upgrade(empty)
    assert tables(empty) == Base.metadata.tables.keys() | {"alembic_version"}
    migrate.downgrade(empty, "base")
    assert tables(empty) == {"alembic_version"}
    migrate.upgrade(empty)
    assert migrate.differences(empty.database_url) == []


def test_full_tables_come_back_as_they_were_and_go_down(empty: Config) -> None:
    """A row in every table; a column that a revision lost or changed shows."""
    migrate.upgrade(empty)
    database = Database(empty.database_url)
    filled = {table.name: row_for(table) for table in Base.metadata.sorted_tables}
    with database.write() as session:
        for table in Base.metadata.sorted_tables:
            session.execute(table.insert().values(**filled[table.name]))
    migrate.upgrade(empty)
    with database.read() as session:
        for table in Base.metadata.sorted_tables:
            kept = session.execute(select(table)).mappings().one()
            assert dict(kept) == filled[table.name], table.name
    database.close()
    migrate.downgrade(empty, "base")
    assert tables(empty) == {"alembic_version"}


REVISIONS = {
    "0001": {"interview": {"edition"}, "track": {"language"}, "speaker_mark": {"language"}}
    | {table: {"translation_id"} for table in ("coding", "tag")},
    "0002": {"track": {"language"}, "speaker_mark": {"language"}}
    | {table: {"translation_id"} for table in ("coding", "tag")},
    "0003": {"upload": {"beside"}},
}


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_was_there_before_stays_through_up_and_down(empty: Config, revision: str) -> None:
    """A row in every table of an older revision, up to the newest, new tables filled, and back."""
    later = REVISIONS[revision]
    migrate.upgrade(empty, revision)
    database = Database(empty.database_url)
    first = MetaData()
    first.reflect(database.engine)
    old = [table for table in Base.metadata.sorted_tables if table.name in first.tables]
    filled = {table.name: row_for(table) for table in old}
    for table, columns in later.items():
        for column in columns:
            filled[table].pop(column)
    with database.write() as session:
        for table in old:
            session.execute(first.tables[table.name].insert().values(**_plain(filled[table.name])))
    migrate.upgrade(empty)
    with database.read() as session:
        for table in old:
            kept = dict(session.execute(select(table)).mappings().one())
            for column in later.get(table.name, ()):
                assert kept.pop(column) in (None, False)
            assert kept == filled[table.name], table.name
    with database.write() as session:
        for table in Base.metadata.sorted_tables:
            if table not in old:
                session.execute(table.insert().values(**row_for(table)))
        for name, columns in later.items():
            table = Base.metadata.tables[name]
            session.execute(table.update().values({column: row_for(table)[column] for column in columns}))
    migrate.downgrade(empty, revision)
    with database.read() as session:
        for table in old:
            wanted = [column for column in table.columns if column.name not in later.get(table.name, ())]
            assert dict(session.execute(select(*wanted)).mappings().one()) == filled[table.name], table.name
    database.close()
    assert tables(empty) == {table.name for table in old} | {"alembic_version"}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """As a table without our types takes it."""
    return {name: value.value if isinstance(value, StrEnum) else value for name, value in row.items()}


def row_for(table: Table) -> dict[str, Any]:
    """One row with a telling value in every column; keys are such that references fit."""
    return {column.name: _value(column) for column in table.columns}


def _value(column: Any) -> Any:
    if isinstance(column.type, UTCDateTime):
        return MOMENT
    if isinstance(column.type, LargeBinary):
        return b"\x00\xff" * 8
    if isinstance(column.type, Enum) and column.type.enum_class:
        return next(iter(column.type.enum_class))
    if isinstance(column.type, JSON):
        return {"å": [1, None]}
    simple = {int: 1, float: 0.5, bool: True}
    if column.type.python_type in simple:
        return simple[column.type.python_type]
    return "i" if column.primary_key or column.foreign_keys else f"ж{column.name}"[: column.type.length]


def test_a_revision_that_fails_leaves_no_half_done_work(
    empty: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic.operations import Operations

    real = Operations.invoke
    done = []

    def failing(self: Operations, operation: Any) -> Any:
        done.append(operation)
        if len(done) == 6:
            raise RuntimeError("power cut")
        return real(self, operation)

    monkeypatch.setattr(Operations, "invoke", failing)
    with pytest.raises(RuntimeError, match="power cut"):
        migrate.upgrade(empty)
    monkeypatch.undo()
    assert tables(empty) <= {"alembic_version"}
    migrate.upgrade(empty)


def test_two_processes_may_migrate_at_once(empty: Config) -> None:
    errors: list[BaseException] = []

    def go() -> None:
        try:
            migrate.upgrade(empty)
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    database = Database(empty.database_url)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(text("alembic_version"))) == 1
    database.close()


def test_every_table_can_be_written_out_for_both_databases() -> None:
    from sqlalchemy.dialects import postgresql, sqlite

    for table in Base.metadata.sorted_tables:
        for dialect in (postgresql.dialect(), sqlite.dialect()):
            assert str(CreateTable(table).compile(dialect=dialect)).strip().startswith("CREATE TABLE")
