"""digest/views/exports.py: papers as files."""

import html
import json
import re

import bibtexparser
import pytest
import rispy
from django.urls import reverse

from digest import labs, reading
from digest.citations import FORMATS
from digest.citing import only
from digest.models import Lab, LabPaper, Listing, Paper, PaperVersion
from digest.picture import GroupPicture
from digest.views.exports import MOST
from tests.documents import Document
from tests.pictures import digest, paper
from tests.steps import publish, queries


def got(client, name: str, *args: object, **asked: str):
    answer = client.get(reverse(name, args=args), asked)
    assert answer.status_code == 200
    return answer


def chosen(client, ids: list[str], fmt: str = "json"):
    return client.post(reverse("export"), {"ids": ids, "format": fmt})


def ids_of(answer) -> list[str]:
    return [paper["arxiv_id"] for paper in json.loads(answer.content)["papers"]]


# --- one paper --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fmt", "content_type", "ending"),
    [
        ("bib", "application/x-bibtex; charset=utf-8", "bib"),
        ("ris", "application/x-research-info-systems; charset=utf-8", "ris"),
        ("csl", "application/vnd.citationstyles.csl+json", "csl.json"),
        ("md", "text/markdown; charset=utf-8", "md"),
        ("json", "application/json", "json"),
    ],
)
def test_a_paper_is_a_file_of_its_kind(as_bob, bobs_digest, fmt, content_type, ending):
    answer = got(as_bob, "cite", "2605.90001", fmt)
    assert answer["Content-Type"] == content_type
    assert answer["Content-Disposition"] == f'attachment; filename="paperglot-2605.90001.{ending}"'
    assert "2605.90001" in answer.content.decode()


def test_a_paper_has_what_its_record_knows(as_bob, bobs_digest):
    Paper.objects.filter(arxiv_id="2605.90001").update(doi="10.1000/x", journal_ref="Phys. Rev. D 76")
    (entry,) = bibtexparser.parse_string(got(as_bob, "cite", "2605.90001", "bib").content.decode()).entries
    assert (entry["doi"], entry["note"]) == ("10.1000/x", "Published as: Phys. Rev. D 76")


def test_the_day_is_the_first_on_which_it_came_as_new(as_bob, bobs_digest):
    (record,) = rispy.loads(got(as_bob, "cite", "2605.90002", "ris").content.decode())
    assert record["date"] == "2026/05/12/"


def test_a_paper_that_came_otherwise_has_its_month_only(as_bob, bobs_digest):
    Listing.objects.update(announce_type="replace")
    (record,) = rispy.loads(got(as_bob, "cite", "2605.90002", "ris").content.decode())
    assert record["date"] == "2026/05//"


def test_a_paper_says_nothing_of_anybodys_keywords(as_bob, bobs_digest):
    for fmt in ("bib", "ris", "csl"):
        assert "keyword" not in got(as_bob, "cite", "2605.90001", fmt).content.decode().lower()
    assert json.loads(got(as_bob, "cite", "2605.90001", "json").content)["papers"][0]["matched"] == []


def test_a_paper_is_in_the_readers_language(as_bob, bob, bobs_digest):
    assert "TT  - " in got(as_bob, "cite", "2605.90001", "ris").content.decode()
    bob.content_language = "ja"
    bob.save()
    assert "TT  - " not in got(as_bob, "cite", "2605.90001", "ris").content.decode()


def test_the_newest_version_is_taken_or_the_one_that_is_named(as_bob, bobs_digest, now):
    row = Paper.objects.get(arxiv_id="2605.90001")
    PaperVersion.objects.create(paper=row, number=3, title="Third", abstract="x", first_seen_at=now)
    assert "title = {Third}" in got(as_bob, "cite", "2605.90001", "bib").content.decode()
    assert "title = {A Robot of" in got(as_bob, "cite", "2605.90001", "bib", v="1").content.decode()
    assert as_bob.get(reverse("cite", args=["2605.90001", "bib"]), {"v": "2"}).status_code == 404


def test_an_old_paper_has_a_name_that_files_can_have(as_bob, now):
    row = Paper.objects.create(arxiv_id="hep-th/9901001", authors=["A B"], categories=["hep-th"])
    PaperVersion.objects.create(paper=row, number=1, title="Old", abstract="x", first_seen_at=now)
    answer = got(as_bob, "cite", "hep-th/9901001", "bib")
    assert 'filename="paperglot-hep-th-9901001.bib"' in answer["Content-Disposition"]
    assert "year = {1999}" in answer.content.decode()


