"""What somebody wants of a deployment: names, variables, prompts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from components.backup.catalog import on_the_hub
from components.errors import BadSetting
from components.prompt_sources.catalog import reader_for
from components.prompt_sources.hub_dataset import PREFIX, HubDataset
from components.prompt_sources.origin import File
from components.prompt_sources.plan import Plan
from components.prompt_sources.preview import preview
from components.prompt_sources.rows import Rejection
from components.settings import SETTINGS, read_settings

HUB = "hf://"
USERNAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
# What a deployment sets by its own options, what is the Hub's business there, and what is a secret.
BY_OPTION = {
    "ORGANIZERS": "--organizers",
    "PROMPTS": "--prompts",
    "BACKUP_TO": "--backup-to",
    "DATASET": "--dataset",
}
NOT_THERE = ("DATA_DIR", "GRADIO_SERVER_NAME", "GRADIO_SERVER_PORT", "SPACE_ID", "SPACE_HOST")
SECRET = ("DATABASE_URL", "SESSION_SECRET", "HF_TOKEN", "OAUTH_CLIENT_SECRET")


@dataclass(frozen=True)
class Wanted:
    """What a Space and what lies around it shall be; what is not said stays as it is there.

    Attributes:
        organizers: Usernames between commas; empty for whoever deploys, where nobody is named yet.
        prompts: A file here, or an address on the Hub; empty for none.
        backup_to: An address on the Hub.
        dataset: ORG/NAME of the dataset that snapshots go to.
        variables: Other variables.
        private: Of a new Space.
        renew_token: Give the Space our token also if it has one.
    """

    space: str
    organizers: str = ""
    prompts: str = ""
    backup_to: str = ""
    dataset: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    private: bool = False
    renew_token: bool = False

    @property
    def file(self) -> Path | None:
        """The file of prompts here, if one was named."""
        return Path(self.prompts).expanduser() if self.prompts and not self.prompts.startswith(HUB) else None


def check(wanted: Wanted) -> None:
    """Make sure that it can be tried.

    Raises:
        BadSetting: Something of it cannot; the message says what.
        UnreadablePrompts: The file of prompts cannot be read.
    """
    if wanted.file is not None and not wanted.file.is_file():
        raise BadSetting(
            f"There is no file {wanted.file}; name one, or an address such as hf://datasets/ORG/NAME."
        )
    _check_prompts(wanted)
    for name in filter(None, (name.strip() for name in wanted.organizers.split(","))):
        if not USERNAME.fullmatch(name):
            raise BadSetting(f"{name!r} is no username on the Hub; write --organizers ada,bob.")
    if wanted.backup_to and not on_the_hub(wanted.backup_to):
        raise BadSetting(
            "The disk of a Space is emptied at every restart: back up to hf://buckets/ORG/NAME or hf://datasets/ORG/NAME."
        )
    read_settings(wanted.variables)


def _check_prompts(wanted: Wanted) -> None:
    """Make sure that the Space will find prompts where it looks, as far as can be told from here."""
    if wanted.file is None:
        if wanted.prompts and not wanted.prompts.startswith(PREFIX):
            rest = wanted.prompts.removeprefix(HUB)
            raise BadSetting(f"{wanted.prompts} is no dataset on the Hub; write {PREFIX}{rest}.")
        if wanted.prompts and HubDataset.read(wanted.prompts) is None:
            reader_for(wanted.prompts)
        return
    seen = preview(File(str(wanted.file), wanted.file.name), Plan())
    rejected = [one.reason for one in seen.prompts if isinstance(one, Rejection)]
    if len(rejected) == len(seen.prompts):
        raise BadSetting(f"None of the first rows of {wanted.file} can come in: {rejected[0]}")


def variables(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Variables as a command line has them.

    Raises:
        BadSetting: One is no setting, or not one to be set like that.
    """
    known = {setting.name for setting in SETTINGS}
    for name, _ in pairs:
        if name in BY_OPTION:
            raise BadSetting(f"{name} is set with {BY_OPTION[name]}.")
        if name in SECRET:
            raise BadSetting(
                f"{name} is a secret, and a variable everybody can read: set it on the Space's page."
            )
        if name not in known or name in NOT_THERE:
            raise BadSetting(f"{name} is no setting of a sprint on a Space; README.md lists them.")
    return dict(pairs)
