"""digest/api/keywords.py, rules.py: rules tried, followed, changed, put in order, in and out as files."""

import pytest
import time_machine
from django.utils import translation

from digest.api import api, handbook
from digest.following import follow
from digest.models import User
from tests.api import Program, token
from tests.conftest import NOW, announced
from tests.documents import Document
from tests.steps import match


@pytest.fixture
def papers(db):
    announced(Document().add("2605.90001", title="A Robot").add("2605.90002", title="A survey of robots"))
    match()


def test_a_rule_is_tried_and_nothing_changes(bob, papers):
    with time_machine.travel(NOW):
        told = Program(token(bob)).post("/keywords/try", {"rule": "robot  AND NOT survey"})
    assert (told["papers"], [row["arxiv_id"] for row in told["newest"]]) == (1, ["2605.90001"])
    assert told["canonical"]
    assert not bob.subscriptions.exists()


@pytest.mark.parametrize("path", ["/keywords", "/keywords/try"])
@pytest.mark.parametrize(("rule", "place"), [("robot AND (legs", 10), ("ti:", 0), ("robot OR", 6)])
def test_a_rule_that_is_none_is_shown_with_its_place(bob, bobs_program, path, rule, place):
    status, told = bobs_program.refused("post", path, {"rule": rule})
    (mistake,) = told["errors"]
    assert (status, mistake["where"]) == (422, ["body", "rule"])
    assert mistake["place"] == place
    assert not bob.subscriptions.exists()


def test_a_keyword_is_followed_changed_paused_and_left(bob, bobs_program):
    made = bobs_program.post("/keywords", {"rule": "robot", "label": "Machines"})
    where = f"/keywords/{made['id']}"
    assert (made["label"], made["excluded"], made["paused"]) == ("Machines", False, False)
    assert bobs_program.patch(where, {"rule": "robot AND leg"})["label"] == "Machines"
    assert bobs_program.patch(where, {"paused": True})["paused"] is True
    assert bobs_program.patch(where, {"paused": False, "excluded": True})["excluded"] is True
    bobs_program.delete(where)
    assert bobs_program.refused("get", where)[0] == 404


def test_the_same_rule_is_followed_once(bobs_program):
    first = bobs_program.post("/keywords", {"rule": "robot"})
    bobs_program.patch(f"/keywords/{first['id']}", {"paused": True})
    again = bobs_program.post("/keywords", {"rule": " Robot "})
    assert (again["id"], again["paused"]) == (first["id"], False)
    assert len(bobs_program.get("/keywords")) == 1


def test_a_rule_that_is_another_of_ones_own_is_a_conflict(bobs_program):
    bobs_program.post("/keywords", {"rule": "robot"})
    other = bobs_program.post("/keywords", {"rule": "diffusion"})
    assert bobs_program.refused("patch", f"/keywords/{other['id']}", {"rule": "robot"})[0] == 409


def test_more_rules_than_one_may_have_are_refused(bobs_program, monkeypatch):
    monkeypatch.setattr("digest.following.QUOTA", 1)
    bobs_program.post("/keywords", {"rule": "robot"})
    assert bobs_program.refused("post", "/keywords", {"rule": "diffusion"})[0] == 409


def test_anothers_keyword_is_not_there(bob, charlie, bobs_program):
    theirs = follow(charlie, "robot")
    for method, body in (("get", None), ("patch", {"label": "bob's"}), ("delete", None)):
        assert bobs_program.refused(method, f"/keywords/{theirs.pk}", body)[0] == 404
    bobs_program.put("/keywords/order", {"ids": [theirs.pk]})
    assert charlie.subscriptions.get().label == "robot"


def test_keywords_are_put_in_order_and_those_not_named_stay_behind(bobs_program):
    ids = [bobs_program.post("/keywords", {"rule": rule})["id"] for rule in ("a b", "c d", "e f")]
    told = bobs_program.put("/keywords/order", {"ids": [ids[2]]})
    assert [row["id"] for row in told] == [ids[2], ids[0], ids[1]]


def test_a_file_of_rules_is_looked_at_before_it_is_taken(bob, bobs_program):
    text = "robot\n! survey\nlegs AND (\nWheels = wheel OR tyre"
    told = bobs_program.post("/rules", {"text": text})
    assert (told["taken"], [row["rule"] for row in told["rules"]]) == (
        0,
        ["robot", "survey", "wheel OR tyre"],
    )
    assert [(row["line"], row["text"]) for row in told["refused"]] == [(3, "legs AND (")]
    assert not bob.subscriptions.exists()
    assert bobs_program.post("/rules", {"text": text, "take": True})["taken"] == 3
    assert bob.subscriptions.get(excluded=True).typed == "survey"


@pytest.mark.parametrize("kind", ["txt", "json", "opml"])
def test_rules_that_went_out_come_in_with_somebody_else(bob, charlie, bobs_program, kind):
    bobs_program.post("/rules", {"text": "Wheels = wheel OR tyre\n! survey", "take": True})
    text = bobs_program.ask("get", f"/rules?format={kind}").content.decode()
    assert Program(token(charlie)).post("/rules", {"text": text, "take": True})["taken"] == 2

    def rules(user: User) -> set[tuple[str, str, bool]]:
        return {(row.typed, row.label, row.excluded) for row in user.subscriptions.all()}

    assert rules(charlie) == rules(bob) != set()


@pytest.mark.parametrize("text", ["", "# nothing", '{"no": "rules"}', "<opml"])
def test_a_file_without_rules_is_told(bobs_program, text):
    status, told = bobs_program.refused("post", "/rules", {"text": text})
    assert (status, told["errors"][0]["where"]) == (422, ["body", "text"])


# --- the document -----------------------------------------------------------------------------


def test_the_limits_of_numbers_stand_in_the_document_as_json_schema_has_them():
    """pydantic writes `ge` and `le` for a number behind a validator, and no tool knows those."""

    def names(told: object) -> set[str]:
        if isinstance(told, list):
            return set().union(*map(names, told))
        if not isinstance(told, dict):
            return set()
        return set(told).union(*map(names, told.values()))

    assert names(api.get_openapi_schema()) & {"ge", "le", "gt", "lt"} == set()


def test_the_documentation_shows_what_a_body_of_several_kinds_may_have():
    with translation.override("en"):
        shown = {
            f"{operation.method} {operation.path}": dict(operation.tables)
            for area in handbook.areas(api.get_openapi_schema())
            for operation in area.operations
        }
    kind, address = shown["POST /api/v1/channels"]["Body"]
    assert (kind.name, kind.type) == ("kind", "mail | chat | webhook")
    assert address.required
