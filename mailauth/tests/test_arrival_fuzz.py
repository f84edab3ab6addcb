"""Whatever is pasted: nothing is raised, and it takes no longer than its size allows."""

from __future__ import annotations

import asyncio
import json
import time
import unittest

from hypothesis import given
from hypothesis import strategies as st

from .. import CODES
from ..arrival import examine, to_dict
from ..arrival.message import MAX_FIELDS, read
from ..arrival.received import parse as parse_received
from ..arrival.results import parse as parse_results
from ..dns.resolver import Resolver
from . import mails
from .fuzz import examples
from .fuzz_pieces import OF_MAILS, damage

SECONDS = 3  # on a busy machine; each takes a small part of it
soups = st.lists(st.sampled_from(OF_MAILS), max_size=60).map(b"".join)
broken = st.tuples(
    st.sampled_from([mails.arrived(receiver) for receiver in mails.RECEIVERS.values()]),
    st.lists(st.tuples(st.integers(0, 5000), st.sampled_from(OF_MAILS), st.integers(0, 40)), max_size=6),
).map(lambda chosen: damage(*chosen))


def look(octets) -> None:
    """Read it all, with name servers that refuse the connection, and show it all."""
    async def silent(*_arguments):
        raise OSError

    resolver = Resolver([("127.0.0.1", 1)], timeout=0.05, attempts=1, deadline=1.0, ask=silent)
    for own in (("ours.example",), ()):
        arrival = asyncio.run(examine(resolver, octets, own_domains=own))
        assert {finding.code for finding in arrival.findings} <= set(CODES)
        assert arrival.readable or arrival.findings
        arrival.learned("bounce@ours.example")
        shown = json.dumps(to_dict(arrival), ensure_ascii=False)
        assert len(shown) < 60_000, "what is shown is bounded"
        assert "\x1b" not in shown and "\u202e" not in shown


class TestAnything(unittest.TestCase):
    @examples(150)
    @given(st.binary(max_size=2000))
    def test_any_octets(self, octets):
        look(octets)

    @examples(150)
    @given(st.text(max_size=1000))
    def test_any_text(self, text):
        look(text)

    @examples(250)
    @given(soups)
    def test_pieces_of_mails_in_any_order(self, octets):
        look(octets)

    @examples(250)
    @given(broken)
    def test_real_mails_with_damage(self, octets):
        look(octets)

    @examples(300)
    @given(soups.map(lambda octets: octets.decode("utf-8", "replace")))
    def test_single_fields(self, text):
        parse_received(text)
        parse_results(text)


class TestTime(unittest.TestCase):
    def test_the_worst_that_fits_takes_little_time(self):
        for name, octets in (
            ("nested comments", b"Received: from a " + b"(" * 200_000 + b"\r\nFrom: jane@ours.example\r\n\r\nx"),
            ("unclosed brackets", b"Received: from a ([" * 12_000 + b"\r\nFrom: jane@ours.example\r\n\r\nx"),
            ("hops", mails.GMAIL.encode() * 60 + mails.plain()),
            ("results", b"Received: from a by b.example\r\n" + b"Authentication-Results: b.example" + b"; a=b (" * 30_000),
            ("authors", b"Received: from a by b\r\nFrom: " + b"a@ours.example," * 16_000 + b"\r\n\r\nx"),
            ("quotes", b"Received: from a by b\r\nFrom: " + b'"\\' * 100_000 + b"\r\n\r\nx"),
            ("encoded words", b"Received: from a by b\r\nFrom: a@ours.example\r\nSubject: " + b"=?utf-8?q?a" * 20_000),
            ("dashes", mails.arrived(mail=mails.plain(body=b"-" * 1_000_000))),
            ("spaces below dashes", mails.arrived(mail=mails.plain(
                mails.OWN.replace("ours.example", "theirs.example"), b"---- from ----\r\n" + b" " * 60_000 + b"\r\n"))
                .replace(b"ours.example", b"theirs.example")),
            ("boundaries", mails.arrived(mail=mails.plain(
                mails.OWN.replace("text/plain", "multipart/mixed; boundary=x"), b"--x\r\n" * 300_000))),
            ("attached in attached", mails.arrived(mail=mails.plain(
                mails.OWN.replace("text/plain", "multipart/mixed; boundary=x").replace("ours.example", "theirs.example"),
                b"--x\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 20_000))),
            ("not a field", b"x" * 2_000_000),
            ("lines", b"x\n" * 900_000),
            ("colons", b":" * 2_000_000),
            ("addresses", b"Received: from a (" + b"1.2.3." * 5_000 + b":" * 5_000 + b")\r\nFrom: a@ours.example\r\n\r\nx"),
            ("list of names", b"Received: from a by b\r\nFrom: " + b"(" * 30_000 + b"\r\n\r\nx"),
        ):
            with self.subTest(name):
                started = time.perf_counter()
                look(octets)
                self.assertLess(time.perf_counter() - started, SECONDS)

    def test_a_header_is_bounded(self):
        message = read(b"Received: x\r\n" * 100_000 + b"From: jane@ours.example\r\n\r\nx")
        self.assertLessEqual(len(message.fields), MAX_FIELDS)
        self.assertEqual([finding.code for finding in message.findings], ["arrival.header_too_large"])


if __name__ == "__main__":
    unittest.main()
