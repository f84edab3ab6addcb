"""The same verdict through every resolver: the engine asks five of them, real ones, about the same zones."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Iterator
from pathlib import Path as Folder

from .. import DomainQuery, Path, Resolver, Selector, Service, check_domains
from . import real_servers
from .dkim_keys import RSA_2048
from .dns_server import DnsServer
from .real_resolvers import KINDS, RealResolvers, lacking
from .real_servers import NameServers, available, sign, wait_for

KEY = f'"v=DKIM1; k=rsa; p={RSA_2048[:200]}" "{RSA_2048[200:]}"'
SERVICE = Service("s", "S", "include:spf.service.test", selectors=(Selector("s1", "s1.service.test"),), signs=True)
SCRIPTED, SIGNED, NOBODY = "127.0.0.2", "127.0.0.3", "127.0.0.9"
HEAD = "@ 3600 SOA ns host 1 3600 600 86400 300\n@ NS ns\nns A {}\n"
MX = "@ MX 10 mail\nmail A 198.51.100.25\n"
SPF = '@ TXT "v=spf1 include:spf.service.test -all"\n'
DMARC = '_dmarc TXT "v=DMARC1; p=none"\n'
DKIM = "s1._domainkey CNAME s1.service.test.\n"
WHOLE = MX + SPF + DMARC + DKIM
FILLER = "".join(f'@ TXT "verification-{number}={"x" * 60}"\n' for number in range(30))


def chain(length: int) -> str:
    """``_dmarc`` as an alias of an alias, and so on for so many links, to a record."""
    links = "".join(f"l{number} CNAME l{number + 1}\n" for number in range(1, length))
    return f'_dmarc CNAME l1\n{links}l{length} TXT "v=DMARC1; p=none"\n'


# A server that answers with all that it has at the name.
BOTH = 'records:_dmarc.both-dmarc.test. 300 IN CNAME d.service.test.\n_dmarc.both-dmarc.test. 300 IN TXT "v=DMARC1; p=none"\n'

CHAINS = (8, 11, 12, 13, 16)

# What the scripted server holds, zone by zone: everything that a resolver may treat in a way of its own.
ZONES = {
    "service.test": f'spf TXT "v=spf1 ip4:203.0.113.0/28 ~all"\ns1 TXT {KEY}\nd TXT "v=DMARC1; p=reject"\n'
                    'sts TXT "v=STSv1; id=2"\n',
    "whole.test": WHOLE,
    "bare.test": MX,
    "alias.test": WHOLE + "www CNAME @\n",
    "delegated.test": MX + SPF + DKIM + "_dmarc CNAME d.service.test.\n",
    "dangling.test": MX + SPF + DKIM + "_dmarc CNAME nothing.service.test.\n",
    "chain-8.test": MX + SPF + DKIM + chain(8),
    "chain-13.test": MX + SPF + DKIM + chain(13),
    **{f"chain-{length}.test": chain(length) for length in (11, 12, 16)},
    "loop.test": MX + SPF + DKIM + "_dmarc CNAME l1\nl1 CNAME _dmarc\n",
    "below.test": "a.b MX 10 mail\nmail A 198.51.100.25\n_dmarc" + DMARC[6:],
    "any-text.test": MX + SPF + '* TXT "v=spf1 -all"\n',
    "any-alias.test": MX + SPF + DMARC + "* CNAME mail\n",
    "null.test": "@ MX 0 .\n" + SPF,
    "includes-dead.test": MX + DMARC + DKIM + '@ TXT "v=spf1 include:dead.test -all"\n',
    "voids.test": MX + DMARC + '@ TXT "v=spf1 a:n1.voids.test a:n2.voids.test a:n3.voids.test include:spf.service.test -all"\n',
    "several.test": MX + DMARC + DKIM + SPF + '@ TXT "v=spf1 -all"\n',
    "beside-dmarc.test": WHOLE + "_dmarc CNAME d.service.test.\n",
    "both-dmarc.test": WHOLE,
    "beside-spf.test": WHOLE + "@ CNAME mail.whole.test.\n",
    "beside-sts.test": WHOLE + '_mta-sts TXT "v=STSv1; id=1"\n_mta-sts CNAME sts.service.test.\n',
    "ttl-0.test": WHOLE.replace(" MX", " 0 MX").replace(" TXT", " 0 TXT").replace(" CNAME", " 0 CNAME"),
    "capitals.test": MX + SPF + DMARC + "s1._domainkey CNAME S1.Service.TEST.\n",
    "xn--bcher-kva.test": WHOLE,
    "week.test": "@ 604800 SOA ns host 1 3600 600 86400 604800\n" + MX + SPF,
    "quiet.test": WHOLE,
}
ON_NSD = {
    "signed.test": WHOLE, "bogus.test": WHOLE, "dname.test": MX + SPF + DMARC + "old DNAME whole.test.\n",
    "many-texts.test": WHOLE + FILLER,
    "long-text.test": MX + DMARC + DKIM + '@ TXT "v=spf1 include:spf.service.test" '
                      + " ".join(f'" ip4:192.0.2.{number}"' for number in range(120)) + ' " -all"\n',
}
ELSEWHERE = {"lame.test": SIGNED, "dead.test": NOBODY, "test": SCRIPTED}
NAMES = {
    "alias.test": "www.alias.test", "below.test": "a.b.below.test", "dname.test": "old.dname.test",
    "service.test": "nothing.service.test",
}

FINE = "pass: spf.ok dkim.ok dmarc.policy_none"
UNANSWERED = "unknown: spf.unanswered dkim.unanswered dmarc.unanswered"
# What each domain comes to, through whatever resolver.
EXPECTED = {
    "nothing.service.test": "fail: gate.comes_first gate.comes_first gate.comes_first",
    "whole.test": FINE,
    "bare.test": "fail: spf.missing dkim.missing dmarc.missing",
    "many-texts.test": "pass: spf.fragile dkim.ok dmarc.policy_none",
    "long-text.test": "pass: spf.fragile dkim.ok dmarc.policy_none",
    "www.alias.test": "warning: spf.ok dkim.missing dmarc.policy_none",
    "delegated.test": "pass: spf.ok dkim.ok dmarc.ok",
    "dangling.test": "warning: spf.ok dkim.ok dmarc.missing",
    "chain-8.test": FINE,
    "chain-13.test": FINE,
    "loop.test": "unknown: spf.ok dkim.ok dmarc.unanswered",
    "a.b.below.test": "fail: spf.missing dkim.missing dmarc.policy_none",
    "any-text.test": "warning: spf.ok dkim.missing dmarc.missing",
    "any-alias.test": "warning: spf.ok dkim.missing dmarc.policy_none",
    "null.test": "fail: spf.ok dkim.missing dmarc.missing",
    "includes-dead.test": "unknown: spf.unanswered dkim.ok dmarc.policy_none",
    "voids.test": "fail: spf.invalid dkim.missing dmarc.policy_none",
    "several.test": "warning: spf.several dkim.ok dmarc.policy_none",
    "beside-dmarc.test": "unknown: spf.ok dkim.ok dmarc.alias_beside_record",
    "both-dmarc.test": "unknown: spf.ok dkim.ok dmarc.alias_beside_record",
    "beside-spf.test": "unknown: spf.alias_beside_record dkim.ok dmarc.policy_none",
    "beside-sts.test": FINE,
    "ttl-0.test": FINE,
    "capitals.test": FINE,
    "xn--bcher-kva.test": FINE,
    "week.test": "warning: spf.ok dkim.missing dmarc.missing",
    "quiet.test": FINE,
    "signed.test": FINE,
    "bogus.test": "fail: spf.unanswered dkim.unanswered dmarc.unanswered",
    "old.dname.test": "fail: spf.missing dkim.ok dmarc.policy_none",
    "lame.test": UNANSWERED,
    "dead.test": UNANSWERED,
}
_NO_DMARC = "unknown: spf.ok dkim.ok dmarc.unanswered"
DEAD = ("lame.test", "dead.test", "includes-dead.test", "quiet.test")

# Where a resolver leads elsewhere, and why: docs/resolvers.md has the table. What it does not tell is unknown.
EXPLAINED = {
    # BIND, Knot Resolver and PowerDNS Recursor give up chains of more than 11 to 12 links.
    ("BIND", "chain-13.test"): _NO_DMARC,
    ("Knot Resolver", "chain-13.test"): _NO_DMARC,
    ("PowerDNS Recursor", "chain-13.test"): _NO_DMARC,
    # BIND asks for _domainkey first (query name minimisation), about which the zone's server is silent.
    ("BIND", "quiet.test"): "unknown: spf.ok dkim.unanswered dmarc.policy_none",
}
# What each of them does, as docs/resolvers.md tells: seconds that the absence of a record is kept where the zone asks for a
# week, and a record with TTL 0; the longest chain of aliases; whether an alias is followed although a record stands
# beside it, where the zone's server shows the record alone, and where it shows both.
BEHAVIOUR = {
    "Unbound": (3600, 0, 16, True, True),
    "BIND": (10_800, 0, 11, False, True),
    "Knot Resolver": (86_400, 5, 12, False, False),  # a day is all that we take from anybody
    "PowerDNS Recursor": (3600, 1, 11, False, False),
    "dnsmasq": (3600, 0, 16, True, True),  # what Unbound says behind it
}


def serve(port: int) -> None:
    """Serve :data:`ZONES` until the standard input ends."""
    server = DnsServer(host=SCRIPTED, authoritative=True, port=port)
    for name, text in {"test": "", **ZONES}.items():
        server.set_zone(name, ("" if "SOA" in text else HEAD.format(SCRIPTED)) + text)
    server.script("_domainkey.quiet.test", "*", "drop")
    for kind in ("TXT", "CNAME"):
        server.script("_dmarc.both-dmarc.test", kind, BOTH)
    with server:
        sys.stdin.read()


@contextlib.contextmanager
def scripted(port: int) -> Iterator[None]:
    """:func:`serve` in a process of its own: it must not wait for the engine."""
    with subprocess.Popen(
        [sys.executable, "-c", f"from {__name__} import serve; serve({port})"], stdin=subprocess.PIPE,
        cwd=Folder(__file__).parents[__name__.count(".")],
    ) as process:
        try:
            wait_for(process, (SCRIPTED, port), Folder(os.devnull))
            yield
        finally:
            process.stdin.close()


@unittest.skipIf(lacking() or not available(), "needs nsd and five resolvers, see real_resolvers.py")
class TestResolvers(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = cls.enter(tempfile.TemporaryDirectory(prefix="mailauth-"))
        port = real_servers.free_port()
        cls.enter(scripted(port))
        signed, anchor = sign(HEAD.format(SIGNED) + ON_NSD["signed.test"], "signed.test")
        bogus, _ = sign(HEAD.format(SIGNED) + ON_NSD["bogus.test"], "bogus.test")
        _, other = sign(HEAD.format(SIGNED) + ON_NSD["bogus.test"], "bogus.test")
        plain = {name: HEAD.format(SIGNED) + text for name, text in ON_NSD.items()}
        cls.enter(NameServers(
            {**plain, "signed.test": signed, "bogus.test": bogus}, [], authoritative=(SIGNED, port), recursive=False))
        zones = {**dict.fromkeys(ZONES, SCRIPTED), **dict.fromkeys(ON_NSD, SIGNED), **ELSEWHERE}
        cls.resolvers = cls.enter(RealResolvers(Folder(folder), zones, port, [anchor, other]))
        cls.behaviour = asyncio.run(cls.look_at_all())
        cls.reports = asyncio.run(cls.ask_all(port))

    @classmethod
    def enter(cls, context):
        cls.addClassCleanup(context.__exit__, None, None, None)
        return context.__enter__()

    @classmethod
    async def look_at_all(cls):
        return dict(zip(KINDS, await asyncio.gather(*map(cls.look_at, KINDS))))

    @classmethod
    async def look_at(cls, name):
        resolver = Resolver([cls.resolvers.addresses[name]], timeout=10.0, deadline=40.0)
        absent, passing, alone, both, *chains = await resolver.query_all(
            ("no.week.test", "TXT"), ("ttl-0.test", "TXT"), ("_dmarc.beside-dmarc.test", "TXT"),
            ("_dmarc.both-dmarc.test", "TXT"), *((f"_dmarc.chain-{length}.test", "TXT") for length in CHAINS))
        longest = max(length for length, answer in zip(CHAINS, chains) if answer.is_fact)
        return absent.ttl, passing.ttl, longest, bool(alone.aliases), bool(both.aliases)

    @classmethod
    async def ask_all(cls, port):
        found = await asyncio.gather(*(cls.ask(name, port) for name in KINDS))
        return dict(zip(KINDS, found))

    @classmethod
    async def ask(cls, name, port):
        def check(domains, **patience):
            resolver = Resolver([cls.resolvers.addresses[name]], authority_port=port, **patience)
            queries = [DomainQuery(domain, paths=(Path("p", domain, f"bounce@{domain}", SERVICE),)) for domain in domains]
            return check_domains(resolver, queries)

        # What answers is waited for on a machine that is busy; what does not is waited for in vain.
        living = [domain for domain in EXPECTED if domain not in DEAD]
        reports = await asyncio.gather(
            check(living, timeout=10.0, deadline=40.0), check(DEAD, timeout=3.0, deadline=12.0))
        return {report.query.domain: report for part in reports for report in part}

    def test_every_zone_is_asked_about(self):
        zones = [name for name in (*ZONES, *ON_NSD, *ELSEWHERE) if name not in ("test", *(f"chain-{n}.test" for n in (11, 12, 16)))]
        self.assertEqual(sorted(NAMES.get(name, name) for name in zones), sorted(EXPECTED))
        self.assertTrue(all(self.resolvers.versions.values()), self.resolvers.versions)

    def test_what_each_of_them_does(self):
        for name, (absence, *expected) in BEHAVIOUR.items():
            with self.subTest(name):
                kept, *seen = self.behaviour[name]
                self.assertTrue(absence - 60 <= kept <= absence, kept)
                self.assertEqual(seen, expected)

    def test_every_verdict_is_the_right_one_or_its_difference_explained(self):
        for name, reports in self.reports.items():
            for domain, expected in EXPECTED.items():
                with self.subTest(name, domain=domain):
                    report = reports[domain]
                    areas = " ".join(getattr(report, area).code for area in ("spf", "dkim", "dmarc"))
                    told = [(answer.name, answer.rdtype, answer.detail) for answer in report.unanswered]
                    self.assertEqual(f"{report.state.value}: {areas}", EXPLAINED.get((name, domain), expected), told)

    def test_findings_and_zones_are_the_same(self):
        for domain in EXPECTED:
            seen = {
                name: (*sorted({f"{finding.code} {finding.name}" for finding in reports[domain].findings}), reports[domain].zone.name)
                for name, reports in self.reports.items() if (name, domain) not in EXPLAINED
            }
            with self.subTest(domain):
                self.assertEqual(len(set(seen.values())), 1, seen)


if __name__ == "__main__":
    unittest.main()
