"""digest/views/keywords.py: rules on the keywords page: tried, followed, left out, changed, suggested."""

import pytest
from django.urls import reverse

from digest.following import QUOTA, follow
from digest.models import Keyword, Subscription

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def papers(announce, document, time_machine, now):
    time_machine.move_to(now)
    document.add("2605.90001", title="A Robot <b>Arm</b>", authors="Yoshua Bengio")
    document.add("2605.90002", title="Graphs")
    announce(document)


def send(client, name: str, *arguments: object, htmx: bool = False, **fields: str) -> str:
    answer = client.post(reverse(name, args=arguments), fields, follow=True, **(HTMX if htmx else {}))
    assert answer.status_code == 200
    return answer.content.decode()


def labels(user) -> list[tuple[str, str, bool]]:
    return [(s.label, s.keyword.canonical, s.excluded) for s in user.subscriptions.all()]


# --- a dry run --------------------------------------------------------------------------------


@pytest.mark.parametrize("htmx", [True, False])
def test_a_rule_is_tried_before_it_is_followed(as_bob, bob, papers, htmx):
    text = send(as_bob, "keyword-try", htmx=htmx, phrase="robot -leg", label="Arms")
    assert "<code>robot AND NOT leg</code>" in text
    assert "<strong>1 paper</strong>" in text
    assert reverse("paper", args=["2605.90001"]) in text
    assert "<b>Arm" not in text
    assert "<svg" in text
    assert ("<html" in text) != htmx
    assert labels(bob) == []


def test_without_htmx_nothing_typed_is_lost(as_bob, papers):
    text = send(as_bob, "keyword-try", phrase="robot", label="Arms", kind="leave-out")
    assert 'value="Arms"' in text
    assert '<option value="leave-out" selected>' in text


def test_a_rule_that_brings_nothing_is_warned_of(as_bob, papers):
    assert "It would have brought nothing." in send(as_bob, "keyword-try", htmx=True, phrase="unicorn")


def test_a_rule_that_brings_too_much_is_warned_of(as_bob, papers, monkeypatch):
    monkeypatch.setattr("digest.trial.MANY", 0.5)
    assert "more than 100 papers a day" in send(as_bob, "keyword-try", htmx=True, phrase="robot")


@pytest.mark.parametrize("name", ["keywords", "keyword-try"])
@pytest.mark.parametrize("htmx", [True, False])
def test_a_mistake_is_shown_with_its_place(as_bob, bob, name, htmx):
    text = send(as_bob, name, htmx=htmx, phrase="robot AND (arm OR leg")
    assert "This parenthesis is not closed" in text
    assert "robot AND (arm OR leg\n          ^</pre>" in text
    assert labels(bob) == []


def test_a_place_under_ideographs_is_as_wide_as_they_are(as_bob):
    assert "强化 (\n\u3000\u3000 ^</pre>" in send(as_bob, "keywords", phrase="强化 (")


# --- follow, leave out ------------------------------------------------------------------------


def test_a_rule_is_followed_under_its_label(as_bob, bob):
    assert "You follow “Arms”." in send(
        as_bob, "keywords", phrase="robot (arm OR leg)", label="Arms", past="on"
    )
    assert labels(bob) == [("Arms", "(arm OR leg) AND robot", False)]
    assert "<code>robot (arm OR leg)</code>" in as_bob.get(reverse("keywords")).content.decode()


def test_an_exclusion_has_its_own_section(as_bob, bob):
    assert "stay out of your digests" in send(as_bob, "keywords", phrase="survey", kind="leave-out")
    assert labels(bob) == [("survey", "survey", True)]
    before, after = as_bob.get(reverse("keywords")).content.decode().split('id="left-out"')
    assert ">survey<" in after
    assert ">survey<" not in before


@pytest.mark.parametrize(("past", "applied"), [("on", True), ("", False)])
def test_the_past_is_looked_at_on_request(as_bob, bob, past, applied):
    send(as_bob, "keywords", phrase="robot", **({"past": past} if past else {}))
    assert (Keyword.objects.get().applied_at is None) is applied


def test_more_rules_than_the_quota_are_refused(as_bob, bob, monkeypatch):
    monkeypatch.setattr("digest.following.QUOTA", 2)
    follow(bob, "one")
    follow(bob, "two")
    assert "There are 2 rules, and there may be no more" in send(as_bob, "keywords", phrase="three")
    assert len(labels(bob)) == 2
    assert "You follow “one”" in send(as_bob, "keywords", phrase="ONE")
    assert QUOTA == 500


