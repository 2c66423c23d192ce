"""The network between a machine and the servers: connections that can be cut, held up and slowed down."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from tests.house import free_port

SLOW_SECONDS = 0.03


class Network:
    """An event loop in a thread, on which all wires run."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def wire(self, target: int) -> "Wire":
        wire = Wire(self, target)
        self.run(wire.listen())
        return wire

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)


class Wire:
    """Leads from `port` to a target's port. `cut`: what there is breaks, and nothing new comes through; `stall`:
    everything waits; `slow`: every packet does, for a while."""

    def __init__(self, network: Network, target: int) -> None:
        self.port, self._target, self._network = free_port(), target, network
        self._whole, self._slow = True, False
        self._open: set[asyncio.StreamWriter] = set()
        self._flows: asyncio.Event | None = None

    async def listen(self) -> None:
        self._flows = asyncio.Event()
        self._flows.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    def cut(self) -> None:
        self._network.run(self._cut())

    def break_once(self) -> None:
        """What there is breaks; new connections come through."""
        self._network.run(self._break())

    def stall(self) -> None:
        self._network.run(self._stall())

    def slow(self) -> None:
        self._slow = True

    def mend(self) -> None:
        self._network.run(self._mend())

    async def _cut(self) -> None:
        self._whole = False
        await self._break()

    async def _break(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _stall(self) -> None:
        assert self._flows
        self._flows.clear()

    async def _mend(self) -> None:
        assert self._flows
        self._whole, self._slow = True, False
        self._flows.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole:
            writer.transport.abort()
            return
        try:
            away_reader, away = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, away}
        await asyncio.gather(self._pump(reader, away), self._pump(away_reader, writer))
        self._open -= {writer, away}
        for end in (writer, away):
            end.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        assert self._flows
        with suppress(OSError):
            while data := await source.read(1 << 16):
                await self._flows.wait()
                if self._slow:
                    await asyncio.sleep(SLOW_SECONDS)
                sink.write(data)
                await sink.drain()
        with suppress(OSError):
            sink.close()
