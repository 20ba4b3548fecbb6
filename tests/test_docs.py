"""The README says what is true: settings, commands, files and pictures."""

import re
import subprocess
import sys

import pytest

from components.settings import SETTINGS
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_has_its_line(setting):
    default = f"`{setting.default}`" if setting.default else ""
    assert f"| `{setting.name}` | {default} | {setting.meaning} |" in README


def test_every_line_of_the_table_is_a_setting():
    table = README.split("## Settings")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.M) == [setting.name for setting in SETTINGS]


def test_the_two_commands_stand_at_the_top():
    blocks = re.findall(r"```bash\n(.*?)```", README, re.S)
    assert [block.strip() for block in blocks[:2]] == [
        "pip install -r requirements.txt && python app.py",
        "bash tests/run",
    ]


def test_ci_runs_the_second_command_and_nothing_more():
    lines = [
        line for line in (ROOT / ".ci/run").read_text().splitlines() if line and not line.startswith("#")
    ]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "exec bash tests/run"]


def test_every_command_named_here_exists():
    named = set(re.findall(r"python app\.py ([\w-]+)", README)) - {"--help"}
    listed = subprocess.run(
        [sys.executable, "app.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert named and all(re.search(rf"^\s+{name}\s", listed.stdout, re.M) for name in named)


def test_every_file_named_here_exists():
    for path in re.findall(r"`((?:components|assets|tests)/[\w./-]+)`|\]\((?!http)([\w./-]+)\)", README):
        assert (ROOT / (path[0] or path[1])).exists(), path


def test_the_head_is_a_space_card():
    head = README.split("---\n")[1]
    assert "sdk: gradio" in head and "hf_oauth: true" in head and "app_file: app.py" in head
    pinned = re.search(r"^sdk_version: (\S+)$", head, re.M).group(1)
    required = re.search(r"^gradio>=(\S+)$", (ROOT / "requirements.txt").read_text(), re.M).group(1)
    assert pinned.startswith(required)


def test_requirements_are_what_is_imported():
    """One line for each package that the code imports, and none besides."""
    names = {
        "alembic": "alembic",
        "brotli": "brotli",
        "fastapi_offline": "fastapi-offline",
        "markdown_it": "markdown-it-py",
        "PIL": "pillow",
        "yaml": "pyyaml",
    }
    standard = sys.stdlib_module_names | {"components"}
    sources = [ROOT / "app.py", *(ROOT / "components").rglob("*.py")]
    found = {
        match
        for source in sources
        for match in re.findall(r"^\s*(?:from|import) (\w+)", source.read_text(), re.M)
        if match not in standard
    }
    listed = {re.split(r"[<>=\[]", line)[0] for line in (ROOT / "requirements.txt").read_text().split()}
    assert {names.get(name, name) for name in found} == listed


def test_the_changelog_speaks_of_what_is_coming():
    assert (ROOT / "CHANGELOG.md").read_text().startswith("# Changelog\n\n## ")
