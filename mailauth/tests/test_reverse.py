"""Forward-confirmed reverse DNS and HELO of addresses that mail leaves from."""

import unittest

from ..records.reverse import inspect
from .zone_case import ZoneCase, codes

ZONES = {
    "2.0.192.in-addr.arpa": "1 PTR mail.x.example.\n2 PTR other.x.example.\n3 PTR gone.x.example.\n4 PTR a.x.example.\n4 PTR mail4.x.example.",
    "0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa": "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR mail.x.example.",
    "x.example": "mail A 192.0.2.1\nmail AAAA 2001:db8::1\nother A 192.0.2.99\na A 192.0.2.98\nmail4 A 192.0.2.4",
}


class TestReverse(ZoneCase):
    async def test_name_that_leads_back_confirms_the_address(self):
        resolver = self.serve(ZONES)
        for address, names in (
            ("192.0.2.1", ("mail.x.example",)), ("2001:db8::1", ("mail.x.example",)),
            ("192.0.2.4", ("mail4.x.example", "a.x.example")),
        ):
            with self.subTest(address=address):
                report = await inspect(resolver, address)
                self.assertEqual((report.status, report.names, report.findings), ("confirmed", names, ()))

    async def test_absent_and_contradicting_names_are_told_apart(self):
        resolver = self.serve(ZONES)
        for address, status in (("192.0.2.9", "none"), ("192.0.2.2", "not_confirmed"), ("192.0.2.3", "not_confirmed")):
            with self.subTest(address=address):
                report = await inspect(resolver, address)
                self.assertEqual((report.status, codes(report.findings)), (status, [f"reverse.{status}"]))

    async def test_helo_must_lead_to_the_address(self):
        resolver = self.serve(ZONES)
        for helo, expected in (
            ("mail.x.example", []), ("other.x.example", ["reverse.helo_elsewhere"]),
            ("localhost", ["reverse.helo_not_a_name"]), ("[192.0.2.1]", ["reverse.helo_not_a_name"]),
        ):
            with self.subTest(helo=helo):
                self.assertEqual(codes((await inspect(resolver, "192.0.2.1", helo)).findings), expected)

    async def test_no_answer_is_unknown_at_both_ends(self):
        for name, rdtype in (("1.2.0.192.in-addr.arpa", "PTR"), ("mail.x.example", "A")):
            for how in ("servfail", "refused", "drop"):
                with self.subTest(name=name, how=how):
                    resolver = self.serve(ZONES, timeout=0.1, attempts=1)
                    self.server.script(name, rdtype, how)
                    report = await inspect(resolver, "192.0.2.1", "mail.x.example")
                    self.assertEqual((report.status, codes(report.findings)), ("unknown", ["reverse.unanswered"]))


if __name__ == "__main__":
    unittest.main()
