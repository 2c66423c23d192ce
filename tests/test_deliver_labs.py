"""worker/deliver.py, worker/letters.py: what goes out for a lab goes out once, under the lab's name."""

import json

import pytest

from digest import labs
from digest.models import Delivery
from tests.conftest import NOW
from tests.documents import Document
from tests.steps import channel, publish
from worker import letters
from worker.deliver import deliver_next, make_due


@pytest.fixture
def lab(bob):
    lab = labs.found(bob, "Robots & Arms")
    lab.reader.interface_language = "en"
    lab.reader.save()
    publish(lab.reader, Document().add("2605.90001", title="A Robot"), "robot")
    return lab


@pytest.fixture
def server(smtp, settings):
    settings.PUBLIC_URL = "https://papers.example.org"
    return smtp


@pytest.fixture
def listener(inside):
    return inside


def deliver() -> None:
    make_due(NOW)
    while deliver_next(lambda: NOW):
        pass


def test_the_mail_says_whose_it_is_and_leads_to_the_labs_page(lab, server):
    channel(lab.reader, address="robots@example.org")
    deliver()
    deliver()
    (mail,) = server.kept
    assert mail["Subject"].startswith("Robots & Arms · arXiv 2026-05-12: 1 paper")
    text = mail.get_body(("plain",)).get_content()
    assert "https://papers.example.org/labs/robots-arms/digests/2026-05-12/" in text
    assert "lab:" not in mail.as_string()


def test_a_chat_is_told_whose_it_is(lab, settings):
    settings.PUBLIC_URL = "https://papers.example.org"
    chat = channel(lab.reader, "chat", "ntfys://ntfy.sh/x")
    row = Delivery.objects.create(channel=chat, kind="daily", day=NOW.date(), created_at=NOW)
    told = letters.news([], lab)
    assert letters.chat(row, told, 4000)[0].startswith("Robots & Arms · ")
    assert letters.chat(row, None, 4000)[0] == "Robots & Arms · A test from Paperglot"


def test_a_webhook_is_told_whose_it_is(lab, listener):
    channel(lab.reader, "webhook", f"{listener.url}/hook")
    deliver()
    ((_path, _headers, body),) = [(path, headers, body) for path, headers, body, *_ in listener.heard]
    told = json.loads(body)
    assert told["lab"] == {"slug": "robots-arms", "name": "Robots & Arms"}
    assert told["title"].startswith("Robots & Arms · ")


def test_a_mailing_list_is_asked_in_the_labs_name(lab, server):
    row = channel(lab.reader, address="robots@example.org", confirmed_at=None)
    Delivery.ask(row, "confirm", NOW)
    deliver()
    assert "Robots & Arms asked Paperglot" in server.kept[0].get_body(("plain",)).get_content()


def test_a_readers_own_messages_name_no_lab(bob, bobs_digest, server, lab):
    channel(bob)
    deliver()
    (mail,) = server.kept
    assert mail["Subject"].startswith("arXiv 2026-05-12")
    assert "/labs/" not in mail.as_string()
