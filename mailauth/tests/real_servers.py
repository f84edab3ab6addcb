"""Real name servers for tests: NSD as the zones' own server, Unbound as the validating resolver of the network.

Both run on free loopback ports from binaries in the path, or below the folder that the
environment variable ``MAILAUTH_NAME_SERVERS`` names (Debian's packages ``nsd`` and ``unbound``
with their libraries, unpacked).
"""

from __future__ import annotations

import os
import platform
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import dns.dnssec
import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rdataclass
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec

START = 30.0  # seconds that a server has to begin answering, on a machine that is busy


def binary(name: str) -> str | None:
    """The path of a server, ``None`` if it is not there."""
    root = os.environ.get("MAILAUTH_NAME_SERVERS")
    if root and (path := Path(root, "usr/sbin", name)).exists():
        return str(path)
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def available() -> bool:
    """Whether both servers can be run, and zones be signed."""
    return bool(binary("nsd") and binary("unbound") and hasattr(dns.dnssec, "sign_zone"))


def environment() -> dict[str, str]:
    """The environment that unpacked servers find their libraries by."""
    root = os.environ.get("MAILAUTH_NAME_SERVERS")
    if not root:
        return dict(os.environ)
    libraries = str(Path(root, f"usr/lib/{platform.machine()}-linux-gnu"))
    return {**os.environ, "LD_LIBRARY_PATH": f"{libraries}:{os.environ.get('LD_LIBRARY_PATH', '')}"}


def free_port() -> int:
    """A port that is free for UDP and TCP."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            udp.bind(("127.0.0.1", 0))
            try:
                tcp.bind(udp.getsockname())
            except OSError:
                continue
            return udp.getsockname()[1]


def sign(text: str, origin: str, lifetime: int = 86400) -> tuple[str, str]:
    """A zone's text with signatures (negative ``lifetime``: they have expired), and its trust anchor."""
    zone = dns.zone.from_text(text, origin, relativize=False)
    key = ec.generate_private_key(ec.SECP256R1())
    dnskey = dns.dnssec.make_dnskey(key.public_key(), dns.dnssec.Algorithm.ECDSAP256SHA256, flags=257)
    now = int(time.time())
    with zone.writer() as transaction:
        dns.dnssec.sign_zone(
            zone, transaction, keys=[(key, dnskey)], inception=min(now, now + lifetime) - 3600,
            expiration=now + lifetime, add_dnskey=True, dnskey_ttl=3600,
        )
    anchor = dns.dnssec.make_ds(dns.name.from_text(origin), dnskey, "SHA256")
    return zone.to_text(), f"{origin}. IN DS {anchor.to_text()}"


def wait_for(process: subprocess.Popen, address: tuple[str, int], log: Path) -> None:
    """Wait until a server answers at an address, whatever it says; ``RuntimeError`` with its log if it does not."""
    until = time.monotonic() + START
    query = dns.message.make_query("version.bind", "TXT", rdclass=dns.rdataclass.CH)
    while time.monotonic() < until and process.poll() is None:
        try:
            dns.query.udp(query, address[0], port=address[1], timeout=0.2)
            return
        except (dns.exception.Timeout, OSError):
            time.sleep(0.02)
    raise RuntimeError(f"{process.args[0]} does not start: {log.read_text(errors='replace')[-2000:]}")


def end(processes: Iterable[subprocess.Popen]) -> None:
    """End all of these programs, and wait until they are gone."""
    processes = list(processes)
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Programs:
    """Programs that run in a folder while a ``with`` block does."""

    def __init__(self) -> None:
        self._processes: list[subprocess.Popen] = []

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        end(self._processes)

    def start(self) -> None:
        """Start all of them, and wait until they answer."""
        raise NotImplementedError

    def run(self, arguments: list[str], folder: Path, log: Path) -> subprocess.Popen:
        """Start one of them; what it says goes to ``log``."""
        with log.open("wb") as stream:
            process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, env=environment(), cwd=folder)
        self._processes.append(process)
        return process


class NameServers(Programs):
    """NSD with ``zones`` (name → text) at the address ``authoritative``, and, if ``recursive``, Unbound that asks it for them.

    Unbound trusts the ``anchors`` and holds the zones without one for unsigned. Zones named
    in ``elsewhere`` are looked for where nothing listens.
    """

    def __init__(
        self, zones: dict[str, str], anchors: list[str], elsewhere: tuple[str, ...] = (),
        authoritative: tuple[str, int] | None = None, recursive: bool = True,
    ) -> None:
        self.authoritative = authoritative or ("127.0.0.1", free_port())
        self.recursive = ("127.0.0.1", free_port())
        self._zones = zones
        self._anchors = anchors
        self._elsewhere = elsewhere
        self._is_recursive = recursive
        self._folder = tempfile.TemporaryDirectory(prefix="mailauth-")
        super().__init__()

    def start(self) -> None:
        self._start("nsd", self._nsd_conf(), self.authoritative, "-d")
        if self._is_recursive:
            self._start("unbound", self._unbound_conf(), self.recursive, "-d")

    def __exit__(self, *exception: object) -> None:
        super().__exit__()
        self._folder.cleanup()

    def set_zone(self, name: str, text: str) -> None:
        """Let NSD serve other contents; Unbound keeps what it has until it runs out."""
        Path(self._folder.name, f"{name}.zone").write_text(text)
        self._processes[0].send_signal(signal.SIGHUP)

    def _start(self, name: str, conf: str, address: tuple[str, int], *options: str) -> None:
        folder = Path(self._folder.name)
        path, log = folder / f"{name}.conf", folder / f"{name}.log"
        path.write_text(conf)
        wait_for(self.run([binary(name), "-c", str(path), *options], folder, log), address, log)

    def _nsd_conf(self) -> str:
        zones = []
        for name, text in self._zones.items():
            Path(self._folder.name, f"{name}.zone").write_text(text)
            zones.append(f'zone:\n  name: "{name}"\n  zonefile: "{name}.zone"\n')
        return f"""
server:
  ip-address: {self.authoritative[0]}@{self.authoritative[1]}
  username: ""
  chroot: ""
  zonesdir: "{self._folder.name}"
  pidfile: ""
  database: ""
  xfrdfile: "{self._folder.name}/xfrd.state"
  zonelistfile: "{self._folder.name}/zone.list"
  server-count: 1
  zonefiles-check: yes
  rrl-ratelimit: 0
remote-control:
  control-enable: no
""" + "".join(zones)

    def _unbound_conf(self) -> str:
        host, port = self.authoritative
        nobody = free_port()
        stubs = {name: f"{host}@{nobody if name in self._elsewhere else port}" for name in (*self._zones, *self._elsewhere)}
        return unbound_conf(*self.recursive, self._folder.name, stubs, self._anchors, "ede: yes")


def unbound_conf(host: str, port: int, folder: object, stubs: Mapping[str, str], anchors: Iterable[str], more: str = "") -> str:
    """The configuration of an Unbound that asks the servers of ``stubs`` (zone → ``address@port``) and nobody else."""
    stub_zones = "".join(f'stub-zone:\n  name: "{zone}"\n  stub-addr: {address}\n' for zone, address in stubs.items())
    trusted = "".join(f'  trust-anchor: "{anchor}"\n' for anchor in anchors)
    return f"""
server:
  interface: {host}@{port}
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  do-not-query-localhost: no
  do-ip6: no
  module-config: "validator iterator"
  local-zone: "test." nodefault
  num-threads: 1
  {more}
{trusted}
remote-control:
  control-enable: no
{stub_zones}"""
