"""The scripted server itself, asked by dnspython: what it claims to be, it has to be."""

from __future__ import annotations

import time
import unittest

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode

from .dns_server import DnsServer

ZONES = {
    "example.com": """
        @ SOA ns host 1 2 3 4 60
        @ NS ns
        ns A 192.0.2.53
        @ TXT "v=spf1 -all"
        www CNAME away.example.net.
        *.wild TXT "any"
        deep.er TXT "x"
        both CNAME www
        both TXT "beside"
        big TXT "{0}" "{0}" "{0}" "{0}" "{0}" "{0}"
        sub NS ns.sub
        ns.sub A 192.0.2.54
    """.format("x" * 250),
    "example.net": "away A 192.0.2.9\n",
}


class ServerTestCase(unittest.TestCase):
    def serve(self, *args, **options):
        server = DnsServer(*args, **options).start()
        self.addCleanup(server.stop)
        return server

    def ask(self, server, name, rdtype, timeout=1.0, tcp=False, **options):
        query = dns.message.make_query(name, rdtype, **{"use_edns": 0, "payload": 1232, **options})
        ask = dns.query.tcp if tcp else dns.query.udp
        return ask(query, server.address[0], port=server.address[1], timeout=timeout)

    def texts(self, response):
        return [rrset.to_text().split(" ", 1)[0] + " " + rrset.to_text().split(" ", 3)[3] for rrset in response.answer]


class TestRecursive(ServerTestCase):
    def setUp(self):
        self.server = self.serve(ZONES)

    def test_a_zone_stands_for_all_that_are_alike(self):
        zone = """
            @ NS ns
            @ TXT "reports to a@n00.example" "n00"
            *.n00 MX 10 mail.n00.example.
            www CNAME www.n00.example.net.
        """
        server = self.serve(
            {"n00.example": zone, "n00.example.net": zone, "n01.example": '@ TXT "its own"'}, alike=["n00.example"])
        for name, rdtype, expected in (
            ("n00.example", "TXT", ['n00.example. TXT "reports to a@n00.example" "n00"']),
            ("n42.example", "TXT", ['n42.example. TXT "reports to a@n42.example" "n42"']),
            ("N42.example", "NS", ["N42.example. NS ns.n42.example."]),
            ("www.n42.example", "A", ["www.n42.example. CNAME www.n42.example.net."]),
            ("x.n00.n42.example", "MX", ["x.n00.n42.example. MX 10 mail.n42.example."]),
            ("n01.example", "TXT", ['n01.example. TXT "its own"']),
        ):
            with self.subTest(f"{name} {rdtype}"):
                self.assertEqual(self.texts(self.ask(server, name, rdtype)), expected)
        for name in ("n42.example.net", "n420.example", "m42.example", "n42.test"):
            with self.subTest(name):
                self.assertEqual(self.ask(server, name, "TXT").rcode(), dns.rcode.NXDOMAIN)
        nothing = self.ask(server, "none.n42.example", "TXT")
        self.assertEqual((nothing.rcode(), nothing.authority[0].name.to_text()), (dns.rcode.NXDOMAIN, "n42.example."))
        self.assertEqual(self.ask(server, "example", "TXT").rcode(), dns.rcode.NOERROR)

    def test_it_follows_aliases_from_zone_to_zone(self):
        response = self.ask(self.server, "www.example.com", "A")
        self.assertEqual(self.texts(response), ["www.example.com. CNAME away.example.net.", "away.example.net. A 192.0.2.9"])
        self.assertTrue(response.flags & dns.flags.RA)
        self.assertFalse(response.flags & dns.flags.AA)

    def test_negative_answers_carry_the_soa_of_their_zone(self):
        for name, rdtype, rcode, zone in (
            ("no.example.com", "A", dns.rcode.NXDOMAIN, "example.com."),
            ("er.example.com", "A", dns.rcode.NOERROR, "example.com."),
            ("www.example.com", "TXT", dns.rcode.NOERROR, "example.net."),
            ("elsewhere.test", "A", dns.rcode.NXDOMAIN, "."),
            ("com", "A", dns.rcode.NOERROR, "."),  # something lies below it
        ):
            with self.subTest(name):
                response = self.ask(self.server, name, rdtype)
                self.assertEqual((response.rcode(), response.authority[0].name.to_text()), (rcode, zone))

    def test_wildcards_answer_for_what_does_not_exist(self):
        self.assertEqual(self.texts(self.ask(self.server, "a.b.wild.example.com", "TXT")),
                         ['a.b.wild.example.com. TXT "any"'])
        self.assertEqual(self.ask(self.server, "a.wild.example.com", "A").rcode(), dns.rcode.NOERROR)

    def test_records_beside_an_alias_are_served_as_a_careless_server_does(self):
        self.assertEqual(self.texts(self.ask(self.server, "both.example.com", "TXT")), ['both.example.com. TXT "beside"'])
        self.assertEqual(len(self.ask(self.server, "both.example.com", "A").answer), 3)

    def test_a_long_answer_is_cut_over_udp_and_whole_over_tcp(self):
        self.assertTrue(self.ask(self.server, "big.example.com", "TXT").flags & dns.flags.TC)
        self.assertEqual(len(self.ask(self.server, "big.example.com", "TXT", tcp=True).answer), 1)
        self.assertEqual(len(self.ask(self.server, "big.example.com", "TXT", payload=4096).answer), 1)

    def test_without_edns_512_octets_are_the_limit(self):
        query = dns.message.make_query("big.example.com", "TXT", use_edns=False)
        response = dns.query.udp(query, self.server.address[0], port=self.server.address[1], timeout=1)
        self.assertTrue(response.flags & dns.flags.TC)
        self.assertEqual(response.edns, -1)

    def test_the_log_has_every_question(self):
        self.ask(self.server, "Example.COM", "TXT")
        self.ask(self.server, "example.com", "MX")
        self.assertEqual(self.server.log, [("example.com", "TXT"), ("example.com", "MX")])
        self.assertEqual(self.server.count("example.com.", "MX"), 1)

    def test_a_zone_is_replaced_removed_silenced_and_signed_while_it_runs(self):
        self.assertEqual(len(self.ask(self.server, "example.com", "TXT").answer), 1)
        self.server.set_zone("example.com", '@ TXT "new"\n@ TXT "more"')
        self.assertEqual(len(self.ask(self.server, "example.com", "TXT").answer[0]), 2)
        self.server.set_signed("example.com")
        self.assertTrue(self.ask(self.server, "example.com", "TXT").flags & dns.flags.AD)
        self.server.set_silent("example.com")
        with self.assertRaises(dns.exception.Timeout):
            self.ask(self.server, "a.example.com", "TXT", timeout=0.1)
        self.server.set_silent("example.com", False)
        self.server.remove_zone("example.com")
        self.assertEqual(self.ask(self.server, "example.com", "TXT").rcode(), dns.rcode.NXDOMAIN)

    def test_a_text_that_is_no_zone_is_refused_and_the_old_one_stays(self):
        with self.assertRaises(dns.exception.DNSException):
            self.server.set_zone("example.com", "@ A not-an-address")
        self.assertEqual(len(self.ask(self.server, "example.com", "TXT").answer), 1)

    def test_delayed_answers_are_delayed_side_by_side(self):
        import concurrent.futures

        self.server.delay = 0.3
        started = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda i: self.ask(self.server, f"n{i}.example.com", "A", timeout=3), range(8)))
        self.assertLess(time.monotonic() - started, 1.5)

    def test_nonsense_is_not_answered_and_does_no_harm(self):
        import socket

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            for octets in (b"", b"\0" * 5, b"\xff" * 40, b"\0" * 12 + b"\x3f" + b"a" * 5):
                sock.sendto(octets, self.server.address)
        self.assertEqual(len(self.ask(self.server, "example.com", "TXT").answer), 1)


