"""Every advice, applied, removes what it is about and makes nothing worse."""

from __future__ import annotations

import asyncio
import unittest

from hypothesis import given
from hypothesis import strategies as st

from .. import DomainQuery, Path, Resolver, Selector, Service, check_domains
from ..advice import without
from ..change import to_rdata
from ..report import check_domain
from ..service import Envelope
from ..verdict import State
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
    Service("below", "Below", "include:spf.two.test", envelope=Envelope.SUBDOMAIN, bounce_subdomain="send",
            selectors=(Selector("s1", "s1.dkim.two.test"),), signs=True),
    Service("relays", "Relays", "ip4:198.51.100.201 ip6:2001:db8:7::/64"),
    Service("wide", "Wide", "include:_spf.wide.test", selectors=(Selector("s1", "s1.dkim.two.test"),), signs=True),
)
KEY = to_rdata("TXT", f"v=DKIM1; p={RSA_2048}")
WORLD = {
    "odoo.test": f'_spf TXT "v=spf1 ip4:192.0.2.0/26 ip6:2001:db8::/48 ~all"\nodoo.dkim TXT {KEY}',
    "google.test": '_spf TXT "v=spf1 include:_a.google.test include:_b.google.test ~all"\n'
                   '_a TXT "v=spf1 ip4:203.0.113.0/25 ~all"\n_b TXT "v=spf1 ip6:2001:db8:9::/48 ~all"',
    "two.test": f'spf TXT "v=spf1 ip4:198.51.100.0/28 -all"\ns1.dkim TXT {KEY}\ns2.dkim TXT {KEY}',
    "own.test": f"k1.dkim TXT {KEY}",
    # Nine lookups: with it there is no room for many others.
    "wide.test": '_spf TXT "v=spf1 %s ~all"\n%s' % (
        " ".join(f"include:_{n}.wide.test" for n in range(8)),
        "\n".join(f'_{n} TXT "v=spf1 ip4:198.51.100.{128 + n} -all"' for n in range(8))),
    "reports.test": '@ MX 10 mail\nmail A 203.0.113.9\nx.test._report._dmarc TXT "v=DMARC1"',
    "free.test": "@ MX 10 mail\nmail A 203.0.113.9",
}
TERMS = (
    "include:_spf.odoo.test", "include:_spf.google.test", "include:spf.two.test", "include:gone.test", "mx", "a",
    "ip4:198.51.100.77", "ip4:203.0.113.0/24", "-ip4:192.0.2.1", "?include:_spf.odoo.test", "ptr", "exists:%{i}.x.test",
    "include:_spf.wide.test", "include:_3.wide.test", "a:void.x.test", "a:void2.x.test", "a:void3.x.test",
    "ip4:300.1.1.1", "a:", "banana", "ip4:192.0.2.9~all", "redirect=_spf.google.test", "exp=why.x.test",
)
ALLS = ("", " -all", " ~all", " ?all", " +all", " all")
OTHER = ("", "site-verification=1")
DMARC = ("", "v=DMARC1; p=none", "v=DMARC1; p=none; rua=mailto:d@x.test", "v=DMARC1;p=quarantine;t=y ;sp=none;",
         "v=DMARC1; p=quarantine; adkim=s; rua=mailto:d@x.test", "p=reject; v=DMARC1", "v=DMARC1; p=reject", "v=DMARC1 p=reject", "v=DMARC1; p=oops; rua=mailto:a@x.test")
DKIM = {
    "odoo": ("", "CNAME odoo.dkim.odoo.test.", "CNAME gone.odoo.test.", f"TXT {to_rdata('TXT', 'v=DKIM1; p=' + RSA_1024)}",
             'TXT "v=DKIM1; p="', 'TXT "nonsense"'),
    "s1": ("", "CNAME s1.dkim.two.test."),
    "s2": ("", "CNAME s2.dkim.two.test."),
    "k1": ("", "CNAME k1.dkim.own.test."),
    "google": ("", f"TXT {KEY}"),
}

MAIL = ("@ MX 10 mail", "@ MX 10 mail\n@ MX 0 .", "@ MX 10 mail\n@ MX 20 gone", "")
ADDRESSES = (None, "d@x.test", "d@reports.test", "d@free.test")

records = st.builds(
    lambda terms, end: "v=spf1" + "".join(f" {term}" for term in terms) + end,
    st.lists(st.sampled_from(TERMS), max_size=5), st.sampled_from(ALLS))
zones = st.fixed_dictionaries({
    "spf": st.lists(records, max_size=3, unique=True),
    "other": st.sampled_from(OTHER),
    "dmarc": st.lists(st.sampled_from(DMARC), max_size=2, unique=True),
    "dkim": st.fixed_dictionaries({selector: st.sampled_from(choices) for selector, choices in DKIM.items()}),
    "services": st.lists(st.sampled_from(SERVICES), min_size=1, max_size=4, unique=True),
    "unused": st.sets(st.sampled_from([service.code for service in SERVICES])),
    "mail": st.sampled_from(MAIL),
    "address": st.sampled_from(ADDRESSES),
})


