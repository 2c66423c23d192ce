"""digest/formats.py: a digest as JSON and as Markdown."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from markdown_it import MarkdownIt

from digest.formats import as_data, as_json, as_markdown
from digest.picture import GroupPicture, Matched
from tests.pictures import MODEL, digest, paper, translated

SHANGHAI = ZoneInfo("Asia/Shanghai")


def data(*papers):
    """What JSON says of papers that one keyword brought."""
    return as_data(digest(GroupPicture("robot", papers)))["groups"][0]["papers"]


def markdown(*papers, keyword: str = "robot", **fields) -> str:
    return as_markdown(digest(GroupPicture(keyword, papers), **fields), SHANGHAI)


# JSON


def test_json_has_exactly_these_keys_of_a_digest():
    assert list(as_data(digest())) == ["announced", "generated_at", "language", "model", "count", "groups"]


def test_json_has_the_proof_of_a_digest_that_has_one():
    proof = ({"category": "cs.LG", "state": "complete", "declared": 1, "stored": 1},)
    assert as_data(replace(digest(), proof=proof))["proof"] == list(proof)


def test_json_has_exactly_these_keys_of_a_group():
    assert list(as_data(digest())["groups"][0]) == ["keyword", "count", "papers"]


def test_json_says_whether_a_paper_is_withdrawn():
    assert [one["withdrawn"] for one in data(paper(), paper(withdrawn=True))] == [False, True]


def test_json_has_exactly_these_keys_of_a_paper():
    keys = (
        "arxiv_id version announce_type withdrawn title title_translated authors subjects abs_url pdf_url "
        "abstract abstract_translated translation matched"
    )
    assert list(data(paper())[0]) == keys.split()


def test_json_has_exactly_these_keys_of_a_subject_and_a_place():
    told = data(paper())[0]
    assert told["subjects"][0] == {"code": "cs.RO", "name": "Robotics"}
    assert told["matched"][0] == {"keyword": "robot", "field": "title", "start": 2, "end": 7}


def test_json_tells_the_day_and_the_moment():
    told = as_data(digest(generated_at=datetime(2026, 5, 12, 6, 0, 1, 999_999, tzinfo=UTC)))
    assert (told["announced"], told["generated_at"]) == ("2026-05-12", "2026-05-12T06:00:01+00:00")


def test_json_counts_the_papers_of_the_digest_and_of_each_keyword():
    told = as_data(digest())
    assert (told["count"], [group["count"] for group in told["groups"]]) == (2, [2, 0])


def test_json_names_the_model_or_none():
    assert [as_data(digest(model=model))["model"] for model in (MODEL, "")] == [MODEL, "none"]


def test_json_has_null_where_there_is_no_translation():
    told = data(paper())[0]
    assert (told["title_translated"], told["abstract_translated"], told["translation"]) == (
        None,
        None,
        "none",
    )


def test_json_has_both_languages_where_there_is_one():
    told = data(translated())[0]
    assert (told["title"], told["title_translated"]) == ("A Robot", "一个机器人")
    assert (told["abstract_translated"], told["translation"]) == ("我们造了一个机器人。它会走。", "complete")


def test_json_keeps_tex_as_announced():
    assert data(paper(title=r"Schr\"odinger's $x<y$"))[0]["title"] == r"Schr\"odinger's $x<y$"


def test_places_in_json_are_right_across_paragraphs():
    found = (Matched("robot", "abstract", 9, 14),)
    told = data(paper(abstract="One day.\nrobot.", matched=found))[0]
    assert told["abstract"][9:14] == "robot"


def test_json_is_one_document_that_reads_back():
    assert json.loads(as_json(digest())) == as_data(digest())


def test_json_is_written_in_its_own_letters():
    assert "一个机器人" in as_json(digest())


# Markdown


def test_markdown_begins_with_when_it_was_made_and_what_of():
    assert as_markdown(digest(), SHANGHAI).splitlines()[:6] == [
        "# arXiv digest 2026-05-12",
        "",
        "- **Made:** 2026-05-12 14:00 Asia/Shanghai · 2026-05-12 02:00 America/New_York",
        "- **arXiv announcement day:** 2026-05-12 (Tuesday), out since 2026-05-12 08:00 Asia/Shanghai · "
        "2026-05-11 20:00 America/New_York",
        "- **Papers:** 2",
        f"- **Translation:** zh-Hans, by {MODEL}: 1 whole, 0 in part, 1 in English",
    ]


def test_markdown_has_one_section_for_each_keyword_in_order():
    sections = [line for line in as_markdown(digest(), SHANGHAI).splitlines() if line.startswith("## ")]
    assert sections == ["## robot", "## diffusion policy"]


def test_markdown_says_where_a_keyword_brought_nothing():
    assert "## diffusion policy\n\nNo new papers.\n" in as_markdown(digest(), SHANGHAI)
    assert as_markdown(digest(), SHANGHAI).count("No new papers.") == 1


def test_markdown_tells_all_of_a_paper():
    text = markdown(translated())
    assert text[text.index("### ") :].splitlines()[:13] == [
        "### A Robot",
        "",
        "**一个机器人**",
        "",
        "- **Authors:** Ada Example, Bo Sample (MIT, CSAIL)",
        "- **Subjects:** Robotics (cs.RO); Machine Learning (cs.LG)",
        "- **Links:** [https://arxiv.org/abs/2605.90002](https://arxiv.org/abs/2605.90002) · "
        "[PDF](https://arxiv.org/pdf/2605.90002v1)",
        "- **Keywords:** robot",
        "",
        "We build a robot. It walks.",
        "",
        "我们造了一个机器人。它会走。",
        "",
    ]


def test_markdown_thanks_arxiv():
    assert markdown(paper()).endswith("Thank you to arXiv for use of its open access interoperability.\n")


def test_markdown_says_what_kind_of_announcement_it_was_unless_new():
    assert "**Announced as:** cross (version 2)\n" in markdown(paper(announce_type="cross", version=2))
    assert "Announced as" not in markdown(paper())


def test_markdown_says_that_a_paper_was_replaced_and_leads_to_what_changed():
    replaced = paper(announce_type="replace-cross", version=5)
    assert "**Announced as:** replace-cross (replaced, version 5)\n" in markdown(replaced)
    text = as_markdown(digest(GroupPicture("robot", (replaced,))), SHANGHAI, "https://papers.example.org")
    assert "· [what changed](https://papers.example.org/papers/2605.90001/?v=5#changes)\n" in text


def test_markdown_has_no_line_of_keywords_where_a_new_version_has_none():
    assert "**Keywords:**" not in markdown(paper(announce_type="replace", version=2, matched=()))


def test_markdown_says_first_that_a_paper_was_withdrawn_and_why():
    text = markdown(paper(withdrawn=True, comments="Withdrawn: *Lemma 3* is wrong for $n<4$."))
    assert "### A Robot\n\n**Withdrawn.** Withdrawn: \\*Lemma 3\\* is wrong for $n&lt;4$.\n" in text
    assert "### A Robot\n\n**Withdrawn.**\n" in markdown(paper(withdrawn=True))
    assert "Withdrawn" not in markdown(paper(comments="12 pages"))


def test_markdown_says_that_a_translation_is_partial():
    assert "*Sentences in English could not be translated" in markdown(translated(translation="partial"))


def test_markdown_says_that_there_is_no_translation_to_trust():
    told = markdown(translated(translation="none", title_translated="", abstract_translated=""))
    assert "*This abstract could not be translated reliably.*" in told


def test_markdown_does_not_apologise_where_nothing_was_to_be_translated():
    assert "could not be translated" not in markdown(paper(), model="")


def test_markdown_says_that_a_demonstration_model_translated():
    told = markdown(translated(model="demo#12345678"), model="demo#12345678")
    assert "a demonstration model that knows only the sample's language" in told


def test_markdown_keeps_paragraphs_apart():
    assert "\nOne.\n\nTwo.\n" in markdown(paper(abstract="One.\nTwo."))


def test_markdown_reads_tex_and_keeps_formulas():
    assert "### Schrödinger's $x_i$ and $y_i$\n" in markdown(paper(title=r"Schr\"odinger's $x_i$ and $y_i$"))


def test_markdown_keeps_an_address():
    assert "\nSee https://a.org/x_y_z.\n" in markdown(paper(abstract="See https://a.org/x_y_z."))


def _all_of(text: str):
    """A paper with this text wherever a text can be."""
    return translated(
        title=text,
        abstract=text,
        authors=(text,),
        categories=(text,),
        title_translated=text,
        abstract_translated=text,
        matched=(Matched(text, "title", 0, 1),),
    )


def rendered(text: str) -> tuple[list[str], str]:
    """The tags and the words that a Markdown reader makes of a text."""
    tags, words = [], []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            tags.append(" ".join([tag, *(str(value) for _, value in attributes)]))

        def handle_data(self, data: str) -> None:
            words.append(data)

    Reader().feed(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
    return tags, "".join(words)


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("<script>alert(1)</script>", id="tag"),
        pytest.param("a <img src=x onerror=alert(1)> b", id="image tag"),
        pytest.param("$x<script>alert(1)</script>$", id="tag in a formula"),
        pytest.param(r"a \(<b>x\) b", id="tag in the other formula"),
        pytest.param("[here](javascript:alert(1))", id="link"),
        pytest.param("![x](https://a.org/pixel.png)", id="image"),
        pytest.param("$x^[here](https://a.org/)$", id="link in a formula"),
        pytest.param(r"$x ![y](https://a.org/pixel.png)$", id="image in a formula"),
        pytest.param("[x]: https://a.org", id="reference"),
        pytest.param("a **bold** *so* _so_ __so__", id="emphasis"),
        pytest.param("``` code `x` ```", id="code"),
        pytest.param("a | b", id="table"),
        pytest.param("a ~~struck~~ b", id="struck"),
        pytest.param("<https://a.org>", id="autolink"),
        pytest.param("</details><!--", id="comment"),
        *(pytest.param(f"{sign} x", id=sign) for sign in ["#", "##", "-", "+", "*", ">", "1.", "12)", "|"]),
        *(pytest.param(sign, id=sign) for sign in ["===", "***", "___", "- - -"]),
    ],
)
def test_a_hostile_text_changes_nothing_around_it(hostile: str):
    innocent, _ = rendered(markdown(_all_of("innocent"), keyword="innocent"))
    tags, _ = rendered(markdown(_all_of(hostile), keyword=hostile))
    assert tags == innocent


@pytest.mark.parametrize(
    "text", ["&lt;b&gt; &#60;i&#62;", "S&P 500", "a_b*c*d_e", "C# [sic] ~5", "1. first", "5 > 3 < 4"]
)
def test_a_text_reads_the_same_in_markdown(text: str):
    assert f"\n{text}\n" in rendered(markdown(translated(abstract=text)))[1]


def test_a_line_of_dashes_in_an_abstract_ends_nothing():
    tags, _ = rendered(markdown(translated(abstract="One.\n- - -\nTwo.", abstract_translated="---\n===")))
    assert tags.count("hr") == 1


def test_a_line_break_in_a_keyword_begins_neither_heading_nor_list():
    tags, _ = rendered(markdown(paper(), keyword="robot\n# x\n\n- y"))
    assert (tags.count("h1"), tags.count("ul")) == (1, 2)
