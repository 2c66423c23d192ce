"""worker/supervisor.py: a tree of processes run as one. Linux only: it reads processes from /proc."""

import io
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from digest.paths import CHECKOUT
from worker.supervisor import Child, Supervisor


def python(script: str) -> list[str]:
    """A small program; each print is one write, so that the lines of two processes do not mix."""
    whole_lines = "import functools; print = functools.partial(print, flush=True)\n"
    return [sys.executable, "-S", "-c", whole_lines + script]


def child(name: str, script: str, **fields) -> Child:
    return Child(name, python(script), **fields)


SLEEP = "import time; time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up'); {SLEEP}"


def run(*children: Child, until: Callable[[str], bool] = lambda out: "up" in out, seconds: float = 8) -> str:
    """Run a tree until its output satisfies `until`; returns all of it."""
    out = io.StringIO()
    supervisor = Supervisor(children, out)

    def watch() -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until(out.getvalue()):
            time.sleep(0.02)
        supervisor.stop()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        supervisor.run()
    finally:
        watcher.join()
    return out.getvalue()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid: int, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(pid)


def numbers(out: str, word: str) -> list[int]:
    """The numbers that stand behind a word in the output."""
    return [int(found) for found in re.findall(rf"{word} (\d+)", out)]


# Output


def test_lines_carry_the_childs_name():
    out = run(child("web", f"print('up'); {SLEEP}"))
    assert "web | up\n" in out


def test_names_are_as_wide_as_the_widest():
    out = run(
        child("io", f"print('one'); {SLEEP}"),
        child("broker", f"print('two'); {SLEEP}"),
        until=lambda out: "one" in out and "two" in out,
    )
    assert {"io     | one", "broker | two"} <= set(out.splitlines())


def test_what_goes_to_stderr_is_told_too():
    assert "web | up\n" in run(child("web", f"import sys; print('up', file=sys.stderr); {SLEEP}"))


def test_a_line_that_comes_in_pieces_is_told_whole():
    script = f"import time\nfor c in 'grow up': print(c, end=''); time.sleep(.01)\nprint(); {SLEEP}"
    assert "web | grow up\n" in run(child("web", script))


def test_the_last_words_of_the_dead_are_told_though_their_line_has_no_end():
    out = run(child("web", "print('last words', end='')"), until=lambda out: "last words" in out)
    assert "web | last words\n" in out


def test_bytes_that_are_no_text_do_no_harm():
    script = f"import sys; sys.stdout.buffer.write(b'\\xff up\\n'); sys.stdout.flush(); {SLEEP}"
    assert "web | \ufffd up\n" in run(child("web", script))


def test_much_output_blocks_nobody():
    script = f"for n in range(20000): print('line', n)\nprint('up'); {SLEEP}"
    assert numbers(run(child("web", script)), "line") == list(range(20_000))


def test_a_child_has_the_environment_and_its_own():
    script = f"import os; print(os.environ['MINE'], 'PATH' in os.environ, 'up'); {SLEEP}"
    assert "web | its own True up\n" in run(child("web", script, env={"MINE": "its own"}))


# Starting


def test_a_child_starts_when_the_one_before_it_is_ready(tmp_path: Path):
    mark = tmp_path / "ready"

    def ready() -> None:
        time.sleep(0.3)
        mark.touch()

    out = run(
        child("one", SLEEP, ready=ready),
        child("two", f"import os; print('ready', os.path.exists({str(mark)!r}), 'up'); {SLEEP}"),
    )
    assert "two | ready True up\n" in out


def test_whoever_asked_is_told_when_all_are_up():
    seen = []
    supervisor = Supervisor([child("one", SLEEP), child("two", SLEEP)], io.StringIO())

    def started() -> None:
        seen.extend(c.process and c.process.poll() for c in supervisor.children)
        supervisor.stop()

    supervisor.run(started)
    assert seen == [None, None]


def test_a_child_that_is_never_ready_stops_all():
    def never() -> None:
        time.sleep(0.3)
        raise TimeoutError("not ready")

    first, second = child("one", SLEEP), child("two", SLEEP, ready=never)
    with pytest.raises(TimeoutError, match="not ready"):
        Supervisor([first, second], io.StringIO()).run()
    assert [c.process and c.process.poll() for c in (first, second)] == [-signal.SIGTERM] * 2


def test_a_child_that_died_before_it_was_ready_is_heard():
    def never() -> None:
        time.sleep(0.3)
        raise TimeoutError("not ready")

    out = io.StringIO()
    with pytest.raises(TimeoutError):
        Supervisor([child("broker", "print('no such option', end='')", ready=never)], out).run()
    assert out.getvalue() == "broker | no such option\n"


# Restarting


def test_a_killed_child_is_started_again():
    out = run(
        child("web", "import os; print('pid', os.getpid()); os.kill(os.getpid(), 9)"),
        until=lambda out: len(numbers(out, "pid")) >= 2,
    )
    assert len(set(numbers(out, "pid"))) >= 2
    assert re.search(r"up +\| web was killed \(SIGKILL\); again in 0\.4 s", out)


def test_a_child_that_ended_says_how():
    out = run(child("web", "import sys; sys.exit(3)"), until=lambda out: "ended" in out)
    assert "web ended with 3; again in 0.4 s" in out


def test_a_child_that_dies_again_and_again_rests_longer_and_longer():
    out = run(child("web", "pass"), until=lambda out: out.count("again in") >= 3)
    assert re.findall(r"again in ([\d.]+) s", out)[:3] == ["0.4", "0.8", "1.6"]


