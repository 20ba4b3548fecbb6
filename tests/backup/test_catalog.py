"""What BACKUP_TO may say."""

import pytest

from components.backup.catalog import place_of
from components.errors import BadSetting
from components.settings import read_settings


@pytest.mark.parametrize(
    "name",
    [
        "s3://bucket",
        "hf://models/org/name",
        "hf://bucket/org/name",
        "https://example.org/x",
        "file:///backup",
        "hf:/x",
    ],
)
def test_an_address_of_something_else_is_no_folder(name):
    with pytest.raises(BadSetting, match="hf://buckets/ORG/NAME"):
        place_of(read_settings({"BACKUP_TO": name}))


@pytest.mark.parametrize("name", ["data", "data/backup", "."])
def test_a_backup_lies_beside_what_it_backs_up(name, tmp_path):
    with pytest.raises(BadSetting, match="DATA_DIR"):
        place_of(read_settings({"DATA_DIR": str(tmp_path / "data"), "BACKUP_TO": str(tmp_path / name)}))


def test_a_slash_at_the_end_changes_nothing(tmp_path):
    titles = [
        place_of(read_settings({"BACKUP_TO": name})).title
        for name in (f"{tmp_path}/", "hf://buckets/org/name/", "hf://datasets/org/name/")
    ]
    assert titles == [f"the folder {tmp_path}", "the bucket org/name", "the dataset org/name"]
    assert place_of(read_settings({})) is None
