"""The API: what readers do on the pages, for programs. One module for each area; none decides anything itself."""

from typing import Any

from django.views.decorators.http import require_safe
from ninja import Router

from digest.api import (
    account,
    channels,
    digests,
    exports,
    feeds,
    keywords,
    lab_channels,
    lab_members,
    lab_reading,
    labs,
    marks,
    papers,
    problems,
    rules,
    saved,
    search,
    sentences,
)
from digest.api.doors import plain
from digest.api.openapi import Api

AREAS: list[tuple[str, Router]] = [
    ("/digests", digests.router),
    ("/papers", papers.router),
    ("/papers", marks.router),
    ("/export", exports.router),
    ("", saved.router),
    ("/search", search.router),
    ("/keywords", keywords.router),
    ("/rules", rules.router),
    ("/sentences", sentences.router),
    ("/labs", labs.router),
    ("/labs", lab_reading.router),
    ("/labs", lab_members.router),
    ("/labs", lab_channels.router),
    ("/feeds", feeds.router),
    ("", channels.router),
    ("/account", account.router),
]

api = Api(
    title="Paperglot",
    version="1",
    description="What readers do on the pages, for programs. Tokens are made under Account, API tokens, and go into "
    "the header `Authorization: Bearer pgl_…`. Lists come in pages: `next` of an answer is the `cursor` of the next "
    "request. Errors are application/problem+json (RFC 9457).",
    docs_url=None,
    urls_namespace="api",
)
problems.wired(api)
for prefix, router in AREAS:
    api.add_router(prefix, router)


def urls() -> tuple[list[Any], str, str]:
    """ninja's addresses, each behind `plain`; the document by a view of ours, which does not make it anew."""
    patterns, app, namespace = api.urls
    for pattern in patterns:
        view = require_safe(api.document_json) if str(pattern.pattern) == "openapi.json" else pattern.callback
        pattern.callback = plain(view)
    return patterns, app, namespace
