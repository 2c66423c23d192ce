"""digest/views/feeds.py: a reader's feed addresses."""

import re
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from digest.following import follow
from digest.models import FeedToken


def make(client, feed: object = "all") -> list[str]:
    """Make a new address; returns what is shown, as Atom, RSS and JSON Feed."""
    text = client.post(reverse("feeds"), {"feed": feed}).content.decode()
    return re.findall(r'readonly value="([^"]+)"', text)


def test_a_new_address_is_shown_and_works(as_bob):
    addresses = make(as_bob)
    assert [address.rpartition(".")[2] for address in addresses] == ["atom", "rss", "json"]
    for address in addresses:
        assert address.startswith("http://testserver/f/")
        assert as_bob.get(address).status_code == 200


def test_an_address_is_shown_only_once(as_bob):
    make(as_bob)
    assert "/f/" not in as_bob.get(reverse("feeds")).content.decode()


def test_the_address_itself_is_not_in_the_database(as_bob):
    secret = make(as_bob)[0].split("/f/")[1].split("/")[0]
    assert secret not in str(list(FeedToken.objects.values()))


def test_the_address_is_by_the_public_url_where_there_is_one(as_bob, settings):
    settings.PUBLIC_URL = "https://papers.example.org"
    assert make(as_bob)[0].startswith("https://papers.example.org/f/")


def test_a_revoked_address_is_gone(as_bob):
    address, *_ = make(as_bob)
    assert as_bob.post(reverse("feed-change", args=[FeedToken.objects.get().pk, "revoke"])).status_code == 302
    assert as_bob.get(address).status_code == 410


def test_a_revoked_address_is_no_longer_listed(as_bob):
    make(as_bob)
    assert 'class="tokens"' in as_bob.get(reverse("feeds")).content.decode()
    as_bob.post(reverse("feed-change", args=[FeedToken.objects.get().pk, "revoke"]))
    assert "/revoke/" not in as_bob.get(reverse("feeds")).content.decode()
    assert 'class="tokens"' not in as_bob.get(reverse("feeds")).content.decode()


def test_an_address_of_another_reader_can_not_be_revoked(client, bob, charlie):
    token, _ = FeedToken.make(bob)
    client.force_login(charlie)
    assert client.post(reverse("feed-change", args=[token.pk, "revoke"])).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_revoking_needs_a_post(as_bob, bob):
    token, _ = FeedToken.make(bob)
    assert as_bob.get(reverse("feed-change", args=[token.pk, "revoke"])).status_code == 405


def test_a_feed_of_one_keyword_has_an_address_of_its_own(as_bob, bob):
    keyword = follow(bob, "Robot").keyword
    address, *_ = make(as_bob, keyword.pk)
    assert "/keyword.atom" in address
    assert as_bob.get(address).status_code == 200
    assert as_bob.get(address.replace("/keyword.", "/all.")).status_code == 404


def test_a_feed_by_day_has_an_address_of_its_own(as_bob):
    address, *_ = make(as_bob, "daily")
    assert "/daily.atom" in address
    assert as_bob.get(address).status_code == 200


@pytest.mark.parametrize("asked", ["99999", "9" * 25, "x", "-1", "keyword", ""])
def test_there_is_no_address_of_a_keyword_that_is_not_ones_own(as_bob, alice, asked):
    follow(alice, "Robot")
    assert as_bob.post(reverse("feeds"), {"feed": asked}).status_code == 404
    assert not FeedToken.objects.exists()


def test_a_new_address_for_a_feed_ends_the_old_one(as_bob, bob):
    token, secret = FeedToken.make(bob, "daily")
    answer = as_bob.post(reverse("feed-change", args=[token.pk, "rotate"])).content.decode()
    new = re.findall(r'readonly value="([^"]+)"', answer)[0]
    assert as_bob.get(reverse("feed", args=[secret, "daily", "atom"])).status_code == 410
    assert as_bob.get(new).status_code == 200


def test_addresses_have_an_end(as_bob, bob, monkeypatch):
    monkeypatch.setattr("digest.feed_addresses.MOST", 1)
    FeedToken.make(bob)
    answer = as_bob.post(reverse("feeds"), {"feed": "all"})
    assert "You have 1 feed addresses" in answer.content.decode()
    assert FeedToken.objects.count() == 1


def outlines(answer) -> dict[str, str]:
    root = ElementTree.fromstring(answer.content)
    return {one.get("text"): one.get("xmlUrl") for one in root.iter("outline") if one.get("xmlUrl")}


def test_the_opml_file_has_a_working_address_of_every_feed(as_bob, bob):
    follow(bob, "Robot <& arms>")
    told = outlines(as_bob.post(reverse("feeds-opml")))
    assert list(told) == ["arXiv digest of bob", "arXiv by day, for bob", "arXiv: Robot <& arms>"]
    assert [as_bob.get(address).status_code for address in told.values()] == [200, 200, 200]


def test_the_opml_file_ends_older_addresses_if_asked(as_bob, bob):
    _, secret = FeedToken.make(bob)
    as_bob.post(reverse("feeds-opml"))
    assert as_bob.get(reverse("feed", args=[secret, "all", "atom"])).status_code == 200
    as_bob.post(reverse("feeds-opml"), {"revoke": "yes"})
    assert as_bob.get(reverse("feed", args=[secret, "all", "atom"])).status_code == 410


def test_an_opml_file_that_does_not_fit_ends_no_address(as_bob, bob, monkeypatch):
    FeedToken.make(bob)
    monkeypatch.setattr("digest.feed_addresses.MOST", 1)
    assert as_bob.post(reverse("feeds-opml"), {"revoke": "on"}).status_code == 302
    assert bob.feed_tokens.filter(revoked_at=None).count() == 1


def test_as_many_rules_as_a_reader_may_have_fit_into_an_opml_file(as_bob, bob):
    from digest.feed_addresses import MOST
    from digest.following import QUOTA

    assert MOST >= QUOTA + 2


def test_addresses_that_an_opml_file_ends_make_room_for_it(as_bob, bob, monkeypatch):
    for _ in range(2):
        FeedToken.make(bob)
    monkeypatch.setattr("digest.feed_addresses.MOST", 2)
    assert as_bob.post(reverse("feeds-opml"), {"revoke": "on"}).status_code == 200
    assert bob.feed_tokens.filter(revoked_at=None).count() == 2
