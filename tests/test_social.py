"""digest/social.py: logging in with an account elsewhere, by one setting."""

import json

import pytest

from digest.social import SocialError, providers

GITHUB = {"provider": "github", "client_id": "abc", "secret": "hush"}
OPENID = {
    "provider": "openid_connect",
    "id": "uni",
    "name": "University",
    "client_id": "abc",
    "secret": "hush",
    "server_url": "https://idp.example.org/realm",
}


def test_without_the_setting_there_are_none():
    assert providers("") == ([], {}, [])


def test_each_provider_is_an_app_and_an_origin_for_forms():
    apps, configured, origins = providers(json.dumps([GITHUB, OPENID]))
    assert apps == [
        "allauth.socialaccount.providers.github",
        "allauth.socialaccount.providers.openid_connect",
    ]
    assert configured["github"] == {"APPS": [{"client_id": "abc", "secret": "hush"}]}
    assert configured["openid_connect"]["APPS"][0]["provider_id"] == "uni"
    assert origins == ["https://github.com", "https://idp.example.org"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "no JSON"),
        ('{"provider": "github"}', "a list of objects"),
        ('[{"provider": "myspace"}]', "provider must be one of"),
        ('[{"provider": "github", "client_id": "x"}]', "secret must be given"),
        (json.dumps([{**OPENID, "server_url": "idp"}]), "server_url must be given"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(text, told):
    with pytest.raises(SocialError, match=told):
        providers(text)


def test_a_mistake_never_repeats_the_secret():
    with pytest.raises(SocialError) as error:
        providers(json.dumps([{"provider": "github", "secret": "hush"}]))
    assert "hush" not in str(error.value)
