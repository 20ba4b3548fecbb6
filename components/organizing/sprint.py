"""What the sprint wants rated, and how often: changed by organizers while it runs."""

import re
from collections.abc import Sequence

from components.errors import BadSetting
from components.records import KINDS, Quota, Sprint
from components.store import sprints
from components.store.store import Store

MOST_RATINGS_PER_PROMPT = 100
LONGEST_TITLE = 200
QUOTA = re.compile(r"(?:source=(?P<source>.+?))?,?(?:kind=(?P<kind>\w+))?:(?P<ratings>\d+)")


def change(
    store: Store,
    contributor: str,
    title: str | None = None,
    ratings_per_prompt: int | None = None,
    extra_rating: bool | None = None,
    quotas: Sequence[Quota] | None = None,
) -> Sprint:
    """Change what is given, note in the log who did, and return the sprint as it stands now.

    Raises:
        BadSetting: A value cannot be used; the message says what can.
    """
    changes: dict[str, object] = {}
    if title is not None:
        if not title.strip() or len(title) > LONGEST_TITLE:
            raise BadSetting(f"The title must be a text of at most {LONGEST_TITLE} characters.")
        changes["title"] = title.strip()
    if ratings_per_prompt is not None:
        if not 1 <= ratings_per_prompt <= MOST_RATINGS_PER_PROMPT:
            raise BadSetting(f"A prompt can want 1 to {MOST_RATINGS_PER_PROMPT} ratings.")
        changes["ratings_per_prompt"] = ratings_per_prompt
    if extra_rating is not None:
        changes["extra_rating"] = extra_rating
    if quotas is not None:
        changes["quotas"] = tuple(quotas)
    if not changes:
        return store.sprint()
    return store.write(lambda transaction: sprints.change(transaction, contributor, changes))


def read_quota(words: str) -> Quota:
    """Read a quota as organizers write it: `kind=human:500`, `source=NAME:300`, `source=NAME,kind=human:200`.

    Raises:
        BadSetting: It is written in another way.
    """
    match = QUOTA.fullmatch(words.strip())
    kind = match["kind"] if match else None
    if match is None or not (match["source"] or kind) or kind not in (None, *KINDS):
        raise BadSetting(
            f"{words!r} is no quota; write kind=human:500, source=NAME:300 or source=NAME,kind=human:200."
        )
    return Quota(int(match["ratings"]), match["source"], kind)


def described(sprint: Sprint) -> str:
    """The sprint in words, one line for each thing that can be changed."""
    lines = [
        f"title: {sprint.title}",
        f"state: {sprint.state}",
        f"ratings per prompt: {sprint.ratings_per_prompt}",
        f"one rating more where scores are 3 or more apart: {'yes' if sprint.extra_rating else 'no'}",
    ]
    for quota in sprint.quotas:
        of = " ".join(filter(None, (quota.kind, "prompts", quota.source and f"of {quota.source}")))
        lines.append(f"at most {quota.ratings:,} ratings for {of}")
    return "\n".join(lines)
