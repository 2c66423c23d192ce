"""Hostile text in every column that anybody may write: on every page, feed, export, mail and page of the admin it is
text, and nothing else."""

import json
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.db.models.fields import CharField, TextField
from django.test import Client
from django.urls import reverse
from markdown_it import MarkdownIt

from digest.models import Delivery, Digest, FeedToken, Keyword, User
from digest.showing import digest_picture
from tests.test_access import DOORS, furnish
from tests.test_admin import address
from worker import letters

TAG, ATTRIBUTE = "hostile-x", "onhostile"
HOSTILE = f"\"'><{TAG} {ATTRIBUTE}=1></script></title></textarea>$<{TAG}>$]]>\\href{{javascript:{TAG}}}"
STRUCTURED = {
    # What the code writes and reads again, and what has a form of its own that is checked when it is typed.
    "Category.code", "Announcement.state", "Paper.arxiv_id", "Robots.site", "Entry.guid", "FeedToken.digest",
    "Invitation.digest", "Lab.slug", "User.password", "User.time_zone", "User.username", "Sentence.key",
    "Sentence.verdict", "Correction.key", "Delivery.key", "Channel.address", "Channel.secret", "Worker.name",
    "Installation.model", "Installation.setup_hash", "Slot.name", "Download.model", "Translation.model",
    "Sentence.model", "Run.verb", "Queue.name", "Keyword.canonical", "Change.kind",
    "Installation.webhook", "Invitation.email", "User.email", "Entry.announce_type", "Category.etag", "Change.key",
}  # fmt: skip


def plant() -> list[str]:
    """HOSTILE into every column of every row here; which columns those are."""
    planted = []
    for model in apps.get_app_config("digest").get_models():
        for field in model._meta.concrete_fields:
            name = f"{model.__name__}.{field.attname}"
            if not isinstance(field, CharField | TextField) or field.choices or name in STRUCTURED:
                continue
            if field.attname.endswith("language"):
                continue
            text = HOSTILE[: field.max_length] if field.max_length else HOSTILE
            if field.unique or any(field.name in c.fields for c in unique(model)):
                if (first := model._default_manager.order_by("pk").first()) is None:
                    continue
                model._default_manager.filter(pk=first.pk).update(**{field.attname: text})
            else:
                model._default_manager.update(**{field.attname: text})
            planted.append(name)
    apps.get_model("digest.Paper")._default_manager.update(authors=[HOSTILE, HOSTILE[:50]])
    apps.get_model("digest.Segment")._default_manager.update(held=[])
    apps.get_model("digest.Run")._default_manager.update(counts={HOSTILE: HOSTILE})
    return planted


def unique(model: type[models.Model]) -> list[models.UniqueConstraint]:
    return [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]


class Tags(HTMLParser):
    """Fails at an element or attribute that somebody has smuggled in, at scripts and styles inline, and at addresses
    that run."""

    def __init__(self, where: str, styled: bool) -> None:
        super().__init__()
        self.styled = styled
        self.where = where

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert tag != TAG, self.where
        assert not [
            name for name in given if name.startswith("on") or (name == "style" and not self.styled)
        ], (
            self.where,
            tag,
            attrs,
        )
        assert tag != "style" or self.styled, self.where
        if tag == "script":
            assert "src" in given or given.get("type") == "application/json", (self.where, attrs)
        for name in ("href", "src", "action", "formaction"):
            assert not (given.get(name) or "").strip().lower().startswith("javascript:"), (self.where, attrs)


def check_html(text: str, where: str, styled: bool = False) -> None:
    """`styled`: a mail, whose styles are ours and have to be inline."""
    Tags(where, styled).feed(text)


@pytest.fixture
def planted(bobs_digest: Digest, bob: User, alice: User, as_alice: Client) -> User:
    """Bob, with something of everything, all of it hostile."""
    furnish(bob, "bobs")
    assert len(plant()) > 40
    return bob


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def test_every_page_shows_it_as_text(planted, client, alice):
    seen = 0
    for user in (planted, alice):
        client.force_login(user)
        for name, arguments in DOORS.items():
            if name in ("data-export", "logout"):
                continue
            answer = client.get(reverse(name, args=arguments(planted)))
            if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
                text = answer.content.decode()
                check_html(text, name)
                seen += TAG in text
    assert seen > 20  # it is there, as text


def test_every_page_of_the_admin_shows_it_as_text(planted, as_alice):
    seen = 0
    for model in admin.site._registry:
        addresses = [address(model, "changelist")]
        if row := model._default_manager.first():
            addresses += [address(model, "change", row.pk), address(model, "delete", row.pk)]
        for page in addresses:
            answer = as_alice.get(page)
            if answer.status_code == 200:
                check_html(answer.content.decode(), page)
                seen += TAG in answer.content.decode()
    check_html(
        as_alice.get(reverse("admin:digest-preview", args=[Digest.objects.get().pk])).content.decode(),
        "preview",
    )
    assert seen > 15


@pytest.mark.parametrize("scope", ["all", "daily"])
def test_every_feed_has_it_as_text(planted, client, scope):
    _row, token = FeedToken.make(planted, scope)
    for kind in ("atom", "rss", "json"):
        text = client.get(reverse("feed", args=[token, scope, kind])).content.decode()
        assert TAG in text
        for body in bodies(text, kind):
            check_html(body, f"{scope} {kind}")


def bodies(text: str, kind: str) -> list[str]:
    """What readers take for HTML; the document itself has to be well-formed."""
    if kind == "json":
        return [item.get("content_html", "") for item in json.loads(text)["items"]]
    return [element.text or "" for element in ElementTree.fromstring(text).iter()
            if element.tag.endswith(("encoded", "content"))]  # fmt: skip


def test_every_export_has_it_as_text(planted, client):
    client.force_login(planted)
    for fmt in ("bib", "ris", "csl", "md", "json"):
        text = client.get(reverse("digest-export", args=[Digest.objects.get().day, fmt])).content.decode()
        assert TAG in text
        if fmt in ("csl", "json"):
            json.loads(text)
        if fmt == "md":
            check_html(MarkdownIt("commonmark", {"html": True}).render(text), fmt)


def test_the_mail_of_a_digest_has_it_as_text(planted):
    told = letters.news([digest_picture(planted.digests.get())])
    message = letters.mail(Delivery.objects.get(channel__user=planted), told)
    told_as_html = parts(message)
    assert all(TAG in part for part in told_as_html)
    assert told_as_html
    assert "\n" not in message.subject
    for part in told_as_html:
        check_html(part, "mail", styled=True)


def parts(message: Any) -> list[str]:
    return [part.get_payload(decode=True).decode() for part in message.message().walk()
            if part.get_content_type() == "text/html"]  # fmt: skip


def test_a_rule_that_is_hostile_is_shown_as_text(client, bob):
    client.force_login(bob)
    answer = client.post(reverse("keywords"), {"phrase": HOSTILE}, follow=True)
    check_html(answer.content.decode(), "keywords")
    assert not Keyword.objects.filter(canonical__contains="<").exists()


def test_what_is_typed_into_the_search_is_shown_as_text(client, bob):
    client.force_login(bob)
    text = client.get(reverse("search"), {"q": HOSTILE, "author": HOSTILE}).content.decode()
    assert TAG in text
    check_html(text, "search")
