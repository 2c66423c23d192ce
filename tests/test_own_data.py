"""digest/own_data.py: what a reader owns stands in one list; it is exported whole and goes with the account."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from digest import labs, own_data
from digest.following import follow
from digest.models import Correction, Digest, FeedToken, Lab, LabPaper, User


def relations() -> dict[str, type]:
    """Every field of any model that points to User."""
    found = {}
    for relation in User._meta.get_fields(include_hidden=True):
        if (
            relation.auto_created
            and not relation.concrete
            and relation.related_model._meta.auto_created is False
        ):
            field = relation.field
            found[f"{field.model._meta.app_label}.{field.model.__name__}.{field.name}"] = field.model
    for field in User._meta.many_to_many:
        found[f"digest.User.{field.name}"] = User
    return found


def test_every_row_that_points_to_a_reader_is_owned_or_excused():
    owned = {
        f"{row.model._meta.app_label}.{row.model.__name__}.{row.user}"
        for row in own_data.OWNED
        if "__" not in row.user
    }
    assert set(relations()) == owned | set(own_data.EXCUSED)


def test_every_column_of_the_list_is_there(bob, now):
    data = own_data.exported(bob, now)
    assert set(data) == {"paperglot", "made_at", "profile", *(row.name for row in own_data.OWNED)}


def test_the_export_has_keywords_and_papers(bob, bobs_digest, now):
    data = json.loads(json.dumps(own_data.exported(bob, now), cls=DjangoJSONEncoder))
    assert [row["label"] for row in data["keywords"]] == ["Robot", "graph neural network", "diffusion policy"]
    assert {row["paper__arxiv_id"] for row in data["papers"]} == {"2605.90001", "2605.90002"}
    assert data["profile"]["username"] == "bob"


def test_the_export_has_rules_as_they_were_typed_and_what_feeds_are_of(bob, now):
    subscription = follow(bob, "Robot -survey", label="Robots")
    FeedToken.make(bob, "keyword", subscription.keyword)
    data = own_data.exported(bob, now)
    assert (data["keywords"][0]["label"], data["keywords"][0]["rule"]) == ("Robots", "Robot -survey")
    assert data["feed_addresses"][0]["scope"] == "keyword"
    assert data["feed_addresses"][0]["keyword__canonical"] == subscription.keyword.canonical


def test_the_export_has_no_secret(bob, now):
    _token, secret = FeedToken.make(bob)
    text = json.dumps(own_data.exported(bob, now), cls=DjangoJSONEncoder)
    for hidden in (secret, FeedToken.hash(secret), bob.password):
        assert hidden not in text


def test_an_export_has_nothing_of_anybody_elses(bob, charlie, bobs_digest, now):
    text = json.dumps(own_data.exported(charlie, now), cls=DjangoJSONEncoder)
    assert "bob" not in text
    assert "2605.9" not in text


def test_a_deleted_account_leaves_nothing_but_corrections(bob, bobs_digest, now):
    Correction.objects.create(key="k", language="zh-Hans", source="s", text="t", by=bob, at=now)
    alone = labs.found(bob, "Robots")
    own_data.delete(bob)
    assert not User.objects.exists()
    assert not Digest.objects.exists()
    assert not Lab.objects.filter(pk=alone.pk).exists()
    assert Correction.objects.get().by is None


def test_papers_on_the_list_of_others_stay(bob, charlie, bobs_digest):
    lab = labs.found(charlie, "Robots")
    labs.join(lab, bob)
    LabPaper.objects.create(lab=lab, paper=bobs_digest.entries.first().paper, added_by=bob)
    own_data.delete(bob)
    assert lab.papers.get().added_by is None


def test_the_last_administrator_stays(alice):
    with pytest.raises(own_data.StillNeededError) as error:
        own_data.delete(alice)
    assert error.value.labs == []
    assert User.objects.exists()


def test_a_lab_with_others_needs_another_owner_first(bob, charlie):
    lab = labs.found(bob, "Robots")
    labs.join(lab, charlie)
    with pytest.raises(own_data.StillNeededError) as error:
        own_data.delete(bob)
    assert error.value.labs == [lab]
    assert User.objects.filter(pk=bob.pk).exists()


def test_what_goes_is_counted(bob, bobs_digest):
    assert own_data.counts(bob) == [("keywords", 3), ("digests", 1), ("papers", 2)]


def deleted_in_the_admin(client, *people: User) -> None:
    form = {"action": "delete_selected", "_selected_action": [user.pk for user in people], "post": "yes"}
    client.post(reverse("admin:digest_user_changelist"), form)


def test_the_admin_deletes_no_only_owner_of_a_lab_with_others(client, alice, bob, charlie):
    labs.join(labs.found(bob, "Robots"), charlie)
    client.force_login(alice)
    assert client.post(reverse("admin:digest_user_delete", args=[bob.pk]), {"post": "yes"}).status_code == 403
    deleted_in_the_admin(client, bob)
    assert User.objects.filter(pk=bob.pk).exists()


def test_the_admin_does_not_delete_the_last_administrator(client, alice):
    client.force_login(alice)
    deleted_in_the_admin(client, alice)
    assert User.objects.filter(pk=alice.pk).exists()


@pytest.mark.parametrize("one", [True, False])
def test_labs_of_nobody_else_go_with_an_account_that_the_admin_deletes(client, alice, bob, one):
    labs.found(bob, "Robots")
    client.force_login(alice)
    if one:
        client.post(reverse("admin:digest_user_delete", args=[bob.pk]), {"post": "yes"})
    else:
        deleted_in_the_admin(client, bob)
    assert list(User.objects.all()) == [alice]
