"""Imports point down: these tables are the map of the code, and a newcomer's first read."""

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

COMPONENTS = ROOT / "components"

# Each room, or module beside them, and the floor it stands on; it may import what lies on a lower one.
FLOORS = (
    {"errors"},
    {"records", "settings", "spreadsheet", "pen", "folding", "corked"},
    {"points", "direct"},
    {"store"},
    {"live"},
    {"account"},
    {"rating", "ledger", "progress", "leaderboard", "charts", "agreement", "prompt_sources", "backup"},
    {"snapshots", "organizing", "deployment"},
    {"boundary", "coalesced", "express", "gate", "lifespan", "terminal"},
    {"dashboard", "server", "commands"},
)

# Packages that only some places may use.
ONLY_IN = {
    "gradio": ("panel.py", "dashboard.py", "server.py", "live/"),
    "sqlalchemy": ("store/",),
    "alembic": ("store/",),
    "psycopg": ("store/",),
    "plotly": ("charts/",),
    "huggingface_hub": ("snapshots/", "prompt_sources/", "backup/", "deployment/"),
    "httpx2": ("backup/", "leaderboard/"),
    "datasets": ("snapshots/", "prompt_sources/"),
}

# A room passes a connection on to the store; it may name its type, and nothing else of the package.
FREE = {"sqlalchemy.Connection"}

# These may use their neighbours: they put together what stands around them.
TOP = {"server", "commands", "dashboard"}

FILES = sorted(path for path in COMPONENTS.rglob("*.py") if "migrations" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(COMPONENTS).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(COMPONENTS).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The dotted names a file imports, wherever in it the import stands."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports name the whole way"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def floor_of(room: str) -> int:
    return next(floor for floor, rooms in enumerate(FLOORS) if room in rooms)


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.parent != COMPONENTS or path.name != "__init__.py"], ids=name_of
)
def test_imports_point_down(path):
    own = room_of(path)
    for name in imported(path):
        if name.startswith("components."):
            other = name.split(".")[1]
            below = floor_of(other) < floor_of(own)
            assert other == own or below or {own, other} <= TOP, f"{name_of(path)} may not import {name}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_packages_stay_in_their_rooms(path):
    for name in imported(path):
        places = None if name in FREE else ONLY_IN.get(name.split(".")[0])
        allowed = places is None or any(
            name_of(path).startswith(place) if place.endswith("/") else name_of(path).endswith(place)
            for place in places
        )
        assert allowed, f"{name_of(path)} may not import {name}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_only_settings_reads_the_environment(path):
    if name_of(path) != "settings.py":
        text = path.read_text()
        assert "os.environ" not in text and "getenv" not in text


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_file_opens_with_a_sentence(path):
    tree = ast.parse(path.read_text())
    if path.name == "__init__.py" and path.parent != COMPONENTS:
        assert not tree.body, "an __init__.py inside a room stays empty"
    else:
        assert ast.get_docstring(tree)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_state_lives_in_a_module(path):
    """What a module assigns at its top is a constant, a logger or a type."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for name in (
                leaf.id for target in targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)
            ):
                is_type = name[:1].isupper() and isinstance(node.value, ast.Call | ast.Subscript)
                assert name == "log" or name.isupper() or is_type, f"{name_of(path)} keeps {name}"
    assert not any(isinstance(node, ast.Global) for node in ast.walk(ast.parse(path.read_text())))
