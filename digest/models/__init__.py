"""The record: every row of Paperglot, by subject."""

from digest.models.arxiv import Announcement, Category, Holiday, Listing, Paper, PaperVersion
from digest.models.digests import Digest, Entry, FeedToken, Section
from digest.models.installation import Alert, Download, Installation, Run, Slot
from digest.models.keywords import Keyword, Match, Subscription
from digest.models.leases import Leased
from digest.models.search import Indexed
from digest.models.translation import Correction, GlossaryTerm, Segment, Sentence, Translation
from digest.models.users import User

__all__ = [
    "Alert",
    "Announcement",
    "Category",
    "Correction",
    "Digest",
    "Download",
    "Entry",
    "FeedToken",
    "GlossaryTerm",
    "Holiday",
    "Indexed",
    "Installation",
    "Keyword",
    "Leased",
    "Listing",
    "Match",
    "Paper",
    "PaperVersion",
    "Run",
    "Section",
    "Segment",
    "Sentence",
    "Slot",
    "Subscription",
    "Translation",
    "User",
]
