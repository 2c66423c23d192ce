"""Whose rules, digests and channels a page is about: the reader's own, or those of a lab. The same pages show both."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from digest import lab_doors
from digest.models import Lab, Membership, User
from digest.views import ReaderRequest


class Whose(NamedTuple):
    """`reader` has the rows; of a lab it is the account that nobody logs in to."""

    reader: User
    lab: Lab | None = None
    membership: Membership | None = None
    """None: the reader's own, or somebody who reads a public lab."""

    def door(self, name: str, *args: object) -> str:
        """The address of a page: the reader's own, or the lab's of the same kind."""
        if self.lab is None:
            return reverse(name, args=args)
        return reverse(f"lab-{name}", args=[self.lab.slug, *args])

    def to(self, name: str, *args: object) -> HttpResponseRedirect:
        """A redirect there."""
        return HttpResponseRedirect(self.door(name, *args))

    def context(self, here: str) -> dict[str, object]:
        """What templates ask for: `whose` for their addresses, and of a lab what its navigation shows."""
        return {"whose": self, "lab": self.lab, "membership": self.membership, "here": here}


def whose(request: ReaderRequest, slug: str, *, owner: bool = False) -> Whose:
    """The reader's own where there is no slug; else a lab's that they belong to, or, with `owner`, that they own."""
    if not slug:
        return Whose(request.user)
    membership = (lab_doors.owned if owner else lab_doors.mine)(request.user, slug)
    return Whose(membership.lab.reader, membership.lab, membership)


def shown(request: HttpRequest, slug: str) -> Whose:
    """A lab's, for whoever may read it."""
    lab, membership = lab_doors.shown(request.user, slug)
    return Whose(lab.reader, lab, membership)