class TestAuthoritative(ServerTestCase):
    def setUp(self):
        self.server = self.serve(ZONES, authoritative=True)

    def test_it_answers_with_authority_for_its_zones_and_refuses_others(self):
        self.assertTrue(self.ask(self.server, "example.com", "TXT").flags & dns.flags.AA)
        self.assertEqual(self.ask(self.server, "example.org", "TXT").rcode(), dns.rcode.REFUSED)

    def test_it_refers_to_the_servers_of_what_it_gives_away(self):
        response = self.ask(self.server, "a.sub.example.com", "TXT")
        self.assertFalse(response.flags & dns.flags.AA)
        self.assertEqual((response.answer, response.authority[0].name.to_text()), ([], "sub.example.com."))


class TestText(ServerTestCase):
    def test_one_text_holds_several_zones(self):
        server = self.serve("""
            $ORIGIN a.test.
            @ 300 IN SOA ns host 1 2 3 4 5
            @ TXT "a"
            $ORIGIN b.test.
            @ 300 IN SOA ns host 1 2 3 4 5
            @ TXT "b"
            c.test. 300 TXT "the root's"
        """)
        for name in ("a.test", "b.test", "c.test"):
            self.assertEqual(len(self.ask(server, name, "TXT").answer), 1)
        self.assertEqual(self.ask(server, "no.b.test", "TXT").authority[0].name.to_text(), "b.test.")


class TestScript(ServerTestCase):
    def test_a_behaviour_lasts_so_many_times_or_over_one_transport(self):
        server = self.serve(ZONES)
        server.script("example.com", "TXT", "servfail", times=1)
        self.assertEqual(self.ask(server, "example.com", "TXT").rcode(), dns.rcode.SERVFAIL)
        self.assertEqual(self.ask(server, "example.com", "TXT").rcode(), dns.rcode.NOERROR)
        server.script("*", "TXT", "refused", transport="tcp")
        self.assertEqual(self.ask(server, "example.com", "TXT").rcode(), dns.rcode.NOERROR)
        self.assertEqual(self.ask(server, "example.com", "TXT", tcp=True).rcode(), dns.rcode.REFUSED)

    def test_extended_errors_and_broken_signatures(self):
        server = self.serve(ZONES)
        server.script("example.com", "TXT", "bogus")
        response = self.ask(server, "example.com", "TXT")
        self.assertEqual((response.rcode(), int(response.options[0].code)), (dns.rcode.SERVFAIL, 6))
        query = dns.message.make_query("example.com", "TXT")
        query.flags |= dns.flags.CD
        response = dns.query.udp(query, server.address[0], port=server.address[1], timeout=1)
        self.assertEqual(len(response.answer), 1)

    def test_records_take_the_place_of_the_zone(self):
        server = self.serve(ZONES)
        server.script("example.com", "TXT", 'records:example.com. 5 TXT "scripted"')
        self.assertEqual(self.texts(self.ask(server, "example.com", "TXT")), ['example.com. TXT "scripted"'])
