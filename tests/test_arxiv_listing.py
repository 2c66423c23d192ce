"""worker/arxiv/listing.py: arXiv's listing pages, as arxiv-browse's templates write them."""

import gzip
import re
from datetime import date
from html import escape

import pytest

from tests.listings import CATCHUP_DAY, DAY, NEW_DAY, page, paper, section
from worker.arxiv.entries import Entry
from worker.arxiv.errors import DocumentError
from worker.arxiv.feeds import parse as parse_feed
from worker.arxiv.listing import catchup_url, following, new_url, parse
from worker.arxiv.sameness import same_text

WHOLE = page(
    section("New", paper(1, html="v1"), paper(2)),
    section("Cross", paper(3, mark="(cross-list from cs.CL)")),
    section("Replacement", paper(4, mark="(replaced)", html="v3")),
    total=4,
)


def entry(**fields: str) -> Entry:
    """What is read of a page with one new paper that says this."""
    document = parse(page(section("New", paper(**fields))), "cs.LG")
    assert document.skipped == ()
    return document.entries[0]


# A page


def test_a_page_is_read_whole():
    document = parse(WHOLE, "cs.LG")
    assert (document.kind, document.day, document.categories) == ("listing", DAY, ("cs.LG",))
    assert (document.declared, len(document.entries), document.skipped) == (4, 4, ())
    assert [e.arxiv_id for e in document.entries] == [f"2605.9000{n}" for n in range(1, 5)]
    assert [e.announce_type for e in document.entries] == ["new", "new", "cross", "replace"]
    assert document.entries[0] == Entry(
        arxiv_id="2605.90001",
        version=1,
        announce_type="new",
        title="A Title",
        abstract="An abstract.",
        authors=("Ada Example", "Bo Sample"),
        categories=("cs.LG", "cs.RO"),
        abridged=True,
    )


def test_a_version_that_no_link_tells_is_0():
    assert [e.version for e in parse(WHOLE, "cs.LG").entries] == [1, 0, 0, 3]


def test_the_link_to_another_papers_html_tells_no_version():
    content = page(section("New", paper(html="v7").replace("html/2605.90001v7", "html/2605.90002v7")))
    assert parse(content, "cs.LG").entries[0].version == 0


@pytest.mark.parametrize(
    ("subject", "primary", "kind"),
    [
        ("cs.LG", "Machine Learning (cs.LG)", "replace"),
        ("cs.LG", "Robotics (cs.RO)", "replace-cross"),
        ("cs", "Robotics (cs.RO)", "replace"),
        ("cs", "Machine Learning (stat.ML)", "replace-cross"),
        ("cs.NA", "Numerical Analysis (math.NA)", "replace"),  # two codes of one category
        ("hep-th", "High Energy Physics - Theory (hep-th)", "replace"),
        ("grp_physics", "Optics (physics.optics)", "replace"),
        ("grp_physics", "Robotics (cs.RO)", "replace-cross"),
        ("cs.LG", "An Unheard of Field (cs.XX)", "replace-cross"),
    ],
)
def test_a_replacement_of_another_subjects_paper_is_replace_cross(subject: str, primary: str, kind: str):
    mine = paper(mark="(replaced)", subjects=f"<span class='primary-subject'>{primary}</span>")
    assert parse(page(section("Replacement", mine)), subject).entries[0].announce_type == kind


def test_the_page_says_which_subject_it_is_of():
    assert parse(page(section("New", paper())), "cs.CL").categories == ("cs.LG",)
    assert parse(page(section("New", paper()), head=NEW_DAY), "cs.CL").categories == ("cs.CL",)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(page("<p>No updates today.</p>"), id="new"),
        pytest.param(
            page("<div><p>No updates for Tue, 12 May 2026</p></div>", head=CATCHUP_DAY), id="catch-up"
        ),
        pytest.param(
            page(
                "<div>\n Total of 0 entries \n<br></div><div><p>No updates for Tue, 12 May 2026</p></div>",
                head=CATCHUP_DAY,
            ),
            id="catch-up with a total",
        ),
    ],
)
def test_a_day_without_papers_is_a_document(content: bytes):
    document = parse(content, "cs.LG")
    assert (document.day, document.declared, document.entries) == (DAY, 0, ())


def test_a_catch_up_page_is_read_as_a_new_one():
    head = CATCHUP_DAY + "<a href='/catchup/cs.LG/2026-05-13?abs=True&amp;page=1'>Continue</a>"
    document = parse(page(section("New", paper()), head=head), "stat.ML")
    assert (document.day, document.declared, document.categories) == (DAY, 1, ("cs.LG",))
    assert document.title == "Catchup results for Machine Learning on Tue, 12 May 2026"


