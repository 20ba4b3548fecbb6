"""What stands beside the numbers in plain words: what follows from them, and what is left out of them."""

from components.agreement.alpha import Alpha
from components.agreement.claim import SOURCE, Difference
from components.agreement.concentration import Concentration
from components.agreement.numerals import counted, percent, points
from components.agreement.reading import Reading

NOTHING_COUNTS = "No rating counts at the moment."
# With the busiest contributor, and without.
Pair = tuple[Difference, Difference]

ONE_CONTRIBUTOR = "All ratings are one contributor's, so nobody can agree or disagree with them yet."


def of_concentration(found: Concentration) -> str:
    """How uneven the work is."""
    if found.busiest is None:
        return NOTHING_COUNTS
    if found.contributors == 1:
        return ONE_CONTRIBUTOR
    return (
        f"{counted(found.contributors, 'contributor')} count like {found.effective:,.1f} who all give the same number; "
        f"the busiest gave {percent(found.share)} of the ratings."
    )


def of_the_rest(before: Alpha, after: Alpha, foremost: Pair | None) -> str:
    """What becomes of every headline without the busiest contributor."""
    told = "Without the busiest contributor "
    if after.value is None:
        told += f"agreement cannot be told{', as with them' if before.value is None else ''}: {after.why}"
    elif before.value is None:
        told += f"α is {points(after.value)}."
    else:
        told += f"α is {points(after.value)} instead of {points(before.value)}."
    if foremost is None or verdict(foremost[0]) is verdict(foremost[1]) is None:
        return told
    same = verdict(foremost[0]) == verdict(foremost[1])
    return told + (
        " What is said about kinds stays as it is." if same else f" Then about kinds: {foremost[1].sentence}"
    )


def of_conclusions(before: Alpha, after: Alpha, foremost: Pair | None) -> str:
    """Whether what follows from the numbers stays the same without the busiest contributor: no number, for everybody."""
    pairs = [("how far people agree", before, after), *([("kinds", *foremost)] if foremost else [])]
    told = [
        (name, verdict(first) == verdict(second))
        for name, first, second in pairs
        if verdict(first) is not None or verdict(second) is not None
    ]
    other = [name for name, same in told if not same]
    if other:
        return f"Without the busiest contributor what follows about {' and '.join(other)} would be another."
    return "What follows from the numbers would be the same without the busiest contributor." if told else ""


def foremost(claims: list[Difference], left: list[Difference]) -> Pair | None:
    """The difference that is told foremost, on the basis to be believed, and the same one without the busiest."""
    believed = next((one for one in claims if one.basis == SOURCE), None)
    if believed is None:
        return None
    which = (believed.basis, believed.first.kind, believed.second.kind)
    same = (one for one in left if (one.basis, one.first.kind, one.second.kind) == which)
    nobody = Difference(*which, why="Then only one of the two kinds has ratings.")
    return believed, next(same, nobody)


def verdict(found: Difference | Alpha) -> int | None:
    """Which way it lies (1 or -1), 0 if these data cannot tell, None if there is nothing to tell."""
    if found.low is None or found.high is None:
        return None
    return (found.low > 0) - (found.high < 0)


def notes(reading: Reading) -> list[str]:
    """What is left out, and what else a reader should know."""
    told = []
    if len(reading.given) == 1:
        told.append(ONE_CONTRIBUTOR)
    if reading.removed.rated:
        prompts, ratings = len(reading.removed.rated), reading.removed.ratings
        told.append(
            f"{counted(prompts, 'prompt')} with {counted(ratings, 'rating')} "
            f"{'was' if prompts == 1 else 'were'} removed or set aside, and count in none of these numbers."
        )
    if reading.excluded:
        whose = (
            "one excluded contributor"
            if reading.excluded == 1
            else f"{reading.excluded:,} excluded contributors"
        )
        told.append(f"The ratings of {whose} count in none of these numbers.")
    single = sum(number == 1 for number in reading.given.values())
    if single:
        told.append(
            f"{counted(single, 'contributor')} gave a single rating: how severe they are cannot be told, and nothing "
            "is drawn from it."
        )
    if reading.share < 1:
        told.append(
            f"What needs to know who rated rests on {percent(reading.share)} of the prompts, which chance chose: "
            f"{counted(len(reading.matrix), 'rating')}."
        )
    return told