def test_a_child_that_ran_steadily_rests_shortly():
    steady = child("web", "import time; time.sleep(.1)")
    steady.rest = 30.0
    out = io.StringIO()
    supervisor = Supervisor([steady], out)

    def long_ago() -> None:
        steady.started -= 60
        threading.Timer(0.6, supervisor.stop).start()

    supervisor.run(long_ago)
    assert "again in 0.2 s" in out.getvalue()


def test_no_rest_is_longer_than_half_a_minute():
    dying = child("web", "pass")
    dying.rest = 29.0
    assert "again in 30.0 s" in run(dying, until=lambda out: "again in" in out)


def test_the_others_go_on_while_one_rests():
    out = run(
        child("bad", "pass"),
        child("good", "import time\nfor n in range(99): print('beat', n); time.sleep(.05)"),
        until=lambda out: out.count("again in") >= 2,
    )
    assert len(numbers(out, "beat")) > 5


def test_what_a_dead_child_left_behind_goes_too():
    script = f"import os,time\nif os.fork(): time.sleep(.2)\nelse: print('left', os.getpid()); {SLEEP}"
    out = run(child("web", script), until=lambda out: "again in" in out)
    assert gone(numbers(out, "left")[0])


def test_a_child_that_cannot_be_started_again_is_tried_again(tmp_path: Path):
    program = tmp_path / "program"
    program.write_text('#!/bin/sh\necho once\nrm "$0"\n')
    program.chmod(0o755)
    out = run(
        Child("web", [str(program)]),
        child("good", SLEEP),
        until=lambda out: out.count("again in") >= 2,
    )
    assert "web can't be started" in out


def test_a_grandchild_that_left_its_group_is_heard_and_keeps_nobody_busy():
    """It holds the pipe of a child that is gone; a pipe nobody reads would spin the supervisor."""
    script = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid(); print('a first word'); time.sleep(1); print('a late word'); os._exit(0)\n"
        "time.sleep(.1)"
    )
    began = time.process_time()
    out = run(child("web", script), until=lambda out: "a late word" in out)
    assert "web | a late word\n" in out
    assert time.process_time() - began < 0.5


# Stopping


def test_children_stop_in_reverse_order():
    script = (
        "import signal, sys, time\n"
        "def go(*_): print('bye'); sys.exit()\n"
        "signal.signal(signal.SIGTERM, go); print('up'); time.sleep(60)"
    )
    out = run(*(child(name, script) for name in "abc"), until=lambda out: out.count("up") == 3)
    assert re.findall(r"(\w) \| bye", out) == ["c", "b", "a"]


def test_a_child_that_will_not_go_is_killed_with_its_group():
    tell = "os.write(1, b'pid %d\\n' % os.getpid())"  # whole lines: two processes share the pipe
    script = f"import os\n{tell}; pid = os.fork(); {tell}; {STUBBORN}"
    stubborn, began = child("web", script, grace=0.3), time.monotonic()
    out = run(stubborn, until=lambda out: out.count("up") == 2)
    assert all(gone(pid) for pid in numbers(out, "pid"))
    assert len(set(numbers(out, "pid"))) == 2
    assert time.monotonic() - began < 5


def test_a_child_that_has_just_died_leaves_nothing_behind_either():
    def dead() -> None:
        time.sleep(0.3)
        raise TimeoutError

    script = f"import os,time\nif os.fork() == 0: print('left', os.getpid()); {SLEEP}\ntime.sleep(.1)"
    out = io.StringIO()
    with pytest.raises(TimeoutError):
        Supervisor([child("web", script, ready=dead)], out).run()
    assert gone(numbers(out.getvalue(), "left")[0])


def test_nothing_is_started_once_it_is_to_stop():
    first, second = child("one", SLEEP), child("two", SLEEP)
    supervisor = Supervisor([first, second], io.StringIO())
    first.ready = supervisor.stop
    supervisor.run(lambda: pytest.fail("not all were started"))
    assert second.process is None


def test_signals_are_as_before_when_all_is_over():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    run(child("web", f"print('up'); {SLEEP}"))
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


# The supervisor itself


def tree(script: str) -> tuple["subprocess.Popen[str]", int]:
    """A supervisor in a process of its own, and the process id of its child."""
    code = (
        "from worker.supervisor import Child, Supervisor\n"
        f"Supervisor([Child('web', {python(script)!r}, grace=2)]).run()"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    return process, numbers(process.stdout.readline(), "pid")[0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_stops_all(number: signal.Signals):
    process, pid = tree(f"import os; print('pid', os.getpid()); {SLEEP}")
    process.send_signal(number)
    assert process.wait(5) == 0
    assert not alive(pid)


def test_children_die_with_a_supervisor_that_is_killed():
    process, pid = tree(f"import os; print('pid', os.getpid()); {SLEEP}")
    process.kill()
    process.wait(5)
    assert gone(pid)


def test_a_child_that_will_not_be_terminated_dies_with_its_supervisor_all_the_same():
    stubborn = "import os, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('pid', os.getpid());"
    process, pid = tree(f"{stubborn} {SLEEP}")
    process.kill()
    process.wait(5)
    assert gone(pid)


# --- lines for machines -----------------------------------------------------------------------


def test_for_machines_each_line_is_one_object_with_the_childs_name():
    out = io.StringIO()
    said = child(
        "web",
        "import os; print('{\"message\": \"json\"}'); print('plain', os.environ['PAPERGLOT_PROCESS'])",
    )
    supervisor = Supervisor([said], out, as_json=True)
    threading.Timer(1.5, supervisor.stop).start()
    supervisor.run()
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {"message": "json"} in lines
    assert ("web", "plain web") in [(line.get("process"), line["message"]) for line in lines]
