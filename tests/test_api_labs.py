"""digest/api/lab*.py: what a lab's program does from founding to closing, and what others are refused."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from digest import labs
from digest.models import Lab, User
from tests.api import Program, token


@pytest.fixture
def charlies(charlie: User) -> Program:
    return Program(token(charlie))


@pytest.fixture
def lab(bob: User, charlie: User, bobs_digest) -> Lab:
    """Bob owns it, charlie is a member; the papers of bob's digest are here."""
    lab = labs.found(bob, "Robots")
    labs.join(lab, charlie)
    return lab


def test_a_lab_is_founded_changed_and_closed(bob, bobs_program):
    made = bobs_program.post("/labs", {"name": "  Legs   and wheels ", "about": "walking"})
    assert (made["name"], made["role"], made["people"]) == ("Legs and wheels", "owner", 1)
    changed = bobs_program.patch(f"/labs/{made['slug']}", {"delivery_hour": 7, "content_language": "ja"})
    assert (changed["delivery_hour"], changed["content_language"], changed["about"]) == (7, "ja", "walking")
    assert bobs_program.patch(f"/labs/{made['slug']}", {"delivery_hour": "any"})["delivery_hour"] is None
    bobs_program.delete(f"/labs/{made['slug']}")
    assert bobs_program.refused("get", f"/labs/{made['slug']}")[0] == 404
    assert not Lab.objects.exists()


def test_more_labs_than_one_may_own_are_refused(bobs_program, monkeypatch):
    monkeypatch.setattr("digest.lab_doors.MOST_LABS", 1)
    bobs_program.post("/labs", {"name": "One"})
    assert bobs_program.refused("post", "/labs", {"name": "Two"})[0] == 409


def test_the_last_owner_neither_leaves_nor_steps_down(lab, bobs_program):
    me = next(m for m in bobs_program.get("/labs/robots/members") if m["username"] == "bob")
    assert bobs_program.refused("delete", f"/labs/robots/members/{me['id']}")[0] == 409
    assert bobs_program.refused("patch", f"/labs/robots/members/{me['id']}", {"role": "member"})[0] == 409


def test_a_member_leaves_and_is_a_stranger_then(lab, charlies):
    me = next(m for m in charlies.get("/labs/robots/members") if m["username"] == "charlie")
    charlies.delete(f"/labs/robots/members/{me['id']}")
    assert charlies.get("/labs") == []
    assert charlies.refused("get", "/labs/robots")[0] == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("patch", "", {"name": "Mine"}),
        ("delete", "", None),
        ("post", "/invitations", {}),
        ("get", "/channels", None),
        ("put", "/keywords/order", {"ids": []}),
    ],
)
def test_a_member_does_nothing_that_is_an_owners(lab, charlies, method, path, body):
    status, told = charlies.refused(method, f"/labs/robots{path}", body)
    assert (status, told["type"]) == (403, "/api/#forbidden")
    assert Lab.objects.get().name == "Robots"


def test_a_member_is_made_owner_and_may_then(lab, bobs_program, charlies):
    other = next(m for m in bobs_program.get("/labs/robots/members") if m["username"] == "charlie")
    bobs_program.patch(f"/labs/robots/members/{other['id']}", {"role": "owner"})
    assert charlies.patch("/labs/robots", {"name": "Ours"})["name"] == "Ours"


def test_an_invitation_is_made_told_once_and_withdrawn(lab, bobs_program):
    made = bobs_program.post("/labs/robots/invitations", {"role": "member", "days": 3})
    assert "/invitation/" in made["link"]
    (row,) = bobs_program.get("/labs/robots/invitations")
    assert "link" not in row
    bobs_program.delete(f"/labs/robots/invitations/{made['id']}")
    assert bobs_program.get("/labs/robots/invitations") == []
    assert bobs_program.refused("delete", f"/labs/robots/invitations/{made['id']}")[0] == 404


def test_invitations_have_an_end_in_an_hour_and_those_on_the_page_count(
    lab, bob, bobs_program, client, settings
):
    settings.ACCOUNT_RATE_LIMITS = {"invite": "3/h/user"}
    cache.clear()
    client.force_login(bob)
    client.post(reverse("lab-members", args=[lab.slug]), {"email": "", "lab_role": "member", "days": 3})
    for _ in range(2):
        bobs_program.post("/labs/robots/invitations", {})
    answer = bobs_program.ask("post", "/labs/robots/invitations", {})
    assert (answer.status_code, answer.json()["type"], answer["Retry-After"]) == (
        429,
        "/api/#too-many",
        "3600",
    )
    assert lab.invitations.count() == 3
    made = bobs_program.post("/labs", {"name": "Another"})
    assert bobs_program.refused("post", f"/labs/{made['slug']}/invitations", {})[0] == 429
    labs.make(lab.memberships.get(user__username="charlie"), "owner")
    assert Program(token(User.objects.get(username="charlie"))).post("/labs/robots/invitations", {})["link"]