def test_the_headings_of_2024_tell_the_day_too():
    heading = "New submissions for Friday, 8 March 2024 (showing 1 of 1 entries )"
    document = parse(page(f"<dl><h3>{heading}</h3>{paper()}</dl>", head=""), "cs.LG")
    assert (document.day, document.declared) == (date(2024, 3, 8), 1)


# Pages of several


def test_a_page_of_several_declares_what_all_have():
    document = parse(page(section("New", paper(1), paper(2), total=2), total=5), "cs.LG")
    assert (document.declared, len(document.entries), document.last) == (5, 2, 2)


@pytest.mark.parametrize("showing", ["showing first", "continued, showing", "continued, showing last"])
def test_sections_that_go_on_elsewhere_declare_their_total(showing: str):
    document = parse(page(section("Cross", paper(2001), total=7, showing=showing)), "cs.LG")
    assert (document.declared, document.last) == (7, 2001)


def test_the_page_after_is_asked_for_until_the_last():
    url = catchup_url("cs.LG", DAY)
    assert url == "https://arxiv.org/catchup/cs.LG/2026-05-12?abs=True&page=1"
    first = parse(page(section("New", paper(1), paper(2), total=3, showing="showing first")), "cs.LG")
    second = following(url, first)
    assert second == "https://arxiv.org/catchup/cs.LG/2026-05-12?abs=True&page=2"
    last = parse(page(section("New", paper(3), total=3, showing="continued, showing last")), "cs.LG")
    assert following(second, last) is None


def test_the_rest_of_a_new_page_is_behind_what_it_shows():
    first = parse(page(section("New", paper(1), paper(2), total=3)), "cs.LG")
    assert following(new_url("cs.LG"), first) == new_url("cs.LG", skip=2)
    assert new_url("cs.LG", skip=2) == "https://arxiv.org/list/cs.LG/new?skip=2&show=2000"


def test_a_page_beyond_the_last_ends_the_paging():
    head = CATCHUP_DAY + "<div>Total of 4000 entries</div>"
    beyond = parse(page("<div>No further updates for Tue, 12 May 2026</div>", head=head), "cs.LG")
    assert (beyond.declared, beyond.entries) == (4000, ())
    assert following(catchup_url("cs.LG", DAY, page=3), beyond) is None


# An entry


def test_addresses_come_back_where_the_page_hides_them():
    hidden = 'Code: <a href="https://a.org/b?x=1&amp;y=2" rel="external">this https URL</a>. See'
    hidden += ' <a href="https://arxiv.org/abs/2605.90009">arXiv:2605.90009</a>, <a href="x">10.1000/1</a>.'
    read = entry(abstract=hidden, comments='At <a href="http://a.org">this http URL</a>')
    assert read.abstract == "Code: https://a.org/b?x=1&y=2. See arXiv:2605.90009, 10.1000/1."
    assert read.comments == "At http://a.org"


def test_arxivs_counter_of_clicks_is_passed_by():
    link = '<a href="https://arxiv.org/ct?url=https%3A%2F%2Fa.org%2Fb&amp;v=12">this https URL</a>'
    assert entry(abstract=link).abstract == "https://a.org/b"


def test_a_line_break_begins_a_paragraph_and_a_wrapped_line_does_not():
    assert entry(abstract="One\n line.\n<br />Two.<br>Three.").abstract == "One line.\nTwo.\nThree."


@pytest.mark.parametrize(
    "text",
    [
        r"TeX $a<b$, \emph{x}, 50\%",
        "in <think> and </dd> tags",
        "S&P &amp; R&D",
        "é 汉字 𝔸",
        "Total of 9 entries",
    ],
)
def test_a_text_comes_as_it_stands(text: str):
    read = entry(title=escape(text), abstract=escape(text), comments=escape(text), journal_ref=escape(text))
    assert (read.title, read.abstract, read.comments, read.journal_ref) == (text,) * 4


@pytest.mark.parametrize(
    ("markup", "names"),
    [
        ("<a>Ada Example</a> (MIT, CSAIL), <a>Bo Sample</a>", ("Ada Example (MIT, CSAIL)", "Bo Sample")),
        ("<a>Ada Example</a> and <a>Bo Sample</a>", ("Ada Example", "Bo Sample")),
        ("<a>NVIDIA</a>: <a>Ada Ex\\'ample</a>", ("NVIDIA", "Ada Exámple")),
        ("<a>Ada</a> (for the <a>Robot Collaboration</a>)", ("Ada (for the Robot Collaboration)",)),
        ("(author list is unavailable)", ()),
    ],
)
def test_authors_are_a_list_with_their_affiliations(markup: str, names: tuple[str, ...]):
    assert entry(authors=markup).authors == names


def test_the_primary_category_is_first():
    subjects = "<span class='primary-subject'>Statistics (Theory) (math.ST)</span>; Strings (hep-th)"
    assert entry(subjects=subjects).categories == ("math.ST", "hep-th")


