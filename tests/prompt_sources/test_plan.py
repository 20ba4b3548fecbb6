"""A plan: columns mapped, constants, filters, a sample; and a look before anything is stored."""

import json
from collections import Counter

import pytest

from components.errors import BadRequest, ImportCancelled, UnreadablePrompts
from components.prompt_sources.importing import import_prompts
from components.prompt_sources.origin import File, Paste
from components.prompt_sources.plan import Plan
from components.prompt_sources.preview import preview
from components.prompt_sources.rows import Rejection
from components.prompt_sources.selection import shares
from tests.prompt_sources.examples import as_csv, as_jsonl, save

FOREIGN = [
    {"Question": "Why is the sky blue?", "from": "forum", "n": 1},
    {"Question": "Wie entsteht ein Regenbogen über dem Meer?", "from": "forum", "n": 2},
    {"Question": "", "from": "forum", "n": 3},
]
ENGLISH = "Explain to a curious child why the sky looks blue during the day and red in the evening."
GERMAN = "Erkläre einem neugierigen Kind, warum der Himmel am Tag blau und am Abend rot aussieht."


def test_a_language_is_named_by_its_code():
    with pytest.raises(
        BadRequest, match="'english' is no code of a language .* write en, not english.* de, "
    ):
        Plan(languages=("de", "english")).check()
    Plan(languages=("en", "yue")).check()


@pytest.fixture
def foreign(tmp_path):
    return save(tmp_path, ".csv", as_csv(FOREIGN))


def test_columns_are_guessed_and_shown_and_nothing_is_stored(foreign, store):
    seen = preview(File(foreign), Plan())
    assert (seen.name, seen.shape, seen.columns) == ("prompts.csv", "table", ("Question", "from", "n"))
    assert seen.plan.columns == {"prompt": "Question"}
    assert seen.plan.constants == {"kind": "unknown", "source": "prompts.csv"}
    first, second, third = seen.prompts
    assert (first.text, first.metadata) == ("Why is the sky blue?", {"from": "forum", "n": "1"})
    assert isinstance(third, Rejection) and third.reason == "The prompt is empty."


def test_a_look_leaves_out_what_the_import_would_and_says_how_much(tmp_path):
    rows = [{"prompt": text, "source": "s", "kind": "human"} for text in ("Hi.", GERMAN, ENGLISH) * 4]
    path = save(tmp_path, ".jsonl", as_jsonl(rows))
    seen = preview(File(path), Plan(shortest=10, languages=("en",), sample=2))
    assert [one.text for one in seen.prompts] == [ENGLISH] * 4
    assert seen.sentences() == [
        "Of the first 12 rows 8 are left out: 4 shorter than 10 characters, 4 not in en.",
        "The sample of 2 is drawn when all of it is brought in; these rows need not be in it.",
    ]
    assert preview(File(path), Plan()).sentences() == []


def test_an_upload_is_called_what_its_owner_calls_it(tmp_path):
    empty = tmp_path / "0b1c"
    empty.touch()
    with pytest.raises(UnreadablePrompts, match="^mine.jsonl is empty.$"):
        preview(File(str(empty), "mine.jsonl"), Plan())
    with pytest.raises(UnreadablePrompts, match="for a dataset write hf://datasets/alice/prompts."):
        preview(File("hf://alice/prompts"), Plan())


def test_what_was_shown_is_what_comes_in(foreign, store, kept):
    plan = preview(File(foreign), Plan()).plan
    assert import_prompts(store, foreign, plan=plan).added == 2
    assert [row["source"] for row in kept()] == ["prompts.csv"] * 2


def test_columns_constants_and_metadata_are_those_one_names(foreign, store, kept):
    plan = Plan(columns={"prompt": "Question", "source": "from", "id": "n"}, constants={"kind": "human"})
    import_prompts(store, foreign, plan=plan)
    row = kept()[0]
    assert (row["source"], row["kind"], json.loads(row["metadata"])) == ("forum", "human", {"id": "1"})


def test_a_conversation_is_reached_into(tmp_path, store, texts):
    rows = [{"messages": [{"role": "user", "content": "Say hello to everybody."}], "prompt_id": "a"}]
    path = save(tmp_path, ".jsonl", as_jsonl(rows))
    plan = preview(File(path), Plan()).plan
    assert plan.columns == {"prompt": "messages.0.content", "id": "prompt_id"}
    import_prompts(store, path, plan=plan)
    assert texts() == ["Say hello to everybody."]


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (Plan(columns={"prompt": "instruction"}), "has no column instruction; it has Question, from, n."),
        (Plan(columns={"prompt": "Question"}, metadata=("nope",)), "has no column nope"),
        (Plan(columns={"title": "Question"}), "title is none of prompt, source, kind, id, context."),
        (Plan(constants={"kind": "robot"}), "The kind is one of human, synthetic, unknown."),
        (Plan(constants={"id": "1"}), "id is none of source, kind."),
        (Plan(shape="spreadsheet"), "spreadsheet is none of 10k_prompts_ranked"),
        (Plan(shortest=5, longest=4), "No prompt is at once"),
        (Plan(sample=0), "A sample has at least one prompt."),
    ],
)
def test_a_plan_that_cannot_be_followed_is_one_sentence_and_nothing_comes_in(
    plan, sentence, foreign, store, kept
):
    with pytest.raises(BadRequest) as refused:
        import_prompts(store, foreign, plan=plan)
    assert sentence in str(refused.value)
    assert kept() == []


