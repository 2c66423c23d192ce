"""digest/admin/people.py: saving a reader's page changes what was changed on it, and no more."""

import pytest
from django.forms import model_to_dict
from django.test import Client

from digest import labs
from digest.following import follow
from digest.models import Keyword, User
from tests.test_admin import address


@pytest.fixture
def as_alice(client, alice) -> Client:
    client.force_login(alice)
    return client


def reader_form(user: User, **changed: object) -> dict[str, object]:
    """The page of a reader as a browser sends it back, with the keywords that they have."""
    rows = list(user.subscriptions.all())
    form = {name: value for name, value in model_to_dict(user).items() if value not in (None, False)}
    form = {
        name: value
        for name, value in form.items()
        if name not in ("groups", "user_permissions", "last_login")
    }
    form |= {"date_joined_0": "2026-05-01", "date_joined_1": "00:00:00", "subscriptions-TOTAL_FORMS": len(rows),
             "subscriptions-INITIAL_FORMS": len(rows)}  # fmt: skip
    for place, row in enumerate(rows):
        fields = {"id": row.pk, "user": user.pk, "keyword": row.keyword_id, "label": row.label, "rule": row.rule,
                  "order": row.order, "created_at_0": "2026-05-01", "created_at_1": "00:00:00"}  # fmt: skip
        if row.paused:
            fields["paused"] = "on"
        form |= {f"subscriptions-{place}-{name}": value for name, value in fields.items()}
    return form | changed


def test_saving_a_reader_applies_no_keyword_again(as_alice, bobs_digest, bob, now):
    Keyword.objects.update(applied_at=now)
    answer = as_alice.post(address(User, "change", bob.pk), reader_form(bob, first_name="Robert"))
    assert answer.status_code == 302
    assert User.objects.get(pk=bob.pk).first_name == "Robert"
    assert not Keyword.objects.filter(applied_at=None).exists()


def test_a_keyword_that_is_given_to_a_reader_is_applied(as_alice, bobs_digest, bob, alice, now):
    new = follow(alice, "attention").keyword
    Keyword.objects.update(applied_at=now)
    form = reader_form(bob)
    place = form["subscriptions-TOTAL_FORMS"]
    given = {"id": "", "user": bob.pk, "keyword": new.pk, "label": "attention", "order": 9,
             "created_at_0": "2026-05-01", "created_at_1": "00:00:00"}  # fmt: skip
    form |= {f"subscriptions-{place}-{name}": value for name, value in given.items()}
    as_alice.post(address(User, "change", bob.pk), form | {"subscriptions-TOTAL_FORMS": int(str(place)) + 1})
    assert list(Keyword.objects.filter(applied_at=None)) == [new]


def test_who_is_switched_off_in_the_admin_leaves_their_lab_an_owner(as_alice, bob, charlie):
    lab = labs.found(bob, "Robots")
    labs.join(lab, charlie)
    form = reader_form(bob)
    del form["is_active"]
    as_alice.post(address(User, "change", bob.pk), form)
    assert not User.objects.get(pk=bob.pk).is_active
    assert lab.memberships.get(user=charlie).owns
