"""The plain pages beside the dashboard: the big screen, and the card for other sites."""

import hashlib
from pathlib import Path

from fastapi import Response

from components.progress.sharing import head_tags

# They load nothing from elsewhere, and may be shown inside any other page.
POLICY = "default-src 'self'; img-src 'self' data: https:; frame-ancestors *"


class Pages:
    """HTML files of ours, each with the sprint's title and its tags for shared links."""

    def __init__(self, folder: Path, address: str) -> None:
        """Read what is needed once.

        Args:
            folder: Where the files and all that they load are.
            address: The one visitors use, or empty.
        """
        self._folder = folder
        self._address = address
        self._version = _hash(*(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()))

    def answer(self, name: str, title: str, words: str = "") -> Response:
        """One page; its ETag changes with any file in the folder, so that a page left open knows of a new version.

        Args:
            words: What it says until it knows how far the sprint is.
        """
        tags = head_tags(title, self._address, f"/{name}")
        content = (self._folder / f"{name}.html").read_text("utf-8").replace("<!-- head -->", tags)
        content = content.replace("<!-- words -->", words)
        headers = {
            "ETag": f'"{_hash(self._version.encode(), title.encode(), words.encode())}"',
            "Cache-Control": "no-cache",
            "Content-Security-Policy": POLICY,
        }
        return Response(content, media_type="text/html", headers=headers)


def _hash(*parts: bytes) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()[:16]
