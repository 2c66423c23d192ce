"""What is done to a system: each fault begins, and may have an end."""

import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
import redis as redis_client

from tests.chaos.schedule import Planned
from tests.chaos.system import MACHINES, System

End = Callable[[], object]
QUEUES = ("fetch", "default", "translate")


@dataclass
class Injected:
    """A fault as it happened; times are monotonic seconds. `touched` names the processes that may lose a lease by
    it, `*` all of them; `note` says why it could not be."""

    planned: Planned
    began: float
    ended: float = 0.0
    touched: set[str] = field(default_factory=lambda: {"*"})
    note: str = ""
    end: End | None = None


class NotHereError(Exception):
    """This machine can't have this fault; the message says why."""


def inject(system: System, planned: Planned) -> Injected:
    """Begin a fault. Its `end`, if it has one, is to be called after its seconds."""
    injected = Injected(planned, time.monotonic())
    try:
        injected.end = FAULTS[planned.kind](system, planned, injected)
    except NotHereError as error:
        injected.note = str(error)
    if injected.end is None:
        injected.ended = time.monotonic()
    return injected


# --- processes --------------------------------------------------------------------------------


def _kill(system: System, planned: Planned, injected: Injected) -> None:
    injected.touched = {planned.victim}
    system.fleet.processes[planned.victim].signal(signal.SIGKILL, pids=_first(system, planned.victim))


def _first(system: System, name: str) -> list[int]:
    return system.fleet.processes[name].family()[:1]


def _kill_pool(system: System, planned: Planned, injected: Injected) -> None:
    injected.touched = {planned.victim}
    process = system.fleet.processes[planned.victim]
    process.signal(signal.SIGKILL, pids=process.family()[1:])


def _kill_in_batch(system: System, planned: Planned, injected: Injected) -> None:
    """The main process or the pool's, while its engine is at work; whoever is at it if the victim is not."""
    until = time.monotonic() + 2.5
    while time.monotonic() < until:
        at_work = system.at_work()
        name = planned.victim if planned.victim in at_work else next(iter(sorted(at_work)), "")
        if name in system.fleet.processes:
            injected.touched = {name}
            family = system.fleet.processes[name].family()
            injected.began = time.monotonic()
            system.fleet.processes[name].signal(
                signal.SIGKILL, pids=family[:1] if planned.dice < 0.5 else family[1:]
            )
            return
        time.sleep(0.05)
    _kill(system, planned, injected)


def _kill_while_sending(system: System, planned: Planned, injected: Injected) -> None:
    """Both io workers as soon as a message has arrived: before its sending is recorded, with luck."""
    injected.touched = {"io1", "io2"}
    heard, until = system.heard(), time.monotonic() + 2.5
    while system.heard() == heard and time.monotonic() < until:
        time.sleep(0.002)
    injected.began = time.monotonic()
    for name in ("io1", "io2"):
        system.fleet.processes[name].signal(signal.SIGKILL, pids=_first(system, name))


def _stop(system: System, planned: Planned, injected: Injected) -> End:
    injected.touched = {planned.victim}
    process = system.fleet.processes[planned.victim]
    stopped = process.signal(signal.SIGSTOP)
    return lambda: process.signal(signal.SIGCONT, pids=stopped)


def _stop_long(system: System, planned: Planned, injected: Injected) -> End:
    """It comes back to find that others have taken its work."""
    injected.touched = {"*"}  # the clock goes on for everybody
    process = system.fleet.processes[planned.victim]
    stopped = process.signal(signal.SIGSTOP)
    system.clock.advance(timedelta(seconds=45))
    return lambda: process.signal(signal.SIGCONT, pids=stopped)


# --- Redis ------------------------------------------------------------------------------------


def _redis_killed(system: System, _planned: Planned, injected: Injected) -> End:
    injected.touched = set()
    system.redis.kill()
    return system.redis.start


def _redis_emptied(system: System, _planned: Planned, injected: Injected) -> None:
    injected.touched = set()
    with suppress(OSError):
        system.redis.ask("FLUSHALL")


def _redis_full(system: System, _planned: Planned, injected: Injected) -> End:
    injected.touched = set()
    with suppress(OSError):
        system.redis.ask("CONFIG", "SET", "maxmemory", "1")

    def end() -> None:
        with suppress(OSError):  # killed meanwhile: it comes back without a limit
            system.redis.ask("CONFIG", "SET", "maxmemory", "0")

    return end


def _redis_paused(system: System, planned: Planned, injected: Injected) -> None:
    injected.touched = set()
    with suppress(OSError):
        system.redis.ask("CLIENT", "PAUSE", str(int(1000 * planned.seconds)))


