"""The record: every row of Paperglot, by subject."""

from digest.models.arxiv import Announcement, Category, Listing, Paper, PaperVersion
from digest.models.digests import Digest, Entry, FeedToken, Section
from digest.models.installation import Download, Installation, Run, Slot
from digest.models.keywords import Keyword, Match, Subscription
from digest.models.leases import Leased
from digest.models.translation import Correction, GlossaryTerm, Segment, Sentence, Translation
from digest.models.users import User

__all__ = [
    "Announcement",
    "Category",
    "Correction",
    "Digest",
    "Download",
    "Entry",
    "FeedToken",
    "GlossaryTerm",
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
