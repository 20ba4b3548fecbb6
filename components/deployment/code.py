"""The code that goes to a Space: what the page needs, and a head of the README that the Hub builds it by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from components.errors import BadSetting

HERE = Path(__file__).parents[2]
# Besides the code: what the Hub builds the Space by, what the README shows and links to.
GOES_ALONG = (
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "requirements.txt",
    "app.py",
    "components",
    "assets",
    "docs",
)
LEFT_BEHIND = ("__pycache__",)
# In these folders a file that is not here any more goes there, too.
OURS_ALONE = ("components/", "assets/", "docs/")
# One that holds this is a sprint; so is one that holds nothing but what the Hub puts into a new Space.
TOLD_BY = "components/settings.py"
NEW = (".gitattributes", "README.md")
HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True)
class Code:
    """Files by the paths they have on the Space, and what the head of its README says."""

    files: Mapping[str, Path]
    head: Mapping[str, object]


def code(root: Path = HERE) -> Code:
    """The code of this sprint, if a Space can be built of it.

    Raises:
        BadSetting: The head of README.md would not do; the message says what it lacks.
    """
    files = dict(sorted(_files(root)))
    head = _head(root / "README.md")
    for name, wanted, means in (
        ("sdk", "gradio", "else the Hub does not know how to build it"),
        ("hf_oauth", True, "else nobody can sign in"),
    ):
        if head.get(name) != wanted:
            raise BadSetting(f"The head of README.md has to say `{name}: {str(wanted).lower()}`, {means}.")
    if head.get("app_file") not in files:
        raise BadSetting(
            "The head of README.md has to name the file that starts the sprint: `app_file: app.py`."
        )
    if not re.fullmatch(r"\d+(\.\d+)+", str(head.get("sdk_version", ""))):
        raise BadSetting(
            "The head of README.md has to name Gradio's version: `sdk_version: 6.31.0`, or newer."
        )
    return Code(files, head)


def _files(root: Path):  # noqa: ANN202
    for name in GOES_ALONG:
        top = root / name
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file() and not set(LEFT_BEHIND) & set(path.parts) and not path.name.startswith("."):
                yield path.relative_to(root).as_posix(), path


def _head(readme: Path) -> Mapping[str, object]:
    try:
        found = HEAD.match(readme.read_text("utf-8"))
        head = yaml.safe_load(found[1]) if found else None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        head = None
    if not isinstance(head, dict):
        raise BadSetting(
            "README.md has to begin with a head between two lines of `---` that describes the Space."
        )
    return head
