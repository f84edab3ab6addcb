"""What the DNS client makes of servers that answer, fail, lie and fall silent: over real packets."""

from __future__ import annotations

import asyncio
import gc
import socket
import time
import unittest
import warnings
from unittest import mock

from ..dns.answer import Status
from ..dns.nameserver import Nameserver
from ..dns.resolver import Resolver, ask_nameservers, parse_nameservers, probe_nameservers, system_nameservers
from ..dns.session import MAX_SEEN
from .dns_server import DnsServer

ZONES = {
    "example.com": """
        @ 300 IN SOA ns host 1 2 3 4 60
        @ TXT "v=spf1 -all"
        @ 120 MX 10 mail
        mail A 192.0.2.1
        mail AAAA 2001:db8::1
        www 90 CNAME mail
        away CNAME there.example.net.
        dangling CNAME nowhere.example.net.
        nodata CNAME mail
        loop1 CNAME loop2
        loop2 CNAME loop1
        ent.below TXT "x"
        big TXT "{0}" "{0}" "{0}" "{0}" "{0}" "{0}" "{0}"
    """.format("x" * 250),
    "example.net": 'there TXT "v=spf1 +all"\n',
    "chain.test": "".join(f"n{i} CNAME n{i + 1}\n" for i in range(17)) + 'n16 A 192.0.2.1\nn17 TXT "end"\n',
}
SILENT = ("192.0.2.1", 53)


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class ServedTestCase(unittest.IsolatedAsyncioTestCase):
    """A test with a server of :data:`ZONES`."""

    def serve(self, zones=None, **options):
        server = DnsServer(ZONES if zones is None else zones, **options)
        server.start()
        self.addCleanup(server.stop)
        return server

    def silent(self):
        """The address of a server that takes questions and never answers."""
        server = self.serve({})
        server.set_silent(".")
        return server

    def setUp(self):
        self.server = self.serve()

    def resolver(self, *servers, **options):
        addresses = [getattr(server, "address", server) for server in servers] or [self.server.address]
        return Resolver(addresses, **{"timeout": 0.5, "attempts": 2, **options})

    async def ask(self, name, rdtype="TXT", **options):
        return await self.resolver(**options).query(name, rdtype)


class TestFacts(ServedTestCase):
    async def test_records_come_with_ttl_server_and_size(self):
        answer = await self.ask("Example.COM.", "MX")
        self.assertEqual((answer.name, answer.status, answer.ttl), ("example.com", Status.OK, 120))
        self.assertEqual([(mx.preference, mx.host) for mx in answer.records], [(10, "mail.example.com")])
        self.assertEqual(answer.server, "127.0.0.1:%d" % self.server.address[1])
        self.assertGreater(answer.size, 40)
        self.assertTrue(answer.exists)

    async def test_a_name_that_does_not_exist(self):
        answer = await self.ask("no.example.com")
        self.assertEqual((answer.status, answer.ttl, answer.zone), (Status.NXDOMAIN, 60, "example.com"))
        self.assertIs(answer.exists, False)

    async def test_a_name_without_the_type(self):
        answer = await self.ask("mail.example.com")
        self.assertEqual((answer.status, answer.zone, answer.exists), (Status.NODATA, "example.com", True))

    async def test_a_name_that_exists_only_because_of_others_below_it(self):
        self.assertEqual((await self.ask("below.example.com")).status, Status.NODATA)

    async def test_aliases_are_followed_and_remembered(self):
        answer = await self.ask("away.example.com")
        self.assertEqual((answer.texts, answer.aliases), (("v=spf1 +all",), ("there.example.net",)))

    async def test_an_alias_of_nothing_exists_although_its_target_does_not(self):
        answer = await self.ask("dangling.example.com")
        self.assertEqual((answer.status, answer.aliases), (Status.NXDOMAIN, ("nowhere.example.net",)))
        self.assertIs(answer.exists, True)  # RFC 8020 §2

    async def test_a_name_that_cannot_be_asked_is_not_asked(self):
        for name in ("a..b", "x" * 64 + ".example", "", "a\x07b.example", "a\\b.example"):
            with self.subTest(name):
                self.assertEqual((await self.ask(name)).status, Status.BAD_NAME)
        self.assertEqual((await self.ask("example.com", "NOPE")).status, Status.BAD_NAME)
        self.assertEqual(self.server.log, [])

    async def test_an_international_name_is_asked_as_a_labels(self):
        self.server.set_zone("xn--bcher-kva.example", '@ TXT "libri"')
        answer = await self.ask("BÜCHER.example")
        self.assertEqual((answer.name, answer.texts), ("xn--bcher-kva.example", ("libri",)))

    async def test_the_ad_bit_is_told(self):
        self.server.set_signed("example.com")
        self.assertTrue((await self.ask("example.com")).authenticated)
        self.assertFalse((await self.ask("there.example.net")).authenticated)


