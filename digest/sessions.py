"""Sessions of one account: when each was last used, and on what."""

import re
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.http import HttpRequest

_EXACT = timedelta(minutes=15)
"""How exactly the last use is kept: not more than one write in so long."""
_BROWSERS = (
    ("Edg(?:e|A|iOS)?/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
    ("(?:Firefox|FxiOS)/", "Firefox"), ("(?:Chrome|Chromium|CriOS)/", "Chrome"), ("Safari/", "Safari"),
    ("curl/", "curl"),
)  # fmt: skip
"""The first that is found: most say that they are others too."""
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def used(request: HttpRequest, now: datetime) -> None:
    """Note that the session is used, seldom."""
    mine = UserSession.objects.filter(session_key=request.session.session_key, last_seen_at__lt=now - _EXACT)
    if mine.exists():  # an UPDATE of nothing would wait for whoever writes
        mine.update(last_seen_at=now)


def device(user_agent: str) -> tuple[str, str]:
    """Browser and system as people call them; empty where they can't be told."""
    found = [
        next((name for sign, name in known if re.search(sign, user_agent)), "")
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return found[0], found[1]
