"""``python -m mailauth check example.com``, ``… arrival mail.eml``, ``… rejection FILE``, ``… report FILE``."""

from __future__ import annotations

import argparse
import asyncio
import gc
import io
import ipaddress
import json
import os
import sys
import textwrap
from collections.abc import Iterator, Mapping

from . import (
    CODES,
    DomainQuery,
    DomainReport,
    Resolver,
    check_domains,
    list_command,
    parse_nameservers,
    parse_networks,
    rejection_command,
    spf,
)
from .arrival import command as arrival_command
from .dns.names import to_ascii, to_unicode
from .reports import command as report_command
from .verdict import State

EXIT_STATUS = {
    State.PASS: 0,
    State.WARNING: 0,
    State.NOT_NEEDED: 0,
    State.FAIL: 1,
    State.UNKNOWN: 3,
}
USAGE = 2
# When Python's garbage collector runs. There is nothing for it to find: as often as Python has it run by itself it costs an
# eighth of a look, and a twentieth as in Odoo's own processes (12,000, see odoo/init.py).
COLLECTOR = (50_000, 20, 25)

_COLORS = {
    "pass": "32", "warning": "33", "fail": "31", "error": "31", "unknown": "90", "not_needed": "90", "info": "36",
}
_AREAS = (("gate", "Domain"), ("spf", "SPF"), ("dkim", "DKIM"), ("dmarc", "DMARC"))


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 pass or warning, 1 fail, 2 usage, 3 unknown."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may know fewer characters than a record, or than we
            stream.reconfigure(errors="backslashreplace")
    if options.command == "rejection":
        return rejection_command.run(options)
    if options.command == "report":
        return report_command.run(options)
    if options.command == "check" and bool(options.list) == bool(options.domain):
        print("check: give domains, or a list of them with --list, one of the two", file=sys.stderr)
        return USAGE
    nameservers = []
    for text in options.nameserver:
        servers, problems = parse_nameservers(text)
        if problems or not servers:
            print(f"--nameserver: “{text}” is not a name server; give ADDRESS or ADDRESS:PORT", file=sys.stderr)
            return USAGE
        nameservers += servers
    networks, problems = parse_networks(" ".join(getattr(options, "network", ())))
    if problems:
        print(f"--network: “{' '.join(problems)}” is not a network; give one like 10.0.0.0/8", file=sys.stderr)
        return USAGE
    resolver = Resolver(
        nameservers=nameservers or None, timeout=options.timeout, deadline=options.deadline, networks=networks)
    if options.command == "arrival":
        return arrival_command.run(resolver, options)
    if options.list:
        return list_command.run(resolver, options)
    queries = [
        DomainQuery(
            to_ascii(domain) or domain, selectors=tuple(options.selector), confirm=options.authoritative,
            addresses=tuple((address, None) for address in options.address))
        for domain in options.domain
    ]
    reports = asyncio.run(check_domains(resolver, queries))
    trees = asyncio.run(_trees(resolver, queries)) if options.tree else {}
    if options.json:
        dicts = [
            {**report.to_dict(), "spf_tree": spf.tree_to_dict(trees[report.query.domain])} if options.tree
            else report.to_dict()
            for report in reports
        ]
        json.dump(dicts if len(dicts) > 1 else dicts[0], sys.stdout, indent=2)
        print()
    else:
        colors = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        print("\n\n".join("\n".join(_lines(report, colors, trees)) for report in reports))
    return EXIT_STATUS[State.worst(report.state for report in reports)]


