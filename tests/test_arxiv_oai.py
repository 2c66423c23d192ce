"""worker/arxiv/oai.py and oai_formats.py: answers of arXiv's OAI-PMH, in three formats."""

import re
from datetime import UTC, date, datetime

import pytest

from digest.taxonomy import UnknownCategoryError
from worker.arxiv.entries import Metadata
from worker.arxiv.errors import BadTokenError, DocumentError
from worker.arxiv.oai import Page, Record, list_url, parse, record_url, resume_url, set_name

NOW = "2026-05-12T02:30:00Z"


def answer(*records: str, token: str = "", verb: str = "ListRecords", body: str = "") -> bytes:
    body = body or f"<{verb}>{''.join(records)}{token}</{verb}>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>{NOW}</responseDate>
<request verb="{verb}">https://oaipmh.arxiv.org/oai</request>{body}</OAI-PMH>""".encode()


def record(content: str, arxiv_id: str = "2605.90001", status: str = "") -> str:
    return f"""<record><header{status}><identifier>oai:arXiv.org:{arxiv_id}</identifier>
<datestamp>2026-05-12</datestamp><setSpec>cs:cs:LG</setSpec><setSpec>math:math:NA</setSpec></header>
{f"<metadata>{content}</metadata>" if content else ""}</record>"""


