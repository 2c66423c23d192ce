"""Addresses for use elsewhere: in feeds, in mail, on the clipboard."""

from django.conf import settings
from django.http import HttpRequest


def absolute(request: HttpRequest, path: str) -> str:
    """The address of a path: by PUBLIC_URL where it is set, else as this request came."""
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
