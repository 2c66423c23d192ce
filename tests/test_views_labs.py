"""digest/views/labs.py: my labs, and each one's shared page."""

import pytest
from django.urls import reverse

from digest import labs
from digest.following import follow
from digest.models import Lab, User
from tests.steps import publish


@pytest.fixture
def lab(bob):
    return labs.found(bob, "Robots", about="We read about robots.")


@pytest.fixture
def with_digest(lab, document):
    document.add("2605.90001", title="A Robot of Order $O(n^2)$")
    publish(lab.reader, document, "robot")
    return lab


def publish_it(lab: Lab) -> None:
    Lab.objects.filter(pk=lab.pk).update(public=True)


def page(client, lab, name="lab", *arguments):
    return client.get(reverse(name, args=[lab.slug, *arguments]))


def test_a_lab_is_founded(as_bob, bob):
    answer = as_bob.post(reverse("labs"), {"name": "  Robot   Learning ", "about": ""})
    lab = Lab.objects.get()
    assert (lab.name, answer.url) == ("Robot Learning", reverse("lab-keywords", args=["robot-learning"]))
    assert "Robot Learning" in as_bob.get(reverse("labs")).content.decode()


@pytest.mark.parametrize("name", ["", " ", "---", "x" * 101])
def test_a_name_that_is_none_is_told(as_bob, name):
    assert 'class="error"' in as_bob.post(reverse("labs"), {"name": name}).content.decode()
    assert not Lab.objects.exists()


def test_one_person_founds_only_so_many(as_bob, monkeypatch):
    monkeypatch.setattr("digest.lab_doors.MOST_LABS", 1)
    as_bob.post(reverse("labs"), {"name": "One"})
    assert "You own 1 labs already" in as_bob.post(reverse("labs"), {"name": "Two"}).content.decode()
    assert Lab.objects.count() == 1


def test_markup_in_a_name_is_text(as_bob, bob):
    lab = labs.found(bob, "<script>alert(1)</script>", about="<img src=x onerror=alert(1)>")
    for name in ("lab", "lab-past", "lab-papers", "lab-members", "lab-keywords", "lab-settings"):
        text = page(as_bob, lab, name).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert "&lt;script&gt;" in page(as_bob, lab).content.decode()


def test_members_see_its_digest(as_bob, with_digest):
    text = page(as_bob, with_digest).content.decode()
    assert "2605.90001" in text
    assert "We read about robots." in text


def test_a_lab_for_members_is_not_there_for_others(as_charlie, with_digest):
    day = with_digest.reader.digests.get().day
    for name, arguments in (("lab", []), ("lab-past", []), ("lab-papers", []), ("lab-digest", [day])):
        assert page(as_charlie, with_digest, name, *arguments).status_code == 404
        assert page(type(as_charlie)(), with_digest, name, *arguments).status_code == 404


def test_a_public_lab_is_read_without_an_account_and_names_nobody(client, with_digest):
    publish_it(with_digest)
    User.objects.filter(username="bob").update(username="roberta")
    day = with_digest.reader.digests.get().day
    for name, arguments in (("lab", []), ("lab-past", []), ("lab-papers", []), ("lab-digest", [day])):
        answer = page(client, with_digest, name, *arguments)
        assert answer.status_code == 200
        assert "roberta" not in answer.content.decode()
    assert "2605.90001" in page(client, with_digest).content.decode()
    for name in ("lab-members", "lab-keywords", "lab-settings"):
        assert page(client, with_digest, name).status_code == 302


def test_a_reader_who_is_no_member_changes_nothing_of_a_public_lab(as_charlie, lab):
    publish_it(lab)
    for name in ("lab-members", "lab-keywords", "lab-settings"):
        assert page(as_charlie, lab, name).status_code == 404
    assert as_charlie.post(reverse("lab-close", args=[lab.slug]), {"sure": lab.name}).status_code == 404


def test_a_member_who_does_not_own_it_has_no_settings(as_charlie, charlie, lab):
    labs.join(lab, charlie)
    assert page(as_charlie, lab, "lab-settings").status_code == 403
    assert as_charlie.post(reverse("lab-close", args=[lab.slug]), {"sure": lab.name}).status_code == 403


def test_owners_change_its_settings_and_the_address_stays(as_bob, lab):
    form = {
        "name": "Walking",
        "about": "",
        "public": "on",
        "content_language": "ja",
        "time_zone": "Asia/Tokyo",
    }
    assert as_bob.post(reverse("lab-settings", args=[lab.slug]), form).status_code == 302
    lab.refresh_from_db()
    assert (lab.name, lab.slug, lab.public, lab.reader.content_language) == ("Walking", "robots", True, "ja")


def test_a_mistake_in_the_settings_is_told_and_changes_nothing(as_bob, lab):
    form = {"name": "", "content_language": "tlh", "time_zone": "Mars"}
    answer = as_bob.post(reverse("lab-settings", args=[lab.slug]), form)
    assert answer.content.decode().count('class="error"') == 3
    assert Lab.objects.get().name == "Robots"


def test_it_is_closed_by_typing_its_name(as_bob, lab):
    where = reverse("lab-close", args=[lab.slug])
    assert "not the lab" in as_bob.post(where, {"sure": "Robot"}, follow=True).content.decode()
    assert Lab.objects.exists()
    as_bob.post(where, {"sure": "Robots"})
    assert not Lab.objects.exists()


def test_an_empty_lab_says_what_to_do(as_bob, lab):
    assert "follows no keyword yet" in page(as_bob, lab).content.decode()


def test_a_lab_that_only_leaves_papers_out_follows_nothing(as_bob, lab):
    follow(lab.reader, "survey", excluded=True)
    assert "The lab follows no keyword yet." in page(as_bob, lab).content.decode()


def test_a_member_sees_a_labs_papers_in_the_languages_of_their_choice(as_bob, bob, with_digest):
    assert 'class="translation"' in page(as_bob, with_digest).content.decode()
    User.objects.filter(pk=bob.pk).update(display="original")
    assert 'class="translation"' not in page(as_bob, with_digest).content.decode()


def test_who_has_no_account_is_led_to_arxiv_and_to_no_log_in(client, with_digest):
    publish_it(with_digest)
    text = page(client, with_digest).content.decode()
    assert "https://arxiv.org/abs/2605.90001" in text
    assert "/papers/2605.90001/" not in text
