"""digest/views/whose.py: a lab's rules, digests and channels are shown and changed by the pages that readers have."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digest import labs, reading
from digest.following import follow
from digest.models import Channel, Delivery, Paper, Subscription
from tests.documents import Document
from tests.steps import browser_of, publish

NTFY = "ntfys://ntfy.sh/a-topic"


@pytest.fixture
def lab(bob, charlie):
    """Bob owns it, charlie is a member."""
    lab = labs.found(bob, "Robots")
    labs.join(lab, charlie)
    return lab


@pytest.fixture
def as_bob(lab, bob) -> Client:
    return browser_of(bob)


@pytest.fixture
def as_charlie(lab, charlie) -> Client:
    return browser_of(charlie)


def send(client: Client, name: str, *args: object, **fields: str) -> str:
    return client.post(reverse(f"lab-{name}", args=["robots", *args]), fields, follow=True).content.decode()


def look(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"lab-{name}", args=["robots", *args])).content.decode()


def rule(lab, phrase: str = "robot", **how: object) -> Subscription:
    return follow(lab.reader, phrase, **how)


# --- rules ------------------------------------------------------------------------------------


def test_any_member_adds_a_keyword_for_all(as_charlie, lab, charlie):
    assert "The lab follows “diffusion policy”" in send(as_charlie, "keywords", phrase="diffusion policy")
    assert lab.reader.subscriptions.get().label == "diffusion policy"
    assert not charlie.subscriptions.exists()


def test_a_mistake_is_shown_with_a_caret_and_stays_to_be_mended(as_charlie, lab):
    text = send(as_charlie, "keywords", phrase="robot AND (arm")
    assert '<pre class="caret"' in text
    assert 'value="robot AND (arm"' in text
    assert not lab.reader.subscriptions.exists()


def test_a_rule_is_tried_before_it_is_followed(as_charlie, lab):
    text = send(as_charlie, "keyword-try", phrase="robot")
    assert "What it would have brought" in text
    assert 'value="robot"' in text
    assert "/labs/robots/members/" in text
    assert not lab.reader.subscriptions.exists()


def test_an_author_or_a_category_is_followed_by_one_click(as_charlie, lab):
    send(as_charlie, "keyword-simple", author="Yoshua Bengio")
    assert lab.reader.subscriptions.get().rule == 'au:"Yoshua Bengio"'


def test_an_owner_edits_a_rule_in_its_place(as_bob, lab):
    row = rule(lab)
    assert "is changed" in send(as_bob, "keyword-edit", row.pk, phrase="ti:robot", label="Robots", past="on")
    row.refresh_from_db()
    assert (row.rule, row.label) == ("ti:robot", "Robots")


def test_owners_reorder_pause_resume_and_remove(as_bob, lab):
    first, second = rule(lab, "one"), rule(lab, "two")
    send(as_bob, "keyword-change", second.pk, "up")
    assert list(lab.reader.subscriptions.values_list("label", flat=True)) == ["two", "one"]
    for what, paused in (("pause", True), ("resume", False)):
        send(as_bob, "keyword-change", first.pk, what)
        assert lab.reader.subscriptions.get(pk=first.pk).paused is paused
    send(as_bob, "keyword-change", first.pk, "remove")
    assert list(lab.reader.subscriptions.all()) == [second]


def test_members_change_nothing_that_is_there_and_see_no_buttons_for_it(as_charlie, lab):
    row = rule(lab)
    for name, args in (
        ("keyword-edit", [row.pk]),
        *(("keyword-change", [row.pk, what]) for what in ("pause", "up", "remove")),
    ):
        assert as_charlie.post(reverse(f"lab-{name}", args=["robots", *args])).status_code == 403
    assert f"/keywords/{row.pk}/" not in look(as_charlie, "keywords")
    assert lab.reader.subscriptions.get() == row


def test_a_keyword_of_a_reader_is_not_the_labs(as_bob, bob, lab):
    own = follow(bob, "robot")
    for name, args in (("keyword-edit", []), ("keyword-change", ["remove"])):
        assert as_bob.post(reverse(f"lab-{name}", args=["robots", own.pk, *args])).status_code == 404
    assert bob.subscriptions.get() == own


@pytest.mark.parametrize("kind", ["txt", "json", "opml"])
def test_rules_go_out_and_come_into_another_lab(as_charlie, charlie, lab, kind):
    rule(lab, "ti:robot", label="Robots")
    rule(lab, "survey", excluded=True)
    text = look(as_charlie, "keyword-export", kind)
    other = labs.found(charlie, "Walking")
    page = as_charlie.post(reverse("lab-keyword-import", args=["walking"]), {"text": text}).content.decode()
    assert "2 rules can be taken" in page
    assert not other.reader.subscriptions.exists()
    lines = ["Robots = ti:robot", "! survey"]
    as_charlie.post(reverse("lab-keyword-import", args=["walking"]), {"take": "1", "rule": lines})
    taken = other.reader.subscriptions.values_list("label", "rule", "excluded")
    assert sorted(taken) == [("Robots", "ti:robot", False), ("survey", "", True)]
    assert not charlie.subscriptions.exists()


def test_a_lab_that_has_as_many_rules_as_it_may_is_told(as_bob, lab, monkeypatch):
    monkeypatch.setattr("digest.following.QUOTA", 0)
    assert "remove some first" in send(as_bob, "keywords", phrase="robot")


# --- digests ----------------------------------------------------------------------------------


@pytest.fixture
def day(lab):
    document = Document().add("2605.90001", title="A Robot").add("2605.90002", title="A Robot Arm")
    return publish(lab.reader, document, "robot").day


def test_a_member_reads_the_labs_digest_with_their_own_marks(as_bob, as_charlie, charlie, day):
    reading.mark(charlie, Paper.objects.get(arxiv_id="2605.90001"), "save", timezone.now())
    theirs, bobs = look(as_charlie, "digest", day), look(as_bob, "digest", day)
    assert 'class="paper folded read saved"' in theirs
    assert 'class="paper folded read saved"' not in bobs
    for sign in ('id="marks"', 'name="ids"', "/papers/2605.90001/mark/hide/", 'id="keys-help"'):
        assert sign in theirs


def test_what_a_member_has_hidden_is_folded_away(as_charlie, charlie, day):
    reading.mark(charlie, Paper.objects.get(arxiv_id="2605.90001"), "hide", timezone.now())
    assert "1 hidden paper" in look(as_charlie, "digest", day)


def test_a_visitor_of_a_public_lab_reads_it_folded_and_without_marks(client, lab, day):
    lab.public = True
    lab.save()
    for text in (look(client, "digest", day), client.get(reverse("lab", args=["robots"])).content.decode()):
        assert 'class="paper folded"' in text
        for sign in ('id="marks"', 'name="ids"', "/mark/", "/papers/2605", "csrfmiddlewaretoken"):
            assert sign not in text
    assert "2 papers" in look(client, "past")
    assert "unread" not in look(client, "past")


def test_the_calendar_tells_what_a_member_has_not_read(as_charlie, charlie, day):
    reading.mark(charlie, Paper.objects.get(arxiv_id="2605.90001"), "read", timezone.now())
    text = look(as_charlie, "past")
    assert "1 unread" in text
    assert f"/labs/robots/digests/{day}/" in text


def test_a_labs_digest_is_taken_along(as_charlie, day):
    address = reverse("lab-digest-export", args=["robots", day, "bib"])
    assert address in look(as_charlie, "digest", day)
    answer = as_charlie.get(address)
    assert answer.content.decode().count("@") >= 2
    assert answer["Content-Disposition"].startswith("attachment")


def test_who_may_not_read_a_lab_takes_nothing_along(client, day):
    assert client.get(reverse("lab-digest-export", args=["robots", day, "bib"])).status_code == 404


# --- channels ---------------------------------------------------------------------------------


def test_an_owner_adds_a_channel_of_the_lab(as_bob, bob, lab):
    assert "ntfys://…" in send(as_bob, "deliveries", kind="chat", address=NTFY)
    assert lab.reader.channels.get().address == NTFY
    assert not bob.channels.exists()


def test_a_mailing_list_is_asked_to_confirm_in_the_labs_name(as_bob, lab, client):
    from digest import tokens

    send(as_bob, "deliveries", kind="mail", address="robots@example.org")
    channel = lab.reader.channels.get()
    assert Delivery.objects.get(channel=channel).kind == "confirm"
    text = client.get(reverse("mail-confirm", args=[tokens.confirming(channel)])).content.decode()
    assert "Robots wants digests" in text
    assert "lab:" not in text


def test_an_owner_pauses_and_removes_it(as_bob, lab):
    send(as_bob, "deliveries", kind="chat", address=NTFY)
    row = lab.reader.channels.get()
    send(as_bob, "channel-change", row.pk, "pause")
    assert Channel.objects.get().paused_at
    send(as_bob, "channel", row.pk, label="Our chat", frequency="weekly", weekday="0")
    assert "Our chat" in look(as_bob, "deliveries")
    send(as_bob, "channel-change", row.pk, "remove")
    assert not lab.reader.channels.kept().exists()


def test_a_member_who_does_not_own_it_has_no_door_to_its_channels(as_bob, as_charlie, lab):
    send(as_bob, "deliveries", kind="chat", address=NTFY)
    row = lab.reader.channels.get()
    for name, args in (("deliveries", []), ("channel", [row.pk]), ("channel-change", [row.pk, "remove"])):
        assert as_charlie.post(reverse(f"lab-{name}", args=["robots", *args])).status_code == 403
    assert "/labs/robots/deliveries/" not in look(as_charlie, "keywords")
