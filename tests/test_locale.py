"""The interface in Simplified Chinese: the catalogue is whole and up to date, and no page is a mixture."""

import re
import shutil
import zoneinfo
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from digest import taxonomy
from digest.following import follow
from digest.models import (
    Alert,
    Announcement,
    Category,
    Correction,
    Download,
    Entry,
    FeedToken,
    GlossaryTerm,
    Holiday,
    Listing,
    PaperVersion,
    Run,
    Segment,
    Sentence,
    Subscription,
    User,
)
from tests.house import CHECKOUT
from tests.ledgers import MONDAY, row, seen
from tests.test_access import DOORS, furnish

PO = CHECKOUT / "digest" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
CATALOGUE = polib.pofile(str(PO))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
TAG = re.compile(r"</?\w[^<>]*>")


def said(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


# --- the catalogue ----------------------------------------------------------------------------


def test_every_entry_is_translated_and_none_is_a_guess():
    assert [e.msgid for e in CATALOGUE if e.fuzzy or e.obsolete or not all(said(e))] == []
    assert not CATALOGUE.metadata_is_fuzzy
    assert CATALOGUE.metadata["Plural-Forms"] == "nplurals=1; plural=0;"


@pytest.mark.parametrize("what", [PLACEHOLDER, TAG], ids=["placeholders", "tags"])
def test_a_translation_has_what_its_original_has(what: re.Pattern[str]):
    for entry in CATALOGUE:
        wanted = sorted(what.findall(entry.msgid_plural or entry.msgid))
        assert [sorted(what.findall(text)) for text in said(entry)] == [wanted], entry.msgid


def test_a_translation_has_the_signs_of_chinese():
    """Full-width marks beside Chinese; a colon or a comma between digits and names may be ASCII."""
    wrong = re.compile(r"[\u4e00-\u9fff][,;:!?]|[,;!?][\u4e00-\u9fff]|\.$")
    for entry in CATALOGUE:
        assert not any(wrong.search(text) for text in said(entry)), entry.msgid


def test_the_compiled_catalogue_is_that_of_the_source():
    def told(entries: polib.POFile | polib.MOFile) -> dict:
        return {(e.msgctxt, e.msgid): (e.msgid_plural, said(e)) for e in entries}

    assert told(polib.mofile(str(PO.with_suffix(".mo")))) == told(CATALOGUE)


@pytest.mark.gettext
@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs GNU gettext: apt-get install gettext")
def test_every_string_of_the_sources_is_in_the_catalogue(tmp_path: Path, monkeypatch, settings):
    """In a copy: makemessages writes beside the templates as it reads them."""
    for folder in ("digest", "worker", "templates"):
        kinds = ("*.py", "*.html", "*.txt")
        wanted = [path for kind in kinds for path in (CHECKOUT / folder).rglob(kind)]
        for source in wanted:
            copy = tmp_path / source.relative_to(CHECKOUT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
    settings.LOCALE_PATHS = [tmp_path / "digest" / "locale"]
    settings.LOCALE_PATHS[0].mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["zh_Hans"], verbosity=0, no_location=True)
    fresh = polib.pofile(str(tmp_path / PO.relative_to(CHECKOUT)))
    assert {(e.msgid, e.msgid_plural) for e in fresh} == {(e.msgid, e.msgid_plural) for e in CATALOGUE}


# --- the pages --------------------------------------------------------------------------------

NAMES = [
    "arXiv", "Paperglot", "NLLB-200", "NLLB", "CC-BY-NC", "CC0", "Meta AI", "KaTeX (MIT)", "htmx (0BSD)",
    "Django (BSD)", "CTranslate2 (MIT)", "SentencePiece (Apache 2.0)", "Atom", "RSS", "PDF", "TMX", "English",
    "manage.py createsuperuser", "match new keywords", "hooks.example.org",
]  # fmt: skip
"""What is called so in Chinese too; English is a choice of the interface language, and a run has the log's name."""
ENGLISH = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[\s,;:.()]+[A-Za-z][A-Za-z'’-]*){2,}")
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Page(HTMLParser):
    """What a page says outside of elements in English: its text, and what is read aloud or shown on hovering."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language = ""
        self._silent: list[bool] = [False]
        self.told: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if tag == "html":
            self.language = named.get("lang") or ""
        english = named.get("lang") == "en" and tag != "html"
        silent = self._silent[-1] or english or tag in ("script", "style")
        spoken = ("title", "aria-label", "alt") + (("placeholder",) if tag == "input" else ())
        self.told += [named[name] or "" for name in spoken if name in named and not silent]
        if tag not in VOID:
            self._silent.append(silent)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        pass  # of SVG

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent[-1] and data.strip():
            self.told.append(data.strip())

    def english(self, names: list[str]) -> list[str]:
        """Runs of three English words, less what is a name."""
        found = []
        for text in filter(ENGLISH.search, self.told):
            for name in names:
                text = text.replace(name, "·")
            found += ENGLISH.findall(text)
        return found


def data() -> list[str]:
    """What papers, readers, arXiv and the log say, the longest first: it is in whatever language it is in."""
    stored = [
        (Announcement, "note"),
        (Category, "last_error"),
        (Download, "error"),
        (GlossaryTerm, "term"),
        (Holiday, "reason"),
        (PaperVersion, "abstract"),
        (PaperVersion, "title"),
        (Permission, "name"),  # Django keeps them in the database
        (Run, "error"),
        (Segment, "source"),
        (Sentence, "source"),
        (Subscription, "label"),
    ]
    texts = {
        *(text for model, field in stored for text in model.objects.values_list(field, flat=True)),
        *(text for c in taxonomy.active() for text in (c.label, c.name)),
        *(name.replace("_", " ") for name in zoneinfo.available_timezones()),
    }
    long = sorted(
        filter(ENGLISH.search, texts), key=len, reverse=True
    )  # a short one would be found inside words
    return [*long, *(c.code for c in taxonomy.active()), *NAMES]


@pytest.fixture
def everything(bobs_digest, bob, alice, now, time_machine) -> None:
    """Something on every page, what goes wrong too, for two people who read Chinese."""
    time_machine.move_to(now, tick=False)
    follow(alice, "robot")
    furnish(bob, "bobs")
    FeedToken.make(alice)
    row("cs.AI", state="stale", seen=[seen(now, "stale")], next_try_at=now, note="It came late and in part.")
    row("cs.RO", state="missing")
    row("cs.CL", MONDAY, state="early", count=3)
    Category.objects.filter(code="cs.AI").update(failures=2, last_error="FetchError: it is away.")
    Run.objects.create(verb="fetch", subject="cs.LG 2026-05-12", began_at=now, counts={"papers": 2})
    Run.objects.create(verb="heal", subject="cs.AI", began_at=now, ended_at=now, error="It was all gone.")
    Alert.objects.create(day=MONDAY, text=f"arXiv {MONDAY}: cs.AI, cs.CL not complete.", raised_at=now)
    Download.objects.create(model="nllb-200-3.3B", requested_at=now, error="It is not to be had.")
    Download.objects.create(model="nllb-200-distilled-600M", requested_at=now, total_bytes=9, done_bytes=4)
    Correction.objects.create(key="0" * 64, language="zh-Hans", source="A.", text="甲。", at=now)
    Holiday.objects.create(evening=now.date(), reason="Robots' day")
    PaperVersion.objects.create(
        paper=bobs_digest.entries.first().paper,
        number=2,
        title="A Robot",
        abstract="It runs.",
        first_seen_at=now,
    )
    Entry.objects.filter(paper__arxiv_id="2605.90002").update(announce_type="replace-cross")
    Listing.objects.filter(paper__arxiv_id="2605.90002").update(announce_type="replace-cross")
    User.objects.update(interface_language="zh-hans", delivery_hour=7)


def mixed(client: Client, address: str) -> list[str]:
    """What is English on a page; it follows nothing and counts no page that has no text."""
    answer = client.get(address)
    assert answer.status_code in (200, 302, 403, 404, 405, 410), address
    if not answer.headers.get("Content-Type", "").startswith("text/html") or not answer.content:
        return []
    page = Page(answer.content.decode())
    assert page.language in ("zh-hans", ""), address  # a part of a page has none
    return page.english(data())


@pytest.mark.parametrize("who", ["bob", "alice"])
def test_every_page_is_in_chinese_for_who_reads_chinese(client, everything, bob, alice, who):
    client.force_login({"bob": bob, "alice": alice}[who])
    for door in sorted(
        set(DOORS) - {"healthz", "feed", "api-docs"}
    ):  # the API's names are English, as OpenAPI is
        assert mixed(client, reverse(door, args=DOORS[door](bob))) == [], door


@pytest.mark.parametrize("door", ["login", "about", "setup"])
def test_a_page_without_an_account_is_in_the_browsers_language(client, everything, door, bob):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN,zh;q=0.9"
    assert mixed(client, reverse(door, args=DOORS[door](bob))) == []


def test_what_is_not_there_is_not_there_in_chinese(client, everything, bob):
    client.force_login(bob)
    assert mixed(client, reverse("paper", args=["2605.99999"])) == []
    answer = client.get(reverse("board"))
    assert (answer.status_code, "管理员" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize(
    ("door", "typed", "told"),
    [
        pytest.param("keywords", {"phrase": "+++"}, "关键词至少要有一个字母或数字。", id="no keyword"),
        pytest.param(
            "keywords", {"phrase": "x" * 300}, "关键词最多 200 个字符，当前为 300 个", id="a long one"
        ),
        pytest.param("keywords", {"phrase": "Robots"}, "已关注“Robots”，", id="a keyword"),
        pytest.param("account", {"time_zone": "Mars/Olympus"}, "选择一个有效的选项", id="no zone"),
        pytest.param("start", {"phrases": "robot"}, "请至少选择一个分类。", id="no category"),
    ],
)
def test_what_a_form_answers_is_chinese(client, everything, alice, door, typed, told):
    client.force_login(alice)
    text = client.post(reverse(door), typed, follow=True).content.decode()
    assert told in text
    assert Page(text).english(data()) == []


def test_the_admin_is_chinese(client, everything, alice):
    client.force_login(alice)
    assert mixed(client, reverse("admin:index")) == []
    for model in admin.site._registry:
        if model._meta.app_label in ("mfa", "usersessions", "socialaccount", "account"):
            continue  # allauth's own columns, which its catalogue lacks
        options = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert mixed(client, reverse(f"{options}_changelist")) == [], model
        assert mixed(client, reverse(f"{options}_add")) == [], model
        if newest := model._default_manager.last():
            assert mixed(client, reverse(f"{options}_change", args=[newest.pk])) == [], model


def test_both_halves_of_a_paper_keep_their_language(client, everything, bob):
    client.force_login(bob)
    text = client.get(reverse("paper", args=["2605.90001"]), {"v": "1"}).content.decode()
    assert '<html lang="zh-hans">' in text
    assert '<div class="original" lang="en">' in text
    assert '<div class="translation" lang="zh-Hans" dir="ltr">' in text


def test_dates_are_written_as_in_chinese(client, everything, bob):
    client.force_login(bob)
    day = bob.digests.get().day
    assert "2026年5月12日" in client.get(reverse("digest", args=[day])).content.decode()
    assert "2026年5月" in client.get(reverse("past")).content.decode()


def test_the_answer_says_its_language(client, everything, bob):
    client.force_login(bob)
    assert client.get(reverse("today")).headers["Content-Language"] == "zh-hans"
    bob.interface_language = "en"
    bob.save()
    answer = client.get(reverse("today"), headers={"Accept-Language": "zh-CN"})
    assert answer.headers["Content-Language"] == "en"


def test_a_feed_speaks_its_readers_language_whoever_asks(client, everything, bob):
    _row, secret = FeedToken.make(bob)
    address = reverse("feed", args=[secret, "all", "atom"])
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert "bob 的 arXiv 文摘" in answer.content.decode()
    bob.interface_language = "en"
    bob.save()
    again = client.get(address, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, "arXiv digest of bob" in again.content.decode()) == (200, True)
