"""Run by test_hub_dataset.py in a process of its own: streams datasets from a Hub whose address is in HF_ENDPOINT.

Prints, as JSON, what became of each visit: a report, or the sentence that says why there is none.
"""

import io
import json
import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet
from huggingface_hub import CommitOperationAdd, HfApi

from components.errors import SprintError
from components.prompt_sources.hub_dataset import HubDataset
from components.prompt_sources.importing import import_prompts
from components.prompt_sources.plan import Plan
from components.prompt_sources.preview import preview
from components.store.store import Store

TOKEN = "hf_alice"
REPOSITORY = "alice/prompts"
CARD = b"""---
configs:
- config_name: default
  default: true
  data_files:
  - split: train
    path: data/train-*
  - split: test
    path: data/test-*
- config_name: talks
  data_files:
  - split: all
    path: talks/*
---
"""


def parquet(rows: list[dict]) -> bytes:
    written = io.BytesIO()
    # Many small groups, so that a stream has to come back for more.
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), written, row_group_size=200)
    return written.getvalue()


def rows(number: int, word: str) -> list[dict]:
    return [{"instruction": f"{word} number {n}", "uid": str(n)} for n in range(number)]


def commit(**files: bytes) -> str:
    operations = [CommitOperationAdd(path.replace("__", "/"), content) for path, content in files.items()]
    hub = HfApi(token=TOKEN)
    return hub.create_commit(REPOSITORY, operations, repo_type="dataset", commit_message="m").oid


def publish() -> str:
    """Put the dataset on the Hub; returns the commit."""
    HfApi(token=TOKEN).create_repo(REPOSITORY, repo_type="dataset", private=True)
    talks = [
        {"messages": [{"role": "user", "content": f"Talk about {n}"}], "kind": "human"} for n in range(3)
    ]
    return commit(
        **{
            "README.md": CARD,
            "data__train-00000-of-00001.parquet": parquet(rows(1500, "Prompt")),
            "data__test-00000-of-00001.parquet": parquet(rows(4, "Test")),
            "talks__all.parquet": parquet(talks),
        }
    )


def visit(store: Store, told: dict, first: str) -> object:
    """What becomes of one dataset that is brought in."""
    told = dict(told)
    token, meanwhile = told.pop("token", TOKEN), told.pop("meanwhile", None)
    dataset = HubDataset(**{"name": REPOSITORY} | told)
    if dataset.revision == "FIRST":
        dataset = HubDataset(dataset.name, dataset.configuration, dataset.split, first)
    seen: list = []

    def progressed(*read: object) -> None:
        if not seen and meanwhile == "commit":
            commit(**{"data__train-00000-of-00001.parquet": parquet(rows(7, "Changed"))})
        if not seen and meanwhile == "delete":
            HfApi(token=TOKEN).delete_repo(REPOSITORY, repo_type="dataset")
        seen.append(read)

    try:
        plan = Plan(columns={"prompt": "instruction"}, constants={"source": "s", "kind": "human"})
        if meanwhile == "preview":
            found = preview(dataset, Plan(), token)
            return {"columns": found.columns, "guessed": dict(found.plan.columns), "name": found.name}
        report = import_prompts(store, dataset, plan=plan, token=token, on_progress=progressed)
        return report.as_dict() | {"progress": seen[-1]}
    except SprintError as error:
        return str(error)


def main(folder: Path, visits: list[dict]) -> None:
    first = publish() if visits[0].get("publish", True) else ""
    outcomes = []
    for number, told in enumerate(visits):
        told.pop("publish", None)
        store = Store(f"sqlite:///{folder / f'sprint-{number}.db'}").open()
        try:
            outcome = visit(store, told, first)
            with store.reading() as connection:
                number = connection.exec_driver_sql("SELECT COUNT(*) FROM prompts").scalar_one()
            outcomes.append([outcome, number])
        finally:
            store.close()
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
