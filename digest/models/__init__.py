"""The record: every row of Paperglot, by subject."""

from digest.models.alerts import Alert
from digest.models.api_tokens import ApiToken
from digest.models.arxiv import Announcement, Category, Holiday, Listing, Paper, PaperVersion, Robots
from digest.models.changes import Change
from digest.models.delivery import Channel, Delivery
from digest.models.digests import CaughtUp, Digest, Entry, FeedToken, Section
from digest.models.fleet import Queue, Worker
from digest.models.installation import Download, Installation, Run, Slot
from digest.models.invitations import Invitation, Role
from digest.models.keywords import Keyword, Match, Subscription
from digest.models.labs import Interest, Lab, LabPaper, Membership
from digest.models.leases import Leased
from digest.models.reading import Desk, State, Tag
from digest.models.search import Indexed
from digest.models.seeing import Lapse, Tally
from digest.models.translation import Correction, GlossaryTerm, Segment, Sentence, Translation
from digest.models.users import User

__all__ = [
    "Alert",
    "Announcement",
    "ApiToken",
    "Category",
    "CaughtUp",
    "Change",
    "Channel",
    "Correction",
    "Delivery",
    "Desk",
    "Digest",
    "Download",
    "Entry",
    "FeedToken",
    "GlossaryTerm",
    "Holiday",
    "Indexed",
    "Installation",
    "Interest",
    "Invitation",
    "Keyword",
    "Lab",
    "LabPaper",
    "Lapse",
    "Leased",
    "Listing",
    "Match",
    "Membership",
    "Paper",
    "PaperVersion",
    "Queue",
    "Robots",
    "Role",
    "Run",
    "Section",
    "Segment",
    "Sentence",
    "Slot",
    "State",
    "Subscription",
    "Tag",
    "Tally",
    "Translation",
    "User",
    "Worker",
]
