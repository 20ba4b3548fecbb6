"""Repositories of the double: commits, trees and files, by the endpoints the real client asks."""

import base64
import fnmatch
import hashlib
import time
from dataclasses import dataclass, field, replace
from itertools import count
from urllib.parse import unquote

from tests.doubles.hub.contents import Contents
from tests.doubles.hub.exchange import Answer, Request, page, ranged, refused, told

# What a new repository of the Hub keeps as large files whatever their size, as far as the tests need it.
LARGE = ("*.zst", "*.parquet", "*.gz", "*.zip", "*.png")
SDKS = ("gradio", "docker", "static")
LARGE_SIZE = 10 * 1024 * 1024
MOMENT = "2026-03-01T12:00:00.000Z"


@dataclass(frozen=True)
class File:
    """A file at one commit, by the hash of what it holds."""

    sha256: str
    size: int
    oid: str
    large: bool

    def described(self, path: str) -> dict:
        kept = {"type": "file", "path": path, "oid": self.oid, "size": self.size}
        if self.large:
            kept["lfs"] = {"oid": self.sha256, "size": self.size, "pointerSize": 134}
        return kept


@dataclass
class Repository:
    """One branch of commits, the newest last."""

    kind: str
    name: str
    private: bool
    commits: list[tuple[str, dict[str, File], str]] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def head(self) -> str:
        return self.commits[-1][0]

    @property
    def files(self) -> dict[str, File]:
        return self.commits[-1][1]


