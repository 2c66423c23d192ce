"""digest/api: what a program may do with its token, until when and how often; pages of lists; errors."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from ninja.responses import Response

from digest import limits, reading
from digest.api import api
from digest.models import ApiToken, Paper
from tests.api import ROOT, Program, token
from tests.conftest import NOW, announced
from tests.documents import Document
from tests.steps import publish

pytestmark = pytest.mark.django_db


def papers(count: int) -> list[Paper]:
    document = Document()
    for number in range(count):
        document.add(f"2605.9{number:04}", title=f"Robot {number}")
    announced(document)
    return list(Paper.objects.order_by("arxiv_id"))


# --- tokens -----------------------------------------------------------------------------------


def test_a_token_is_kept_as_its_hash_only(bob):
    row, secret = ApiToken.make(bob, "notes", ["read"], NOW)
    assert secret.startswith("pgl_")
    assert secret not in str(ApiToken.objects.values().get(pk=row.pk))


def test_an_expired_token_opens_nothing(bob):
    now = timezone.now()
    _, secret = ApiToken.make(bob, "old", ["read"], now - timedelta(days=2), now - timedelta(days=1))
    assert Program(secret).refused("get", "/saved")[0] == 401


def test_a_revoked_token_opens_nothing(bob, bobs_program):
    bob.api_tokens.get().revoke(timezone.now())
    assert bobs_program.refused("get", "/saved")[0] == 401


def test_a_rotated_token_has_a_new_secret_and_the_old_one_stops(bob, bobs_program):
    _, secret = bob.api_tokens.get().rotate(timezone.now())
    assert bobs_program.refused("get", "/saved")[0] == 401
    assert Program(secret).get("/saved")["items"] == []


def test_the_token_of_an_account_that_is_switched_off_opens_nothing(bob, bobs_program):
    bob.is_active = False
    bob.save()
    assert bobs_program.refused("get", "/saved")[0] == 401


def test_the_last_use_is_noted_and_not_more_often_than_once_a_minute(bob):
    row, _ = ApiToken.make(bob, "notes", ["read"], NOW)
    row.used(NOW)
    row.refresh_from_db()
    row.used(NOW + timedelta(seconds=59))
    row.refresh_from_db()
    assert row.last_used_at == NOW
    row.used(NOW + timedelta(seconds=61))
    row.refresh_from_db()
    assert row.last_used_at == NOW + timedelta(seconds=61)


def test_a_token_that_may_only_read_writes_nothing(bob):
    (paper,) = papers(1)
    status, told = Program(token(bob, "read")).refused(
        "patch", f"/papers/{paper.arxiv_id}/marks", {"saved": True}
    )
    assert (status, told["type"]) == (403, "/api/#no-scope")
    assert not bob.states.exists()


# --- pages ------------------------------------------------------------------------------------


def test_a_page_goes_on_behind_the_last_row_whatever_is_saved_meanwhile(bob, bobs_program):
    rows = papers(5)
    for minute, paper in enumerate(rows[:4]):
        reading.mark(bob, paper, "save", NOW + timedelta(minutes=minute))
    first = bobs_program.get("/saved?limit=2")
    reading.mark(bob, rows[4], "save", NOW + timedelta(hours=1))
    second = bobs_program.get(f"/saved?limit=2&cursor={first['next']}")
    shown = [item["arxiv_id"] for page in (first, second) for item in page["items"]]
    assert shown == [paper.arxiv_id for paper in reversed(rows[:4])]
    assert second["next"] is None


@pytest.mark.parametrize("cursor", ["x", "W10", "WzFd", "bnVsbA"])
def test_a_cursor_that_nobody_gave_is_no_page(bobs_program, cursor):
    assert bobs_program.refused("get", f"/saved?cursor={cursor}")[0] == 404


# --- errors -----------------------------------------------------------------------------------


def test_a_bad_rule_is_told_with_its_place(bobs_program):
    status, told = bobs_program.refused("post", "/keywords/try", {"rule": "robot AND ("})
    assert status == 422
    assert told["errors"][0]["where"] == ["body", "rule"]
    assert isinstance(told["errors"][0]["place"], int)


def test_a_body_that_is_no_json_is_told(bobs_program):
    answer = Client().post(
        f"{ROOT}/keywords/try",
        b"{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {bobs_program.secret}"},
    )
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_an_address_that_is_none_is_told_in_the_same_shape(bobs_program):
    assert bobs_program.refused("get", "/nothing")[0] == 404


# --- limits -----------------------------------------------------------------------------------


def test_what_is_asked_too_often_is_told_how_long_to_wait(bobs_program, settings):
    settings.LIMITS = settings.LIMITS | {"api": (2, 60)}
    for _ in range(2):
        bobs_program.get("/saved")
    answer = bobs_program.ask("get", "/saved")
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60


def test_searches_of_the_page_and_the_api_are_counted_together(client, bob, bobs_program, settings):
    settings.LIMITS = settings.LIMITS | {"search": (2, 60)}
    client.force_login(bob)
    assert client.get("/search/?q=robot").status_code == 200
    bobs_program.get("/search?q=robot")
    assert bobs_program.refused("get", "/search?q=robot")[0] == 429
    answer = client.get("/search/?q=robot")
    assert (answer.status_code, answer.has_header("Retry-After")) == (429, True)


def test_a_new_window_counts_anew(db, settings):
    settings.LIMITS = {"search": (1, 60)}
    assert limits.spend("search", "user:1", 0.0) == 0
    assert limits.spend("search", "user:1", 59.0) == 1
    assert limits.spend("search", "user:1", 60.0) == 0


def test_one_readers_limit_is_not_anothers(db, settings):
    settings.LIMITS = {"search": (1, 60)}
    assert limits.spend("search", "user:1", 0.0) == 0
    assert limits.spend("search", "user:2", 0.0) == 0


# --- what is there ----------------------------------------------------------------------------


def test_a_digest_is_as_the_command_writes_it(bob, bobs_program, engine):
    digest = publish(bob, Document().add(title="A Robot"), "robot")
    told = bobs_program.get("/digests")["items"][0]
    assert str(digest.day) in str(told)


def test_a_keyword_is_followed_tried_and_left(bob, bobs_program):
    made = bobs_program.post("/keywords", {"rule": "robot -survey"})
    assert [s.label for s in bob.subscriptions.all()] == ["robot -survey"]
    bobs_program.delete(f"/keywords/{bob.subscriptions.get().pk}")
    assert not bob.subscriptions.exists()
    assert made


def test_the_document_names_every_area_and_the_errors(client, bob):
    client.force_login(bob)
    told = client.get("/api/").content.decode()
    assert "/api/v1/openapi.json" in told
    assert "too-many" in told


def test_the_document_is_made_once_and_not_sent_to_who_has_it(client, db, monkeypatch):
    first = client.get(f"{ROOT}/openapi.json")
    assert first["Content-Type"] == "application/json; charset=utf-8"
    assert first.content == Response(api.get_openapi_schema()).content
    monkeypatch.setattr("digest.api.openapi.Document", None)
    again = client.get(
        f"{ROOT}/openapi.json", headers={"If-None-Match": first["ETag"], "Accept-Language": "zh"}
    )
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get(f"{ROOT}/openapi.json", headers={"If-None-Match": '"another"'}).content == first.content
    assert "no-store" not in first["Cache-Control"]


@pytest.mark.parametrize("method", ["post", "delete"])
def test_the_document_is_only_read(client, db, method):
    answer = getattr(client, method)(f"{ROOT}/openapi.json")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
