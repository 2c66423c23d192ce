"""Every door of django-allauth's that digest.urls includes, tried by nobody and by charlie."""

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.test_access import METHODS, PRIVATE, bobs  # noqa: F401

ARGUMENTS = {"key": "x-y", "uidb36": "1", "pk": 1, "provider_id": "x"}


def doors() -> Iterator[tuple[str, list[str]]]:
    """Each named address below /accounts/, with the names of its arguments."""

    def walk(patterns: list, below: str, given: set[str]) -> Iterator[tuple[str, list[str]]]:
        for pattern in patterns:
            path = below + str(pattern.pattern)
            groups = getattr(pattern.pattern.regex, "groupindex", ())
            arguments = {*given, *pattern.pattern.converters, *groups}
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, path, arguments)
            elif isinstance(pattern, URLPattern) and pattern.name and path.startswith("accounts/"):
                yield pattern.name, sorted(arguments)

    yield from dict(walk(get_resolver().url_patterns, "", set())).items()


DOORS = sorted(doors())


def address(name: str, arguments: list[str]) -> str:
    return reverse(name, kwargs={argument: ARGUMENTS[argument] for argument in arguments})


def test_the_doors_are_found():
    names = {name for name, _ in DOORS}
    assert {
        "account_login",
        "account_signup",
        "mfa_index",
        "usersessions_list",
        "mfa_login_webauthn",
    } <= names
    assert len(names) > 30


@pytest.mark.parametrize(("name", "arguments"), DOORS)
def test_nothing_of_bobs_comes_out_and_nothing_fails(client, charlie, bobs, name, arguments):  # noqa: F811
    for who in (None, charlie):
        for method in METHODS:
            if who:
                client.force_login(who)
            answer = getattr(client, method)(address(name, arguments))
            assert answer.status_code < 500
            assert PRIVATE not in answer.content.decode()


@pytest.mark.parametrize(("name", "arguments"), DOORS)
def test_every_page_is_in_the_house_and_has_nothing_inline(client, bob, name, arguments):
    for who in (None, bob):
        if who:  # by the form: who has just logged in sees the pages that ask again
            client.post(reverse("login"), {"login": "bob", "password": "bob-password"})
        answer = client.get(address(name, arguments), follow=True)
        text = answer.content.decode()
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        assert '<html lang="en">' in text, name
        assert text.count('<main id="content">') == 1, name
        assert len(re.findall(r"<h1[ >]", text)) == 1, name
        assert " style=" not in text, name
        assert not re.search(r"\son[a-z]+=", re.sub(r"data-allauth-onload=", "", text)), name
        for script in re.findall(r"<script\b[^>]*>", text):
            assert "src=" in script or 'type="application/json"' in script, script