class Repositories:
    """Every repository that is no bucket."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.kept: dict[tuple[str, str], Repository] = {}
        self._numbers = count(1)

    def create(self, request: Request) -> Answer:
        wanted = request.fields()
        account = request.account
        if account is None:
            return refused(401, "Invalid username or password.")
        namespace = wanted.get("organization") or account.name
        kind, name = wanted.get("type", "model"), f"{namespace}/{wanted['name']}"
        url = f"{request.base}/{kind}s/{name}"
        if (kind, name) in self.kept:
            return told({"error": "You already created this repo", "url": url}, 409)
        if not account.writes or namespace not in account.namespaces:
            return refused(403, "You don't have the rights to create a repo under this namespace")
        if kind == "space" and wanted.get("sdk") not in SDKS:
            return refused(400, "sdk is one of gradio, docker and static")
        private = wanted.get("visibility") == "private" or bool(wanted.get("private"))
        repository = self.kept[kind, name] = Repository(kind, name, private)
        attributes = "".join(f"{pattern} filter=lfs diff=lfs merge=lfs -text\n" for pattern in LARGE)
        first = {".gitattributes": attributes}
        if kind == "space":
            first["README.md"] = f"---\ntitle: {wanted['name']}\nsdk: {wanted['sdk']}\n---\n"
        files = {path: self._file(text.encode(), False) for path, text in first.items()}
        self._commit(repository, files, "initial commit")
        return told({"url": url, "name": name, "id": name})

    def delete(self, request: Request) -> Answer:
        wanted = request.fields()
        kind, name = wanted.get("type", "model"), f"{wanted['organization']}/{wanted['name']}"
        self.at(request, kind, name, writes=True)
        del self.kept[kind, name]
        return told({})

    def describe(self, request: Request, kind: str, name: str, revision: str = "main") -> Answer:
        repository = self.at(request, kind, name, revision)
        siblings = [{"rfilename": path} for path in sorted(repository.files)]
        known = {"id": name, "_id": name, "sha": repository.head, "private": repository.private}
        known |= {"siblings": siblings, "lastModified": MOMENT, "createdAt": MOMENT, "tags": []}
        known |= {"disabled": False, "gated": False, "downloads": 0, "likes": 0}
        if kind == "space":
            subdomain = name.lower().replace("/", "-")
            known |= {"sdk": "gradio", "subdomain": subdomain, "host": f"https://{subdomain}.hf.space"}
        return told(known, X_Repo_Commit=repository.head)

    def settings(self, request: Request, kind: str, name: str) -> Answer:
        repository = self.at(request, kind, name, writes=True)
        wanted = request.fields()
        repository.private = wanted.get("visibility") == "private" or bool(wanted.get("private"))
        return told({"private": repository.private})

    def tree(self, request: Request, kind: str, name: str, revision: str, folder: str = "") -> Answer:
        repository = self.at(request, kind, name, revision)
        folder = f"{unquote(folder).strip('/')}/".lstrip("/")
        everything = request.query.get("recursive", "").lower() in ("1", "true")
        found: dict[str, dict] = {}
        for path, file in sorted(repository.files.items()):
            if not path.startswith(folder):
                continue
            parts = path.removeprefix(folder).split("/")
            for depth in range(1, len(parts)) if everything else range(1, min(len(parts), 2)):
                above = folder + "/".join(parts[:depth])
                oid = hashlib.sha1(above.encode()).hexdigest()
                found[above] = {"type": "directory", "path": above, "oid": oid, "size": 0}
            if everything or len(parts) == 1:
                found[path] = file.described(path)
        if folder and not found:
            return refused(404, f"{folder} does not exist", "EntryNotFound")
        return page(request, list(found.values()), X_Repo_Commit=repository.head)

    def paths(self, request: Request, kind: str, name: str, revision: str) -> Answer:
        files = self.at(request, kind, name, revision).files
        asked = request.fields().get("paths", [])
        found = [files[path].described(path) for path in asked if path in files]
        for path in asked:
            if path not in files and any(other.startswith(f"{path}/") for other in files):
                found.append({"type": "directory", "path": path, "oid": "0" * 40, "size": 0})
        return told(found)

    def history(self, request: Request, kind: str, name: str, revision: str) -> Answer:
        commits = self.at(request, kind, name, revision).commits
        return page(
            request,
            [
                {"id": oid, "title": title, "message": "", "authors": [], "date": MOMENT}
                for oid, _, title in reversed(commits)
            ],
        )

    def modes(self, request: Request, kind: str, name: str, revision: str) -> Answer:
        """How each file of a coming commit is to be uploaded."""
        files = self.at(request, kind, name, revision, writes=True).files
        modes = []
        for wanted in request.fields()["files"]:
            path = wanted["path"]
            large = wanted["size"] >= LARGE_SIZE or any(fnmatch.fnmatch(path, pattern) for pattern in LARGE)
            known = files.get(path)
            oid = known and (known.sha256 if known.large else known.oid)
            mode = "lfs" if large else "regular"
            modes.append({"path": path, "uploadMode": mode, "shouldIgnore": False, "oid": oid})
        return told({"files": modes})

    def commit(self, request: Request, kind: str, name: str, revision: str) -> Answer:
        repository = self.at(request, kind, name, revision, writes=True)
        header, *operations = request.lines()
        parent = header["value"].get("parentCommit")
        if parent and parent != repository.head:
            return refused(412, "A commit has happened since. Please refresh and try again.")
        files = dict(repository.files)
        for operation in operations:
            self._apply(files, operation["key"], operation["value"])
        if files != repository.files:
            self._commit(repository, files, header["value"]["summary"])
        url = f"{request.base}/{kind}s/{name}/commit/{repository.head}"
        return told({"success": True, "commitOid": repository.head, "commitUrl": url, "hookOutput": ""})

    def tag(self, request: Request, kind: str, name: str, revision: str) -> Answer:
        repository = self.at(request, kind, name, revision, writes=True)
        tag, head = request.fields()["tag"], repository.head
        if tag in repository.tags:
            return refused(409, "Tag reference exists already.")
        repository.tags[tag] = head
        return told({})

    def refs(self, request: Request, kind: str, name: str) -> Answer:
        repository = self.at(request, kind, name)
        tags = [
            {"name": tag, "ref": f"refs/tags/{tag}", "targetCommit": oid}
            for tag, oid in repository.tags.items()
        ]
        main = {"name": "main", "ref": "refs/heads/main", "targetCommit": repository.head}
        return told({"branches": [main], "converts": [], "tags": tags})

    def squash(self, request: Request, kind: str, name: str, branch: str) -> Answer:
        repository = self.at(request, kind, name, branch, writes=True)
        files = repository.files
        repository.commits.clear()
        self._commit(repository, files, request.fields().get("message", "Squashed"))
        return told({})

    def resolve(self, request: Request, kind: str, name: str, revision: str, path: str) -> Answer:
        repository = self.at(request, kind, name, revision)
        file = repository.files.get(unquote(path))
        if file is None:
            return refused(404, "Entry not found", "EntryNotFound")
        headers = {"X-Repo-Commit": repository.head, "ETag": f'"{file.oid}"'}
        if not file.large:
            return ranged(request, self.contents.by_sha256(file.sha256), headers)
        # Another host, as the Hub does it: the client must not take its token there.
        elsewhere = request.base.replace("127.0.0.1", "localhost")
        headers |= {"X-Linked-Etag": f'"{file.sha256}"', "X-Linked-Size": str(file.size)}
        return Answer(302, b"", headers | {"Location": f"{elsewhere}/_blobs/{file.sha256}"})

    def large_files(self, request: Request, kind: str, name: str) -> Answer:
        """The batch endpoint of Git LFS, for clients without Xet."""
        self.at(request, kind.rstrip("s"), name, writes=True)
        objects = []
        for wanted in request.fields()["objects"]:
            known = self.contents.by_sha256(wanted["oid"]) is not None
            upload = {"actions": {"upload": {"href": f"{request.base}/_blobs/{wanted['oid']}"}}}
            objects.append(
                {"oid": wanted["oid"], "size": wanted["size"], "authenticated": True}
                | ({} if known else upload)
            )
        return told({"transfer": "basic", "objects": objects}, Content_Type="application/vnd.git-lfs+json")

    def xet_token(self, request: Request, kind: str, name: str, may: str, _revision: str) -> Answer:
        self.at(request, kind, name, writes=may == "write")
        return told(
            {"accessToken": "double", "exp": int(time.time()) + 3600, "casUrl": self.contents.new_storage()}
        )

    def at(
        self, request: Request, kind: str, name: str, revision: str = "main", writes: bool = False
    ) -> Repository:
        if "authorization" in request.headers and request.account is None:
            raise refused(401, "Invalid credentials in Authorization header")
        repository = self.kept.get((kind, name))
        account = request.account
        mine = account is not None and name.split("/")[0] in account.namespaces
        if repository is None or (repository.private and not mine):
            raise refused(404 if account else 401, "Repository not found", "RepoNotFound")
        if writes and not (mine and account.writes):
            raise refused(403, "Forbidden: you must use a write token to upload to a repository.")
        if unquote(revision) in ("main", "refs/heads/main"):
            return repository
        wanted = repository.tags.get(unquote(revision).removeprefix("refs/tags/"), revision)
        for number, (oid, _, _) in enumerate(repository.commits):
            if oid == wanted:
                return replace(repository, commits=repository.commits[: number + 1])
        raise refused(404, f"Invalid rev id: {revision}", "RevisionNotFound")

    def _apply(self, files: dict[str, File], key: str, wanted: dict) -> None:
        path = wanted["path"]
        if key == "file":
            files[path] = self._file(base64.b64decode(wanted["content"]), False)
        elif key == "lfsFile":
            content = self.contents.by_sha256(wanted["oid"])
            if content is None:
                raise refused(400, f"LFS pointer pointed to a file that does not exist: {path}")
            files[path] = self._file(content, True)
        elif key == "deletedFile":
            if files.pop(path, None) is None:
                raise refused(404, "A file with this name doesn't exist", "EntryNotFound")
        else:
            raise refused(400, f"The double knows no {key}.")

    def _file(self, content: bytes, large: bool) -> File:
        digest = self.contents.keep(content)
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(content)}\n"
        stored = pointer.encode() if large else content
        oid = hashlib.sha1(b"blob %d\0" % len(stored) + stored).hexdigest()
        return File(digest, len(content), oid, large)

    def _commit(self, repository: Repository, files: dict[str, File], title: str) -> None:
        oid = hashlib.sha1(f"{repository.name} {next(self._numbers)}".encode()).hexdigest()
        repository.commits.append((oid, files, title))
