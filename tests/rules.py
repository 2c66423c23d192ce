"""Random rules for tests, and the plain way to say whether a paper satisfies one."""

from hypothesis import assume
from hypothesis import strategies as st

from digest.keywords import Record
from digest.keywords.matching import patterns_of, satisfies, spread
from digest.keywords.names import meant, words
from digest.keywords.phrases import row_of
from digest.keywords.trees import And, Node, Not, Or, Term, anchors, tidy

WORDS = ["robot", "robots", "arm", "graph", "policy", "policies", "box", "4", "c", "强化"]
NAMES = ["bengio", "bengio, yoshua", "bengio, y", "hinton, geoffrey e", "garcia-molina", "li, fei fei"]
AUTHORS = [
    "Yoshua Bengio",
    "Y. Bengio",
    "Geoffrey Hinton",
    "Héctor García-Molina",
    "Fei-Fei Li",
    "Li Feifei",
    "A. Box",
]
CODES = ["cs.LG", "cs.*", "math.AG", "hep-th"]

_phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
_terms = (
    st.builds(Term, st.sampled_from(["", "", "ti", "abs", "all"]), _phrases)
    | st.builds(
        Term, st.sampled_from(["", "ti", "abs"]), st.sampled_from(["rob", "graph", "a robo"]), st.just(True)
    )
    | st.builds(Term, st.just("au"), st.sampled_from(NAMES))
    | st.builds(Term, st.just("au"), st.just("ben"), st.just(True))
    | st.builds(Term, st.just("cat"), st.sampled_from(CODES))
)
_nodes = st.recursive(
    _terms,
    lambda inner: (
        st.builds(Not, inner)
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts)))
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts)))
    ),
    max_leaves=7,
)


@st.composite
def _rules(draw: st.DrawFn) -> Node:
    node = tidy(draw(_nodes))
    assume(anchors(node) is not None)
    return node


RULES = _rules()
_PIECES = [*WORDS, "Robot-arm", "a", ",", "{G}raph", "\\'e", "robotics", "\n"]
_SENTENCE = st.lists(st.sampled_from(_PIECES), max_size=8).map(" ".join)
RECORDS = st.builds(
    Record,
    _SENTENCE,
    _SENTENCE,
    st.lists(st.sampled_from(AUTHORS), max_size=3),
    st.lists(st.sampled_from(["cs.LG", "cs.CV", "math.AG", "hep-th"]), max_size=2),
)


def plainly(node: Node, record: Record) -> bool:
    """Whether a paper satisfies a rule, asked word by word."""

    def has(term: Term) -> bool:
        if term.field == "cat":
            codes = {*record.categories, *(f"{code.split('.')[0]}.*" for code in record.categories)}
            return term.form in codes
        if term.field == "au":
            return any(meant(term.form, words(author), term.prefix) for author in record.authors)
        texts = {"ti": [record.title], "abs": [record.abstract]}.get(
            term.field, [record.title, record.abstract]
        )
        return any(pattern in row_of(text) for text in texts for pattern in patterns_of(term))

    return satisfies(spread(node), has)
