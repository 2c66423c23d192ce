"""The sample day: papers written for this project, as rss.arxiv.org would announce them.

``python -m worker.demo.sample`` writes ``sample_day.xml`` (the feed) and ``references.tsv`` (every
sentence as the translator sees it, with its translation) from ``corpus/sample_day.txt``. The ids
are ones that arXiv cannot have assigned, so no link leads to anybody's paper.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from worker.demo.corpus import (
    Filler,
    Template,
    data_lines,
    fill,
    fillers,
    kind_of,
    masked,
    template_of,
)
from worker.demo.corpus import title_case as in_title_case

HERE = Path(__file__).parent
DATE = "Tue, 17 Nov 2026 00:00:00 -0500"
BUILT = "Tue, 17 Nov 2026 05:12:41 +0000"
CC = "http://creativecommons.org/"
LICENCES = {
    "by": CC + "licenses/by/4.0/",
    "by-sa": CC + "licenses/by-sa/4.0/",
    "by-nc-sa": CC + "licenses/by-nc-sa/4.0/",
    "by-nc-nd": CC + "licenses/by-nc-nd/4.0/",
    "nonexclusive": "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
}
KINDS = ["new", "cross", "replace", "replace-cross"]  # the order in which arXiv lists them
PARAGRAPH = "--"
UNTAUGHT = "?"
HEAD = """\
<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" \
version="2.0">
  <channel>
    <title>cs.LG updates on arXiv.org</title>
    <link>http://rss.arxiv.org/rss/cs.LG</link>
    <description>cs.LG updates on the arXiv.org e-print archive.</description>
    <atom:link href="http://rss.arxiv.org/rss/cs.LG" rel="self" type="application/rss+xml"/>
    <docs>http://www.rssboard.org/rss-specification</docs>
    <language>en-us</language>
    <lastBuildDate>{built}</lastBuildDate>
    <managingEditor>rss-help@arxiv.org</managingEditor>
    <pubDate>{date}</pubDate>
    <skipDays>
      <day>Sunday</day>
      <day>Saturday</day>
    </skipDays>
"""
ITEM = """\
    <item>
      <title>{title}</title>
      <link>https://arxiv.org/abs/{base}</link>
      <description>arXiv:{id} Announce Type: {kind} \nAbstract: {abstract}</description>
      <guid isPermaLink="false">oai:arXiv.org:{id}</guid>
{categories}
      <pubDate>{date}</pubDate>
      <arxiv:announce_type>{kind}</arxiv:announce_type>
      <dc:rights>{licence}</dc:rights>
{extra}      <dc:creator>{authors}</dc:creator>
    </item>
"""
FIRST = "Ada Bo Cai Dag Eun Fio Gro Hei Ivo Jin Kai Lio Mio Nia Oki Pau Qin Rio Siv Tau".split()
LAST = ["Quillborn-{}", "van Emberlund-{}", "Tidewater-{}"]
SUFFIX = "Abe Bell Cruz Diaz Eke Fall Goh Huang Ito Joshi Kim Lopez Mann Nair Ode".split()


@dataclass
class Sentence:
    """One annotated sentence (or title) of a paper and its translation with slots."""

    raw: str
    chinese: str
    is_title: bool = False
    title_case: bool = False
    starts_paragraph: bool = False

    @property
    def taught(self) -> bool:
        """Whether the grammar has it: one that it has not shows what the checks do with a bad answer."""
        return self.chinese != UNTAUGHT

    @property
    def template(self) -> Template:
        """The sentence as a template of the grammar."""
        return template_of(self.raw, self.chinese, is_title=self.is_title)

    @property
    def tex(self) -> str:
        """The sentence as its authors would have submitted it."""
        text = fill(Template(self.raw, ""), words_of(self.template))[0]
        for words in re.findall(r":([^\]]+ // [^\]]+)\]", self.raw):
            text = text.replace(words.replace(" // ", " "), words.replace(" // ", "\n"), 1)
        return in_title_case(text) if self.title_case else text

    @property
    def reference(self) -> tuple[str, str]:
        """The sentence as the translator sees it (formulas masked), and its translation."""
        return masked(self.tex).replace("\n", " "), fill(self.template, words_of(self.template))[1]


@dataclass
class Paper:
    """One paper of the sample day."""

    id: str
    kind: str
    licence: str
    categories: list[str]
    authors: str = ""
    doi: str = ""
    journal: str = ""
    sentences: list[Sentence] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The title in TeX."""
        return self.sentences[0].tex

    @property
    def abstract(self) -> str:
        """The abstract in TeX, paragraphs after the first indented by two blanks."""
        parts = [("\n  " if s.starts_paragraph else " ") + s.tex for s in self.sentences[1:]]
        return "".join(parts)[1:]


