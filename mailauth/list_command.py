"""``python -m mailauth check --list FILE``: the light look at many domains, a line for each as it comes."""

from __future__ import annotations

import json
import queue
import sys
import threading
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from time import sleep
from typing import TextIO

from .blocking import iter_contact_domains, sees_dns
from .codes import CODES
from .contact import CONTROLS, QUESTIONS, QUESTIONS_PER_SECOND, ContactDomain, Pace, PolicyInForce, Reception, Silence
from .contact.check import refusal
from .dns.names import domain_of, to_unicode
from .dns.resolver import Resolver

FAIL, UNREADABLE, UNKNOWN = 1, 2, 3
MAX_LINE = 2000  # characters
MAX_SHOWN = 3  # mail hosts of one domain
AHEAD = 1000  # lines that are read ahead of the questions
_WAIT = 0.1  # seconds until it is told that no line has come

RECEPTIONS = {
    Reception.OK: "receives mail",
    Reception.NULL_MX: "says that it accepts no mail (null MX)",
    Reception.NO_HOST: "cannot receive mail: neither a mail server (MX) nor an address",
    Reception.NO_DOMAIN: "does not exist",
    Reception.DANGLING: "cannot receive mail: none of its mail servers has an address",
    Reception.NOT_PUBLIC: "cannot receive mail: its mail servers are at addresses that the Internet cannot reach",
    Reception.NOT_A_DOMAIN: "is no domain",
    Reception.UNKNOWN: "not known whether it receives mail: DNS did not answer",
}
POLICIES = {
    PolicyInForce.NONE: "no DMARC policy",
    PolicyInForce.MONITOR: "DMARC policy none: mail that fails is only reported",
    PolicyInForce.QUARANTINE: "DMARC policy quarantine: mail that fails is treated as suspicious",
    PolicyInForce.REJECT: "DMARC policy reject: mail that fails is refused",
    PolicyInForce.UNKNOWN: "DMARC policy not known: DNS did not answer",
}


def add_arguments(parser: ArgumentParser) -> None:
    """Add what belongs to a list to the parser of ``check``."""
    parser.add_argument(
        "--list", metavar="FILE",
        help="look at the DMARC policy and the MX records only of the domains (or addresses) in this file, one a line, "
        "# begins a comment; - for standard input. Prints each as it comes, with --json an object a line")
    parser.add_argument(
        "--rate", type=_rate, default=QUESTIONS_PER_SECOND, metavar="NUMBER",
        help=f"questions a second with --list, of all and to each name server; 0 lifts the limit "
        f"(default: {QUESTIONS_PER_SECOND:g})")


def run(resolver: Resolver, options: Namespace) -> int:
    """Look at each domain of the list and print what is found; returns the exit status."""
    try:
        file = sys.stdin if options.list == "-" else open(options.list, encoding="utf-8-sig", errors="replace")  # noqa: SIM115
    except (OSError, ValueError) as error:
        print(f"{options.list}: {getattr(error, 'strerror', None) or error}", file=sys.stderr)
        return UNREADABLE
    names = _Names(file)
    seen: set[Reception] = set()
    silence = Silence()
    try:
        pace = Pace(resolver, options.rate or float("inf"))
        for found in iter_contact_domains(resolver, pace.each(names, QUESTIONS), idle=_WAIT):
            if found is None:
                continue
            seen.add(found.reception)
            print(json.dumps(found.to_dict()) if options.json else _line(found), flush=True)
            if silence.hears(found.reception is not Reception.UNKNOWN):
                _wait_for_dns(resolver, silence)
    finally:
        if file is not sys.stdin:
            file.close()
    if names.problems:
        return UNREADABLE
    if any(one.is_fault for one in seen):
        return FAIL
    return UNKNOWN if Reception.UNKNOWN in seen else 0


def _wait_for_dns(resolver: Resolver, silence: Silence) -> None:
    """Leave name servers alone that do not answer; nothing new is begun meanwhile."""
    while not sees_dns(Resolver(resolver.nameservers, timeout=resolver.timeout), CONTROLS):
        pause = silence.pause()
        print(f"DNS does not answer: going on in {pause / 60:.0f} minutes", file=sys.stderr, flush=True)
        sleep(pause)


class _Names:
    """The domains of a list, each once; what is none is told on standard error. ``None`` while no line has come."""

    def __init__(self, file: TextIO) -> None:
        self.problems = 0
        self._file = file
        self._lines: queue.Queue[str | OSError | None] = queue.Queue(AHEAD)
        self._seen: set[str] = set()

    def __iter__(self) -> Iterator[str | None]:
        threading.Thread(target=self._read, name="list", daemon=True).start()
        number = 0
        while True:
            try:
                line = self._lines.get(timeout=_WAIT)
            except queue.Empty:
                yield None
                continue
            if line is None:
                return
            number += 1
            if isinstance(line, OSError):
                self._tell(number, f"the file cannot be read any further: {line.strerror}")
                return
            name = self._name(number, line)
            if name and name not in self._seen:
                self._seen.add(name)
                yield name

    def _read(self) -> None:
        try:
            while line := self._file.readline(MAX_LINE):
                long = rest = not line.endswith("\n") and len(line) >= MAX_LINE
                while rest:
                    more = self._file.readline(MAX_LINE)
                    rest = bool(more) and not more.endswith("\n")
                self._lines.put(line + "x" * MAX_LINE if long else line)
            self._lines.put(None)
        except OSError as error:
            self._lines.put(error)
        except ValueError:  # the file was closed, nobody wants more of it
            pass

    def _name(self, number: int, line: str) -> str | None:
        """The domain that a line names; ``None`` for an empty one and for what is none."""
        text = line.partition("#")[0].strip().lstrip("\ufeff")
        if not text:
            return None
        name = domain_of(text.removesuffix(">"))
        problem = "name.name_too_long" if len(line) > MAX_LINE else refusal(name)
        if problem is None:
            return name
        shown = text[:80].encode("unicode_escape").decode("ascii") if not text[:80].isprintable() else text[:80]
        self._tell(number, f"“{shown}”: {CODES[problem].meaning}")
        return None

    def _tell(self, number: int, what: str) -> None:
        self.problems += 1
        print(f"line {number}: {what}", file=sys.stderr)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate < 1e6:
        raise ArgumentTypeError("give a number of questions a second, or 0")
    return rate


def _line(found: ContactDomain) -> str:
    shown = to_unicode(found.domain)
    name = found.domain if shown == found.domain else f"{shown} ({found.domain})"
    hosts = ", ".join(found.mx_hosts[:MAX_SHOWN]) + (", …" if len(found.mx_hosts) > MAX_SHOWN else "")
    inherited = f" (of {found.policy_domain})" if found.inherited else ""
    return f"{name}: {RECEPTIONS[found.reception]}{f' ({hosts})' if hosts else ''}; {POLICIES[found.policy]}{inherited}"
