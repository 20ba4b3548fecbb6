"""Files that spreadsheets open: read rightly, and nothing in them is a formula."""

# What a spreadsheet takes for a formula, also in its full-width form; and what it skips before one.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
# Without this mark some spreadsheets read everything but English wrongly.
MARK = "\ufeff"


def harmless(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: whoever wrote a prompt may have meant harm."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value
