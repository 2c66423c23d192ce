"""worker/arxiv/api.py: answers of arXiv's query API, of its old and its new server."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import pytest

from worker.arxiv.api import Page, category_url, decoded_once, ids_url, parse
from worker.arxiv.entries import Metadata
from worker.arxiv.errors import DocumentError, EmptyPageError


def answer(*entries: str, total: int | str = 2, start: int = 0, per_page: int = 10) -> bytes:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id><title>arXiv Query: x</title>
<updated>2026-05-12T04:00:00Z</updated><opensearch:itemsPerPage>{per_page}</opensearch:itemsPerPage>
<opensearch:totalResults>{total}</opensearch:totalResults>
<opensearch:startIndex>{start}</opensearch:startIndex>{"".join(entries)}</feed>""".encode()


def paper(
    number: str = "2605.90001v1",
    title: str = "A Title",
    summary: str = "An abstract.",
    authors: str = "<author><name>Ada Example</name></author><author><name>Bo Sample</name></author>",
    more: str = "",
) -> str:
    return f"""<entry><id>http://arxiv.org/abs/{number}</id><title>{escape(title)}</title>
<updated>2026-05-12T09:30:00Z</updated><link href="https://arxiv.org/abs/{number}" rel="alternate"/>
<summary>{escape(summary)}</summary><category term="cs.AI" scheme="x"/><category term="cs.LG" scheme="x"/>
<published>2026-05-11T08:00:00Z</published><arxiv:primary_category term="cs.LG"/>{more}{authors}</entry>"""


def twice(text: str) -> str:
    """As the new server encodes it."""
    return text.encode().decode("latin-1")


WHOLE = answer(paper("2605.90001v1"), paper("2605.90002v3"))
ERROR = answer(
    "<entry><id>https://arxiv.org/api/errors#x</id><title>Error</title>"
    "<summary>incorrect id format for abc</summary></entry>",
    total=1,
)


def only(*args: str, **fields: str) -> Metadata:
    page = parse(answer(paper(*args, **fields), total=1))
    assert page.skipped == ()
    return page.entries[0]


def test_an_answer_is_read_whole():
    more = "<arxiv:comment>8 pages</arxiv:comment><arxiv:doi>10.1000/1</arxiv:doi>"
    more += "<arxiv:journal_ref>Invented Letters 1</arxiv:journal_ref>"
    assert parse(answer(paper("hep-th/9901001v2", more=more), total=7, start=3, per_page=1)) == Page(
        total=7,
        start=3,
        per_page=1,
        entries=(
            Metadata(
                arxiv_id="hep-th/9901001",
                version=2,
                title="A Title",
                abstract="An abstract.",
                authors=("Ada Example", "Bo Sample"),
                categories=("cs.LG", "cs.AI"),
                submitted=datetime(2026, 5, 11, 8, tzinfo=UTC),
                updated=datetime(2026, 5, 12, 9, 30, tzinfo=UTC),
                doi="10.1000/1",
                journal_ref="Invented Letters 1",
                comments="8 pages",
            ),
        ),
    )


def test_the_old_servers_wrapped_lines_are_joined():
    read = only(title="A Long\n  Title", summary="  One\nline.\n  Two.\n")
    assert (read.title, read.abstract) == ("A Long Title", "One line.\nTwo.")


@pytest.mark.parametrize("title", ["0", "Error", "José <think> S&P $x<y$", "Ω"])
def test_a_title_comes_as_it_stands(title: str):
    assert only(title=title).title == title


@pytest.mark.parametrize("name", ["José Raúl", "À Propos", "Weiß", "Łukasz Žák", "阮", "Ångström"])
def test_what_was_encoded_twice_is_put_right(name: str):
    read = only(authors=f"<author><name>{twice(name)}</name></author>", title=twice(f"{name} on α"))
    assert (read.authors, read.title) == ((name,), f"{name} on α")


@pytest.mark.parametrize("text", ["José", "plain", "", "voilà « été »", "Ã", "Ã© and 汉"])
def test_what_was_encoded_once_stays(text: str):
    assert decoded_once(text) == text


def test_affiliations_stand_behind_the_name_as_in_a_feed():
    place = "<arxiv:affiliation>MIT</arxiv:affiliation><arxiv:affiliation>CSAIL</arxiv:affiliation>"
    names = ("NVIDIA</name>", ":</name>", f"Ada</name>{place}")
    assert only(authors="".join(f"<author><name>{name}</author>" for name in names)).authors == (
        "NVIDIA",
        "Ada (MIT, CSAIL)",
    )


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (paper("2605.1"), "http://arxiv.org/abs/2605.1: no arXiv id"),
        (paper(title=" "), "http://arxiv.org/abs/2605.90001v1: no title"),
        (paper(summary=" "), "http://arxiv.org/abs/2605.90001v1: no abstract"),
        (re.sub("term=", "x=", paper()), "http://arxiv.org/abs/2605.90001v1: no category"),
        ("<entry/>", "an entry: no arXiv id"),
    ],
)
def test_an_entry_that_cannot_be_read_is_told_and_its_neighbour_is_read(entry: str, why: str):
    page = parse(answer(entry, paper("2605.90002v1")))
    assert (page.skipped, [e.arxiv_id for e in page.entries]) == ((why,), ["2605.90002"])


# Answers without entries


def test_nothing_found_is_a_page():
    assert parse(answer(total=0)).entries == ()