def _redis_stopped(system: System, _planned: Planned, injected: Injected) -> End:
    injected.touched = set()
    pid = system.redis.process
    system.redis.signal(signal.SIGSTOP)

    def end() -> None:
        if system.redis.process is pid:
            system.redis.signal(signal.SIGCONT)

    return end


def _client(system: System) -> Any:
    return redis_client.Redis(port=system.redis.port, password=system.redis.password, socket_timeout=2)


def _bells(system: System, seconds: float, do: Callable[[Any, list[tuple[str, bytes]]], None]) -> End:
    """Take every bell out of the queues for a while, and do something with them."""
    over, taken = threading.Event(), []

    def run() -> None:
        client = _client(system)
        while not over.wait(0.02):
            with suppress(redis_client.RedisError):
                for queue in QUEUES:
                    while bell := client.rpop(f"paperglot:{queue}"):
                        taken.append((f"paperglot:{queue}", bell))
        with suppress(redis_client.RedisError):
            do(client, taken)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def end() -> None:
        over.set()
        thread.join(5)

    return end


def _bells_lost(system: System, planned: Planned, injected: Injected) -> End:
    injected.touched = set()
    return _bells(system, planned.seconds, lambda _client, _taken: None)


def _bells_thrice(system: System, planned: Planned, injected: Injected) -> End:
    injected.touched = set()
    return _bells(system, planned.seconds, lambda client, taken: [client.lpush(q, b) for q, b in 3 * taken])  # type: ignore[func-returns-value,return-value]


def _bells_mixed(system: System, planned: Planned, injected: Injected) -> End:
    injected.touched = set()

    def put(client: Any, taken: list[tuple[str, bytes]]) -> None:
        random.Random(planned.dice).shuffle(taken)
        for queue, bell in taken:
            client.lpush(queue, bell)

    return _bells(system, planned.seconds, put)


# --- PostgreSQL -------------------------------------------------------------------------------


def _postgres_restarted(system: System, planned: Planned, _injected: Injected) -> End:
    system.postgres.stop(planned.victim)
    return system.postgres.start


def _postgres_stopped(system: System, _planned: Planned, _injected: Injected) -> End:
    system.postgres.signal(signal.SIGSTOP)
    return lambda: system.postgres.signal(signal.SIGCONT)


