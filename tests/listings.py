"""Listing and catch-up pages of arxiv.org, written by tests."""

from datetime import date

from tests.documents import Document, Item

DAY = date(2026, 5, 12)
NEW_DAY = "<h3>Showing new listings for Tuesday, 12 May 2026</h3>"
RECENT = "<p>See <a id='recent-cs.LG' href='/list/cs.LG/recent'>recent</a> articles</p>"
CATCHUP_DAY = "<h1>Catchup results for Machine Learning on Tue, 12 May 2026</h1>"


def paper(
    number: int = 1,
    arxiv_id: str = "",
    *,
    mark: str = "",
    html: str = "",
    title: str = "A Title",
    authors: str = "<a href='/search'>Ada Example</a>, <a href='/search'>Bo Sample</a>",
    comments: str = "",
    journal_ref: str = "",
    subjects: str = "<span class='primary-subject'>Machine Learning (cs.LG)</span>; Robotics (cs.RO)",
    abstract: str = "An abstract.",
) -> str:
    """One entry; what is given is markup already."""
    arxiv_id = arxiv_id or f"2605.9{number:04d}"
    link = f", <a href='https://arxiv.org/html/{arxiv_id}{html}' title='View HTML'>html</a>" if html else ""
    extra = f"<div class='list-comments mathjax'><span class='descriptor'>Comments:</span>{comments}</div>"
    extra += f"<div class='list-journal-ref'><span class='descriptor'>Journal-ref:</span>{journal_ref}</div>"
    return f"""<dt><a name='item{number}'>[{number}]</a>
      <a href ="/abs/{arxiv_id}" title="Abstract" id="{arxiv_id}">
        arXiv:{arxiv_id}
      </a>  {mark}
      [<a href="/pdf/{arxiv_id}" title="Download PDF">pdf</a>{link}]</dt>
    <dd><div class='meta'>
        <div class='list-title mathjax'><span class='descriptor'>Title:</span>
          {title}
        </div>
        <div class='list-authors'>{authors}</div>
        {extra if comments or journal_ref else ""}
        <div class='list-subjects'><span class='descriptor'>Subjects:</span>
          {subjects}
        </div>
        <p class='mathjax'>
          {abstract}
        </p></div></dd>"""


def section(kind: str, *papers: str, total: int = 0, showing: str = "showing") -> str:
    count = f"({showing} {len(papers)} of {total or len(papers)} entries)"
    return f"<dl id='articles'><h3>{kind} submissions {count}</h3>{''.join(papers)}</dl>"


def page(*sections: str, head: str = NEW_DAY + RECENT, total: int | None = None) -> bytes:
    paging = "" if total is None else f"<div class='paging'>Total of {total} entries</div>"
    body = f"{head}{paging}{''.join(sections)}"
    return (
        f"<!DOCTYPE html>\n<html lang='en'><head><title>x</title></head><body>{body}</body></html>".encode()
    )


def listing(document: Document, *, catchup: bool = False, shown: int | None = None) -> bytes:
    """A test's document as arXiv's page shows it; a version behind `v1` is told by the link to its HTML."""
    sections: dict[str, list[str]] = {"New": [], "Cross": [], "Replacement": []}
    kinds = {"new": "New", "cross": "Cross", "replace": "Replacement", "replace-cross": "Replacement"}
    for number, item in enumerate(document.items[:shown], start=1):
        sections[kinds[item.announce_type]].append(_item(number, item))
    when = f"{document.day:%A}, {document.day.day} {document.day:%B} {document.day.year}"
    recent = f"<p>See <a href='/list/{document.category}/recent'>recent</a> articles</p>"
    head = f"<h3>Showing new listings for {when}</h3>{recent}"
    if catchup:
        when = f"{document.day:%a}, {document.day.day} {document.day:%b} {document.day.year}"
        head = f"<h1>Catchup results for Something on {when}</h1>"
        head += f"<a href='/catchup/{document.category}/2026-05-13'>Continue</a>"
    if not document.items:
        head += "<p>No updates today.</p>"
    parts = [section(kind, *papers) for kind, papers in sections.items() if papers]
    return page(*parts, head=head, total=len(document.items))


def _item(number: int, item: Item) -> str:
    mark = {"cross": "(cross-list from cs.CL)", "replace": "(replaced)"}.get(item.announce_type, "")
    html = f"v{item.version}" if item.version else ""
    primary, *others = (f"Subject ({code})" for code in item.categories)
    subjects = "; ".join([f"<span class='primary-subject'>{primary}</span>", *others])
    return paper(number, item.arxiv_id, mark=mark, html=html, title=item.title, abstract=item.abstract,
                 subjects=subjects)  # fmt: skip
