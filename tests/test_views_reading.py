"""digest/views/reading.py: today, past digests, one paper."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from digest.following import follow, want_replacements
from digest.models import Category, Digest, Download, Paper, PaperVersion, Translation, User
from tests.conftest import announced
from tests.documents import Document
from tests.steps import choose, match, publish, queries, walk


def page(client, name: str, *args: object, status: int = 200) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == status
    return answer.content.decode()


# --- today ------------------------------------------------------------------------------------


def test_today_is_the_newest_digest(as_bob, bobs_digest):
    text = page(as_bob, "today")
    assert "May 12, 2026" in text
    assert "2605.90001v1" in text


def test_before_the_first_digest_each_category_says_what_it_waits_for(as_bob, bob):
    Category.objects.create(code="cs.LG", followed=True)  # asked already: nothing more is due
    assert "its papers are being matched and translated" in page(as_bob, "today")


def test_both_languages_are_on_the_page(as_bob, bobs_digest):
    text = page(as_bob, "today")
    assert '<div class="original" lang="en">' in text
    assert '<div class="translation" lang="zh-Hans" dir="ltr">' in text


@pytest.mark.parametrize(("name", "arguments"), [("today", []), ("paper", ["2605.90002"])])
@pytest.mark.parametrize(
    ("display", "classes"),
    [
        ("both", ["original", "title-translated"]),
        ("translation-first", ["title-translated", "original"]),
        ("original", ["original"]),
        ("translation", ["title-translated"]),
    ],
)
def test_titles_stand_in_the_languages_of_the_readers_choice(
    as_bob, bob, bobs_digest, display, classes, name, arguments
):
    User.objects.filter(pk=bob.pk).update(display=display)
    article = page(as_bob, name, *arguments).split('id="p260590002"')[1].split('class="abstract')[0]
    assert re.findall(r'<(?:h\d|p) class="(original|title-translated)"', article) == classes
    assert f'<{"h2" if arguments else "h3"} class="{classes[0]}"' in article


def test_formulas_and_addresses_stand_in_both_languages(as_bob, bobs_digest):
    text = page(as_bob, "today")
    assert text.count('<span class="math">$n&lt;4$</span>') == 2
    assert text.count('<a href="https://example.org/robot" rel="noopener nofollow ugc">') == 2


def test_keywords_are_highlighted(as_bob, bobs_digest):
    assert "<mark>Robot</mark>" in page(as_bob, "today")


def test_a_keyword_that_brought_nothing_says_so(as_bob, bobs_digest):
    assert "No new papers." in page(as_bob, "today")


def test_the_page_proves_that_the_digest_is_whole(as_bob, bobs_digest):
    assert "cs.LG: 2 of 2 papers" in page(as_bob, "today")


def test_the_page_tells_the_time_in_the_readers_zone(as_bob, bobs_digest):
    User.objects.update(time_zone="Asia/Shanghai")
    text = page(as_bob, "today")
    assert "2026-05-12 08:00</time> Asia/Shanghai (2026-05-11 20:00 US Eastern)" in text
    assert "2026-05-12 14:00</time> Asia/Shanghai" in text


@pytest.mark.parametrize("model", ["fake#00000001", "demo#00000001"])
def test_only_the_demonstration_model_says_that_it_is_one(as_bob, bobs_digest, model):
    Translation.objects.update(model=model)
    assert ("demonstration model" in page(as_bob, "today")) == model.startswith("demo")


def test_before_the_first_digest_the_page_says_what_it_waits_for(as_bob, now):
    Category.objects.create(code="cs.LG", followed=True, next_fetch_at=now)
    Category.objects.create(code="cs.AI", followed=True, next_fetch_at=now, last_error="arXiv was away.")
    Download.objects.create(model="big", requested_at=now, done_bytes=25, total_bytes=100)
    text = page(as_bob, "today")
    assert "arXiv is asked at 2026-05-12 06:00" in text
    assert "arXiv was away." in text
    assert "The model big is being downloaded: 25 %" in text
    assert "You follow no keyword yet" in text


def test_before_a_category_is_followed_a_reader_is_told_who_chooses_them(as_bob):
    assert "the administrator chooses them" in page(as_bob, "today")


def test_before_a_category_is_followed_an_administrator_is_sent_to_choose_them(client, alice):
    client.force_login(alice)
    assert client.get("/").url == reverse("start")


# --- a day ------------------------------------------------------------------------------------


def test_a_day_shows_its_digest(as_bob, bobs_digest):
    assert "2605.90002v1" in page(as_bob, "digest", bobs_digest.day)


def test_a_day_without_a_digest_is_not_there(as_bob, bobs_digest):
    page(as_bob, "digest", bobs_digest.day + timedelta(days=1), status=404)


@pytest.mark.parametrize("day", ["2026-02-30", "0000-00-00", "2026-5-1", "x"])
def test_a_day_that_is_none_is_not_there(as_bob, day):
    assert as_bob.get(f"/digests/{day}/").status_code == 404


def test_a_day_leads_to_its_neighbours(as_bob, bob, bobs_digest, now):
    for days in (-1, 3):
        day = bobs_digest.day + timedelta(days=days)
        Digest.objects.create(user=bob, day=day, language="zh-Hans", published_at=now, changed_at=now)
    text = page(as_bob, "digest", bobs_digest.day)
    assert 'rel="prev" href="/digests/2026-05-11/"' in text
    assert 'rel="next" href="/digests/2026-05-15/"' in text


def test_a_page_takes_as_many_queries_however_many_papers_there_are(as_bob, bob, bobs_digest, now):
    page(as_bob, "today")
    few = queries(lambda: page(as_bob, "today"))
    document = Document("cs.RO")
    for number in range(20):
        document.add(f"2605.8{number:04d}", title="A Robot")
    announced(document)
    walk(now)
    assert bobs_digest.entries.count() == 22
    assert queries(lambda: page(as_bob, "today")) == few


# --- one paper --------------------------------------------------------------------------------


def test_a_paper_has_a_page(as_bob, bobs_digest):
    text = page(as_bob, "paper", "2605.90001")
    assert "https://arxiv.org/abs/2605.90001" in text
    assert "2026-05-12 cs.LG (cross-list)" in text


def test_a_paper_shows_the_keywords_of_who_looks_at_it(client, bobs_digest, charlie):
    follow(charlie, "walks")
    match()
    client.force_login(charlie)
    text = page(client, "paper", "2605.90001")
    assert '<span class="keyword">walks</span>' in text
    assert '<span class="keyword">Robot</span>' not in text


def test_a_paper_is_shown_by_its_newest_version(as_bob, bobs_digest, announce, now):
    announce(Document("cs.RO").add("2605.90001", version=2, title="A Better Robot"), now)
    assert "A Better " in page(as_bob, "paper", "2605.90001")


def test_an_old_identifier_has_a_page(as_bob, announce):
    announce(Document("hep-th").add("hep-th/9901001", title="Old Strings"))
    assert "Old Strings" in page(as_bob, "paper", "hep-th/9901001")


def test_a_paper_that_is_not_here_is_not_there(as_bob):
    page(as_bob, "paper", "2605.99999", status=404)


def test_a_paper_without_a_version_is_not_there(as_bob, bobs_digest):
    Paper.objects.create(arxiv_id="2605.99999")
    assert PaperVersion.objects.count() == 2
    page(as_bob, "paper", "2605.99999", status=404)


def test_a_papers_facts_are_on_its_page(as_bob, bobs_digest):
    Paper.objects.update(doi="10.1/x<y", journal_ref="J. Robots 1", license="CC0")
    text = page(as_bob, "paper", "2605.90001")
    for fact in ("10.1/x&lt;y", "J. Robots 1", "CC0", "fake#00000001"):
        assert fact in text


def test_the_translation_is_in_the_readers_language_now(as_bob, bobs_digest):
    User.objects.update(content_language="ja")
    choose("fake")
    assert 'class="translation"' not in page(as_bob, "paper", "2605.90001")


# --- versions, withdrawals --------------------------------------------------------------------


@pytest.fixture
def two_versions(bob, document, now):
    """A robot's paper and its replacement a day later, both in Chinese too."""
    abstract = "The robot walks on $n<4$ legs. We look."
    publish(bob, document.add("2605.90001", title="A Robot", abstract=abstract), "robot")
    want_replacements(bob.subscriptions.get(), True)
    later = Document(day=document.day + timedelta(days=1)).add(
        "2605.90001",
        version=2,
        announce_type="replace",
        title="A Fast Robot",
        abstract=abstract.replace("4", "6"),
    )
    announced(later, now + timedelta(days=1))
    walk(now + timedelta(days=1))


