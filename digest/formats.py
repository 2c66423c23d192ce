"""A digest as a file: JSON and Markdown. (HTML is the template `digests/standalone.html`.)"""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from digest import tex
from digest.arxiv_days import EASTERN, announced
from digest.picture import DigestPicture, PaperPicture


def as_json(digest: DigestPicture) -> str:
    """The digest as JSON: title and abstract as announced, TeX kept, white space folded; with its proof (digest.proof)
    where it is a server's."""
    return json.dumps(as_data(digest), ensure_ascii=False, indent=2) + "\n"


def as_data(digest: DigestPicture) -> dict[str, Any]:
    told = {"proof": list(digest.proof)} if digest.proof else {}
    return {
        "announced": digest.announced.isoformat(),
        "generated_at": digest.generated_at.isoformat(timespec="seconds"),
        "language": digest.language,
        "model": digest.model or "none",
        "count": digest.count,
        **told,
        "groups": [
            {
                "keyword": group.keyword,
                "count": len(group.papers),
                "papers": [paper_data(paper) for paper in group.papers],
            }
            for group in digest.groups
        ],
    }


def paper_data(paper: PaperPicture) -> dict[str, Any]:
    """One paper of a JSON file."""
    return {
        "arxiv_id": paper.arxiv_id,
        "version": paper.version,
        "announce_type": paper.announce_type,
        "withdrawn": paper.withdrawn,
        "title": paper.title,
        "title_translated": paper.title_translated or None,
        "authors": list(paper.authors),
        "subjects": [{"code": s.code, "name": s.name} for s in paper.subjects],
        "abs_url": paper.abs_url,
        "pdf_url": paper.pdf_url,
        # One newline between paragraphs becomes one blank: the places in `matched` stay right.
        "abstract": paper.abstract.replace("\n", " "),
        "abstract_translated": paper.abstract_translated or None,
        "translation": paper.translation,
        "matched": [
            {"keyword": m.keyword, "field": m.field, "start": m.start, "end": m.end} for m in paper.matched
        ],
    }


def as_markdown(digest: DigestPicture, zone: ZoneInfo, site: str = "") -> str:
    """The digest as the daily page that its readers know; with the address of the `site`, replaced papers lead to
    what changed."""
    lines = [
        f"# arXiv digest {digest.announced.isoformat()}",
        "",
        f"- **Made:** {_moment(digest.generated_at, zone)} · {_moment(digest.generated_at, EASTERN)}",
        f"- **arXiv announcement day:** {digest.announced.isoformat()} ({digest.announced:%A}), out since "
        f"{_moment(announced(digest.announced), zone)} · {_moment(announced(digest.announced), EASTERN)}",
        f"- **Papers:** {digest.count}",
        f"- **Translation:** {_translation(digest)}",
        "",
    ]
    for group in digest.groups:
        lines += [f"## {escaped(group.keyword)}", ""]
        if not group.papers:
            lines += ["No new papers.", ""]
        for paper in group.papers:
            lines += paper_lines(paper, site)
    lines += ["---", "", "Thank you to arXiv for use of its open access interoperability.", ""]
    return "\n".join(lines)


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M} {zone.key}"


def _translation(digest: DigestPicture) -> str:
    if not digest.model:
        return "none"
    note = " — a demonstration model that knows only the sample's language" if digest.demonstration else ""
    counts = f"{digest.complete} whole, {digest.partial} in part, {digest.english} in English"
    return f"{digest.language}, by {digest.model}{note}: {counts}"


def paper_lines(
    paper: PaperPicture, site: str = "", heading: str = "###", more: Sequence[tuple[str, str]] = ()
) -> list[str]:
    """One paper of a Markdown page; `more` facts of it are Markdown already."""
    lines = [f"{heading} {escaped(tex.readable(paper.title))}", ""]
    if paper.withdrawn:
        lines += [f"**Withdrawn.** {escaped(tex.readable(paper.comments))}".rstrip(), ""]
    if paper.title_translated:
        lines += [f"**{escaped(paper.title_translated)}**", ""]
    lines += [
        f"- **Authors:** {escaped(', '.join(paper.authors))}",
        f"- **Subjects:** {escaped('; '.join(s.label for s in paper.subjects))}",
        f"- **Links:** [{paper.abs_url}]({paper.abs_url}) · [PDF]({paper.pdf_url})",
    ]
    if paper.keywords:  # a new version may have lost the words that brought the paper
        lines.append(f"- **Keywords:** {escaped(', '.join(paper.keywords))}")
    if paper.announce_type != "new":
        lines.append(f"- **Announced as:** {_announced_as(paper, site)}")
    lines += [f"- **{name}:** {told}" for name, told in more]
    lines += ["", *_paragraphs(tex.readable(paper.abstract))]
    if paper.abstract_translated:
        lines += _paragraphs(paper.abstract_translated)
        if paper.translation == "partial":
            lines += ["*Sentences in English could not be translated reliably.*", ""]
    elif paper.model:
        lines += ["*This abstract could not be translated reliably.*", ""]
    return lines


def _announced_as(paper: PaperPicture, site: str) -> str:
    if not paper.replaced:
        return f"{paper.announce_type} (version {paper.version})"
    told = f"{paper.announce_type} (replaced, version {paper.version})"
    return f"{told} · [what changed]({site}{paper.changes_path})" if site else told


def _paragraphs(text: str) -> list[str]:
    return [line for paragraph in text.split("\n") for line in (escaped(paragraph), "")]


# What Markdown would read as markup where it stands; formulas keep their backslashes and underscores.
_MARKUP = re.compile(r"([\\`*_\[\]<>|#~]|&(?=#?\w+;))")
# What begins a list or draws a line.
_BEGINS = re.compile(r"^(\s*\d*)([-+](?=[\s-]|$)|(?<=\d)[.)](?=\s))", re.MULTILINE)


def escaped(text: str) -> str:
    """Text that Markdown shows as it is: markup escaped outside of formulas and addresses, and a line that
    would begin a list or a heading does not."""
    masked, held = tex.mask(text, tex.spans(text))
    escaped = _MARKUP.sub(r"\\\1", masked)
    escaped = _BEGINS.sub(r"\1\\\2", escaped)
    return tex.unmask(escaped, [_inert(span) for span in held])


def _inert(span: str) -> str:
    """A formula with no tag and no link in it; an address stands as it is."""
    return span.replace("<", "&lt;").replace("](", "] (") if span.startswith(("$", "\\")) else span
