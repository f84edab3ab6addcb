"""Stories: DNS zones with what the command line has to say about them, one file each.

A file begins with comments. First the story in plain words; then lines that a program reads;
then the zones in master format, where each ``$ORIGIN`` begins one (a SOA record is added
where there is none), served by a recursive resolver. What follows ``$ORIGIN … ; at ADDRESS``
is what one of the zone's own servers has, which is served there at port 53. To see a story as
a user would: ``python -m mailauth.tests.zones spf.ptr``.

About the DNS server, before the first check:

| line | meaning |
| --- | --- |
| ``script: NAME TYPE BEHAVIOUR [TIMES]`` | misbehave, see the table of ``dns_server.py`` |
| ``silent: ZONE`` | the zone answers nothing |
| ``needs: PACKAGE`` | the story is left out where an optional package is not installed |

Then one check or more, each followed by what it has to say:

| line | meaning |
| --- | --- |
| ``check: ARGUMENTS`` | the arguments of ``python -m mailauth check`` |
| ``sends: WORDS`` | what sends as the domain, see :func:`_path`; the command line cannot know it, so the engine is called |
| ``address: ADDRESS [HELO]`` | an address that its mail leaves from, and the name that the server says; like ``sends`` |
| ``state: STATE`` | of the domain; the exit status follows from it |
| ``gate:``, ``spf:``, ``dkim:``, ``dmarc: STATE CODE`` | of the area |
| ``codes: CODE …`` | findings that are there, perhaps among others |
| ``codes-exactly: CODE …`` | all the findings that are there |
| ``not: CODE …`` | findings that are not there; ``spf.*`` stands for all of an area |
| ``finding: CODE KEY=VALUE …`` | there is one with this ``name``, ``span`` (the text that it points at) and parameters |
| ``shows: TYPE NAME VALUE`` | a record that the report shows |
| ``change: ACTION TYPE NAME VALUE`` | a record that it proposes |
| ``changes: none`` | it proposes nothing |
| ``extra: ACTION TYPE NAME VALUE`` | an optional one that it proposes besides; ``extras: none`` for none |
| ``reports: ADDRESS`` | the mailbox that the administrator named for reports; like ``sends`` |
| ``unanswered: NAME TYPE`` | a question that it names as unanswered |
| ``value: PATH VALUE`` | any other value of the JSON report, as ``zone.negative_ttl 900`` |
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import io
import json
import re
import shlex
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as File

from ... import DomainQuery, Path, Resolver, Selector, Service, check_domains
from ...__main__ import EXIT_STATUS, main
from ...dns.nameserver import DNS_PORT
from ...service import Envelope
from ...verdict import State
from ..dns_server import DnsServer, parse_zone

FOLDER = File(__file__).parent
TIMEOUT = 0.2  # seconds an attempt: all is on loopback, and silence is silence

_OF_SERVER = ("script", "silent", "needs")
_OF_CHECK = (
    "sends", "address", "state", "gate", "spf", "dkim", "dmarc", "codes", "codes-exactly", "not", "finding", "shows",
    "change", "changes", "extra", "extras", "reports", "unanswered", "value",
)
_DIRECTIVE = re.compile(r"; (%s):(?: (.*))?" % "|".join((*_OF_SERVER, "check", *_OF_CHECK)))


@dataclass
class Check:
    """One run of the command line and what is expected of it: (word, text) in the order of the file."""

    arguments: tuple[str, ...]
    expected: list[tuple[str, str]] = field(default_factory=list)

    def of(self, *words: str) -> list[str]:
        return [text for word, text in self.expected if word in words]

    @property
    def needs_engine(self) -> bool:
        """Whether it is about what the command line cannot be told."""
        return bool(self.of("sends", "address", "reports"))

    @property
    def codes(self) -> set[str]:
        """The finding codes that have to be there."""
        listed = {code for text in self.of("codes", "codes-exactly") for code in text.split()}
        return listed | {text.split()[0] for text in self.of("finding")}


@dataclass
class Story:
    """One file; ``zones`` maps each zone's name to its text, ``at`` the addresses of name servers to such."""

    name: str
    text: str
    server: list[tuple[str, str]]
    checks: list[Check]
    zones: dict[str, str]
    at: dict[str, dict[str, str]]

    @property
    def lacks(self) -> str | None:
        """What the story needs and this machine does not have: an optional package, or port 53."""
        needed = [package for word, package in self.server if word == "needs"]
        missing = next((package for package in needed if importlib.util.find_spec(package) is None), None)
        return missing or next((f"{address} port 53" for address in self.at if not _is_free(address)), None)

    @property
    def has_sets(self) -> bool:
        """Whether any name has several records of one type, so that their order can be turned round."""
        return any(len(rrset) > 1 for origin, text in self.zones.items() for rrset in parse_zone(text, origin))


