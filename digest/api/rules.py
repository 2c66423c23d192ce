"""Rules in and out, as text, JSON, OPML; and proposals out of a library."""

from typing import Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from digest import rule_files, rule_imports
from digest.api.doors import READ, WRITE, ApiRequest
from digest.api.fields import Given, Text
from digest.api.problems import bad_rule, conflict, mistaken
from digest.following import FollowError, follow_all
from digest.keywords import KeywordError
from digest.models import User
from digest.rule_files import RuleFileError, Wish

router = Router(auth=READ, tags=["keywords"])
Kind = Literal[tuple(rule_files.KINDS)]


class GivenFile(Given):
    text: Text = Field(
        max_length=rule_files.LARGEST,
        description="Rules, one a line; or JSON, OPML, BibTeX, RIS, CSL-JSON as it stands in a file.",
        json_schema_extra={"format": "paperglot-rules"},
    )
    take: bool = Field(
        False, description="False: only say what is in it. A library's proposals are never taken."
    )
    past: bool = Field(True, description="Look at the papers of the last 30 days too.")


class WishRow(Schema):
    rule: str
    label: str
    excluded: bool


class RefusedRow(Schema):
    line: int
    text: str
    why: str


class ProposalRow(Schema):
    rule: str
    times: int
    keyword: bool = Field(description="Whether the library has it as a keyword, or only in titles.")


class Read(Schema):
    taken: int = Field(description="Rules that are followed now and were not before.")
    rules: list[WishRow]
    refused: list[RefusedRow]
    proposals: list[ProposalRow]


def files() -> dict[str, Any]:
    """For `openapi_extra`: an answer that is a file of rules."""
    kinds = rule_files.KINDS.values()
    content = {kind: {"schema": {} if kind.endswith("json") else {"type": "string"}} for kind in kinds}
    return {"responses": {200: {"description": "The file", "content": content}}}


def exported(reader: User, format: str) -> HttpResponse:
    text = rule_files.write(format, rule_imports.wishes_of(reader), _("Paperglot rules"))
    return HttpResponse(text, content_type=f"{rule_files.KINDS[format]}; charset=utf-8")


@router.get("", summary="The reader's rules as a file", openapi_extra=files())
def export(request: ApiRequest, format: Kind) -> HttpResponse:
    return exported(request.user, format)


@router.post("", auth=WRITE, response=Read, summary="Read a file of rules, and follow what is in it")
def take_in(request: ApiRequest, given: GivenFile) -> dict[str, Any]:
    """All that can be followed is followed, or nothing."""
    return read(request.user, given)


def read(reader: User, given: GivenFile) -> dict[str, Any]:
    """For this reader. Raises RefusedError."""
    try:
        found = rule_imports.held(reader, given.text)
    except RuleFileError as error:
        raise mistaken(error.said(_), "text") from error
    taken = _taken(reader, found.wishes, given.past) if given.take else 0
    return {
        "taken": taken,
        "rules": [{"rule": w.rule, "label": w.label, "excluded": w.excluded} for w in found.wishes],
        "refused": [{"line": r.line, "text": r.text, "why": r.why.said(_)} for r in found.refused],
        "proposals": [
            {"rule": p.phrase, "times": p.times, "keyword": p.keyword} for p in found.proposals or ()
        ],
    }


def _taken(reader: User, wishes: list[Wish], past: bool) -> int:
    try:
        return follow_all(reader, wishes, past=past)
    except KeywordError as error:
        raise bad_rule(error, "text") from error
    except FollowError as error:
        raise conflict(error) from error
