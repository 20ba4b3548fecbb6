"""What a deployment has to do, step by step: what is there and equal is no step."""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from components.backup.catalog import open_place
from components.backup.dataset import Dataset
from components.deployment.code import NEW, OURS_ALONE, TOLD_BY, Code
from components.deployment.space import Space, Standing
from components.deployment.wanted import HUB, Wanted
from components.errors import PlaceRefused

SECRET_BYTES = 48
# A Space that stands still starts only when it is told to.
STANDS_STILL = (
    "PAUSED",
    "STOPPED",
    "SLEEPING",
    "RUNTIME_ERROR",
    "BUILD_ERROR",
    "CONFIG_ERROR",
    "NO_APP_FILE",
)
HASH_LENGTH = 12
OF_A_SNAPSHOT = {"README.md", "CITATION.cff", "guidelines.md"}
# In a name of a file these could mean something else in an address.
ODD = re.compile(r"[^\w.-]+", re.ASCII)


@dataclass(frozen=True)
class Step:
    """One thing to do.

    Attributes:
        what: What it is about, such as "the variable PROMPTS".
        done: What happens to it, as one says afterwards: "set to prompts.csv".
    """

    what: str
    done: str
    do: Callable[[], None]

    def would(self) -> str:
        """As it is told before it is done."""
        return f"{self.what}: would be {self.done}"

    def __str__(self) -> str:
        return f"{self.what}: {self.done}"


class PromptsPlace(Dataset):
    """A private dataset that holds the prompts a Space begins with."""

    why_private = "what stands there is hidden from contributors until they have rated it"


class SnapshotsPlace(Dataset):
    """The dataset that snapshots go to: private at first, and perhaps public one day."""

    why_private = ""


def steps(wanted: Wanted, code: Code, space: Space, token: str, endpoint: str | None = None) -> list[Step]:
    """Look at everything that belongs to a Space, and say what is left to do; nothing is changed yet.

    Raises:
        PlaceRefused: It cannot be done until somebody does something.
        PlaceUnreachable: The Hub does not answer, or not now.
        BadSetting: A name is none.
    """
    owner = space.owner()
    standing = space.standing()
    if standing is not None:
        _check(space, standing)
    variables = _variables(wanted, owner, standing)
    left = [
        *_places(wanted, variables, token, endpoint),
        *_space(wanted, code, space, standing),
        *_settings(wanted, variables, space, standing, token),
        *_code(code, space, standing),
    ]
    if standing is not None and standing.stage in STANDS_STILL:
        left.append(Step(f"The Space {space.name}", "started again", space.restart))
    return left


def _check(space: Space, standing: Standing) -> None:
    strangers = sorted(standing.files.keys() - set(NEW))
    if strangers and TOLD_BY not in standing.files:
        raise PlaceRefused(
            f"{space.name} is a Space that holds something else ({strangers[0]}): name another one, or empty it first."
        )


def _variables(wanted: Wanted, owner: str, standing: Standing | None) -> dict[str, str]:
    """Every variable with the value it shall have; what was set there and is not named now stays."""
    there = standing.variables if standing else {}
    usual = {
        "ORGANIZERS": owner,
        "BACKUP_TO": f"{HUB}buckets/{wanted.space}-backup",
        "DATASET": f"{wanted.space}-dataset",
    }
    named = {
        "ORGANIZERS": wanted.organizers,
        "PROMPTS": _address(wanted),
        "BACKUP_TO": wanted.backup_to,
        "DATASET": wanted.dataset,
    }
    named = {name: value for name, value in named.items() if value}
    kept = {name: there[name] for name in usual if there.get(name)}
    return usual | kept | named | wanted.variables


def _places(wanted: Wanted, variables: dict[str, str], token: str, endpoint: str | None) -> Iterator[Step]:
    backup = open_place(variables["BACKUP_TO"], token, endpoint)
    dataset = SnapshotsPlace(variables["DATASET"], token, endpoint)
    for place, means in ((backup, "for the backup"), (dataset, "for snapshots")):
        if not place.is_there():
            yield Step(f"The {place.sort} {place.name}, {means}", "created, private", place.make)
        elif place is dataset:
            _check_snapshots(dataset)
    if wanted.file is not None:
        prompts = PromptsPlace(_prompts_dataset(wanted), token, endpoint)
        name = variables["PROMPTS"].rpartition("/")[2]
        if not prompts.is_there() or name not in prompts.names():
            yield Step(
                f"The prompts {wanted.file.name}",
                f"uploaded to the private dataset {prompts.name}",
                lambda: prompts.write({name: wanted.file.read_bytes()}),
            )


def _check_snapshots(dataset: SnapshotsPlace) -> None:
    there = dataset.names()
    if there and not OF_A_SNAPSHOT.issubset(there):
        raise PlaceRefused(
            f"The dataset {dataset.name} holds something that is no snapshot of a sprint ({there[0]}); name another one "
            "with --dataset, or empty it first."
        )


def _space(wanted: Wanted, code: Code, space: Space, standing: Standing | None) -> Iterator[Step]:
    if standing is None:
        seen = "private" if wanted.private else "public"
        yield Step(
            f"The Space {space.name}",
            f"created, {seen}",
            lambda: space.create(code.head["sdk"], wanted.private),
        )


def _settings(
    wanted: Wanted, variables: dict[str, str], space: Space, standing: Standing | None, token: str
) -> Iterator[Step]:
    there, known = (standing.variables, standing.secrets) if standing else ({}, ())
    for name, value in variables.items():
        if there.get(name) != value:
            before = f" instead of {there[name]}" if name in there else ""
            yield Step(
                f"The variable {name}",
                f"set to {value}{before}",
                lambda one=name, to=value: space.set_variable(one, to),
            )
    if "SESSION_SECRET" not in known:
        # What everybody's cookies are signed with, and erased accounts are known by: made once, seen by nobody.
        yield Step(
            "The secret SESSION_SECRET",
            "generated",
            lambda: space.set_secret("SESSION_SECRET", secrets.token_urlsafe(SECRET_BYTES)),
        )
    if "HF_TOKEN" not in known or wanted.renew_token:
        yield Step(
            "The secret HF_TOKEN", "set to the one used here", lambda: space.set_secret("HF_TOKEN", token)
        )


def _code(code: Code, space: Space, standing: Standing | None) -> Iterator[Step]:
    there = standing.files if standing else {}
    added = {
        path: file for path, file in code.files.items() if standing is None or not standing.holds(path, file)
    }
    removed = [path for path in there if path.startswith(OURS_ALONE) and path not in code.files]
    if added or removed:
        size = sum(file.stat().st_size for file in added.values()) / 1e6
        gone = f", {len(removed)} removed" if removed else ""
        yield Step(
            "The code",
            f"uploaded, {len(added)} files ({size:.1f} MB){gone}",
            lambda: space.upload(added, removed),
        )


def _prompts_dataset(wanted: Wanted) -> str:
    return f"{wanted.space}-prompts"


def _address(wanted: Wanted) -> str:
    """Where the Space finds the prompts; a file of other content has another name, so that none is replaced."""
    if wanted.file is None:
        return wanted.prompts
    stem, dot, endings = ODD.sub("-", wanted.file.name).partition(".")
    return f"{HUB}datasets/{_prompts_dataset(wanted)}/{stem}-{_hash(wanted.file)}{dot}{endings}"


def _hash(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()[:HASH_LENGTH]
