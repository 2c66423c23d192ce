"""A webhook: JSON, posted, signed, and told apart from its repetition by a key."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from digest.wording import gettext_noop
from worker.posting import SendError
from worker.posting.outside import SECONDS, Session, judged, opened

LARGEST = 1024 * 1024
"""Bytes of a body."""
_REDIRECTS = 3


def post(
    url: str,
    body: dict[str, Any],
    *,
    key: str = "",
    secret: str = "",
    inside: frozenset[str] = frozenset(),
    seconds: float = SECONDS,
) -> None:
    """Post JSON. `Idempotency-Key` is the same for each try of one message; `X-Paperglot-Signature` is `sha256=` and
    the HMAC of the body by the secret. Raises SendError."""
    content = json.dumps(body, ensure_ascii=False).encode()
    if len(content) > LARGEST:
        raise SendError(gettext_noop("The message is too large for a webhook."), permanent=True)
    headers = {"Content-Type": "application/json", "User-Agent": "Paperglot", "Accept": "*/*"}
    if key:
        headers["Idempotency-Key"] = key
    if secret:
        headers["X-Paperglot-Signature"] = f"sha256={signature(secret, content)}"
    with opened(inside, seconds) as door, Session() as session:
        status = 0
        for _ in range(_REDIRECTS + 1):
            try:
                answer = session.post(url, data=content, headers=headers)
            except (requests.RequestException, ValueError) as error:
                raise judged(door, 0) or SendError(gettext_noop("It could not be sent.")) from error
            status = answer.status_code
            if not answer.is_redirect:
                break
            url = _followed(url, answer.headers["location"])
        if failed := judged(door, status):
            raise failed


def _followed(url: str, location: str) -> str:
    """Where a redirect leads; the message is posted there again. It never leads out of TLS."""
    try:
        target = urljoin(url, location)
        scheme = urlsplit(target).scheme
    except ValueError:
        scheme = ""
    if scheme not in ("http", "https") or (url.startswith("https:") and scheme == "http"):
        raise SendError(gettext_noop("It leads to an address that is not followed."), permanent=True)
    return target


def signature(secret: str, content: bytes) -> str:
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
