"""Paperglot on two machines, which are network namespaces joined by a cable: `python -m tests.namespaces`, as root.

It does what README.md's Deployment says, with docker/'s own files: the images are built by the Dockerfile's lines
(tests/images.py), every process is started as its compose file says (command, user, read-only root, secrets, tmpfs).
One machine has PostgreSQL and Redis (Debian's), web, io and beat; the other two translators, which know the addresses
of database and broker and the authority of their certificates. A day comes from a replica of arXiv, is translated
there and published here. Then everything is taken away again.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tests.documents import Document
from tests.house import CHECKOUT, wait_until
from tests.images import Images, why_not

DOCKER = CHECKOUT / "docker"
HERE, THERE = "10.77.0.1", "10.77.0.2"
DAY = date(2026, 5, 12)
PAPERS = 120
SENTENCES = [
    "We release {number} episodes annotated with plans.",
    "A failure analysis attributes {number} drops to actuator faults.",
    "In simulations of three cities with up to {number} crossings, the average delay falls by 18%.",
    "Compared with {number} baselines, the energy consumption falls by 22%.",
    "The student runs at {number} Hz on a single CPU core.",
]
ENV = {  # what .env would say
    "PAPERGLOT_ARXIV_URL": f"http://{HERE}:8090",
    "PAPERGLOT_ARXIV_INTERVAL": "0.5",
    "PAPERGLOT_BELL_SECONDS": "1",
    "PAPERGLOT_ALLOWED_HOSTS": f"{HERE},127.0.0.1",
}
PREPARE = """
from digest.following import follow
from digest.models import *
from digest.views.start import follow_categories
alice = User.objects.create_superuser("alice", "", "correct-horse-9")
follow(alice, "reinforcement learning")
row = Installation.current()
row.model, row.backfill_days, row.early = "demo", 0, False
row.save()
"""
FOLLOW = "from digest.views.start import follow_categories; follow_categories(['cs.LG'])"
COUNT = """
import json
from django.utils import timezone
from digest.models import *
now = timezone.now()
print(json.dumps({
    "papers": Paper.objects.count(), "digests": Digest.objects.count(), "entries": Entry.objects.count(),
    "translations": sorted(set(Translation.objects.values_list("state", flat=True))),
    "sentences": Sentence.objects.count(), "pending": Sentence.objects.filter(finished_at=None).count(),
    "translators": sorted(w.host for w in Worker.objects.all() if w.queues == ["translate"] and w.alive(now)),
    "others": sorted(w.host for w in Worker.objects.all() if "translate" not in w.queues and w.alive(now)),
    "proved": sorted(Run.objects.filter(verb="prove", error="").values_list("subject", flat=True)),
    "errors": list(Run.objects.exclude(error="").values_list("verb", "error")),
}))
"""


def sh(*command: object, **how: Any) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **how)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stdout


def services(*names: str) -> dict[str, Any]:
    """The services of compose files, a later one over an earlier one."""
    found: dict[str, Any] = {}
    for name in names:
        for service, about in yaml.safe_load((DOCKER / name).read_text())["services"].items():
            found[service] = {**found.get(service, {}), **about}
    return found


class Machine:
    """A network namespace and what runs in it."""

    def __init__(self, name: str, address: str) -> None:
        self.name, self.address = name, address

    def listening(self) -> list[str]:
        """The addresses on which anything waits for connections."""
        return [line.split()[3] for line in sh("ip", "netns", "exec", self.name, "ss", "-Hltn").splitlines()]


class Fleet:
    """Both machines, with every process that was started, its log, and what has to be taken away."""

    def __init__(self, folder: Path, images: Images) -> None:
        self.folder, self.images = folder, images
        mark = os.getpid() % 100000
        self.here, self.there = Machine(f"pg{mark}a", HERE), Machine(f"pg{mark}b", THERE)
        self.secrets = folder / "secrets"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.ends = contextlib.ExitStack()

    def join(self) -> None:
        """Two namespaces and a cable; no way to anywhere else."""
        ends = f"{self.here.name}-v", f"{self.there.name}-v"
        for machine in (self.here, self.there):
            sh("ip", "netns", "add", machine.name)
            self.ends.callback(sh, "ip", "netns", "delete", machine.name)
        sh("ip", "link", "add", ends[0], "netns", self.here.name, "type", "veth",
           "peer", "name", ends[1], "netns", self.there.name)  # fmt: skip
        for machine, end in zip((self.here, self.there), ends, strict=True):
            sh("ip", "-n", machine.name, "addr", "add", f"{machine.address}/24", "dev", end)
            for device in ("lo", end):
                sh("ip", "-n", machine.name, "link", "set", device, "up")

    def serve(self) -> None:
        """PostgreSQL and Redis on the first machine, with the options of compose.fleet.yaml."""
        told = services("compose.yaml", "compose.fleet.yaml")
        place = self.folder / "servers"
        place.mkdir(mode=0o755)
        shutil.copytree(self.secrets, place / "secrets", ignore=lambda *_: ["translator"])
        shutil.chown(place / "secrets" / "server_key", "postgres")
        for name in ("server_key",):
            (place / "secrets" / name).chmod(0o600)
        (place / "secrets").chmod(0o755)
        sh("install", "-d", "-o", "postgres", place / "pg")
        program = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        as_postgres = ["ip", "netns", "exec", self.here.name, "runuser", "-u", "postgres", "--"]
        sh(*as_postgres, program / "initdb", "-D", place / "pg/data", "-U", "paperglot", "--auth=scram-sha-256",
           f"--pwfile={place}/secrets/postgres_password", "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip
        with (place / "pg/data/pg_hba.conf").open("a") as rules:
            rules.write(f"hostssl all all {THERE}/32 scram-sha-256\nhost all all {HERE}/32 scram-sha-256\n")
        options = " ".join(told["postgres"]["command"][1:]).replace(
            "/tmp/server.key", "/run/secrets/server_key"
        )
        options += f" -c listen_addresses={HERE} -c unix_socket_directories={place}/pg"
        sh(*as_postgres, program / "pg_ctl", "-D", place / "pg/data", "-w", "-l", place / "pg/log", "-o",
           options.replace("/run/secrets", f"{place}/secrets"), "start")  # fmt: skip
        self.ends.callback(
            sh, *as_postgres, program / "pg_ctl", "-D", place / "pg/data", "-m", "immediate", "stop"
        )
        sh(*as_postgres, "psql", "-h", HERE, "-U", "paperglot", "-d", "postgres", "-c", "CREATE DATABASE paperglot",
           env={**os.environ, "PGPASSWORD": (self.secrets / "postgres_password").read_text().strip()})  # fmt: skip
        redis = [part.replace("/run/secrets", f"{place}/secrets") for part in told["redis"]["command"]]
        self.start(
            "redis", ["ip", "netns", "exec", self.here.name, *redis, "--dir", str(place), "--bind", HERE]
        )
        site = self.folder / "site"
        serve = [sys.executable, "-m", "http.server", "8090", "--bind", HERE, "--directory", str(site)]
        self.start("arxiv", ["ip", "netns", "exec", self.here.name, *serve])

    def start(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd="/")
        self.ends.callback(self.stop, name)

    def stop(self, name: str) -> None:
        process = self.processes[name]
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def command(
        self, machine: Machine, service: dict[str, Any], host: str, arguments: list[str]
    ) -> list[str]:
        """A process of a compose file: its image, its environment, its secrets; PostgreSQL and Redis by name here."""
        image = service["image"].removeprefix("paperglot-")
        self.images.build(image)
        secrets = self.secrets / "translator" if machine is self.there else self.secrets
        mounts = {secrets / name: f"/run/secrets/{name}" for name in service["secrets"]}
        if machine is self.here:
            names = self.folder / "hosts"
            names.write_text(f"127.0.0.1 localhost\n{HERE} postgres redis\n")
            mounts[names] = "/etc/hosts"
        for volume in service.get("volumes", []):
            name, target = volume.split(":")
            kept = self.folder / f"{machine.name}-{name}"
            kept.mkdir(exist_ok=True)
            os.chown(kept, 10001, 10001)
            mounts[kept] = target
        env = service["environment"] | (ENV if machine is self.here else {})
        return self.images.command(
            *(image, self.images.entry(image, arguments or service.get("command", [])), env),
            user=service["user"], net=machine.name, host=host, tmpfs=service["tmpfs"], mounts=mounts,
        )  # fmt: skip

    def manage(self, *arguments: str) -> str:
        """`docker compose run --rm web …`."""
        return sh(*self.command(self.here, services("compose.yaml")["web"], "once", list(arguments)))

    def python(self, code: str) -> str:
        return self.manage("shell", "--verbosity", "0", "-c", code)

    def counts(self) -> dict[str, Any]:
        return json.loads(self.python(COUNT))

    def translated_by(self, name: str) -> int:
        """How many sentences a translator says that it has translated."""
        return sum(int(n) for n in re.findall(r"(\d+) sentences translated in", self.log(name)))

    def well(self, name: str, role: str) -> bool:
        """The health check of a container, in the one that runs."""
        inside = [
            "nsenter",
            f"--target={self.processes[name].pid}",
            "--mount",
            "--net",
            "--root",
            "--wd=/app",
        ]
        env = ["env", "PAPERGLOT_DATA=/data", f"PAPERGLOT_ALLOWED_HOSTS={HERE}", "/opt/venv/bin/python3"]
        return subprocess.run([*inside, *env, "-m", "worker.pulse", *role.split()]).returncode == 0


@contextlib.contextmanager
def deployed(folder: Path) -> Iterator[Fleet]:
    """Both machines with all processes, the translators proved; the day is served, but not yet followed."""
    with Images(folder / "images") as images:
        fleet = Fleet(folder, images)
        with fleet.ends:
            sh(DOCKER / "make-secrets", "--folder", fleet.secrets, HERE)
            fleet.join()
            write_day(folder / "site")
            fleet.serve()
            told = services("compose.yaml")
            sh(*fleet.command(fleet.here, told["migrate"], "migrate", []))
            fleet.python(PREPARE)
            for name in ("web", "io", "beat"):
                fleet.start(name, fleet.command(fleet.here, told[name], name, []))
            translator = services("compose.translator.yaml")["translator"]
            for name in ("translator-1", "translator-2"):
                fleet.start(name, fleet.command(fleet.there, translator, name, []))
            wait_until(
                lambda: fleet.counts()["translators"] == ["translator-1", "translator-2"],
                120,
                lambda: "\n".join(f"--- {name}\n{fleet.log(name)[-1500:]}" for name in fleet.processes),
            )
            yield fleet


def write_day(site: Path) -> None:
    """A day of one category; a third of its papers is what alice reads."""
    (site / "rss").mkdir(parents=True)
    document = Document("cs.LG", DAY)
    for paper in range(PAPERS):
        topic = ("reinforcement learning", "diffusion policies", "number theory")[paper % 3]
        sentences = [text.format(number=10 * paper + n + 11) for n, text in enumerate(SENTENCES)]
        document.add(f"2605.9{paper:04d}", title=f"On {topic}, {paper}", abstract=" ".join(sentences))
    (site / "rss" / "cs.LG").write_bytes(document.rss())


def publish(fleet: Fleet) -> dict[str, Any]:
    """Follow the category, and wait until its day is out; what the rows say then."""
    fleet.python(FOLLOW)
    counts: dict[str, Any] = {}

    def out() -> bool:
        counts.update(fleet.counts())
        return counts["entries"] == PAPERS // 3 and not counts["pending"]

    wait_until(out, 180, lambda: f"{counts}\n{fleet.log('io')[-2000:]}\n{fleet.log('translator-1')[-2000:]}")
    return counts


def main() -> None:
    if why := why_not():
        sys.exit(f"not here: it {why}")
    with tempfile.TemporaryDirectory(prefix="paperglot-fleet-") as folder:
        Path(folder).chmod(0o755)
        with deployed(Path(folder)) as fleet:
            counts = publish(fleet)
            shares = {name: fleet.translated_by(name) for name in ("translator-1", "translator-2")}
            print(
                json.dumps(
                    counts | {"translated_by": shares, "listening_there": fleet.there.listening()}, indent=1
                )
            )


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    main()
