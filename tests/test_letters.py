"""worker/letters.py: what a digest is as a mail, as a chat message, as JSON."""

from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from digest.models import Channel, Delivery, Section
from digest.picture import GroupPicture
from digest.showing import digest_picture
from tests import pictures
from tests.conftest import NOW
from tests.documents import Document
from tests.steps import publish
from worker import letters
from worker.posting.webhook import LARGEST

SITE = "https://papers.example.org"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.PUBLIC_URL = SITE


@pytest.fixture
def delivery(bob) -> Delivery:
    bob.interface_language = "en"
    channel = Channel.objects.create(user=bob, kind="mail", address="bob@example.org", confirmed_at=NOW)
    return Delivery.objects.create(channel=channel, kind="daily", day=NOW.date(), created_at=NOW)


def news(digest) -> letters.News:
    return letters.news([digest_picture(digest)])


@pytest.fixture
def mailed(delivery, bobs_digest):
    """The mail as it arrives."""

    def mailed(display: str = "both") -> EmailMessage:
        delivery.channel.user.display = display
        sent = letters.mail(delivery, news(bobs_digest)).message()
        return message_from_bytes(sent.as_bytes(), policy=policy.default)

    return mailed


def text_of(mail: EmailMessage, kind: str) -> str:
    return mail.get_body((kind,)).get_content()


# --- mail -------------------------------------------------------------------------------------


def test_the_subject_says_the_day_how_many_and_the_first_titles(mailed):
    assert mailed("original")["Subject"] == (
        "arXiv 2026-05-12: 2 papers · A Robot of Order O(n^2) · Diffusion Policy"
    )


def test_a_letter_to_who_has_chosen_no_interface_language_is_in_that_of_the_digest(mailed, delivery):
    delivery.channel.user.interface_language = ""
    assert "2 篇论文" in mailed()["Subject"]


def test_a_title_with_line_breaks_begins_no_header(delivery, bob, bobs_digest):
    picture = digest_picture(bobs_digest)
    told = letters.news([picture])
    object.__setattr__(
        told.groups[0][1][0], "title", "A\r\nBcc: eve@example.org\r\n\r\nBody\u2028\x00x" + "y" * 500
    )
    delivery.channel.user.display = "original"
    mail = letters.mail(delivery, told)
    assert "\n" not in mail.subject
    assert len(mail.subject) <= 140
    parsed = message_from_bytes(mail.message().as_bytes(), policy=policy.default)
    assert parsed["Bcc"] is None


