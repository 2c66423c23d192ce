"""worker/arxiv/client.py: polite, patient, and never fooled; against a server on this machine."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from tests.documents import Document
from tests.replica import Replica, Reply, redirect, tagged, zipped
from worker.arxiv.client import COOL_DOWN, LONGEST_SECONDS, REFUSED, Client
from worker.arxiv.errors import FetchError

NOW = datetime(2026, 5, 12, 6, 0, tzinfo=UTC)
PATH = "/rss/cs.LG"
FEED = Document().add().rss()
FEED_ERROR = b"""<?xml version='1.0' encoding='UTF-8'?><rss version="2.0"><channel>
<title>Feed error for query: cs.XX</title><description>Bad archive 'XX'.</description></channel></rss>"""


class Turns:
    """Counts the turns that were taken, and what ended them."""

    def __init__(self) -> None:
        self.taken, self.held, self.errors = 0, 0, []

    @contextmanager
    def __call__(self) -> Iterator[None]:
        self.taken += 1
        self.held += 1
        assert self.held == 1, "two requests at once"
        try:
            yield
        except FetchError as error:
            self.errors.append(error)
            raise
        finally:
            self.held -= 1


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def client(replica: Replica, turns: Turns) -> Iterator[Client]:
    with Client(turns, base_url=replica.url, clock=lambda: NOW, largest=100_000) as client:
        yield client


def get(client: Client, etag: str = ""):
    return client.get(client.feed_url("cs.LG"), etag)


def failure(client: Client, etag: str = "") -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(client, etag)
    return caught.value


# What is asked


def test_the_address_of_a_feed_is_arxivs():
    with Client(nullcontext) as client:
        assert client.feed_url("cs.LG") == "https://rss.arxiv.org/rss/cs.LG"


def test_a_document_comes_byte_for_byte(client: Client, replica: Replica):
    replica.answers(PATH, FEED)
    assert get(client).content == FEED


def test_a_compressed_document_is_unpacked(client: Client, replica: Replica):
    replica.answers(PATH, zipped(FEED))
    assert get(client).content == FEED
    assert replica.asked("accept-encoding") == ["gzip"]


def test_a_document_of_no_declared_length_is_read_to_its_end(client: Client, replica: Replica):
    replica.answers(PATH, Reply(FEED, declared=False))
    assert get(client).content == FEED


@pytest.mark.parametrize(
    ("contact", "agent"),
    [
        ("", "Paperglot/0.1 (self-hosted arXiv digest)"),
        ("alice@example.org", "Paperglot/0.1 (self-hosted arXiv digest; mailto:alice@example.org)"),
        ("https://example.org/", "Paperglot/0.1 (self-hosted arXiv digest; https://example.org/)"),
    ],
)
def test_arxiv_is_told_who_asks(replica: Replica, contact: str, agent: str):
    replica.answers(PATH, FEED)
    with Client(nullcontext, base_url=replica.url, contact=contact) as client:
        get(client)
    assert replica.asked("user-agent") == [agent]


def test_every_request_takes_a_turn(client: Client, replica: Replica, turns: Turns):
    replica.answers(PATH, FEED)
    get(client)
    get(client)
    assert (turns.taken, len(replica.requests)) == (2, 2)


def test_a_turn_hears_of_a_failure_and_how_long_to_rest(client: Client, replica: Replica, turns: Turns):
    replica.answers(PATH, Reply(status=429, headers={"Retry-After": "90"}))
    failure(client)
    assert [error.retry_after for error in turns.errors] == [90]


# What has not changed


def test_an_etag_comes_with_the_document(client: Client, replica: Replica):
    replica.answers(PATH, tagged(FEED, "abc"))
    assert get(client).etag == "abc"


def test_a_document_that_has_not_changed_is_not_sent_again(client: Client, replica: Replica, turns: Turns):
    replica.answers(PATH, tagged(FEED, "abc"))
    answer = get(client, etag="abc")
    assert (answer.content, answer.etag) == (None, "abc")
    assert (replica.asked("if-none-match"), turns.taken) == (["abc"], 1)


def test_a_document_that_has_changed_is_sent(client: Client, replica: Replica):
    replica.answers(PATH, tagged(FEED, "new"))
    assert get(client, etag="old").content == FEED


# Redirects


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_followed_in_a_turn_of_its_own(
    client: Client, replica: Replica, turns: Turns, status: int
):
    replica.answers(PATH, redirect("/elsewhere", status))
    replica.answers("/elsewhere", FEED)
    answer = get(client)
    assert (answer.content, answer.url) == (FEED, f"{replica.url}/elsewhere")
    assert turns.taken == 2


def test_a_redirect_to_another_host_is_not_followed(client: Client, replica: Replica, turns: Turns):
    replica.answers(PATH, redirect("http://localhost/x"))
    error = failure(client)
    assert "http://localhost/x is not at arXiv" in str(error)
    assert error.permanent
    assert turns.taken == 1


@pytest.mark.parametrize("location", ["file:///etc/passwd", "gopher://127.0.0.1/", "//evil.example/x"])
def test_a_redirect_elsewhere_is_not_followed(client: Client, replica: Replica, location: str):
    replica.answers(PATH, redirect(location))
    assert "is not at arXiv" in str(failure(client))


@pytest.mark.parametrize("location", ["", "http://[bad/", "http://127.0.0.1:99999/", "http://"])
def test_a_redirect_that_is_no_address_is_a_failure(client: Client, replica: Replica, location: str):
    replica.answers(PATH, redirect(location))
    assert failure(client)


def test_a_circle_of_redirects_ends(client: Client, replica: Replica):
    replica.answers(PATH, redirect(PATH))
    assert "more than 3 redirects" in str(failure(client))
    assert len(replica.requests) == 4


@pytest.mark.parametrize(
    "url",
    ["https://example.org/rss/cs.LG", "file:///etc/passwd", "https://rss.arxiv.org.evil.example/", "x", ""],
)
def test_only_arxiv_is_asked(client: Client, turns: Turns, url: str):
    with pytest.raises(FetchError, match=r"is not at arXiv .*Save the document and give the file"):
        client.get(url)
    assert turns.taken == 0


# What goes wrong


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param("120", 120, id="seconds"),
        pytest.param(" 120 ", 120, id="seconds with blanks"),
        pytest.param("0", 1, id="at once"),
        pytest.param("Tue, 12 May 2026 06:05:00 GMT", 300, id="date"),
        pytest.param("Tue, 12 May 2026 05:00:00 GMT", 1, id="date that has passed"),
        pytest.param("Tue, 12 May 2026 06:05:00 -0000", 300, id="date of no zone"),
        pytest.param("Tue, 12 May 2026 06:05:00", 300, id="date without a zone"),
        pytest.param("soon", COOL_DOWN, id="a word"),
        pytest.param("-5", COOL_DOWN, id="negative"),
        pytest.param("1.5", COOL_DOWN, id="a fraction"),
        pytest.param("\u00b2", COOL_DOWN, id="a digit that is no number"),
        pytest.param("9" * 30, 86_400, id="for ever"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 GMT", 86_400, id="date for ever"),
        pytest.param(None, COOL_DOWN, id="none"),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_arxiv_says_when_to_come_again(
    client: Client, replica: Replica, status: int, header: str | None, seconds: float
):
    replica.answers(PATH, Reply(status=status, headers={"Retry-After": header} if header else {}))
    error = failure(client)
    assert (error.retry_after, error.permanent) == (seconds, False)
    assert f"slow down ({status} for {replica.url}{PATH}); the next try is in" in str(error)


def test_a_refusal_rests_for_an_hour_and_says_what_to_do(client: Client, replica: Replica):
    replica.answers(PATH, Reply(b"Access denied", 403))
    error = failure(client)
    assert (error.retry_after, error.permanent) == (REFUSED, False)
    assert "Set PAPERGLOT_CONTACT" in str(error)


def test_a_bad_query_says_what_arxiv_says(client: Client, replica: Replica):
    replica.answers(PATH, Reply(FEED_ERROR, 400))
    error = failure(client)
    assert "Feed error for query: cs.XX. Bad archive 'XX'." in str(error)
    assert error.permanent


@pytest.mark.parametrize(
    ("status", "permanent"), [(400, True), (404, True), (410, True), (500, False), (502, False)]
)
def test_only_a_fault_of_ours_is_permanent(client: Client, replica: Replica, status: int, permanent: bool):
    replica.answers(PATH, Reply(b"<html>Sorry</html>", status))
    error = failure(client)
    assert error.permanent is permanent
    assert str(status) in str(error) or "HTML" in str(error) or "<html>" in str(error)


@pytest.mark.parametrize("body", [b"", b" \n"], ids=["empty", "blank"])
def test_an_empty_document_is_a_failure(client: Client, replica: Replica, body: bytes):
    replica.answers(PATH, body)
    assert "an empty document" in str(failure(client))


def test_a_page_in_the_documents_place_is_not_looked_at(client: Client, replica: Replica):
    """What a document says is the parser's to judge."""
    replica.answers(PATH, b"<html>Just a moment</html>")
    assert get(client).content == b"<html>Just a moment</html>"


