"""Deploying: from nothing to a Space that runs, onto a double of the Hub, with its real client."""

import gzip
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from components.deployment.code import code
from components.deployment.plan import steps
from components.deployment.space import Space
from components.deployment.waiting import wait
from components.deployment.wanted import Wanted, check, variables
from components.errors import BadSetting, NotRunning, PlaceRefused, PlaceUnreachable, SprintError
from tests.doubles.hub.exchange import Fault

NAME = "sprint/poems"
USUALLY = Wanted(NAME)
HEAD = "---\ntitle: Poems\nsdk: gradio\nsdk_version: 6.31.0\napp_file: app.py\nhf_oauth: true\n---\n"
USUAL = {
    "ORGANIZERS": "alice",
    "BACKUP_TO": "hf://buckets/sprint/poems-backup",
    "DATASET": "sprint/poems-dataset",
}


@pytest.fixture
def root(tmp_path):
    """A sprint's code, as small as the Hub would build it."""
    files = {
        "README.md": HEAD,
        "requirements.txt": "gradio\n",
        "app.py": "print('open')\n",
        "components/settings.py": "",
        "components/__pycache__/settings.pyc": "",
        "assets/style.css": "",
        "assets/old.js": "",
        "tests/test_app.py": "",
        ".git/HEAD": "",
        "data/sprint.db": "",
    }
    for name, text in files.items():
        path = tmp_path / "code" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "code"


@pytest.fixture
def deploy(hub, root):
    """Deploy as the command does; returns what was done, a sentence each."""

    def deploy(wanted=USUALLY, token="hf_alice", timeout_s=60, dry_run=False):
        check(wanted)
        space = Space(wanted.space, token, hub.address)
        left = steps(wanted, code(root), space, token, hub.address)
        told = []
        if not dry_run:
            for step in left:
                step.do()
            told.append(wait(space, timeout_s, bool(left), told.append, sleep=lambda seconds: None))
        return [step.would() if dry_run else str(step) for step in left], told

    return deploy


@pytest.fixture
def owner(hub):
    """Whom the Space belongs to, at work on the Hub's own pages."""
    return HfApi(hub.address, "hf_alice")


def test_from_nothing_to_a_space_that_runs(hub, deploy, owner, tmp_path):
    prompts = tmp_path / "my prompts@home.jsonl.gz"
    packed = gzip.compress(b'{"prompt": "Say hello.", "source": "s", "kind": "human"}')
    prompts.write_bytes(packed)
    wanted = Wanted(NAME, prompts=str(prompts), variables={"RATINGS_PER_PROMPT": "5"})
    done, told = deploy(wanted)
    assert "The Space sprint/poems: created, public" in done
    assert told[:3] == ["The Space is being built.", "The Space starts.", "The Space runs."]
    assert str(told[3]).splitlines()[1:] == [f"{hub.address}/spaces/{NAME}", "https://sprint-poems.hf.space"]
    space = hub.space(NAME)
    address = space["variables"].pop("PROMPTS")
    assert space["variables"] == USUAL | {"RATINGS_PER_PROMPT": "5"}
    assert len(space["secrets"].pop("SESSION_SECRET")) > 60 and space["secrets"] == {"HF_TOKEN": "hf_alice"}
    assert sorted(owner.list_repo_files(NAME, repo_type="space")) == [
        ".gitattributes",
        "README.md",
        "app.py",
        "assets/old.js",
        "assets/style.css",
        "components/settings.py",
        "requirements.txt",
    ]
    assert owner.bucket_info("sprint/poems-backup").private
    assert owner.dataset_info("sprint/poems-dataset").private
    assert owner.dataset_info("sprint/poems-prompts").private and not owner.space_info(NAME).private
    path = address.removeprefix("hf://datasets/sprint/poems-prompts/")
    assert path.startswith("my-prompts-home-") and path.endswith(".jsonl.gz")
    fetched = owner.hf_hub_download(
        "sprint/poems-prompts", path, repo_type="dataset", local_dir=tmp_path / "there"
    )
    assert Path(fetched).read_bytes() == packed


