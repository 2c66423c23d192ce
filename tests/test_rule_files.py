"""digest/rule_files.py: rules as text, JSON and OPML, in and out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.keywords import KeywordError, canonical
from digest.rule_files import LARGEST, RuleFileError, Wish, decoded, line_of, line_read, read, write

RULES = [
    Wish("reinforcement learning"),
    Wish('"world model" (robot OR arm)', "World & <models>"),
    Wish("survey", "", excluded=True),
    Wish('au:"Yoshua Bengio"', "# Bengio = Yoshua"),
]


def forms(wishes: list[Wish]) -> list[tuple[str, bool]]:
    return [(canonical(wish.rule), wish.excluded) for wish in wishes]


@pytest.mark.parametrize("kind", ["txt", "json", "opml"])
def test_what_is_written_is_read_again(kind: str):
    found = read(write(kind, RULES, "Rules of <bob> & others"))
    assert forms(found.wishes) == forms(RULES)
    assert found.refused == []
    assert found.wishes[1].label == "World & <models>"


@given(st.text(max_size=40), st.text(max_size=20), st.booleans())
def test_a_rule_survives_its_line(rule: str, label: str, excluded: bool):
    rule, label = " ".join(rule.split()), " ".join(label.split())
    try:
        form = canonical(rule)
    except KeywordError:
        return
    line = line_of(Wish(rule, label, excluded))
    assert "\n" not in line
    assert not line.startswith("#")
    back = line_read(line)
    assert (canonical(back.rule), back.excluded) == (form, excluded)


def test_a_list_has_comments_labels_and_exclusions():
    found = read('# mine\n\nrobot\n  Models = "world model" \n! survey\n! Toys = toy*\n')
    assert found.wishes == [
        Wish("robot"),
        Wish('"world model"', "Models"),
        Wish("survey", "", True),
        Wish("toy*", "Toys", True),
    ]


def test_a_bad_line_is_told_and_the_others_are_taken():
    found = read('robot\n(arm\nROBOT\ngraph\n"\n')
    assert [wish.rule for wish in found.wishes] == ["robot", "graph"]
    assert [(r.line, r.text) for r in found.refused] == [(2, "(arm"), (3, "ROBOT"), (5, '"')]
    assert "not closed" in str(found.refused[0].why)
    assert "line 1 already" in str(found.refused[1].why)


def test_json_may_be_a_plain_list():
    assert read('["robot", {"rule": "arm", "excluded": true}, 7, {}]').wishes == [
        Wish("robot"),
        Wish("arm", "", True),
    ]


@pytest.mark.parametrize("text", ['{"rules": [', '{"a": 1}', '"[', '["' + "[" * 100_000])
def test_broken_json_is_refused_whole(text: str):
    if text.startswith('"'):
        assert read(text).wishes == []
        return
    with pytest.raises(RuleFileError, match="JSON"):
        read(text)


def test_subscriptions_of_another_reader_are_no_rules():
    opml = '<opml><body><outline text="News" xmlUrl="https://example.org/f"/><outline text="robot"/></body></opml>'
    assert read(opml).wishes == [Wish("robot")]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><outline text="&b;"/></opml>'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BOMB, "DOCTYPE"),
        ('<?xml version="1.0"?><!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml/>', "DOCTYPE"),
        ("<opml><body>", "no well-formed OPML"),
        ("<opml>" + "<outline>" * 60 + "</outline>" * 60 + "</opml>", "too deep"),
        ("\n".join(f"word{n}" for n in range(10_001)), "10,001 rules"),
    ],
    ids=["bomb", "external", "cut off", "deep", "many"],
)
def test_a_hostile_file_is_refused_whole(text: str, says: str):
    with pytest.raises(RuleFileError, match=says):
        read(text)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"x" * (LARGEST + 1), "1,000,001 bytes"),
        (b"\x89PNG\xff\xfe", "not a text file"),
        (b"\xff\xfea", "text file"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, says: str):
    with pytest.raises(RuleFileError, match=says):
        decoded(content)


@pytest.mark.parametrize("content", ["\ufeffrobot".encode(), "robot".encode("utf-16")])
def test_windows_files_are_read(content: bytes):
    assert decoded(content) == "robot"


@given(st.text(max_size=200))
def test_whatever_is_in_a_file_is_read_or_refused(text: str):
    for start in ("", "<", "[", "{", '{"rules": [', "<opml>"):
        try:
            read(start + text)
        except RuleFileError as error:
            assert str(error)  # noqa: PT017
