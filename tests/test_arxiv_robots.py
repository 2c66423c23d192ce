"""worker/arxiv/robots.py: what a robots.txt lets Paperglot read."""

import pytest

from worker.arxiv.robots import allows, delay, forbidden, site_of

LIST = "https://arxiv.org/list/cs.LG/new"
OPEN = "User-agent: *\nCrawl-delay: 15\nAllow: /list/\nAllow: /catchup/\nDisallow: /\n"


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        pytest.param("", True, id="empty"),
        pytest.param("<html>not a robots.txt</html>", True, id="something else"),
        pytest.param(OPEN, True, id="an exception for the pages"),
        pytest.param("User-agent: *\nDisallow: /\n", False, id="nothing is allowed"),
        pytest.param("User-agent: *\nDisallow: /list/\n", False, id="the page"),
        pytest.param("User-agent: *\nDisallow: /pdf/\n", True, id="another page"),
        pytest.param("User-agent: other\nDisallow: /\n", True, id="somebody else"),
        pytest.param(
            "User-agent: paperglot\nDisallow: /\n\nUser-agent: *\nDisallow:\n", False, id="us alone"
        ),
        pytest.param(
            "User-agent: Paperglot\nDisallow:\n\nUser-agent: *\nDisallow: /\n", True, id="all but us"
        ),
        pytest.param("USER-AGENT : *\r\ndisallow : /list # why\r\n", False, id="written otherwise"),
    ],
)
def test_a_page_is_read_where_it_is_allowed(text, allowed):
    assert allows(text, LIST) is allowed


def test_the_query_counts_too():
    assert not allows("User-agent: *\nDisallow: /list/cs.LG/new?skip\n", f"{LIST}?skip=2000")


def test_the_pages_that_are_forbidden_are_named():
    assert forbidden("User-agent: *\nDisallow: /catchup/\n") == ["/catchup/"]
    assert forbidden("User-agent: *\nDisallow: /\n") == ["/list/", "/catchup/"]
    assert forbidden(OPEN) == []


def test_a_delay_is_kept_up_to_a_minute():
    assert [delay(text) for text in ("", OPEN, "User-agent: *\nCrawl-delay: 9999\n")] == [0, 15, 60]


def test_a_delay_that_is_no_number_is_none():
    assert delay("User-agent: *\nCrawl-delay: soon\n") == 0


def test_a_site_is_scheme_host_and_port():
    assert site_of("http://127.0.0.1:9/list/cs.LG/new?skip=1") == "http://127.0.0.1:9"