@pytest.mark.parametrize("place", ["papers/2605.90001/cite.exe", "papers/2605.99999/cite.bib"])
def test_what_is_not_there_is_not_there(as_bob, bobs_digest, place):
    assert as_bob.get(f"/{place}").status_code == 404


# --- a digest ---------------------------------------------------------------------------------


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_digest_is_a_file_of_all_its_papers(as_bob, bobs_digest, fmt):
    answer = got(as_bob, "digest-export", bobs_digest.day, fmt)
    assert f'filename="paperglot-2026-05-12.{FORMATS[fmt].suffix}"' in answer["Content-Disposition"]
    assert {"2605.90001", "2605.90002"} <= set(re.findall(r"2605\.9\d{4}", answer.content.decode()))


def test_a_digest_says_which_of_ones_own_keywords_brought_a_paper(as_bob, bobs_digest):
    records = rispy.loads(got(as_bob, "digest-export", bobs_digest.day, "ris").content.decode())
    assert {one["accession_number"]: one["keywords"] for one in records} == {
        "arXiv:2605.90001": ["Robot"],
        "arXiv:2605.90002": ["Robot", "diffusion policy"],
    }


@pytest.mark.parametrize("fmt", FORMATS)
def test_one_keyword_of_a_digest_is_every_paper_that_it_brought(as_bob, bobs_digest, fmt):
    text = got(as_bob, "digest-export", bobs_digest.day, fmt, keyword="diffusion policy").content.decode()
    assert set(re.findall(r"2605\.9\d{4}", text)) == {"2605.90002"}


def test_a_keyword_that_is_none_of_the_digests_is_not_there(as_bob, bobs_digest):
    address = reverse("digest-export", args=[bobs_digest.day, "bib"])
    assert as_bob.get(address, {"keyword": "unknown"}).status_code == 404


def test_a_new_version_that_lost_the_words_stays_under_its_keyword():
    lost, other = paper("2605.90001", matched=()), paper("2605.90002")
    whole = digest(GroupPicture("legs", (lost,)), GroupPicture("robot", (other,)))
    assert [one.arxiv_id for one in only(whole, "legs").papers] == ["2605.90001"]


def test_a_digest_of_many_papers_takes_as_many_queries_as_one_of_few(as_bob, bob, bobs_digest):
    few = queries(lambda: got(as_bob, "digest-export", bobs_digest.day, "bib"))
    document = Document("cs.RO")
    for number in range(20):
        document.add(f"2605.8{number:04d}", title="A Robot")
    publish(bob, document)
    assert queries(lambda: got(as_bob, "digest-export", bobs_digest.day, "bib")) == few


# --- a selection ------------------------------------------------------------------------------


def test_chosen_papers_are_a_file_in_their_order(as_bob, bobs_digest):
    answer = chosen(as_bob, ["2605.90002", "2605.90001"])
    assert 'filename="paperglot-papers.json"' in answer["Content-Disposition"]
    assert ids_of(answer) == ["2605.90002", "2605.90001"]


def test_papers_are_chosen_by_whatever_people_write(as_bob, bobs_digest):
    written = "arXiv:2605.90002v1, https://arxiv.org/abs/2605.90001\n2605.90001 http://arxiv.org/pdf/2605.90001v1.pdf"
    assert ids_of(chosen(as_bob, [written])) == ["2605.90002", "2605.90001"]


def test_a_selection_says_nothing_of_keywords(as_bob, bobs_digest):
    assert "keywords" not in chosen(as_bob, ["2605.90001"], "bib").content.decode()


@pytest.mark.parametrize(
    ("ids", "fmt", "told"),
    [
        ([], "bib", "No paper was chosen"),
        (["2605.90001", "2605.77777"], "bib", "These papers are not here: 2605.77777."),
        (["2605.90001"], "exe", "There is no format exe"),
        (["<script>", "2605.90001\0"], "bib", "These papers are not here: &lt;script&gt;."),
        ([f"2605.{n:05d}" for n in range(MOST + 1)], "bib", f"These are {MOST + 1} papers; {MOST} fit"),
    ],
)
def test_what_can_not_be_exported_is_told_and_nothing_chosen_is_lost(as_bob, bobs_digest, ids, fmt, told):
    answer = chosen(as_bob, ids, fmt)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert told in text
    assert all(name.rstrip("\0").replace("<", "&lt;").replace(">", "&gt;") in text for name in ids)


def test_a_selection_can_be_written_by_hand(as_bob):
    assert '<textarea id="id_ids" name="ids"' in got(as_bob, "export").content.decode()