class TestFailureMatrix(ServedTestCase):
    """Every way of not answering is a failure, and no way of not answering becomes a fact."""

    async def outcomes(self, behaviours, **options):
        """The answer for each behaviour, all asked side by side."""
        zone = "".join(f'n{number} TXT "v=spf1 -all"\n' for number in range(len(behaviours)))
        self.server.set_zone("matrix.test", zone)
        names = [f"n{number}.matrix.test" for number in range(len(behaviours))]
        for name, behaviour in zip(names, behaviours):
            self.server.script(name, "TXT", behaviour)
        resolver = self.resolver(**options)
        async with resolver.batch():
            return await asyncio.gather(*(resolver.query(name, "TXT") for name in names))

    async def test_what_a_server_does_gives_one_status(self):
        expected = {
            "servfail": (Status.SERVFAIL, "SERVFAIL"),
            "formerr": (Status.SERVFAIL, "FORMERR"),
            "notimp": (Status.SERVFAIL, "NOTIMP"),
            "refused": (Status.REFUSED, "REFUSED"),
            "drop": (Status.TIMEOUT, "no answer"),
            "garbage": (Status.SERVFAIL, "cannot be read"),
            "noise": (Status.TIMEOUT, "no answer"),
            "cut:30": (Status.SERVFAIL, "cannot be read"),
            "wrong_id": (Status.TIMEOUT, "no answer"),
            "wrong_question": (Status.TIMEOUT, "do not fit"),
            "query": (Status.TIMEOUT, "do not fit"),
            "referral": (Status.SERVFAIL, "referral"),
            "ede:22": (Status.SERVFAIL, "EDE 22 NO_REACHABLE_AUTHORITY"),
            "truncate-only": (Status.TIMEOUT, "truncated, and over TCP"),
            "wrong_name": (Status.SERVFAIL, "another name"),
            "blocked": (Status.REFUSED, "EDE 15 BLOCKED"),
            "truncate-always": (Status.SERVFAIL, "truncated"),
        }
        answers = await self.outcomes(list(expected), timeout=0.2)
        for (behaviour, (status, detail)), answer in zip(expected.items(), answers):
            with self.subTest(behaviour):
                self.assertEqual((answer.status, answer.records), (status, ()))
                self.assertIn(detail, answer.detail)
                self.assertEqual(answer.server, "127.0.0.1:%d" % self.server.address[1])
                self.assertIsNone(answer.exists)

    async def test_what_a_server_does_that_is_an_answer_all_the_same(self):
        expected = {
            "nxdomain": Status.NXDOMAIN,
            "nodata": Status.NODATA,
            "empty": Status.NODATA,
            "truncate": Status.OK,
            "no_edns": Status.OK,
            "spoofed": Status.OK,
            "delay:0.05": Status.OK,
        }
        for (behaviour, status), answer in zip(expected.items(), await self.outcomes(list(expected))):
            with self.subTest(behaviour):
                self.assertEqual(answer.status, status)

    async def test_an_alias_loop_is_a_failure(self):
        answer = await self.ask("loop1.example.com")
        self.assertEqual(answer.status, Status.SERVFAIL)
        self.assertIn("loop", answer.detail)
        self.assertEqual(self.server.count("loop1.example.com", "TXT"), 1)  # asking again would not help

    async def test_a_chain_of_16_aliases_is_followed_and_one_of_17_is_a_failure(self):
        answer = await self.ask("n0.chain.test", "A")
        self.assertEqual((answer.records, len(answer.aliases)), (("192.0.2.1",), 16))
        self.assertEqual((await self.ask("n0.chain.test")).status, Status.SERVFAIL)
        self.assertEqual((await self.ask("n1.chain.test")).texts, ("end",))

    async def test_nobody_listens(self):
        started = time.monotonic()
        answer = await self.resolver(("127.0.0.1", free_port()), timeout=2.0).query("example.com", "TXT")
        self.assertEqual(answer.status, Status.TIMEOUT)
        self.assertIn("refused", answer.detail)
        self.assertLess(time.monotonic() - started, 1.0)  # known at once, not waited for

    async def test_an_extended_error_is_kept(self):
        self.server.script("example.com", "TXT", "ede:9")
        answer = await self.ask("example.com")
        self.assertEqual((answer.status, answer.extended_errors), (Status.SERVFAIL, (9,)))

    async def test_a_failure_that_passes_is_not_seen(self):
        for behaviour in ("servfail", "drop", "garbage", "refused"):
            with self.subTest(behaviour):
                self.server.script("example.com", "TXT", None)
                self.server.script("example.com", "TXT", behaviour, times=1)
                self.assertEqual((await self.ask("example.com")).status, Status.OK)


