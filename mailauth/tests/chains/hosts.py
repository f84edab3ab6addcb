"""Hosts of a small Internet on one machine: each has a name, an address and a file system of its own, all from one root.

All of it lives in the namespaces of the process that ``dev/suite_chains.py`` starts (mounts, network, processes): the
addresses are those of documentation, port 25 is free, and whatever runs ends with that process.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from ..real_servers import end

START = 60.0  # seconds that a server has to begin answering
SHARED = ("bin", "lib", "lib64", "sbin", "usr")  # what all hosts have in common
DEVICES = ("null", "zero", "full", "random", "urandom")
USERS = {
    "postfix": 101, "postdrop": 102, "opendkim": 103, "opendmarc": 104, "policyd-spf": 105, "_rspamd": 106,
    "Debian-exim": 107, "dovecot": 108, "dovenull": 109, "vmail": 110, "fetchmail": 111,
}


def mount(*arguments: object) -> None:
    """Mount in this process's namespace, which nothing outside sees."""
    subprocess.run(["mount", *map(str, arguments)], check=True)


class Internet:
    """The place where hosts are: ``root`` holds the unpacked packages; ``folder`` is an empty one for what they write.

    What is written lies in memory, and is gone with the namespace.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self.root = root
        self.folder = folder
        mount("-t", "tmpfs", "-o", "mode=755,dev", "tmpfs", folder)
        self.shared = folder / "shared"  # /shared of every host: sockets between them, and what they fetched
        self.shared.mkdir(parents=True)
        self.shared.chmod(0o777)
        self.hosts: list[Host] = []
        self._addresses: set[str] = set()
        self._ip("link", "set", "lo", "up")

    def host(self, name: str, address: str) -> Host:
        """A new host with an address of its own."""
        self.add(address)
        host = Host(self, name, address)
        self.hosts.append(host)
        return host

    def add(self, address: str) -> None:
        """Make the address one of this machine's, within the namespace."""
        if address not in self._addresses:
            self._ip("address", "add", f"{address}/32", "dev", "lo")
            self._addresses.add(address)

    def reach_from(self, source: str, *addresses: str) -> None:
        """Have whatever binds to no address of its own reach these addresses from ``source``, which is added."""
        for address in addresses:
            self._ip("route", "replace", "local", f"{address}/32", "dev", "lo", "table", "local", "src", source)

    def ready(self) -> None:
        """Wait until all servers that were started listen."""
        until = time.monotonic() + START
        for host in self.hosts:
            for started in host.starting:
                started.wait(until)
            host.starting.clear()

    def stop(self) -> None:
        """End all that runs."""
        end(process for host in self.hosts for process in host.processes)

    def _ip(self, *arguments: str) -> None:
        subprocess.run(["chroot", self.root, "/bin/ip", *arguments], check=True)


class Host:
    """One host. Its files lie below ``path``; programs run there as they would on a machine of their own."""

    def __init__(self, internet: Internet, name: str, address: str) -> None:
        self.internet = internet
        self.name = name
        self.address = address
        self.path = internet.folder / name
        self.processes: list[subprocess.Popen] = []
        self.starting: list[Started] = []
        self._made()

    def _made(self) -> None:
        root = self.internet.root
        for name in (*SHARED, "shared", "dev", "proc", "run", "tmp", "var/lib", "var/log", "var/spool", "srv", "root"):
            (self.path / name).mkdir(parents=True)
        (self.path / "tmp").chmod(0o1777)
        shutil.copytree(root / "etc", self.path / "etc", symlinks=True)
        for name in SHARED:
            mount("--bind", root / name, self.path / name)
            mount("-o", "remount,bind,ro", self.path / name)
        mount("--bind", self.internet.shared, self.path / "shared")
        mount("-t", "proc", "proc", self.path / "proc")
        for name in DEVICES:
            (self.path / "dev" / name).touch()
            mount("--bind", Path("/dev", name), self.path / "dev" / name)
        users = "".join(f"{name}:x:{number}:{number}::/nonexistent:/bin/sh\n" for name, number in USERS.items())
        groups = "".join(f"{name}:x:{number}:\n" for name, number in USERS.items())
        self.write("etc/passwd", f"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/nonexistent:/bin/sh\n{users}")
        self.write("etc/group", f"root:x:0:\nmail:x:8:\nadm:x:4:\nnogroup:x:65534:\n{groups}")
        self.write("etc/hosts", f"127.0.0.1 localhost\n{self.address} {self.name}\n")
        (self.path / "var/run").symlink_to("/run")
        self.write("etc/resolv.conf", "nameserver 127.0.0.1\n")
        self.write("etc/hostname", f"{self.name}\n")
        self.write("etc/mailname", f"{self.name}\n")
        self.write("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")

    def write(self, name: str, text: str, owner: str | None = None, mode: int = 0o644) -> Path:
        """Write a file, with the folders that it lies in."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        if owner:
            os.chown(path, USERS[owner], USERS[owner])
        return path

    def folder(self, name: str, owner: str | None = None, mode: int = 0o755) -> Path:
        """Make a folder."""
        path = self.path / name
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(mode)
        if owner:
            os.chown(path, USERS[owner], USERS[owner])
        return path

    def start(self, *command: str, listens: tuple[str, int]) -> None:
        """Start a server, which is going to listen at an address and port: :meth:`Internet.ready` waits for it."""
        log = self.path / "var/log" / f"{Path(command[0]).name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                self._inside(*command), stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=_ENVIRONMENT)
        self.processes.append(process)
        self.starting.append(Started(process, listens, log))

    def run(self, user: str, *command: str, timeout: float = 60) -> subprocess.CompletedProcess:
        """Run a program to its end, as one of :data:`USERS`."""
        number = f"--userspec={USERS[user]}:{USERS[user]}"
        return subprocess.run(
            self._inside(*command, options=(number,)), check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout,
            env=_ENVIRONMENT)

    def logs(self) -> str:
        """What its servers wrote last."""
        return "\n".join(
            f"--- {self.name} {path.name}\n{path.read_text(errors='replace')[-4000:]}"
            for path in sorted((self.path / "var/log").rglob("*")) if path.is_file() and path.stat().st_size)

    def _inside(self, *command: str, options: tuple[str, ...] = ()) -> list[str]:
        return [
            "unshare", "--uts", "sh", "-c", 'hostname "$0"; exec chroot "$@"', self.name, *options, str(self.path), *command]


@dataclass(frozen=True)
class Started:
    """A server that was started: its process, where it is going to listen, and where it writes what goes wrong."""

    process: subprocess.Popen
    listens: tuple[str, int]
    log: Path

    def wait(self, until: float) -> None:
        """Wait until it listens; raises where it ends before, or takes too long."""
        while not self._listens():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"no server at {self.listens}: {self.log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.02)

    def _listens(self) -> bool:
        with socket.socket() as client:
            client.settimeout(1)
            try:
                client.connect(self.listens)
            except OSError:
                return False
            return True


_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root"}
