"""Our reading of DNS messages against dnspython's, and against octets that no server should send."""

from __future__ import annotations

import random
import time
import unittest

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from ..dns import wire
from ..dns.answer import MailExchange, Soa
from ..dns.exchange import settle
from .fuzz import FACTOR, seed

ZONE = """
example.com. 300 IN SOA ns.example.com. host.example.com. 7 2 3 4 60
example.com. 600 IN TXT "v=spf1 -all"
example.com. 600 IN TXT "one" "two" "\\255\\000"
example.com. 700 IN MX 10 Mail.Example.COM.
example.com. 700 IN MX 0 .
example.com. 700 IN NS ns.example.com.
example.com. 700 IN A 192.0.2.1
example.com. 700 IN AAAA 2001:db8:0:0:1:0:0:1
example.com. 700 IN PTR odd\\.label.with\\032space.example.com.
example.com. 700 IN CAA 0 issue "ca.example.net"
www.example.com. 200 IN CNAME example.com.
"""


def question_of(name, rdtype):
    return wire.encode_question(name, wire.type_number(rdtype))


def message_of(text, name, rdtype, section=dns.message.ANSWER, rcode=0, flags="QR RD RA"):
    query = dns.message.make_query(name, rdtype)
    response = dns.message.make_response(query)
    response.flags = dns.flags.from_text(flags)
    response.set_rcode(rcode)
    for line in text.strip().splitlines():
        owner, ttl, rdclass, kind, data = line.split(None, 4)
        rrset = dns.rrset.from_text(owner, int(ttl), rdclass, kind, data)
        response.sections[section].append(rrset)
    return response.to_wire()


def read(octets, name, rdtype):
    """What any response says, and the short way to the answer has to say the same where it says something."""
    number, question = wire.type_number(rdtype), question_of(name, rdtype)
    answer = wire.plain_answer(octets, question, name, rdtype, number, "server") if len(octets) >= 12 else None
    reply = wire.decode(octets, name, number, len(question))
    if answer is not None and (not reply.is_plain or settle(reply, name, rdtype, "server") != (answer, None)):
        raise AssertionError(f"{octets!r} is read as {answer}, and as {reply}")
    return reply


class TestQuery(unittest.TestCase):
    def test_a_query_is_one_that_dnspython_reads_as_meant(self):
        flags = wire.RECURSION_DESIRED | wire.AUTHENTIC_DATA
        octets = b"\x12\x34" + wire.encode_query(question_of("_dmarc.example.com", "TXT"), flags)
        message = dns.message.from_wire(octets)
        self.assertEqual(message.id, 0x1234)
        self.assertEqual(message.question[0].name.to_text(), "_dmarc.example.com.")
        self.assertEqual(message.question[0].rdtype, dns.rdatatype.TXT)
        self.assertEqual((message.edns, message.payload), (0, wire.EDNS_SIZE))
        self.assertEqual(message.flags, dns.flags.RD | dns.flags.AD)

    def test_without_edns_there_is_no_opt_record(self):
        message = dns.message.from_wire(b"\0\0" + wire.encode_query(question_of("a.example", "MX"), 0, edns=False))
        self.assertEqual(message.edns, -1)

    def test_the_root_can_be_asked_for(self):
        message = dns.message.from_wire(b"\0\0" + wire.encode_query(question_of("", "NS"), 0))
        self.assertEqual(message.question[0].name, dns.name.root)

    def test_an_unknown_type_is_a_key_error(self):
        self.assertEqual(wire.type_number("CAA"), 257)
        self.assertEqual(wire.type_number("TYPE65280"), 65280)
        for rdtype in ("NOPE", "", "TYPE99999999"):
            with self.subTest(rdtype), self.assertRaises(KeyError):
                wire.type_number(rdtype)


