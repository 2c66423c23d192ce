"""digest/middleware.py: each reader's own zone and interface language."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from digest.log import Json
from digest.models import FeedToken, User


def language_of(client, accept: str = "en") -> str:
    text = client.get(reverse("account"), headers={"Accept-Language": accept}).content.decode()
    return text.split('<html lang="')[1].split('"')[0]


def test_the_interface_language_is_what_the_reader_has_chosen(as_bob):
    User.objects.update(interface_language="zh-hans")
    assert language_of(as_bob) == "zh-hans"


def test_without_a_choice_it_is_what_the_browser_asks_for(as_bob):
    assert [language_of(as_bob, accept) for accept in ("zh-CN", "en", "tlh")] == ["zh-hans", "en", "en"]


def test_one_readers_choices_do_not_stay_for_the_next(as_bob, client):
    User.objects.update(interface_language="zh-hans", time_zone="Asia/Shanghai")
    as_bob.get(reverse("account"))
    assert (translation.get_language(), timezone.get_current_timezone_name()) == ("en", "UTC")


def test_a_page_without_an_account_is_in_the_servers_zone(db, client):
    assert client.get("/about/").status_code == 200


def test_a_feed_reader_gets_no_cookie(client, bob):
    _, secret = FeedToken.make(bob)
    answer = client.get(reverse("feed", args=[secret, "all", "atom"]))
    assert not answer.cookies
    assert "Cookie" not in answer["Vary"]


def test_a_visit_is_noted_but_not_every_one(as_bob, bob):
    long_ago = timezone.now() - timedelta(days=1)
    User.objects.update(last_login=long_ago)
    as_bob.get(reverse("account"))
    (first,) = User.objects.values_list("last_seen_at", flat=True)
    assert first > long_ago
    as_bob.get(reverse("account"))
    assert User.objects.values_list("last_seen_at", flat=True).get() == first


# --- the request's id -------------------------------------------------------------------------


def test_a_proxys_id_of_the_request_is_kept(client, db):
    assert client.get("/about/", headers={"x-request-id": "request-0001"})["X-Request-ID"] == "request-0001"


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "has a space", 'a"quote-and-more'])
def test_whatever_is_no_id_is_replaced(client, db, given):
    told = client.get("/about/", headers={"x-request-id": given})["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", told)


def test_lines_of_the_log_have_the_requests_id(client, db, caplog):
    caplog.handler.setFormatter(Json())
    client.get("/f/guessed/all.atom", headers={"x-request-id": "request-0001"})
    lines = [json.loads(line) for line in caplog.text.splitlines()]
    assert [line["request"] for line in lines if line["logger"] == "django.request"] == ["request-0001"]
