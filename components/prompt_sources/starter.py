"""The prompts a sprint starts with: those of the file it was given, else the ones written for this project."""

from pathlib import Path

from components.prompt_sources.importing import OnProgress, import_prompts
from components.prompt_sources.report import ImportReport
from components.store import prompts
from components.store.store import Store

STARTER_PROMPTS = Path(__file__).parents[2] / "assets" / "starter_prompts.jsonl"


def seed(
    store: Store,
    prompts_path: str,
    token: str = "",
    on_progress: OnProgress | None = None,
) -> ImportReport | None:
    """Bring prompts in at start.

    Args:
        prompts_path: A file for `import_prompts`, or empty for the starter prompts, which come only
            into a store that is still empty.

    Returns:
        The report, or None if there was nothing to do.

    Raises:
        UnreadablePrompts: The file cannot be opened, or is in no format the sprint reads.
    """
    if prompts_path:
        return import_prompts(store, prompts_path, token=token, on_progress=on_progress)
    with store.reading() as connection:
        if prompts.count(connection):
            return None
    return import_prompts(store, str(STARTER_PROMPTS), on_progress=on_progress)