def test_a_paper_shows_what_changed_in_its_newest_version(as_bob, two_versions):
    text = re.sub(r'<span class="visually-hidden">(.*?)</span>', r"\1", page(as_bob, "paper", "2605.90001"))
    assert "What changed since version 1" in text
    assert "A <ins> [added: Fast  end of added] </ins>Robot" in text
    assert '<del> [removed: <span class="math">$n&lt;4$</span> end of removed] </del>' in text
    assert '<ins> [added: <span class="math">$n&lt;6$</span> end of added] </ins>' in text


def test_a_paper_shows_what_changed_in_its_translation(as_bob, two_versions):
    changes = page(as_bob, "paper", "2605.90001").partition('id="changes"')[2]
    assert changes.count('<p class="translation" lang="zh-Hans" dir="ltr">') == 2
    assert changes.count("$n&lt;4$") == 2


def test_a_change_is_told_in_english_where_one_version_has_no_translation(as_bob, two_versions):
    Translation.objects.filter(version__number=1).delete()
    changes = page(as_bob, "paper", "2605.90001").partition('id="changes"')[2]
    assert "<ins>" in changes
    assert 'class="translation"' not in changes


def test_an_older_version_has_an_address(as_bob, two_versions):
    text = as_bob.get("/papers/2605.90001/?v=1").content.decode()
    assert "arXiv:2605.90001v1" in text
    assert "The newest one here is version 2." in text
    assert "What changed" not in text


