"""worker/arxiv/feeds.py and entries.py: what arXiv's documents say, no more and no less."""

import re
from datetime import UTC, date, datetime

import pytest

from tests.conftest import DATA
from tests.documents import Document as Announcement
from worker.arxiv.entries import Entry, fold, fold_paragraphs, stronger
from worker.arxiv.feeds import parse

NAMES = {"arxiv": "{http://arxiv.org/schemas/atom}", "dc": "{http://purl.org/dc/elements/1.1/}"}


def entry(**fields: object) -> Entry:
    """What is read of an item that says this."""
    document = parse(Announcement().add(**fields).rss())
    assert document.skipped == ()
    return document.entries[0]


def broken(find: str, put: str) -> str:
    """Why an item is skipped when this of it is replaced by that; its neighbour is read."""
    whole = Announcement().add("2605.90001").add("2605.90002").rss().decode()
    head, one, other = re.split("(?=<item>)", whole)
    assert find in one
    document = parse((head + one.replace(find, put) + other).encode())
    assert (document.declared, [e.arxiv_id for e in document.entries]) == (2, ["2605.90002"])
    (reason,) = document.skipped
    return reason


# An item


def test_an_item_is_read_whole():
    document = Announcement().add(
        "2605.90007", version=2, announce_type="cross", title="On Robots", abstract="They walk.",
        authors="Ada Example, Bo Sample", categories=("cs.RO", "cs.LG"),
    )  # fmt: skip
    assert parse(document.rss()).entries == (
        Entry(
            arxiv_id="2605.90007",
            version=2,
            announce_type="cross",
            title="On Robots",
            abstract="They walk.",
            authors=("Ada Example", "Bo Sample"),
            categories=("cs.RO", "cs.LG"),
            license="http://creativecommons.org/licenses/by/4.0/",
            day=date(2026, 5, 12),
        ),
    )


@pytest.mark.parametrize("kind", ["new", "cross", "replace", "replace-cross"])
def test_an_item_has_its_announce_type(kind: str):
    assert entry(announce_type=kind).announce_type == kind


@pytest.mark.parametrize("arxiv_id", ["0704.0001", "2605.90001", "hep-th/9901001", "math.GT/0309136"])
def test_ids_of_every_age_are_read(arxiv_id: str):
    assert entry(arxiv_id=arxiv_id).arxiv_id == arxiv_id


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("On the S&P 500 and R&D", id="ampersand"),
        pytest.param("reasons in <think> and </think> tags <br> here", id="tags"),
        pytest.param("triples <person, action, object>", id="angle brackets"),
        pytest.param("<script>alert(1)</script> and <a href='/x'>y</a>", id="script"),
        pytest.param("an escaped &lt; and &amp; and &amp;lt; and &#60; and &nbsp;", id="entities"),
        pytest.param(r"TeX $a<b$, \emph{x}, 50\% of $\alpha > 0$", id="TeX"),
        pytest.param("]]> and <![CDATA[x]]>", id="CDATA"),
        pytest.param("Abstract: of an abstract", id="the prefix's word"),
        pytest.param("arXiv:2605.1v1 Announce Type: new", id="the prefix again"),
        pytest.param("ends in a bracket (arXiv:2401.15170v1 [cs.CL])", id="the old title"),
        pytest.param("https://a.org/?a=1&b=2", id="address"),
        pytest.param("é 汉字 𝔸 \u00a0x", id="beyond ASCII"),
        pytest.param("0", id="zero"),
        pytest.param("bG9uZyBlbm91Z2ggdG8gYmUgYmFzZTY0IHRleHQ=", id="base64"),
    ],
)
def test_a_text_comes_as_it_was_announced(text: str):
    read = entry(title=text, abstract=text)
    assert (read.title, read.abstract) == (fold(text), fold(text))


def test_white_space_in_a_title_is_folded():
    assert entry(title=" On\n  Robots ").title == "On Robots"


