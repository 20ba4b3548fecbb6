"""The first page a visitor opens is light: what draws charts comes when a chart is first seen."""

from tests.browser.conftest import prompt_on

LARGEST_FIRST_PAGE = 700_000


def test_the_first_page_is_under_700_kilobytes_before_a_chart_is_opened(visit):
    here = visit()
    page = here.context.new_page()
    connection = here.context.new_cdp_session(page)
    connection.send("Network.enable")
    sizes, paths = [], []
    connection.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    connection.on("Network.requestWillBeSent", lambda event: paths.append(event["request"]["url"]))
    page.goto(here.address)
    prompt_on(page)
    page.wait_for_load_state("networkidle")
    assert 100_000 < sum(sizes) < LARGEST_FIRST_PAGE, f"{sum(sizes):,} bytes"
    assert not any("plotly" in path for path in paths)
