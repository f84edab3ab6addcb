"""Every way in which DNS fails × every question of the checks around SPF, DKIM and DMARC: fact or unknown, the right one."""

from __future__ import annotations

import asyncio
import unittest

from .. import spf
from ..dns import zone
from ..records import mta_sts, mx, precondition, reverse, tls_rpt
from ..records.https import Response
from .failures import ABSENT, ANSWERED, UNKNOWN, chain, loop
from .zone_case import ZoneCase, codes, txt

DOMAIN, ADDRESS = "example.com", "192.0.2.25"
POINTER = "25.2.0.192.in-addr.arpa"
POLICY = b"version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n"
STS, TLS = txt("v=STSv1; id=1"), txt("v=TLSRPTv1; rua=mailto:tls@example.com")
ZONES = {
    DOMAIN: f"""
@ NS ns1
@ NS ns2
@ MX 10 mx
@ TXT {txt("v=spf1 include:gone.elsewhere.org -all")}
mx A {ADDRESS}
ns1 A 192.0.2.53
ns2 A 192.0.2.54
web A 192.0.2.80
_mta-sts TXT {STS}
mta-sts A 192.0.2.26
_smtp._tls TXT {TLS}
""",
    "2.0.192.in-addr.arpa": "25 PTR mx.example.com.",
    "elsewhere.org": "@ A 192.0.2.99",
}
# Behaviours that are told apart from others where it is asked whether DNSSEC is broken.
BOGUS = ("bogus", "bogus-silent")


async def _policy(host, path, addresses):
    return Response(200, "text/plain", POLICY)


