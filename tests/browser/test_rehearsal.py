"""A whole sprint, from one command on an empty Hub to two versions of a dataset and a wiped disk that comes back."""

import io
import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from huggingface_hub import HfApi
from playwright.sync_api import expect

from tests.backup.conftest import wait_until
from tests.browser.conftest import ORGANIZER, axe_findings, expect_all_sent, prompt_on
from tests.serving import Serving, Visitor, command

SPACE, DATASET = "sprint/poems", "sprint/poems-dataset"
QUESTIONS = "sprint/questions"
FILE = "".join(
    json.dumps({"prompt": f"Write a poem about {about}.", "source": "poems", "kind": "human"}) + "\n"
    for about in ("rain", "bread", "a lost key", "the tide")
)
SECOND = [{"instruction": f"Why is {what}?"} for what in ("snow quiet", "the sky dark at night", "tea hot")]
LOAD = """
import json, sys
from datasets import load_dataset
def rows(revision, configuration):
    return load_dataset(sys.argv[1], configuration, revision=revision, split="train", token="hf_alice").to_list()
default = [{row["prompt"]: sorted(1 + int(one["value"]) for one in row["quality"]) for row in rows(tag, "default")}
           for tag in ("v1", "v2")]
print(json.dumps([*default, len(rows("v2", "events")), len(rows("v2", "prompts"))]))
"""


@pytest.fixture
def on_the_hub(tmp_path, hub):
    """What a process needs to find the double instead of the Hub."""
    return {"HF_ENDPOINT": hub.address, "HF_HUB_OFFLINE": 0, "HF_HOME": tmp_path / "home"}


@pytest.fixture
def deployed(tmp_path, hub, on_the_hub):
    """A sprint made by one command, served from what lies on its Space, with the Space's variables and secrets."""
    (tmp_path / "poems.jsonl").write_text(FILE)
    told = command(
        tmp_path,
        *("deploy", SPACE, "--organizers", ORGANIZER, "--prompts", tmp_path / "poems.jsonl"),
        HF_TOKEN="hf_alice",
        **on_the_hub,
    )
    assert told.returncode == 0 and f"{hub.address}/spaces/{SPACE}" in told.stdout, told.stdout + told.stderr
    code = HfApi(hub.address, "hf_alice").snapshot_download(
        SPACE, repo_type="space", local_dir=tmp_path / "code"
    )
    space = hub.space(SPACE)
    settings = space["variables"] | space["secrets"] | on_the_hub
    with Serving(tmp_path / "data", code=code, **settings) as serving:
        yield serving


@pytest.fixture
def questions(hub):
    """A dataset of somebody else, to be streamed."""
    owner, written = HfApi(hub.address, "hf_alice"), io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(SECOND), written)
    owner.create_repo(QUESTIONS, repo_type="dataset")
    owner.upload_file(
        path_or_fileobj=written.getvalue(),
        path_in_repo="data/train-00000-of-00001.parquet",
        repo_id=QUESTIONS,
        repo_type="dataset",
    )


class Rater:
    """Somebody at a card, who remembers what they said of which prompt."""

    def __init__(self, page):
        self.page = page
        self.said = {}

    def presses(self, *keys):
        for key in keys:
            self.said[prompt_on(self.page)] = int(key)
            self.page.keyboard.press(key)
        expect_all_sent(self.page)

    def flags(self):
        text = prompt_on(self.page)
        self.page.keyboard.press("f")
        self.page.keyboard.press("1")
        expect(self.page.locator(".last")).to_have_text(re.compile("you flagged it: spam"))
        expect_all_sent(self.page)
        return text


def section(page, name):
    page.get_by_role("tab", name="Organize").click()
    page.locator(".sections").get_by_role("button", name=name).click()


def bring_in_questions(page):
    section(page, "Prompts")
    page.get_by_label("A dataset on the Hub").check()
    page.locator(".import-origin input[name=dataset]").fill(QUESTIONS)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator(".import-rows > li")).to_have_count(3)
    expect(page.locator("select[name=column-prompt]")).to_have_value("instruction")
    # What the rows do not say themselves is asked for.
    page.locator("[name=constant-source]").fill("questions")
    page.locator("[name=constant-kind]").select_option("synthetic")
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator(".import-report")).to_contain_text("3 read, 3 added, 0 already there, 0 rejected.")


def push(page, hub, version):
    """Look at what a push would do, and push."""
    section(page, "Snapshots")
    button = page.get_by_role("button", name="Push", exact=True)
    expect(page.locator(".snapshot-form input[name=to]")).to_have_value(DATASET)
    expect(button).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".snapshot-words")).to_contain_text(f"{DATASET} would be {version}: prompts")
    button.click()
    expect(page.get_by_role("link", name="Open it on the Hub")).to_have_attribute(
        "href", f"{hub.address}/datasets/{DATASET}/tree/{version}"
    )
    expect(page.locator(".snapshot-list > li").first).to_contain_text(f"{DATASET} {version} with")


