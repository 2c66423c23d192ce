"""digest/channels.py: which addresses can be one, and what is shown of them."""

import pytest

from digest.channels import (
    SERVICES,
    ChannelError,
    checked_chat,
    checked_webhook,
    is_public,
    masked,
    service_name,
)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_example_is_accepted(service):
    assert checked_chat(f"  {service.example} ") == service.example
    assert service_name(service.example) == service.name


@pytest.mark.parametrize(
    "address",
    [
        "", "slack", "://", "file:///etc/passwd", "syslog://", "dbus://", "windows://", "macosx://", "exec://rm",
        "rsyslog://host", "mqtt://host/topic", "apprise://host/token", "mailto://a:b@example.org", "smpp://u:p@host",
        "http://example.org", "ntfys://ntfy.sh/a b", "ntfys://ntfy.sh/a\nb", "ntfys://" + "a" * 1000,
        "slack://T/B/C?template=/etc/passwd", "slack://T/B/C?TEMPLATE=/etc/passwd",
        "slack://T/B/C?image=no;template=/etc/passwd", "slack://T/B/C?%74emplate=/x",
        "discord://1/x?attach=/etc/passwd", "ntfys://ntfy.sh/a?config=x", "ntfys://ntfy.sh/a?rto=9999",
        "jsons://host/x?-get=1", "ntfys://ntfy.sh/a?+X-Header=1", "ntfys://ntfy.sh/a?verify=no",
    ],
)  # fmt: skip
def test_what_is_no_chat_is_told_so(address):
    with pytest.raises(ChannelError) as caught:
        checked_chat(address)
    assert str(caught.value).endswith(".")


def test_a_scheme_in_capitals_is_the_same():
    assert checked_chat("NTFYS://ntfy.sh/Topic") == "ntfys://ntfy.sh/Topic"


def test_json_may_have_headers_and_fields():
    assert checked_chat("jsons://host/x?+X-Token=1&:lab=ours")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "hooks.example.org",
        "ftp://example.org",
        "https://",
        "https://a b",
        "http://[::1",
        "https://h:99999/",
    ],
)
def test_what_is_no_web_address_is_told_so(address):
    with pytest.raises(ChannelError):
        checked_webhook(address)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("bob@example.org", "bob@example.org"),
        ("slack://T0000000A/B0000000A/secret/#papers", "slack://…"),
        ("tgram://123:secret/456", "tgram://…"),
        ("https://user:secret@hooks.example.org/secret?token=secret", "https://hooks.example.org/…"),
        ("http://[2606:4700::1]/secret", "http://[2606:4700::1]/…"),
    ],
)
def test_what_is_secret_is_not_shown(address, shown):
    assert masked(address) == shown


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "ff02::1",
        "64:ff9b::7f00:1", "2002:7f00:1::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_addresses_of_the_internet_are(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:6379/", "http://localhost/x", "http://[::1]/", "http://10.0.0.1"]
)
def test_what_is_plainly_inside_is_told_when_it_is_typed(address):
    with pytest.raises(ChannelError, match="PAPERGLOT_INSIDE_HOSTS"):
        checked_webhook(address)


def test_what_the_administrator_allows_may_be_inside():
    assert checked_webhook("http://localhost/x", frozenset({"localhost"}))
