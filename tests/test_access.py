"""Every door of digest.urls, tried by nobody and by charlie with bob's things: nothing of bob's comes out."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from digest import inviting, labs, public, reading
from digest.following import follow
from digest.models import (
    ApiToken,
    Channel,
    Delivery,
    Desk,
    Digest,
    FeedToken,
    LabPaper,
    Paper,
    Segment,
    Subscription,
    User,
)
from digest.urls import urlpatterns

METHODS = ["get", "post", "put", "delete", "head", "options"]
PRIVATE = "bobs-own-label"
"""Stands in bob's keyword, name and address: in no answer may it be."""


def labs_rule(bob: User) -> int:
    return bob.labs.get().reader.subscriptions.get().pk


def labs_channel(bob: User) -> Channel:
    return bob.labs.get().reader.channels.get()


DOORS = {
    "today": lambda bob: [],
    "past": lambda bob: [],
    "digest": lambda bob: [bob.digests.get().day],
    "paper": lambda bob: ["2605.90001"],
    "mark": lambda bob: ["2605.90001", "save"],
    "note": lambda bob: ["2605.90001"],
    "undo": lambda bob: [],
    "layout": lambda bob: ["list"],
    "saved": lambda bob: [],
    "tag-change": lambda bob: [bob.tags.get().pk, "remove"],
    "cite": lambda bob: ["2605.90001", "json"],
    "digest-export": lambda bob: [bob.digests.get().day, "json"],
    "export": lambda bob: [],
    "saved-export": lambda bob: ["json"],
    "search": lambda bob: [],
    "keywords": lambda bob: [],
    "keyword-try": lambda bob: [],
    "keyword-simple": lambda bob: [],
    "keyword-suggest": lambda bob: [],
    "keyword-import": lambda bob: [],
    "keyword-export": lambda bob: ["json"],
    "keyword-edit": lambda bob: [bob.subscriptions.first().pk],
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
    "deliveries": lambda bob: [],
    "channel": lambda bob: [bob.channels.get().pk],
    "channel-change": lambda bob: [bob.channels.get().pk, "remove"],
    "delivery-again": lambda bob: [bob.channels.get().deliveries.get().pk],
    "unsubscribe": lambda bob: ["guessed"],
    "mail-confirm": lambda bob: ["guessed"],
    "sentence": lambda bob: [Segment.objects.exclude(sentence=None).first().pk],
    "api-tokens": lambda bob: [],
    "api-token-change": lambda bob: [bob.api_tokens.get().pk, "revoke"],
    "api-docs": lambda bob: [],
    "api-nothing": lambda bob: ["papers-of-bob"],
    "data": lambda bob: [],
    "data-export": lambda bob: [],
    "account-delete": lambda bob: [],
    "unsent": lambda bob: [],
    "people": lambda bob: [],
    "people-change": lambda bob: [bob.pk, "password"],
    "invitation-withdraw": lambda bob: [bob.invitations.get().pk],
    "invitation": lambda bob: [bob.invitations.get().digest],
    "labs": lambda bob: [],
    "lab": lambda bob: [bob.labs.get().slug],
    "lab-feed": lambda bob: [bob.labs.get().slug, "atom"],
    "lab-past": lambda bob: [bob.labs.get().slug],
    "lab-digest": lambda bob: [bob.labs.get().slug, bob.digests.get().day],
    "lab-settings": lambda bob: [bob.labs.get().slug],
    "lab-close": lambda bob: [bob.labs.get().slug],
    "lab-members": lambda bob: [bob.labs.get().slug],
    "lab-member": lambda bob: [bob.labs.get().slug, bob.memberships.get().pk, "remove"],
    "lab-withdraw": lambda bob: [bob.labs.get().slug, bob.invitations.get().pk],
    "lab-papers": lambda bob: [bob.labs.get().slug],
    "lab-export": lambda bob: [bob.labs.get().slug, "json"],
    "lab-interest": lambda bob: [bob.labs.get().slug, bob.lab_papers.get().pk, "remove"],
    "lab-keywords": lambda bob: [bob.labs.get().slug],
    "lab-digest-export": lambda bob: [bob.labs.get().slug, bob.digests.get().day, "json"],
    "lab-keyword-try": lambda bob: [bob.labs.get().slug],
    "lab-keyword-simple": lambda bob: [bob.labs.get().slug],
    "lab-keyword-import": lambda bob: [bob.labs.get().slug],
    "lab-keyword-export": lambda bob: [bob.labs.get().slug, "json"],
    "lab-keyword-edit": lambda bob: [bob.labs.get().slug, labs_rule(bob)],
    "lab-keyword-change": lambda bob: [bob.labs.get().slug, labs_rule(bob), "remove"],
    "lab-deliveries": lambda bob: [bob.labs.get().slug],
    "lab-channel": lambda bob: [bob.labs.get().slug, labs_channel(bob).pk],
    "lab-channel-change": lambda bob: [bob.labs.get().slug, labs_channel(bob).pk, "remove"],
    "lab-delivery-again": lambda bob: [bob.labs.get().slug, labs_channel(bob).deliveries.get().pk],
    "session-end": lambda bob: [UserSession.objects.get(user=bob).pk],
    "login": lambda bob: [],
    "logout": lambda bob: [],
    "setup": lambda bob: ["guessed"],
    "start": lambda bob: [],
    "start-models": lambda bob: [],
    "start-download": lambda bob: ["nllb-200-distilled-600M"],
    "feed": lambda bob: [bob.feed_tokens.get().digest, "all", "atom"],
    "public": lambda bob: [public.slug("robot")],
    "public-feed": lambda bob: [public.slug("robot"), "atom"],
    "about": lambda bob: [],
    "healthz": lambda bob: [],
    "readyz": lambda bob: [],
    "metrics": lambda bob: [],  # for this machine, which the tests are on
}
"""Every named door, and what of bob's is asked for at it."""
PUBLIC = {"login", "about", "healthz", "readyz", "metrics"}
ENTRANCE = {"account_email", "account_reset_password", "account_request_login_code"}
"""allauth's, which stand in digest.urls to be told that there is no mail: tests/test_access_entrance.py."""