def test_headers_for_one_click_and_for_machines(mailed, delivery):
    mail = mailed()
    assert mail["List-Unsubscribe"].startswith(f"<{SITE}/mail/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "papers.example.org" in mail["List-Id"]
    assert mail["Message-ID"] == f"<{delivery.key}>"
    assert delivery.key.endswith("@papers.example.org")


def test_formulas_are_unicode_in_both_parts(mailed):
    mail = mailed()
    for kind in ("plain", "html"):
        assert "$" not in text_of(mail, kind)
    assert "n<4" in text_of(mail, "plain")
    assert "n&lt;4" in text_of(mail, "html")


def test_the_html_has_its_style_inline_and_no_script(mailed):
    html = text_of(mailed(), "html")
    assert "<style" not in html
    assert "<script" not in html
    assert 'style="' in html
    assert "<h3 " in html


@pytest.mark.parametrize(
    ("display", "original", "translation"),
    [
        ("both", True, True),
        ("translation-first", True, True),
        ("original", True, False),
        ("translation", False, True),
    ],
)
def test_the_languages_that_the_reader_wants(mailed, display, original, translation):
    mail = mailed(display)
    for kind in ("plain", "html"):
        text = text_of(mail, kind)
        assert ("We train a policy on robots." in text) == original
        assert ("译" in text) == translation


def test_the_translation_comes_first_where_wanted(delivery):
    told = letters.news([pictures.digest()])
    for display, first in (("both", "A Robot"), ("translation-first", "一个机器人")):
        delivery.channel.user.display = display
        mail = letters.mail(delivery, told)
        second_paper = mail.body[mail.body.index("It walks.") :]
        titles = [line for line in second_paper.splitlines() if line in ("A Robot", "一个机器人")]
        assert titles[0] == first


def test_titles_are_text_and_never_markup(delivery, bob):
    document = Document()
    document.add(
        "2605.90003", title="<script>alert(1)</script> robots & co", abstract="A robot <b>walks</b>."
    )
    digest = publish(bob, document, "robot")
    html = letters.mail(delivery, news(digest)).alternatives[0][0]
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html


def test_what_is_still_awaited_is_told(delivery, bobs_digest):
    bobs_digest.proof = [
        {"category": "cs.RO", "state": "partial", "declared": 20, "stored": 5},
        {"category": "cs.LG", "state": "complete", "declared": 2, "stored": 2},
    ]
    told = news(bobs_digest)
    assert told.awaited == ["cs.RO: only 5 of 20 papers could be read"]
    assert "Still awaited: cs.RO" in letters.mail(delivery, told).body


def test_without_an_address_of_its_own_the_mail_says_so(mailed, settings):
    settings.PUBLIC_URL = ""
    mail = mailed()
    assert mail["List-Unsubscribe"] is None
    assert "has not been told its own address" in text_of(mail, "plain")
    assert "https://arxiv.org/abs/2605.90002" in text_of(mail, "plain")


def test_a_long_digest_fits_and_says_how_many_are_left_out(delivery):
    long = {"abstract": "A robot walks. " * 60, "abstract_translated": "我们造了一个机器人。" * 60}
    papers = tuple(pictures.translated(f"2605.9{number:04d}", **long) for number in range(700))
    told = letters.news([pictures.digest(GroupPicture("robot", papers))])
    mail = letters.mail(delivery, told)
    html = mail.alternatives[0][0]
    assert len(html.encode()) < 100_000
    assert "more papers." in html
    assert f"{SITE}/digests/2026-05-12/" in html
    assert "700 papers" in mail.subject


def test_a_week_has_each_keyword_and_each_paper_once():
    told = letters.news([pictures.digest(), pictures.digest(announced=date(2026, 5, 13))])
    assert [keyword for keyword, _papers in told.groups] == ["robot"]
    assert told.count == 2
    assert told.title == "arXiv 2026-05-12 to 2026-05-13: 2 papers"


# --- chat -------------------------------------------------------------------------------------


def test_a_chat_message_has_titles_by_keyword_and_one_link(delivery, bobs_digest):
    title, body = letters.chat(delivery, news(bobs_digest), 4000)
    assert title == "arXiv 2026-05-12: 2 papers"
    assert body.splitlines()[0] == "Robot"
    assert "Diffusion Policy" in body
    assert body.splitlines()[-1] == f"{SITE}/digests/2026-05-12/"


@pytest.mark.parametrize(
    ("display", "titles"),
    [
        ("both", ["• A Robot", "  一个机器人"]),
        ("translation-first", ["• 一个机器人", "  A Robot"]),
        ("original", ["• A Robot"]),
        ("translation", ["• 一个机器人"]),
    ],
)
def test_a_chat_message_has_the_languages_that_the_reader_wants(delivery, display, titles):
    delivery.channel.user.display = display
    told = letters.news([pictures.digest(GroupPicture("robot", (pictures.translated(),)))])
    assert letters.chat(delivery, told, 4000)[1].splitlines()[1:-1] == titles


@pytest.mark.parametrize("room", [300, 1000, 4000])
def test_a_chat_message_is_never_too_long(delivery, bobs_digest, room):
    told = news(bobs_digest)
    told.groups[0][1].extend(told.groups[0][1] * 100)
    title, body = letters.chat(delivery, told, room)
    assert len(f"{title}\n{body}".encode()) <= room
    assert body.splitlines()[-1].startswith(SITE)
    assert "… and more" in body


def test_a_keyword_is_as_its_reader_calls_it(delivery, bobs_digest):
    Section.objects.filter(label="Robot").update(label="my\nrobots")
    assert "my robots" in letters.chat(delivery, news(bobs_digest), 4000)[1]


# --- webhook ----------------------------------------------------------------------------------


def test_a_webhook_has_the_digest_as_json(delivery, bobs_digest):
    body = letters.webhook(delivery, [digest_picture(bobs_digest)], LARGEST)
    assert (body["event"], body["key"], body["count"]) == ("daily", delivery.key, 2)
    assert body["page"] == f"{SITE}/digests/2026-05-12/"
    assert body["digests"][0]["groups"][0]["papers"][0]["arxiv_id"] == "2605.90001"


def test_a_webhook_that_would_be_too_long_has_no_abstracts(delivery, bobs_digest):
    body = letters.webhook(delivery, [digest_picture(bobs_digest)], 1000)
    assert body["shortened"]
    assert "abstract" not in body["digests"][0]["groups"][0]["papers"][0]
