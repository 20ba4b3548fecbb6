"""A dataset with the marginals that are published of 10k_prompts_ranked, and none of its words."""

import io
import json
import random
import uuid

import pyarrow
import pyarrow.parquet

# Rows of each source, and what kind its prompts are, as the card has them.
SOURCES = {
    "ewof/sharegpt-instruct-unfiltered-deduped": (4479, "human"),
    "evol_instruct": (1381, "synthetic"),
    "ultrachat": (1307, "synthetic"),
    "OpenAssistant/oasst2": (734, "human"),
    "argilla/DistiCoder-dpo-binarized": (705, "synthetic"),
    "flan_v2_cot": (360, "synthetic"),
    "argilla/distilabel-reasoning-prompts": (328, "synthetic"),
    "argilla/distilabel-evol-prompt-collective": (282, "synthetic"),
    "LDJnr/Capybara#Dove": (253, "unknown"),
    "ProlificAI/social-reasoning-rlhf": (145, "human"),
    "LDJnr/Capybara#GOAT": (123, "unknown"),
    "LDJnr/Capybara#TaskSource": (117, "unknown"),
    "LDJnr/Capybara#TheoremQA": (88, "unknown"),
    "LDJnr/Capybara#Verified-Camel": (19, "unknown"),
    "fka/awesome-chatgpt-prompts": (8, "human"),
    "LDJnr/Capybara#Tigerbot": (2, "unknown"),
}
# How many prompts have so many ratings.
RATINGS = {1: 6730, 2: 2600, 3: 748, 4: 192, 5: 52, 6: 5, 7: 3, 8: 1}
PEOPLE = 314
BUSIEST = 2512


def rows() -> list[dict]:
    """All rows, in the published schema; a few of them are the same prompt again, rated by itself."""
    chance = random.Random(10)
    sources = [(source, kind) for source, (number, kind) in SOURCES.items() for _ in range(number)]
    numbers = [number for number, prompts in RATINGS.items() for _ in range(prompts)]
    chance.shuffle(sources)
    people = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(PEOPLE)]
    # The busiest rated a prompt each in the first rows; everybody else is there at least once.
    others = people[1:]
    made = []
    for place, ((source, kind), number) in enumerate(zip(sources, numbers, strict=True)):
        raters = [people[0]] if place < BUSIEST else [others[place % len(others)]]
        raters += chance.sample([one for one in others if one not in raters], number - len(raters))
        same = place > 0 and place % 2000 == 0
        text = made[-1]["prompt"] if same else f"Prompt {place} of {source}"
        if same:
            source, kind = made[-1]["metadata"]["source"], made[-1]["kind"]
        made.append(row(text, source, kind, {one: chance.randrange(1, 6) for one in raters}))
    return made


def row(text: str, source: str, kind: str, scores: dict[str, int], **later: object) -> dict:
    """One row, its metadata not yet written as JSON."""
    values = list(scores.values())
    most = max(values.count(score) for score in values)
    ratio = (most / len(values) - 1 / 5) / (1 - 1 / 5)
    return {
        "prompt": text,
        "quality": [
            {"user_id": one, "value": str(score - 1), "status": "submitted"} for one, score in scores.items()
        ],
        "metadata": {"evolved_from": None, "kind": kind, "source": source},
        "avg_rating": sum(values) / len(values),
        "num_responses": len(values),
        "agreement_ratio": 1.0 if len(values) == 1 else ratio,
        "raw_responses": values,
        "kind": kind,
        "cluster_description": later.get("cluster_description"),
        "topic": later.get("topic"),
    }


def as_parquet(some: list[dict]) -> bytes:
    """Rows as they are published: the metadata as text."""
    published = [{**one, "metadata": json.dumps(one["metadata"])} for one in some]
    written = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(published), written)
    return written.getvalue()
