"""What files on the double hold: plain blobs, and what the real Xet client stored in a folder."""

import hashlib
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import hf_xet

# Layout of a Xet shard: a header, then files; each a header and as many entries, and more if flags say so.
SHARD_HEADER = 48
ENTRY = 48
VERIFIED, WITH_SHA256 = 1 << 31, 1 << 30
END_OF_FILES = b"\xff" * 32


class Contents:
    """Bytes by their hashes.

    Attributes:
        xet: Where the Xet client stores what it uploads; it takes this address in the place of a server's.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.xet = f"local://{folder}"
        self._blobs: dict[str, bytes] = {}

    def keep(self, content: bytes) -> str:
        """Keep bytes; gives their SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        self._blobs[digest] = content
        return digest

    def by_sha256(self, digest: str) -> bytes | None:
        """What has this SHA-256, however it was uploaded."""
        if digest not in self._blobs:
            for xet_hash, _, known in self._stored():
                if known == digest:
                    self.keep(self.by_xet_hash(xet_hash))
        return self._blobs.get(digest)

    def by_xet_hash(self, xet_hash: str) -> bytes | None:
        """What the Xet client stored under this hash."""
        size = next((size for stored, size, _ in self._stored() if stored == xet_hash), None)
        if size is None:
            return None
        if not size:
            return b""
        group = hf_xet.XetSession().new_download_stream_group(
            endpoint=self.xet, token="double", token_expiry_unix_secs=int(time.time()) + 3600
        )
        return b"".join(group.download_stream(hf_xet.XetFileInfo(xet_hash, size)))

    def _stored(self) -> Iterator[tuple[str, int, str | None]]:
        """Xet hash, size and, where it was computed, SHA-256 of every file the client stored."""
        for shard in sorted(self.folder.glob("xet/xorbs/shards/*.mdb")):
            yield from _files_of(shard.read_bytes())


def _files_of(shard: bytes) -> Iterator[tuple[str, int, str | None]]:
    at = SHARD_HEADER
    while shard[at : at + 32] != END_OF_FILES:
        xet_hash = _hexadecimal(shard[at : at + 32])
        flags, entries = struct.unpack_from("<II", shard, at + 32)
        at += ENTRY
        size = sum(struct.unpack_from("<I", shard, at + number * ENTRY + 36)[0] for number in range(entries))
        at += ENTRY * entries * (2 if flags & VERIFIED else 1)
        digest = None
        if flags & WITH_SHA256:
            digest = _hexadecimal(shard[at : at + 32])
            at += ENTRY
        yield xet_hash, size, digest


def _hexadecimal(stored: bytes) -> str:
    return "".join(f"{word:016x}" for word in struct.unpack("<4Q", stored))
