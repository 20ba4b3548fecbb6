"""One request to the double and its answer, and the faults that may come between them."""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

# So many entries of a list come at once; the Hub gives more.
PAGE = 100


@dataclass(frozen=True)
class Account:
    """Whose token it is, where it may write, and whether this one may."""

    name: str
    namespaces: tuple[str, ...]
    writes: bool = True


ACCOUNTS = {
    "hf_alice": Account("alice", ("alice", "sprint")),
    "hf_alice_reads": Account("alice", ("alice", "sprint"), writes=False),
    "hf_bob": Account("bob", ("bob",)),
}


@dataclass
class Request:
    """What a client asks."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def base(self) -> str:
        """The address the client has for the double."""
        return f"http://{self.headers['host']}"

    @property
    def account(self) -> Account | None:
        return ACCOUNTS.get(self.headers.get("authorization", "").removeprefix("Bearer "))

    def fields(self) -> dict:
        """What the body says, be it JSON or a form."""
        if "json" in self.headers.get("content-type", ""):
            return json.loads(self.body or b"{}")
        return parse_qs(self.body.decode())

    def lines(self) -> list[dict]:
        """What a body of JSON lines says."""
        return [json.loads(line) for line in self.body.splitlines() if line.strip()]


@dataclass
class Answer(Exception):
    """What the double says; raised where nothing else is to be done."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def whoami(request: Request) -> Answer:
    """Whose token it is, and what it may."""
    account = request.account
    if account is None:
        return refused(401, "Invalid credentials in Authorization header")
    role = "write" if account.writes else "read"
    others = [{"type": "org", "name": name} for name in account.namespaces if name != account.name]
    return told(
        {
            "type": "user",
            "name": account.name,
            "orgs": others,
            "auth": {"type": "access_token", "accessToken": {"displayName": "a token", "role": role}},
        }
    )


def told(content: object, status: int = 200, **headers: str) -> Answer:
    """An answer in JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, json.dumps(content).encode(), {"Content-Type": "application/json"} | named)


def refused(status: int, sentence: str, code: str = "") -> Answer:
    """An answer that says no, as the Hub does: the reason in the body and in headers."""
    headers = {"X-Error-Message": sentence} | ({"X-Error-Code": code} if code else {})
    return told({"error": sentence}, status, **headers)


def ranged(request: Request, content: bytes, headers: dict[str, str]) -> Answer:
    """An answer with the bytes the client wants, all of them if it does not say which."""
    headers = headers | {"Accept-Ranges": "bytes"}
    span = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
    if span is None:
        return Answer(200, content, headers)
    start, end = int(span[1]), min(int(span[2] or len(content)), len(content) - 1)
    if start > end:
        return Answer(416, b"", headers | {"Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
    return Answer(206, content[start : end + 1], headers)


def page(request: Request, found: list, **headers: str) -> Answer:
    """A page of a list, with the address of the next one."""
    size, start = int(request.query.get("limit", PAGE)), int(request.query.get("cursor", 0))
    following = start + size
    if following < len(found):
        address = f"{request.base}{request.path}?limit={size}&cursor={following}"
        others = "".join(f"&{name}={value}" for name, value in request.query.items() if name == "recursive")
        headers["Link"] = f'<{address}{others}>; rel="next"'
    return told(found[start:following], **headers)


@dataclass
class Fault:
    """Something that goes wrong.

    Attributes:
        match: Pattern of "METHOD path" of the requests it meets.
        does: `answer` says `status` instead of doing anything, `reset` cuts the connection before anything
            is done, `lose` after it, `half` in the middle of the answer; `silence` says nothing for
            `seconds`, then cuts; `delay` does it after `seconds`; `storage` sends the Xet client to `address`.
        times: So many requests meet it.
        skips: So many of them pass before.
    """

    match: str
    does: str
    times: int = 1
    skips: int = 0
    status: int = 503
    error: str = "Something is wrong here."
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0
    address: str = ""

    def meets(self, request: Request) -> bool:
        """Whether it happens to this request; it then has happened."""
        if not re.search(self.match, f"{request.method} {unquote(request.path)}"):
            return False
        self.skips -= 1
        if self.skips < 0:
            self.times -= 1
        return self.skips < 0 <= self.times
