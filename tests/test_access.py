"""Every door of digest.urls, tried by nobody and by charlie with bob's things: nothing of bob's comes out."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, reverse

from digest.models import Digest, FeedToken, Segment, Subscription, User
from digest.urls import urlpatterns

METHODS = ["get", "post", "put", "delete", "head", "options"]
PRIVATE = "bobs-own-label"
"""Stands in bob's keyword, name and address: in no answer may it be."""

DOORS = {
    "today": lambda bob: [],
    "past": lambda bob: [],
    "digest": lambda bob: [bob.digests.get().day],
    "paper": lambda bob: ["2605.90001"],
    "search": lambda bob: [],
    "keywords": lambda bob: [],
    "keyword-change": lambda bob: [bob.subscriptions.first().pk, "remove"],
    "status": lambda bob: [],
    "board": lambda bob: [],
    "board-work": lambda bob: [],
    "board-cell": lambda bob: ["cs.LG", bob.digests.get().day],
    "board-again": lambda bob: ["cs.LG", bob.digests.get().day, "publish"],
    "account": lambda bob: [],
    "feeds": lambda bob: [],
    "feeds-opml": lambda bob: [],
    "feed-change": lambda bob: [bob.feed_tokens.get().pk, "revoke"],
    "sentence": lambda bob: [Segment.objects.exclude(sentence=None).first().pk],
    "login": lambda bob: [],
    "logout": lambda bob: [],
    "setup": lambda bob: ["guessed"],
    "start": lambda bob: [],
    "start-models": lambda bob: [],
    "start-download": lambda bob: ["nllb-200-distilled-600M"],
    "feed": lambda bob: [bob.feed_tokens.get().digest, "all", "atom"],
    "about": lambda bob: [],
    "healthz": lambda bob: [],
}
"""Every named door, and what of bob's is asked for at it."""
PUBLIC = {"login", "about", "healthz"}


@pytest.fixture
def bobs(bobs_digest, bob) -> User:
    bob.username = bob.email = f"{PRIVATE}@example.org"
    bob.save()
    bob.subscriptions.update(label=PRIVATE)
    bobs_digest.sections.update(label=PRIVATE)
    FeedToken.make(bob)
    return bob


@pytest.fixture
def as_charlie(client, charlie) -> Client:
    client.force_login(charlie)
    return client


def everything_of(user: User) -> list[object]:
    """What bob has, to see whether it has changed."""
    return [
        User.objects.filter(pk=user.pk).values().get() | {"last_login": None},
        *user.subscriptions.values(),
        *user.digests.values(),
        *user.feed_tokens.values(),
    ]


def test_every_door_is_tried():
    names = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern) and pattern.name}
    assert names == set(DOORS)


@pytest.mark.parametrize("name", DOORS)
def test_charlie_gets_and_changes_nothing_of_bobs(client, charlie, bobs, name):
    before = everything_of(bobs)
    address = reverse(name, args=DOORS[name](bobs))
    for method in METHODS:
        client.force_login(charlie)
        answer = getattr(client, method)(address)
        assert PRIVATE not in answer.content.decode()
        assert answer.status_code < 500
    assert everything_of(bobs) == before


@pytest.mark.parametrize("name", sorted(set(DOORS) - PUBLIC))
def test_nobody_gets_in(client, bobs, name):
    before = everything_of(bobs)
    for method in METHODS:
        answer = getattr(client, method)(reverse(name, args=DOORS[name](bobs)))
        assert answer.status_code in (302, 404, 405, 410) or (method == "options" and not answer.content)
        assert PRIVATE not in answer.content.decode()
        if answer.status_code == 302:
            assert answer.url.startswith(reverse("login"))
    assert everything_of(bobs) == before


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_public_doors_show_nothing_of_anybody(client, bobs, name):
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert PRIVATE not in answer.content.decode()
    assert "2605.9" not in answer.content.decode()


@pytest.mark.parametrize("name", ["digest", "keyword-change", "feed-change", "feed"])
def test_what_is_bobs_is_not_there_for_charlie(as_charlie, bobs, name):
    method = as_charlie.get if name in ("digest", "feed") else as_charlie.post
    assert method(reverse(name, args=DOORS[name](bobs))).status_code == 404


def test_the_hash_of_a_feed_address_opens_nothing(client, bobs):
    hashed = FeedToken.objects.get().digest
    assert client.get(reverse("feed", args=[hashed, "all", "rss"])).status_code == 404


def test_charlies_own_day_is_charlies_and_not_bobs(as_charlie, bobs, charlie, now):
    day = bobs.digests.get().day
    Digest.objects.create(user=charlie, day=day, language="ja", published_at=now, changed_at=now)
    text = as_charlie.get(reverse("digest", args=[day])).content.decode()
    assert PRIVATE not in text
    assert "2605.90001" not in text


@pytest.mark.parametrize("who", ["nobody", "charlie"])
def test_the_admin_opens_for_nobody_else(client, charlie, bobs, who):
    if who == "charlie":
        client.force_login(charlie)
    tried = 0
    for model in admin.site._registry:
        options = f"{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.first()
        for what, arguments in (
            ("changelist", []),
            ("add", []),
            ("change", [row.pk if row else 1]),
            ("delete", [row.pk if row else 1]),
            ("history", [row.pk if row else 1]),
        ):
            for method in (client.get, client.post):
                answer = method(reverse(f"admin:{options}_{what}", args=arguments))
                assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("admin:login"))
                tried += 1
    assert tried > 100


def test_a_staff_member_without_rights_sees_no_rows(client, charlie, bobs):
    charlie.is_staff = True
    charlie.save()
    client.force_login(charlie)
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        assert client.get(reverse(name)).status_code == 403


def test_a_staff_member_without_rights_has_no_preview(client, charlie, bobs):
    charlie.is_staff = True
    charlie.save()
    client.force_login(charlie)
    answer = client.get(reverse("admin:digest-preview", args=[bobs.digests.get().pk]))
    assert answer.status_code == 403
    assert PRIVATE not in answer.content.decode()


def test_a_reader_who_is_gone_gets_nothing(client, bobs):
    client.force_login(bobs)
    User.objects.filter(pk=bobs.pk).update(is_active=False)
    assert client.get(reverse("today")).status_code == 302
    assert Subscription.objects.exists()
