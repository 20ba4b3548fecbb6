"""Every environment variable the sprint reads: name, default, meaning. Read once, at start."""

import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from components.errors import BadSetting

# Of random characters; fewer can be tried out by whoever has seen a cookie.
SHORTEST_SECRET = 32


def _text(name: str, value: str) -> str:
    return value.strip()


def _folder(name: str, value: str) -> Path:
    return Path(value).expanduser()


def _names(name: str, value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _number(least: int, most: int) -> Callable[[str, str], int]:
    def read(name: str, value: str) -> int:
        if not value.strip().isascii() or not value.strip().isdigit() or not least <= int(value) <= most:
            raise BadSetting(f"{name} is {value!r}; set it to a whole number from {least} to {most}.")
        return int(value)

    return read


def _web_address(name: str, value: str) -> str:
    address = value.strip().rstrip("/")
    try:
        usable = not address or (urlsplit(address).scheme in ("http", "https") and urlsplit(address).hostname)
    except ValueError:
        usable = False
    if not usable:
        raise BadSetting(f"{name} is {value!r}; set it to an address such as https://example.org.")
    return address


@dataclass(frozen=True)
class Setting:
    """One environment variable; `field` is its attribute in `Settings`."""

    name: str
    default: str
    meaning: str
    read: Callable[[str, str], object] = _text

    @property
    def field(self) -> str:
        return self.name.lower()


SETTINGS = (
    Setting("DATA_DIR", "data/", "Folder of everything the sprint keeps.", _folder),
    Setting(
        "DATABASE_URL",
        "",
        "Where the store is: `postgresql://user:password@host/name`, or empty for a SQLite file in `DATA_DIR`.",
    ),
    Setting(
        "BACKUP_TO",
        "",
        "Where the backup is kept: `hf://buckets/ORG/NAME`, `hf://datasets/ORG/NAME` (private) or a folder.",
    ),
    Setting(
        "PROMPTS",
        "",
        "Prompts brought in at start: a file of any format it reads, or `hf://datasets/ORG/NAME`.",
    ),
    Setting(
        "ORGANIZERS",
        "",
        "Usernames of the organizers, separated by commas; each belongs to the first who signs in under it.",
        _names,
    ),
    Setting("SESSION_SECRET", "", "Long random text that signs the session cookie; needed beyond loopback."),
    Setting("GRADIO_SERVER_NAME", "", "Address to listen on; empty means 127.0.0.1, on a Space 0.0.0.0."),
    Setting("GRADIO_SERVER_PORT", "7860", "Port to listen on.", _number(1, 65535)),
    Setting("SPRINT_TITLE", "Prompt Sprint", "Title of a new sprint; afterwards the store holds it."),
    Setting("RATINGS_PER_PROMPT", "3", "Ratings wanted for each prompt of a new sprint.", _number(1, 100)),
    Setting(
        "RATINGS_PER_MINUTE",
        "60",
        "So many ratings a minute are taken from one person in a new sprint, bursts of 100 too; 0 takes any number.",
        _number(0, 100_000),
    ),
    Setting(
        "PUBLIC_URL", "", "Address the page has for its visitors, if a proxy stands in front.", _web_address
    ),
    Setting(
        "HF_TOKEN",
        "",
        "Token that reads a private `hf://` file named in `PROMPTS`, and writes backups and snapshots to the Hub.",
    ),
    Setting("SPACE_ID", "", "Set by the Hub on a Space: its name."),
    Setting("SPACE_HOST", "", "Set by the Hub on a Space: its host names, separated by commas.", _names),
    Setting("OAUTH_CLIENT_ID", "", "OpenID Connect client; a Space with `hf_oauth: true` sets it."),
    Setting("OAUTH_CLIENT_SECRET", "", "Secret of that client."),
    Setting("OAUTH_SCOPES", "openid profile", "Scopes asked for at sign-in."),
    Setting(
        "OPENID_PROVIDER_URL", "https://huggingface.co", "The OpenID provider to sign in with.", _web_address
    ),
)


@dataclass(frozen=True)
class Settings:
    """The settings of one run, each as its setting's `read` made it."""

    data_dir: Path
    database_url: str
    backup_to: str
    prompts: str
    organizers: tuple[str, ...]
    session_secret: str
    gradio_server_name: str
    gradio_server_port: int
    sprint_title: str
    ratings_per_prompt: int
    ratings_per_minute: int
    public_url: str
    hf_token: str
    space_id: str
    space_host: tuple[str, ...]
    oauth_client_id: str
    oauth_client_secret: str
    oauth_scopes: str
    openid_provider_url: str

    @property
    def on_a_space(self) -> bool:
        return bool(self.space_id)

    @property
    def on_sqlite(self) -> bool:
        """Whether the store is a file that this process alone writes."""
        return not self.database_url or self.database_url.startswith("sqlite")

    @property
    def server_name(self) -> str:
        """The address to listen on."""
        return self.gradio_server_name or ("0.0.0.0" if self.on_a_space else "127.0.0.1")

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.server_name)

    @property
    def provider_sign_in(self) -> bool:
        """Whether people sign in with an OpenID provider, such as the Hub."""
        return bool(self.oauth_client_id)

    @property
    def local_sign_in(self) -> bool:
        """Whether people sign in by typing a name: on one's own laptop, and nowhere else."""
        behind_a_proxy = self.public_url and not is_loopback(urlsplit(self.public_url).hostname or "")
        return self.on_loopback and not (self.provider_sign_in or self.on_a_space or behind_a_proxy)

    @property
    def public_address(self) -> str:
        """The address visitors use, without a slash at the end, or empty if only requests tell."""
        return self.public_url or (f"https://{self.space_host[0]}" if self.space_host else "")

    @property
    def own_hosts(self) -> frozenset[str]:
        """Hosts, with their ports, that are this sprint besides the one a request names."""
        hosts = {host.casefold() for host in self.space_host}
        if self.public_url:
            hosts.add(urlsplit(self.public_url).netloc.casefold())
        return frozenset(hosts)


def warnings(settings: Settings) -> list[str]:
    """What works but should be thought about before others come, one sentence each."""
    told = []
    if not (settings.provider_sign_in or settings.local_sign_in):
        told.append(
            "Nobody can sign in: set OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET, or only watching works."
        )
    if not settings.on_loopback and 0 < len(settings.session_secret) < SHORTEST_SECRET:
        told.append(f"SESSION_SECRET is easily guessed: make it {SHORTEST_SECRET} random characters or more.")
    return told


def is_loopback(host: str) -> bool:
    """Whether a host, without its port, can only mean this machine."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read every setting from the environment; a variable that is set but empty counts as unset.

    Raises:
        BadSetting: A value cannot be used; the message says what to set.
    """
    values = {}
    for setting in SETTINGS:
        value = environment.get(setting.name, "")
        values[setting.field] = setting.read(setting.name, value if value.strip() else setting.default)
    settings = Settings(**values)
    if settings.on_loopback or settings.session_secret:
        return settings
    if settings.on_a_space:
        if not settings.oauth_client_secret:
            raise BadSetting(
                "This Space has no sign-in yet: put `hf_oauth: true` into the head of its README.md, or set SESSION_SECRET."
            )
        return settings
    raise BadSetting(
        f"Listening on {settings.server_name} lets other machines in: set SESSION_SECRET to a long random text first."
    )
