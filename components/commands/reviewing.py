"""How contributors rate, and whom organizers may want to look at, as lines for a terminal."""

from components.agreement.known import SORTS, CheckOut, IntervalOut, KnownOut
from components.store import people
from components.store.store import Store
from components.terminal import terminal_progress


def described(known: KnownOut | None) -> list[str]:
    """What is known of how somebody rates: what nothing can be said of is left out."""
    if known is None:
        return []
    told = (("severity", known.severity), ("agreement with others", known.consistency))
    words = [f"{name} {_with_ends(one)}" for name, one in told if one.value is not None]
    return words + [
        f"{name} {_check(one)}"
        for name, one in (("rated again", known.repeats), ("gold", known.gold))
        if one is not None and one.n
    ]


def _with_ends(one: IntervalOut) -> str:
    ends = "" if one.low is None else f" ({one.low:.2f} to {one.high:.2f})"
    return f"{one.value:.2f}{ends}"


def _check(one: CheckOut) -> str:
    same = f"{one.same} of {one.n} the same"
    return same if one.apart.value is None else f"{same}, {one.apart.value:.2f} points apart"


def print_review(store: Store) -> int:
    """Compute what to look at as the store stands now, and print it; returns the exit code."""
    # scipy takes half a second, and no other command waits for it.
    from components.agreement.work import found

    with terminal_progress("review", unit=" steps") as show:
        _, contents = found(store.database, lambda _, done, total: show(done, total))
    findings = contents["review"]
    with store.reading() as connection:
        names = people.names(connection, {who for one in findings for who in one["contributors"]})
    for one in findings:
        print(f"{SORTS[one['sort']]}: {' and '.join(names[who] for who in one['contributors'])}")
        print(f"  {one['told']}")
    print(f"{len(findings):,} findings; each is something to look at, and no proof.", flush=True)
    return 0
