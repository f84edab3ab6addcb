"""Real resolvers for tests: Unbound, BIND, Knot Resolver, PowerDNS Recursor and dnsmasq, each on a free loopback port.

They ask the zones' own servers on loopback, all at one port; dnsmasq asks Unbound, for it is a forwarder only. The
binaries are found as those of :mod:`.real_servers` are.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .real_servers import Programs, binary, environment, free_port, unbound_conf, wait_for

HOST = "127.0.0.1"


@dataclass
class Setting:
    """What a resolver is told: the address of the server of each zone, trust anchors (``name. IN DS …``), a forwarder's
    upstream."""

    folder: Path
    port: int
    zones: Mapping[str, str]  # name → address of its server
    zone_port: int
    anchors: list[str]
    upstream: int = 0

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text)
        return str(path)


def _unbound(setting: Setting) -> list[str]:
    stubs = {zone: f"{host}@{setting.zone_port}" for zone, host in setting.zones.items()}
    conf = unbound_conf(HOST, setting.port, setting.folder, stubs, setting.anchors)
    return ["-d", "-c", setting.write("unbound.conf", conf)]


def _bind(setting: Setting) -> list[str]:
    zones = "".join(
        f'zone "{zone}" {{ type static-stub; server-addresses {{ {host}; }}; }};\n' for zone, host in setting.zones.items())
    anchors = "".join(
        '  "{}" static-ds {} {} {} "{}";\n'.format(name, *rest.split()[:3], "".join(rest.split()[3:]))
        for name, rest in (anchor.split(" IN DS ") for anchor in setting.anchors))
    return ["-f", "-n", "1", "-c", setting.write("named.conf", f"""
options {{
  directory "{setting.folder}";
  port {setting.zone_port};
  listen-on port {setting.port} {{ {HOST}; }};
  listen-on-v6 {{ none; }};
  pid-file none;
  session-keyfile "{setting.folder}/session.key";
  recursion yes;
  dnssec-validation yes;
  empty-zones-enable no;
  minimal-responses yes;
}};
controls {{ }};
trust-anchors {{
{anchors}}};
{zones}""")]


def _knot(setting: Setting) -> list[str]:
    policies = "".join(
        f"policy.add(policy.suffix(policy.FORWARD('{host}@{setting.zone_port}'), {{todname('{zone}.')}}))\n"
        for zone, host in setting.zones.items())
    anchors = "".join(f"trust_anchors.add('{anchor}')\n" for anchor in setting.anchors)
    hints = setting.write("root.hints", ". 3600 NS ns.root.test.\nns.root.test. 3600 A 127.0.0.9\n")
    return ["-n", "-c", setting.write("kresd.conf", f"""
net.listen('{HOST}', {setting.port}, {{kind='dns'}})
net.ipv6 = false
cache.size = 10*MB
modules.load('hints')
hints.root_file('{hints}')
modules.unload('priming')
modules.unload('detect_time_skew')
modules.unload('ta_update')
trust_anchors.remove('.')
{anchors}{policies}"""), str(setting.folder)]


def _powerdns(setting: Setting) -> list[str]:
    zones = ",".join(f"{zone}={host}:{setting.zone_port}" for zone, host in setting.zones.items())
    anchors = "".join(f"addTA('{name}', '{rest}')\n" for name, rest in (one.split(". IN DS ") for one in setting.anchors))
    trust = setting.write("trust.lua", f"clearTA('.')\n{anchors}")
    # Its control socket lies in the working folder: a whole path may be longer than a socket's name can be (107 octets).
    setting.write("recursor.conf", f"""
