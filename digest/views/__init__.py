"""The readers' doors, by subject. Every view starts from the reader's own rows."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from digest.models import User


class ReaderRequest(HttpRequest):
    """A request behind `login_required`: somebody is logged in."""

    user: User
    htmx: HtmxDetails