class TestAnswersQuestion(unittest.TestCase):
    def test_a_response_fits_only_its_own_question(self):
        octets = message_of("", "example.com", "TXT")
        self.assertTrue(wire.answers_question(octets, question_of("example.com", "TXT")))
        for name, rdtype in (("example.com", "MX"), ("example.net", "TXT"), ("a.example.com", "TXT")):
            with self.subTest(name=name, rdtype=rdtype):
                self.assertFalse(wire.answers_question(octets, question_of(name, rdtype)))

    def test_the_case_of_the_echoed_question_does_not_matter(self):
        octets = message_of("", "EXAMPLE.com", "TXT")
        self.assertTrue(wire.answers_question(octets, question_of("example.com", "TXT")))

    def test_a_query_and_other_kinds_of_messages_are_no_answers(self):
        question = question_of("example.com", "TXT")
        self.assertFalse(wire.answers_question(dns.message.make_query("example.com", "TXT").to_wire(), question))
        self.assertFalse(wire.answers_question(b"", question))
        self.assertFalse(wire.answers_question(b"\0" * 11, question))
        update = bytearray(message_of("", "example.com", "TXT"))
        update[2] |= 0x28  # opcode UPDATE
        self.assertFalse(wire.answers_question(bytes(update), question))


class TestRecords(unittest.TestCase):
    def read(self, rdtype, name="example.com"):
        lines = [line for line in ZONE.strip().splitlines() if line.split()[3] in (rdtype, "CNAME")]
        return read(message_of("\n".join(lines), name, rdtype), name, rdtype)

    def test_each_type_has_its_shape(self):
        for rdtype, records in {
            "TXT": ((b"v=spf1 -all",), (b"one", b"two", b"\xff\x00")),
            "MX": (MailExchange(10, "mail.example.com"), MailExchange(0, "")),
            "NS": ("ns.example.com",),
            "A": ("192.0.2.1",),
            "AAAA": ("2001:db8::1:0:0:1",),
            "PTR": ("odd\\.label.with\\032space.example.com",),
            "SOA": (Soa("ns.example.com", 7, 60),),
            "CAA": ('0 issue "ca.example.net"',),
        }.items():
            with self.subTest(rdtype):
                self.assertEqual(self.read(rdtype).records, records)

    def test_an_alias_is_followed_and_the_least_ttl_counts(self):
        reply = self.read("TXT", "www.example.com")
        self.assertEqual(reply.aliases, ("example.com",))
        self.assertEqual((reply.end, reply.ttl), ("example.com", 200))

    def test_an_alias_itself_can_be_asked_for(self):
        reply = self.read("CNAME", "www.example.com")
        self.assertEqual((reply.records, reply.aliases), (("example.com",), ()))

    def test_records_of_the_name_itself_come_before_its_alias(self):
        text = 'a.example. 60 IN CNAME b.example.\na.example. 60 IN TXT "own"\nb.example. 60 IN TXT "other"'
        reply = read(message_of(text, "a.example", "TXT"), "a.example", "TXT")
        self.assertEqual((reply.records, reply.aliases), (((b"own",),), ()))

    def test_records_of_other_names_are_ignored_and_alone_they_are_no_answer(self):
        mixed = 'b.example. 60 IN TXT "no"\na.example. 60 IN TXT "yes"'
        reply = read(message_of(mixed, "a.example", "TXT"), "a.example", "TXT")
        self.assertEqual((reply.records, reply.problem), (((b"yes",),), ""))
        reply = read(message_of('b.example. 60 IN TXT "no"', "a.example", "TXT"), "a.example", "TXT")
        self.assertEqual((reply.records, reply.problem), ((), "an answer about another name"))

    def test_a_record_that_comes_twice_counts_once(self):
        # RFC 2181 §5: a set has no duplicates
        text = 'a.example. 60 IN TXT "v=spf1 -all"\nb.example. 1 IN A 192.0.2.1\na.example. 60 IN TXT "v=spf1 -all"'
        self.assertEqual(read(message_of(text, "a.example", "TXT"), "a.example", "TXT").records, ((b"v=spf1 -all",),))

    def test_a_ttl_with_the_first_bit_set_is_zero(self):
        octets = bytearray(message_of('a.example. 60 IN TXT "x"', "a.example", "TXT"))
        at = octets.index(b"\x00\x00\x00\x3c", 12)
        octets[at] = 0x80
        self.assertEqual(read(bytes(octets), "a.example", "TXT").ttl, 0)  # RFC 2181 §8

    def test_no_ttl_is_longer_than_a_day(self):
        reply = read(message_of('a.example. 2000000 IN TXT "x"', "a.example", "TXT"), "a.example", "TXT")
        self.assertEqual(reply.ttl, 86400)

    def test_an_alias_loop_and_a_chain_of_17_are_problems_and_a_chain_of_16_is_none(self):
        chain = "\n".join(f"n{i}.example. 60 IN CNAME n{i + 1}.example." for i in range(17))
        data = 'n17.example. 60 IN TXT "end"\nn16.example. 60 IN TXT "end"'
        loop = "n0.example. 60 IN CNAME n1.example.\nn1.example. 60 IN CNAME n0.example."
        self.assertIn("loop", read(message_of(loop, "n0.example", "TXT"), "n0.example", "TXT").problem)
        sixteen = "\n".join(chain.splitlines()[:16])
        reply = read(message_of(f"{sixteen}\n{data}", "n0.example", "TXT"), "n0.example", "TXT")
        self.assertEqual((reply.problem, len(reply.aliases), reply.records), ("", 16, ((b"end",),)))
        self.assertIn("16", read(message_of(chain, "n0.example", "TXT"), "n0.example", "TXT").problem)


