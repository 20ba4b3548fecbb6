"""CSV files as spreadsheets and scripts really write them."""

import gzip

import pytest

from components.errors import UnreadablePrompts
from tests.prompt_sources.examples import ROWS, as_csv


def places(report):
    return {rejected.reason: rejected.places for rejected in report.rejected.values()}


def test_everything_good_comes_in_and_everything_else_is_reported_with_its_line(bring, texts):
    report = bring(
        ".csv",
        b"\n".join(
            [
                b"prompt,source,kind,note",
                b"first,s,human,",
                b"",
                b'"two\nlines",s,human,',  # 4 and 5
                b'"never closed,s,human,',  # 6
                b"after the open quote,s,human,",
                b'"a, b",s,synthetic,"said ""so"""',
                b"Gr\xfc\xdfe,s,human,",  # 9
                b"too,s,human,many,fields",  # 10
                b"trailing commas,s,human,,,",
                b"no kind,s",  # 12
                b",s,human,",  # 13
                b"   ",
                b'"closed" and more,s,human,',  # 15
                b'5" nails,s,human,',
                b"first,s,human,",
            ]
        ),
    )
    assert texts() == [
        '5" nails',
        "a, b",
        "after the open quote",
        "first",
        "trailing commas",
        "two\nlines",
    ]
    assert (report.added, report.already_there) == (6, 1)
    assert places(report) == {
        "The row is not CSV; look at its quotes and line ends.": ["line 6", "line 15"],
        "The row is not UTF-8.": ["line 9"],
        "The row has more fields than the header.": ["line 10"],
        "The column `kind` is missing.": ["line 12"],
        "The prompt is empty.": ["line 13"],
    }


def test_what_follows_a_quote_that_is_never_closed_comes_in(bring):
    rows = b"".join(b"prompt %d,s,human\n" % number for number in range(20_000))
    report = bring(".csv", b'prompt,source,kind\n"open,s,human\n' + rows)
    assert report.added == 20_000
    assert places(report) == {"The row is not CSV; look at its quotes and line ends.": ["line 2"]}


def test_a_quote_open_for_longer_than_a_row_may_be_costs_one_row(bring):
    rows = b"".join(b"prompt %d,s,human,%s\n" % (number, b"x" * 50_000) for number in range(400))
    report = bring(".csv", b'prompt,source,kind,note\n"open,s,human,\n' + rows)
    assert (report.added, report.rows_rejected) == (400, 1)


def test_a_file_of_nothing_but_open_quotes_is_soon_over(bring):
    """Reading each of them again to the end of the file would take days, and this test with it."""
    assert bring(".csv", b"prompt,source,kind\n" + b'5",",\n' * 300_000).added == 0


def test_windows_line_ends_and_a_byte_order_mark_are_fine(bring, texts):
    assert bring(".csv", b"\xef\xbb\xbfprompt,source,kind\r\n" + b'"a\r\nb",s,human\r\nc,s,human').added == 2
    assert texts() == ["a\r\nb", "c"]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_spreadsheet_may_write_another_delimiter(delimiter, bring, texts):
    assert bring(".csv", "prompt;source;kind\na, b, c;s;human\n".replace(";", delimiter).encode()).added == 1
    assert texts() == ["a, b, c"]


def test_a_row_that_is_not_utf_8_does_not_hide_where_it_ends(bring, texts):
    report = bring(".csv", b'prompt,source,kind\n"one\n\xff\xff\nthree",s,human\nnext,s,human\n')
    assert texts() == ["next"]
    assert places(report) == {"The row is not UTF-8.": ["line 2"]}


def test_fields_longer_than_pythons_own_limit_are_read(bring):
    report = bring(".csv", b"prompt,source,kind,answer\np,s,human," + b"x" * 200_000 + b"\n")
    assert report.added == 1


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (b"prompt,source,kind,prompt", "`prompt` twice"),
        (b'"prompt,source,kind', "first line .* name the columns"),
        (b"prompt,source,cat\xe9gorie", "UTF-8"),
        (b"prompt,source,kind\rp,s,human\r", "line ends"),
        ("prompt,source,kind".encode("utf-16"), "is UTF-16; save it as UTF-8"),
    ],
)
def test_a_header_that_cannot_be_used_is_one_sentence(header, sentence, bring):
    with pytest.raises(UnreadablePrompts, match=sentence):
        bring(".csv", header + b"\np,s,human\n")


def test_a_missing_column_is_named_and_nothing_comes_in(bring):
    report = bring(".csv", b"text,source,kind\nhello,s,human\n")
    assert places(report) == {"The column `prompt` is missing.": ["line 2"]}
    assert report.nothing_usable


def test_columns_without_a_name_are_left_out(bring, kept):
    bring(".csv", b",prompt,source,kind,,\n0,p,s,human,1,2\n")
    assert [row["metadata"] for row in kept()] == ["{}"]


def test_a_header_alone_is_a_file_without_rows(bring):
    report = bring(".csv.gz", gzip.compress(as_csv(ROWS).splitlines()[0]))
    assert (report.read, report.nothing_usable) == (0, True)
