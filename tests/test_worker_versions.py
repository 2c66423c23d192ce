"""worker/versions.py: what a catch-up page leaves out is told by the API, or by OAI-PMH."""

from contextlib import nullcontext
from datetime import date

import pytest

from tests.replica import Replica, Reply
from worker.arxiv import oai
from worker.arxiv.api import ids_url
from worker.arxiv.client import Client
from worker.arxiv.entries import Document, Entry
from worker.versions import with_versions

DAY = date(2026, 5, 12)
LIST = oai.list_url(subset="cs:cs:LG", since=DAY, until=date(2026, 5, 13), base="/oai")
IDS = ["2605.80001", "2605.80002"]
EXPIRED = '<error code="badResumptionToken">it has expired</error>'


def harvest(*versions: tuple[str, int], token: str = "", body: str = "") -> bytes:
    """A page of ListRecords; `body` stands for an error."""
    records = "".join(_record(arxiv_id, version) for arxiv_id, version in versions)
    token = f"<resumptionToken>{token}</resumptionToken>" if token else ""
    return (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-05-12T06:00:00Z</responseDate>'
        + (body or f"<ListRecords>{records}{token}</ListRecords>")
        + "</OAI-PMH>"
    ).encode()


def _record(arxiv_id: str, version: int) -> str:
    versions = "".join(
        f'<version version="v{n}"><date>Mon, 11 May 2026 08:00:00 GMT</date></version>'
        for n in range(1, version + 1)
    )
    return f"""<record><header><identifier>oai:arXiv.org:{arxiv_id}</identifier><datestamp>2026-05-12</datestamp>
<setSpec>cs:cs:LG</setSpec></header><metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{arxiv_id}</id>
{versions}<title>A Title</title><authors>Ada Example</authors><categories>cs.LG</categories>
<comments>Withdrawn by the authors</comments><abstract>An abstract.</abstract></arXivRaw></metadata></record>"""


@pytest.fixture
def client(replica: Replica) -> Client:
    return Client(nullcontext, base_url=replica.url)


@pytest.fixture
def document() -> Document:
    def entry(arxiv_id: str, kind: str, version: int = 0) -> Entry:
        return Entry(arxiv_id, version, kind, "A Title", "An abstract.", ("Ada",), ("cs.LG",))  # type: ignore[arg-type]

    entries = (entry("2605.90001", "new"), *(entry(arxiv_id, "replace") for arxiv_id in IDS))
    return Document("listing", "x", ("cs.LG",), DAY, None, 3, entries)


def versions(client: Client, document: Document) -> list[int]:
    return [entry.version for entry in with_versions(client, "cs.LG", document).entries]


def test_where_the_api_fails_the_harvest_tells(client, replica, document):
    replica.answers(LIST, harvest((IDS[0], 2), (IDS[1], 3)))
    assert versions(client, document) == [0, 2, 3]
    assert [path.partition("?")[0] for path in replica.asked()] == ["/api/query", "/oai"]


def test_a_harvest_of_several_pages_is_read_until_all_is_told(client, replica, document):
    replica.answers(LIST, harvest((IDS[0], 2), token="a%3Db"))
    replica.answers(oai.resume_url("a%3Db", base="/oai"), harvest((IDS[1], 3), token="more"))
    assert versions(client, document) == [0, 2, 3]


def test_a_token_that_expired_in_the_middle_begins_the_harvest_again(client, replica, document):
    replica.answers(LIST, harvest((IDS[0], 2), token="t1"), harvest((IDS[0], 2), token="t2"))
    replica.answers(oai.resume_url("t1", base="/oai"), harvest(body=EXPIRED))
    replica.answers(oai.resume_url("t2", base="/oai"), harvest((IDS[1], 3)))
    assert versions(client, document) == [0, 2, 3]


def test_a_harvest_that_is_broken_off_twice_tells_nothing_and_loses_nothing(client, replica, document):
    replica.answers(LIST, harvest((IDS[0], 2), token="t1"))
    replica.answers(oai.resume_url("t1", base="/oai"), harvest(body=EXPIRED))
    assert versions(client, document) == [0, 0, 0]


@pytest.mark.parametrize("answer", [Reply(status=429), Reply(b"<html>a captcha</html>"), Reply(b"", cut=0)])
def test_what_neither_tells_stays_without_a_version(client, replica, document, answer):
    replica.answers(LIST, answer)
    replica.answers(ids_url(IDS, base="/api/query"), answer)
    assert versions(client, document) == [0, 0, 0]


def test_a_withdrawal_is_told_with_the_version(client, replica, document):
    replica.answers(LIST, harvest((IDS[0], 2), (IDS[1], 3)))
    told = with_versions(client, "cs.LG", document)
    assert [entry.comments for entry in told.entries] == ["", *["Withdrawn by the authors"] * 2]


def test_a_page_that_tells_all_versions_costs_no_question(client, replica, document):
    from dataclasses import replace

    whole = replace(document, entries=document.entries[:1])
    assert with_versions(client, "cs.LG", whole) is whole
    assert replica.requests == []