RAW = """<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2605.90001</id><submitter>Ada</submitter>
<version version="v1"><date>Mon, 11 May 2026 08:00:00 GMT</date><size>1kb</size></version>
<version version="v2"><date>Tue, 12 May 2026 09:30:00 GMT</date><size>1kb</size></version>
<title>A Long
  Title</title><authors>Ada Ex\\'ample (MIT, Lab of This and That), Bo Sample and Cy
  Third</authors><categories>cs.LG math.NA</categories><comments>8 pages,
  &#34;long&#34;</comments><journal-ref>Invented Letters 1</journal-ref><doi>10.1000/1</doi>
<license>http://creativecommons.org/licenses/by/4.0/</license><abstract>  One
line.
  Two.
</abstract></arXivRaw>"""
ARXIV = """<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2605.90001</id><created>2026-05-11</created>
<updated>2026-05-12</updated><authors><author><keyname>Robot Collaboration</keyname></author><author>
<keyname>Ex\\'ample</keyname><forenames>Ada</forenames><suffix>Jr</suffix><affiliation>MIT</affiliation>
<affiliation>CSAIL</affiliation></author></authors><title>A Title</title><categories>cs.LG</categories>
<abstract>An abstract.</abstract></arXiv>"""
DC = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A Title</dc:title><dc:creator>Example, Ada
</dc:creator><dc:creator>Robot Collaboration</dc:creator><dc:subject>Computer Science - Machine Learning
</dc:subject><dc:subject>High Energy Physics - Theory</dc:subject><dc:subject>05C80</dc:subject>
<dc:description>An abstract.</dc:description><dc:description>Comment: 8 pages</dc:description>
<dc:date>2026-05-11</dc:date><dc:date>2026-05-12</dc:date><dc:type>text</dc:type>
<dc:identifier>http://arxiv.org/abs/2605.90001</dc:identifier><dc:identifier>Invented Letters 1
</dc:identifier><dc:identifier>doi:10.1000/1</dc:identifier></oai_dc:dc>"""
WHOLE = answer(record(RAW), record(ARXIV), token="<resumptionToken>a</resumptionToken>")
FIRST, SECOND = datetime(2026, 5, 11, tzinfo=UTC), datetime(2026, 5, 12, tzinfo=UTC)


def only(content: str) -> Metadata:
    page = parse(answer(record(content)))
    assert page.skipped == ()
    metadata = page.records[0].metadata
    assert metadata
    return metadata


def test_a_record_with_all_versions_is_read():
    assert only(RAW) == Metadata(
        arxiv_id="2605.90001",
        version=2,
        title="A Long Title",
        abstract="One line.\nTwo.",
        authors=("Ada Exámple (MIT, Lab of This and That)", "Bo Sample", "Cy Third"),
        categories=("cs.LG", "math.NA"),
        submitted=datetime(2026, 5, 11, 8, tzinfo=UTC),
        updated=datetime(2026, 5, 12, 9, 30, tzinfo=UTC),
        license="http://creativecommons.org/licenses/by/4.0/",
        doi="10.1000/1",
        journal_ref="Invented Letters 1",
        comments='8 pages, "long"',
    )


def test_a_record_with_authors_one_by_one_is_read():
    assert only(ARXIV) == Metadata(
        arxiv_id="2605.90001",
        version=0,
        title="A Title",
        abstract="An abstract.",
        authors=("Robot Collaboration", "Ada Exámple Jr (MIT, CSAIL)"),
        categories=("cs.LG",),
        submitted=FIRST,
        updated=SECOND,
    )


def test_a_record_in_dublin_core_is_read():
    assert only(DC) == Metadata(
        arxiv_id="2605.90001",
        version=0,
        title="A Title",
        abstract="An abstract.",
        authors=("Ada Example", "Robot Collaboration"),
        categories=("cs.LG", "hep-th"),
        submitted=FIRST,
        updated=SECOND,
        doi="10.1000/1",
        journal_ref="Invented Letters 1",
        comments="8 pages",
    )


def test_a_header_says_where_and_when():
    page = parse(answer(record(RAW), verb="GetRecord"))
    assert page.response_date == datetime(2026, 5, 12, 2, 30, tzinfo=UTC)
    (found,) = page.records
    assert (found.arxiv_id, found.datestamp, found.deleted) == ("2605.90001", date(2026, 5, 12), False)
    assert found.sets == ("cs:cs:LG", "math:math:NA")


def test_a_deleted_record_has_no_metadata():
    page = parse(answer(record("", status=' status="deleted"'), record(RAW)))
    assert page.records[0] == Record(
        "2605.90001", date(2026, 5, 12), ("cs:cs:LG", "math:math:NA"), deleted=True, metadata=None
    )
    assert page.records[1].metadata


@pytest.mark.parametrize("attribute", ["expirationDate", "expires"])
def test_a_token_leads_to_the_next_page(attribute: str):
    token = f'<resumptionToken {attribute}="2026-05-13T00:00:00Z">verb%3DListRecords%26skip%3D2000</resumptionToken>'
    page = parse(answer(record(RAW), token=token))
    assert (page.token, page.expires) == (
        "verb%3DListRecords%26skip%3D2000",
        datetime(2026, 5, 13, tzinfo=UTC),
    )
    assert resume_url(page.token) == (
        "https://oaipmh.arxiv.org/oai?verb=ListRecords&resumptionToken=verb%253DListRecords%2526skip%253D2000"
    )


@pytest.mark.parametrize("token", ["", "<resumptionToken/>", "<resumptionToken> </resumptionToken>"])
def test_the_last_page_has_no_token(token: str):
    page = parse(answer(record(RAW), token=token))
    assert (page.token, page.expires) == ("", None)


def test_nothing_new_is_an_empty_page():
    page = parse(answer(body='<error code="noRecordsMatch">none</error>'))
    assert page == Page((), datetime(2026, 5, 12, 2, 30, tzinfo=UTC))


def test_a_token_that_holds_no_more_is_told_apart():
    with pytest.raises(BadTokenError, match="badResumptionToken: it has expired"):
        parse(answer(body='<error code="badResumptionToken">it has\n expired</error>'))


@pytest.mark.parametrize("code", ["badArgument", "idDoesNotExist", "cannotDisseminateFormat", ""])
def test_other_errors_are_told(code: str):
    with pytest.raises(DocumentError, match=f"answered {code}: Set does not exist") as raised:
        parse(answer(body=f'<error code="{code}">Set does not exist</error>'))
    assert not isinstance(raised.value, BadTokenError)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (record(RAW, "../etc"), "oai:arXiv.org:../etc: no arXiv id"),
        ("<record/>", "a record: no arXiv id"),
        (record(""), "oai:arXiv.org:2605.90001: no metadata"),
        (record("<x/>"), "oai:arXiv.org:2605.90001: the format <x> is not known"),
        (record(re.sub("(?s)<title>.*</title>", "", RAW)), "oai:arXiv.org:2605.90001: no title"),
        (record(ARXIV.replace("An abstract.", "")), "oai:arXiv.org:2605.90001: no abstract"),
        (record(ARXIV.replace("cs.LG", "")), "oai:arXiv.org:2605.90001: no categories"),
        # The first is the primary category: without it the next would pass for it.
        (record(DC.replace("Machine Learning", "Thinking")), "oai:arXiv.org:2605.90001: no categories"),
    ],
)
def test_a_record_that_cannot_be_read_is_told_and_its_neighbour_is_read(broken: str, why: str):
    page = parse(answer(broken, record(RAW, "2605.90002")))
    assert (page.skipped, [r.arxiv_id for r in page.records]) == ((why,), ["2605.90002"])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html></html>", "an HTML page"),
        (b"Service unavailable", "not XML"),
        (b"<rss/>", "the document is <rss>"),
        (b"<OAI-PMH/>", "no responseDate"),
        (answer(body="<Identify/>"), "no records"),
        (b"<!DOCTYPE x [<!ENTITY a 'lol'>]><OAI-PMH>&a;</OAI-PMH>", "a DOCTYPE"),
        (b"<OAI-PMH>" + b"<a>" * 20_000, "more than 64 elements"),
    ],
)
def test_what_is_no_answer_of_oai_pmh_is_refused(content: bytes, why: str):
    with pytest.raises(DocumentError, match=why):
        parse(content)


def test_an_answer_that_is_cut_off_anywhere_is_refused():
    for end in [*range(0, len(WHOLE) - 1, 10), len(WHOLE) - 1]:
        with pytest.raises(DocumentError):
            parse(WHOLE[:end])


# Queries


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("cs.LG", "cs:cs:LG"),
        ("math.NA", "math:math:NA"),
        ("stat.ML", "stat:stat:ML"),
        ("hep-th", "physics:hep-th"),
        ("astro-ph.CO", "physics:astro-ph:CO"),
        ("physics.optics", "physics:physics:optics"),
        ("cond-mat.mes-hall", "physics:cond-mat:mes-hall"),
        ("cs", "cs:cs"),
        ("grp_physics", "physics"),
    ],
)
def test_a_category_has_its_set(code: str, name: str):
    assert set_name(code) == name


def test_no_set_is_made_up():
    with pytest.raises(UnknownCategoryError, match="is no category"):
        set_name("cs.XX")


def test_a_harvest_is_asked_for():
    assert list_url() == "https://oaipmh.arxiv.org/oai?verb=ListRecords&metadataPrefix=arXivRaw"
    url = list_url("arXiv", subset="cs:cs:LG", since=date(2026, 5, 11), until=date(2026, 5, 12))
    assert url.endswith("metadataPrefix=arXiv&set=cs:cs:LG&from=2026-05-11&until=2026-05-12")


def test_one_record_is_asked_for():
    url = record_url("hep-th/9901001")
    assert url.endswith("?verb=GetRecord&metadataPrefix=arXivRaw&identifier=oai:arXiv.org:hep-th/9901001")


# Recorded


def test_recorded_answers_say_what_a_plain_reading_says(shared):
    read = []
    for path in sorted((shared / "oai").iterdir()):
        text = path.read_text(encoding="utf-8")
        alone = text.startswith("<record")
        page = parse(answer(text.strip(), verb="GetRecord") if alone else text.encode())
        ids = re.findall(r"<identifier>oai:arXiv\.org:([^<]+)</identifier>", text)
        if "cond-mat_9706061" in path.name:  # its primary category goes by a name of old
            assert page.skipped == ("oai:arXiv.org:cond-mat/9706061: no categories",)
            continue
        assert ([r.arxiv_id for r in page.records], page.skipped) == (ids, ())
        titles = re.findall(r"<(?:dc:)?title>([^<]*)</", text)
        assert [r.metadata.title for r in page.records] == [" ".join(title.split()) for title in titles]
        people = len(re.findall("<author>|<dc:creator>", text)) - text.count("<keyname>:<")
        assert sum(len(r.metadata.authors) for r in page.records) == people
        read += page.records
    assert len(read) == 36
    assert all(r.metadata.submitted <= r.metadata.updated for r in read)
