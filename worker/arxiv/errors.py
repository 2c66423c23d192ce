"""What can go wrong with arXiv.

ArxivError
 ├── FetchError      no usable answer; `permanent` says whether asking again can help
 │    └── RobotsError      the host's robots.txt forbids the page, or is not known
 └── DocumentError   an answer that is not the document it should be
      ├── EmptyPageError   the API's page has no entries though there are more; ask again
      └── BadTokenError    OAI-PMH knows the resumption token no more; begin the harvest again

EntryError is no error of a document: one of its entries can't be read, and the parser that raised it tells so
in `skipped`.
"""


class ArxivError(Exception):
    """The message is a plain sentence for whoever can act."""


class FetchError(ArxivError):
    """`retry_after`: seconds for which nobody of this installation may ask again, if arXiv said so; `status`: of the
    answer, if there was one."""

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        status: int | None = None,
    ):
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after
        self.status = status


class RobotsError(FetchError):
    """Nothing was asked for."""


class DocumentError(ArxivError):
    """Nothing of the document may be used."""


class EmptyPageError(DocumentError):
    """The API now and then answers so (lukasschwab/arxiv.py#43, #129); a later try gets the entries."""


class BadTokenError(DocumentError):
    """A token holds until the next midnight UTC; then a harvest begins anew, from its last `from`."""


class EntryError(ValueError):
    """This entry can't be read; the others can."""
