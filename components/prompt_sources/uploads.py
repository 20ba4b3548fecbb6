"""Uploads: files an organizer sends, for as long as they may still be brought in."""

import tempfile
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

from components.errors import BadRequest, RequestTooLarge
from components.prompt_sources.catalog import reader_for
from components.prompt_sources.origin import File

LARGEST = 1024**3
# Whoever looks at a third file has done with the first.
KEPT = 3
LONGEST_NAME = 200


class Uploads:
    """A folder of its own for them, which goes with the process."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory | None = None
        self._files: dict[str, File] = {}

    async def receive(self, name: str, parts: AsyncIterator[bytes]) -> str:
        """Take a file in; returns the id it is known by from now on.

        Raises:
            UnreadablePrompts: No reader takes such a name.
            RequestTooLarge: It is longer than the limit.
            BadRequest: There is no room for it.
        """
        name = Path(name.replace("\\", "/")).name[-LONGEST_NAME:]
        reader_for(name)
        upload = str(uuid.uuid4())
        size = 0
        try:
            path = self._place() / upload
            try:
                with path.open("wb") as file:
                    async for part in parts:
                        size += len(part)
                        if size > LARGEST:
                            raise RequestTooLarge(
                                f"A file may have {LARGEST // 1024**3} GB at most; bring it in with "
                                "`python app.py import`, or put it into a dataset on the Hub."
                            )
                        file.write(part)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise BadRequest(
                f"There is no room for the file here ({error.strerror}); put it into a dataset on the Hub."
            ) from error
        self._files[upload] = File(str(path), name)
        for old in list(self._files)[:-KEPT]:
            self.forget(old)
        return upload

    def file(self, upload: str) -> File:
        """The file of an id.

        Raises:
            BadRequest: It is no longer there.
        """
        if upload not in self._files:
            raise BadRequest("That file is no longer here; choose it again.")
        return self._files[upload]

    def forget(self, upload: str) -> None:
        """Let go of a file."""
        file = self._files.pop(upload, None)
        if file:
            Path(file.path).unlink(missing_ok=True)

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="prompts-", ignore_cleanup_errors=True)
        return Path(self._folder.name)
