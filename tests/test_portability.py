"""The store's SQL runs on PostgreSQL and what speaks its protocol: these constructs would end that.

`docs/SCALING.md` names each and says why; what differs by engine stands in two files and nowhere else.
"""

import ast
import re
from pathlib import Path

import pytest
from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from components.store.schema import METADATA
from tests.conftest import ROOT

STORE = ROOT / "components" / "store"
SCALING = (ROOT / "docs" / "SCALING.md").read_text()
# What an engine needs that the other does not know stands here.
BY_ENGINE = ("sqlite.py", "postgresql.py")

# What the page calls it, and how it is known.
REFUSED = (
    ("triggers", r"\bCREATE\s+(OR\s+REPLACE\s+)?TRIGGER\b"),
    (
        "stored procedures",
        r"\b(PLPGSQL|CREATE\s+(OR\s+REPLACE\s+)?(FUNCTION|PROCEDURE)|DO\s+\$\$|CALL\s+\w+\()",
    ),
    ("LISTEN and NOTIFY", r"^\s*(LISTEN|NOTIFY|UNLISTEN)\b|\bPG_NOTIFY\b"),
    ("advisory locks", r"ADVISORY_(XACT_)?LOCK"),
    (
        "sequences",
        r"\b(SERIAL|BIGSERIAL|NEXTVAL|CURRVAL|AUTOINCREMENT|CREATE\s+SEQUENCE|LAST_INSERT_ROWID)\b|GENERATED\s+\w+(\s+\w+)*\s+AS\s+IDENTITY",
    ),
    ("foreign keys", r"\b(FOREIGN\s+KEY|REFERENCES)\b"),
    ("LOCK TABLE", r"\bLOCK\s+TABLE\b"),
    ("SKIP LOCKED", r"\bSKIP\s+LOCKED\b"),
    ("row locks", r"\bFOR\s+(NO\s+KEY\s+)?(UPDATE|SHARE)\b"),
    ("temporary tables", r"\b(TEMP|TEMPORARY|UNLOGGED)\s+TABLE\b"),
    ("rowid and ctid", r"\b(ROWID|_ROWID_|CTID|XMIN)\b"),
    ("INSERT OR REPLACE", r"\b(INSERT\s+OR\s+\w+|REPLACE\s+INTO)\b"),
    ("MERGE", r"^\s*MERGE\s+INTO\b"),
    ("JSON functions", r"\bJSONB?_\w+\s*\(|->>?"),
    ("arrays", r"\b(UNNEST|ARRAY_AGG|ANY)\s*\(|\bARRAY\["),
    ("GROUP_CONCAT and STRING_AGG", r"\b(GROUP_CONCAT|STRING_AGG)\b"),
    (
        "functions of the clock",
        r"\b(NOW\s*\(|CURRENT_TIMESTAMP|STRFTIME|DATETIME\s*\(|UNIXEPOCH|DATE_TRUNC|EXTRACT\s*\()",
    ),
    ("chance in the database", r"\b(RANDOM|RANDOMBLOB|GEN_RANDOM_UUID)\s*\("),
    ("casts with two colons", r"\w::\w"),
    ("PRAGMA", r"\bPRAGMA\b"),
    ("GLOB and ILIKE", r"\b(GLOB|ILIKE|REGEXP)\b"),
)
# Of what SQLAlchemy offers, the migrations and the schema use these kinds of columns.
TYPES = {"String", "Text", "Integer", "BigInteger", "SmallInteger", "Boolean"}
OTHERWISE = {"Column", "Connection", "PrimaryKeyConstraint", "UniqueConstraint", "Index", "text"}

EVERY = sorted(path for path in STORE.rglob("*.py") if path.name not in BY_ENGINE)


def texts(path: Path) -> list[str]:
    """Every text of a file that is no docstring; parts of one f-string belong together."""
    tree = ast.parse(path.read_text())
    bodies = (
        node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    )
    docs = {id(node.body[0].value) for node in bodies if node.body and isinstance(node.body[0], ast.Expr)}
    found, parts = [], set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            own = [part for part in node.values if isinstance(part, ast.Constant)]
            parts |= set(map(id, own))
            found.append(" ? ".join(part.value for part in own))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs | parts:
            found.append(node.value)
    return found


def refused(sql: str) -> list[str]:
    return [name for name, known in REFUSED if re.search(known, sql, re.IGNORECASE | re.MULTILINE)]


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.relative_to(STORE).as_posix())
def test_nothing_in_the_store_ties_it_to_one_engine(path):
    for sql in texts(path):
        if re.search(
            r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|WITH|SET|DO|CALL|LISTEN|NOTIFY|PRAGMA)\b", sql
        ):
            assert refused(sql) == [], sql


@pytest.mark.parametrize("path", sorted(STORE.glob("migrations/versions/*.py")), ids=lambda path: path.name)
def test_migrations_use_nothing_else_than_plain_tables(path):
    tree = ast.parse(path.read_text())
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "sa"
    }
    assert used <= TYPES | OTHERWISE


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("SELECT pg_advisory_xact_lock(1)", "advisory locks"),
        ("CREATE TABLE t (id BIGSERIAL)", "sequences"),
        ("SELECT 1 FROM t FOR UPDATE SKIP LOCKED", "SKIP LOCKED"),
        ("INSERT OR REPLACE INTO t VALUES (1)", "INSERT OR REPLACE"),
        ("SELECT value FROM json_each(:given)", "JSON functions"),
        ("UPDATE t SET n = 1 WHERE id = ANY(:ids)", "arrays"),
        ("SELECT * FROM t WHERE id = :id::text", "casts with two colons"),
        ("NOTIFY moved", "LISTEN and NOTIFY"),
        ("DELETE FROM t WHERE rowid = 3", "rowid and ctid"),
    ],
)
def test_what_is_refused_is_known(sql, name):
    assert name in refused(sql)


@pytest.mark.parametrize("name", [name for name, _ in REFUSED])
def test_the_page_names_what_is_refused(name):
    assert f"| {name} |" in SCALING


def distribution() -> dict[str, str]:
    """The distribution key of each table as the page has it: a column, or "everywhere"."""
    section = SCALING.split("## The distribution key of each table")[1].split("\n## ")[0]
    return {
        table: key
        for tables, key in re.findall(r"^\| (`[^|]+`) \| `?(\w+)`? \|", section, re.MULTILINE)
        for table in re.findall(r"`(\w+)`", tables)
    }


def test_the_page_gives_every_table_a_distribution_key():
    assert distribution().keys() == METADATA.tables.keys()


@pytest.mark.parametrize("name", METADATA.tables)
def test_a_distribution_key_is_part_of_every_key(name):
    """As Citus demands of whatever is unique."""
    table, key = METADATA.tables[name], distribution()[name]
    if key != "everywhere":
        unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
        for constraint in (table.primary_key, *unique):
            assert key in constraint.columns, constraint


@pytest.mark.parametrize("table", METADATA.tables.values(), ids=lambda table: table.name)
def test_every_table_has_a_key_of_its_own_and_no_running_number(table):
    assert len(table.primary_key.columns) > 0
    assert {type(column.type).__name__ for column in table.columns} <= TYPES
    made = str(CreateTable(table).compile(dialect=postgresql.dialect()))
    assert refused(made) == []
