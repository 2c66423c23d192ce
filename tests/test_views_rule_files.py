"""digest/views/rule_files.py: rules in and out."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from digest.following import follow
from tests.test_bibliography import BIBTEX


def read(client, text: str = "", file: bytes | None = None) -> str:
    fields: dict[str, object] = {"text": text}
    if file is not None:
        fields["file"] = SimpleUploadedFile("rules.txt", file)
    answer = client.post(reverse("keyword-import"), fields)
    assert answer.status_code == 200
    return answer.content.decode()


def take(client, *rules: str) -> str:
    answer = client.post(reverse("keyword-import"), {"rule": rules, "take": "1"}, follow=True)
    return answer.content.decode()


def labels(user) -> list[tuple[str, str, bool]]:
    return [(s.label, s.keyword.canonical, s.excluded) for s in user.subscriptions.all()]


def test_what_can_be_taken_is_shown_before_anything_is_saved(as_bob, bob):
    text = read(as_bob, 'robot\n(arm\nModels = "world model" OR arm\n! survey\n')
    assert "3 rules can be taken" in text
    assert "Line 2:" in text
    assert "not closed" in text
    assert 'value="Models = &quot;world model&quot; OR arm" checked' in text
    assert labels(bob) == []


def test_what_is_checked_is_followed(as_bob, bob):
    assert "3 new rules are yours." in take(as_bob, "robot", 'Models = "world model" OR arm', "! survey")
    assert labels(bob) == [
        ("robot", "robot", False),
        ("Models", '"world model" OR arm', False),
        ("survey", "survey", True),
    ]


def test_all_or_none_are_followed(as_bob, bob):
    assert "Nothing was taken: " in take(as_bob, "robot", "(arm")
    assert labels(bob) == []


def test_none_checked_changes_nothing(as_bob, bob):
    assert "None was chosen" in take(as_bob)


def test_a_library_proposes_and_nothing_is_checked(as_bob, bob):
    follow(bob, "robotics")
    text = read(as_bob, file=BIBTEX.encode())
    assert 'value="deep reinforcement learning">' in text
    assert "robotics" not in text
    assert "checked" not in text.split("checklist")[1].split("</ul>")[0]
    assert len(labels(bob)) == 1


def test_what_is_had_and_what_is_too_many_is_told(as_bob, bob, monkeypatch):
    monkeypatch.setattr("digest.rule_imports.QUOTA", 2)
    follow(bob, "robot")
    text = read(as_bob, "Robots\nRobot\narm\nleg")
    assert "This rule is there already." in text
    assert "There may be 2 rules" in text


def test_ten_thousand_rules_are_shown_as_far_as_there_is_room(as_bob, bob):
    text = read(as_bob, file="\n".join(f"word{n}" for n in range(10_000)).encode())
    assert "500 rules can be taken" in text
    assert "9500 are not taken" in text or "9,500 are not taken" in text


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (b"x" * 1_000_001, "at most 1,000,000 are read"),
        (b"\x89PNG\xff", "not a text file"),
        (b"<!DOCTYPE x><opml/>", "DOCTYPE"),
        (b"# only a comment", "There is no rule in it."),
        (b"@book{x, title = {Nothing}}", "Neither keywords nor phrases"),
        (b"", "Choose a file"),
    ],
)
def test_what_can_not_be_read_is_told(as_bob, bob, file, says):
    assert says in read(as_bob, file=file)
    assert labels(bob) == []


def test_markup_in_a_file_is_text(as_bob):
    text = read(as_bob, "<script>alert(1)</script> = robot")
    assert "<script>alert" not in text


def test_what_was_written_is_not_lost_with_an_error(as_bob):
    assert "&lt;opml&gt;broken" in read(as_bob, "<opml>broken")


@pytest.mark.parametrize("kind", ["txt", "json", "opml"])
def test_what_is_exported_is_imported_again(as_bob, bob, kind):
    follow(bob, '"world model" OR arm', label="Models & more")
    follow(bob, "survey", excluded=True)
    answer = as_bob.get(reverse("keyword-export", args=[kind]))
    assert f'filename="paperglot-rules.{kind}"' in answer["Content-Disposition"]
    bob.subscriptions.all().delete()
    assert "2 rules can be taken" in read(as_bob, file=answer.content)


def test_an_export_is_of_ones_own_rules(client, bob, charlie):
    follow(bob, "secret")
    client.force_login(charlie)
    assert json.loads(client.get(reverse("keyword-export", args=["json"])).content)["rules"] == []


def test_an_unknown_kind_is_not_there(as_bob):
    assert as_bob.get(reverse("keyword-export", args=["exe"])).status_code == 404
