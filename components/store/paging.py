"""Paging: which part of a long list is shown."""


def paged(total: int, page: int, most: int) -> tuple[int, int, slice]:
    """The page that was asked for, or the last one if there are fewer; how many there are; what of the list stands on it.

    Args:
        page: From 1.
        most: On one page.

    Example:
        >>> paged(101, 7, 50)
        (3, 3, slice(100, 150, None))
        >>> paged(0, 1, 50)
        (1, 1, slice(0, 50, None))
    """
    pages = max(1, -(-total // most))
    page = min(page, pages)
    return page, pages, slice((page - 1) * most, page * most)
