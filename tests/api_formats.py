"""Values of the formats that the API's document names and JSON Schema does not know, for schemathesis.

Also for its command line: `SCHEMATHESIS_HOOKS=tests.api_formats schemathesis run …`.
"""

import schemathesis
from hypothesis import strategies as st

from digest.channels import SERVICES
from digest.keywords import KeywordError, canonical

WORDS = st.sampled_from(["robot", "diffusion", "graph neural network", "机器人", "Poincaré", "x-ray", "GPT"])
FIELDS = st.sampled_from(["", "ti:", "abs:", "au:"])


def _is_rule(text: str) -> bool:
    try:
        canonical(text)
    except KeywordError:
        return False
    return True


_phrases = st.builds("{}{}".format, FIELDS, WORDS.map(lambda words: f'"{words}"'))
_composed = st.recursive(
    _phrases,
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR", "AND NOT"]), inner),
    max_leaves=5,
)
rules = st.one_of(_composed, WORDS, st.text(min_size=1, max_size=40)).filter(_is_rule)
# Few values where many would only be cut to lengths that none has: each draw that is thrown away costs.
_files = st.sampled_from(
    [
        "robot",
        "robot\ngraph neural network",
        "# mine\n! survey\nlegs = robot AND leg",
        '{"rules": [{"rule": "robot"}]}',
    ]
)
_mail = st.sampled_from(["a@example.org", "reader.one@example.edu", "x+papers@sub.example.com"])
_chats = st.sampled_from([service.example for service in SERVICES])
_webhooks = st.sampled_from(
    ["https://hooks.example.org/", "http://example.com/a/b?c=d", "https://example.net:8443/x"]
)
_corrections = st.sampled_from(["better", "更好的译文", "A robot walks.", "x 1"])

schemathesis.openapi.format("paperglot-rule", rules)
schemathesis.openapi.format("paperglot-rules", _files)
schemathesis.openapi.format("paperglot-email", st.one_of(st.just(""), _mail))
schemathesis.openapi.format("paperglot-mail", _mail)
schemathesis.openapi.format("paperglot-chat", _chats)
schemathesis.openapi.format("paperglot-webhook", _webhooks)
schemathesis.openapi.format("paperglot-correction", _corrections)
