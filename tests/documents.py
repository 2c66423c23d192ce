"""Documents in the format of rss.arxiv.org, written by tests."""

from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from digest.arxiv_days import feeds_turn


@dataclass
class Item:
    arxiv_id: str = "2605.90001"
    version: int = 1
    announce_type: str = "new"
    title: str = "A Title"
    abstract: str = "An abstract."
    authors: str = "Ada Example, Bo Sample"
    categories: tuple[str, ...] = ("cs.LG",)

    def rss(self, day: date) -> str:
        categories = "".join(f"<category>{code}</category>" for code in self.categories)
        return (
            f"<item><title>{escape(self.title)}</title>"
            f"<link>https://arxiv.org/abs/{self.arxiv_id}</link>"
            f"<description>arXiv:{self.arxiv_id}v{self.version} Announce Type: {self.announce_type} \n"
            f"Abstract: {escape(self.abstract)}</description>"
            f'<guid isPermaLink="false">oai:arXiv.org:{self.arxiv_id}v{self.version}</guid>{categories}'
            f"<pubDate>{format_datetime(feeds_turn(day))}</pubDate>"
            f"<arxiv:announce_type>{self.announce_type}</arxiv:announce_type>"
            "<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>"
            f"<dc:creator>{escape(self.authors)}</dc:creator></item>"
        )


@dataclass
class Document:
    """An announcement; `add` papers to it, then take its bytes."""

    category: str = "cs.LG"
    day: date = date(2026, 5, 12)
    built: datetime | None = None
    items: list[Item] = field(default_factory=list)

    def add(self, arxiv_id: str = "", **fields: object) -> "Document":
        arxiv_id = arxiv_id or f"2605.9{len(self.items):04d}"
        self.items.append(Item(arxiv_id, **fields))  # type: ignore[arg-type]
        return self

    def rss(self) -> bytes:
        built = format_datetime(self.built or feeds_turn(self.day))
        items = "".join(item.rss(self.day) for item in self.items)
        return (
            "<?xml version='1.0' encoding='UTF-8'?>\n"
            '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel>'
            f"<title>{self.category} updates on arXiv.org</title>"
            f"<link>http://rss.arxiv.org/rss/{self.category}</link><description>x</description>"
            f"<lastBuildDate>{built}</lastBuildDate>"
            f"<pubDate>{format_datetime(feeds_turn(self.day))}</pubDate>{items}</channel></rss>"
        ).encode()