async def _trees(resolver: Resolver, queries: list[DomainQuery]) -> dict[str, spf.SpfReport]:
    """The SPF record of each domain with everything that it includes; the answers are remembered from the check."""
    async with resolver.batch():
        found = await asyncio.gather(*(spf.inspect(resolver, query.domain) for query in queries))
    return {query.domain: report for query, report in zip(queries, found, strict=True)}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mailauth", description="Email authentication of a domain.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser(
        "check", help="check domains",
        epilog="Exit status: 0 pass or warning, 1 fail, 2 usage, 3 unknown (DNS did not answer). "
        "With --list: 0 all can receive mail, 1 some cannot, 2 a line is no domain or the file cannot be read, 3 some unknown.",
    )
    check.add_argument("domain", nargs="*")
    list_command.add_arguments(check)
    check.add_argument("--selector", action="append", default=[], help="a DKIM selector to check (repeatable)")
    check.add_argument(
        "--address", action="append", default=[], type=_address, metavar="IP",
        help="an IP address that the domain's mail is sent from: check its reverse DNS (repeatable)",
    )
    check.add_argument(
        "--authoritative", action="store_true", help="also ask the zone's own name servers, bypassing caches")
    check.add_argument(
        "--network", action="append", default=[], metavar="10.0.0.0/8",
        help="an internal network in which the zone's own name servers may be asked (repeatable)",
    )
    check.add_argument(
        "--tree", action="store_true", help="show the SPF record term by term, with the lookups that each one costs")
    rejection_command.add_parser(commands)
    report_command.add_parser(commands)
    for command in (check, arrival_command.add_parser(commands)):
        command.add_argument(
            "--nameserver", action="append", default=[], metavar="ADDRESS[:PORT]",
            help="ask this server instead of the system's (repeatable)",
        )
        command.add_argument("--timeout", type=float, default=2.0, help="seconds per attempt (default: 2)")
        command.add_argument("--deadline", type=float, default=10.0, help="seconds for everything (default: 10)")
        command.add_argument("--json", action="store_true", help="print JSON for programs")
    return parser


def _address(text: str) -> str:
    return str(ipaddress.ip_address(text))


def _lines(report: DomainReport, colors: bool, trees: dict[str, spf.SpfReport]) -> Iterator[str]:
    def paint(word: str, text: str | None = None) -> str:
        text = text or word
        return f"\x1b[{_COLORS[word]}m{text}\x1b[0m" if colors else text

    name = report.query.domain
    shown = f"{to_unicode(name)} ({name})" if to_unicode(name) != name else name
    yield f"{shown}: {paint(report.state.value)}"
    for area, title in _AREAS:
        found = getattr(report, area)
        detail = _params(found.params)
        yield f"  {title:<7}{paint(found.state.value, f'{found.state.value:<11}')}{found.code}{detail}"
        for record in report.records:
            if record.area == area:
                yield from _wrapped(f"{record.name} {record.ttl} {record.type} {record.value}", 20)
    if report.query.domain in trees:
        yield "The SPF record, term by term (on the left: lookups up to here)"
        for line in spf.tree_lines(trees[report.query.domain]):
            yield from _wrapped(line, 2)
    if report.confirmed:
        states = ", ".join(f"{area} {paint(state.value)}" for area, state in report.confirmed.items())
        yield f"  The zone's own servers: {states}"
    if report.findings:
        yield "Findings"
        for finding in report.findings:
            kind, found = CODES[finding.code], report.severity(finding).value
            severity = paint(found, f"{found:<9}")
            yield f"  {severity}{finding.code} at {finding.name}{_params(finding.params)}"
            yield from _wrapped(f"{kind.meaning} ({kind.source})", 11)
    for title, changes in (("Records to publish", report.changes), ("Good to have", report.extras)):
        if changes:
            yield title
        for change in changes:
            yield from _wrapped(f"{change.action}: {change.to_zone_line() or change.value}", 2)
    if report.budget:
        yield f"Lookups of the SPF record: {report.budget.lookups} of {report.budget.limit}"
        for term in report.budget.terms:
            yield f"  {term.lookups:>3}  {term.term} ({'left out, ' if term.dropped else ''}{term.why})"
    if report.unanswered:
        yield "DNS did not answer"
        for answer in report.unanswered:
            yield f"  {answer.name} {answer.rdtype}: {answer.status.value} {answer.server or ''} {answer.detail}".rstrip()


def _params(params: Mapping[str, object]) -> str:
    text = ", ".join(f"{key}={value}" for key, value in params.items() if value not in (None, "", []))
    return f" ({text})" if text else ""


def _wrapped(text: str, indent: int) -> list[str]:
    return textwrap.wrap(
        text, 100, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2), break_long_words=True,
        break_on_hyphens=False)


if __name__ == "__main__":
    if gc.get_threshold()[0] in (700, 2000):  # Python's own
        gc.set_threshold(*COLLECTOR)
    sys.exit(main())