def test_an_old_id_is_read():
    assert entry(arxiv_id="math.GT/0309136").arxiv_id == "math.GT/0309136"


@pytest.mark.parametrize(
    ("find", "put", "why"),
    [
        ('"/abs/2605.90001"', '"/abs/../../etc/passwd"', "an entry: no arXiv id"),
        ("A Title", "", "2605.90001: no title"),
        ("An abstract.", "", "2605.90001: no abstract"),
        ("(cs.LG)</span>; Robotics (cs.RO)", "</span>", "2605.90001: no category"),
    ],
)
def test_an_entry_that_cannot_be_read_is_told_and_its_neighbour_is_read(find: str, put: str, why: str):
    assert find in paper(1)
    document = parse(page(section("New", paper(1).replace(find, put), paper(2))), "cs.LG")
    assert (document.declared, [e.arxiv_id for e in document.entries]) == (2, ["2605.90002"])
    assert document.skipped == (why,)


# What is no page


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\x00" * 100, "not an HTML page"),
        (b"{}", "not an HTML page"),
        (b"<?xml version='1.0'?><rss/>", "not an HTML page"),
        (b"<html><body>Just a moment...</body></html>", "no day is named"),
        (b"<html></html>", "no day is named"),
        (page(section("New", paper()), head="<h3>Showing new listings for x, 31 Feb 2026</h3>"), "no day"),
        (page(), "does not say how many"),
        (page(paper()), "does not say how many"),
    ],
)
def test_what_is_no_listing_is_refused(content: bytes, why: str):
    with pytest.raises(DocumentError, match=why):
        parse(content, "cs.LG")


def test_a_page_that_is_cut_off_anywhere_is_refused():
    for end in [*range(0, len(WHOLE) - len("</html>"), 10), len(WHOLE) - len("</html>")]:
        with pytest.raises(DocumentError):
            parse(WHOLE[:end], "cs.LG")


def test_a_page_with_a_hole_says_that_it_is_not_whole():
    for start in range(WHOLE.index(b"<dl"), WHOLE.rindex(b"</dl>"), 97):
        document = parse(WHOLE[:start] + b"</body></html>", "cs.LG")
        assert document.declared > len(document.entries)


def test_deep_nesting_is_refused():
    content = WHOLE.replace(b"An abstract.", b"<b>" * 20_000, 1)
    with pytest.raises(DocumentError, match="to its end"):
        parse(content, "cs.LG")


def test_entities_of_the_pages_own_are_not_expanded():
    own = b"<!DOCTYPE html [<!ENTITY a 'lol'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    content = WHOLE.replace(b"<!DOCTYPE html>", own).replace(b"An abstract.", b"x &a; &f;", 1)
    assert parse(content, "cs.LG").entries[0].abstract == "x &a; &f;"


def test_bytes_that_are_no_text_are_read():
    content = WHOLE.replace(b"An abstract.", b"x \xff\xfe y \x00 z", 1)
    assert parse(content, "cs.LG").entries[0].abstract.startswith("x ")


# Recorded


def test_a_recorded_page_says_what_a_plain_reading_says(shared):
    content = (shared / "listing" / "2026-08-12-cs.AI-new.cut.html").read_bytes()
    document = parse(content, "cs.AI")
    text = content.decode()
    assert (document.day, document.declared, document.skipped) == (date(2026, 8, 12), 6, ())
    assert [e.arxiv_id for e in document.entries] == re.findall(r'href ="/abs/([^"]+)"', text)
    assert [e.announce_type for e in document.entries] == [
        "new",
        "new",
        "cross",
        "cross",
        "replace",
        "replace",
    ]
    assert [e.version for e in document.entries] == [1, 1, 2, 0, 5, 2]
    assert document.entries[3].title.startswith('"YES! YES! I absolutely love this insight!" Affirmative')
    assert document.entries[3].journal_ref == "2026 Narrative Inquiry 23 (2)"
    assert document.entries[5].comments.endswith("https://github.com/jushengzhang/Gam-Agent")
    for read in document.entries:
        assert not re.search(r"this https? URL|Title:|Comments:|&#|\s\s", read.abstract + read.comments)


def test_a_recorded_page_and_the_days_feed_say_the_same(shared):
    listed = parse((shared / "listing" / "2026-08-12-cs.AI-new.cut.html").read_bytes(), "cs.AI").entries
    feed = parse_feed(gzip.decompress((shared / "rss/monthly/2026-08-13-cs-lg.xml.gz").read_bytes()))
    announced = {e.arxiv_id: e for e in feed.entries}
    both = [(e, announced[e.arxiv_id]) for e in listed if e.arxiv_id in announced]
    assert len(both) == 2
    for one, other in both:
        assert (one.version, one.authors, one.categories) == (other.version, other.authors, other.categories)
        assert same_text(one.title, other.title)
        assert same_text(one.abstract, other.abstract)