class TestAliasesThatStopEarly(ServedTestCase):
    async def test_what_the_server_did_not_follow_is_asked_for(self):
        self.server.script("www.example.com", "A", "records:www.example.com. 30 IN CNAME mail.example.com.")
        answer = await self.ask("www.example.com", "A")
        self.assertEqual((answer.records, answer.aliases, answer.ttl), (("192.0.2.1",), ("mail.example.com",), 30))

    async def test_a_failure_behind_an_alias_is_a_failure(self):
        self.server.script("www.example.com", "A", "records:www.example.com. 30 IN CNAME mail.example.com.")
        self.server.script("mail.example.com", "A", "servfail")
        answer = await self.ask("www.example.com", "A")
        self.assertEqual((answer.name, answer.status), ("www.example.com", Status.SERVFAIL))

    async def test_a_loop_from_answer_to_answer_ends(self):
        self.server.script("a.example.com", "TXT", "records:a.example.com. 30 IN CNAME b.example.com.")
        self.server.script("b.example.com", "TXT", "records:b.example.com. 30 IN CNAME a.example.com.")
        answer = await self.ask("a.example.com")
        self.assertEqual((answer.status, answer.detail), (Status.SERVFAIL, "CNAME loop"))
        self.assertEqual(len(set(self.server.log)), 2)

    async def test_an_endless_chain_ends(self):
        for i in range(40):
            self.server.script(f"e{i}.test", "TXT", f"records:e{i}.test. 30 IN CNAME e{i + 1}.test.")
        self.assertEqual((await self.ask("e0.test")).status, Status.SERVFAIL)
        self.assertLess(len(set(self.server.log)), 20)

    async def test_an_alias_of_a_name_that_cannot_be_asked_is_a_failure(self):
        self.server.script("a.example.com", "TXT", "records:a.example.com. 30 IN CNAME od\\.d.example.com.")
        self.assertEqual((await self.ask("a.example.com")).status, Status.SERVFAIL)


class TestTcp(ServedTestCase):
    async def test_a_long_answer_comes_over_tcp_whole(self):
        answer = await self.ask("big.example.com")
        self.assertEqual(len(answer.texts[0]), 7 * 250)
        self.assertEqual(self.server.transports, ["udp", "tcp"])
        self.assertGreater(answer.size, 7 * 250)

    async def test_without_tcp_a_long_answer_comes_in_a_larger_packet(self):
        """As behind a firewall that lets no TCP through, or Podman's name server before 1.12."""
        server = self.serve(tcp=False)
        resolver = self.resolver(server)
        async with resolver.batch():
            answer = await resolver.query("big.example.com", "TXT")
            self.assertEqual((len(answer.texts[0]), answer.truncated, len(server.log)), (7 * 250, False, 2))
            await resolver.query("big.example.com", "TXT", fresh=True)
        self.assertEqual(len(server.log), 4)

    async def test_without_tcp_and_larger_packets_a_long_answer_is_unknown(self):
        self.server.script("big.example.com", "TXT", "truncate-only")
        answer = await self.resolver(timeout=0.5).query("big.example.com", "TXT")
        self.assertEqual((answer.status, answer.truncated), (Status.TIMEOUT, True))

    async def test_another_server_helps_when_one_has_no_tcp(self):
        answer = await self.resolver(self.serve(tcp=False), self.server).query("big.example.com", "TXT")
        self.assertEqual(answer.status, Status.OK)


class TestSeveralServers(ServedTestCase):
    async def test_the_next_server_is_asked_when_one_fails(self):
        for behaviour in ("servfail", "refused", "garbage", "drop", "wrong_id", "referral"):
            with self.subTest(behaviour):
                other = self.serve({})
                other.script("*", "*", behaviour)
                answer = await self.resolver(other, self.server).query("example.com", "TXT")
                self.assertEqual(answer.texts, ("v=spf1 -all",))
                self.assertEqual(answer.server, "127.0.0.1:%d" % self.server.address[1])

    async def test_the_next_server_is_asked_when_nobody_listens_at_the_first(self):
        answer = await self.resolver(("127.0.0.1", free_port()), self.server).query("example.com", "TXT")
        self.assertEqual(answer.status, Status.OK)

    async def test_a_dead_server_does_not_cost_every_question_its_wait(self):
        resolver = self.resolver(self.silent(), self.server, timeout=0.2)
        started = time.monotonic()
        async with resolver.batch():
            for number in range(20):
                self.assertEqual((await resolver.query(f"n{number}.example.com", "A")).status, Status.NXDOMAIN)
        self.assertLess(time.monotonic() - started, 1.2)  # three waits, not twenty

    async def test_the_most_telling_failure_is_reported_with_all_servers(self):
        failing = self.serve({})
        failing.script("*", "*", "servfail")
        silent = self.silent()
        answer = await self.resolver(silent, failing, timeout=0.1).query("example.com", "TXT")
        self.assertEqual(answer.status, Status.SERVFAIL)
        for server in (silent, failing):
            self.assertIn(f":{server.address[1]}: ", answer.detail)

    async def test_all_silent_ends_in_time(self):
        started = time.monotonic()
        answer = await self.resolver(self.silent(), self.silent(), timeout=0.1).query("example.com", "TXT")
        self.assertEqual(answer.status, Status.TIMEOUT)
        self.assertLess(time.monotonic() - started, 0.6)

    async def test_an_address_that_the_machine_cannot_reach_is_left_for_the_next(self):
        def connect(sock, address):
            if ":" in address[0]:
                raise OSError(101, "Network is unreachable")
            return original(sock, address)

        original = socket.socket.connect
        with mock.patch("socket.socket.connect", connect):
            answer = await self.resolver(("2001:db8::53", 53), self.server).query("example.com", "TXT")
        self.assertEqual(answer.status, Status.OK)

    async def test_without_any_server_the_answer_says_so(self):
        answer = await Resolver([]).query("example.com", "TXT")
        self.assertEqual((answer.status, answer.detail), (Status.TIMEOUT, "no name server is configured"))


