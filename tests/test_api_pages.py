"""What readers do on the pages, programs do too: for each page that takes a POST, the operations that do the same."""

import inspect

from django.urls import URLPattern

from digest.api import api
from digest.urls import urlpatterns

_PERSON = "proves who somebody is, or changes how they do: on the pages only"
_STAFF = "an administrator's: the API is for readers"
_LINK = "a link out of a mail, which is the key itself"
DOES: dict[str, list[str] | str] = {
    "mark": ["marks.change"],
    "note": ["marks.note"],
    "undo": ["marks.change"],  # its answer has what takes it back
    "layout": ["account.change"],
    "tag-change": ["saved.rename", "saved.remove"],
    "export": ["exports.selection"],
    "sentence": ["sentences.correct", "sentences.withdraw"],
    "account": ["account.change"],
    "account-delete": _PERSON,
    "feeds": ["feeds.make"],
    "feeds-opml": ["feeds.opml"],
    "feed-change": ["feeds.rotate", "feeds.revoke"],
    "api-tokens": "a token makes no tokens, else one that leaks would outlive its end",
    "api-token-change": ["account.revoke"],
    "session-end": _PERSON,
    "unsubscribe": _LINK,
    "mail-confirm": _LINK,
    "invitation": _LINK,
    "unsent": "keeps what was typed into a form when a session ends; programs have none",
    "labs": ["labs.found"],
    "lab-settings": ["labs.change"],
    "lab-close": ["labs.close"],
    "lab-members": ["lab_members.invite"],
    "lab-member": ["lab_members.change", "lab_members.remove"],
    "lab-withdraw": ["lab_members.withdraw"],
    "lab-papers": ["lab_reading.add"],
    "lab-interest": ["lab_reading.interest", "lab_reading.take_off"],
    "keywords": ["keywords.follow"],
    "keyword-try": ["keywords.try_rule"],
    "keyword-simple": ["keywords.follow"],  # the form without JavaScript
    "keyword-import": ["rules.take_in", "keywords.follow"],
    "keyword-edit": ["keywords.change"],
    "keyword-change": ["keywords.change", "keywords.remove", "keywords.order"],
    "lab-keywords": ["lab_reading.follow"],
    "lab-keyword-try": ["keywords.try_rule"],
    "lab-keyword-simple": ["lab_reading.follow"],
    "lab-keyword-import": ["lab_reading.take_in", "lab_reading.follow"],
    "lab-keyword-edit": ["lab_reading.change"],
    "lab-keyword-change": ["lab_reading.change", "lab_reading.remove", "lab_reading.order"],
    "deliveries": ["channels.add"],
    "channel": ["channels.change"],
    "channel-change": ["channels.test", "channels.confirm", "channels.change", "channels.remove"],
    "delivery-again": ["channels.retry"],
    "lab-deliveries": ["lab_channels.add"],
    "lab-channel": ["lab_channels.change"],
    "lab-channel-change": [
        "lab_channels.test",
        "lab_channels.confirm",
        "lab_channels.change",
        "lab_channels.remove",
    ],
    "lab-delivery-again": ["lab_channels.retry"],
    "board-again": _STAFF,
    "people": _STAFF,
    "people-change": _STAFF,
    "invitation-withdraw": _STAFF,
    "setup": _STAFF,
    "start": _STAFF,
    "start-download": _STAFF,
    **dict.fromkeys(
        ("login", "logout", "account_email", "account_reset_password", "account_request_login_code"), _PERSON
    ),
}


def takes_posts(pattern: URLPattern) -> bool:
    """By its source: what it asks of a request, or a decorator; a view of somebody else's may always."""
    view = inspect.unwrap(pattern.callback)
    return not view.__module__.startswith("digest.") or "POST" in inspect.getsource(view)


def test_each_page_that_takes_a_post_says_what_does_it_in_the_api():
    pages = {p.name for p in urlpatterns if isinstance(p, URLPattern) and p.name and takes_posts(p)}
    assert pages == set(DOES)


def test_what_is_named_is_there_and_has_the_scope_of_a_change():
    scopes = {
        told["operationId"]: told["security"][0]["Token"][0]
        for methods in api.get_openapi_schema()["paths"].values()
        for told in methods.values()
    }
    named = {name for operations in DOES.values() if isinstance(operations, list) for name in operations}
    assert named - set(scopes) == set()
    assert {name for name in named if scopes[name] == "read"} == {"keywords.try_rule", "exports.selection"}
