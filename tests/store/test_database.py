"""The database: what migrations make is what the schema says, and a write sees what it read."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from components.errors import BadSetting, StoreUnavailable
from components.store.database import Database
from components.store.schema import METADATA


@pytest.fixture
def database(tmp_path):
    made = Database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'sprint.db'}")
    made.migrate()
    yield made
    made.close()


def test_migrations_and_schema_say_the_same(database):
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_migrating_again_changes_nothing(database):
    with database.writing() as connection:
        connection.execute(text("INSERT INTO writers VALUES ('w', 1, 0, 0)"))
    database.migrate()
    with database.reading() as connection:
        assert connection.execute(text("SELECT number FROM writers")).scalars().all() == [1]


def test_a_store_of_a_newer_version_is_one_sentence(database):
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match="newer version"):
        database.migrate()


def test_a_commit_is_flushed_to_the_disk(database):
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_write_that_raises_leaves_no_trace(database):
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.execute(text("INSERT INTO writers VALUES ('w', 1, 0, 0)"))
        raise ZeroDivisionError
    with database.reading() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM writers")).scalar() == 0


def test_reading_and_writing_back_loses_no_update(database):
    """Without BEGIN IMMEDIATE two transactions read the same number and one addition is lost."""
    with database.writing() as connection:
        connection.execute(text("INSERT INTO writers VALUES ('w', 0, 0, 0)"))

    def add_one_often():
        for _ in range(25):
            with database.writing() as connection:
                number = connection.execute(text("SELECT number FROM writers")).scalar()
                connection.execute(text("UPDATE writers SET number = :number"), {"number": number + 1})

    threads = [threading.Thread(target=add_one_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as connection:
        assert connection.execute(text("SELECT number FROM writers")).scalar() == 100


def test_a_reading_sees_one_moment(database):
    with database.reading() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM writers")).scalar() == 0
        with database.writing() as other:
            other.execute(text("INSERT INTO writers VALUES ('w', 1, 0, 0)"))
        assert connection.execute(text("SELECT COUNT(*) FROM writers")).scalar() == 0


@pytest.mark.parametrize("url", ["nonsense", "postgresql://host/sprint", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_cannot_be_used_is_one_sentence(url):
    with pytest.raises(BadSetting, match="DATABASE_URL"):
        Database(url)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path):
    (tmp_path / "sprint.db").write_text(
        "this is a letter to my aunt, long enough to be no database header at all " * 30
    )
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        Database(f"sqlite:///{tmp_path / 'sprint.db'}").migrate()
