"""Every shape reads its example, and the founding sources' own files come in whole."""

import json

import pytest

from components.prompt_sources.catalog import SHAPES, shape_of
from components.prompt_sources.importing import import_prompts
from components.prompt_sources.plan import Plan
from components.prompt_sources.rows import Row
from tests.prompt_sources.examples import save

ANN, BOB = "3b0e0f3e-7a34-4a4f-8f39-1c9cf0f2f4aa", "bob@example.org"
SETTINGS = {"questions": [{"name": "quality", "settings": {"options": [{"value": n} for n in range(5)]}}]}
# By shape: rows, then prompt, source, kind, own id, context, scores of the first, and a piece of its metadata.
EXAMPLES = {
    "10k_prompts_ranked": (
        [
            {
                "prompt": "p",
                "metadata": '{"source": "s", "kind": "human", "evolved_from": null}',
                "quality": {"user_id": [ANN, BOB], "value": ["4", "0"], "status": ["submitted", "submitted"]},
            }
        ],
        ("p", "s", "human", None, None, (5, 1), {}),
    ),
    "Argilla records": (
        [
            {
                "id": "r1",
                "fields": {"prompt": "p", "hint": "h"},
                "metadata": {"source": "s", "kind": "human"},
                "responses": {
                    "quality": [
                        {"user_id": ANN, "value": 0, "status": "submitted"},
                        {"user_id": BOB, "value": 3, "status": "draft"},
                    ]
                },
                "settings": SETTINGS,
            }
        ],
        ("p", "s", "human", "r1", None, (1,), {"hint": "h"}),
    ),
    "Argilla dataset": (
        [
            {
                "id": "r2",
                "_server_id": "x",
                "instruction": "p",
                "source": "s",
                "kind": "human",
                "rating.responses": [4, 5],
                "rating.responses.users": [ANN, BOB],
                "rating.responses.status": ["submitted", "discarded"],
                "rating.suggestion": 1,
            }
        ],
        ("p", "s", "human", "r2", None, (4,), {}),
    ),
    "Label Studio": (
        [
            {
                "id": 7,
                "data": {"text": "p", "source": "s", "kind": "human"},
                "annotations": [
                    {"completed_by": 1, "result": [{"type": "rating", "value": {"rating": 3}}]},
                    {
                        "completed_by": {"email": BOB},
                        "created_at": "2026-02-27T10:00:00Z",
                        "result": [{"type": "choices", "value": {"choices": ["5 Very good"]}}],
                    },
                    {"completed_by": 3, "was_cancelled": True, "result": [{"value": {"rating": 1}}]},
                ],
            }
        ],
        ("p", "s", "human", "7", None, (3, 5), {}),
    ),
    "table": (
        [{"prompt": "p", "source": "s", "kind": "human", "note": "n"}],
        ("p", "s", "human", None, None, (), {"note": "n"}),
    ),
    "awesome-chatgpt-prompts": (
        [{"act": "Linux Terminal", "prompt": "p", "for_devs": "TRUE"}],
        ("p", "fka/awesome-chatgpt-prompts", "human", None, None, (), {"act": "Linux Terminal"}),
    ),
    "MT-bench": (
        [{"question_id": 81, "category": "writing", "turns": ["p", "q"]}],
        ("p", "mt_bench", "human", "81", None, (), {"later_turns": ["q"]}),
    ),
    "arena-hard": (
        [{"uid": "u", "category": "arena-hard-v0.1", "cluster": "c", "prompt": "p"}],
        ("p", "arena-hard", "human", "u", None, (), {"cluster": "c"}),
    ),
    "self-instruct": (
        [
            {
                "id": "seed_task_1",
                "name": "n",
                "instruction": "p",
                "instances": [{"input": "passage", "output": "o"}],
                "is_classification": False,
            }
        ],
        ("p", "self-instruct", "human", "seed_task_1", "passage", (), {"name": "n"}),
    ),
    "ultrachat": ([{"class": " Vicuna ", "data": "p"}], ("p", "ultrachat", "synthetic", None, None, (), {})),
    "FLAN": (
        [{"1": "p\\nOptions:", "2": "(A)", "3": "because"}],
        ("p\nOptions:", "flan_v2_cot", "synthetic", None, None, (), {"target": "(A)"}),
    ),
    "dolly": (
        [{"instruction": "p", "context": "passage", "response": "r", "category": "closed_qa"}],
        ("p", "databricks-dolly-15k", "human", None, "passage", (), {"category": "closed_qa"}),
    ),
}


def test_every_shape_has_an_example():
    assert {shape.name for shape in SHAPES} == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_shape_is_recognised_and_reads_its_example(name):
    rows, (text, source, kind, own_id, context, scores, metadata) = EXAMPLES[name]
    shape = shape_of(rows[0])
    assert shape.name == name
    prompt, record = Plan().prompt(Row("row 1", rows[0]), shape)
    assert (prompt.text, prompt.source, prompt.kind) == (text, source, kind)
    assert (prompt.own_id, prompt.context) == (own_id, context)
    assert tuple(rating.score for rating in record.ratings) == scores
    assert metadata.items() <= prompt.metadata.items()
    # Whoever imports may say otherwise.
    prompt, _ = Plan(constants={"source": "ours", "kind": "unknown"}).prompt(Row("row 1", rows[0]), shape)
    assert (prompt.source, prompt.kind) == ("ours", "unknown")


def test_people_of_another_tool_become_pseudonymous(store, tmp_path):
    rows, _ = EXAMPLES["Label Studio"]
    import_prompts(store, save(tmp_path, ".json", json.dumps(rows).encode()))
    with store.reading() as connection:
        everything = str(connection.exec_driver_sql("SELECT * FROM contributors").all())
        days = connection.exec_driver_sql("SELECT day FROM ratings ORDER BY day").scalars().all()
    assert BOB not in everything and everything.count("elsewhere") == 2
    assert days == ["2026-01-30", "2026-02-27"]


@pytest.mark.parametrize(
    ("name", "shape", "added", "rejected"),
    [
        ("arena_hard_v0.1_question.jsonl", "arena-hard", 500, 0),
        # Five records of the file itself are broken: their quotes are never closed.
        ("awesome_chatgpt_prompts_2025-02-05.csv", "awesome-chatgpt-prompts", 206, 5),
        ("flan_v2_cot_qasc_train.tsv", "FLAN", 1084, 0),
        ("mt_bench_question.jsonl", "MT-bench", 80, 0),
        ("self_instruct_seed_tasks.jsonl", "self-instruct", 175, 0),
        ("ultra_eval.json", "ultrachat", 381, 0),
    ],
)
def test_the_founding_sources_come_in_as_their_makers_publish_them(
    name, shape, added, rejected, shared, store, kept
):
    report = import_prompts(store, str(shared / "data/native" / name))
    assert (report.added, report.rows_rejected) == (added, rejected)
    _, (_, source, kind, *_) = EXAMPLES[shape]
    assert {(row["source"], row["kind"]) for row in kept()} == {(source, kind)}
