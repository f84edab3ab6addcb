"""DNS over HTTPS, for networks that close port 53 (RFC 8484)."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import unittest
from unittest import mock

from ..dns.answer import Status
from ..dns.resolver import Resolver
from .dns_server import DnsServer
from .https_server import HttpsServer

ZONES = {"example.com": '@ TXT "v=spf1 -all"\nbig TXT "{0}" "{0}" "{0}" "{0}" "{0}" "{0}" "{0}"\n'.format("x" * 250)}
MESSAGE = "application/dns-message"


def response(body, status="200 OK", content_type=MESSAGE):
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@unittest.skipUnless(importlib.util.find_spec("httpx"), "needs the optional package httpx")
class TestDnsOverHttps(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.dns = DnsServer(ZONES)
        self.https = HttpsServer(["localhost"])
        await self.https.__aenter__()
        self.addAsyncCleanup(self.https.__aexit__, None, None, None)
        self.asked = []
        self.https.handler = self.answer
        with tempfile.NamedTemporaryFile("w", suffix=".pem", delete=False) as file:
            file.write(self.https.authority)
        self.addCleanup(os.unlink, file.name)
        trust = mock.patch.dict(os.environ, {"SSL_CERT_FILE": file.name, "NO_PROXY": "localhost"})
        trust.start()
        self.addCleanup(trust.stop)

    def answer(self, head, body):
        self.asked.append((head, body))
        return response(self.dns._answer(body, "tcp")[1][0])

    async def ask(self, name="example.com", url=None, **options):
        url = url or f"https://localhost:{self.https.port}/dns-query"
        return await Resolver([url], **{"timeout": 2.0, "attempts": 1, **options}).query(name, "TXT")

    async def test_a_question_is_posted_and_its_answer_read(self):
        answer = await self.ask()
        self.assertEqual((answer.status, answer.texts), (Status.OK, ("v=spf1 -all",)))
        self.assertEqual(answer.server, f"https://localhost:{self.https.port}/dns-query")
        (head, body), = self.asked
        self.assertTrue(head.startswith(b"POST /dns-query HTTP/1.1"))
        self.assertIn(MESSAGE.encode(), head)
        self.assertEqual(body[:2], b"\0\0")  # RFC 8484 §4.1

    async def test_a_long_answer_comes_whole(self):
        self.assertEqual(len((await self.ask("big.example.com")).texts[0]), 1750)

    async def test_what_is_no_dns_answer_is_a_failure(self):
        for octets, detail in (
            (response(b"nope", "500 Oops"), "HTTP status 500"),
            (response(b"", "302 Found\r\nLocation: https://localhost/"), "HTTP status 302"),
            (response(b"<html>", content_type="text/html"), "not a DNS message"),
            (response(b"x" * 70000), "too long"),
            (response(b"x" * 20), "another question"),
            (response(b""), "another question"),
            (b"garbage\r\n\r\n", "RemoteProtocolError"),
        ):
            with self.subTest(detail):
                self.https.handler = lambda *_, octets=octets: octets
                answer = await self.ask()
                self.assertFalse(answer.is_fact)
                self.assertIn(detail, answer.detail)

    async def test_a_certificate_that_does_not_verify_is_a_failure(self):
        answer = await self.ask(url=f"https://127.0.0.1:{self.https.port}/dns-query")
        self.assertEqual(answer.status, Status.TIMEOUT)
        self.assertEqual(self.asked, [])

    async def test_silence_is_a_timeout(self):
        self.https.handler = None
        self.https.response = None
        self.assertEqual((await self.ask(timeout=0.3)).status, Status.TIMEOUT)

    async def test_another_server_helps_when_it_fails(self):
        self.https.handler = lambda *_: response(b"", "500 Oops")
        with self.dns as plain:
            url = f"https://localhost:{self.https.port}/dns-query"
            answer = await Resolver([url, plain.address], timeout=2.0).query("example.com", "TXT")
        self.assertEqual(answer.status, Status.OK)


class TestWithoutHttpx(unittest.IsolatedAsyncioTestCase):
    async def test_without_the_package_the_answer_says_what_is_missing(self):
        with mock.patch.dict(sys.modules, {"httpx": None}):
            answer = await Resolver(["https://localhost/dns-query"]).query("example.com", "TXT")
        self.assertEqual(answer.status, Status.TIMEOUT)
        self.assertIn("httpx", answer.detail)
