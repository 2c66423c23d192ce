"""digest/views/pages.py: pages that need no account."""

import re

import pytest
from django.db import DatabaseError
from django.urls import reverse

from digest.model_choices import MODELS
from digest.views import pages


@pytest.mark.django_db
def test_about_thanks_arxiv_and_names_the_licences(client):
    text = client.get("/about/").content.decode()
    assert "Thank you to arXiv for use of its open access interoperability." in text
    assert "CC-BY-NC 4.0" in text
    assert all(model.name in text for model in MODELS)


@pytest.mark.django_db
def test_health_is_ok(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_health_sets_no_cookie_and_is_not_kept(client):
    answer = client.get("/healthz")
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]


def test_health_is_bad_where_the_database_does_not_answer(client, monkeypatch):
    class Away:
        def cursor(self):
            raise DatabaseError("away")

    monkeypatch.setattr(pages, "connection", Away())
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"the database does not answer\n")


def test_the_icon_is_where_browsers_look_for_it(client):
    assert client.get("/favicon.ico").url.endswith("digest/icon.svg")


@pytest.mark.django_db
def test_what_is_not_there_says_so_in_a_sentence(client):
    answer = client.get("/nothing/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert not answer.cookies


def test_what_is_not_there_leads_a_reader_on(as_bob):
    answer = as_bob.get("/nothing/")
    assert answer.status_code == 404
    assert f'<a href="{reverse("keywords")}">' in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/about/", "/login/"])
def test_every_page_allows_only_what_is_its_own(client, path):
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_a_page_loads_nothing_from_elsewhere(client):
    text = client.get("/about/").content.decode()
    loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', text)
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)
