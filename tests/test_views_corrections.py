"""digest/views/corrections.py: whoever may corrects a sentence on the page, and everybody has it in seconds."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from digest.corrections import LONGEST
from digest.models import Correction, Segment, Sentence, Translation
from worker.memory import assemble

WALK = "The robot walks"
TYPED = "机器人用$n<4$条腿走。"


@pytest.fixture
def segment(bobs_digest) -> Segment:
    return Segment.objects.get(source__startswith=WALK)


@pytest.fixture
def as_bob(client, bob):
    """Bob has the right."""
    bob.user_permissions.add(Permission.objects.get(codename="add_correction"))
    client.force_login(bob)
    return client


def at(segment: Segment) -> str:
    return reverse("sentence", args=[segment.pk])


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def paper(client) -> str:
    return page(client, reverse("paper", args=["2605.90001"]))


# --- who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_reader_without_the_right_is_refused(client, charlie, segment, method):
    client.force_login(charlie)
    assert getattr(client, method)(at(segment), {"text": TYPED}).status_code == 403
    assert not Correction.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_is_sent_to_the_log_in(client, segment, method):
    answer = getattr(client, method)(at(segment), {"text": TYPED})
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("login"))
    assert not Correction.objects.exists()


def test_an_administrator_may(client, alice, segment):
    client.force_login(alice)
    assert client.post(at(segment), {"text": TYPED}).status_code == 302
    assert Correction.objects.get().by == alice


def test_a_reader_with_the_right_may(as_bob, bob, segment):
    answer = as_bob.post(at(segment), {"text": TYPED})
    assert (answer.status_code, answer.url) == (302, reverse("paper", args=["2605.90001"]))
    assert Correction.objects.values_list("by", "text").get() == (bob.pk, "机器人用<v0>条腿走。")


def test_only_who_may_sees_the_pencils(client, charlie, as_bob, bobs_digest):
    pencils = re.compile(r'href="/sentences/(\d+)/"')
    here = set(map(int, pencils.findall(paper(as_bob))))
    assert here == set(
        Segment.objects.filter(
            translation__version__paper__arxiv_id="2605.90001", sentence__isnull=False
        ).values_list("pk", flat=True)
    )
    client.force_login(charlie)
    assert not pencils.findall(paper(client))


def test_a_digest_has_no_pencils(as_bob, bobs_digest):
    assert "✎" not in page(as_bob, reverse("today"))


def test_the_form_is_safe_from_other_sites(bob, alice, segment):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post(at(segment), {"text": TYPED}).status_code == 403


@pytest.mark.parametrize("pk", [999_999, 10**30])
def test_a_sentence_that_is_not_there_is_not_found(as_bob, bobs_digest, pk):
    assert as_bob.get(f"/sentences/{pk}/").status_code == 404


def test_a_formula_alone_has_no_page(as_bob, segment):
    Segment.objects.filter(pk=segment.pk).update(sentence=None)
    assert as_bob.get(at(segment)).status_code == 404


# --- the page ---------------------------------------------------------------------------------


def test_the_page_has_both_languages_and_the_formulas(as_bob, segment):
    text = page(as_bob, at(segment))
    assert '<span class="math">$n&lt;4$</span>' in text
    assert 'lang="zh-Hans" dir="ltr"' in text
    assert "<code>$n&lt;4$</code>" in text
    assert segment.text.replace("<", "&lt;") in text


def test_the_page_says_where_else_the_sentence_stands(as_bob, segment):
    other = Segment.objects.exclude(translation=segment.translation).filter(field="abstract").first()
    Segment.objects.filter(pk=other.pk).update(sentence=segment.sentence)
    assert "in 1 other place, which is corrected too" in page(as_bob, at(segment))


def test_the_page_says_why_a_sentence_stays_in_english(as_bob, segment):
    Sentence.objects.filter(pk=segment.sentence_id).update(verdict="numbers")
    Segment.objects.filter(pk=segment.pk).update(text="")
    assert "It stays in English because a number was lost or changed." in page(as_bob, at(segment))


# --- correcting -------------------------------------------------------------------------------


def test_it_stands_on_the_paper_at_once_and_everywhere_in_seconds(as_bob, segment, now):
    answer = as_bob.post(at(segment), {"text": TYPED}, follow=True)
    assert "机器人用" in answer.content.decode()
    assert "follows within seconds" in answer.content.decode()
    assert not Sentence.objects.pending().exists()  # nothing is translated for it
    assemble(now)
    assert TYPED in Translation.objects.get(pk=segment.translation_id).abstract
    assert "机器人用" in page(as_bob, reverse("today"))


def test_a_title_is_corrected_on_the_page(as_bob, bobs_digest, now):
    title = Segment.objects.get(source__startswith="A Robot of Order")
    as_bob.post(at(title), {"text": "$O(n^2)$阶机器人"})
    assemble(now)
    assert "阶机器人" in paper(as_bob)


def test_a_paper_that_stayed_in_english_is_corrected_on_the_page(as_bob, segment, now):
    Sentence.objects.update(verdict="loop")
    Translation.objects.update(stale=True)
    assemble(now)
    assert f'href="{at(segment)}"' in paper(as_bob)
    as_bob.post(at(segment), {"text": TYPED})
    assemble(now)
    assert "机器人用" in paper(as_bob)


def test_it_says_who_corrected_it(as_bob, segment):
    as_bob.post(at(segment), {"text": TYPED})
    assert re.search(r"Corrected by bob on \d{4}-\d\d-\d\d\.", page(as_bob, at(segment)))


def test_what_nobody_here_corrected_has_no_name(as_bob, segment, bob):
    as_bob.post(at(segment), {"text": TYPED})
    Correction.objects.update(by=None)
    text = page(as_bob, at(segment))
    assert "Corrected on" in text
    assert "None" not in text


def test_a_correction_is_taken_back(as_bob, segment, now):
    before = segment.text
    as_bob.post(at(segment), {"text": TYPED})
    assemble(now)
    assert as_bob.post(at(segment), {"withdraw": "1", "text": ""}).status_code == 302
    assemble(now)
    segment.refresh_from_db()
    assert (segment.text, Correction.objects.count()) == (before, 0)


def test_taking_back_what_is_not_there_changes_nothing(as_bob, segment):
    assert as_bob.post(at(segment), {"withdraw": "1"}).status_code == 302
    assert not Translation.objects.filter(stale=True).exists()


# --- what is typed ----------------------------------------------------------------------------


def test_scripts_are_shown_and_not_run(as_bob, segment, now):
    as_bob.post(at(segment), {"text": f"<script>alert(1)</script><img src=x onerror=alert(1)>{TYPED}"})
    assemble(now)
    for text in (paper(as_bob), page(as_bob, at(segment)), page(as_bob, reverse("today"))):
        assert "&lt;script&gt;alert(1)" in text
        assert "<script>alert" not in text
        assert "<img src=x" not in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param("字" * 100_000, "at most 5000 characters", id="100,000 characters"),
        pytest.param("机器人走。", "has to stand in the correction", id="the formula lost"),
        pytest.param("机器人用<v0>条腿走。", "has to stand in the correction", id="a placeholder instead"),
        pytest.param(f"{TYPED}＜v0＞", "stand for formulas", id="a placeholder besides"),
        pytest.param(f"{TYPED}\x00", "no control characters", id="NUL"),
        pytest.param("", "is empty", id="nothing"),
        pytest.param("</textarea><script>alert(1)</script>", "has to stand", id="out of the field"),
    ],
)
def test_what_is_no_correction_is_said_and_stays_in_the_field(as_bob, segment, typed, said):
    answer = as_bob.post(at(segment), {"text": typed})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(rf'<p class="error" role="alert"[^>]*>[^<]*{said}', text)
    assert "<script>alert" not in text
    assert len(text) < 4 * LONGEST + 20_000
    assert not Correction.objects.exists()


def test_nothing_at_all_is_said_too(as_bob, segment):
    assert "is empty" in as_bob.post(at(segment)).content.decode()
