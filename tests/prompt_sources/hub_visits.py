"""Run by test_hub_file.py in a process of its own: imports from a Hub whose address is in HF_ENDPOINT.

Prints, as JSON, what became of each path: a report, or the sentence that says why there is none.
"""

import json
import sys
from pathlib import Path

from huggingface_hub import HfApi

from components.errors import UnreadablePrompts
from components.prompt_sources.importing import import_prompts
from components.store.store import Store

REPOSITORY = "alice/prompts"


def upload(files: Path) -> None:
    hub = HfApi(token="hf_alice")
    hub.create_repo(REPOSITORY, repo_type="dataset", private=True)
    hub.upload_folder(repo_id=REPOSITORY, repo_type="dataset", folder_path=files, path_in_repo="data")


def main(folder: Path, visits: list[tuple[str, str]]) -> None:
    if (folder / "files").is_dir():
        upload(folder / "files")
    outcomes = []
    for number, (path, token) in enumerate(visits):
        store = Store(f"sqlite:///{folder / f'sprint-{number}.db'}").open()
        seen: list = []
        try:
            report = import_prompts(
                store, path, token=token, on_progress=lambda *read, seen=seen: seen.append(read)
            )
            outcomes.append(report.as_dict() | {"progress": seen[-1]})
        except UnreadablePrompts as error:
            outcomes.append(str(error))
        finally:
            store.close()
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
