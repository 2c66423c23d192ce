"""digest/api/account.py, feeds.py, channels.py: profile, own data, tokens, feed addresses, deliveries."""

import pytest
from django.test import Client

from digest.following import follow
from digest.models import ApiToken, FeedToken
from tests.api import Program, token


@pytest.fixture
def charlies(charlie) -> Program:
    return Program(token(charlie))


def test_a_profile_is_changed_in_part_and_the_rest_stays(bob, bobs_program):
    before = bobs_program.get("/account")
    after = bobs_program.patch("/account", {"time_zone": "Asia/Tokyo", "delivery_hour": 6, "one_list": True})
    assert after == before | {"time_zone": "Asia/Tokyo", "delivery_hour": 6, "one_list": True}
    assert bobs_program.patch("/account", {"delivery_hour": "any"})["delivery_hour"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Base"),
        ("delivery_hour", 24),
        ("content_language", "xx"),
        ("email", "x@example.org"),
        ("username", "alice"),
        ("is_superuser", True),
    ],
)
def test_what_a_profile_has_not_is_refused(bob, bobs_program, field, value):
    before = bobs_program.get("/account")
    status, told = bobs_program.refused("patch", "/account", {field: value})
    assert (status, {tuple(m["where"]) for m in told["errors"]}) == (422, {("body", field)})
    assert bobs_program.get("/account") == before


def test_own_data_holds_what_is_bobs_and_nothing_of_charlies(bob, charlie, bobs_program, bobs_digest):
    follow(charlie, "charlies-secret-rule")
    text = str(bobs_program.get("/account/data"))
    assert "Robot" in text
    assert "charlies-secret-rule" not in text
    assert bobs_program.secret not in text


def test_an_account_is_not_deleted_by_a_token(bob, bobs_program):
    answer = bobs_program.ask("delete", "/account")
    assert answer.status_code == 405
    assert sorted(answer["Allow"].split(", ")) == ["GET", "PATCH"]
    bob.refresh_from_db()
    assert bob.is_active


def test_a_program_revokes_its_own_token_and_is_nobody_then(bob, bobs_program):
    (row,) = bobs_program.get("/account/tokens")
    assert row["this"] is True
    assert row["scopes"] == ["read", "write", "account"]
    bobs_program.delete(f"/account/tokens/{row['id']}")
    assert bobs_program.refused("get", "/account")[0] == 401


def test_anothers_token_is_not_there(bob, charlies, bobs_program):
    pk = ApiToken.objects.get(user=bob).pk
    assert charlies.refused("delete", f"/account/tokens/{pk}")[0] == 404
    assert bobs_program.get("/account/tokens")[0]["this"] is True


def test_a_feed_address_is_made_rotated_and_revoked(bobs_program):
    made = bobs_program.post("/feeds", {"scope": "daily"})
    old = made["addresses"]["atom"]
    assert Client().get(old.partition("testserver")[2]).status_code == 200
    new = bobs_program.post(f"/feeds/{made['id']}/rotate")
    assert Client().get(old.partition("testserver")[2]).status_code in (404, 410)
    assert Client().get(new["addresses"]["atom"].partition("testserver")[2]).status_code == 200
    assert "addresses" not in bobs_program.get("/feeds")[0]
    bobs_program.delete(f"/feeds/{new['id']}")
    assert bobs_program.get("/feeds") == []
    assert bobs_program.refused("delete", f"/feeds/{new['id']}")[0] == 404


def test_a_feed_of_a_keyword_is_of_ones_own(bob, charlie, bobs_program):
    mine, theirs = follow(bob, "robot"), follow(charlie, "diffusion")
    assert bobs_program.post("/feeds", {"keyword": mine.keyword_id})["keyword_id"] == mine.keyword_id
    assert bobs_program.refused("post", "/feeds", {"keyword": theirs.keyword_id})[0] == 404


def test_there_is_an_end_of_feed_addresses(bobs_program, monkeypatch):
    monkeypatch.setattr("digest.feed_addresses.MOST", 1)
    bobs_program.post("/feeds", {})
    assert bobs_program.refused("post", "/feeds", {})[0] == 409
    assert FeedToken.objects.count() == 1


def test_all_feeds_come_as_opml_and_older_addresses_end_where_that_is_asked(bob, bobs_program):
    follow(bob, "robot")
    bobs_program.post("/feeds", {})
    text = bobs_program.ask("post", "/feeds/opml", {"revoke": True}).content.decode()
    assert "xmlUrl=" in text
    assert FeedToken.objects.exclude(revoked_at=None).count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "chat", "address": "file:///etc/passwd"},
        {"kind": "chat", "address": "mailto://x"},
        {"kind": "webhook", "address": "http://127.0.0.1/x"},
        {"kind": "webhook", "address": "ftp://example.org"},
        {"kind": "mail", "address": "nobody"},
        {"kind": "mail", "address": ""},
    ],
)
def test_an_address_that_is_none_is_refused_where_it_stands(bob, bobs_program, body):
    status, told = bobs_program.refused("post", "/channels", body)
    assert (status, told["errors"][0]["where"]) == (422, ["body", "address"])
    assert not bob.channels.exists()


def test_a_channel_of_another_mail_address_waits_to_be_confirmed(bobs_program):
    made = bobs_program.post("/channels", {"kind": "mail", "address": "elsewhere@example.org"})
    assert made["confirmed_at"] is None
    assert bobs_program.refused("post", f"/channels/{made['id']}/test")[0] == 409
    assert (
        bobs_program.refused("post", "/channels", {"kind": "mail", "address": "elsewhere@example.org"})[0]
        == 409
    )


def test_tests_are_asked_for_a_few_times_an_hour(bobs_program):
    made = bobs_program.post("/channels", {"kind": "chat", "address": "ntfys://ntfy.sh/a-topic"})
    for _ in range(5):
        bobs_program.post(f"/channels/{made['id']}/test")
    answer = bobs_program.ask("post", f"/channels/{made['id']}/test")
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")


def test_anothers_channel_and_delivery_are_not_there(bobs_program, charlies):
    made = bobs_program.post("/channels", {"kind": "chat", "address": "ntfys://ntfy.sh/a-topic"})
    delivery = bobs_program.post(f"/channels/{made['id']}/test")
    assert charlies.refused("patch", f"/channels/{made['id']}", {"paused": True})[0] == 404
    assert charlies.refused("post", f"/deliveries/{delivery['id']}/retry")[0] == 404
    assert bobs_program.refused("post", f"/deliveries/{delivery['id']}/retry")[0] == 409
    assert charlies.get("/deliveries")["items"] == []
