"""What stands beside the numbers in plain words: what follows from them, and what is left out of them."""

from components.agreement.alpha import Alpha
from components.agreement.claim import SOURCE, Difference
from components.agreement.concentration import Concentration
from components.agreement.numerals import counted, percent, points
from components.agreement.reading import Reading

NOTHING_COUNTS = "No rating counts at the moment."
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


def of_the_rest(before: Alpha, after: Alpha, claims: list[Difference], left: list[Difference]) -> str:
    """What becomes of every headline without the busiest contributor."""
    told = "Without the busiest contributor "
    if after.value is None:
        told += f"agreement cannot be told {'either' if before.value is None else 'any more'}. {after.why}"
    elif before.value is None:
        told += f"α is {points(after.value)}."
    else:
        told += f"α is {points(after.value)} instead of {points(before.value)}."
    for first, second in zip(headlines(claims), headlines(left), strict=False):
        same = verdict(first) == verdict(second)
        told += (
            " What is said about kinds stays as it is." if same else f" Then about kinds: {second.sentence}"
        )
    return told


def headlines(claims: list[Difference]) -> list[Difference]:
    """The difference that is told foremost: of human and synthetic if there is one, on the basis to be believed."""
    believed = [one for one in claims if one.basis == SOURCE]
    return believed[:1]


def verdict(found: Difference) -> object:
    """Which kind is higher, that these data cannot tell, or why there is nothing to tell."""
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
