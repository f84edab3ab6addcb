"""``python -m mailauth arrival mail.eml``: how one mail arrived, on the command line."""

from __future__ import annotations

import asyncio
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..dns.names import to_ascii
from ..dns.protocol import Resolver
from .as_dict import to_dict
from .codes import CODES
from .examine import Arrival, examine
from .message import MAX_MESSAGE

EXIT_STATUS = {"pass": 0, "none": 0, "fail": 1, "unknown": 3}
UNREADABLE = 2


def add_parser(commands: Any) -> ArgumentParser:
    """Add the command to the parser of the command line."""
    parser = commands.add_parser(
        "arrival", help="read a received email",
        epilog="Exit status: 0 DMARC passes or no policy asks for it, 1 it fails, 2 not a readable email, 3 unknown.")
    parser.add_argument("file", help="the email as it was received (.eml), or - for standard input")
    parser.add_argument(
        "--own", action="append", default=[], metavar="DOMAIN",
        help="one of your own domains: mail from others is reported as such (repeatable)")
    return parser


def run(resolver: Resolver, options: Namespace) -> int:
    """Read the file and print what it tells; returns the exit status."""
    for name in options.own:
        if not to_ascii(name):
            print(f"--own: “{name}” is not a domain name", file=sys.stderr)
            return UNREADABLE
    try:
        given = sys.stdin.buffer.read(MAX_MESSAGE + 1) if options.file == "-" else _read(options.file)
    except OSError as error:
        print(f"{options.file}: {error.strerror}", file=sys.stderr)
        return UNREADABLE
    arrival = asyncio.run(examine(resolver, given, own_domains=options.own))
    if options.json:
        json.dump(to_dict(arrival), sys.stdout, indent=2)
        print()
    else:
        print("\n".join(_lines(arrival)))
    return EXIT_STATUS[arrival.dmarc] if arrival.readable else UNREADABLE


def _read(name: str) -> bytes:
    with Path(name).open("rb") as file:
        return file.read(MAX_MESSAGE + 1)


def _lines(arrival: Arrival) -> Iterator[str]:
    found = to_dict(arrival)
    if arrival.readable:
        yield f"From {found['from']}, envelope {found['envelope'] or 'unknown'}"
        yield f"  Sent from        {found['egress'] or 'unknown'} {found['egress_name'] or ''}".rstrip()
        yield f"  Received by      {found['receiver'] or 'unknown'}"
        for one in found["signatures"]:
            yield f"  Signed as        {one['domain']} ({one['selector']}): {one['status']} {one['reason'] or ''}".rstrip()
        for result in found["receiver_said"]:
            yield f"  Receiver's view  {result['method']}={result['result']}"
        yield f"  SPF              {found['spf']['result'] or 'not evaluated'} for {found['spf']['domain'] or '-'}"
        yield f"  DMARC            {found['dmarc']['result']}, policy {found['dmarc']['policy'] or 'unknown'}"
    for finding in arrival.findings:
        params = ", ".join(f"{key}={value}" for key, value in finding.params.items() if value not in (None, "", []))
        yield f"  {CODES[finding.code].severity.value:<9}{finding.code}{f' ({params})' if params else ''}"
        yield f"           {CODES[finding.code].meaning} ({CODES[finding.code].source})"
