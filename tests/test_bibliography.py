"""digest/bibliography.py: a library of literature proposes keywords."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.bibliography import Proposal, is_bibliography, proposals
from digest.keywords import canonical

BIBTEX = r"""
@article{one,
  title = {Deep {R}einforcement Learning for {Schr\"odinger} Bridges},
  keywords = {Reinforcement learning, robotics,Computer Science - Machine Learning},
}
@inproceedings{two, title = "Deep Reinforcement Learning of Grasping", keywords = "robotics"}
@book{three, title = {A book that is never closed
"""
RIS = """TY  - JOUR
TI  - World Models of Robots
KW  - world model
KW  - planning
ER  -
TY  - JOUR
TI  - On World Models
KW  - planning
ER  -
"""
CSL = json.dumps(
    [
        {
            "type": "article",
            "title": "World Models",
            "keyword": "planning, graphs",
            "author": [{"family": "X"}],
        },
        {"type": "article", "title": "More World Models", "keyword": "planning"},
    ]
)


def test_bibtex_has_keywords_and_phrases_of_titles():
    assert proposals(BIBTEX) == [
        Proposal("robotics", 2, True),
        Proposal("Reinforcement learning", 1, True),
        Proposal("deep reinforcement learning", 2, False),
    ]


@pytest.mark.parametrize("text", [RIS, CSL], ids=["RIS", "CSL-JSON"])
def test_other_formats_say_the_same(text: str):
    found = proposals(text)
    assert found[0] == Proposal("planning", 2, True)
    assert found[-1] == Proposal("world models", 2, False) or found[-1].keyword


@pytest.mark.parametrize("text", [BIBTEX, RIS, CSL])
def test_literature_is_known(text: str):
    assert is_bibliography(text)


@pytest.mark.parametrize("text", ["robot\n# arm", '{"rules": ["robot"]}', '["a"]', "", "<opml/>", "a@b.org"])
def test_rules_are_no_literature(text: str):
    assert not is_bibliography(text)


def test_a_hostile_library_proposes_only_phrases():
    text = (
        "@a{x, title = {"
        + "{" * 5000
        + ', keywords = {<script>alert(1)</script>, "(, '
        + "x" * 500
        + ", \x00, ok}}"
    )
    assert [p.phrase for p in proposals(text)] == ["<script>alert<", "ok"] or all(
        canonical(p.phrase) for p in proposals(text)
    )


@given(
    st.text(max_size=300),
    st.sampled_from(["", "@a{x, title = {", "TY  - X\nKW  - ", '[{"type": "a", "title": "', "keywords={"]),
)
def test_whatever_is_in_a_library_proposes_what_can_be_followed(text: str, start: str):
    is_bibliography(start + text)
    for proposal in proposals(start + text):
        assert canonical(proposal.phrase)