_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = 'paperglot' AND application_name <> 'chaos'"""


def _connections_cut(system: System, _planned: Planned, _injected: Injected) -> None:
    _do(system, _OTHERS)


def _do(system: System, *statements: str) -> None:
    if system.postgres.asleep:
        system.postgres.signal(signal.SIGCONT)
    with suppress(psycopg.Error), system.postgres.connect() as database:
        for statement in statements:
            database.execute(statement)  # type: ignore[arg-type]


def _serialization(system: System, _planned: Planned, _injected: Injected) -> End:
    """Every transaction is REPEATABLE READ for a while: whoever writes what another has just written fails."""
    name = "default_transaction_isolation"
    _do(system, f"ALTER DATABASE paperglot SET {name} = 'repeatable read'", _OTHERS)
    return lambda: _do(system, f"ALTER DATABASE paperglot RESET {name}", _OTHERS)


def _rows_locked(system: System, planned: Planned, injected: Injected) -> End:
    over = threading.Event()

    def run() -> None:
        with suppress(psycopg.Error), system.postgres.connect() as database, database.transaction():
            database.execute(f"SELECT 1 FROM {planned.victim} ORDER BY id DESC LIMIT 40 FOR UPDATE")  # type: ignore[arg-type]
            over.wait(planned.seconds + 5)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def end() -> None:
        over.set()
        thread.join(5)

    return end


_WAITS = "SELECT 1 FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"


def _deadlock(system: System, planned: Planned, injected: Injected) -> End:
    """Hold rows until a worker waits for them, then ask for a lock that the worker's own rows are in the way of. Its
    patience (deadlock_timeout) is the shorter one, so it is the one that PostgreSQL ends."""
    table, over = planned.victim, threading.Event()

    def run() -> None:
        with suppress(psycopg.Error), system.postgres.connect() as database:
            database.execute("SET deadlock_timeout = '1min'")
            database.execute("SET lock_timeout = '3s'")
            pid = database.info.backend_pid
            database.execute("SET idle_in_transaction_session_timeout = '8s'")  # whatever becomes of us
            with database.transaction():
                database.execute(f"SELECT 1 FROM {table} ORDER BY id DESC LIMIT 25 FOR UPDATE")  # type: ignore[arg-type]
                with system.postgres.connect() as look:
                    while not over.wait(0.05) and not look.execute(_WAITS, [pid]).fetchall():
                        pass
                if not over.is_set():
                    database.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")  # type: ignore[arg-type]

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def end() -> None:
        over.set()
        thread.join(6)

    return end


def _disk_full(system: System, _planned: Planned, _injected: Injected) -> End:
    if not system.postgres.small:
        raise NotHereError("a file system of one's own needs root")
    system.postgres.fill_disk()
    return system.postgres.empty_disk


# --- network ----------------------------------------------------------------------------------


def _wires(*which: str, how: str) -> Callable[[System, Planned, Injected], End]:
    def begin(system: System, planned: Planned, injected: Injected) -> End:
        injected.touched = set(MACHINES[planned.victim])
        wires = [system.wires[planned.victim][name] for name in which]
        for wire in wires:
            getattr(wire, how)()
        return lambda: [wire.mend() for wire in wires]

    return begin


# --- time -------------------------------------------------------------------------------------


def _one_clock(system: System, planned: Planned, injected: Injected) -> End:
    injected.touched = {"*"}  # one that is ahead takes others' leases for lost
    slot = system.fleet.processes[planned.victim].slot
    seconds = (20 + 220 * abs(2 * planned.dice - 1)) * (1 if planned.dice > 0.5 else -1)
    system.clock.skew(slot, timedelta(seconds=seconds))
    return lambda: system.clock.skew(slot, timedelta())


def _all_clocks(system: System, planned: Planned, _injected: Injected) -> None:
    by = timedelta(seconds=20 + 100 * planned.dice)
    system.clock.advance(by if planned.victim == "ahead" else -by)


# --- outside ----------------------------------------------------------------------------------


def _arxiv(system: System, planned: Planned, injected: Injected) -> End:
    injected.touched = set()
    system.arxiv.be(planned.victim, 1 + int(planned.dice * 4))
    return system.arxiv.well


def _mail_server(system: System, planned: Planned, injected: Injected) -> End:
    injected.touched = {"mail"}
    box = system.mailbox
    if planned.victim == "drops":  # taken, and not said so
        box.drop = "."
    elif planned.victim == "hangs up":
        box.drop = "DATA"
    else:
        box.answers = {"RCPT" if planned.victim == "451" else "CONNECT": f"{planned.victim} later, please"}

    def end() -> None:
        box.drop, box.answers = "", {}

    return end


def _webhook(system: System, planned: Planned, injected: Injected) -> End:
    injected.touched = {"webhook"}
    headers = {"Retry-After": "20"} if planned.victim == "429" else {}
    system.hook.spoil((int(planned.victim), headers, b"no"))
    return lambda: system.hook.spoil(None)


# --- more of the same -------------------------------------------------------------------------


def _joins(name: str, machine: str, **how: Any) -> Callable[[System, Planned, Injected], End]:
    def begin(system: System, _planned: Planned, injected: Injected) -> End:
        injected.touched = {name}
        if name in system.fleet.processes:
            raise NotHereError("there is one already")
        if name == "io-old":
            how["folder"] = system.older()
        if how.get("folder", 0) is None:
            raise NotHereError("the history of this checkout has no earlier version with these tables")
        system.fleet.add(system.process(name, machine, **how))
        return lambda: system.fleet.remove(name)

    return begin


FAULTS: dict[str, Callable[[System, Planned, Injected], End | None]] = {
    "kill": _kill,
    "kill a pool's process": _kill_pool,
    "kill in mid-batch": _kill_in_batch,
    "kill while sending": _kill_while_sending,
    "stop": _stop,
    "stop until its leases are lost": _stop_long,
    "Redis killed, empty again": _redis_killed,
    "Redis emptied": _redis_emptied,
    "Redis out of memory": _redis_full,
    "Redis paused": _redis_paused,
    "Redis stopped": _redis_stopped,
    "PostgreSQL restarted": _postgres_restarted,
    "PostgreSQL stopped": _postgres_stopped,
    "connections cut": _connections_cut,
    "deadlock": _deadlock,
    "serialization errors": _serialization,
    "rows locked": _rows_locked,
    "machine cut off": _wires("pg", "redis", how="cut"),
    "database cut off": _wires("pg", how="cut"),
    "broker cut off": _wires("redis", how="cut"),
    "network stalls": _wires("pg", "redis", how="stall"),
    "network slow": _wires("pg", "redis", how="slow"),
    "bells lost": _bells_lost,
    "bells thrice": _bells_thrice,
    "bells late and mixed": _bells_mixed,
    "one clock wrong": _one_clock,
    "all clocks leap": _all_clocks,
    "disk full": _disk_full,
    "arXiv": _arxiv,
    "mail server": _mail_server,
    "webhook": _webhook,
    "second beat": _joins("beat2", "two", role="beat"),
    "another version joins": _joins("io-old", "three", role="io", app="worker.celery"),
    "other settings join": _joins(
        "mt3", "one", role="mt", PAPERGLOT_BATCH_TOKENS="256", PAPERGLOT_BELL_SECONDS="2"
    ),
}
