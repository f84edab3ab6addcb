"""A file from a host that a stranger named: public addresses only, nothing but what was asked for, in bounds."""

from __future__ import annotations

import time
import unittest

from ..records.https import MAX_BODY, Fetcher, FetchError, is_public
from .https_server import HttpsServer, ok

HOST = "mta-sts.example.com"


class TestPublic(unittest.TestCase):
    def test_only_addresses_of_the_internet_are_public(self):
        for address in ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"):
            with self.subTest(address):
                self.assertTrue(is_public(address))
        for address in (
            "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
            "255.255.255.255", "224.0.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1",
            "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        ):
            with self.subTest(address):
                self.assertFalse(is_public(address))


class TestFetch(unittest.IsolatedAsyncioTestCase):
    async def fetch(self, server, host=HOST, timeout=1.0, addresses=("127.0.0.1",), **options):
        options = {"context": server.trusting, "allowed": lambda _: True, **options}
        return await Fetcher(timeout, server.port, **options)(host, "/.well-known/mta-sts.txt", addresses)

    async def reason(self, server, **options):
        with self.assertRaises(FetchError) as raised:
            await self.fetch(server, **options)
        return raised.exception.reason

    async def test_the_body_comes_with_status_and_type(self):
        async with HttpsServer([HOST]) as server:
            server.response = ok(b"version: STSv1", "Text/Plain; charset=utf-8")
            response = await self.fetch(server)
        self.assertEqual((response.status, response.content_type, response.body), (200, "text/plain", b"version: STSv1"))
        self.assertTrue(server.requests[0].startswith(b"GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: " + HOST.encode()))

    async def test_bodies_in_chunks_and_until_the_end_are_read(self):
        async with HttpsServer([HOST]) as server:
            server.response = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
            self.assertEqual((await self.fetch(server)).body, b"abcde")
            server.response = b"HTTP/1.0 200 OK\r\n\r\nabc"
            self.assertEqual((await self.fetch(server)).body, b"abc")

    async def test_a_server_that_keeps_the_connection_is_not_waited_for(self):
        async with HttpsServer([HOST]) as server:
            server.response, server.stays_open = ok(b"abc"), True
            started = time.monotonic()
            self.assertEqual((await self.fetch(server, timeout=5.0)).body, b"abc")
            self.assertLess(time.monotonic() - started, 3.0)

    async def test_a_redirect_is_not_followed(self):
        async with HttpsServer([HOST]) as server:
            server.response = b"HTTP/1.1 301 Moved\r\nLocation: https://127.0.0.1/x\r\nContent-Length: 0\r\n\r\n"
            self.assertEqual((await self.fetch(server)).status, 301)
            self.assertEqual(len(server.requests), 1)

    async def test_private_addresses_are_not_connected_to(self):
        async with HttpsServer([HOST]) as server:
            for addresses in (["127.0.0.1"], ["10.0.0.1", "::1"], []):
                with self.subTest(addresses):
                    reason = await self.reason(server, addresses=addresses, allowed=is_public)
                    self.assertEqual(reason, "not_public")
        self.assertEqual(server.requests, [])

    async def test_a_certificate_must_be_the_hosts_trusted_and_in_time(self):
        async with HttpsServer([HOST]) as server:
            self.assertEqual(await self.reason(server, host="mta-sts.example.net"), "certificate")
            self.assertEqual(await self.reason(server, context=None), "certificate")
        async with HttpsServer([HOST], expired=True) as server:
            self.assertEqual(await self.reason(server), "certificate")

    async def test_what_is_too_large_is_not_read_to_its_end(self):
        async with HttpsServer([HOST]) as server:
            for response in (
                ok(b"x" * (MAX_BODY + 1)),
                b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (3 * MAX_BODY),
                b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 10000 + b"\r\n",
            ):
                server.response = response
                with self.subTest(response[:60]):
                    self.assertEqual(await self.reason(server, timeout=3.0), "too_large")

    async def test_a_body_of_64_kib_is_read(self):
        async with HttpsServer([HOST]) as server:
            server.response = ok(b"x" * MAX_BODY)
            self.assertEqual(len((await self.fetch(server, timeout=3.0)).body), MAX_BODY)

    async def test_what_is_no_http_is_no_file(self):
        async with HttpsServer([HOST]) as server:
            for response in (b"", b"\r\n\r\n", b"220 smtp\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n",
                             b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"):
                server.response = response
                with self.subTest(response):
                    self.assertEqual(await self.reason(server), "http")

    async def test_a_body_that_ends_early_is_no_file(self):
        async with HttpsServer([HOST]) as server:
            server.response = b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nabc"
            self.assertEqual(await self.reason(server), "http")

    async def test_silence_ends(self):
        async with HttpsServer([HOST]) as server:
            server.response = None
            started = time.monotonic()
            self.assertEqual(await self.reason(server, timeout=0.3), "timeout")
            self.assertLess(time.monotonic() - started, 2.0)

    async def test_a_closed_port_is_unreachable(self):
        async with HttpsServer([HOST]) as server:
            pass
        self.assertEqual(await self.reason(server), "unreachable")
