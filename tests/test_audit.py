"""digest/audit.py: what administrators and editors change is in the log, on pages, in the admin and by command."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digest import audit
from digest.following import follow
from digest.models import Category, Change, GlossaryTerm, Installation, Keyword, Segment, Sentence, User
from tests.steps import channel
from tests.test_admin import CHOSEN, act, address
from tests.test_views_people import INVITE
from worker.sweep import sweep_rows


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def log() -> list[tuple[str, str, str, str]]:
    rows = Change.objects.order_by("id")
    return [(row.by_name, row.action, row.kind, row.subject) for row in rows]


def told() -> dict:
    return Change.objects.latest("id").told


# --- in the admin -----------------------------------------------------------------------------


def test_what_is_added_changed_and_deleted_is_noted(as_alice):
    form = {"language": "zh-Hans", "term": "zyx walk", "renderings": "走", "active": "on"}
    as_alice.post(address(GlossaryTerm, "add"), form)
    term = GlossaryTerm.objects.get(term="zyx walk")
    as_alice.post(address(GlossaryTerm, "change", term.pk), form | {"renderings": "步"})
    assert told()["values"] == {"renderings": ["走", "步"]}
    as_alice.post(address(GlossaryTerm, "delete", term.pk), {"post": "yes"})
    kinds = [
        ("alice", action, "digest.glossaryterm", "zyx walk") for action in ("added", "changed", "deleted")
    ]
    assert log() == kinds


def test_a_form_that_changes_nothing_is_not_noted(as_alice):
    form = {"evening": "2031-07-03", "reason": "Independence Day"}
    as_alice.post(address(Category, "add"), {"code": "cs.LG"})
    Change.objects.all().delete()
    as_alice.post(address(Category, "change", Category.objects.get().pk), {"code": "cs.LG"})
    assert form
    assert log() == []


def test_an_action_is_noted_with_the_rows_that_were_chosen(as_alice, bob):
    for phrase in ("robot", "diffusion policy"):
        follow(bob, phrase)
    act(as_alice, Keyword, "apply_again", *Keyword.objects.all())
    assert log() == [("alice", "done", "digest.keyword", "diffusion policy, robot")]
    assert told() == {"rows": 2, "what": "apply_again"}


def test_settings_are_noted_with_both_values_but_never_an_address(as_alice):
    Installation.current()
    form = CHOSEN | {"model": "demo", "webhook": "https://hooks.example.org/secret-token"}
    as_alice.post(address(Installation, "change", 1), form)
    assert told()["values"]["model"] == ["", "demo"]
    assert "Webhook" in told()["fields"]
    assert "secret-token" not in str(Change.objects.values())


def test_a_password_is_not_in_the_log(as_alice, bob):
    new = {"password1": "correct-horse-10", "password2": "correct-horse-10", "usable_password": "true"}
    as_alice.post(reverse("admin:auth_user_password_change", args=[bob.pk]), new)
    assert log() == [("alice", "changed", "digest.user", "bob")]
    assert "correct-horse" not in str(Change.objects.values())


def test_a_label_of_a_readers_is_not_in_the_log(as_alice, bob):
    follow(bob, "robot", label="my secret idea")
    as_alice.get(address(User, "change", bob.pk))
    row = channel(bob, label="my boss's mailbox")
    audit.note(None, Change.Action.DELETED, row)
    message = [
        {"added": {"name": "subscription", "object": "my secret idea"}},
        {"changed": {"fields": ["Email"]}},
    ]
    assert audit.fields_of(message) == ["added: subscription", "Email"]
    assert "my boss" not in str(Change.objects.values())


def test_what_other_apps_bring_to_the_admin_is_noted_too(as_alice):
    as_alice.post(reverse("admin:auth_group_add"), {"name": "Guests"})
    assert log() == [("alice", "added", "auth.group", "Guests")]


def test_a_rows_history_is_what_the_log_has_of_it(as_alice, bob):
    audit.note(bob, Change.Action.CHANGED, bob)
    audit.note(bob, Change.Action.CHANGED, Installation.current())
    page = as_alice.get(address(User, "history", bob.pk), follow=True)
    assert [row.kind for row in page.context["cl"].result_list] == ["digest.user"]


def test_the_log_is_read_and_filtered_and_changed_by_nobody(as_alice, alice, bob):
    audit.note(alice, Change.Action.DONE, bob, what="editor")
    audit.note(None, Change.Action.DONE, bob, what="reader")
    text = as_alice.get(address(Change, "changelist"), {"who": "-"}).content.decode()
    assert "what: reader" in text
    assert "what: editor" not in text
    pk = Change.objects.first().pk
    assert as_alice.get(address(Change, "add")).status_code == 403
    assert as_alice.post(address(Change, "change", pk), {}).status_code == 403
    assert as_alice.post(address(Change, "delete", pk), {"post": "yes"}).status_code == 403


# --- on the pages -----------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["editor", "administrator", "deactivate", "password"])
def test_what_is_done_to_people_is_noted(as_alice, bob, what):
    as_alice.post(reverse("people-change", args=[bob.pk, what]))
    assert log() == [("alice", "done", "digest.user", "bob")]
    assert told() == {"what": what}


def test_what_was_refused_is_not_noted(as_alice, alice):
    as_alice.post(reverse("people-change", args=[alice.pk, "reader"]))
    assert log() == []


def test_who_is_not_let_in_is_noted_though_the_account_is_gone(as_alice, bob):
    User.objects.filter(pk=bob.pk).update(is_active=False, waiting_since=timezone.now())
    as_alice.post(reverse("people-change", args=[bob.pk, "refuse"]))
    assert log() == [("alice", "done", "digest.user", "bob")]


def test_an_invitation_is_noted_without_its_link(as_alice):
    text = as_alice.post(reverse("people"), INVITE).content.decode()
    [(by, action, kind, _subject)] = log()
    assert (by, action, kind) == ("alice", "added", "digest.invitation")
    token = text.split("/invitation/")[1].split("/")[0]
    assert token not in str(Change.objects.values())


def test_categories_that_are_chosen_are_noted(as_alice):
    as_alice.post(reverse("start"), {"categories": ["cs.LG"], "phrases": ""})
    as_alice.post(reverse("start"), {"categories": ["cs.AI"], "phrases": ""})
    assert [(row.kind, row.told) for row in Change.objects.order_by("id")] == [
        ("digest.category", {"followed": followed}) for followed in (True, False, True)
    ]


def test_a_correction_and_its_withdrawal_are_noted_without_the_text(as_alice, bobs_digest):
    segment = Segment.objects.filter(field="title").exclude(sentence=None).first()
    as_alice.post(reverse("sentence", args=[segment.pk]), {"text": f"私的 {' '.join(segment.held)}"})
    as_alice.post(reverse("sentence", args=[segment.pk]), {"withdraw": "1"})
    assert [row[1:3] for row in log()] == [("changed", "digest.correction"), ("deleted", "digest.correction")]
    assert "私的" not in str(Change.objects.values())


def test_a_step_done_again_on_the_board_is_noted(as_alice, bobs_digest):
    as_alice.post(reverse("board-again", args=["cs.LG", bobs_digest.day, "publish"]))
    assert log() == [("alice", "done", "digest.announcement", f"cs.LG {bobs_digest.day}")]


def test_a_source_that_is_turned_off_is_noted(as_alice):
    Installation.current()
    as_alice.post(reverse("admin:sources"), {"early": "off"})
    assert Installation.current().early is False
    assert told() == {"values": {"early": ["True", "False"]}}


# --- by command, and for how long -------------------------------------------------------------


def test_a_command_is_noted_as_nobodys(bobs_digest):
    call_command("retranslate", "--verdict", "ok")
    assert Sentence.objects.exclude(again_at=None).exists()
    assert log() == [("", "done", "digest.sentence", "")]
    assert told()["verdict"] == "ok"


def test_the_log_outlives_who_wrote_it(alice, bob):
    audit.note(bob, Change.Action.CHANGED, alice)
    bob.delete()
    row = Change.objects.get()
    assert (row.by, row.by_name) == (None, "bob")


def test_the_log_forgets_after_four_hundred_days(alice, now):
    audit.note(alice, Change.Action.CHANGED, alice)
    sweep_rows(timezone.now() + audit.KEPT - timedelta(minutes=1))
    assert Change.objects.count() == 1
    sweep_rows(timezone.now() + audit.KEPT + timedelta(minutes=1))
    assert not Change.objects.exists()