def test_the_reading_list_knows_who_is_interested(lab, bobs_program, charlies):
    made = bobs_program.post("/labs/robots/papers", {"arxiv_id": "2605.90001", "note": "for Monday"})
    assert (made["note"], made["interested"]) == ("for Monday", ["bob"])
    charlies.put(f"/labs/robots/papers/{made['id']}/interest", {"interested": True})
    (row,) = bobs_program.get("/labs/robots/papers")["items"]
    assert (sorted(row["interested"]), row["interest"]) == (["bob", "charlie"], 2)
    assert charlies.refused("delete", f"/labs/robots/papers/{made['id']}")[0] == 403
    bobs_program.delete(f"/labs/robots/papers/{made['id']}")
    assert bobs_program.get("/labs/robots/papers")["items"] == []


def test_a_paper_that_is_not_here_is_not_put_on_the_list(lab, bobs_program):
    assert bobs_program.refused("post", "/labs/robots/papers", {"arxiv_id": "2605.12345"})[0] == 404


def test_of_a_public_lab_a_stranger_reads_papers_and_no_names(lab, alice, bobs_program):
    bobs_program.post("/labs/robots/papers", {"arxiv_id": "2605.90001", "note": "our secret"})
    bobs_program.patch("/labs/robots", {"public": True})
    stranger = Program(token(alice))
    (row,) = stranger.get("/labs/robots/papers")["items"]
    assert (row["note"], row["added_by"], row["interested"], row["interest"]) == ("", None, [], 1)
    assert stranger.get("/labs/robots")["role"] is None
    assert stranger.refused("get", "/labs/robots/members")[0] == 404
    assert stranger.refused("post", "/labs/robots/papers", {"arxiv_id": "2605.90002"})[0] == 404


def test_a_labs_keywords_are_its_own_and_not_its_members(lab, bob, bobs_program, charlies):
    made = charlies.post("/labs/robots/keywords", {"rule": "legged robot"})
    assert "legged robot" not in [row["rule"] for row in charlies.get("/keywords")]
    assert charlies.refused("patch", f"/labs/robots/keywords/{made['id']}", {"paused": True})[0] == 403
    assert bobs_program.patch(f"/labs/robots/keywords/{made['id']}", {"paused": True})["paused"] is True
    mine = bob.subscriptions.first().pk
    assert bobs_program.refused("delete", f"/labs/robots/keywords/{mine}")[0] == 404
    assert bob.subscriptions.filter(pk=mine).exists()


def test_a_labs_keywords_have_an_end(lab, charlies, monkeypatch):
    monkeypatch.setattr("digest.lab_doors.MOST_KEYWORDS", 1)
    charlies.post("/labs/robots/keywords", {"rule": "legs"})
    assert charlies.refused("post", "/labs/robots/keywords", {"rule": "wheels"})[0] == 409


def test_a_labs_rules_go_out_and_come_in_as_a_file(lab, charlies):
    told = charlies.post("/labs/robots/rules", {"text": "legs AND wheels\n! survey", "take": True})
    assert told["taken"] == 2
    text = charlies.ask("get", "/labs/robots/rules?format=txt").content.decode()
    assert "legs AND wheels" in text
    assert "! survey" in text


def test_a_labs_channel_is_added_tested_paused_and_removed(lab, bob, bobs_program):
    made = bobs_program.post(
        "/labs/robots/channels", {"kind": "webhook", "address": "https://hooks.example.org/x"}
    )
    assert made["secret"]
    assert made["shown"] == "https://hooks.example.org/…"
    assert bobs_program.get("/channels") == []
    where = f"/labs/robots/channels/{made['id']}"
    assert "secret" not in bobs_program.get(where)
    assert bobs_program.post(f"{where}/test")["state"] == "waiting"
    assert len(bobs_program.get("/labs/robots/deliveries")["items"]) == 1
    assert bobs_program.patch(where, {"paused": True})["paused_at"]
    assert bobs_program.refused("get", f"/channels/{made['id']}")[0] == 404
    bobs_program.delete(where)
    assert bobs_program.get("/labs/robots/channels") == []