class TestNegative(unittest.TestCase):
    SOA = "example. 300 IN SOA ns.example. host.example. 7 2 3 4 60"

    def test_a_negative_answer_lives_for_the_lesser_of_soa_ttl_and_minimum(self):
        # RFC 2308 §5
        for ttl, minimum, expected in ((300, 60, 60), (30, 60, 30)):
            text = f"example. {ttl} IN SOA ns.example. host.example. 7 2 3 4 {minimum}"
            reply = read(message_of(text, "a.example", "TXT", dns.message.AUTHORITY), "a.example", "TXT")
            self.assertEqual((reply.ttl, reply.soa_owner), (expected, "example"))

    def test_a_negative_answer_without_soa_is_not_to_be_kept(self):
        self.assertEqual(read(message_of("", "a.example", "TXT"), "a.example", "TXT").ttl, 0)

    def test_names_of_other_servers_and_nothing_else_are_a_referral(self):
        text = "example. 300 IN NS ns.elsewhere.test."
        referral = message_of(text, "a.example", "TXT", dns.message.AUTHORITY, flags="QR")
        self.assertTrue(read(referral, "a.example", "TXT").referral)
        own = message_of(text, "a.example", "TXT", dns.message.AUTHORITY, flags="QR AA")
        self.assertFalse(read(own, "a.example", "TXT").referral)

    def test_extended_errors_are_read(self):
        query = dns.message.make_query("a.example", "TXT", use_edns=0)
        response = dns.message.make_response(query)
        response.set_rcode(dns.rcode.SERVFAIL)
        response.use_edns(0, options=[dns.edns.EDEOption(6, "bad\x07 key"), dns.edns.EDEOption(22)])
        reply = read(response.to_wire(), "a.example", "TXT")
        self.assertEqual(reply.errors, ((6, "bad\\x07 key"), (22, "")))

    def test_the_upper_bits_of_the_response_code_are_read(self):
        query = dns.message.make_query("a.example", "TXT", use_edns=0)
        response = dns.message.make_response(query)
        response.set_rcode(dns.rcode.BADVERS)
        self.assertEqual(read(response.to_wire(), "a.example", "TXT").rcode, wire.BADVERS)


