"""Recorded documents of arXiv's: each parses whole and undamaged."""

import gzip
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from worker.arxiv.entries import Entry, fold
from worker.arxiv.feeds import parse

ARXIV = "{http://arxiv.org/schemas/atom}"
EVERY = bool(os.environ.get("PAPERGLOT_TEST_EVERY_DOCUMENT"))
"""All 44,000 items take a minute; otherwise every fifth of the large folders is read."""


def contents(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.iterdir() if ".xml" in path.suffixes)
    if len(files) > 40 and not EVERY:
        files = files[::5]
    read = {path.name: path.read_bytes() for path in files}
    return {name: gzip.decompress(c) if name.endswith(".gz") else c for name, c in read.items()}


def plainly(content: bytes) -> list[tuple[str, str, str, str]]:
    """Id, announce type, title and abstract of each item, by nothing but an XML parser."""
    items = ElementTree.fromstring(content).iter("item")
    return [
        (
            (item.findtext("guid") or "").removeprefix("oai:arXiv.org:"),
            item.findtext(f"{ARXIV}announce_type") or "",
            fold(item.findtext("title") or ""),
            fold(re.sub(r"^.*\n?Abstract: ", "", item.findtext("description") or "", count=1)),
        )
        for item in items
    ]


def told(entry: Entry) -> tuple[str, str, str, str]:
    return (f"{entry.arxiv_id}v{entry.version}", entry.announce_type, entry.title, fold(entry.abstract))


@pytest.mark.parametrize("folder", ["edge_items", "edge", "monthly", "window_2026-05"])
def test_recorded_documents_are_read_whole_and_undamaged(shared: Path, folder: str):
    for name, content in contents(shared / "rss" / folder).items():
        document = parse(content)
        assert document.skipped == (), name
        assert document.declared == len(document.entries), name
        if document.kind == "rss":
            assert [told(entry) for entry in document.entries] == plainly(content), name
            assert all(entry.authors for entry in document.entries), name


def test_the_recorded_atom_document_is_read(shared: Path):
    (path,) = (shared / "atom").iterdir()
    document = parse(path.read_bytes())
    assert (document.kind, document.declared, len(document.entries)) == ("atom", 7, 7)


def one_of(shared: Path, name: str, which) -> Entry:
    entries = parse((shared / "rss" / "edge_items" / f"{name}.xml").read_bytes()).entries
    return next(entry for entry in entries if which(entry))


def test_three_thousand_authors_are_read(shared: Path):
    most = one_of(shared, "authors_3303", lambda e: len(e.authors) > 3000)
    assert len(most.authors) == 3303
    assert all(0 < len(author) < 80 for author in most.authors)


def test_a_collaborations_colon_is_no_author(shared: Path):
    assert one_of(shared, "collaboration_colon_nvidia", lambda e: e.authors[0] == "NVIDIA").authors[1] != ":"


def test_paragraphs_of_a_recorded_abstract_stay_apart(shared: Path):
    assert one_of(shared, "paragraph_indent", lambda e: "\n" in e.abstract)


def test_no_recorded_author_keeps_an_accent_in_tex(shared: Path):
    entries = parse((shared / "rss" / "edge_items" / "tex_accents_authors.xml").read_bytes()).entries
    assert not [author for entry in entries for author in entry.authors if "\\" in author]