def _is_free(address: str) -> bool:
    """Whether a server may be started at port 53: only by root, on most machines."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as stream:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
        try:
            udp.bind((address, DNS_PORT))
            stream.bind((address, DNS_PORT))
        except OSError:
            return False
    return True


def read(file: File) -> Story:
    """Read one story; raises ``ValueError`` for what is none."""
    head, *zones = re.split(r"^\$ORIGIN[ \t]+", file.read_text(encoding="utf-8"), flags=re.M)
    prose: list[str] = []
    story = Story(file.name.removesuffix(".zone"), "", [], [], {}, {})
    for number, line in enumerate(head.splitlines(), start=1):
        found = _DIRECTIVE.fullmatch(line)
        if not found and line.strip("; ") and (story.server or story.checks):
            raise ValueError(f"{file.name}:{number}: not understood: {line}")
        if not found:
            prose.append(line.lstrip("; "))
        elif found[1] == "check":
            story.checks.append(Check(tuple(shlex.split(found[2]))))
        elif found[1] in _OF_SERVER:
            story.server.append((found[1], found[2]))
        elif not story.checks:
            raise ValueError(f"{file.name}:{number}: expected before the first check")
        else:
            story.checks[-1].expected.append((found[1], found[2] or ""))
    story.text = "\n".join(prose).strip()
    for zone in zones:
        origin, _, text = zone.partition("\n")
        origin, _, address = map(str.strip, origin.partition("; at "))
        served_by = story.at.setdefault(address, {}) if address else story.zones
        served_by[origin] = served_by.get(origin, "") + text
    if not story.text or not story.checks or not story.zones:
        raise ValueError(f"{file.name}: a story has words, a check and a zone")
    return story


def stories() -> list[Story]:
    """All of them, by name."""
    return [read(file) for file in sorted(FOLDER.glob("*.zone"))]


@contextlib.contextmanager
def served(server: DnsServer, story: Story, *, reverse: bool = False) -> Iterator[None]:
    """Serve a story's zones, and nothing of it afterwards. ``reverse`` turns the order of all records round."""
    with contextlib.ExitStack() as own_servers:
        for address, texts in story.at.items():
            own_servers.enter_context(DnsServer(texts, host=address, port=DNS_PORT, authoritative=True))
        yield from _recursive(server, story, reverse)


def _recursive(server: DnsServer, story: Story, reverse: bool) -> Iterator[None]:
    for origin, text in story.zones.items():
        server.set_zone(origin, _reversed(origin, text) if reverse else text)
    for word, text in story.server:
        if word == "script":
            name, rdtype, behaviour, *times = text.split()
            server.script(name, rdtype, behaviour, times=int(times[0]) if times else None)
        elif word == "silent":
            server.set_silent(text)
    try:
        yield
    finally:
        server.clear_scripts()
        for word, text in story.server:
            if word == "silent":
                server.set_silent(text, False)
        for origin in story.zones:
            server.remove_zone(origin)


def _reversed(origin: str, text: str) -> str:
    lines = [
        f"{rrset.name} {rrset.ttl} IN {rrset.rdtype.name} {rdata.to_text()}"
        for rrset in parse_zone(text, origin) for rdata in rrset
    ]
    return "\n".join(reversed(lines))


def run(server: DnsServer, check: Check, *options: str) -> tuple[int, str]:
    """The exit status and the output of the command line; JSON from the engine itself for what only it can be told."""
    if check.needs_engine:
        return _ask_engine(server, check)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = main([
            "check", "--nameserver", "%s:%s" % server.address, "--timeout", str(TIMEOUT), *options, *check.arguments])
    return status, out.getvalue()


def _ask_engine(server: DnsServer, check: Check) -> tuple[int, str]:
    (domain,) = check.arguments
    paths = tuple(_path(str(number), domain, text) for number, text in enumerate(check.of("sends")))
    addresses = tuple((address, helo or None) for address, _, helo in (
        text.partition(" ") for text in check.of("address")))
    resolver = Resolver([server.address], timeout=TIMEOUT)
    query = DomainQuery(
        domain, paths=paths, addresses=addresses, dmarc_report_address=next(iter(check.of("reports")), None))
    (report,) = asyncio.run(check_domains(resolver, [query]))
    return EXIT_STATUS[State(report.state)], json.dumps(report.to_dict())


def _path(key: str, domain: str, text: str) -> Path:
    """A path in words: ``from=… envelope=… service=… term=… selectors=NAME[:TARGET],… bounces=SUBDOMAIN
    any-selector signs replaces unused bounces-somewhere``.

    What is not said is as simple as can be: From and envelope are the domain's own. Without a
    ``service`` it is not known who delivers.
    """
    words = [word.partition("=") for word in shlex.split(text)]
    said = {name: value for name, equals, value in words if equals}
    flags = {name for name, equals, _value in words if not equals}
    unknown = (set(said) - {"from", "envelope", "service", "term", "selectors", "bounces"}) | (
        flags - {"any-selector", "signs", "replaces", "unused", "bounces-somewhere"})
    if unknown:
        raise ValueError(f"sends: {text}: {unknown} not understood")
    selectors = [name.partition(":") for name in said.get("selectors", "").split(",") if name]
    service = None
    if "service" in said:
        service = Service(
            said["service"].lower(), said["service"], said.get("term"),
            _envelope(said, flags),
            tuple(Selector(name, target or None) for name, _colon, target in selectors),
            needs_all_selectors="any-selector" not in flags, signs="signs" in flags,
            bounce_subdomain=said.get("bounces"))
    return Path(key, said.get("from", domain), said.get("envelope", f"bounce@{domain}"), service, "unused" not in flags)


def _envelope(said: dict[str, str], flags: set[str]) -> Envelope:
    if "bounces" in said or "bounces-somewhere" in flags:
        return Envelope.SUBDOMAIN
    return Envelope.REPLACE if "replaces" in flags else Envelope.KEEP


def wanted(text: str) -> tuple[str, dict[str, str]]:
    """The code of a ``finding:`` line and what it has to have."""
    code, *words = shlex.split(text)
    return code, {name: value for name, _equals, value in (word.partition("=") for word in words)}


def described(finding: dict) -> dict[str, str]:
    """A finding of the JSON report as a ``finding:`` line describes it."""
    said = {name: value if isinstance(value, str) else json.dumps(value) for name, value in finding["params"].items()}
    span = {"span": finding["record"][slice(*finding["span"])]} if finding["span"] and finding["record"] else {}
    return {**said, **span, "name": finding["name"]}


def value_at(report: dict, path: str) -> str:
    """A value of the JSON report by its path, as ``records.0.ttl``."""
    value: object = report
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value if isinstance(value, str) else json.dumps(value)
