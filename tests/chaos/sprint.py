"""A sprint for a crowd: more prompts than anybody rates while it lasts, and no pace to keep."""

import json
from pathlib import Path

from tests.serving import SECRET, Serving

PROMPTS = 10_000
OPEN = {"RATINGS_PER_MINUTE": 0, "RATINGS_PER_PROMPT": 100}


def made_prompts(folder: Path) -> Path:
    """A file of prompts."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "prompts.jsonl"
    rows = ({"prompt": f"Prompt {n}", "source": f"source-{n % 4}", "kind": "human"} for n in range(PROMPTS))
    file.write_text("\n".join(map(json.dumps, rows)))
    return file


def sprint_in(folder: Path, **settings: object) -> Serving:
    """A server in a folder, not yet started."""
    file = made_prompts(folder)
    return Serving(folder / "data", **{"PROMPTS": file, "SESSION_SECRET": SECRET, **OPEN, **settings})


def url_of(serving: Serving) -> str:
    """The address of a server's store."""
    return str(serving.settings.get("DATABASE_URL") or f"sqlite:///{serving.data_dir / 'sprint.db'}")
