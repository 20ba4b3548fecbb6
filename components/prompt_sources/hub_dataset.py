"""Datasets on the Hub, streamed row by row with the client their makers wrote for it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from components.errors import UnreadablePrompts
from components.prompt_sources.hub_file import what_failed
from components.prompt_sources.rows import Damaged, Row

PREFIX = "hf://datasets/"
# Each after five seconds; then the Hub is told to be away.
RETRIES = 3
USUAL_SPLIT = "train"
# Two ways in which its makers' client says that it does not know which one is meant.
CONFIGURATIONS = re.compile(r"(?:Available|available configs): (\[[^]]*\])")


@dataclass(frozen=True, slots=True)
class HubDataset:
    """A dataset as one names it; what is left out is found out.

    Attributes:
        name: "ORG/NAME".
        revision: A branch, a tag or a commit.
    """

    name: str
    configuration: str = ""
    split: str = ""
    revision: str = ""

    @classmethod
    def read(cls, path: str) -> "HubDataset | None":
        """A dataset from `hf://datasets/ORG/NAME` or `...@REVISION`; None for the path of a file in one."""
        name, _, revision = path.removeprefix(PREFIX).partition("@")
        whole = path.startswith(PREFIX) and name.strip("/").count("/") == 1 and "/" not in revision
        return cls(name.strip("/"), revision=revision) if whole else None

    def __str__(self) -> str:
        parts = [self.name, self.configuration, self.split]
        return " ".join(filter(None, parts)) + (f" at {self.revision}" if self.revision else "")


@dataclass(frozen=True, slots=True)
class Opened:
    """A dataset that is being streamed.

    Attributes:
        rows: One after the other.
        total: How many there are, None if nobody says.
        commit: The state of the repository they are read from, whatever is done to it meanwhile.
    """

    rows: Iterator[Row]
    total: int | None
    commit: str


def open_dataset(dataset: HubDataset, token: str) -> Opened:
    """Begin to stream a dataset, as it is at this moment.

    Raises:
        UnreadablePrompts: There is no such dataset, configuration, split or revision, or the token may not
            read it, or the Hub does not answer.
    """
    # Imported here: it takes a second, which nobody else need wait for.
    import datasets
    from huggingface_hub import HfApi
    from huggingface_hub.errors import (
        HfHubHTTPError,
        HTTPError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    datasets.config.STREAMING_READ_MAX_RETRIES = RETRIES
    try:
        # A commit pins it: whoever changes the dataset while it streams does not change what comes in.
        commit = HfApi(token=token or None).dataset_info(dataset.name, revision=dataset.revision or None).sha
        found = datasets.load_dataset(
            dataset.name,
            dataset.configuration or None,
            revision=commit,
            streaming=True,
            token=token or None,
        )
        split = _split(dataset, found)
    except RevisionNotFoundError:
        raise UnreadablePrompts(
            f"{dataset.name} has no revision {dataset.revision}; name a branch, a tag or a commit."
        ) from None
    except RepositoryNotFoundError:
        raise UnreadablePrompts(
            f"The Hub has no dataset {dataset.name}, or keeps it private; set HF_TOKEN to a token that may read it."
        ) from None
    except (ValueError, datasets.exceptions.DatasetsError) as error:
        if isinstance(error, HfHubHTTPError):
            raise UnreadablePrompts(f"{dataset.name} cannot be read ({what_failed(error)}).") from error
        known = CONFIGURATIONS.search(str(error))
        if known:
            wrong = f"no configuration {dataset.configuration}" if dataset.configuration else "several"
            there = ", ".join(re.findall(r"'([^']*)'", known[1]))
            raise UnreadablePrompts(
                f"{dataset.name} has {wrong}; name one of its configurations: {there}."
            ) from None
        raise UnreadablePrompts(f"{dataset.name} cannot be streamed: {_first_line(error)}") from error
    except (OSError, HTTPError) as error:
        raise UnreadablePrompts(f"{dataset.name} cannot be read ({what_failed(error)}).") from error
    rows = found[split]
    known = (rows.info.splits or {}).get(split)
    return Opened(_rows(rows), known.num_examples if known and known.num_examples else None, commit)


def _split(dataset: HubDataset, found: Mapping) -> str:
    if dataset.split in found:
        return dataset.split
    there = ", ".join(found)
    if dataset.split:
        raise UnreadablePrompts(f"{dataset.name} has no split {dataset.split}; it has {there}.")
    if USUAL_SPLIT in found or len(found) == 1:
        return USUAL_SPLIT if USUAL_SPLIT in found else next(iter(found))
    raise UnreadablePrompts(f"{dataset.name} has the splits {there}; name one of them.")


def _rows(rows: Iterator[Mapping[str, object]]) -> Iterator[Row]:
    import pyarrow
    from datasets.exceptions import DatasetsError
    from huggingface_hub.errors import HTTPError

    number = 0
    try:
        for values in rows:
            number += 1
            yield Row(f"row {number}", values)
    except (OSError, HTTPError) as error:
        raise Damaged(what_failed(error)) from error
    except (pyarrow.ArrowException, DatasetsError, ValueError) as error:
        raise Damaged(_first_line(error).rstrip(".")) from error


def _first_line(error: Exception) -> str:
    line = str(error).strip().partition("\n")[0]
    return line if line.endswith(".") else f"{line}."
