"""One question's way over the name servers, without a network: told what happens, an exchange says what it wants next."""

from __future__ import annotations

import unittest

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from ..dns.answer import Status
from ..dns.exchange import WAIT, Exchange, ServerState, Step
from ..dns.nameserver import Nameserver
from ..dns.window import EVERY, START, Window
from ..dns.wire import RECURSION_DESIRED, SERVFAIL, TXT

NAME = "example.com"


def size(query: bytes) -> int:
    """The largest packet that a query allows; it has no id."""
    return dns.message.from_wire(b"\0\0" + query).payload


def response(rcode: int = 0, *, records: str = '"x"', truncated: bool = False, name: str = NAME) -> bytes:
    """What a server says to the question of these tests."""
    message = dns.message.make_response(dns.message.make_query(name, "TXT"))
    message.set_rcode(rcode)
    if records and not rcode:
        message.answer.append(dns.rrset.from_text(f"{name}.", 300, "IN", "TXT", records))
    if truncated:
        message.flags |= dns.flags.TC
    return message.to_wire()


class TestExchange(unittest.TestCase):
    def exchange(self, *servers: str, attempts: int = 2) -> Exchange:
        self.servers = [ServerState(Nameserver(host)) for host in servers or ("192.0.2.1",)]
        return Exchange(NAME, "TXT", TXT, RECURSION_DESIRED, self.servers, 2.0, attempts)

    def test_an_answer_ends_it(self):
        exchange = self.exchange()
        self.assertEqual(exchange.start(0.0), Step.ASK)
        self.assertEqual((exchange.attempt.server, exchange.wait), (self.servers[0], WAIT))
        self.assertEqual(exchange.on_response(exchange.attempt, response(), 0.1), Step.DONE)
        answer, unfollowed = exchange.outcome
        self.assertEqual((answer.status, answer.texts, answer.server, unfollowed), (Status.OK, ("x",), "192.0.2.1:53", None))

    def test_a_forgery_does_not(self):
        exchange = self.exchange()
        exchange.start(0.0)
        self.assertEqual(exchange.on_response(exchange.attempt, response(name="example.net"), 0.1), Step.LISTEN)
        self.assertIsNone(exchange.outcome)

    def test_silence_asks_the_next_one_and_then_the_first_again_each_time_after_longer(self):
        exchange = self.exchange("192.0.2.1", "192.0.2.2")
        now, asked, waits, step = 0.0, [], [], exchange.start(0.0)
        while step is Step.ASK:
            asked.append(self.servers.index(exchange.attempt.server))
            waits.append(exchange.wait)
            now += exchange.wait
            step = exchange.on_timeout(now)
        self.assertEqual(asked[:4], [0, 1, 0, 1])
        self.assertEqual(waits[:-1], sorted(waits[:-1]))
        self.assertAlmostEqual(now, 2 * 2.0 + WAIT)
        self.assertEqual((step, exchange.outcome[0].status), (Step.DONE, Status.TIMEOUT))
        self.assertEqual([server.silences for server in self.servers], [asked.count(0), asked.count(1)])

    def test_a_failure_asks_the_next_one_at_once_and_the_same_one_after_a_pause(self):
        exchange = self.exchange("192.0.2.1", "192.0.2.2")
        exchange.start(0.0)
        self.assertEqual(exchange.on_response(exchange.attempt, response(SERVFAIL), 0.1), Step.ASK)
        self.assertEqual(exchange.attempt.server, self.servers[1])
        self.assertEqual(exchange.on_response(exchange.attempt, response(SERVFAIL), 0.2), Step.PAUSE)
        self.assertFalse(exchange.is_silent)
        self.assertEqual(exchange.on_timeout(0.2 + exchange.wait), Step.ASK)
        self.assertEqual(exchange.attempt.server, self.servers[0])
        self.assertEqual(exchange.on_response(exchange.attempt, response(), 0.4), Step.DONE)
        self.assertEqual(exchange.outcome[0].status, Status.OK)
        self.assertEqual([server.silences for server in self.servers], [0, 0])

    def test_the_first_may_still_answer_after_the_second_was_asked(self):
        exchange = self.exchange("192.0.2.1", "192.0.2.2")
        exchange.start(0.0)
        first = exchange.attempt
        self.assertEqual(exchange.on_timeout(WAIT), Step.ASK)
        self.assertEqual(exchange.on_response(first, response(), 0.5), Step.DONE)
        self.assertEqual(exchange.outcome[0].server, "192.0.2.1:53")
        self.assertEqual(self.servers[0].silences, 0)

    def test_a_cut_answer_is_asked_for_over_tcp_and_what_comes_there_is_the_answer(self):
        exchange = self.exchange()
        exchange.start(0.0)
        self.assertEqual(exchange.on_response(exchange.attempt, response(records="", truncated=True), 0.1), Step.ASK_TCP)
        self.assertEqual(exchange.on_response(exchange.attempt, response(), 0.2, streamed=True), Step.DONE)
        self.assertEqual(exchange.outcome[0].status, Status.OK)

    def test_what_is_cut_off_and_cannot_be_had_over_tcp_is_asked_for_in_a_larger_packet(self):
        cut = response(records="", truncated=True)
        exchange = self.exchange()
        exchange.start(0.0)
        attempt = exchange.attempt
        self.assertEqual(size(exchange.query()), 1232)
        exchange.on_response(attempt, cut, 0.1)
        self.assertEqual(exchange.on_no_tcp(attempt, "over TCP: refused", 0.2), Step.ASK)
        self.assertEqual(size(exchange.query()), 4096)
        self.assertEqual(exchange.on_response(attempt, cut, 0.3), Step.PAUSE)
        self.assertEqual((exchange.on_timeout(0.4), size(exchange.query())), (Step.ASK, 4096))
        self.assertEqual(exchange.on_response(attempt, cut, 0.5), Step.ASK_TCP)
        self.assertEqual(exchange.on_no_tcp(attempt, "over TCP: refused", 0.6), Step.DONE)
        answer = exchange.outcome[0]
        self.assertEqual((answer.status, answer.detail, answer.truncated), (Status.TIMEOUT, "192.0.2.1:53: over TCP: refused", True))

    def test_that_an_answer_is_truncated_is_said_of_no_server_that_failed_otherwise(self):
        exchange = self.exchange("192.0.2.1", "192.0.2.2")
        self.servers[0].edns = False  # which cannot send larger packets
        exchange.start(0.0)
        first = exchange.attempt
        exchange.on_response(first, response(records="", truncated=True), 0.1)
        exchange.on_no_tcp(first, "over TCP: refused", 0.2)
        step, now = Step.ASK, 0.3
        while step is not Step.DONE:
            if step is Step.ASK_TCP:
                step = exchange.on_no_tcp(exchange.attempt, "over TCP: refused", now)
            elif step is Step.PAUSE:
                step = exchange.on_timeout(now)
            else:
                truncated = exchange.attempt is first
                step = exchange.on_response(
                    exchange.attempt, response(records="", truncated=True) if truncated else response(SERVFAIL), now)
            now += 0.1
        answer = exchange.outcome[0]
        self.assertEqual((answer.status, answer.server, answer.truncated), (Status.SERVFAIL, "192.0.2.2:53", False))

    def test_a_server_without_tcp_is_asked_for_a_larger_packet_first_and_over_tcp_if_that_is_cut_off_too(self):
        cut = response(records="", truncated=True)
        exchange = self.exchange()
        self.servers[0].no_tcp = True
        exchange.start(0.0)
        attempt = exchange.attempt
        self.assertEqual((exchange.on_response(attempt, cut, 0.1), size(exchange.query())), (Step.ASK, 4096))
        self.assertEqual(exchange.on_response(attempt, cut, 0.2), Step.ASK_TCP)
        self.assertEqual(exchange.on_response(attempt, response(), 0.3, streamed=True), Step.DONE)
        self.assertEqual((exchange.outcome[0].status, self.servers[0].no_tcp), (Status.OK, False))

    def test_without_edns_no_larger_packet_can_be_asked_for(self):
        exchange = self.exchange()
        self.servers[0].edns = False
        exchange.start(0.0)
        exchange.on_response(exchange.attempt, response(records="", truncated=True), 0.1)
        self.assertNotEqual(exchange.on_no_tcp(exchange.attempt, "refused", 0.2), Step.ASK)

    def test_a_server_that_does_not_know_edns_is_asked_without(self):
        exchange = self.exchange()
        exchange.start(0.0)
        self.assertEqual(exchange.query()[8:10], b"\x00\x01")
        message = b"\x00\x00\x80\x01" + bytes(8)  # the bare header
        self.assertEqual(exchange.on_response(exchange.attempt, message, 0.1), Step.ASK)
        self.assertEqual(exchange.query()[8:10], b"\x00\x00")
        self.assertFalse(self.servers[0].edns)

    def test_a_dead_server_is_asked_last(self):
        exchange = self.exchange("192.0.2.1", "192.0.2.2")
        self.servers[0].silences = 3
        exchange.start(0.0)
        self.assertEqual(exchange.attempt.server, self.servers[1])

    def test_nobody_to_ask_is_no_answer(self):
        exchange = Exchange(NAME, "TXT", TXT, RECURSION_DESIRED, [], 2.0, 2, "no name server is configured")
        self.assertEqual(exchange.start(0.0), Step.DONE)
        self.assertEqual((exchange.outcome[0].status, exchange.outcome[0].detail),
                         (Status.TIMEOUT, "no name server is configured"))


class TestWindow(unittest.TestCase):
    def test_it_grows_while_all_goes_well_and_no_further_than_the_limit(self):
        window = Window(START + 5)
        for _ in range(20 * EVERY):
            window.answered()
        self.assertEqual(window.size, START + 5)

    def test_a_lost_answer_takes_it_back_to_where_it_began(self):
        window = Window(2 * START)
        for _ in range(20 * EVERY):
            window.answered()
        self.assertEqual(window.size, START + 20)
        window.lost()
        self.assertEqual(window.size, START)

    def test_after_a_refusal_there_are_never_as_many_again(self):
        window = Window(4 * START)
        for _ in range(300 * EVERY):
            window.answered()
        window.refused()
        self.assertEqual(window.size, START)
        for _ in range(300 * EVERY):
            window.answered()
        self.assertEqual(window.size, 3 * START)

    def test_a_limit_below_the_first_size_holds(self):
        window = Window(5)
        for _ in range(20 * EVERY):
            window.answered()
        self.assertEqual(window.size, 5)


if __name__ == "__main__":
    unittest.main()