def test_filters_leave_out_by_length_and_by_language_where_it_is_sure(tmp_path, store, texts):
    rows = [
        {"prompt": text, "source": "s", "kind": "human"}
        for text in (ENGLISH, GERMAN, "x = y + 1", "Short", ENGLISH * 20)
    ]
    rows.append({"prompt": GERMAN + "!", "source": "s", "kind": "human", "language": "en"})
    plan = Plan(shortest=6, longest=1000, languages=("en",))
    report = import_prompts(store, save(tmp_path, ".jsonl", as_jsonl(rows)), plan=plan)
    assert texts() == sorted([ENGLISH, "x = y + 1", GERMAN + "!"])
    assert report.left_out == {
        "not in en": 1,
        "shorter than 6 characters": 1,
        "longer than 1,000 characters": 1,
    }


def test_a_sample_has_of_each_source_its_share_and_is_the_same_again(tmp_path, store, kept):
    rows = [
        {"prompt": f"Prompt {n}", "source": source, "kind": "human"}
        for source, number in (("large", 800), ("small", 195), ("rare", 5))
        for n in range(number)
    ]
    path = save(tmp_path, ".jsonl", as_jsonl(rows))
    report = import_prompts(store, path, plan=Plan(sample=50))
    assert Counter(row["source"] for row in kept()) == {"large": 40, "small": 9, "rare": 1}
    assert report.left_out == {"not in a sample of 50": 950}
    assert import_prompts(store, path, plan=Plan(sample=50)).already_there == 50


@pytest.mark.parametrize(
    ("counts", "number", "expected"),
    [
        ({"a": 3, "b": 2}, 9, {"a": 3, "b": 2}),
        ({"a": 50, "b": 50}, 10, {"a": 5, "b": 5}),
        ({"a": 998, "b": 1, "c": 1}, 10, {"a": 8, "b": 1, "c": 1}),
        ({"a": 5, "b": 5, "c": 5}, 2, {"a": 1, "b": 1, "c": 0}),
    ],
)
def test_shares_add_up_and_leave_no_source_out_as_long_as_there_is_room(counts, number, expected):
    assert shares(counts, number) == expected


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("Name a river.\nName a lake.\n\n", ["Name a lake.", "Name a river."]),
        ("Two lines\nof one.\n\nAnother.", ["Another.", "Two lines\nof one."]),
        ('{"prompt": "As JSONL."}', ["As JSONL."]),
        ('[{"prompt": "As JSON."}]', ["As JSON."]),
        ("prompt,note\nAs CSV.,x", ["As CSV."]),
        ("prompt\tnote\nAs TSV.\tx", ["As TSV."]),
    ],
)
def test_what_is_pasted_is_read_as_what_it_is(pasted, expected, store, texts):
    import_prompts(store, Paste(pasted), plan=Plan(constants={"source": "pasted", "kind": "human"}))
    assert texts() == expected


@pytest.mark.parametrize(
    ("pasted", "sentence"), [(" \n", "Nothing was pasted"), ("x" * 200_001, "save them")]
)
def test_a_paste_that_cannot_be_taken_is_one_sentence(pasted, sentence):
    with pytest.raises(UnreadablePrompts, match=sentence):
        preview(Paste(pasted), Plan())


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        (".parquet", b"PK\x03\x04" + b"\0" * 60),
        (".parquet", b"\x80\x04\x95pickle"),
        (".arrow", b"PK\x03\x04" + b"\0" * 60),
        (".json", b'{"prompts": 7}'),
        (".json", b"[1, 2"),
    ],
)
def test_another_file_under_a_wrong_name_is_one_sentence(ending, content, bring, texts):
    with pytest.raises(UnreadablePrompts, match=r"^prompts\.\w+ (is not|holds no)"):
        bring(ending, content)
    assert texts() == []


def test_a_prompt_of_two_megabytes_is_left_out_and_the_others_come_in(bring):
    rows = [{"prompt": "x" * 2_000_000, "source": "s", "kind": "human"}]
    rows.append({"prompt": "y", "source": "s", "kind": "human"})
    report = bring(".jsonl", as_jsonl(rows))
    assert report.added == 1
    assert list(report.rejected) == ["The prompt is longer than 100,000 characters."]


@pytest.mark.parametrize("stage", ["reading", "keeping"])
def test_a_cancelled_import_leaves_nothing_behind(stage, tmp_path, store, kept):
    rows = [{"prompt": f"Prompt {n}", "source": "s", "kind": "human"} for n in range(3000)]
    path = save(tmp_path, ".jsonl", as_jsonl(rows))
    vector, kept_some = store.vector(), []
    with pytest.raises(ImportCancelled, match="nothing of it came in"):
        import_prompts(
            store,
            path,
            on_keeping=lambda done, total: kept_some.append(done),
            cancelled=lambda: stage == "reading" or bool(kept_some),
        )
    assert bool(kept_some) == (stage == "keeping")
    assert kept() == [] and store.vector() == vector
