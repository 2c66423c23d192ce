"""worker/arxiv/feeds.py: what is no document of arXiv's is refused, in a sentence for whoever can act."""

import time
from contextlib import suppress

import pytest

from tests.conftest import DATA
from tests.documents import Document as Announcement
from worker.arxiv.errors import DocumentError
from worker.arxiv.feeds import parse

WHOLE = Announcement().add(title="One").add(title="Two").rss()
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
<!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol2 "&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;">]>
<rss version="2.0"><channel><title>&lol2;</title></channel></rss>"""
FILE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>
<rss version="2.0"><channel><title>cs.LG updates on arXiv.org</title><description>&file;</description>
</channel></rss>"""
ERROR = """<?xml version='1.0' encoding='UTF-8'?><rss version="2.0"><channel>
<title>Feed error for query: cs.XX</title><description>Bad archive 'XX'.</description></channel></rss>"""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"", "The document is empty", id="nothing"),
        pytest.param(b" \n ", "The document is empty", id="blanks"),
        pytest.param(b"<!DOCTYPE html><html><body>x</body></html>", "This is an HTML page", id="HTML page"),
        pytest.param(b"\n<HTML><p>Sorry<br></HTML>", "an HTML page", id="HTML that is not XML"),
        pytest.param(b"<html><body/></html>", "Not a feed: the document is <html>", id="XHTML page"),
        pytest.param(b"Just a moment...", "This is not XML", id="text"),
        pytest.param(b'{"status": "ok"}', "This is not XML", id="JSON"),
        pytest.param(b"\x1f\x8b\x08\x00\x00", "This is not XML", id="gzip"),
        pytest.param(b"\x00" * 1000, "This is not XML", id="zeroes"),
        pytest.param(b"<?xml version='1.0'?><svg/>", "Not a feed: the document is <svg>", id="another XML"),
        pytest.param(LAUGHS, "a DOCTYPE", id="entity bomb"),
        pytest.param(FILE, "a DOCTYPE", id="external entity"),
        pytest.param(ERROR.encode(), "Feed error for query: cs.XX. Bad archive 'XX'", id="arXiv's own error"),
        pytest.param(b"<rss/>", "not one of arXiv's", id="empty feed"),
        pytest.param(
            b"<rss version='2.0'><channel><title>Robot News</title><item/></channel></rss>",
            "not one of arXiv's announcements: 'Robot News'",
            id="feed of another site",
        ),
        pytest.param(
            b"<rss version='2.0'><channel><title>cs.LG updates on arXiv.org</title></channel></rss>",
            "no date",
            id="no date",
        ),
        pytest.param(WHOLE.replace(b"12 May 2026 00:00:00 -0400", b"soon"), "no date", id="no date to read"),
        pytest.param(
            WHOLE.replace(b"'UTF-8'", b"'nope'"),
            "encoding can't be read: unknown encoding: nope",
            id="unknown encoding",
        ),
        pytest.param(WHOLE.replace(b"'UTF-8'", b"'utf-7'"), "encoding can't be read", id="unsafe encoding"),
        pytest.param(WHOLE.replace(b"One", b"\xff\xfe"), "cut off or damaged", id="not UTF-8"),
        pytest.param(WHOLE.replace(b"One", b"&nope;"), "cut off or damaged", id="undefined entity"),
        pytest.param(WHOLE.replace(b"One", b"\x0b"), "cut off or damaged", id="control character"),
        pytest.param(WHOLE + WHOLE, "cut off or damaged", id="two documents in one"),
    ],
)
def test_what_is_no_document_of_arxivs_is_refused(content: bytes, why: str):
    with pytest.raises(DocumentError, match=why):
        parse(content)


@pytest.mark.parametrize("name", ["rss", "atom", "rdf"])
def test_a_document_that_is_cut_off_anywhere_is_refused(name: str):
    whole = {
        "rss": WHOLE,
        "atom": (DATA / "cs.LG.atom.xml").read_bytes().rstrip(),
        "rdf": (DATA / "cs.CL.rdf.xml").read_bytes().rstrip(),
    }[name]
    for end in [*range(0, len(whole) - 1, 10), len(whole) - 1]:
        with pytest.raises(DocumentError):
            parse(whole[:end])


def test_a_document_that_is_cut_off_says_where():
    with pytest.raises(DocumentError, match=r"cut off or damaged \(line \d+: "):
        parse(WHOLE[: len(WHOLE) // 2])


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["none", "UTF-8"])
def test_a_byte_order_mark_does_not_matter(mark: bytes):
    assert parse(mark + WHOLE).declared == 2


def test_a_document_in_another_encoding_is_read():
    text = Announcement().add(title="Café").rss().decode().replace("UTF-8", "UTF-16")
    assert parse(text.encode("utf-16")).entries[0].title == "Café"


def test_deep_nesting_is_read_or_refused():
    content = WHOLE.replace(b"<description>x</description>", b"<a>" * 2_000 + b"</a>" * 2_000)
    with suppress(DocumentError):
        assert parse(content).declared == 2


def test_a_long_document_is_read_in_a_moment():
    document = Announcement()
    for _ in range(300):
        document.add(abstract="word " * 300)
    content, began = document.rss(), time.process_time()
    assert len(parse(content).entries) == 300
    assert time.process_time() - began < 3
