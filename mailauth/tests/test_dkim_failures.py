"""Every way in which DNS fails × every depth of a DKIM check: the right one of fact and unknown."""

from __future__ import annotations

import time
import unittest

from .. import DomainQuery, check_domains, dkim
from ..service import Selector, Service
from . import dkim_keys as keys
from .failures import ABSENT, ANSWERED, UNKNOWN, chain, loop
from .zone_case import ZoneCase, codes, txt

KEY = txt(f"v=DKIM1; k=rsa; p={keys.RSA_2048}")
NAME, TARGET = "s._domainkey.example.com", "s.mail.test"
ALIAS_ONLY = f"records:{NAME}. CNAME {TARGET}."


class Matrix(ZoneCase):
    async def look(self, scripts: dict[str, str], zone: str = f"s._domainkey TXT {KEY}", **options):
        resolver = self.serve({"example.com": zone, "mail.test": f"s TXT {KEY}"})
        for name, behaviour in scripts.items():
            self.server.script(name, "TXT", behaviour)
        async with resolver.batch():
            return await dkim.inspect(resolver, "example.com", "s", **options)

    async def test_at_the_selector(self):
        for behaviours, status in ((UNKNOWN, "unknown"), (ANSWERED, "found"), (ABSENT, "none")):
            for behaviour, report in await self.each(behaviours, lambda behaviour: self.look({NAME: behaviour})):
                self.assertEqual(report.status, status, behaviour)
                self.assertEqual(report.failed is not None, status == "unknown")
                self.assertEqual("dkim.missing" in codes(report.findings), status == "none")

    async def test_behind_a_cname(self):
        def look(behaviour):
            return self.look({NAME: ALIAS_ONLY, TARGET: behaviour}, target=TARGET)

        for behaviours, status in ((UNKNOWN, "unknown"), (ANSWERED, "found"), (ABSENT, "none")):
            for behaviour, report in await self.each(behaviours, look):
                self.assertEqual(report.status, status, behaviour)
                self.assertEqual("dkim.dangling_alias" in codes(report.findings), status == "none", behaviour)

    async def test_loops_and_long_chains(self):
        self.assertEqual((await self.look({NAME: loop(NAME)})).status, "unknown")
        self.assertEqual((await self.look({NAME: chain(NAME, 16, KEY)})).status, "found")
        self.assertEqual((await self.look({NAME: chain(NAME, 17, KEY)})).status, "unknown")

    async def test_second_questions_change_no_fact(self):
        probe = dkim.inspection.probe_name("example.com")

        def present(behaviour):
            return self.look({probe: behaviour, TARGET: behaviour}, target=TARGET)

        def absent(behaviour):
            return self.look({probe: behaviour, "*": behaviour, NAME: "nodata"})

        behaviours = (*UNKNOWN, *ANSWERED, *ABSENT)
        for behaviour, report in await self.each(behaviours, present):
            self.assertEqual((report.status, report.findings), ("found", ()), behaviour)
        for behaviour, report in await self.each(behaviours, absent):
            self.assertEqual((report.status, codes(report.findings)), ("none", ["dkim.missing"]), behaviour)

    async def test_service_is_missing_only_if_every_selector_answered(self):
        service = Service("mail", "Mail", selectors=(Selector("s"), Selector("t")), needs_all_selectors=False)

        async def look(behaviour):
            resolver = self.serve({"example.com": "@ A 192.0.2.1"})
            self.server.script(NAME, "TXT", behaviour)
            async with resolver.batch():
                return await dkim.inspect_service(resolver, "example.com", service)

        for behaviour, found in await self.each(UNKNOWN, look):
            self.assertEqual((found.status, found.enough), ("unknown", None), behaviour)

    async def test_hint(self):
        async def look(behaviour):
            resolver = self.serve({"example.com": "@ A 192.0.2.1"})
            self.server.script("_domainkey.example.com", "TXT", behaviour)
            return await dkim.hint(resolver, "example.com")

        for behaviours, status in ((UNKNOWN, "unknown"), (("nxdomain",), "likely_none"), (("nodata",), "exists")):
            for behaviour, hint in await self.each(behaviours, look):
                self.assertEqual(hint.status, status, behaviour)

    async def test_hint_that_the_report_passes_on_where_no_selector_is_known(self):
        async def look(behaviour):
            resolver = self.serve({"example.com": "@ MX 10 mx\nmx A 192.0.2.1"})
            self.server.script("_domainkey.example.com", "TXT", behaviour)
            (report,) = await check_domains(resolver, [DomainQuery("example.com")])
            return report.dkim

        for behaviours, hint in ((UNKNOWN, None), (("nxdomain",), "likely_none"), (("nodata",), "exists")):
            for behaviour, area in await self.each(behaviours, look):
                self.assertEqual((area.state.value, area.code, area.params.get("hint")),
                                 ("unknown", "dkim.selector_unknown", hint), behaviour)

    async def test_silent_zone_is_unknown_within_the_deadline(self):
        resolver = self.serve({"example.com": "@ A 192.0.2.1"}, silent=["example.com"], timeout=5.0, deadline=0.3)
        started = time.monotonic()
        async with resolver.batch():
            report = await dkim.inspect(resolver, "example.com", "s", target=TARGET)
        self.assertEqual(report.status, "unknown")
        self.assertLess(time.monotonic() - started, 4.0)


if __name__ == "__main__":
    unittest.main()