@pytest.mark.parametrize("number", ["3", "0", "-1", "x", "", "1 or 1", "9" * 400])
def test_a_version_that_is_not_here_is_not_there(as_bob, two_versions, number):
    assert as_bob.get("/papers/2605.90001/", {"v": number}).status_code == 404


def test_the_versions_are_listed_with_when_they_were_first_seen(as_bob, two_versions):
    text = page(as_bob, "paper", "2605.90001")
    assert text.index('?v=2" aria-current="page">version 2</a>') < text.index('?v=1">version 1</a>')
    assert '">2026-05-13</time>' in text
    assert "text unchanged" not in text


def test_a_version_whose_text_is_the_same_says_so(as_bob, two_versions):
    one = PaperVersion.objects.get(number=1)
    PaperVersion.objects.filter(number=2).update(
        title=f" {one.title}", abstract=one.abstract.replace(" ", "\n")
    )
    text = page(as_bob, "paper", "2605.90001")
    assert "Text unchanged." in text
    assert text.count("(text unchanged)") == 1


def test_a_paper_of_one_version_has_no_list_of_versions(as_bob, bobs_digest):
    text = page(as_bob, "paper", "2605.90001")
    assert "<dt>Versions</dt>" not in text
    assert "What changed" not in text


def test_a_change_of_hostile_text_does_nothing(as_bob, two_versions):
    PaperVersion.objects.filter(number=2).update(abstract="<script>alert(1)</script> $<img src=x>$")
    text = page(as_bob, "paper", "2605.90001")
    assert "<script>alert" not in text
    assert "<img" not in text


@pytest.mark.parametrize("name", ["today", "paper"])
def test_a_withdrawn_paper_stays_and_says_why_it_was_withdrawn(as_bob, bobs_digest, name):
    Paper.objects.filter(arxiv_id="2605.90001").update(
        withdrawn=True, comments="Withdrawn: <b>$n<4$</b> is wrong"
    )
    text = page(as_bob, name, *(["2605.90001"] if name == "paper" else []))
    assert text.count("<strong>Withdrawn</strong>") == 1
    assert 'Withdrawn: &lt;b&gt;<span class="math">$n&lt;4$</span>&lt;/b&gt; is wrong' in text
    assert "A <mark>Robot</mark>" in text


def test_comments_are_on_a_papers_page(as_bob, bobs_digest):
    Paper.objects.update(comments="12 pages, 3 figures")
    assert "12 pages, 3 figures" in page(as_bob, "paper", "2605.90001")
    assert "12 pages" not in page(as_bob, "today")
