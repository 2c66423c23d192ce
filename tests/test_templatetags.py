"""digest/templatetags/papers.py: whatever a paper's text says, the page shows it and does not do it."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from digest.keywords import Matcher, canonical
from digest.picture import SentencePicture
from digest.templatetags import papers
from digest.versions import diff
from tests.pictures import digest, paper, translated

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "$<script>alert(1)</script>$",
    "$x<img src=x onerror=alert(1)>$",
    r"\(<b onclick=alert(1)>\)",
    'https://example.org/"onmouseover="alert(1)',
    "https://example.org/<script>alert(1)</script>",
    "javascript:alert(1)",
    r"\href{javascript:alert(1)}{here}",
    r"\url{javascript:alert(1)}",
    "</article></main><h1>Other</h1>",
    "{{ settings.SECRET_KEY }}{% load static %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!-- -->",
    r"$\href{javascript:alert(1)}{x}$",
    "a\u202egnp.exe",
]
ALLOWED = {("span", "math"), ("a", None), ("mark", None)}
"""Elements (and their class) that a text may bring about."""


class Elements(HTMLParser):
    """The elements and attributes of a page, and its text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def announced(text: str, *keywords: str, **context: object) -> str:
    matcher = Matcher([canonical(keyword) for keyword in keywords]) if keywords else None
    return papers.announced(context, text, matcher)  # type: ignore[arg-type]


def wrapped(markup: str, tag: str) -> list[str]:
    return re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", markup)


# --- hostile text -----------------------------------------------------------------------------


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_text_makes_no_element_of_its_own(hostile):
    for tag, attributes in Elements(announced(hostile, "alert")).elements:
        assert (tag, attributes.get("class")) in ALLOWED
        assert set(attributes) <= {"class", "href", "rel"}
        assert (attributes.get("href") or "https://").startswith("https://")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_change_makes_no_element_of_its_own(hostile):
    elements = Elements(papers.changed({}, diff("An old text.", f"A new text {hostile}"))).elements
    changed = {("ins", None), ("del", None), ("span", "visually-hidden")}
    assert {(tag, attributes.get("class")) for tag, attributes in elements} <= ALLOWED | changed
    assert all(set(attributes) <= {"class", "href", "rel"} for _, attributes in elements)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("field", ["title", "abstract", "authors", "title_translated", "abstract_translated"])
def test_a_hostile_paper_looks_like_a_harmless_one(hostile, field):
    value = (hostile, "Bo Sample") if field == "authors" else hostile
    harmless = ("x", "Bo Sample") if field == "authors" else "x"
    assert frame(**{field: value}) == frame(**{field: harmless})


def frame(**fields: object) -> list[str]:
    """The elements of a paper on the page, less those that mark formulas and addresses in its text."""
    if "abstract_translated" in fields:
        fields["sentences"] = (SentencePicture(0, "We build.", str(fields["abstract_translated"])),)
    markup = render_to_string("partials/paper.html", {"paper": translated(**fields)})
    return [
        f"{tag} {sorted(attributes)}"
        for tag, attributes in Elements(markup).elements
        if attributes.get("class") != "math" and attributes.get("rel") != "noopener nofollow ugc"
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        *HOSTILE,
        r"\color{red\" onclick=\"alert(1)}{x}",
        r"\hspace{1em\" onload=\"alert(1)}",
        r"\style{background:url(//example.org)}{x}",
        r"\text{<script>alert(1)</script>}",
        r"\includegraphics{//example.org/x.png}",
    ],
)
def test_a_hostile_formula_does_nothing_in_a_file(hostile):
    for tag, attributes in Elements(announced(f"${hostile}$ and {hostile}", mathml=True)).elements:
        assert tag == "math" or tag.startswith("m") or (tag, attributes.get("class")) in ALLOWED
        assert not {name for name in attributes if name.startswith("on") or name in {"src", "style"}}
        assert (attributes.get("href") or "https://").startswith("https://")


def test_ampersands_and_angles_of_a_text_are_shown_as_they_are():
    assert Elements(announced("S&P < AT&amp;T > <think>")).text == "S&P < AT&amp;T > <think>"


# --- formulas and addresses -------------------------------------------------------------------


def test_a_formula_is_marked_and_not_touched():
    assert wrapped(announced(r"A bound of $O(n_k \log n)$ is shown."), "span") == [r"$O(n_k \log n)$"]


def test_a_formula_with_an_angle_is_escaped_once():
    assert wrapped(announced("where $a<b$ holds"), "span") == ["$a&lt;b$"]


def test_a_price_is_no_formula():
    assert "math" not in announced("It costs $5 here and $6 there.")


def test_a_file_has_its_formulas_as_mathml():
    assert "<math" in announced("where $a<b$ holds", mathml=True)


def test_a_formula_that_can_not_be_drawn_stands_as_it_is_in_a_file():
    assert r"\undefined" in announced(r"so $\undefined{$ is", mathml=True)


def test_an_address_is_a_link_without_the_full_stop():
    markup = announced("See https://example.org/a_b.")
    assert (
        markup
        == 'See <a href="https://example.org/a_b" rel="noopener nofollow ugc">https://example.org/a_b</a>.'
    )