daemon=no
dnssec=validate
dont-query=
forward-zones={zones}
hint-file=no
local-address={HOST}
local-port={setting.port}
lua-config-file={trust}
security-poll-suffix=
serve-rfc1918=no
socket-dir=.
threads=1
webserver=no
""")
    return [f"--config-dir={setting.folder}"]


def _dnsmasq(setting: Setting) -> list[str]:
    return ["--keep-in-foreground", "--no-resolv", "--no-hosts", "--bind-interfaces", "--conf-file=/dev/null", "--pid-file=",
            "--user=", "--group=", f"--port={setting.port}", f"--listen-address={HOST}", "--no-dhcp-interface=*",
            f"--server={HOST}#{setting.upstream}", "--edns-packet-max=1232", f"--log-facility={setting.folder}/dnsmasq.log"]


@dataclass(frozen=True)
class Kind:
    """One resolver: its program, how it is told what to do, how its version is asked for."""

    program: str
    configure: Callable[[Setting], list[str]] = field(repr=False)
    version: str


KINDS = {
    "Unbound": Kind("unbound", _unbound, "-V"),
    "BIND": Kind("named", _bind, "-v"),
    "Knot Resolver": Kind("kresd", _knot, "--version"),
    "PowerDNS Recursor": Kind("pdns_recursor", _powerdns, "--version"),
    "dnsmasq": Kind("dnsmasq", _dnsmasq, "--version"),
}


def lacking() -> list[str]:
    """The programs that are not there."""
    return [kind.program for kind in KINDS.values() if not binary(kind.program)]


class RealResolvers(Programs):
    """All of them at once, on the zones of ``zones``; ``addresses`` is where each answers."""

    def __init__(self, folder: Path, zones: Mapping[str, str], zone_port: int, anchors: list[str]) -> None:
        self.addresses = {name: (HOST, free_port()) for name in KINDS}
        self.versions: dict[str, str] = {}
        self._folder = folder
        self._setting = zones, zone_port, anchors
        super().__init__()

    def start(self) -> None:
        started = [(name, *self._start(name, kind)) for name, kind in KINDS.items()]
        for name, process, log in started:
            wait_for(process, self.addresses[name], log)

    def _start(self, name: str, kind: Kind) -> tuple[subprocess.Popen, Path]:
        folder = self._folder / kind.program
        folder.mkdir()
        program, log = _runnable(kind.program, folder), folder / "log"
        self.versions[name] = _version(program, kind.version, folder)
        zones, zone_port, anchors = self._setting
        upstream = self.addresses["Unbound"][1]
        arguments = kind.configure(Setting(folder, self.addresses[name][1], zones, zone_port, anchors, upstream))
        return self.run([program, *arguments], folder, log), log


def _version(program: str, option: str, folder: Path) -> str:
    ran = subprocess.run([program, option], capture_output=True, env=environment(), cwd=folder, check=False)
    match = re.search(rb"(\d+\.\d+(?:\.\d+)*)(?![\d:])", re.sub(rb"\w{3} \d\d \d\d:\d\d:\d\d", b"", ran.stdout + ran.stderr))
    return match[1].decode() if match else ""


def _runnable(program: str, folder: Path) -> str:
    """The program's path. Knot Resolver knows where its Lua files were installed: unpacked, it needs a copy that does not."""
    path = binary(program)
    lua = next(Path(path).parents[1].glob("lib/*/knot-resolver/sandbox.lua"), None) if program == "kresd" else None
    if lua is None or lua == Path(f"/usr/lib/{lua.parts[-3]}/knot-resolver/sandbox.lua"):
        return path

    def here(installed: re.Match[bytes]) -> bytes:
        size = len(installed[0])
        return b"./" * ((size - 1) // 2) + b"k" * (2 - size % 2)

    octets = re.sub(rb"/usr/lib/[^/\x00]+/knot-resolver(?=[/\x00])", here, Path(path).read_bytes())
    copy = folder / program
    copy.write_bytes(octets)
    copy.chmod(0o755)
    for name in ("k", "kk"):
        if not (folder / name).exists():
            shutil.copytree(lua.parent, folder / name)
            sandbox = folder / name / "sandbox.lua"
            sandbox.write_text(re.sub(r"(?m)^trust_anchors\.add_file.*$", "", sandbox.read_text()))
    return str(copy)
