"""Keys of services: what is proposed is the CNAME that is the same for everyone, and nothing that DNS did not say is missing."""

from __future__ import annotations

import asyncio
import unittest

from .. import DomainQuery, Path, Resolver, Selector, Service
from ..change import to_rdata
from ..report import check_domain
from .dkim_keys import RSA_2048
from .dns_server import DnsServer

ODOO = Service("odoo", "Odoo", "ip4:192.0.2.0/26", selectors=(Selector("odoo", "odoo.dkim.test"),), signs=True)
ACCOUNT = Service("account", "Account", "ip4:192.0.2.0/26", selectors=(Selector("own"),), signs=True)
KEY = to_rdata("TXT", "v=DKIM1; p=" + RSA_2048)
ZONE = '@ MX 10 mail\nmail A 203.0.113.25\n@ TXT "v=spf1 ip4:192.0.2.0/26 -all"\n'


class TestDkimAdvice(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DnsServer({"dkim.test": f"odoo TXT {KEY}"}).start()
        cls.addClassCleanup(cls.server.stop)

    def dkim(self, record="", *services, scripts=()):
        self.server.set_zone("x.test", f"{ZONE}{record}\n")
        self.server.clear_scripts()
        for name, rdtype, behaviour in scripts:
            self.server.script(name, rdtype, behaviour)
        query = DomainQuery("x.test", paths=tuple(
            Path(str(number), "x.test", "bounce@x.test", service) for number, service in enumerate(services or (ODOO,))))
        report = asyncio.run(check_domain(Resolver([self.server.address]), query))
        return [(change.action, change.rdtype, change.value, change.old_value)
                for change in (*report.changes, *report.extras) if change.reason.startswith("dkim.")]

    def test_a_missing_key_is_made_once_whoever_needs_it(self):
        create = ("create", "CNAME", "odoo.dkim.test", None)
        self.assertEqual(self.dkim(), [create])
        other = Service("other", "Other", "ip4:192.0.2.0/26", selectors=ODOO.selectors, signs=True)
        self.assertEqual(self.dkim("", ODOO, other), [create])

    def test_a_wrong_alias_is_replaced_and_nothing_put_beside_it(self):
        self.assertEqual(self.dkim("odoo._domainkey CNAME gone.dkim.test."),
                         [("replace", "CNAME", "odoo.dkim.test", "gone.dkim.test")])

    def test_a_text_that_is_no_key_goes_before_the_alias_comes(self):
        self.assertEqual(self.dkim('odoo._domainkey TXT "v=DKIM1; p="'), [
            ("delete", "TXT", "v=DKIM1; p=", "v=DKIM1; p="), ("create", "CNAME", "odoo.dkim.test", None)])

    def test_what_is_there_stays(self):
        for record in ("odoo._domainkey CNAME odoo.dkim.test.", f"odoo._domainkey TXT {KEY}"):
            self.assertEqual(self.dkim(record), [])

    def test_silence_proposes_nothing(self):
        for behaviour in ("servfail", "refused"):
            self.assertEqual(self.dkim(scripts=[("odoo._domainkey.x.test", "*", behaviour)]), [])
        self.assertEqual(
            self.dkim("odoo._domainkey CNAME odoo.dkim.test.", scripts=[("odoo._domainkey.x.test", "TXT", "servfail")]), [])

    def test_a_key_of_the_account_is_not_invented(self):
        self.assertEqual(self.dkim("", ACCOUNT), [])

    def test_another_organizations_key_is_no_matter_of_this_domain(self):
        stranger = Service("odoo", "Odoo", "ip4:192.0.2.0/26", selectors=ODOO.selectors, signs=True, signing_domain="elsewhere.test")
        self.assertEqual(self.dkim("", stranger), [])


if __name__ == "__main__":
    unittest.main()
