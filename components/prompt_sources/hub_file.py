"""Files of datasets on the Hub, read a block at a time without downloading them first."""

import io
import os

from components.errors import UnreadablePrompts

HUB = "hf://"
KINDS = tuple(f"{HUB}{kind}/" for kind in ("datasets", "spaces", "buckets"))


class HubFile(io.RawIOBase):
    """A file on the Hub whose failures are those of any file."""

    def __init__(self, file: io.BufferedIOBase, failures: tuple[type[Exception], ...]) -> None:
        self._file = file
        self._failures = failures

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: memoryview) -> int:
        try:
            data = self._file.read(len(buffer))
        except self._failures as error:
            raise OSError(None, what_failed(error)) from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def open_on_hub(path: str, token: str) -> tuple[HubFile, int | None]:
    """Open `hf://datasets/ORG/NAME/path`; returns the file and its size in bytes.

    Raises:
        UnreadablePrompts: There is no such file, the token may not read it, or the Hub does not answer.
    """
    rest = path.removeprefix(HUB)
    if "/" in rest and not path.startswith(KINDS):
        raise UnreadablePrompts(f"{path} lacks what it is; for a dataset write {HUB}datasets/{rest}.")
    # Imported here: it takes most of a second, which a start without `hf://` need not wait for.
    from huggingface_hub import HfFileSystem
    from huggingface_hub.errors import HTTPError  # of whichever HTTP package it uses

    try:
        # Without an instance of its own it would remember yesterday's listing of the repository.
        hub = HfFileSystem(token=token or None, skip_instance_cache=True)
        details = hub.info(path)
        if details["type"] != "file":
            raise UnreadablePrompts(f"{path} is a folder; name the file of prompts in it.")
        return HubFile(hub.open(path, "rb"), (OSError, HTTPError)), details["size"]
    except FileNotFoundError as error:
        raise UnreadablePrompts(
            f"The Hub has no {path}, or keeps it private; set HF_TOKEN to a token that may read it."
        ) from error
    except (ValueError, NotImplementedError) as error:
        raise UnreadablePrompts(
            f"{path} names no file on the Hub; write hf://datasets/ORG/NAME/path/to/prompts.jsonl."
        ) from error
    except (OSError, HTTPError) as error:
        raise UnreadablePrompts(f"{path} cannot be read ({what_failed(error)}).") from error


def what_failed(error: Exception) -> str:
    """Why the Hub did not give what it was asked for, in the middle of a sentence."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status in (401, 403):
        return "the Hub does not allow it; set HF_TOKEN to a token that may read it"
    if status is not None:
        return f"the Hub answered with status {status}; try again later"
    return "the Hub cannot be reached"
