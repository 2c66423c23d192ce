"""The record: every row of Paperglot, by subject."""

from digest.models.arxiv import Announcement, Category, Holiday, Listing, Paper, PaperVersion
from digest.models.digests import Digest, Entry, FeedToken, Section
from digest.models.installation import Alert, Download, Installation, Run, Slot
from digest.models.invitations import Invitation, Role
from digest.models.keywords import Keyword, Match, Subscription
from digest.models.labs import Interest, Lab, LabPaper, Membership
from digest.models.leases import Leased
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
    "Installation",
    "Interest",
    "Invitation",
    "Keyword",
    "Lab",
    "LabPaper",
    "Leased",
    "Listing",
    "Match",
    "Membership",
    "Paper",
    "PaperVersion",
    "Role",
    "Run",
    "Section",
    "Segment",
    "Sentence",
    "Slot",
    "Subscription",
    "Translation",
    "User",
]
