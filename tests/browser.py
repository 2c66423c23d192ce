"""A reader without JavaScript: cookies, forms, redirects, over real HTTP."""

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request


class Browser:
    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )

    def get(self, url: str) -> str:
        with self._opener.open(url, timeout=30) as answer:
            return answer.read().decode()

    def status(self, url: str) -> int:
        try:
            with self._opener.open(url, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def submit(self, url: str, **fields: str) -> str:
        """Fill in and send the form of a page, with its CSRF token; returns the page it leads to."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(url))
        assert token, f"no form at {url}"
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        request = urllib.request.Request(url, data, headers={"Referer": url})
        with self._opener.open(request, timeout=30) as answer:
            return answer.read().decode()
