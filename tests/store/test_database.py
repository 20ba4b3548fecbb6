"""The database: what migrations make is what the schema says, and a write sees what it read."""

import threading

import pytest
from alembic import command as alembic
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text

from components.errors import BadSetting, StoreUnavailable
from components.store import queue
from components.store.audit import audit
from components.store.database import MIGRATIONS, Database
from components.store.schema import METADATA
from components.store.store import Store


@pytest.fixture
def database(url):
    made = Database(url)
    made.migrate()
    yield made
    made.close()


def test_migrations_and_schema_say_the_same(database):
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_a_store_is_there_once_it_is_made(url):
    database = Database(url)
    assert not database.is_there()
    database.migrate()
    assert database.is_there()
    database.close()


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


@pytest.mark.on("sqlite")
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
    """Without BEGIN IMMEDIATE, or a turn, two transactions read the same number and one addition is lost."""
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


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/sprint", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_cannot_be_used_is_one_sentence(url):
    with pytest.raises(BadSetting, match="DATABASE_URL"):
        Database(url)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path):
    (tmp_path / "sprint.db").write_text(
        "this is a letter to my aunt, long enough to be no database header at all " * 30
    )
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        Database(f"sqlite:///{tmp_path / 'sprint.db'}").migrate()


def test_the_folder_of_the_file_is_made(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'sprint.db'}")
    database.migrate()
    assert database.is_there()


def test_a_store_of_the_first_version_is_brought_up_to_date(url, make_prompts):
    """Its prompts, opinions and leases stand as before, and a recount agrees."""
    store = Store(first_version_store(url, make_prompts(3)), lambda: 1_772_366_400_000).open()
    assert audit(store).differences == []
    assert store.sprint().title == "Old" and store.sprint().quotas == ()
    with store.reading() as connection:
        cells = connection.execute(text("SELECT source, language FROM cells ORDER BY source")).all()
        assert cells == [("source-0", ""), ("source-1", "de"), ("source-2", "")]
        assert connection.execute(text("SELECT daily_goal FROM contributors")).scalars().all() == [30]
    store.close()


def first_version_store(url, prompts):
    """The address of a store as the first version left it."""
    database = Database(url)
    with database._migrating() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        alembic.upgrade(config, "0001")
        for statement in first_version(prompts):
            connection.execute(text(statement))
    database.close()
    return url


def first_version(prompts):
    """What the first version would have written: ada rated one prompt 4, holds another, and skipped a third."""
    ids = [prompt.prompt_id for prompt in prompts]
    yield "INSERT INTO sprint VALUES (1, 'epoch', 'Old', 'open', 3, 0)"
    yield "INSERT INTO writers VALUES ('w', 2, 0, 0)"
    yield "INSERT INTO contributors VALUES ('ada', 'local', 'ada', 'ada', 'Ada', '', '', 'p', false, NULL, 0, 0, 0)"
    for number, prompt in enumerate(prompts):
        metadata = '{"language": "de-AT"}' if number == 1 else "{}"
        yield (
            f"INSERT INTO prompts VALUES ('{ids[number]}', '{prompt.text}', NULL, '{prompt.source}', '{prompt.kind}', "
            f"'{metadata.replace(':', chr(92) + ':')}', '{prompt.text_hash}', '{prompt.length_class}', 'active', NULL, 0)"
        )
        claims = (1, 1, 0)[number]
        yield f"INSERT INTO queue VALUES ('{ids[number]}', {claims}, {queue.place_of(ids[number])})"
        counts = ("0, 0, 0, 1, 0, 0", "0, 0, 0, 0, 0, 0", "0, 0, 0, 0, 0, 1")[number]
        yield f"INSERT INTO prompt_tallies VALUES ('{ids[number]}', {counts})"
    for number, (prompt_id, action, score) in enumerate(
        ((ids[0], "rated", "4"), (ids[2], "skipped", "NULL")), 1
    ):
        yield (
            f"INSERT INTO events VALUES ('w', {number}, 'e{number}', 'ada', '{prompt_id}', '{action}', {score}, NULL, NULL, "
            "2500, NULL, NULL, 3600000, NULL)"
        )
        yield (
            f"INSERT INTO ratings VALUES ('ada', '{prompt_id}', '{action}', {score}, 3600000, '1970-01-01', 'e{number}')"
        )
    yield f"INSERT INTO leases VALUES ('ada', '{ids[1]}', 9999999999999)"
    yield "INSERT INTO contributor_tallies VALUES ('ada', '1970-01-01', 'source-0', 1, 0)"
    yield "INSERT INTO contributor_tallies VALUES ('ada', '1970-01-01', 'source-2', 0, 1)"
    yield "INSERT INTO score_tallies VALUES ('1970-01-01', 'source-0', 'human', 'short', 4, 0, 1)"
    yield "INSERT INTO hour_tallies VALUES (1, 0, 1)"
    yield "INSERT INTO coverage_tallies VALUES (0, 0, 2)"
    yield "INSERT INTO coverage_tallies VALUES (1, 0, 1)"
