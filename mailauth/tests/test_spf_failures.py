"""Every way in which DNS fails × every depth of an SPF check: the right one of fact and unknown."""

from __future__ import annotations

from ..spf import authorises, check_host, inspect
from .failures import ABSENT, ANSWERED, UNKNOWN, chain, loop
from .zone_case import ZoneCase, codes, txt

# Each name stands for one depth; the service is what the last include of the tree passes.
RECORD = txt("v=spf1 a:host.example.com mx:mail.example.com exists:ok.example.com include:one.example.com -all")
ZONES = {
    "example.com": f"""
@ TXT {RECORD}
host A 198.51.100.1
host AAAA 2001:db8:1::1
mail MX 10 mx.example.com.
mx A 198.51.100.2
mx AAAA 2001:db8:1::2
one TXT {txt("v=spf1 include:two.example.com ~all")}
two TXT {txt("v=spf1 redirect=three.example.com")}
three TXT {txt("v=spf1 include:service.test ?all")}
alias CNAME one.example.com.
""",
    "service.test": f"@ TXT {txt('v=spf1 ip4:192.0.2.0/24 -all')}",
}
# exists:ok matches nobody: it does not exist. What follows are the questions on the way to the service.
INCLUDES = ("one.example.com", "two.example.com", "three.example.com", "service.test")


class Matrix(ZoneCase):
    async def look(self, scripts: dict[tuple[str, str], str], domain: str = "example.com"):
        """Status, result and authorisation, each with a resolver of its own cache."""
        resolver = self.serve(ZONES)
        for (name, rdtype), behaviour in scripts.items():
            self.server.script(name, rdtype, behaviour)
        async with resolver.batch():
            report = await inspect(resolver, domain)
            result = await check_host(resolver, ip="192.0.2.7", domain=domain, sender=f"a@{domain}", helo="h.example.com")
            answer = await authorises(resolver, "ip4:192.0.2.0/24", domain)
        return report, result, answer

    async def check(self, question: tuple[str, str], behaviours, status: str, result: str, authorised: str):
        for behaviour, found in await self.each(behaviours, lambda behaviour: self.look({question: behaviour})):
            report, checked, answer = found
            self.assertEqual((report.status, checked.result, answer.status), (status, result, authorised), (question, behaviour))
            unknown = behaviours is UNKNOWN
            for failed in (report.failed, checked.failed, answer.failed):
                self.assertEqual(failed is not None, unknown, (question, behaviour))
                if unknown:
                    self.assertEqual((failed.name, failed.rdtype), question)
            self.assertEqual("spf.unanswered" in codes(report.findings), unknown)

    async def test_the_domains_own_record(self):
        question = ("example.com", "TXT")
        await self.check(question, UNKNOWN, "unknown", "temperror", "unknown")
        await self.check(question, ANSWERED, "found", "pass", "all")
        await self.check(question, ABSENT, "none", "none", "none")

    async def test_an_include_or_redirect_at_any_depth(self):
        for name in INCLUDES:
            await self.check((name, "TXT"), UNKNOWN, "unknown", "temperror", "unknown")
            await self.check((name, "TXT"), ANSWERED, "found", "pass", "all")
            await self.check((name, "TXT"), ABSENT, "invalid", "permerror", "none")

    async def test_the_hosts_of_a_and_mx_and_exists(self):
        # The record is there whatever becomes of a host; the mail is not judged without its answer.
        for question in (("host.example.com", "A"), ("mx.example.com", "A"), ("ok.example.com", "A")):
            await self.check(question, UNKNOWN, "found", "temperror", "unknown")
            if question[0] != "ok.example.com":
                await self.check(question, ANSWERED, "found", "pass", "all")
            await self.check(question, ABSENT, "found", "pass", "all")

    async def test_the_mail_exchangers(self):
        question = ("mail.example.com", "MX")
        await self.check(question, UNKNOWN, "unknown", "temperror", "unknown")
        await self.check(question, ANSWERED, "found", "pass", "all")
        await self.check(question, ABSENT, "found", "pass", "all")

    async def test_loops_and_long_chains(self):
        record = txt("v=spf1 ip4:192.0.2.0/24 -all")
        for name in ("example.com", "one.example.com", "service.test"):
            for behaviour, expected in (
                (loop(name), ("unknown", "temperror", "unknown")),
                (chain(name, 16, record), ("found", "pass", "all")),
                (chain(name, 17, record), ("unknown", "temperror", "unknown")),
            ):
                report, result, answer = await self.look({(name, "TXT"): behaviour})
                self.assertEqual((report.status, result.result, answer.status), expected, (name, behaviour[:40]))

    async def test_an_answer_for_another_name_is_none(self):
        for name in ("example.com", *INCLUDES):
            report, result, answer = await self.look({(name, "TXT"): "wrong_name"})
            self.assertEqual((report.status, result.result, answer.status), ("unknown", "temperror", "unknown"), name)

    async def test_behind_a_cname(self):
        domain, target = "alias.example.com", "x.elsewhere.test"
        self.assertEqual((await self.look({}, domain))[0].status, "found")
        alias = {(domain, "TXT"): f"records:{domain}. CNAME {target}."}
        for behaviours, status in ((UNKNOWN, "unknown"), (ABSENT, "none")):
            for behaviour, found in await self.each(
                behaviours, lambda behaviour: self.look({**alias, (target, "TXT"): behaviour}, domain)
            ):
                self.assertEqual(found[0].status, status, behaviour)

    async def test_type_99_and_wrong_places_that_do_not_answer_change_nothing(self):
        for behaviour, found in await self.each(UNKNOWN, lambda behaviour: self.look({("example.com", "SPF"): behaviour})):
            self.assertEqual((found[0].status, found[1].result), ("found", "pass"), behaviour)
        for behaviour, found in await self.each(UNKNOWN, lambda behaviour: self.look({
            ("_spf.host.example.com", "TXT"): behaviour, ("spf.host.example.com", "TXT"): behaviour}, "host.example.com")
        ):
            self.assertEqual((found[0].status, codes(found[0].findings)), ("none", ["spf.missing"]), behaviour)