def test_run_again_it_changes_what_differs_and_nothing_else(hub, deploy, root, owner):
    deploy()
    before, commits = hub.space(NAME), len(owner.list_repo_commits(NAME, repo_type="space"))
    asked = len(hub.requests())
    assert deploy()[0] == []
    assert not [one for one in hub.requests()[asked:] if one.startswith(("POST", "PUT", "DELETE"))]
    assert hub.space(NAME) == before
    owner.add_space_variable(NAME, "SPRINT_TITLE", "Set by hand")
    (root / "assets/old.js").unlink()
    (root / "assets/style.css").write_text("body {}")
    done, _ = deploy(Wanted(NAME, organizers="ada,bob"))
    assert done == [
        "The variable ORGANIZERS: set to ada,bob instead of alice",
        "The code: uploaded, 1 files (0.0 MB), 1 removed",
    ]
    assert hub.space(NAME)["variables"]["SPRINT_TITLE"] == "Set by hand"
    assert "assets/old.js" not in owner.list_repo_files(NAME, repo_type="space")
    assert len(owner.list_repo_commits(NAME, repo_type="space")) == commits + 1
    # The secret that signs every session stays; the token changes only when that is wanted.
    assert deploy(Wanted(NAME, renew_token=True))[0] == ["The secret HF_TOKEN: set to the one used here"]
    assert hub.space(NAME)["secrets"] == before["secrets"]
    assert hub.space(NAME)["variables"]["ORGANIZERS"] == "ada,bob"


def test_a_dry_run_lists_what_it_would_do_and_only_asks(hub, deploy, tmp_path):
    prompts = tmp_path / "prompts.csv"
    prompts.write_text("prompt,source,kind\nSay hello.,s,human\n")
    would, _ = deploy(Wanted(NAME, prompts=str(prompts)), dry_run=True)
    assert len(would) == 11 and all(": would be " in words for words in would)
    assert {request.split()[0] for request in hub.requests()} == {"GET"}


def test_what_was_interrupted_goes_on_where_it_stopped(hub, deploy):
    hub.goes_wrong(Fault("POST .*/secrets", "answer", skips=1))
    with pytest.raises(PlaceUnreachable, match="The Hub has a problem"):
        deploy()
    secret = hub.space(NAME)["secrets"]["SESSION_SECRET"]
    done, _ = deploy()
    assert done[0] == "The secret HF_TOKEN: set to the one used here"
    assert hub.space(NAME)["secrets"]["SESSION_SECRET"] == secret


def test_a_private_space_that_was_paused_is_started_again(deploy, owner):
    deploy(Wanted(NAME, private=True))
    assert owner.space_info(NAME).private
    owner.pause_space(NAME)
    assert deploy()[0] == ["The Space sprint/poems: started again"]


@pytest.mark.parametrize(
    ("wanted", "token", "sentence"),
    [
        (Wanted(NAME), "", "set HF_TOKEN to a token of the Hub that may write"),
        (
            Wanted(NAME),
            "hf_alice_reads",
            "HF_TOKEN may only read: set it to a token that may write to sprint",
        ),
        (Wanted(NAME), "hf_wrong", "mistyped, expired or was revoked"),
        (Wanted("bob/poems"), "hf_alice", "alice may not make a Space in bob: name one in alice or sprint"),
        (Wanted("poems"), "hf_alice", "'poems' is no name of a Space on the Hub; write ORG/NAME"),
        (Wanted(NAME, dataset="poems"), "hf_alice", "'poems' is no name of a dataset on the Hub"),
        (Wanted(NAME, prompts="none.csv"), "hf_alice", "There is no file none.csv"),
        (Wanted(NAME, prompts=__file__), "hf_alice", "test_deploying.py"),
        (Wanted(NAME, prompts="hf://alice/prompts"), "hf_alice", "write hf://datasets/alice/prompts"),
        (Wanted(NAME, organizers="ada, bob smith"), "hf_alice", "'bob smith' is no username on the Hub"),
        (Wanted(NAME, backup_to="/data"), "hf_alice", "emptied at every restart: back up to hf://"),
        (Wanted(NAME, variables={"RATINGS_PER_PROMPT": "0"}), "hf_alice", "RATINGS_PER_PROMPT is '0'"),
    ],
)
def test_what_cannot_be_tried_is_one_sentence(hub, deploy, wanted, token, sentence):
    with pytest.raises(SprintError, match=sentence) as told:
        deploy(wanted, token)
    assert "\n" not in str(told.value)
    assert not [one for one in hub.requests() if not one.startswith("GET")]