def exclude(page, name):
    section(page, "Contributors")
    row = page.locator(".people tbody tr", has=page.get_by_role("rowheader", name=name))
    row.get_by_role("button", name="Manage").click()
    more = page.locator(".person-more:not([hidden])")
    more.get_by_role("button", name="Exclude …").click()
    expect(more).to_contain_text("This takes 2 ratings out of everything that is counted")
    page.keyboard.type("the same score for everything")
    page.keyboard.press("Enter")
    expect(row.locator(".badge", has_text="excluded")).to_be_visible()


def opinions(*raters):
    """What a dataset has to say: every score of each prompt, by its text."""
    texts = {text for rater in raters for text in rater.said}
    return {text: sorted(rater.said[text] for rater in raters if text in rater.said) for text in texts}


def moved(before, after):
    """How many prompts have a mean that moved by 0.5 or more."""
    means = [{text: sum(scores) / len(scores) for text, scores in each.items()} for each in (before, after)]
    return sum(abs(means[1][text] - mean) >= 0.5 for text, mean in means[0].items())


def loaded(on_the_hub, tmp_path):
    """What `load_dataset` gives somebody elsewhere, at both tags."""
    environment = {name: str(value) for name, value in on_the_hub.items()} | {"HOME": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-c", LOAD, DATASET],
        env=environment | {"HF_HUB_DISABLE_TELEMETRY": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return json.loads(ended.stdout)


def card(hub, version, cache):
    """The card of a version."""
    api = HfApi(hub.address, "hf_alice")
    # Not in everybody's cache: another Hub of another run may have had a commit of the same name.
    wanted = {"repo_type": "dataset", "revision": version, "cache_dir": cache}
    return Path(api.hf_hub_download(DATASET, "README.md", **wanted)).read_text()


def test_a_whole_sprint(visit, deployed, questions, hub, on_the_hub, tmp_path):
    grace = visit(deployed).signed_in(ORGANIZER)
    bring_in_questions(grace)
    ada, bob, cleo = (Rater(visit(deployed).signed_in(name)) for name in ("ada", "bob", "cleo"))
    ada.presses("5", "4", "1")
    flagged = bob.flags()
    bob.presses("4", "2")
    cleo.presses("1", "1")
    exclude(grace, "cleo")
    push(grace, hub, "v1")
    assert axe_findings(grace) == []
    first = opinions(ada, bob)

    # Ada takes her last rating back and gives another; both go on.
    cleo.page.close()
    ada.page.keyboard.press("u")
    ada.presses("5", "3")
    bob.presses("5", "1", "2")
    push(grace, hub, "v2")
    second = opinions(ada, bob)
    assert flagged not in bob.said and sum(map(len, second.values())) == 9

    on_v1, on_v2, events, prompts = loaded(on_the_hub, tmp_path)
    assert (on_v1, on_v2) == (first, second)
    # Every prompt; ten times somebody pressed a score, one was taken back, one flag: nothing of Cleo's.
    assert (prompts, events) == (7, 12)
    words = card(hub, "v2", tmp_path)
    for line in (
        "## Changes since v1",
        f"| Prompts added | {len(second.keys() - first.keys())} |",
        "| Ratings added | 4 |",
        "| Ratings changed by those who gave them | 1 |",
        f"| Prompts whose mean moved by 0.5 or more | {moved(first, second)} |",
        "the same score for everything (1)",
    ):
        assert line in words

    # The disk is lost in the middle; the sprint comes back from its bucket.
    somebody = Visitor(deployed).signs_in(ORGANIZER)
    wait_until(lambda: somebody.get("/api/backup").json()["waiting"] == 0)
    before = Visitor(deployed).signs_in("ada").get("/api/my/ratings").json()
    deployed.stop(signal.SIGKILL)
    shutil.rmtree(deployed.data_dir)
    deployed.start()
    assert Visitor(deployed).signs_in("ada").get("/api/my/ratings").json() == before
    assert [one["version"] for one in somebody.get("/api/snapshots").json()["publications"]] == ["v2", "v1"]
    deployed.stop()
    told = command(deployed.data_dir, "audit")
    assert told.returncode == 0, told.stdout
    told = command(deployed.data_dir, "push", DATASET=DATASET, HF_TOKEN="hf_alice", **on_the_hub)
    assert "Nothing has changed since v2" in told.stdout, told.stdout + told.stderr
