"""Every advice, applied, removes what it is about and makes nothing worse."""

from __future__ import annotations

import asyncio
import unittest

from hypothesis import given
from hypothesis import strategies as st

from .. import DomainQuery, Path, Resolver, Selector, Service, check_domains
from ..change import to_rdata
from ..report import check_domain
from ..service import Envelope
from ..verdict import State, worst
from .dkim_keys import RSA_1024, RSA_2048
from .dns_server import DnsServer
from .fuzz import examples

SERVICES = (
    Service("odoo", "Odoo", "include:_spf.odoo.test", selectors=(Selector("odoo", "odoo.dkim.odoo.test"),), signs=True),
    Service("google", "Google", "include:_spf.google.test", selectors=(Selector("google"),)),
    Service("two", "Two", "include:spf.two.test", needs_all_selectors=False,
            selectors=(Selector("s1", "s1.dkim.two.test"), Selector("s2", "s2.dkim.two.test")), signs=True),
    Service("relay", "Our relay", "ip4:198.51.100.77"),
    Service("own", "Own", envelope=Envelope.REPLACE, selectors=(Selector("k1", "k1.dkim.own.test"),), signs=True),
    Service("unclear", "Unclear", "include:spf.two.test", envelope=Envelope.UNKNOWN),
)
KEY = to_rdata("TXT", f"v=DKIM1; p={RSA_2048}")
WORLD = {
    "odoo.test": f'_spf TXT "v=spf1 ip4:192.0.2.0/26 ip6:2001:db8::/48 ~all"\nodoo.dkim TXT {KEY}',
    "google.test": '_spf TXT "v=spf1 include:_a.google.test include:_b.google.test ~all"\n'
                   '_a TXT "v=spf1 ip4:203.0.113.0/25 ~all"\n_b TXT "v=spf1 ip6:2001:db8:9::/48 ~all"',
    "two.test": f'spf TXT "v=spf1 ip4:198.51.100.0/28 -all"\ns1.dkim TXT {KEY}\ns2.dkim TXT {KEY}',
    "own.test": f"k1.dkim TXT {KEY}",
}
TERMS = (
    "include:_spf.odoo.test", "include:_spf.google.test", "include:spf.two.test", "include:gone.test", "mx", "a",
    "ip4:198.51.100.77", "ip4:203.0.113.0/24", "-ip4:192.0.2.1", "?include:_spf.odoo.test", "ptr", "exists:%{i}.x.test",
    "ip4:300.1.1.1", "a:", "banana", "ip4:192.0.2.9~all", "redirect=_spf.google.test", "exp=why.x.test",
)
ALLS = ("", " -all", " ~all", " ?all", " +all", " all")
OTHER = ("", "site-verification=1")
DMARC = ("", "v=DMARC1; p=none", "v=DMARC1; p=reject", "v=DMARC1 p=reject", "v=DMARC1; p=oops; rua=mailto:a@x.test")
DKIM = {
    "odoo": ("", "CNAME odoo.dkim.odoo.test.", "CNAME gone.odoo.test.", f"TXT {to_rdata('TXT', 'v=DKIM1; p=' + RSA_1024)}",
             'TXT "v=DKIM1; p="', 'TXT "nonsense"'),
    "s1": ("", "CNAME s1.dkim.two.test."),
    "s2": ("", "CNAME s2.dkim.two.test."),
    "k1": ("", "CNAME k1.dkim.own.test."),
    "google": ("", f"TXT {KEY}"),
}

records = st.builds(
    lambda terms, end: "v=spf1" + "".join(f" {term}" for term in terms) + end,
    st.lists(st.sampled_from(TERMS), max_size=5), st.sampled_from(ALLS))
zones = st.fixed_dictionaries({
    "spf": st.lists(records, max_size=3, unique=True),
    "other": st.sampled_from(OTHER),
    "dmarc": st.lists(st.sampled_from(DMARC), max_size=2, unique=True),
    "dkim": st.fixed_dictionaries({selector: st.sampled_from(choices) for selector, choices in DKIM.items()}),
    "services": st.lists(st.sampled_from(SERVICES), min_size=1, max_size=3, unique=True),
})


