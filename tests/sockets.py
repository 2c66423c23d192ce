"""Servers on this machine for tests: how they begin and end."""

import socketserver
import threading
from types import TracebackType
from typing import Self


class Serving:
    """Serves in a thread of its own while it is entered; `_over` tells handlers that it ends."""

    _server: socketserver.BaseServer
    _over: threading.Event

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