@pytest.mark.parametrize(
    ("announced", "read"),
    [
        pytest.param("One\ntwo.", "One two.", id="a wrapped line"),
        pytest.param("One.\n  Two.", "One.\nTwo.", id="an indented line"),
        pytest.param("One.\n\nTwo.", "One.\nTwo.", id="an empty line"),
        pytest.param("One.\n\n\n  Two.\n", "One.\nTwo.", id="several empty lines"),
        pytest.param("  One.\n two.", "One. two.", id="a single blank is no paragraph"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_an_indented_line_begins_a_paragraph(announced: str, read: str):
    assert fold_paragraphs(announced) == read


def test_paragraphs_of_an_item_stay_apart():
    assert entry(abstract="One\nline.\n  Two.").abstract == "One line.\nTwo."


def test_sixty_authors_are_sixty():
    names = tuple(f"Author {n}" for n in range(60))
    assert entry(authors=", ".join(names)).authors == names


def test_an_affiliation_with_commas_is_one_authors():
    read = entry(authors=r"Ada Ex\'ample (MIT, CSAIL), Bo Sample")
    assert read.authors == ("Ada Exámple (MIT, CSAIL)", "Bo Sample")


def test_an_address_in_the_author_list_is_kept():
    assert entry(authors="Ada Example <ada@example.org>, Bo").authors == (
        "Ada Example <ada@example.org>",
        "Bo",
    )


@pytest.mark.parametrize(
    ("one", "other", "holds"),
    [("new", "cross", "new"), ("replace-cross", "replace", "replace"), ("cross", "replace", "cross")],
)
def test_of_two_announce_types_the_stronger_holds(one, other, holds):
    assert stronger(one, other) == stronger(other, one) == holds


# An item that can't be read


@pytest.mark.parametrize(
    ("find", "put", "why"),
    [
        pytest.param(">new</arxiv", ">absonly</arxiv", "announce type 'absonly'", id="unknown announce type"),
        pytest.param("<arxiv:announce_type>new</arxiv:announce_type>", "", "announce type ''", id="none"),
        pytest.param(
            "oai:arXiv.org:2605.90001v1", "tag:evil,2605.90001v1", "is not an arXiv id", id="other id"
        ),
        pytest.param(
            "oai:arXiv.org:2605.90001v1", "../../etc/passwd", "is not an arXiv id", id="path for an id"
        ),
        pytest.param("oai:arXiv.org:2605.90001v1", "", "is not an arXiv id", id="empty id"),
        pytest.param(
            "2605.90001v1</guid>", f"2605.90001v{'9' * 5000}</guid>", "not an arXiv id", id="version"
        ),
        pytest.param("<title>A Title</title>", "", "no title", id="no title"),
        pytest.param("<title>A Title</title>", "<title> \n</title>", "no title", id="blank title"),
        pytest.param("An abstract.", " ", "no abstract", id="blank abstract"),
        pytest.param("<category>cs.LG</category>", "", "no category", id="no category"),
    ],
)
def test_an_item_that_cannot_be_read_is_told_and_its_neighbour_is_read(find: str, put: str, why: str):
    assert why in broken(find, put)


def test_a_skipped_item_is_named():
    assert broken(">new</arxiv", ">x</arxiv").startswith("oai:arXiv.org:2605.90001v1: ")


def test_an_item_that_comes_twice_is_declared_and_read_twice():
    document = parse(Announcement().add("2605.90001").add("2605.90001").rss())
    assert (document.declared, len(document.entries)) == (2, 2)


# The document


def test_a_document_says_what_was_asked_for_and_of_which_day():
    document = parse(Announcement(built=datetime(2026, 5, 12, 4, 0, 3, tzinfo=UTC)).add().rss())
    assert (document.kind, document.title) == ("rss", "cs.LG updates on arXiv.org")
    assert (document.categories, document.day) == (("cs.LG",), date(2026, 5, 12))
    assert document.built_at == datetime(2026, 5, 12, 4, 0, 3, tzinfo=UTC)


def test_several_categories_in_one_document_are_named():
    assert parse(Announcement("cs.AI, cs.CL").rss()).categories == ("cs.AI", "cs.CL")


def test_an_empty_announcement_is_a_document():
    document = parse(Announcement().rss())
    assert (document.declared, document.entries) == (0, ())


def test_what_is_declared_is_counted_beside_what_is_read():
    content = Announcement().add().add().rss()
    assert parse(content).declared == content.count(b"<item>") == 2


def test_the_day_is_the_date_in_new_york():
    content = (
        Announcement().rss().replace(b"12 May 2026 00:00:00 -0400</pub", b"12 May 2026 03:59:59 +0000</pub")
    )
    assert parse(content).day == date(2026, 5, 11)


def test_an_item_may_carry_another_day_than_its_document():
    content = (
        Announcement().add().rss().replace(b"Tue, 12 May 2026 00:00:00 -0400</pubDate></", b"x</pubDate></")
    )
    head, items = content.split(b"<item>")
    yesterday = items.replace(b"Tue, 12 May", b"Mon, 11 May")
    document = parse(head + b"<item>" + yesterday)
    assert (document.day, document.entries[0].day) == (date(2026, 5, 12), date(2026, 5, 11))


def test_the_atom_form_says_the_same():
    document = parse((DATA / "cs.LG.atom.xml").read_bytes())
    assert (document.kind, document.day, document.declared) == ("atom", date(2026, 5, 12), 2)
    assert document.built_at == datetime(2026, 5, 12, 4, 0, 19, 866337, tzinfo=UTC)
    assert document.entries == (
        Entry(
            arxiv_id="2605.90001",
            version=1,
            announce_type="new",
            title="Invented Robots of $x<y$",
            abstract="We invent S&P and <think> tokens.\nThey walk.",
            authors=("Ada Example (MIT, CSAIL)", "Bo Sámple"),
            categories=("cs.LG", "cs.RO"),
            license="http://creativecommons.org/licenses/by/4.0/",
            day=date(2026, 5, 12),
        ),
        Entry(
            arxiv_id="2601.90002",
            version=3,
            announce_type="replace-cross",
            title="A Robot That Came Again",
            abstract="It came again.",
            authors=("Cy Third",),
            categories=("cs.RO",),
            license="http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
            doi="10.1000/invented.1",
            journal_ref="Invented Letters 1, 2 (2026)",
            day=date(2026, 5, 12),
        ),
    )


def test_the_old_rdf_form_is_read():
    document = parse((DATA / "cs.CL.rdf.xml").read_bytes())
    assert (document.kind, document.declared, document.skipped) == ("rdf", 4, ())
    assert document.entries[0] == Entry(
        arxiv_id="2401.90001",
        version=1,
        announce_type="new",
        title="Words (and More): Invented Words",
        abstract="We invent words of $x < y$ and <think> tokens.\nCode is at https://a.org/b",
        authors=("Ada Example", "Bo Sámple (MIT, CSAIL)"),
        categories=("cs.CL",),
    )


def test_the_old_rdf_forms_marks_are_announce_types():
    entries = parse((DATA / "cs.CL.rdf.xml").read_bytes()).entries
    assert [e.announce_type for e in entries] == ["new", "cross", "replace", "replace-cross"]
    assert entries[3].title == "Old Words of Others?"


def test_the_old_rdf_forms_evening_is_the_next_days_announcement():
    assert parse((DATA / "cs.CL.rdf.xml").read_bytes()).day == date(2024, 1, 29)  # built on Sunday at 20:30