def zone_text(zone) -> str:
    lines = ["@ MX 10 mail", "mail A 203.0.113.25", "@ A 203.0.113.26", 'why TXT "because"']
    lines += [f"@ TXT {to_rdata('TXT', text)}" for text in (*zone["spf"], zone["other"]) if text]
    lines += [f"_dmarc TXT {to_rdata('TXT', text)}" for text in zone["dmarc"] if text]
    lines += [f"{selector}._domainkey {record}" for selector, record in zone["dkim"].items() if record]
    return "\n".join(lines)


class TestEveryAdvice(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DnsServer(WORLD).start()
        cls.addClassCleanup(cls.server.stop)

    @examples(150)
    @given(zones)
    def test_applied_it_removes_its_finding_and_makes_nothing_worse(self, zone):
        self.server.set_zone("x.test", zone_text(zone))
        query = DomainQuery("x.test", paths=tuple(
            Path(service.code, "x.test", "bounce@x.test", service) for service in zone["services"]))

        async def before_and_after():
            resolver = Resolver([self.server.address])
            async with resolver.batch():
                [before] = await check_domains(resolver, [query])
                return before, await check_domain(resolver.overlay(before.changes), query)

        before, after = asyncio.run(before_and_after())
        remaining = {(finding.code, finding.name) for finding in after.findings}
        for change in before.changes:
            for code in change.solves:
                self.assertNotIn((code, change.name), remaining, change)
        for key, verdict in before.paths.items():
            self.assertIn(after.paths[key].state, _not_worse(verdict.state), (key, verdict, after.paths[key], before.changes))
        spf = [change for change in before.changes if change.value.startswith("v=spf1")]
        if spf:
            self.assertEqual(after.spf.state, worst([after.spf.state]), "judged")
            self.assertNotIn(after.spf.code, ("spf.missing", "spf.several", "spf.invalid", "spf.not_authorised"))
            kept = len(zone["spf"]) - sum(change.action == "delete" for change in spf)
            self.assertLessEqual(kept, 1, "never a second SPF record")
        repeated = [change for change in after.changes if change in before.changes]
        self.assertEqual(repeated, [], "what was published is not asked for again")

    def test_strategy_reaches_every_kind_of_change(self):
        """A property test that never sees a replacement would prove nothing."""
        seen = set()
        for spf in ([], ["v=spf1 mx ~all"], ["v=spf1 mx ~all", "v=spf1 a -all"]):
            for odoo in DKIM["odoo"]:
                zone = {"spf": spf, "other": "", "dmarc": [], "services": [SERVICES[0]],
                        "dkim": {**dict.fromkeys(DKIM, ""), "odoo": odoo}}
                self.server.set_zone("x.test", zone_text(zone))
                query = DomainQuery("x.test", paths=(Path("1", "x.test", "bounce@x.test", SERVICES[0]),))
                [report] = asyncio.run(check_domains(Resolver([self.server.address]), [query]))
                seen |= {change.reason for change in report.changes}
        self.assertLessEqual(
            {"spf.create", "spf.replace", "spf.merge", "spf.delete_extra", "dkim.create", "dkim.replace",
             "dkim.delete_txt", "dmarc.create"}, seen)


def _not_worse(state: State) -> set[State]:
    """The states that are no worse; what was not known may turn out as anything but a failure that was made."""
    return {
        State.FAIL: set(State),
        State.WARNING: {State.PASS, State.WARNING, State.NOT_NEEDED},
        State.UNKNOWN: set(State) - {State.FAIL},
        State.PASS: {State.PASS, State.NOT_NEEDED},
        State.NOT_NEEDED: {State.NOT_NEEDED},
    }[state]


if __name__ == "__main__":
    unittest.main()