def words_of(template: Template) -> dict[str, Filler]:
    """The sample's own words for the slots of a template; made-up ones stand for themselves."""
    words = {}
    for label, english in template.own:
        kind = kind_of(label)
        known = fillers().get(kind)
        if known is None:
            words[label] = Filler(english, english, english)
            continue
        found = [filler for filler in known if filler.english == english]
        if not found:
            raise ValueError(f"{english!r} is no filler of [{kind}]: {template.english}")
        words[label] = found[0]
    return words


def papers() -> list[Paper]:
    """The papers of ``corpus/sample_day.txt`` in the order of an announcement."""
    read: list[Paper] = []
    lines = data_lines("sample_day.txt")
    for line in lines:
        if line.startswith("== "):
            identifier, kind, licence, *categories = line.split()[1:]
            paper = Paper(identifier, kind, licence, categories)
            read.append(paper)
        elif line.startswith("@ "):
            paper.authors = ", ".join(sixty_authors()) if line == "@ @sixty" else line[2:]
        elif line.startswith("doi: "):
            paper.doi = line[5:]
        elif line.startswith("ref: "):
            paper.journal = line[5:]
        else:
            paper.sentences.append(read_sentence(line, lines))
    return sorted(read, key=lambda paper: KINDS.index(paper.kind))


def read_sentence(line: str, lines: Iterator[str]) -> Sentence:
    """The sentence that begins with this line; its translation is the next one."""
    if line == PARAGRAPH:
        return Sentence(next(lines), next(lines), starts_paragraph=True)
    if line.startswith(("T: ", "t: ")):
        return Sentence(line[3:], next(lines), is_title=True, title_case=line.startswith("T"))
    return Sentence(line, next(lines))


def sixty_authors() -> list[str]:
    """Sixty invented names, for the paper with a long list of authors."""
    return [
        f"{FIRST[i % len(FIRST)]} {LAST[i // len(FIRST)].format(SUFFIX[i % len(SUFFIX)])}" for i in range(60)
    ]


def sample_templates() -> list[Template]:
    """Every sentence of the sample day that the model is taught, as a template."""
    return [sentence.template for sentence in taught()]


def taught() -> list[Sentence]:
    return [sentence for paper in papers() for sentence in paper.sentences if sentence.taught]


def references() -> dict[str, str]:
    """Every title and sentence that the model is taught, as the translator sees it, translated."""
    return dict(sentence.reference for sentence in taught())


def feed(day: Iterable[Paper]) -> str:
    """The RSS document in the layout of rss.arxiv.org."""
    items = [item(paper) for paper in day]
    return HEAD.format(built=BUILT, date=DATE) + "".join(items) + "  </channel>\n</rss>\n"


def item(paper: Paper) -> str:
    """One paper as an RSS item."""
    extra = ""
    if paper.doi:
        extra += f"      <arxiv:DOI>{paper.doi}</arxiv:DOI>\n"
    if paper.journal:
        extra += f"      <arxiv:journal_reference>{paper.journal}</arxiv:journal_reference>\n"
    return ITEM.format(
        title=escape(paper.title),
        base=re.sub(r"v\d+$", "", paper.id),
        id=paper.id,
        kind=paper.kind,
        abstract=escape(paper.abstract),
        categories="\n".join(f"      <category>{name}</category>" for name in paper.categories),
        date=DATE,
        licence=LICENCES[paper.licence],
        extra=extra,
        authors=escape(paper.authors),
    )


def main() -> None:
    """Write the feed and the references beside this module."""
    day = papers()
    (HERE / "sample_day.xml").write_text(feed(day), encoding="ascii", newline="\n")
    rows = [f"{english}\t{chinese}\n" for english, chinese in references().items()]
    (HERE / "references.tsv").write_text("".join(rows), encoding="utf-8", newline="\n")
    print(f"{len(day)} papers, {len(rows)} sentences")


if __name__ == "__main__":
    main()
