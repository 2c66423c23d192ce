"""What is done to a system: each fault begins, and may have an end."""

import signal
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.chaos import faults_servers as servers
from tests.chaos.injected import End, Injected, NotHereError
from tests.chaos.schedule import Planned
from tests.chaos.system import MACHINES, System


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
    "Redis killed, empty again": servers.redis_killed,
    "Redis emptied": servers.redis_emptied,
    "Redis out of memory": servers.redis_full,
    "Redis paused": servers.redis_paused,
    "Redis stopped": servers.redis_stopped,
    "PostgreSQL restarted": servers.postgres_restarted,
    "PostgreSQL stopped": servers.postgres_stopped,
    "connections cut": servers.connections_cut,
    "deadlock": servers.deadlock,
    "serialization errors": servers.serialization,
    "rows locked": servers.rows_locked,
    "machine cut off": _wires("pg", "redis", how="cut"),
    "database cut off": _wires("pg", how="cut"),
    "broker cut off": _wires("redis", how="cut"),
    "network stalls": _wires("pg", "redis", how="stall"),
    "network slow": _wires("pg", "redis", how="slow"),
    "bells lost": servers.bells_lost,
    "bells thrice": servers.bells_thrice,
    "bells late and mixed": servers.bells_mixed,
    "one clock wrong": _one_clock,
    "all clocks leap": _all_clocks,
    "disk full": servers.disk_full,
    "arXiv": _arxiv,
    "mail server": _mail_server,
    "webhook": _webhook,
    "second beat": _joins("beat2", "two", role="beat"),
    "another version joins": _joins("io-old", "three", role="io", app="worker.celery"),
    "other settings join": _joins(
        "mt3", "one", role="mt", PAPERGLOT_BATCH_TOKENS="256", PAPERGLOT_BELL_SECONDS="2"
    ),
}