def test_an_address_fills_the_form_and_does_nothing(as_bob, bob):
    text = as_bob.get(reverse("keywords"), {"q": 'au:"Yoshua Bengio"', "label": "<i>"}).content.decode()
    assert "au:&quot;Yoshua Bengio&quot;" in text
    assert "<i>" not in text
    assert labels(bob) == []


@pytest.mark.parametrize(
    ("fields", "followed"),
    [
        ({"author": "Yoshua Bengio"}, ("Yoshua Bengio", 'au:"bengio, yoshua"', False)),
        ({"category": "cs.LG"}, ("Machine Learning (cs.LG)", "cat:cs.LG", False)),
    ],
)
def test_an_author_or_a_category_is_followed_with_one_click(as_bob, bob, fields, followed):
    send(as_bob, "keyword-simple", **fields)
    assert labels(bob) == [followed]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Write an author"),
        ({"author": '"'}, "nothing between these quotes"),
        ({"category": "cs.XX"}, "not an arXiv category"),
    ],
)
def test_no_author_or_category_is_told(as_bob, bob, fields, says):
    assert says in send(as_bob, "keyword-simple", **fields)
    assert labels(bob) == []


# --- change -----------------------------------------------------------------------------------


def test_a_rule_is_changed_in_its_place(as_bob, bob, now):
    first, _second = follow(bob, "robot"), follow(bob, "graph")
    Keyword.objects.update(applied_at=now)
    send(as_bob, "keyword-edit", first.pk, phrase="robot -toy", label="Robots", past="on", kind="follow")
    assert labels(bob) == [("Robots", "robot AND NOT toy", False), ("graph", "graph", False)]
    assert Subscription.objects.get(pk=first.pk).keyword.applied_at is None


def test_a_changed_rule_is_tried_first(as_bob, bob, papers):
    first = follow(bob, "robot")
    text = send(as_bob, "keyword-edit", first.pk, phrase="graph", **{"try": "1"})
    assert "<strong>1 paper</strong>" in text
    assert labels(bob) == [("robot", "robot", False)]


def test_the_form_of_a_change_has_what_was_typed(as_bob, bob):
    rule = follow(bob, '"Graph Nets" -survey', label="Graphs")
    text = as_bob.get(reverse("keyword-edit", args=[rule.pk])).content.decode()
    assert "&quot;Graph Nets&quot; -survey" in text
    assert 'value="Graphs"' in text


def test_two_subscriptions_do_not_become_one(as_bob, bob):
    first, _second = follow(bob, "robot"), follow(bob, "graph")
    assert "it is called “graph”" in send(as_bob, "keyword-edit", first.pk, phrase="Graph")
    assert labels(bob) == [("robot", "robot", False), ("graph", "graph", False)]


def test_a_rule_of_another_reader_is_not_there(client, charlie, bob):
    client.force_login(charlie)
    address = reverse("keyword-edit", args=[follow(bob, "robot").pk])
    assert client.get(address).status_code == client.post(address, {"phrase": "x"}).status_code == 404


def test_exclusions_and_keywords_move_among_their_own(as_bob, bob):
    rules = [follow(bob, "one"), follow(bob, "out", excluded=True), follow(bob, "two")]
    as_bob.post(reverse("keyword-change", args=[rules[2].pk, "up"]))
    assert [label for label, _, _ in labels(bob)] == ["two", "out", "one"]


# --- suggestions ------------------------------------------------------------------------------


def suggestions(client, typed: str) -> str:
    return client.get(reverse("keyword-suggest"), {"phrase": typed}).content.decode()


def test_what_several_others_follow_is_suggested_with_their_number(as_bob, alice, charlie):
    for user in (alice, charlie):
        follow(user, "diffusion policy")
    assert '<option value="diffusion policy">2 others follow it</option>' in suggestions(as_bob, "Diff")


def test_what_one_person_follows_is_suggested_to_nobody(as_bob, bob, alice):
    follow(alice, "secret project")
    follow(bob, "diffusion")
    assert "<option" not in suggestions(as_bob, "secret")
    assert "<option" not in suggestions(as_bob, "diff")


@pytest.mark.parametrize("typed", ["", "d", "%", "_", "x" * 10_000, "\x00"])
def test_odd_beginnings_suggest_nothing(as_bob, alice, charlie, typed):
    for user in (alice, charlie):
        follow(user, "diffusion policy")
    assert "<option" not in suggestions(as_bob, typed)