class TestAskedOnce(ServedTestCase):
    async def test_the_same_question_at_once_is_asked_once(self):
        self.server.delay = 0.05
        resolver = self.resolver()
        answers = await asyncio.gather(*(resolver.query("example.com", "TXT") for _ in range(30)))
        self.assertEqual({answer.status for answer in answers}, {Status.OK})
        self.assertEqual((len(self.server.log), resolver.questions), (1, 1))

    async def test_one_who_gives_up_does_not_take_the_answer_from_the_others(self):
        self.server.delay = 0.05
        resolver = self.resolver()
        async with resolver.batch():
            first = asyncio.ensure_future(resolver.query("example.com", "TXT"))
            second = asyncio.ensure_future(resolver.query("example.com", "TXT"))
            await asyncio.sleep(0.01)
            first.cancel()
            self.assertEqual((await second).status, Status.OK)

    async def test_a_failure_is_asked_again_only_in_the_next_batch(self):
        self.server.script("example.com", "TXT", "refused")
        resolver = self.resolver(attempts=1)
        async with resolver.batch():
            for _ in range(3):
                self.assertEqual((await resolver.query("example.com", "TXT")).status, Status.REFUSED)
        self.assertEqual(len(self.server.log), 1)
        self.server.clear_scripts()
        self.assertEqual((await resolver.query("example.com", "TXT")).status, Status.OK)

    async def test_a_batch_within_a_batch_is_the_same(self):
        self.server.script("example.com", "TXT", "refused")
        resolver = self.resolver(attempts=1)
        async with resolver.batch() as outer:
            await resolver.query("example.com", "TXT")
            async with resolver.batch() as inner:
                await resolver.query("example.com", "TXT")
            self.assertIs(inner, outer)
            await resolver.query("example.com", "TXT")
        self.assertEqual(len(self.server.log), 1)

    async def test_a_batch_is_of_one_resolver_and_of_one_event_loop(self):
        resolver, other = self.resolver(), self.resolver()

        async def look() -> tuple[float, dict]:
            return resolver.seconds_left, resolver.memory

        outside = resolver.deadline, {}
        async with resolver.batch(3.0):
            resolver.memory["ours"] = True
            self.assertLessEqual(resolver.seconds_left, 3.0)
            self.assertEqual((other.seconds_left, other.memory), outside)
            self.assertEqual(await asyncio.to_thread(asyncio.run, look()), outside)  # it is given our context
            self.assertEqual(resolver.memory, {"ours": True})
        self.assertEqual(await look(), outside)

    async def test_fresh_asks_again(self):
        resolver = self.resolver()
        async with resolver.batch():
            await resolver.query("example.com", "TXT")
            self.server.set_zone("example.com", '@ TXT "new"')
            self.assertEqual((await resolver.query("example.com", "TXT")).texts, ("v=spf1 -all",))
            self.assertEqual((await resolver.query("example.com", "TXT", fresh=True)).texts, ("new",))
            self.assertEqual((await resolver.query("example.com", "TXT")).texts, ("new",))

    async def test_checking_disabled_is_a_question_of_its_own(self):
        self.server.script("example.com", "TXT", "bogus")
        resolver = self.resolver()
        async with resolver.batch():
            self.assertEqual((await resolver.query("example.com", "TXT")).extended_errors, (6,))
            unchecked = await resolver.query("example.com", "TXT", checking_disabled=True)
            self.assertEqual((unchecked.status, unchecked.authenticated), (Status.OK, False))

    async def test_what_was_asked_ahead_is_there_for_who_asks(self):
        questions = [("example.com", "TXT"), ("example.com", "MX"), ("none.example.com", "A")]
        resolver = self.resolver()
        async with resolver.batch():
            ahead = await resolver.ask_ahead(*questions)
            self.assertEqual(sorted(self.server.log), sorted(questions))
            self.assertEqual(await resolver.query_all(*questions), ahead)
        self.assertEqual(len(self.server.log), 3)

    async def test_who_asks_ahead_waits_for_no_silent_server_and_leaves_the_question_on_its_way(self):
        self.server.script("example.com", "MX", "drop", times=2)
        resolver = self.resolver(timeout=3.0)
        async with resolver.batch():
            ahead = await asyncio.wait_for(resolver.ask_ahead(("example.com", "TXT"), ("example.com", "MX")), 2.0)
            self.assertEqual([answer.rdtype for answer in ahead], ["TXT"])
            self.assertEqual((await resolver.query("example.com", "MX")).status, Status.OK)
        self.assertEqual(self.server.count("example.com", "MX"), 3, "the same one, repeated")

    async def test_an_alias_that_the_server_does_not_follow_is_followed_by_who_asks(self):
        self.server.script("www.example.com", "A", "records:www.example.com. 30 IN CNAME mail.example.com.")
        resolver = self.resolver()
        async with resolver.batch():
            self.assertEqual(await resolver.ask_ahead(("www.example.com", "A")), [])
            self.assertEqual((await resolver.query("www.example.com", "A")).records, ("192.0.2.1",))
        self.assertEqual(self.server.count("www.example.com", "A"), 1)

    async def test_without_a_batch_that_remembers_nothing_is_asked_ahead(self):
        self.assertEqual(await self.resolver().ask_ahead(("example.com", "TXT")), [])
        self.assertEqual(self.server.log, [])

    async def test_a_following_alias_shares_its_target(self):
        self.server.script("www.example.com", "A", "records:www.example.com. 30 IN CNAME mail.example.com.")
        resolver = self.resolver()
        async with resolver.batch():
            await asyncio.gather(*(resolver.query(name, "A") for name in ("www.example.com", "mail.example.com") * 5))
        self.assertEqual(sorted(self.server.log), [("mail.example.com", "A"), ("www.example.com", "A")])


