"""Imports from a Hub, in a process of their own: the clients read its address once, when they are imported."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import ROOT


def outcomes_of(module: str, endpoint: str, folder: Path, visits: Sequence) -> list:
    """What became of each visit, as the module prints it.

    Args:
        module: The one of this folder that visits.
        endpoint: The address of the Hub.
        folder: Where files may lie.
    """
    environment = os.environ | {
        "HF_ENDPOINT": endpoint,
        "HF_HOME": str(folder / "home"),
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    }
    environment.pop("HF_TOKEN", None)
    command = [sys.executable, "-m", f"tests.prompt_sources.{module}", str(folder), json.dumps(visits)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
