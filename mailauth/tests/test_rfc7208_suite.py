"""The conformance suite of RFC 7208 (openspf.org, release 2014.04), over real packets.

``MAILAUTH_RFC7208_SUITE`` names ``rfc7208-tests.yml`` of pyspf 2.0.14's source distribution.
"""

from __future__ import annotations

import os
import unittest
from pathlib import Path

from ..dns.resolver import Resolver
from ..spf import check_host
from .dns_server import DnsServer

VARIABLE = "MAILAUTH_RFC7208_SUITE"
TESTS = 203
SCENARIOS = 16


def escaped(octets: bytes) -> str:
    """Octets as a master file holds them: whatever could mean something there by its number."""
    plain = b"-_%+/:=~'"
    return "".join(chr(octet) if chr(octet).isalnum() and octet < 128 or octet in plain else f"\\{octet:03d}" for octet in octets)


def owner(name: str) -> str:
    """An absolute name of the suite's zone data; some have spaces and slashes in them."""
    return "".join(escaped(label.encode("latin-1")) + "." for label in name.rstrip(".").split(".") if label) or "."


def texts(value: str | list[str]) -> str:
    strings = [value] if isinstance(value, str) else value or [""]
    return " ".join(f'"{escaped(string.encode("latin-1"))}"' for string in strings)


def zone_lines(name: str, entries: list) -> list[str]:
    """The records of one name; its SPF records are published as TXT unless it has TXT records of its own."""
    records = [next(iter(entry.items())) for entry in entries if isinstance(entry, dict)]
    if not any(rdtype == "TXT" for rdtype, _value in records):
        records += [("TXT", value) for rdtype, value in records if rdtype == "SPF"]
    lines = []
    for rdtype, value in records:
        if value == "NONE":
            continue
        if rdtype in ("TXT", "SPF"):
            data = texts(value)
        elif rdtype == "MX":
            data = f"{value[0]} {owner(value[1])}"
        elif rdtype in ("CNAME", "PTR"):
            data = owner(value)
        else:
            data = value
        lines.append(f"{owner(name)} {rdtype} {data}")
    return lines


def serve(zonedata: dict) -> DnsServer:
    """A server for one scenario; a name with TIMEOUT answers only for the types that it lists."""
    lines = [line for name, entries in zonedata.items() for line in zone_lines(name, entries)]
    server = DnsServer({".": "\n".join(lines) + "\n"})
    for name, entries in zonedata.items():
        if "TIMEOUT" in entries:
            server.script(name, "*", "drop")
            for line in zone_lines(name, entries):
                server.script(name, line.split()[1], "delay:0")
    return server


class Rfc7208Suite(unittest.IsolatedAsyncioTestCase):
    def scenarios(self) -> list[dict]:
        path = os.environ.get(VARIABLE)
        if not path or not Path(path).is_file():
            self.fail(f"The SPF conformance suite is missing: {VARIABLE} must name rfc7208-tests.yml of pyspf 2.0.14.")
        import yaml  # a test requirement, as the suite itself is

        return [scenario for scenario in yaml.safe_load_all(Path(path).read_text("utf-8")) if scenario]

    async def test_all_203_tests_pass(self):
        scenarios = self.scenarios()
        passed, wrong = 0, []
        for scenario in scenarios:
            with serve(scenario["zonedata"]) as server:
                resolver = Resolver([server.address], timeout=0.3, attempts=1)
                for name, test in scenario["tests"].items():
                    problem = await self.problem(resolver, test)
                    if problem is None:
                        passed += 1
                    else:
                        wrong.append(f"{scenario['description']} / {name}: {problem}")
        self.assertEqual(wrong, [])
        self.assertEqual((len(scenarios), passed), (SCENARIOS, TESTS))

    async def problem(self, resolver: Resolver, test: dict) -> str | None:
        helo = test["helo"]
        # An empty reverse-path: the HELO name is checked (RFC 7208 §2.4).
        sender = test["mailfrom"] or f"postmaster@{helo}"
        result = await check_host(
            resolver, ip=test["host"], domain=sender.rpartition("@")[2], sender=sender, helo=helo
        )
        allowed = test["result"] if isinstance(test["result"], list) else [test["result"]]
        if result.result not in allowed:
            return f"{result.result} instead of {allowed}, {result.problem} {dict(result.problem_params)}"
        expected = test.get("explanation")
        if expected is not None and (result.explanation or "DEFAULT") != expected:
            return f"explained as {result.explanation!r} instead of {expected!r}"
        return None
