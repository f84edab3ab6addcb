"""A change as a line of a zone file."""

from __future__ import annotations

import unittest

import dns.rdatatype

from ..change import Change, host_in_zone, split_strings, to_zone_fragment
from .dns_server import parse_zone


class TestZoneLine(unittest.TestCase):
    def test_a_line_is_what_a_name_server_reads(self):
        for rdtype, value, line in (
            ("TXT", "v=spf1 -all", 'a.example. 3600 IN TXT "v=spf1 -all"'),
            ("TXT", 'a "quoted" \\ text', 'a.example. 3600 IN TXT "a \\"quoted\\" \\\\ text"'),
            ("TXT", "", 'a.example. 3600 IN TXT ""'),
            ("CNAME", "odoo._domainkey.odoo.com", "a.example. 3600 IN CNAME odoo._domainkey.odoo.com."),
            ("MX", "10 mx.example.com", "a.example. 3600 IN MX 10 mx.example.com."),
            ("MX", "0 .", "a.example. 3600 IN MX 0 ."),
            ("A", "192.0.2.1", "a.example. 3600 IN A 192.0.2.1"),
        ):
            with self.subTest(line):
                change = Change("create", rdtype, "a.example", value)
                self.assertEqual(change.to_zone_line(), line)
                (rrset,) = parse_zone(line)
                self.assertEqual(rrset.rdtype, dns.rdatatype.from_text(rdtype))

    def test_a_long_text_is_cut_into_strings_of_255_octets(self):
        value = "v=DKIM1; k=rsa; p=" + "A" * 400
        change = Change("create", "TXT", "s._domainkey.a.example", value)
        self.assertEqual([len(string) for string in change.strings()], [255, 163])
        (rrset,) = parse_zone(change.to_zone_line())
        self.assertEqual(b"".join(rrset[0].strings), value.encode())

    def test_a_character_is_not_cut_in_two(self):
        strings = split_strings("a" * 254 + "é" * 10)
        self.assertEqual(len(strings[0]), 254)
        self.assertEqual(b"".join(strings).decode(), "a" * 254 + "é" * 10)
        (rrset,) = parse_zone(Change("create", "TXT", "a.example", "é").to_zone_line())
        self.assertEqual(rrset[0].strings, ("é".encode(),))

    def test_a_fragment_is_read_by_a_name_server_as_the_records_to_add(self):
        changes = [
            Change("create", "TXT", "a.example", "v=spf1 -all"),
            Change("replace", "TXT", "_dmarc.a.example", "v=DMARC1; p=none", old_value="x\n@ A 192.0.2.66 ; \"\r"),
            Change("delete", "MX", "a.example", "0 .", old_value="0 ."),
            Change("create", "TXT", "s._domainkey.a.example", "p=" + "A" * 400 + "\n$INCLUDE /etc/passwd"),
        ]
        text = to_zone_fragment(changes)
        rrsets = parse_zone(text)
        self.assertEqual([str(rrset.name) for rrset in rrsets], [
            "a.example.", "_dmarc.a.example.", "s._domainkey.a.example."])
        self.assertEqual(b"".join(rrsets[2][0].strings).decode(), changes[3].value)
        self.assertIn('; replace: _dmarc.a.example. IN TXT "x\\010@ A 192.0.2.66 ; \\"\\013"', text.splitlines())
        self.assertIn("; take out: a.example. IN MX 0 .", text.splitlines())

    def test_a_deletion_has_no_line(self):
        self.assertEqual(Change("delete", "TXT", "a.example", "x", old_value="x").to_zone_line(), "")

    def test_a_host_is_relative_to_its_zone(self):
        for name, host in (
            ("example.com", "@"), ("odoo.example.com", "odoo"), ("a.b.example.com", "a.b"),
            ("badexample.com", "badexample.com"),
        ):
            with self.subTest(name):
                self.assertEqual(host_in_zone(name, "example.com"), host)