def test_a_document_that_breaks_off_is_a_failure(client: Client, replica: Replica):
    replica.answers(PATH, Reply(FEED, cut=len(FEED) // 2))
    error = failure(client)
    assert "can't be reached or broke off" in str(error)
    assert not error.permanent


def test_a_compressed_document_that_breaks_off_is_a_failure(client: Client, replica: Replica):
    replica.answers(PATH, zipped(FEED, cut=100))
    assert "broke off" in str(failure(client))


def test_a_compressed_document_that_ends_early_is_never_taken_for_whole(client: Client, replica: Replica):
    half = gzip.compress(FEED)[:-30]
    replica.answers(PATH, Reply(half, headers={"Content-Encoding": "gzip"}))
    with suppress(FetchError):
        assert get(client).content != FEED


def test_a_damaged_compression_is_a_failure(client: Client, replica: Replica):
    replica.answers(PATH, Reply(b"\x1f\x8bnonsense" * 9, headers={"Content-Encoding": "gzip"}))
    assert "sent a damaged body" in str(failure(client))


def test_a_document_that_is_too_large_is_dropped(client: Client, replica: Replica):
    replica.answers(PATH, b"x" * 100_001)
    error = failure(client)
    assert "larger than 100,000 bytes" in str(error)
    assert error.permanent


def test_the_largest_document_is_taken(client: Client, replica: Replica):
    replica.answers(PATH, b"x" * 100_000)
    assert len(get(client).content or b"") == 100_000


def test_a_bomb_is_dropped(client: Client, replica: Replica):
    replica.answers(PATH, zipped(b"\0" * 50_000_000))
    assert "larger than 100,000 bytes" in str(failure(client))


def test_a_document_that_comes_too_slowly_is_dropped(replica: Replica):
    clock = iter(NOW + timedelta(seconds=n * LONGEST_SECONDS * 0.6) for n in range(99))
    replica.answers(PATH, Reply(FEED, between=0.02))
    with Client(nullcontext, base_url=replica.url, clock=lambda: next(clock)) as client:
        assert "took more than 120 s" in str(failure(client))


def test_a_server_that_is_silent_is_a_failure(client: Client, replica: Replica):
    replica.answers(PATH, Reply(FEED, before=5))
    client._http.timeout = httpx2.Timeout(0.1)
    error = failure(client)
    assert "did not answer in time" in str(error)
    assert not error.permanent


def test_a_server_that_is_not_there_is_a_failure():
    with Client(nullcontext, base_url="http://127.0.0.1:9") as client:
        assert "can't be reached" in str(failure(client))


def test_a_failure_does_not_spoil_the_next_request(client: Client, replica: Replica):
    replica.answers(PATH, Reply(FEED, cut=10), Reply(status=500), FEED)
    failure(client)
    failure(client)
    assert get(client).content == FEED
