"""Numbers in sentences: with their nouns, with a proper minus, in per cent."""


def counted(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def points(value: float) -> str:
    """A number with two digits and a proper minus."""
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def percent(share: float) -> str:
    """A share in per cent, small ones in tenths."""
    return f"{100 * share:.{0 if share >= 0.1 else 1}f} %"
