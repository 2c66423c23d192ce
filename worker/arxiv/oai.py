"""OAI-PMH, oaipmh.arxiv.org/oai (info.arxiv.org/help/oa): ListRecords and GetRecord.

Records are of the latest version, in the format `arXivRaw` (with all versions' times, and the authors in
one string), `arXiv` (authors one by one) or `oai_dc`. A datestamp is of the record's last change, be it
arXiv's own, so a harvest asks `since` its last answer's `response_date` and sets no end.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from digest import taxonomy
from worker.arxiv.entries import IDENTIFIER, Metadata
from worker.arxiv.errors import BadTokenError, DocumentError, EntryError
from worker.arxiv.oai_formats import FORMATS
from worker.arxiv.trees import children, moment, text_of, xml_tree

BASE = "https://oaipmh.arxiv.org/oai"
Prefix = Literal["arXivRaw", "arXiv", "oai_dc"]


@dataclass(frozen=True, slots=True)
class Record:
    arxiv_id: str
    datestamp: date | None
    sets: tuple[str, ...]
    deleted: bool
    metadata: Metadata | None
    """None of a deleted record."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a harvest; `token`, if there is one, asks for the next until it `expires`."""

    records: tuple[Record, ...]
    response_date: datetime
    token: str = ""
    expires: datetime | None = None
    skipped: tuple[str, ...] = field(default=())
    """One reason for each record that could not be read."""


def parse(content: bytes) -> Page:
    """Read an answer. `noRecordsMatch` is an empty page; a token that holds no more is a BadTokenError,
    any other error of the protocol a DocumentError."""
    root = xml_tree(content)
    if root.tag.rpartition("}")[2] != "OAI-PMH":
        raise DocumentError(f"Not an answer of OAI-PMH: the document is <{root.tag.rpartition('}')[2]}>.")
    response_date = moment(text_of(root, "responseDate"))
    if response_date is None:
        raise DocumentError("The answer says no responseDate, without which no harvest can go on.")
    for error in children(root, "error"):
        if error.get("code") != "noRecordsMatch":
            raise _refusal(error)
        return Page((), response_date)
    listed = root.find("{*}ListRecords")
    answer = root.find("{*}GetRecord") if listed is None else listed
    if answer is None:
        raise DocumentError("The answer has no records: neither ListRecords nor GetRecord.")
    records, skipped = [], []
    for record in children(answer, "record"):
        try:
            records.append(_record(record))
        except EntryError as error:
            skipped.append(f"{_identifier(record) or 'a record'}: {error}")
    token = answer.find("{*}resumptionToken")
    return Page(
        records=tuple(records),
        response_date=response_date,
        token=(token.text or "").strip() if token is not None else "",
        expires=None if token is None else moment(token.get("expirationDate", token.get("expires", ""))),
        skipped=tuple(skipped),
    )


def _refusal(error: Element) -> DocumentError:
    code, reason = error.get("code", "no code"), " ".join((error.text or "").split())
    kind = BadTokenError if code == "badResumptionToken" else DocumentError
    return kind(f"arXiv's OAI-PMH answered {code}: {reason or 'it does not say why'}")


def _identifier(record: Element) -> str:
    header = record.find("{*}header")
    return "" if header is None else text_of(header, "identifier").strip()


def _record(record: Element) -> Record:
    header = record.find("{*}header")
    found = IDENTIFIER.fullmatch(_identifier(record).removeprefix("oai:arXiv.org:"))
    if header is None or not found:
        raise EntryError("no arXiv id")
    stamp = moment(text_of(header, "datestamp"))
    deleted = header.get("status") == "deleted"
    return Record(
        arxiv_id=found["id"],
        datestamp=stamp.date() if stamp else None,
        sets=tuple((spec.text or "").strip() for spec in children(header, "setSpec")),
        deleted=deleted,
        metadata=None if deleted else _metadata(record, found["id"]),
    )


def _metadata(record: Element, arxiv_id: str) -> Metadata:
    metadata = record.find("{*}metadata")
    for content in () if metadata is None else metadata:
        if read := FORMATS.get(content.tag.rpartition("}")[2]):
            return read(content, arxiv_id)
        raise EntryError(f"the format <{content.tag.rpartition('}')[2]}> is not known")
    raise EntryError("no metadata")


def set_name(code: str) -> str:
    """The set of a category, an archive or `grp_physics`: `cs:cs:LG`, `physics:hep-th`, `cs:cs`, `physics`.

    A category's papers under its other code are in the same set. Raises UnknownCategoryError.
    """
    if code == "grp_physics":
        return "physics"
    known = taxonomy.categories()
    if code in known:
        return f"{known[code].group}:{code.replace('.', ':')}"
    group = next((category.group for category in known.values() if category.archive == code), None)
    if group is None:
        raise taxonomy.UnknownCategoryError(f"{code!r} is no category and no archive of arXiv's.")
    return f"{group}:{code}"


def list_url(
    prefix: Prefix = "arXivRaw",
    *,
    subset: str = "",
    since: date | None = None,
    until: date | None = None,
    base: str = BASE,
) -> str:
    """A harvest's first page: the records of a set (`set_name`) with a datestamp of these days, both included."""
    query = {"verb": "ListRecords", "metadataPrefix": prefix}
    query |= {"set": subset} if subset else {}
    query |= {"from": f"{since:%Y-%m-%d}"} if since else {}
    query |= {"until": f"{until:%Y-%m-%d}"} if until else {}
    return f"{base}?{urlencode(query, safe=':')}"


def resume_url(token: str, *, base: str = BASE) -> str:
    """The page after one that had this token, which must come alone."""
    return f"{base}?{urlencode({'verb': 'ListRecords', 'resumptionToken': token})}"


def record_url(arxiv_id: str, prefix: Prefix = "arXivRaw", *, base: str = BASE) -> str:
    query = {"verb": "GetRecord", "metadataPrefix": prefix, "identifier": f"oai:arXiv.org:{arxiv_id}"}
    return f"{base}?{urlencode(query, safe=':/')}"