class Matrix(ZoneCase):
    async def table(self, ask, question: tuple[str, str], unknown, answered, absent, *, but=()) -> None:
        """What ``ask(resolver)`` comes to when a question fails in each way, and for the ways in ``but`` nothing is said."""
        async def look(behaviour):
            resolver = self.serve(ZONES)
            self.server.script(*question, behaviour)
            async with resolver.batch():
                return await ask(resolver)

        for behaviours, expected in ((UNKNOWN, unknown), (ANSWERED, answered), (ABSENT, absent)):
            behaviours = [behaviour for behaviour in behaviours if behaviour not in but]
            for behaviour, found in await self.each(behaviours, look):
                self.assertEqual(found, expected, (question, behaviour))

    async def test_mail_exchangers(self):
        async def ask(resolver):
            report = await mx.inspect(resolver, DOMAIN)
            return report.status, codes(report.findings), report.failed is not None

        await self.table(ask, (DOMAIN, "MX"), ("unknown", [], True), ("found", [], False), ("none", ["mx.none"], False),
                         but=("nxdomain",))
        await self.table(ask, ("mx.example.com", "A"), ("found", ["mx.unanswered"], True), ("found", [], False),
                         ("found", ["mx.dangling", "mx.all_dangling"], False))
        # One family of addresses is enough.
        await self.table(ask, ("mx.example.com", "AAAA"), *[("found", [], False)] * 3)

    async def test_gates(self):
        async def ask(resolver):
            found = await precondition.inspect(resolver, DOMAIN)
            return found.status, found.code

        async def ask_web(resolver):
            found = await precondition.inspect(resolver, "web.example.com")
            return found.status, found.code

        unknown, passes, shut = ("unknown", None), ("ok", None), ("fail", "gate.no_mail_host")
        await self.table(ask, (DOMAIN, "MX"), unknown, passes, shut, but=(*BOGUS, "nxdomain"))
        await self.table(ask_web, ("web.example.com", "MX"), unknown, passes, passes, but=(*BOGUS, "nxdomain"))
        await self.table(ask_web, ("web.example.com", "A"), unknown, passes, shut, but=BOGUS)
        await self.table(ask_web, ("web.example.com", "AAAA"), passes, passes, passes, but=BOGUS)

    async def test_broken_dnssec_is_a_fact_wherever_a_gate_meets_it(self):
        for name, rdtype in ((DOMAIN, "MX"), ("web.example.com", "MX"), ("web.example.com", "A")):
            for behaviour in BOGUS:
                resolver = self.serve(ZONES, timeout=5.0)
                self.server.script(name, rdtype, behaviour)
                found = await precondition.inspect(resolver, name)
                self.assertEqual((found.status, found.code), ("fail", "gate.dnssec_bogus"), (name, rdtype, behaviour))

    async def test_zone_and_its_name_servers(self):
        async def ask(resolver):
            found = await zone.zone_of(resolver, "web.example.com")
            return found.status, found.name, codes(found.findings)

        known = ("found", DOMAIN, [])
        await self.table(ask, ("web.example.com", "SOA"), ("unknown", None, []), known, known, but=("empty",))
        await self.table(ask, (DOMAIN, "NS"), known, known, known)

    async def test_mta_sts(self):
        async def ask(resolver):
            report = await mta_sts.inspect(resolver, DOMAIN, fetch=_policy)
            return report.status, codes(report.findings)

        await self.table(ask, ("_mta-sts.example.com", "TXT"), ("unknown", []), ("found", []), ("none", []))
        await self.table(ask, ("mta-sts.example.com", "A"), ("unknown", []), ("found", []),
                         ("invalid", ["mta_sts.host_missing"]))
        await self.table(ask, (DOMAIN, "MX"), ("found", []), ("found", []), ("found", ["mta_sts.mx_not_covered"]))

    async def test_tls_rpt(self):
        async def ask(resolver):
            report = await tls_rpt.inspect(resolver, DOMAIN)
            return report.status, codes(report.findings)

        await self.table(ask, ("_smtp._tls.example.com", "TXT"), ("unknown", []), ("found", []), ("none", []))

    async def test_reverse_dns(self):
        async def ask(resolver):
            report = await reverse.inspect(resolver, ADDRESS)
            return report.status, codes(report.findings)

        unknown, confirmed = ("unknown", ["reverse.unanswered"]), ("confirmed", [])
        await self.table(ask, (POINTER, "PTR"), unknown, confirmed, ("none", ["reverse.none"]))
        await self.table(ask, ("mx.example.com", "A"), unknown, confirmed, ("not_confirmed", ["reverse.not_confirmed"]))

    async def test_helo_name(self):
        async def ask(resolver):
            report = await reverse.inspect(resolver, ADDRESS, "web.example.com")
            return codes(report.findings)

        elsewhere = ["reverse.helo_elsewhere"]
        await self.table(ask, ("web.example.com", "A"), [], elsewhere, elsewhere)

    async def test_domain_of_an_include_that_is_up_for_registration(self):
        async def ask(resolver):
            report = await spf.inspect(resolver, DOMAIN)
            return "spf.include_unregistered" in codes(report.findings)

        # Only where its registrable domain does not exist, and that is certain.
        for rdtype in ("NS", "SOA"):
            await self.table(ask, ("elsewhere.org", rdtype), False, False, False, but=("nxdomain",))
        resolver = self.serve({DOMAIN: ZONES[DOMAIN], "org": "@ NS ns.nic.org."})
        self.assertTrue(await ask(resolver))

    async def test_loops_and_long_chains(self):
        cases = (
            ("_smtp._tls.example.com", TLS, lambda resolver: tls_rpt.inspect(resolver, DOMAIN)),
            ("_mta-sts.example.com", STS, lambda resolver: mta_sts.inspect(resolver, DOMAIN, fetch=_policy)),
        )
        for name, text, ask in cases:
            for behaviour, status in ((loop(name), "unknown"), (chain(name, 16, text), "found"),
                                      (chain(name, 17, text), "unknown"), ("wrong_name", "unknown")):
                resolver = self.serve(ZONES)
                self.server.script(name, "TXT", behaviour)
                self.assertEqual((await ask(resolver)).status, status, (name, behaviour[:40]))

    async def test_loops_where_there_is_no_text(self):
        for name, rdtype, ask in (
            (DOMAIN, "MX", lambda resolver: mx.inspect(resolver, DOMAIN)),
            (DOMAIN, "MX", lambda resolver: precondition.inspect(resolver, DOMAIN)),
            ("web.example.com", "A", lambda resolver: precondition.inspect(resolver, "web.example.com")),
            (POINTER, "PTR", lambda resolver: reverse.inspect(resolver, ADDRESS)),
            ("mx.example.com", "A", lambda resolver: reverse.inspect(resolver, ADDRESS)),
            ("mta-sts.example.com", "A", lambda resolver: mta_sts.inspect(resolver, DOMAIN, fetch=_policy)),
        ):
            for behaviour in (loop(name), "wrong_name"):
                resolver = self.serve(ZONES)
                self.server.script(name, rdtype, behaviour)
                self.assertEqual((await ask(resolver)).status, "unknown", (name, rdtype, behaviour[:40]))

    async def test_a_silent_zone_costs_every_check_no_more_than_the_deadline(self):
        resolver = self.serve(ZONES, silent=[DOMAIN, "192.in-addr.arpa"], timeout=5.0, deadline=0.3)
        async with resolver.batch():
            found = await asyncio.wait_for(asyncio.gather(
                mx.inspect(resolver, DOMAIN), precondition.inspect(resolver, DOMAIN), zone.zone_of(resolver, DOMAIN),
                mta_sts.inspect(resolver, DOMAIN, fetch=_policy), tls_rpt.inspect(resolver, DOMAIN),
                reverse.inspect(resolver, ADDRESS)), 4.0)
        self.assertEqual({report.status for report in found}, {"unknown"})


if __name__ == "__main__":
    unittest.main()