def test_a_dataset_that_holds_something_else_is_not_taken_for_snapshots(deploy, owner):
    owner.create_repo("sprint/mine", repo_type="dataset", private=True)
    owner.upload_file(
        path_or_fileobj=b"[]", path_in_repo="mine.json", repo_id="sprint/mine", repo_type="dataset"
    )
    with pytest.raises(PlaceRefused, match="no snapshot of a sprint .mine.json.; name another one"):
        deploy(Wanted(NAME, dataset="sprint/mine"))


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        (("HF_TOKEN", "x"), "is a secret, and a variable everybody can read"),
        (("PROMPTS", "x"), "PROMPTS is set with --prompts"),
        (("COLOUR", "red"), "COLOUR is no setting of a sprint"),
        (("DATA_DIR", "x"), "DATA_DIR is no setting of a sprint on a Space"),
    ],
)
def test_a_variable_that_is_none_is_one_sentence(pair, sentence):
    with pytest.raises(BadSetting, match=sentence):
        variables([pair])


def test_a_space_of_somebody_else_or_with_something_else_is_left_alone(hub, deploy, owner, root):
    owner.create_repo(NAME, repo_type="space", space_sdk="gradio")
    owner.upload_file(path_or_fileobj=b"mine", path_in_repo="mine.py", repo_id=NAME, repo_type="space")
    with pytest.raises(PlaceRefused, match="holds something else \\(mine.py\\)"):
        deploy()
    hub.goes_wrong(Fault("GET .*/variables", "answer", status=403, error="Not yours"))
    with pytest.raises(PlaceRefused, match="the name is taken, or is in an account"):
        deploy()
    hub.goes_wrong(Fault("POST .*/repos/create", "answer", skips=1, status=402, error="Subscribe to PRO"))
    with pytest.raises(
        PlaceRefused, match='only for an account that pays for it; it says: "Subscribe to PRO'
    ):
        deploy(Wanted("alice/poems"))


@pytest.mark.parametrize("place", ["backup", "prompts"])
def test_what_must_not_be_public_is_refused_and_snapshots_may_be(hub, deploy, owner, tmp_path, place):
    prompts = tmp_path / "prompts.csv"
    prompts.write_text("prompt,source,kind\nSay hello.,s,human\n")
    owner.create_repo("sprint/poems-dataset", repo_type="dataset", private=False)
    if place == "backup":
        owner.create_bucket("sprint/poems-backup", private=False)
    else:
        owner.create_repo("sprint/poems-prompts", repo_type="dataset", private=False)
    with pytest.raises(PlaceRefused, match=f"sprint/poems-{place} is public, and .*: make it private"):
        deploy(Wanted(NAME, prompts=str(prompts)))
    assert not [one for one in hub.requests() if one.endswith("/variables")]


def test_a_space_that_cannot_be_built_shows_the_end_of_its_log(deploy, root):
    (root / "requirements.txt").write_text("no-such-package\n")
    with pytest.raises(NotRunning) as told:
        deploy()
    first, *log = str(told.value).splitlines()
    assert first == "sprint/poems cannot be built; the last lines of its log:"
    assert log[-1].strip() == "ERROR: No matching distribution found" and len(log) == 12
    (root / "requirements.txt").write_text("gradio\n")
    assert deploy()[1][-2] == "The Space runs."


def test_a_space_that_ends_at_once_shows_the_end_of_its_log(hub, deploy, root):
    (root / "components/settings.py").unlink()
    with pytest.raises(
        NotRunning, match='was built and ends at once .the Hub says: "Exit code: 1".*(?s:.*)No module'
    ):
        deploy()


def test_waiting_ends(deploy):
    with pytest.raises(NotRunning, match=r"does not run after 0 seconds .*; everything is there"):
        deploy(timeout_s=0)


def test_a_hub_that_is_away_while_it_builds_is_asked_again(hub, deploy):
    hub.goes_wrong(Fault("GET .*/runtime", "answer", times=2))
    assert deploy()[1][-2] == "The Space runs."


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        ("", "has to begin with a head"),
        (HEAD.replace("sdk: gradio", "sdk: docker"), "has to say `sdk: gradio`"),
        (HEAD.replace("hf_oauth: true\n", ""), "has to say `hf_oauth: true`, else nobody can sign in"),
        (HEAD.replace("app.py", "main.py"), "the file that starts the sprint"),
        (HEAD.replace("sdk_version: 6.31.0\n", ""), "Gradio's version"),
    ],
)
def test_a_head_the_hub_cannot_build_by_is_one_sentence(root, head, sentence):
    (root / "README.md").write_text(head)
    with pytest.raises(BadSetting, match=sentence):
        code(root)


def test_this_code_goes_along_whole_and_its_tests_stay():
    files = code().files
    assert {"app.py", "requirements.txt", "README.md", "assets/guidelines.md", "components/server.py"} <= set(
        files
    )
    assert "components/store/migrations/env.py" in files
    assert not [path for path in files if path.startswith(("tests", ".", "data/")) or "__pycache__" in path]