class TestCache(ServedTestCase):
    async def answers_at(self, name, seconds):
        """How often a question was sent when it is asked at these times."""
        now = 1000.0
        resolver = self.resolver(clock=lambda: now)
        sent = []
        for at in seconds:
            now = 1000.0 + at
            await resolver.query(name, "TXT")
            sent.append(resolver.questions)
        return sent

    async def test_an_answer_lives_for_its_ttl(self):
        self.server.set_zone("ttl.test", '@ 100 TXT "x"')
        self.assertEqual(await self.answers_at("ttl.test", (0, 99, 101)), [1, 1, 2])

    async def test_a_negative_answer_lives_for_the_minimum_of_the_soa(self):
        self.assertEqual(await self.answers_at("no.example.com", (0, 59, 61)), [1, 1, 2])
        self.assertEqual(await self.answers_at("mail.example.com", (0, 59, 61)), [1, 1, 2])

    async def test_a_negative_answer_without_soa_and_a_ttl_of_zero_are_not_kept(self):
        self.server.script("empty.example.com", "TXT", "empty")
        self.assertEqual(await self.answers_at("empty.example.com", (0, 1)), [1, 2])
        self.server.set_zone("zero.test", '@ 0 TXT "x"')
        self.assertEqual(await self.answers_at("zero.test", (0, 1)), [1, 2])

    async def test_nothing_is_kept_for_longer_than_a_day(self):
        self.server.set_zone("long.test", '@ 1000000 TXT "x"')
        self.assertEqual(await self.answers_at("long.test", (0, 86399, 86401)), [1, 1, 2])

    async def test_an_alias_that_was_followed_by_us_lives_for_the_least_ttl(self):
        self.server.script("away.example.com", "TXT", "records:away.example.com. 30 IN CNAME there.example.net.")
        self.assertEqual(await self.answers_at("away.example.com", (0, 29, 31)), [2, 2, 3])

    async def test_a_fact_known_to_a_batch_does_not_cover_a_failure_that_came_after_it(self):
        resolver = self.resolver(timeout=0.3, attempts=1)
        async with resolver.batch():
            self.assertEqual((await resolver.query("example.com", "MX")).status, Status.OK)
            self.server.script("example.com", "MX", "servfail")
            failed = await resolver.query("example.com", "MX", fresh=True)
            again, (together,) = await resolver.query("example.com", "MX"), await resolver.query_all(("example.com", "MX"))
        self.assertEqual([answer.status for answer in (failed, again, together)], [Status.SERVFAIL] * 3)

    async def test_what_was_asked_afresh_counts_in_its_batch_from_then_on(self):
        self.server.set_zone("turn.test", '@ 900 TXT "before"')
        resolver = self.resolver()
        async with resolver.batch():
            await resolver.query("turn.test", "TXT")
            self.server.set_zone("turn.test", '@ 900 TXT "after"')
            self.assertEqual((await resolver.query("turn.test", "TXT")).texts, ("before",))
            await resolver.query("turn.test", "TXT", fresh=True)
            self.assertEqual((await resolver.query("turn.test", "TXT")).texts, ("after",))

    async def test_in_a_batch_without_end_answers_die_all_the_same(self):
        self.server.set_zone("ttl.test", '@ 700 TXT "x"')
        now = 1000.0
        resolver = self.resolver(clock=lambda: now)
        async with resolver.batch(30 * 86_400.0):
            await resolver.query("ttl.test", "TXT")
            now += 699
            await resolver.query("ttl.test", "TXT")
            self.assertEqual(resolver.questions, 1)
            now += 2
            await resolver.query("ttl.test", "TXT")
            self.assertEqual(resolver.questions, 2)

    async def test_what_a_batch_has_at_hand_is_bounded(self):
        resolver = self.resolver()
        async with resolver.batch() as batch:
            await resolver.query_all(*((f"n{number}.example.com", "TXT") for number in range(MAX_SEEN + 50)))
            self.assertEqual(len(batch.seen), MAX_SEEN)

    async def test_the_cache_is_bounded(self):
        resolver = self.resolver()
        resolver.cache._entries = 10
        async with resolver.batch():
            await asyncio.gather(*(resolver.query(f"n{i}.example.com", "TXT") for i in range(50)))
        self.assertEqual(len(resolver.cache), 10)