def test_a_large_selection_takes_as_many_queries_as_a_small_one(as_bob, bob, bobs_digest):
    few = queries(lambda: chosen(as_bob, ["2605.90001"], "bib"))
    document = Document("cs.RO")
    for number in range(30):
        document.add(f"2605.8{number:04d}", title="A Robot")
    publish(bob, document)
    assert queries(lambda: chosen(as_bob, [f"2605.8{n:04d}" for n in range(30)], "bib")) == few


# --- the pages --------------------------------------------------------------------------------


def test_a_papers_page_leads_to_every_format(as_bob, bobs_digest):
    text = got(as_bob, "paper", "2605.90001").content.decode()
    for fmt in FORMATS:
        assert f'href="/papers/2605.90001/cite.{fmt}"' in text


def test_the_page_of_an_older_version_leads_to_that_version(as_bob, bobs_digest, now):
    row = Paper.objects.get(arxiv_id="2605.90001")
    PaperVersion.objects.create(paper=row, number=2, title="Second", abstract="x", first_seen_at=now)
    assert 'cite.bib?v=1"' in got(as_bob, "paper", "2605.90001", v="1").content.decode()


def test_a_papers_page_is_seen_by_zotero(as_bob, bobs_digest):
    text = got(as_bob, "paper", "2605.90002").content.decode()
    head = text[: text.index("</head>")]
    assert '<meta name="citation_title" content="Diffusion Policy">' in head
    assert head.count('name="citation_author"') == 2
    assert '<meta name="citation_date" content="2026/05/12">' in head
    assert text.count('class="Z3988"') == 1


def test_a_digests_page_leads_to_every_format_and_to_a_choice(as_bob, bobs_digest):
    text = got(as_bob, "digest", bobs_digest.day).content.decode()
    for fmt in FORMATS:
        assert f'href="/digests/2026-05-12/export.{fmt}"' in text
    assert text.count('name="ids"') == 2


def test_a_digests_page_leads_to_what_each_keyword_brought(as_bob, bobs_digest):
    bobs_digest.sections.filter(label="Robot").update(label="Robots & co/2 ?")
    text = got(as_bob, "digest", bobs_digest.day).content.decode()
    (address,) = re.findall(r'href="(/digests/2026-05-12/export\.bib\?[^"]+)"', text)
    assert as_bob.get(html.unescape(address)).content.decode().count("@misc{") == 2


# --- lists --------------------------------------------------------------------------------------


@pytest.fixture
def two_saved(bob, bobs_digest, now):
    reading.write(bob, Paper.objects.get(arxiv_id="2605.90001"), "", ["robots"], now)
    reading.mark(bob, Paper.objects.get(arxiv_id="2605.90002"), "save", now)


def test_saved_papers_are_one_file_however_many_pages_they_fill(as_bob, two_saved, monkeypatch):
    monkeypatch.setattr("digest.views.saved._A_PAGE", 1)
    assert sorted(ids_of(got(as_bob, "saved-export", "json"))) == ["2605.90001", "2605.90002"]
    assert reverse("saved-export", args=["bib"]) in as_bob.get(reverse("saved")).content.decode()


def test_a_tag_is_a_file(as_bob, two_saved):
    assert ids_of(got(as_bob, "saved-export", "json", tag="robots")) == ["2605.90001"]
    text = as_bob.get(reverse("saved"), {"tag": "robots"}).content.decode()
    assert f'href="{reverse("saved-export", args=["bib"])}?tag=robots"' in text
    assert as_bob.get(reverse("saved-export", args=["json"]), {"tag": "none"}).status_code == 404


def test_a_labs_reading_list_is_a_file(as_bob, bob, bobs_digest):
    lab = labs.found(bob, "Robots")
    LabPaper.objects.create(lab=lab, paper=Paper.objects.get(arxiv_id="2605.90002"), added_by=bob)
    assert ids_of(got(as_bob, "lab-export", "robots", "json")) == ["2605.90002"]
    assert (
        reverse("lab-export", args=["robots", "bib"]) in got(as_bob, "lab-papers", "robots").content.decode()
    )


def test_the_list_of_a_public_lab_is_everybodys(client, bob, bobs_digest):
    Lab.objects.filter(pk=labs.found(bob, "Robots").pk).update(public=True)
    assert ids_of(got(client, "lab-export", "robots", "json")) == []
    assert client.get(reverse("lab-export", args=["robots", "doc"])).status_code == 404


def test_zotero_sees_each_paper_of_a_digest(as_bob, bobs_digest):
    assert got(as_bob, "today").content.decode().count('class="Z3988"') == 2