def zone_text(zone) -> str:
    lines = [zone["mail"], "mail A 203.0.113.25", "@ A 203.0.113.26", 'why TXT "because"']
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
        query = DomainQuery("x.test", dmarc_report_address=zone["address"], paths=tuple(
            Path(service.code, "x.test", "bounce@x.test", service, service.code not in zone["unused"])
            for service in zone["services"]))

        async def before_and_after():
            resolver = Resolver([self.server.address])
            async with resolver.batch():
                [before] = await check_domains(resolver, [query])
                after = await check_domain(resolver.overlay(before.changes), query)
                # Extras are for later: each on top of what is needed, and all of them together.
                later = [[extra] for extra in before.extras] + [before.extras] * (len(before.extras) > 1)
                extras = [
                    (chosen, await check_domain(resolver.overlay((*before.changes, *chosen)), query)) for chosen in later]
                await self._check_budget(resolver, query, before)
                return before, after, extras

        before, after, extras = asyncio.run(before_and_after())
        for changes, outcome in [(before.changes, after), *extras]:
            remaining = {(finding.code, finding.name) for finding in outcome.findings}
            for change in changes:
                for code in change.solves:
                    # Several records go away with all of their deletions only.
                    if len(changes) > 1 or changes is before.changes or code.startswith("mx."):
                        self.assertNotIn((code, change.name), remaining, change)
            left_out = {name for change in changes for drop in change.params.get("drops", ()) for name in drop["services"]}
            for path in query.paths:
                key, verdict = path.key, before.paths[path.key]
                if path.service.name in left_out:  # and said to be; only one that nothing uses
                    self.assertFalse(path.in_use)
                    continue
                self.assertIn(
                    outcome.paths[key].state, _not_worse(verdict.state), (key, verdict, outcome.paths[key], changes))
        self.assertEqual([change.optional for change in before.changes], [False] * len(before.changes))
        self.assertTrue(all(change.optional for change in before.extras))
        self._check_next_step(before, extras)
        self._check_drops(zone, before)
        spf = [change for change in before.changes if change.value.startswith("v=spf1")]
        if spf:
            self.assertEqual(after.spf.state, State.worst([after.spf.state]), "judged")
            self.assertNotIn(after.spf.code, ("spf.missing", "spf.several", "spf.invalid"))
            if not any("drops" in change.params for change in spf):
                self.assertNotEqual(after.spf.code, "spf.not_authorised")
            kept = len(zone["spf"]) - sum(change.action == "delete" for change in spf)
            self.assertLessEqual(kept, 1, "never a second SPF record")
        repeated = [change for change in after.changes if change in before.changes]
        self.assertEqual(repeated, [], "what was published is not asked for again")

    def _check_next_step(self, before, extras):
        """A stricter policy is met by every path in use, and reports go only where they arrive."""
        for chosen, after in extras:
            if any(change.reason.startswith("dmarc.next_") for change in chosen):
                self.assertEqual(after.state, State.PASS, (chosen, after.findings))
                self.assertNotIn("dmarc.refuses_own_mail", [finding.code for finding in after.findings])
        for change in (*before.changes, *before.extras):
            if change.reason.startswith("dmarc."):
                self.assertNotIn("free.test", change.value)

    async def _check_budget(self, resolver, query, before):
        """Whatever a person takes out of a record without room: what is shown then fits, and keeps what sends."""
        if not before.budget:
            return
        budget = before.to_dict()["budget"]
        out = [term["term"] for term in budget["terms"] if term["why"] != "needed"]
        changes, lookups = without(budget, out, "x.test")
        if changes:
            after = await check_domain(resolver.overlay(changes), query)
            self.assertLessEqual(lookups, 10)
            self.assertNotIn("spf.too_many_lookups", [finding.code for finding in after.findings])
            for term in budget["terms"]:
                self.assertEqual(term["term"] in changes[0].value.split(), term["why"] == "needed", term)

    def _check_drops(self, zone, before):
        """What is left out is named, belongs to nobody who sends and to nobody unknown."""
        needed = {term for service in zone["services"] if service.code not in zone["unused"]
                  and service.keeps_envelope for term in service.spf_term.split()}
        for change in (*before.changes, *before.extras):
            for drop in change.params.get("drops", ()):
                self.assertNotIn(drop["term"], needed)
                self.assertIn(drop["why"], ("broken", "void", "covered", "unused"))
                self.assertNotIn(drop["term"], change.value.split())

    def test_strategy_reaches_every_kind_of_change(self):
        """A property test that never sees a replacement would prove nothing."""
        seen = set()
        for spf in ([], ["v=spf1 mx ~all"], ["v=spf1 mx ~all", "v=spf1 a -all"]):
            for odoo in DKIM["odoo"]:
                zone = {"spf": spf, "other": "", "dmarc": [], "services": [SERVICES[0]], "mail": MAIL[0],
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
