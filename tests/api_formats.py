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
files = st.lists(rules.filter(lambda rule: rule == " ".join(rule.split())), min_size=1, max_size=5).map("\n".join)
_mail = st.from_regex(r"[a-z]{1,12}@[a-z]{1,12}\.(org|edu|com)", fullmatch=True)
_chats = st.sampled_from([service.example for service in SERVICES])
_webhooks = st.from_regex(r"https://[a-z]{1,12}\.example\.org/[a-z0-9]{0,12}", fullmatch=True)

schemathesis.openapi.format("paperglot-rule", rules)
schemathesis.openapi.format("paperglot-rules", files)
schemathesis.openapi.format("paperglot-email", st.one_of(st.just(""), _mail))
schemathesis.openapi.format("paperglot-mail", _mail)
schemathesis.openapi.format("paperglot-chat", _chats)
schemathesis.openapi.format("paperglot-webhook", _webhooks)
schemathesis.openapi.format("paperglot-correction", st.from_regex(r"[a-z机器人]{1,20}( [a-z]{1,9}){0,5}", fullmatch=True))
