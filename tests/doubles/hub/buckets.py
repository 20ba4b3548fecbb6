"""Buckets of the double: files by name, their contents in Xet storage, as the real client asks for them."""

import time
from dataclasses import dataclass, field
from urllib.parse import unquote

from tests.doubles.hub.contents import Contents
from tests.doubles.hub.exchange import Answer, Request, page, refused, told

MOMENT = "2026-03-01T12:00:00.000Z"


@dataclass
class Bucket:
    """Files by their names: Xet hash and content of each."""

    name: str
    private: bool
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def described(self, path: str) -> dict:
        xet_hash, content = self.files[path]
        kept = {"type": "file", "path": path, "size": len(content), "xetHash": xet_hash}
        return kept | {"mtime": MOMENT, "uploadedAt": MOMENT}


class Buckets:
    """Every bucket."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.kept: dict[str, Bucket] = {}

    def create(self, request: Request, name: str) -> Answer:
        account = request.account
        if account is None:
            return refused(401, "Invalid username or password.")
        if not account.writes or name.split("/")[0] not in account.namespaces:
            return refused(403, "You don't have the rights to create a bucket under this namespace")
        url = f"{request.base}/buckets/{name}"
        if name in self.kept:
            return told({"error": "You already created this bucket", "url": url}, 409)
        self.kept[name] = Bucket(name, request.fields().get("visibility") == "private")
        return told({"url": url, "id": name})

    def delete(self, request: Request, name: str) -> Answer:
        self._at(request, name, writes=True)
        del self.kept[name]
        return told({})

    def describe(self, request: Request, name: str) -> Answer:
        bucket = self._at(request, name)
        size = sum(len(content) for _, content in bucket.files.values())
        known = {"id": name, "private": bucket.private, "createdAt": MOMENT}
        return told(known | {"size": size, "totalFiles": len(bucket.files)})

    def settings(self, request: Request, name: str) -> Answer:
        bucket = self._at(request, name, writes=True)
        bucket.private = request.fields()["private"]
        return told({"private": bucket.private})

    def tree(self, request: Request, name: str, folder: str = "") -> Answer:
        bucket = self._at(request, name)
        folder = unquote(folder)
        found: dict[str, dict] = {}
        for path in sorted(bucket.files):
            if not path.startswith(folder):
                continue
            above, below, _ = path.removeprefix(folder).partition("/")
            if below and "recursive" not in request.query:
                found[folder + above] = {"type": "directory", "path": folder + above, "uploadedAt": MOMENT}
            else:
                found[path] = bucket.described(path)
        return page(request, list(found.values()))

    def paths(self, request: Request, name: str) -> Answer:
        bucket = self._at(request, name)
        return told([bucket.described(path) for path in request.fields()["paths"] if path in bucket.files])

    def batch(self, request: Request, name: str) -> Answer:
        """Add, replace and delete files, one after the other; what fails does not stop the others."""
        bucket = self._at(request, name, writes=True)
        failed = []
        operations = request.lines()
        for operation in operations:
            path = operation["path"]
            if operation["type"] == "deleteFile":
                if bucket.files.pop(path, None) is None:
                    failed.append({"path": path, "error": "File not found"})
            else:
                content = self.contents.by_xet_hash(operation["xetHash"])
                if content is None:
                    failed.append({"path": path, "error": "There is no content of this Xet hash"})
                else:
                    bucket.files[path] = (operation["xetHash"], content)
        answered = {"success": not failed, "processed": len(operations), "failed": failed}
        return told(answered, 422 if len(failed) == len(operations) else 200)

    def resolve(self, request: Request, name: str, path: str) -> Answer:
        bucket = self._at(request, name)
        if unquote(path) not in bucket.files:
            return refused(404, "Entry not found", "EntryNotFound")
        xet_hash, content = bucket.files[unquote(path)]
        elsewhere = request.base.replace("127.0.0.1", "localhost")
        blob = f"{elsewhere}/_blobs/{self.contents.keep(content)}"
        return Answer(
            302, b"", {"X-Xet-Hash": xet_hash, "X-Linked-Size": str(len(content)), "Location": blob}
        )

    def xet_token(self, request: Request, name: str, may: str) -> Answer:
        self._at(request, name, writes=may == "write")
        return told(
            {"accessToken": "double", "exp": int(time.time()) + 3600, "casUrl": self.contents.new_storage()}
        )

    def _at(self, request: Request, name: str, writes: bool = False) -> Bucket:
        if "authorization" in request.headers and request.account is None:
            raise refused(401, "Invalid credentials in Authorization header")
        account, bucket = request.account, self.kept.get(name)
        mine = account is not None and name.split("/")[0] in account.namespaces
        if bucket is None or (bucket.private and not mine):
            raise refused(404 if account else 401, "Bucket not found", "RepoNotFound")
        if writes and not (mine and account.writes):
            raise refused(403, "Forbidden: you must use a write token to write to this bucket.")
        return bucket