class TestDeadline(ServedTestCase):
    async def test_after_the_deadline_every_question_is_unanswered(self):
        self.server.delay = 0.5
        resolver = self.resolver(deadline=0.1, timeout=1.0)
        started = time.monotonic()
        async with resolver.batch() as batch:
            first = await resolver.query("example.com", "TXT")
            second = await resolver.query("example.net", "TXT")
            self.assertTrue(resolver.deadline_passed)
        self.assertEqual([(a.status, a.detail) for a in (first, second)], [(Status.TIMEOUT, "deadline")] * 2)
        self.assertTrue(batch.deadline_passed)
        self.assertLess(time.monotonic() - started, 0.4)

    async def test_what_is_known_is_answered_even_after_the_deadline(self):
        resolver = self.resolver(deadline=0.1)
        async with resolver.batch() as batch:
            await resolver.query("example.com", "TXT")
            await asyncio.sleep(0.15)
            self.assertEqual((await resolver.query("example.com", "TXT")).status, Status.OK)
        self.assertFalse(batch.deadline_passed)

    async def test_two_batches_have_their_own_deadlines_and_share_questions(self):
        self.server.delay = 0.15
        resolver = self.resolver(timeout=1.0)

        async def within(seconds):
            async with resolver.batch(seconds):
                return (await resolver.query("example.com", "TXT")).status

        self.assertEqual(await asyncio.gather(within(0.05), within(2.0)), [Status.TIMEOUT, Status.OK])
        self.assertEqual(len(self.server.log), 1)

    async def test_a_batch_within_a_batch_ends_no_later(self):
        self.server.delay = 0.4
        resolver = self.resolver(timeout=1.0)
        started = time.monotonic()
        async with resolver.batch(0.1), resolver.batch(5.0):
            self.assertEqual((await resolver.query("example.com", "TXT")).detail, "deadline")
        self.assertLess(time.monotonic() - started, 0.3)


    async def test_a_batch_that_begins_after_the_end_of_the_one_around_it_asks_nothing(self):
        resolver = self.resolver()
        async with resolver.batch(0.05):
            await asyncio.sleep(0.1)
            async with resolver.batch(5.0):
                self.assertEqual((await resolver.query("example.com", "TXT")).detail, "deadline")
        self.assertEqual(self.server.log, [])

    async def test_a_batch_that_outlives_the_one_around_it_still_ends(self):
        self.server.delay = 0.4
        resolver = self.resolver(timeout=1.0)

        async def inside():
            async with resolver.batch(5.0):
                return (await resolver.query("example.com", "TXT")).detail

        started = time.monotonic()
        async with resolver.batch(0.1):
            inner = asyncio.create_task(inside())
            await asyncio.sleep(0.01)
        self.assertEqual(await inner, "deadline")
        self.assertLess(time.monotonic() - started, 0.3)


class TestManyQuestions(ServedTestCase):
    async def test_no_more_than_the_limit_are_in_the_air(self):
        self.server.delay = 0.05
        resolver = self.resolver(max_in_flight=5, timeout=1.0)
        started = time.monotonic()
        async with resolver.batch():
            await asyncio.gather(*(resolver.query(f"n{i}.example.com", "TXT") for i in range(20)))
        self.assertGreaterEqual(time.monotonic() - started, 4 * 0.05)

    async def test_a_silent_zone_does_not_hold_up_the_others(self):
        self.server.set_zone("dead.test", '@ TXT "x"')
        self.server.set_silent("dead.test")
        resolver = self.resolver(max_in_flight=10, timeout=1.0, attempts=2)
        async with resolver.batch():
            dead = [asyncio.ensure_future(resolver.query(f"n{i}.dead.test", "TXT")) for i in range(20)]
            await asyncio.sleep(0)
            started = time.monotonic()
            living = await asyncio.gather(*(resolver.query(f"n{i}.example.com", "TXT") for i in range(50)))
            waited = time.monotonic() - started
            for task in dead:
                task.cancel()
            await asyncio.gather(*dead, return_exceptions=True)
        self.assertEqual({answer.status for answer in living}, {Status.NXDOMAIN})
        self.assertLess(waited, 2.5)  # two rounds of the first wait; of full timeouts they would be 4 s

    async def test_error_of_before_that_shows_while_it_is_sent_again_ends_a_question_once(self):
        """The system tells of an unreachable port at the next send: perhaps of the same question's."""
        for number in (1, 2):
            self.server.script(f"n{number}.example.com", "TXT", "drop")
        resolver = self.resolver(timeout=2.0, attempts=1, deadline=5.0)
        async with resolver.batch() as batch:
            server, sent = batch.session.servers[0], []
            send = server.send

            def failing(tail, receiver, attempt):
                sent.append(receiver.name)
                if sent.count("n1.example.com") == 2 and receiver.name == "n1.example.com":
                    receiver.unreachable(attempt, "before")
                    raise OSError("now")
                return send(tail, receiver, attempt)

            server.send = failing
            answers = await resolver.query_all(*((f"n{i}.example.com", "TXT") for i in range(3)))
            self.assertEqual(sent.count("n1.example.com"), 2)
            self.assertFalse(batch.deadline_passed)
        self.assertEqual([answer.status for answer in answers], [Status.NXDOMAIN, Status.TIMEOUT, Status.TIMEOUT])
        self.assertNotEqual(answers[2].detail, "deadline", "its own time ran out, not everybody's")

    async def test_refusals_of_servers_that_are_not_our_resolver_leave_the_number_in_flight(self):
        other = self.serve({"lame.example": "@ SOA ns host 1 3600 600 86400 300\nx TXT y"})
        other.script("x.lame.example", "TXT", "refused")
        resolver = self.resolver(timeout=1.0, deadline=5.0)
        async with resolver.batch() as batch:
            window = batch.session.window
            window.size = window.most
            answer = await resolver.ask_server(Nameserver(*other.address), "x.lame.example", "TXT")
            self.assertEqual(answer.status, Status.REFUSED)
            self.assertEqual(window.size, window.most)

    async def test_a_forwarder_that_refuses_too_many_at_once_answers_all(self):
        """As dnsmasq does (beyond 150): nothing is unknown because of it, and hardly anything is asked twice."""
        self.server.delay = 0.02
        waiting = 0
        answer, send = self.server._answer, self.server._send

        def refusing(query, transport):
            nonlocal waiting
            delay, messages = answer(query, transport)
            waiting += 1
            if waiting > 120:
                messages = [query[:2] + b"\x81\x85" + query[4:6] + bytes(6) + query[12:-11]]
            return delay, messages

        def sending(octets, client):
            nonlocal waiting
            waiting -= 1
            send(octets, client)

        self.server._answer, self.server._send = refusing, sending
        resolver = self.resolver(timeout=2.0, deadline=30.0)
        async with resolver.batch():
            answers = await asyncio.gather(*(resolver.query(f"n{i}.example.com", "TXT") for i in range(1500)))
        self.assertEqual({answer.status for answer in answers}, {Status.NXDOMAIN})
        self.assertTrue(1500 < resolver.questions < 1700, resolver.questions)

    async def test_lost_answers_change_nothing(self):
        server = self.serve(loss=0.1, failures=0.03, seed=3)
        resolver = self.resolver(server, timeout=2.0, deadline=30.0)
        async with resolver.batch():
            answers = await asyncio.gather(*(resolver.query(f"n{i}.example.com", "TXT") for i in range(60)))
        self.assertEqual({answer.status for answer in answers}, {Status.NXDOMAIN})

    async def test_a_silent_server_is_asked_again_before_its_time_is_over(self):
        self.server.script("example.com", "TXT", "drop", times=1)
        resolver = self.resolver(timeout=4.0)
        started = time.monotonic()
        self.assertEqual((await resolver.query("example.com", "TXT")).status, Status.OK)
        self.assertLess(time.monotonic() - started, 1.5)

    async def test_ids_and_ports_vary(self):
        seen = set()
        self.server._readable_before = self.server._answer

        def noting(query, transport):
            seen.add(query[:2])
            return self.server._readable_before(query, transport)

        self.server._answer = noting
        resolver = self.resolver()
        async with resolver.batch():
            await asyncio.gather(*(resolver.query(f"n{i}.example.com", "TXT") for i in range(100)))
        self.assertGreater(len(seen), 90)


