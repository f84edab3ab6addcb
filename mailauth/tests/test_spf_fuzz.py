"""Any octets in any TXT answer: nothing raises, and questions and time stay bounded."""

from __future__ import annotations

import asyncio
import json
import time
import unittest

from hypothesis import given
from hypothesis import strategies as st

from ..dns.resolver import Resolver
from ..spf import CODES, authorises, check_host, inspect
from ..spf.check import MAX_TRACE
from ..spf.tree import MAX_NODES
from ..spf.walk import MAX_QUESTIONS
from .dns_server import DnsServer
from .fuzz import examples
from .spf_zones import GROUND, POLICIES, records

DOMAIN = "example.test"
STATUSES = {"found", "none", "several", "invalid", "unknown"}
RESULTS = {"none", "neutral", "pass", "fail", "softfail", "temperror", "permerror"}
# The inspection's own questions, and those for findings: TXT, type 99, three wrong places, twenty registrable domains.
MOST_QUESTIONS = MAX_QUESTIONS + 25

_PIECES = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([
        b" ", b"v=spf1 ", b"include:p1.example.test", b"include:p2.example.test", b"include:example.test", b"redirect=p3.example.test",
        b"a", b"mx", b"ptr", b"-all", b"+all", b"~all", b"exists:%{i}.%{l1r+-}.example.test", b"%{p}", b"%{", b"}", b"a:", b"/", b"//",
        b"ip4:192.0.2.1", b"ip6:::", b"\xe2\x80\x9c", b"\x00", b"\xff", b"\r\n", b"exp=p4.example.test", b"a:" + b"a." * 130 + b"test",
        b"mx:many.example.test", b"%{S}" * 20, b"include:%{d}.%{d}", b"=", b":", b'"', b"spf2.0/pra ",
    ]),
)
OCTETS = st.lists(_PIECES, max_size=30).map(b" ".join) | st.lists(_PIECES, max_size=30).map(b"".join)
RECORD = st.one_of(
    OCTETS.map(lambda octets: b"v=spf1 " + octets), OCTETS, records(macros=True).map(str.encode),
)


def master(octets: bytes) -> str:
    """Octets as the strings of a TXT record in a master file."""
    strings = [octets[start : start + 255] for start in range(0, len(octets), 255)] or [b""]
    return " ".join('"' + "".join(f"\\{octet:03d}" for octet in string) + '"' for string in strings)


class Fuzz(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DnsServer({DOMAIN: ""}).start()
        cls.addClassCleanup(cls.server.stop)

    @given(st.lists(RECORD, min_size=1, max_size=2), st.tuples(*[RECORD] * len(POLICIES)), st.booleans())
    @examples(60)
    def test_any_octets_in_any_txt_answer(self, apex, others, ipv6):
        lines = [GROUND, *(f"@ TXT {master(octets)}" for octets in apex)]
        lines += [f"{name} TXT {master(octets)}" for name, octets in zip(POLICIES, others, strict=True)]
        self.run_all("\n".join(lines), "2001:db8::2" if ipv6 else "192.0.2.1")

    def run_all(self, zone: str, ip: str = "192.0.2.1") -> None:
        self.server.set_zone(DOMAIN, zone)
        self.server.log.clear()
        asyncio.run(self.look(ip))

    async def look(self, ip: str) -> None:
        resolver = Resolver([self.server.address], timeout=1.0, attempts=1)
        report = await inspect(resolver, DOMAIN)
        self.assertLessEqual(len(self.server.log), MOST_QUESTIONS)
        self.assertIn(report.status, STATUSES)
        self.assertLessEqual(len(list(report.nodes())), MAX_NODES)
        for finding in report.findings:
            self.assertIn(finding.code, CODES)
            self.assertLess(len(json.dumps(dict(finding.params))), 20_000)
            if finding.span is not None:
                self.assertLessEqual(finding.span[1], len(finding.record))
        resolver = Resolver([self.server.address], timeout=1.0, attempts=1)
        result = await check_host(resolver, ip=ip, domain=DOMAIN, sender="\x00é@" + DOMAIN, helo="%{h} \r\n", trace=True)
        self.assertIn(result.result, RESULTS)
        self.assertLessEqual(len(result.trace), MAX_TRACE)
        answer = await authorises(resolver, "include:p1.example.test", DOMAIN)
        self.assertIn(answer.status, {"all", "some", "none", "unknown"})

    def test_deep_wide_and_long_trees_end_in_time(self):
        wide = " ".join(f"include:n{number}.example.test" for number in range(10))
        deep = "\n".join(f'd{n} TXT "v=spf1 include:d{n + 1}.example.test -all"' for n in range(40))
        doubled = "\n".join(
            f'd{n} TXT "v=spf1 include:d{n + 1}.example.test include:d{n + 1}.example.test -all"' for n in range(40))
        many = " ".join(f"mx:m{number}.example.test" for number in range(3000))
        networks = " ".join(f"ip4:10.{n // 250}.{n % 250}.0/24" for n in range(3500))
        exclusions = " ".join(f"-ip4:10.{n // 250}.{n % 250}.0/24 include:p{n % 4 + 1}.example.test" for n in range(1000))
        cases = {
            "ten of ten": f"@ TXT {master(f'v=spf1 {wide} -all'.encode())}\n* TXT {master(f'v=spf1 {wide} -all'.encode())}",
            "deep": f'@ TXT "v=spf1 include:d0.example.test -all"\n{deep}',
            "doubled at each level": f'@ TXT "v=spf1 include:d0.example.test -all"\n{doubled}',
            "a thousand mx": f"@ TXT {master(f'v=spf1 {many} -all'.encode())}\n"
                             + "".join(f"* MX 10 x{n}\n" for n in range(10)) + "* A 192.0.2.1",
            "sixty kilobytes of networks": f"@ TXT {master(f'v=spf1 {networks} -all'.encode())}",
            "networks cut out one by one": f"@ TXT {master(f'v=spf1 {exclusions} -all'.encode())}\n"
                                           + "".join(f'p{n} TXT "v=spf1 -ip4:10.{n}.0.0/16 ~all"\n' for n in range(1, 5)),
            "sixty kilobytes of errors": f"@ TXT {master(b'v=spf1 ' + b'moo:~all ' * 6500)}",
            "sixty kilobytes of macros": f"@ TXT {master(b'v=spf1 exists:' + b'%{S}' * 15000 + b' -all')}",
            "everything includes everything": "* TXT " + master(f"v=spf1 {wide} include:example.test redirect=x.example.test".encode())
                                              + f"\n@ TXT {master(f'v=spf1 {wide}'.encode())}",
        }
        for name, zone in cases.items():
            with self.subTest(name):
                started = time.monotonic()
                self.run_all(zone)
                self.assertLess(time.monotonic() - started, 10.0)