@pytest.mark.parametrize(("total", "start"), [(5, 5), (5, 10)])
def test_beyond_the_last_entry_there_is_nothing(total: int, start: int):
    assert parse(answer(total=total, start=start)).entries == ()


@pytest.mark.parametrize(("total", "start"), [(5, 0), (5, 4)])
def test_no_entries_where_there_should_be_some_is_for_asking_again(total: int, start: int):
    with pytest.raises(EmptyPageError, match=f"from {start} of 5"):
        parse(answer(total=total, start=start))


def test_arxivs_own_error_is_told():
    with pytest.raises(DocumentError, match="answered with an error: incorrect id format for abc"):
        parse(ERROR)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"Rate exceeded.", "not XML"),
        (b"<!DOCTYPE html><html><body>x</body></html>", "an HTML page"),
        (b"<html><p>Sorry<br></html>", "an HTML page"),
        (b"<html></html>", "the document is <html>"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "totalResults is ''"),
        (answer(total="many"), "totalResults is 'many'"),
        (answer(total="9" * 5000), "totalResults"),
        (b"<!DOCTYPE x [<!ENTITY a 'lol'>]><feed>&a;</feed>", "a DOCTYPE"),
        (b"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><feed>&f;</feed>", "a DOCTYPE"),
        (WHOLE.replace(b"A Title", b"&nope;"), "cut off or damaged"),
        (WHOLE.replace(b"UTF-8", b"nope"), "encoding can't be read"),
        (b"<a>" * 20_000 + b"</a>" * 20_000, "more than 64 elements"),
    ],
)
def test_what_is_no_answer_of_the_api_is_refused(content: bytes, why: str):
    with pytest.raises(DocumentError, match=why):
        parse(content)


def test_an_answer_that_is_cut_off_anywhere_is_refused():
    for end in [*range(0, len(WHOLE) - 1, 10), len(WHOLE) - 1]:
        with pytest.raises(DocumentError):
            parse(WHOLE[:end])


# Queries


def test_papers_are_asked_for_by_id():
    url = ids_url(["2605.90001v2", "hep-th/9901001"])
    assert url.endswith("/api/query?id_list=2605.90001v2,hep-th/9901001&max_results=2")


@pytest.mark.parametrize("count", [0, 2001])
def test_no_more_ids_are_asked_for_than_the_api_gives(count: int):
    with pytest.raises(ValueError, match="1 to 2,000 ids"):
        ids_url(["2605.90001"] * count)


def test_a_category_is_asked_for_by_submission():
    eastern = timezone(timedelta(hours=-4))
    since, until = datetime(2026, 5, 10, 20, tzinfo=eastern), datetime(2026, 5, 11, 14, tzinfo=eastern)
    url = category_url("cs.LG", since, until, start=200, max_results=100)
    assert "search_query=cat:cs.LG+AND+submittedDate:[202605110000+TO+202605111800]&" in url
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    query.pop("search_query")
    assert query == {
        "start": "200", "max_results": "100", "sortBy": "submittedDate", "sortOrder": "ascending",
    }  # fmt: skip


@pytest.mark.parametrize(
    "paging", [{"max_results": 0}, {"max_results": 2001}, {"start": -1}, {"start": 29_900}]
)
def test_no_more_is_asked_for_than_the_api_gives(paging: dict[str, int]):
    now = datetime(2026, 5, 12, tzinfo=UTC)
    with pytest.raises(ValueError, match="2,000 entries at a time"):
        category_url("cs.LG", now, now, **paging)


def test_times_without_a_zone_are_refused():
    with pytest.raises(ValueError, match="no zone"):
        category_url("cs.LG", datetime(2026, 5, 12), datetime(2026, 5, 13))


# Recorded


def recorded(folder) -> Iterator[tuple[str, str]]:
    for path in sorted((folder / "api").iterdir()):
        text = path.read_text(encoding="utf-8")
        yield path.name, json.loads(text)["body"] if path.suffix == ".json" else text


def test_recorded_answers_say_what_a_plain_reading_says(shared):
    read = 0
    for name, body in recorded(shared):
        if name.startswith("id_abc"):
            with pytest.raises(DocumentError, match="incorrect id format for abc"):
                parse(body.encode())
            continue
        page = parse(body.encode())
        ids = re.findall(r"<id>http://arxiv.org/abs/([^<]+)</id>", body)
        titles = re.findall(r"<entry>.*?<title>([^<]*)</title>", body, re.DOTALL)
        assert [f"{e.arxiv_id}v{e.version}" for e in page.entries] == ids
        assert (page.skipped, len(titles)) == ((), len(ids))
        for entry, title in zip(page.entries, titles, strict=True):
            plain = decoded_once(title).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
            assert entry.title == " ".join(plain.split())
            assert entry.submitted
            assert entry.updated
            assert entry.submitted <= entry.updated
            assert not re.search("[\u00c2-\u00f4][\u0080-\u00bf]", " ".join([*entry.authors, entry.abstract]))
        assert page.total >= page.start + len(page.entries)
        read += len(page.entries)
    assert read == 223


def test_recorded_names_that_were_encoded_twice_are_put_right(shared):
    bodies = dict(recorded(shared))
    (name,) = (name for name in bodies if name.startswith("q_testing_s0_m100"))
    page = parse(bodies[name].encode())
    names = {author for entry in page.entries for author in entry.authors}
    assert {"José Raúl Romero", "Oliver Weißl", "Mika V. Mäntylä", "Sólrún Einarsdóttir"} <= names
    assert any(entry.title.startswith("$ω$Test") for entry in page.entries)