class TestLoops(unittest.TestCase):
    def test_one_resolver_serves_several_event_loops_and_leaves_nothing_open(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with DnsServer(ZONES) as server:
                resolver = Resolver([server.address], timeout=0.2)
                for name in ("example.com", "big.example.com", "no.example.com", "example.com"):
                    asyncio.run(resolver.query(name, "TXT"))
                server.script("*", "*", "drop")
                answer = asyncio.run(resolver.query("lost.example.com", "TXT"))
                self.assertEqual(answer.status, Status.TIMEOUT)
                self.assertEqual(resolver._sessions, {})
            gc.collect()

    def test_an_event_loop_that_watches_no_sockets_will_do(self):
        class Proactor(asyncio.SelectorEventLoop):  # as on Windows
            def add_reader(self, *_):
                raise NotImplementedError

        async def main(resolver):
            async with resolver.batch():
                names = ["example.com", "big.example.com", "no.example.com"]
                answers = await asyncio.gather(*(resolver.query(name, "TXT") for name in names))
            return [answer.status for answer in answers]

        loop = Proactor()
        with DnsServer(ZONES) as server:
            dead = ("127.0.0.1", free_port())
            try:
                self.assertEqual(
                    loop.run_until_complete(main(Resolver([dead, server.address], timeout=0.5))),
                    [Status.OK, Status.OK, Status.NXDOMAIN],
                )
                loop.run_until_complete(asyncio.sleep(0))
                self.assertEqual(asyncio.all_tasks(loop), set())
            finally:
                loop.close()

    def test_a_cancelled_run_leaves_nothing_open(self):
        async def main(resolver):
            task = asyncio.ensure_future(resolver.query("example.com", "TXT"))
            await asyncio.sleep(0.05)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task

        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with DnsServer(ZONES, delay=1.0) as server:
                resolver = Resolver([server.address])
                asyncio.run(main(resolver))
                self.assertEqual(resolver._sessions, {})
            gc.collect()


class TestAsk(unittest.IsolatedAsyncioTestCase):
    async def test_the_seam_takes_the_place_of_the_network(self):
        server = DnsServer(ZONES)
        asked = []

        async def ask(query, nameserver, timeout):
            asked.append((str(nameserver), timeout))
            return server._answer(query, "tcp")[1][0]

        resolver = Resolver(["192.0.2.53"], ask=ask)
        self.assertEqual((await resolver.query("example.com", "TXT")).texts, ("v=spf1 -all",))
        self.assertEqual((await resolver.query("big.example.com", "TXT")).status, Status.OK)
        self.assertEqual(asked[0], ("192.0.2.53:53", 2.0))

    async def test_whatever_the_seam_raises_or_returns_is_a_failure(self):
        async def answer(what):
            if isinstance(what, BaseException):
                raise what
            return what

        for what in (OSError("no route"), ValueError("own mistake"), asyncio.TimeoutError(), b"", b"\xff" * 500):
            with self.subTest(repr(what)):
                resolver = Resolver(["192.0.2.53"], ask=lambda *_, what=what: answer(what), timeout=0.1, attempts=1)
                result = await resolver.query("example.com", "TXT")
                self.assertIn(result.status, (Status.TIMEOUT, Status.SERVFAIL))

    async def test_a_seam_that_never_returns_is_a_timeout(self):
        async def ask(*_):
            await asyncio.sleep(60)

        answer = await Resolver(["192.0.2.53"], ask=ask, timeout=0.05, attempts=2).query("example.com", "TXT")
        self.assertEqual(answer.status, Status.TIMEOUT)


class TestNameservers(unittest.TestCase):
    def test_settings_are_read_item_by_item(self):
        servers, problems = parse_nameservers(
            "192.0.2.1, [2001:db8::1]:5353 127.0.0.1:5353;2001:db8::2\nhttps://dns.example/dns-query, 192.0.2.1"
        )
        self.assertEqual(problems, [])
        self.assertEqual(servers, [
            Nameserver("192.0.2.1"), Nameserver("2001:db8::1", 5353), Nameserver("127.0.0.1", 5353),
            Nameserver("2001:db8::2"), Nameserver("dns.example", 443, "https://dns.example/dns-query"),
        ])
        self.assertEqual([str(server) for server in servers[:3]],
                         ["192.0.2.1:53", "[2001:db8::1]:5353", "127.0.0.1:5353"])

    def test_each_item_that_is_none_is_named(self):
        bad = ["dns.example", "192.0.2.1:", "192.0.2.1:99999", "192.0.2.1:x", "192.0.2.256", "[::1", "[::1]5353",
               "[192.0.2.1]:53", "http://dns.example", "https://", "https://[", "https://u:p@dns.example/", "1.2.3.4:0",
               "\u0661.2.3.4", "1.2.3.4:\u0665"]
        servers, problems = parse_nameservers(", ".join([*bad, "192.0.2.7"]))
        self.assertEqual(servers, [Nameserver("192.0.2.7")])
        self.assertEqual(len(problems), len(bad))
        self.assertEqual(problems[:3], bad[:3])

    def test_nothing_is_no_problem(self):
        self.assertEqual(parse_nameservers(" , \n"), ([], []))

    def test_a_programmers_mistake_is_raised(self):
        for wrong in ("dns.example", ("dns.example", 53)):
            with self.subTest(wrong), self.assertRaises(ValueError):
                Resolver([wrong])

    def test_probing_tells_who_does_not_answer_and_why(self):
        refused = ("127.0.0.1", free_port())
        with DnsServer({}) as server, DnsServer({}) as silent, DnsServer({}) as grumpy:
            silent.set_silent(".")
            grumpy.script("*", "*", "refused")  # an answer is an answer
            found = probe_nameservers([server.address, silent.address, grumpy.address, refused], timeout=0.3)
        self.assertEqual({server.port for server in found}, {silent.address[1], refused[1]})
        self.assertIn("no answer", found[Nameserver(*silent.address)])
        self.assertIn("refused", found[Nameserver(*refused)])

    def test_asking_name_servers_tells_what_each_said(self):
        closed = ("127.0.0.1", free_port())
        with DnsServer({".": "@ NS a.root.example."}) as server, DnsServer({}) as grumpy, DnsServer({}) as silent:
            grumpy.script("*", "*", "refused")
            silent.set_silent(".")
            asked = [server.address, grumpy.address, silent.address, closed]
            said = ask_nameservers(asked, timeout=0.3)
        self.assertEqual([found.port for found, _answer, _seconds in said], [port for _host, port in asked])
        self.assertEqual(
            [answer.status for _server, answer, _seconds in said],
            [Status.OK, Status.REFUSED, Status.TIMEOUT, Status.TIMEOUT])
        self.assertIn("refused", said[3][1].detail)
        self.assertTrue(0.3 <= said[2][2] < 2, said[2][2])
        self.assertLess(said[0][2], 0.3)

    def test_the_systems_name_servers_are_read(self):
        import dns.resolver

        with mock.patch.object(dns.resolver, "Resolver", autospec=True) as configured:
            configured.return_value.nameservers = ["192.0.2.53", "2001:db8::53", "not an address"]
            configured.return_value.port = 53
            servers, _ = system_nameservers()
        self.assertEqual(servers, [Nameserver("192.0.2.53"), Nameserver("2001:db8::53")])

    def test_without_a_configuration_of_the_system_questions_are_unanswered_and_say_why(self):
        import dns.resolver

        error = dns.resolver.NoResolverConfiguration("cannot open /etc/resolv.conf")
        with mock.patch.object(dns.resolver, "Resolver", side_effect=error):
            answer = asyncio.run(Resolver().query("example.com", "TXT"))
        self.assertEqual(answer.status, Status.TIMEOUT)
        self.assertIn("the system names no name server", answer.detail)
        self.assertIn("resolv.conf", answer.detail)
