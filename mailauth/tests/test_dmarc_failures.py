"""Every way in which DNS fails × every depth of a DMARC check: the right one of fact and unknown."""

from __future__ import annotations

import time
import unittest

from .. import dmarc
from .failures import ABSENT, ANSWERED, UNKNOWN, chain, loop
from .zone_case import ZoneCase, codes, txt

RECORD = txt("v=DMARC1; p=reject; sp=none; np=reject; rua=mailto:d@rua.test")
ZONES = {
    "example.com": f"@ MX 10 mx\nmx A 192.0.2.1\na A 192.0.2.1\n_dmarc TXT {RECORD}",
    "rua.test": "@ MX 10 mx\nmx A 192.0.2.1\nexample.com._report._dmarc TXT v=DMARC1",
}
REPORT = "example.com._report._dmarc.rua.test"


class Matrix(ZoneCase):
    async def look(self, domain: str, scripts: dict[str, str], ask=dmarc.discover) -> dmarc.Policy:
        resolver = self.serve(ZONES)
        for name, behaviour in scripts.items():
            self.server.script(name, "*", behaviour)
        async with resolver.batch():
            return await ask(resolver, domain)

    async def test_at_the_domains_own_name(self):
        for behaviours, status in ((UNKNOWN, "unknown"), (ANSWERED, "found"), (ABSENT, "none")):
            for behaviour, policy in await self.each(behaviours, lambda behaviour: self.look("example.com", {"_dmarc.example.com": behaviour})):
                self.assertEqual(policy.status, status, behaviour)
                self.assertEqual(policy.failed is not None, status == "unknown")
                self.assertEqual("dmarc.missing" in codes(policy.findings), status == "none")

    async def test_at_the_parent_that_has_the_record(self):
        for behaviours, status in ((UNKNOWN, "unknown"), (ANSWERED, "found"), (ABSENT, "none")):
            for behaviour, policy in await self.each(behaviours, lambda behaviour: self.look("a.example.com", {"_dmarc.example.com": behaviour})):
                self.assertEqual(policy.status, status, behaviour)

    async def test_between_the_domain_and_the_record(self):
        for behaviours, status in ((UNKNOWN, "unknown"), (ANSWERED, "found"), (ABSENT, "found")):
            for behaviour, policy in await self.each(behaviours, lambda behaviour: self.look("b.a.example.com", {"_dmarc.a.example.com": behaviour})):
                self.assertEqual(policy.status, status, behaviour)

    async def test_above_the_record(self):
        for behaviours, inherited, organization in (
            (UNKNOWN, "unknown", None), (ANSWERED, "found", "example.com"), (ABSENT, "found", "example.com"),
        ):
            for domain, status in (("example.com", "found"), ("a.example.com", inherited)):
                for behaviour, policy in await self.each(
                    behaviours, lambda behaviour, domain=domain: self.look(domain, {"_dmarc.com": behaviour})
                ):
                    self.assertEqual((policy.status, policy.organizational_domain), (status, organization), behaviour)

    async def test_whether_the_domain_exists(self):
        for behaviours, status, applied in (
            (UNKNOWN, "unknown", None), (ANSWERED, "found", "none"), (("nxdomain",), "found", "reject"),
        ):
            for behaviour, policy in await self.each(behaviours, lambda behaviour: self.look("a.example.com", {"a.example.com": behaviour})):
                self.assertEqual((policy.status, policy.applied), (status, applied), behaviour)

    async def test_loops_and_long_chains(self):
        name = "_dmarc.example.com"
        for behaviour, status in ((loop(name), "unknown"), (chain(name, 16, RECORD), "found"),
                                  (chain(name, 17, RECORD), "unknown")):
            self.assertEqual((await self.look("example.com", {name: behaviour})).status, status)

    async def test_behind_a_cname(self):
        alias = "records:_dmarc.example.com. CNAME dmarc.other.test."
        for behaviours, status in ((UNKNOWN, "unknown"), (ABSENT, "none")):
            for behaviour, policy in await self.each(behaviours, lambda behaviour: self.look(
                "example.com", {"_dmarc.example.com": alias, "dmarc.other.test": behaviour}
            )):
                self.assertEqual(policy.status, status, behaviour)

    async def test_authorisation_of_the_report_destination(self):
        for behaviours, expected in (
            (UNKNOWN, {"dmarc.external_unknown"}), (ANSWERED, set()), (ABSENT, {"dmarc.external_not_authorised"}),
        ):
            for behaviour, policy in await self.each(behaviours, lambda behaviour: self.look("example.com", {REPORT: behaviour}, dmarc.inspect)):
                external = {code for code in codes(policy.findings) if code.startswith("dmarc.external")}
                self.assertEqual((policy.status, external), ("found", expected), behaviour)

    async def test_mail_host_of_the_report_destination(self):
        for behaviours, expected in (
            (UNKNOWN, {"dmarc.destination_unknown"}), (ANSWERED, set()), (ABSENT, {"dmarc.destination_cannot_receive"}),
        ):
            for behaviour, policy in await self.each(behaviours, lambda behaviour: self.look("example.com", {"rua.test": behaviour}, dmarc.inspect)):
                found = {code for code in codes(policy.findings) if code.startswith("dmarc.destination")}
                self.assertEqual((policy.status, found), ("found", expected), behaviour)

    async def test_places_where_a_record_may_have_been_put(self):
        for behaviour, policy in await self.each(UNKNOWN, lambda behaviour: self.look("example.com", {
            "example.com": behaviour, "dmarc.example.com": behaviour, "_dmarc.example.com": "nodata",
        }, dmarc.inspect)):
            self.assertEqual((policy.status, codes(policy.findings)), ("none", ["dmarc.missing"]), behaviour)

    async def test_alignment(self):
        async def look(behaviour):
            resolver = self.serve(ZONES)
            self.server.script("_dmarc.bounce.example.com", "TXT", behaviour)
            async with resolver.batch():
                policy = await dmarc.discover(resolver, "example.com")
                return await dmarc.aligned(resolver, policy, "example.com", "bounce.example.com", strict=False)

        for behaviours, expected in ((UNKNOWN, None), (ANSWERED, True), (ABSENT, True)):
            for behaviour, aligned in await self.each(behaviours, look):
                self.assertIs(aligned, expected, behaviour)

    async def test_silent_zone_is_unknown_within_the_deadline(self):
        resolver = self.serve(ZONES, silent=["example.com"], timeout=5.0, deadline=0.3)
        started = time.monotonic()
        async with resolver.batch():
            policy = await dmarc.inspect(resolver, "a.b.c.d.example.com")
        self.assertEqual(policy.status, "unknown")
        self.assertLess(time.monotonic() - started, 4.0)


if __name__ == "__main__":
    unittest.main()