class TestHostile(unittest.TestCase):
    HEADER = b"\0\0\x81\x80\0\1\0\1\0\0\0\0"

    def malformed(self, name, rdtype, record):
        octets = self.HEADER + question_of(name, rdtype) + record
        with self.assertRaises(wire.Malformed):
            read(octets, name, rdtype)

    def test_a_pointer_to_itself_or_forwards_ends(self):
        start = 12 + len(question_of("a.example", "TXT"))
        self.malformed("a.example", "TXT", (0xC000 | start).to_bytes(2, "big") + b"\0" * 20)
        self.malformed("a.example", "TXT", (0xC000 | start + 2).to_bytes(2, "big") + b"\xc0\x00" * 20)

    def test_a_pointer_into_the_header_is_malformed(self):
        self.malformed("a.example", "TXT", b"\xc0\x04" + b"\0" * 20)

    def test_two_pointers_at_each_other_end(self):
        start = 12 + len(question_of("a.example", "TXT"))
        self.malformed("a.example", "TXT", bytes((1, 97, 0xC0, start)) + b"\0" * 20)

    def test_pointers_to_pointers_cost_no_time(self):
        question = question_of("a.example", "NS")
        chain = bytearray(b"\x01a\x00")
        start = 12 + len(question) + 12
        while start + len(chain) < 16000:
            before = start + len(chain) - 2 if len(chain) > 3 else start
            chain += (0xC000 | before).to_bytes(2, "big")
        last = (0xC000 | start + len(chain) - 2).to_bytes(2, "big")
        records = b"\xc0\x0c\0\x63\0\1\0\0\0\x3c" + len(chain).to_bytes(2, "big") + chain
        records += (last + b"\0\2\0\1\0\0\0\x3c\0\2" + last) * 3500
        started = time.monotonic()
        with self.assertRaises(wire.Malformed):
            read(b"\0\0\x81\x80\0\1" + (3501).to_bytes(2, "big") + b"\0" * 4 + question + records, "a.example", "NS")
        self.assertLess(time.monotonic() - started, 1.0)

    def test_records_that_do_not_fit_are_malformed(self):
        owner = b"\xc0\x0c"
        for label, rdtype, kind, data, size in (
            ("address of three octets", "A", 1, b"\1\2\3", 3),
            ("address of seventeen", "AAAA", 28, b"\1" * 17, 17),
            ("string longer than its record", "TXT", 16, b"\x09abc", 4),
            ("no string at all", "TXT", 16, b"", 0),
            ("record longer than the message", "TXT", 16, b"\x03abc", 400),
            ("name that does not fill its record", "MX", 15, b"\0\1\1a\0zz", 7),
            ("short SOA", "SOA", 6, b"\0\0\1\2", 4),
            ("label of unknown kind", "NS", 2, b"\x80\0", 2),
        ):
            with self.subTest(label):
                fixed = kind.to_bytes(2, "big") + b"\0\1\0\0\0\x3c" + size.to_bytes(2, "big")
                self.malformed("a.example", rdtype, owner + fixed + data)

    def test_any_change_of_octets_gives_a_reply_or_malformed_and_what_dnspython_reads_we_read_alike(self):
        draw = random.Random(seed(7))
        samples = [
            (name, rdtype, message_of("\n".join(ZONE.strip().splitlines()), name, rdtype))
            for name, rdtype in (("example.com", "TXT"), ("example.com", "MX"), ("www.example.com", "A"))
        ]
        agreed = 0
        for _ in range(int(3000 * FACTOR)):
            name, rdtype, octets = draw.choice(samples)
            octets = bytearray(octets)
            for _ in range(draw.randrange(1, 4)):
                octets[draw.randrange(2, len(octets))] = draw.choice((0, 1, 12, 63, 192, 255, draw.randrange(256)))
            octets = bytes(octets[: draw.choice((len(octets), draw.randrange(len(octets))))])
            try:
                reply = read(octets, name, rdtype) if wire.answers_question(octets, question_of(name, rdtype)) else None
            except wire.Malformed:
                continue
            try:
                theirs = dns.message.from_wire(octets)
                kind = dns.rdatatype.from_text(rdtype)
                rrset = theirs.get_rrset(dns.message.ANSWER, dns.name.from_text(name), dns.rdataclass.IN, kind)
            except Exception:  # noqa: BLE001 - the peer's own troubles
                continue
            if reply is None or reply.truncated or rrset is None or reply.aliases:
                continue
            agreed += 1
            texts = {tuple(rdata.strings) for rdata in rrset} if rdtype == "TXT" else len(rrset)
            self.assertEqual(set(reply.records) if rdtype == "TXT" else len(reply.records), texts, octets.hex())
        self.assertGreater(agreed, 300 * min(FACTOR, 1))
