"""What is done to Redis and its bells, and to PostgreSQL."""

import random
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
import redis as redis_client

from tests.chaos.injected import End, Injected, NotHereError
from tests.chaos.schedule import Planned
from tests.chaos.system import System

QUEUES = ("fetch", "default", "translate")


# --- Redis ------------------------------------------------------------------------------------


def redis_killed(system: System, _planned: Planned, injected: Injected) -> End:
    injected.touched = set()
    system.redis.kill()
    return system.redis.start


def redis_emptied(system: System, _planned: Planned, injected: Injected) -> None:
    injected.touched = set()
    with suppress(OSError):
        system.redis.ask("FLUSHALL")


def redis_full(system: System, _planned: Planned, injected: Injected) -> End:
    injected.touched = set()
    full = system.redis.process
    with suppress(OSError):
        system.redis.ask("CONFIG", "SET", "maxmemory", "1")

    def end() -> None:
        """Killed meanwhile, it comes back without a limit; paused or stopped meanwhile, it is asked again later."""
        if system.redis.process is full and full and full.poll() is None:
            system.redis.ask("CONFIG", "SET", "maxmemory", "0")

    return end


def redis_paused(system: System, planned: Planned, injected: Injected) -> None:
    injected.touched = set()
    with suppress(OSError):
        system.redis.ask("CLIENT", "PAUSE", str(int(1000 * planned.seconds)))


def redis_stopped(system: System, _planned: Planned, injected: Injected) -> End:
    injected.touched = set()
    pid = system.redis.process
    system.redis.signal(signal.SIGSTOP)

    def end() -> None:
        if system.redis.process is pid:
            system.redis.signal(signal.SIGCONT)

    return end


def _client(system: System) -> Any:
    return redis_client.Redis(port=system.redis.port, password=system.redis.password, socket_timeout=2)


def _beside(run: Callable[[], None], over: threading.Event, patience: float) -> End:
    """Start it in a thread of its own; the end tells it so, and waits that many seconds."""
    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def end() -> None:
        over.set()
        thread.join(patience)

    return end


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

    return _beside(run, over, 5)


def bells_lost(system: System, planned: Planned, injected: Injected) -> End:
    injected.touched = set()
    return _bells(system, planned.seconds, lambda _client, _taken: None)


def bells_thrice(system: System, planned: Planned, injected: Injected) -> End:
    injected.touched = set()
    return _bells(system, planned.seconds, lambda client, taken: [client.lpush(q, b) for q, b in 3 * taken])  # type: ignore[func-returns-value,return-value]


def bells_mixed(system: System, planned: Planned, injected: Injected) -> End:
    injected.touched = set()

    def put(client: Any, taken: list[tuple[str, bytes]]) -> None:
        random.Random(planned.dice).shuffle(taken)
        for queue, bell in taken:
            client.lpush(queue, bell)

    return _bells(system, planned.seconds, put)


# --- PostgreSQL -------------------------------------------------------------------------------


def postgres_restarted(system: System, planned: Planned, _injected: Injected) -> End:
    system.postgres.stop(planned.victim)
    return system.postgres.start


def postgres_stopped(system: System, _planned: Planned, _injected: Injected) -> End:
    system.postgres.signal(signal.SIGSTOP)
    return lambda: system.postgres.signal(signal.SIGCONT)


_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = 'paperglot' AND application_name <> 'chaos'"""


def connections_cut(system: System, _planned: Planned, _injected: Injected) -> None:
    _do(system, _OTHERS)


def _do(system: System, *statements: str) -> None:
    if system.postgres.asleep:
        system.postgres.signal(signal.SIGCONT)
    with suppress(psycopg.Error), system.postgres.connect() as database:
        for statement in statements:
            database.execute(statement)  # type: ignore[arg-type]


def serialization(system: System, _planned: Planned, _injected: Injected) -> End:
    """Every transaction is REPEATABLE READ for a while: whoever writes what another has just written fails."""
    name = "default_transaction_isolation"
    _do(system, f"ALTER DATABASE paperglot SET {name} = 'repeatable read'", _OTHERS)
    return lambda: _do(system, f"ALTER DATABASE paperglot RESET {name}", _OTHERS)


def rows_locked(system: System, planned: Planned, injected: Injected) -> End:
    over = threading.Event()

    def run() -> None:
        with suppress(psycopg.Error), system.postgres.connect() as database, database.transaction():
            database.execute(f"SELECT 1 FROM {planned.victim} ORDER BY id DESC LIMIT 40 FOR UPDATE")  # type: ignore[arg-type]
            over.wait(planned.seconds + 5)

    return _beside(run, over, 5)


_WAITS = "SELECT 1 FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"


def deadlock(system: System, planned: Planned, injected: Injected) -> End:
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

    return _beside(run, over, 6)


def disk_full(system: System, _planned: Planned, _injected: Injected) -> End:
    if not system.postgres.small:
        raise NotHereError("a file system of one's own needs root")
    system.postgres.fill_disk()
    return system.postgres.empty_disk