def furnish(bob: User, name: str) -> User:
    """Something of everything that a reader may have, called by one name."""
    FeedToken.make(bob)
    ApiToken.make(bob, name, ["read", "write", "account"], timezone.now())
    reading.write(bob, Paper.objects.get(arxiv_id="2605.90001"), name, [name], timezone.now())
    channel = Channel.objects.create(user=bob, kind="mail", address=bob.email, confirmed_at=timezone.now())
    Delivery.objects.create(channel=channel, kind="daily", day=bob.digests.get().day, state="given up",
                            created_at=timezone.now(), error=name)  # fmt: skip
    lab = labs.found(bob, name, about=name)
    follow(lab.reader, name)
    LabPaper.objects.create(lab=lab, paper=bob.digests.get().entries.first().paper, added_by=bob, note=name)
    channel = Channel.objects.create(
        user=lab.reader, kind="chat", address=f"ntfys://ntfy.sh/{name}", label=name
    )
    Delivery.objects.create(channel=channel, kind="daily", day=bob.digests.get().day, state="given up",
                            created_at=timezone.now(), error=name)  # fmt: skip
    UserSession.objects.create(user=bob, ip="192.0.2.7", session_key=name, user_agent=name)
    inviting.invite(bob, timezone.now(), lab=lab, email=f"{name}@example.net")
    return bob


@pytest.fixture
def bobs(bobs_digest, bob) -> User:
    bob.username = bob.email = f"{PRIVATE}@example.org"
    bob.save()
    bob.subscriptions.update(label=PRIVATE)
    bobs_digest.sections.update(label=PRIVATE)
    return furnish(bob, PRIVATE)


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
        *user.api_tokens.values(),
        *user.states.values(),
        *user.tags.values(),
        *Desk.objects.filter(user=user).values(),
        *user.channels.values(),
        *Delivery.objects.filter(channel__user=user).values(),
        *user.memberships.values(),
        *user.invitations.values(),
        *user.lab_papers.values(),
        *user.labs.values(),
        *user.labs.get().reader.subscriptions.values(),
        *user.labs.get().reader.channels.values(),
        *Delivery.objects.filter(channel__user=user.labs.get().reader).values(),
        *UserSession.objects.filter(user=user).values(),
    ]


def test_every_door_is_tried():
    names = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern) and pattern.name}
    assert names - ENTRANCE == set(DOORS)


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


@pytest.mark.parametrize(
    "name",
    "digest digest-export keyword-change feed-change api-token-change "
    "feed tag-change channel-change delivery-again lab lab-export "
    "lab-member lab-close lab-keyword-change lab-keyword-edit lab-channel-change session-end".split(),
)
def test_what_is_bobs_is_not_there_for_charlie(as_charlie, bobs, name):
    method = (
        as_charlie.get
        if name in ("digest", "digest-export", "feed", "lab", "lab-export")
        else as_charlie.post
    )
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
                doors = (reverse("admin:login"), reverse("login"))  # the second where what was typed is kept
                assert answer.status_code == 302
                assert answer.url.split("?")[0] in doors
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
