"""robots.txt (RFC 9309): what a site lets us read, and how fast."""

from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

AGENT = "Paperglot"
PAGES = {"/list/": "/list/cs.LG/new", "/catchup/": "/catchup/cs.LG/2026-05-12"}
"""The kinds of pages that we read, each with an example; feeds, API and OAI-PMH are made for programs."""
LONGEST_DELAY = 60.0


def site_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def allows(text: str, url: str) -> bool:
    """Whether this robots.txt lets us read this address; an empty one allows everything."""
    parts = urlsplit(url)
    return _parsed(text).can_fetch(AGENT, f"{parts.path}?{parts.query}" if parts.query else parts.path)


def delay(text: str) -> float:
    """Seconds that it wants between two pages, at most a minute."""
    return min(float(_parsed(text).crawl_delay(AGENT) or 0), LONGEST_DELAY)


def forbidden(text: str) -> list[str]:
    """The kinds of our pages that it keeps us from."""
    return [kind for kind, example in PAGES.items() if not allows(text, example)]


def _parsed(text: str) -> RobotFileParser:
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    parser.modified()  # else it takes itself for one that was never read, and allows nothing
    return parser
