"""worker/sample.py: a day of papers for whoever looks at Paperglot for the first time; no network needed."""

from collections import Counter

import pytest
import time_machine
from django.urls import reverse

from digest import setup
from digest.models import Announcement, Category, FeedToken, Installation, Subscription, User
from digest.showing import digest_picture
from tests.conftest import NOW
from tests.steps import choose
from worker import sample
from worker.match import apply_keywords, match_versions
from worker.publish import publish_due
from worker.translate import translate

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret() -> str:
    return sample.load(NOW) or ""


def test_the_sample_day_is_whole(secret):
    announcement = Announcement.objects.get()
    assert announcement.state == "complete"
    assert announcement.declared == announcement.stored > 5


def test_the_sample_is_loaded_once(secret):
    assert sample.load(NOW) is None
    assert [m.objects.count() for m in (Announcement, User, FeedToken)] == [1, 1, 1]


def test_the_samples_category_is_never_asked_for(secret):
    category = Category.objects.get()
    assert (category.followed, category.next_fetch_at) == (True, None)


def test_a_category_that_is_followed_already_is_still_asked_for():
    sample.load(NOW)
    Announcement.objects.all().delete()
    Category.objects.update(next_fetch_at=NOW)
    sample.load(NOW)
    assert Category.objects.get().next_fetch_at == NOW


def test_the_sample_has_a_reader_with_its_keywords(secret):
    assert list(Subscription.objects.values_list("user__username", "label")) == [
        ("reader", "reinforcement learning"),
        ("reader", "diffusion policy"),
    ]


def test_nobody_can_log_in_as_the_samples_reader(secret, client):
    assert not User.objects.get().has_usable_password()
    for password in ("", "reader", "!"):
        assert not client.login(username="reader", password=password)


def test_the_secret_opens_the_readers_feed(secret, client):
    assert client.get(reverse("feed", args=[secret, "all", "atom"])).status_code == 200


def test_the_demonstration_model_is_chosen(secret):
    assert Installation.current().model == "demo"


def test_a_model_that_was_chosen_before_stays():
    choose("nllb-200-3.3B")
    sample.load(NOW)
    assert Installation.current().model == "nllb-200-3.3B"


def test_where_there_is_an_administrator_the_sample_brings_no_reader(alice):
    assert sample.load(NOW) is None
    assert list(User.objects.all()) == [alice]
    assert Announcement.objects.exists()


def test_every_keyword_of_the_sample_brings_papers(secret):
    choose("")
    match_versions(NOW)
    apply_keywords(NOW)
    publish_due(NOW)
    (digest,) = User.objects.get().digests.all()
    assert all(section.entries.exists() for section in digest.sections.all())


def test_the_demonstration_model_translates_all_of_the_sample_that_it_was_taught(secret):
    with time_machine.travel(NOW, tick=True):
        match_versions(NOW)
        apply_keywords(NOW)
        translate()
        publish_due(NOW)
    digest = digest_picture(User.objects.get().digests.get())
    assert digest.demonstration
    kept = [s.source for paper in digest.papers for s in paper.sentences if not s.target]
    assert [source[:23] for source in kept] == ["Training took 11.5 days"]  # which the model is not taught
    assert Counter(paper.translation for paper in digest.papers) == {"complete": 13, "partial": 1}


def claim(client, username: str = "ada") -> int:
    form = {"username": username, "password": "correct-horse-9", "content_language": "ja", "time_zone": "UTC"}
    return client.post(reverse("setup", args=[setup.new_token()]), form).status_code


@pytest.mark.parametrize("username", ["ada", "reader", "Reader"])
def test_the_set_up_link_claims_the_samples_reader(secret, client, username):
    reader = User.objects.get()
    assert claim(client, username) == 302
    assert (User.objects.get().pk, User.objects.get().username) == (reader.pk, username)


def test_after_the_claim_the_feed_is_still_the_readers(secret, client):
    claim(client)
    assert client.get(reverse("feed", args=[secret, "all", "rss"])).status_code == 200


def test_a_reader_whose_password_is_empty_is_claimed_too(client):
    """As the sample once made it: an empty password lets nobody in."""
    User.objects.create(username=setup.SAMPLE_READER, password="")
    setup.new_token()
    setup.first_administrator(username="ada", password="correct-horse-9")
    assert User.objects.get().username == "ada"
