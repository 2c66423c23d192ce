"""The images of docker/Dockerfile as plain folders, where no container engine is: its own lines, run one by one.

The base image's place is taken by this machine's root file system, read-only, with an overlay for each stage, and with
the tests' Python in /usr/local, where the base image has its own. RUN lines run in it, COPY lines copy into it, and a
process starts in it as compose.yaml says: another user, a read-only root, an environment of its own, a network
namespace. Needs root, and what `unshare --mount` and `mount -t overlay` need.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.house import CHECKOUT

DOCKERFILE = CHECKOUT / "docker" / "Dockerfile"
BUILD = ("pip_", "ssl_", "requests_ca", "http_proxy", "https_proxy", "no_proxy")
"""Of the environment, what a build may see: how this machine reaches its package index."""


@dataclass
class Stage:
    name: str
    parent: str
    lines: list[tuple[str, str]] = field(default_factory=list)


def stages(text: str) -> dict[str, Stage]:
    """The stages of a Dockerfile: instruction and argument, continued lines joined, comments gone."""
    found: dict[str, Stage] = {}
    text = re.sub(r"^#.*\n", "", text, flags=re.M)
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            parent, _as, name = rest.split()
            found[name] = Stage(name, parent)
        elif word:
            list(found.values())[-1].lines.append((word, rest.strip()))
    return found


@cache
def why_not() -> str:
    """Why this machine can build no such folder; empty where it can."""
    if os.geteuid() != 0:
        return "needs root, for network namespaces and overlays"
    if sys.version_info[:2] != (3, 11) or sys.version_info < (3, 11, 3):
        return "needs Python 3.11 as the images have it, not older than 3.11.3"
    for program in ("ip", "unshare", "setpriv", "runuser"):
        if not shutil.which(program):
            return f"needs {program}"
    tried = subprocess.run(["unshare", "--mount", "--net", "true"], capture_output=True, text=True)
    return f"no namespaces here: {tried.stderr.strip()}" if tried.returncode else ""


class Images:
    """All stages, built below one folder when they are asked for; within `with`, since the folder is a mount: no layer
    may lie in another's tree."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stages = stages(DOCKERFILE.read_text())
        self.built: set[str] = set()

    def __enter__(self) -> "Images":
        self.folder.mkdir(parents=True)
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=4g,mode=0755", "paperglot-images", self.folder], check=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", "--lazy", self.folder], check=True)
        self.folder.rmdir()

    def chain(self, name: str) -> list[Stage]:
        """A stage and what it is made from, the base last."""
        stage = self.stages[name]
        return [stage, *(self.chain(stage.parent) if stage.parent in self.stages else [])]

    def upper(self, name: str) -> Path:
        return self.folder / name / "upper"

    def environment(self, name: str) -> dict[str, str]:
        env = {
            "PATH": "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/data",
            "LANG": "C.UTF-8",
            "LD_LIBRARY_PATH": "/usr/local/lib",  # where the tests' Python has its own library, if it has one
        }
        for stage in reversed(self.chain(name)):
            for word, rest in stage.lines:
                for pair in shlex.split(rest) if word == "ENV" else []:
                    key, _, value = pair.partition("=")
                    env[key] = value.replace("$PATH", env["PATH"])
        return env

    def said(self, name: str, instruction: str) -> str:
        """The last such line of a stage and those before it: ENTRYPOINT, CMD, USER, WORKDIR."""
        lines = [
            rest for stage in self.chain(name) for word, rest in reversed(stage.lines) if word == instruction
        ]
        return lines[0] if lines else ""

    def build(self, name: str) -> None:
        if name in self.built:
            return
        assert not why_not(), why_not()
        stage = self.stages[name]
        if stage.parent in self.stages:
            self.build(stage.parent)
        for part in ("upper", "work", "root"):
            (self.folder / name / part).mkdir(parents=True)
        (self.upper(name) / self.said(name, "WORKDIR").lstrip("/")).mkdir(parents=True)
        for word, rest in stage.lines:
            if word == "RUN":
                self._run(name, rest)
            elif word == "COPY":
                self._copy(name, rest)
        self.built.add(name)

    def _run(self, name: str, line: str) -> None:
        outside = {key: value for key, value in os.environ.items() if key.lower().startswith(BUILD)}
        done = subprocess.run(
            self.command(name, ["sh", "-c", line], outside, user="0:0", writable=True),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"RUN {line}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"

    def _copy(self, name: str, rest: str) -> None:
        *sources, target = rest.split()
        root = CHECKOUT
        if sources[0].startswith("--from="):
            other = sources.pop(0).removeprefix("--from=")
            self.build(other)
            root = self.upper(other)
        place = self.upper(name) / os.path.join(self.said(name, "WORKDIR"), target).lstrip("/")
        for source in sources:
            whole = root / source.lstrip("/")
            into = place / whole.name if target.endswith("/") else place
            into.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-a", "--no-target-directory", whole, into], check=True)

    def command(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        *,
        user: str = "",
        net: str = "",
        host: str = "paperglot",
        writable: bool = False,
        tmpfs: Sequence[str] = ("/tmp",),
        mounts: Mapping[Path, str] | None = None,
    ) -> list[str]:
        """The command line that runs something in an image. `mounts` are files and folders from outside."""
        root = self.folder / name / "root"
        layers = [self.upper(stage.name) for stage in self.chain(name)]
        if writable:
            top, layers = f",upperdir={layers[0]},workdir={self.folder / name / 'work'}", layers[1:]
        else:
            top = ""
        lower = ":".join([*map(str, layers), "/"])
        steps = [
            f"hostname {host}",
            f"mount -t overlay overlay -o lowerdir={lower}{top} {root}",
            *([f"mount --bind {sys.base_prefix} {root}/usr/local"] if sys.base_prefix != "/usr" else []),
            f"mount --rbind /dev {root}/dev",
            f"mount -t proc proc {root}/proc",
        ]
        for entry in tmpfs:
            where, _, options = entry.partition(":")
            steps.append(f"mount -t tmpfs -o {options or 'mode=1777'} tmpfs {root}{where}")
        steps.append(f"mount -t tmpfs -o mode=0755 tmpfs {root}/run")
        for source, target in (mounts or {}).items():
            if target.startswith("/run/"):
                steps.append(f"mkdir -p {root}{Path(target).parent} && touch {root}{target}")
            steps.append(f"mount --bind {source} {root}{target}")
        uid, _, gid = (user or self.said(name, "USER")).partition(":")
        confined = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--no-new-privs"]
        confined += ["--bounding-set=-all", "--inh-caps=-all"] if uid != "0" else []
        inside = {**self.environment(name), **env}
        clean = ["env", "-i", *(f"{key}={value}" for key, value in inside.items())]
        there = ["sh", "-c", f'cd {self.said(name, "WORKDIR")} && exec "$@"', "sh"]
        steps.append(f"exec chroot {root} {shlex.join([*clean, *confined, *there, *command])}")
        within = ["ip", "netns", "exec", net] if net else []
        return [*within, "unshare", "--mount", "--uts", "sh", "-ec", "\n".join(steps)]

    def entry(self, name: str, arguments: Sequence[str] = ()) -> list[str]:
        """What the image runs: its ENTRYPOINT with these arguments, or its CMD's."""
        return [
            *json.loads(self.said(name, "ENTRYPOINT")),
            *(arguments or json.loads(self.said(name, "CMD"))),
        ]