@pytest.mark.parametrize("text", ["代码见{}。", "代码在{}发布", "({})", "见{}，其中"])
def test_an_address_ends_where_the_language_goes_on(text):
    address = "https://example.org/a_b"
    assert wrapped(papers.translated({}, text.format(address)), "a") == [address]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("http://example.org/x", "http://example.org/x"),
        ("www.example.org/x", "https://www.example.org/x"),
        ("ftp://example.org/x", "ftp://example.org/x"),
    ],
)
def test_an_address_links_to_where_it_says(address, href):
    assert f'href="{href}"' in announced(f"Data at {address} now.")


def test_tex_of_the_prose_is_read():
    assert announced(r"Schr\"odinger's \emph{cat} -- 50\% alive") == "Schrödinger&#x27;s cat – 50% alive"


def test_paragraphs_are_paragraphs():
    assert announced("One.\nTwo.") == "<p>One.</p><p>Two.</p>"


# --- highlights -------------------------------------------------------------------------------


def test_a_keyword_is_highlighted_as_it_is_written():
    assert wrapped(announced("A Diffusion-\nPolicy for robots", "diffusion policy"), "mark") == []
    assert wrapped(announced("A Diffusion-Policy for Robots", "diffusion policy", "robot"), "mark") == [
        "Diffusion-Policy",
        "Robots",
    ]


def test_keywords_that_overlap_are_one_highlight():
    markup = announced("deep reinforcement learning theory", "deep reinforcement", "reinforcement learning")
    assert wrapped(markup, "mark") == ["deep reinforcement learning"]


def test_a_keyword_inside_a_formula_is_not_highlighted():
    markup = announced("The $robot$ robot", "robot")
    assert (wrapped(markup, "span"), wrapped(markup, "mark")) == (["$robot$"], ["robot"])


def test_a_keyword_that_reaches_into_a_formula_is_not_highlighted():
    assert wrapped(announced("an order $n$ bound", "order n"), "mark") == []


def test_a_keyword_inside_an_address_is_not_highlighted():
    assert wrapped(announced("See https://example.org/robot for it", "robot"), "mark") == []


def test_a_highlight_is_escaped():
    assert wrapped(announced("the Q&A robots", "q & a"), "mark") == ["Q&amp;A"]


# --- small things -----------------------------------------------------------------------------


def test_plain_is_what_a_person_reads():
    assert papers.plain(r"The \emph{cost} is $\alpha < 1$") == "The cost is α < 1"


def test_a_long_list_of_authors_is_folded():
    names = tuple(f"Author {n}" for n in range(15))
    assert papers.first_authors(names).count(",") == 11
    assert papers.more_authors(names) == ("Author 12", "Author 13", "Author 14")


def test_sentences_are_grouped_by_paragraph():
    sentences = tuple(SentencePicture(place, str(n), "") for n, place in enumerate([0, 0, 2]))
    assert [len(group) for group in papers.paragraphs(paper(sentences=sentences))] == [2, 1]


@pytest.mark.parametrize(
    ("code", "direction", "gap"), [("zh-Hans", "ltr", ""), ("ar", "rtl", " "), ("fr", "ltr", " ")]
)
def test_a_language_says_how_it_is_set(code, direction, gap):
    assert (papers.direction(code), papers.gap(code)) == (direction, gap)


def test_a_moment_is_told_in_arxivs_own_time():
    assert papers.eastern(datetime(2026, 5, 12, 6, 0, tzinfo=UTC)) == "2026-05-12 02:00"


# --- the picture of a paper -------------------------------------------------------------------


def test_both_halves_of_a_paper_say_their_language():
    markup = render_to_string("partials/paper.html", {"paper": translated()})
    halves = [
        attributes["lang"]
        for tag, attributes in Elements(markup).elements
        if tag == "div" and attributes.get("class") in ("original", "translation")
    ]
    assert halves == ["en", "zh-Hans"]


def test_a_sentence_that_stayed_in_english_is_marked():
    sentences = (SentencePicture(0, "We build.", "我们造。"), SentencePicture(0, "It walks.", ""))
    markup = render_to_string("partials/paper.html", {"paper": translated(sentences=sentences)})
    assert re.findall(r'<span class="untranslated"[^>]* lang="en"[^>]*>(.*?)</span>', markup) == ["It walks."]


def test_an_abstract_that_could_not_be_translated_says_so():
    failed = paper(model="nllb#1", language="zh-Hans")
    assert "untranslated-note" in render_to_string("partials/paper.html", {"paper": failed})


def test_an_abstract_that_nobody_translates_says_nothing():
    assert "untranslated" not in render_to_string("partials/paper.html", {"paper": paper()})


def test_a_right_to_left_translation_says_so():
    markup = render_to_string("partials/paper.html", {"paper": translated(language="ar")})
    assert 'lang="ar" dir="rtl"' in markup


def test_a_new_paper_has_no_badge_and_a_cross_list_has():
    badges = [
        "badge" in render_to_string("partials/paper.html", {"paper": paper(announce_type=kind)})
        for kind in ("new", "cross")
    ]
    assert badges == [False, True]


def test_the_day_is_the_arxiv_day():
    markup = render_to_string("partials/digest.html", {"digest": digest(announced=date(2026, 5, 12))})
    assert "May 12, 2026" in markup
