"""A sprint for a crowd: more prompts than anybody rates while it lasts, and no pace to keep."""

import json
from pathlib import Path

from tests.serving import Serving

PROMPTS = 2000
SECRET = "a secret that outlives the disk and all replicas know"


def sprint_in(folder: Path, **settings: object) -> Serving:
    """A server in a folder, not yet started."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "prompts.jsonl"
    rows = ({"prompt": f"Prompt {n}", "source": f"source-{n % 4}", "kind": "human"} for n in range(PROMPTS))
    file.write_text("\n".join(map(json.dumps, rows)))
    wide_open = {"RATINGS_PER_MINUTE": 0, "RATINGS_PER_PROMPT": 100, "SESSION_SECRET": SECRET}
    return Serving(folder / "data", **({"PROMPTS": file} | wide_open | settings))


def url_of(serving: Serving) -> str:
    """The address of a server's store."""
    return str(serving.settings.get("DATABASE_URL") or f"sqlite:///{serving.data_dir / 'sprint.db'}")
