"""digest/checks.py: what is right and may be better."""

from django.core import checks

from digest.checks import contact, public_url


def test_an_installation_without_a_contact_is_told_what_it_is_for(settings):
    settings.CONTACT = ""
    (warning,) = contact()
    assert "arXiv can't tell you" in warning.msg
    assert warning.hint


def test_an_installation_with_a_contact_is_told_nothing(settings):
    settings.CONTACT = "ops@example.org"
    assert contact() == []


def test_mail_without_an_address_for_links_is_told(settings):
    settings.EMAIL_HOST, settings.PUBLIC_URL = "mail.example.org", ""
    (warning,) = public_url()
    assert "none to unsubscribe" in warning.msg
    settings.PUBLIC_URL = "https://papers.example.org"
    assert public_url() == []


def test_the_default_installation_has_nothing_wrong(db):
    assert checks.run_checks() == []


def test_the_contact_is_asked_for_only_before_a_deployment(settings):
    settings.CONTACT = ""
    assert "paperglot.W001" not in [message.id for message in checks.run_checks()]
    deploy = checks.run_checks(include_deployment_checks=True)
    assert "paperglot.W001" in [message.id for message in deploy]
