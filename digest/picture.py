"""The picture of a digest: what pages, feeds, files and the API all show of it. Plain data, no rows."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from digest import taxonomy
from digest.arxiv_days import announced
from digest.keywords import Matcher

State = Literal["complete", "partial", "none"]


@dataclass(frozen=True, slots=True)
class Matched:
    """Keyword `keyword` (as its reader writes it) stands at `start`:`end` of a field as announced."""

    keyword: str
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SentencePicture:
    """A sentence in both languages; `target` is empty where there is no translation to trust."""

    paragraph: int
    source: str
    target: str
    segment: int = 0
    """The row that it is the picture of, for correcting it."""
    verdict: str = ""
    """Why there is no translation to trust (worker.text.checks)."""


@dataclass(frozen=True, slots=True)
class TermPicture:
    """A glossary term that stands in a paper; `rendering` is what the translation has for it, `wanted` what the
    glossary prefers. Without a rendering the term was translated otherwise."""

    term: str
    rendering: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What the reader who looks at a paper has done with it."""

    read: bool = False
    saved: bool = False
    hidden: bool = False
    note: str = ""
    tags: tuple[str, ...] = ()
    new: bool = False
    """It came after the reader's last visit."""


@dataclass(frozen=True, slots=True)
class PaperPicture:
    """One paper. Title and abstract are as announced (TeX); the translations are as they are read."""

    arxiv_id: str
    version: int
    announce_type: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    translation: State = "none"
    title_translated: str = ""
    abstract_translated: str = ""
    model: str = ""
    language: str = ""
    matched: tuple[Matched, ...] = ()
    sentences: tuple[SentencePicture, ...] = ()
    """The abstract, sentence by sentence."""
    title_segment: int = 0
    """The row of the translated title, for correcting it."""
    matcher: Matcher | None = None
    """Finds the reader's keywords in what is shown."""
    marks: Marks = Marks()
    entry: Any = None
    """The row of a reader's digest that this is the picture of, if it is one."""
    first_translated_at: datetime | None = None
    """When it was first there in the reader's language; later corrections do not move it."""
    withdrawn: bool = False
    comments: str = ""
    """The authors' comments; of a withdrawn paper they mostly say why."""

    @property
    def replaced(self) -> bool:
        """Whether it was announced as a new version."""
        return self.announce_type.startswith("replace")

    @property
    def versioned_id(self) -> str:
        return f"{self.arxiv_id}v{self.version}"

    @property
    def abs_url(self) -> str:
        """Always built from the id: nothing that a document says becomes an address."""
        return f"https://arxiv.org/abs/{self.arxiv_id}"

    @property
    def changes_path(self) -> str:
        """Where this site tells what is new in this version (the page `paper`)."""
        return f"/papers/{self.arxiv_id}/?v={self.version}#changes"

    @property
    def pdf_url(self) -> str:
        return f"https://arxiv.org/pdf/{self.arxiv_id}v{self.version}"

    @property
    def subjects(self) -> list[taxonomy.Category]:
        return [taxonomy.subject(code) for code in self.categories]

    @property
    def keywords(self) -> list[str]:
        """The keywords that brought it, each once."""
        return list(dict.fromkeys(match.keyword for match in self.matched))

    @property
    def demonstration(self) -> bool:
        return self.model.startswith("demo#")


@dataclass(frozen=True, slots=True)
class GroupPicture:
    """A keyword and the papers that stand under it."""

    keyword: str
    papers: tuple[PaperPicture, ...]


@dataclass(frozen=True, slots=True)
class DigestPicture:
    """A digest of one arXiv day."""

    announced: date
    generated_at: datetime
    language: str
    model: str
    groups: tuple[GroupPicture, ...]
    proof: tuple[dict[str, Any], ...] = field(default=())

    @property
    def out_since(self) -> datetime:
        """When arXiv announced the day's papers."""
        return announced(self.announced)

    @property
    def papers(self) -> list[PaperPicture]:
        return [paper for group in self.groups for paper in group.papers]

    @property
    def count(self) -> int:
        return len(self.papers)

    @property
    def shown(self) -> list[PaperPicture]:
        """Those that the reader has not hidden."""
        return [paper for paper in self.papers if not paper.marks.hidden]

    @property
    def hidden(self) -> list[PaperPicture]:
        return [paper for paper in self.papers if paper.marks.hidden]

    @property
    def unread(self) -> int:
        return sum(not paper.marks.read for paper in self.shown)

    @property
    def saved(self) -> int:
        return sum(paper.marks.saved for paper in self.papers)

    @property
    def news(self) -> int:
        """Papers that came after the reader's last visit."""
        return sum(paper.marks.new for paper in self.shown)

    @property
    def complete(self) -> int:
        """Papers that are translated whole."""
        return sum(paper.translation == "complete" for paper in self.papers)

    @property
    def partial(self) -> int:
        """Papers some sentences of which stay in English."""
        return sum(paper.translation == "partial" for paper in self.papers)

    @property
    def english(self) -> int:
        """Papers that are not translated."""
        return self.count - self.complete - self.partial

    @property
    def demonstration(self) -> bool:
        return any(paper.demonstration for paper in self.papers)


def grouped(papers: list[PaperPicture], keywords: list[str]) -> tuple[GroupPicture, ...]:
    """Papers under the first of the keywords that brought them, in the given order of keywords."""
    place = {keyword: number for number, keyword in enumerate(keywords)}
    under: dict[str, list[PaperPicture]] = {keyword: [] for keyword in keywords}
    for paper in papers:
        known = [keyword for keyword in paper.keywords if keyword in place]
        if known:
            under[min(known, key=place.__getitem__)].append(paper)
    return tuple(GroupPicture(keyword, tuple(under[keyword])) for keyword in under)
