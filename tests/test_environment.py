"""digest/environment.py: whatever is wrong with a variable is told in a sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from digest import environment

NAME = "PAPERGLOT_TEST_X"


@pytest.fixture
def given(monkeypatch):
    def given(value: str, name: str = NAME) -> None:
        monkeypatch.setenv(name, value)

    return given


def refused(read, *arguments: object) -> str:
    with pytest.raises(ImproperlyConfigured) as told:
        read(NAME, *arguments)
    return str(told.value)


def test_a_text_may_come_from_a_file(given, tmp_path):
    (tmp_path / "secret").write_text("hidden")
    given(str(tmp_path / "secret"), "PAPERGLOT_TEST_FILED_FILE")
    assert environment.text("PAPERGLOT_TEST_FILED") == "hidden"


def test_a_file_that_can_not_be_read_is_told(given, tmp_path):
    given(str(tmp_path / "absent"), f"{NAME}_FILE")
    assert refused(environment.text) == f"{NAME}_FILE='{tmp_path}/absent' can't be read."


@pytest.mark.parametrize("value", ["http", "", "0", "65536", "nan", "inf", "1,5"])
def test_a_number_that_is_none_or_out_of_bounds_is_told(given, value):
    given(value)
    assert (
        refused(environment.number, 8000, 1, 65535) == f"{NAME}={value!r}: a number from 1 to 65535, please."
    )


@pytest.mark.parametrize(
    ("value", "means"),
    [("yes", True), (" On ", True), ("1", True), ("TRUE", True), ("no", False), ("0", False)],
)
def test_a_switch_is_yes_or_no(given, value, means):
    given(value)
    assert environment.switch(NAME, not means) is means


def test_a_switch_that_is_neither_is_told(given):
    given("maybe")
    assert refused(environment.switch, True) == f"{NAME}='maybe': yes or no, please."


def test_a_choice_is_one_of_its_words_whatever_its_case(given):
    given(" Int8_Float16 ")
    assert environment.choice(NAME, "int8", "int8 int8_float16") == "int8_float16"


def test_a_choice_that_is_none_is_told(given):
    given("int3")
    assert refused(environment.choice, "int8", "int8 int16") == f"{NAME}='int3': one of int8, int16, please."


@pytest.mark.parametrize("value", ["https://example.org", "http://localhost:8000/", "http://[::1]:8000/x"])
def test_an_address_is_taken_without_its_last_slash(given, value):
    given(value)
    assert environment.address(NAME) == value.rstrip("/")


@pytest.mark.parametrize("value", ["example.org", "ftp://example.org", "http://", "http://[", "http://x:y"])
def test_an_address_that_is_none_is_told(given, value):
    given(value)
    assert "an address with http:// or https://" in refused(environment.address, "https://rss.arxiv.org")


def test_an_empty_address_is_an_address_only_where_it_is_the_default(given):
    given("")
    assert environment.address(NAME) == ""
    assert refused(environment.address, "https://rss.arxiv.org")


def test_an_origin_has_no_path(given):
    given("https://example.org/papers")
    assert "without a path" in refused(environment.origin)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://papers.example.org", "papers.example.org"),
        ("http://localhost:8000", "localhost"),
        ("http://[::1]:8000", "[::1]"),
        ("http://[::1]", "[::1]"),
    ],
)
def test_the_host_of_an_address_is_as_the_host_header_has_it(url, host):
    assert environment.host_of(url) == host


@pytest.mark.parametrize("value", ["Mars/Olympus", "", "../etc/passwd", "/etc/passwd"])
def test_a_time_zone_that_is_none_is_told(given, value):
    given(value)
    assert refused(environment.zone, "UTC").startswith(f"{NAME}={value!r}: a time zone such as")


@pytest.mark.parametrize(("value", "code"), [("zh", "zh-Hans"), ("JA", "ja"), ("zho_Hant", "zh-Hant")])
def test_a_language_is_taken_as_people_write_it(given, value, code):
    given(value)
    assert environment.language(NAME, "zh-Hans") == code


def test_a_language_that_nobody_knows_is_told(given):
    given("tlh")
    assert refused(environment.language, "zh-Hans").startswith(f"{NAME}: 'tlh' is not a language")


@pytest.mark.parametrize(
    ("value", "engine"),
    [("sqlite:////tmp/x", "sqlite3"), ("postgres://u:p@h:5432/x", "postgresql"), ("", "sqlite3")],
)
def test_a_database_is_sqlite_or_postgresql(given, value, engine):
    given(value)
    assert environment.database(NAME, "sqlite:////tmp/y")["ENGINE"] == f"django.db.backends.{engine}"


@pytest.mark.parametrize("value", ["nonsense", "mysql://u:secret@h/x", "postgres://u:secret@h:x/y"])
def test_a_database_that_is_none_is_told_without_its_password(given, value):
    given(value)
    assert "postgres://USER:PASSWORD@HOST/NAME" in (told := refused(environment.database, "sqlite:////tmp/y"))
    assert "secret" not in told


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [("smtp://user:word@mail.example.org:587", "mail.example.org", 587), ("smtp+tls://h:25", "h", 25)],
)
def test_a_mail_server_is_an_address(monkeypatch, address, host, port):
    monkeypatch.setenv("PAPERGLOT_MAIL_URL", address)
    told = environment.mail("PAPERGLOT_MAIL_URL")
    assert (told["EMAIL_HOST"], told["EMAIL_PORT"]) == (host, port)


def test_without_a_mail_server_nothing_is_sent(monkeypatch):
    monkeypatch.delenv("PAPERGLOT_MAIL_URL", raising=False)
    assert environment.mail("PAPERGLOT_MAIL_URL") == {"EMAIL_HOST": ""}


@pytest.mark.parametrize("address", ["mail.example.org", "http://h", "smtp://"])
def test_what_is_no_mail_server_is_told(monkeypatch, address):
    monkeypatch.setenv("PAPERGLOT_MAIL_URL", address)
    with pytest.raises(ImproperlyConfigured, match="smtp://user:password@host:587"):
        environment.mail("PAPERGLOT_MAIL_URL")
