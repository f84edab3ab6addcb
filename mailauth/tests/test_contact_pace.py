"""How fast questions about domains of others leave: smoothly, no name server gets too many, and who fails is left alone."""

from __future__ import annotations

import asyncio
import math
import time
import unittest

from .. import Resolver, iter_confirmations, iter_contact_domains, sees_dns
from ..contact import QUESTIONS
from ..contact.pace import BURST, MAX_PAUSE, PAUSE, QUESTIONS_PER_ZONE_SERVER, SILENT, Pace, Silence
from ..dns import exchange
from ..dns.answer import Status
from ..dns.nameserver import Nameserver
from ..dns.turns import LATE, Turn, Turns
from .dns_server import DnsServer


class Counted:
    """Stands for a resolver of which only the number of its questions matters."""

    questions = 7
    limits = None

    def limit(self, in_use, others):
        self.limits = in_use, others


class TestPace(unittest.TestCase):
    def setUp(self):
        self.resolver = Counted()
        self.now = 1000.0
        self.pace = Pace(self.resolver, 20, lambda: self.now)

    def test_each_has_its_turn(self):
        self.assertTrue(self.pace.lets(4))
        self.assertFalse(self.pace.lets(4))
        self.now += 0.21
        self.assertTrue(self.pace.lets(4))
        self.assertFalse(self.pace.lets(4))

    def test_what_was_not_asked_in_time_is_not_made_up_for_all_at_once(self):
        self.pace.lets(4)
        self.now += 3600.0
        self.assertEqual([self.pace.lets(4) for _turn in range(9)].count(True), 20 * BURST // 4 + 1)

    def test_messages_that_were_not_expected_count(self):
        self.pace.lets(4)
        self.resolver.questions += 100
        self.now += 4.9
        self.assertFalse(self.pace.lets(4))
        self.now += 0.2
        self.assertTrue(self.pace.lets(4))

    def test_without_a_limit_everything_has_its_turn(self):
        pace = Pace(self.resolver, float("inf"), lambda: self.now)
        self.assertTrue(all(pace.lets(4) for _turn in range(100)))

    def test_others_servers_get_few_questions_however_many_ours_may_get(self):
        for rate, others in ((float("inf"), QUESTIONS_PER_ZONE_SERVER), (20.0, QUESTIONS_PER_ZONE_SERVER), (2.0, 2.0)):
            Pace(self.resolver, rate)
            self.assertEqual(self.resolver.limits, (rate, others))

    def test_things_come_in_their_order_with_nothing_in_between(self):
        found = []
        for thing in self.pace.each(["a", None, "b"], 4):
            found.append(thing)
            self.now += 0.1
        self.assertEqual([thing for thing in found if thing], ["a", "b"])
        self.assertGreaterEqual(found.count(None), 1)


class Clock:
    """An event loop's clock and timers, as fast as the test likes; ``late`` is how late it calls."""

    def __init__(self, late=0.0):
        self.now, self.late, self.timers = 0.0, late, []

    def time(self):
        return self.now

    def call_at(self, when, callback):
        self.timers.append((when, callback))
        return self

    def run(self):
        while self.timers:
            when, callback = self.timers.pop(0)
            self.now = max(self.now, when + self.late)
            callback()


class TestTurns(unittest.TestCase):
    def leave(self, per_second, count, late=0.0, takes=lambda _number: 0.0):
        """When each of so many messages leaves that are all there at once."""
        clock, times = Clock(late), []
        turns = Turns(clock, per_second)

        def send():
            clock.now += takes(len(times))
            times.append(clock.now)

        for _message in range(count):
            turns.wait(Turn(send))
        clock.run()
        self.assertEqual(len(times), count)
        return times

    def most(self, times):
        return max(sum(1 for other in times if 0 <= other - first < 1) for first in times)

    def test_no_second_has_more_than_may_be_and_none_much_fewer(self):
        for per_second in (0.5, 1, 3, 7.5, 20, 500):
            for late in (0.0, 0.001, 0.03):
                with self.subTest(per_second=per_second, late=late):
                    times = self.leave(per_second, 200, late)
                    self.assertLessEqual(self.most(times), math.ceil(per_second))
                    if not late:
                        self.assertGreaterEqual(199 / (times[-1] - times[0]), 0.98 * per_second)

    def test_message_that_leaves_late_is_not_followed_by_too_many(self):
        times = self.leave(20, 200, takes=lambda number: 0.2 if number % 7 == 0 else 0.0)
        self.assertLessEqual(self.most(times), 20)

    def test_what_is_cancelled_never_leaves_and_takes_no_turn(self):
        clock, sent = Clock(), []
        turns = Turns(clock, 10)
        waiting = [Turn(lambda number=number: sent.append((number, clock.now))) for number in range(4)]
        for turn in waiting:
            turns.wait(turn)
        waiting[1].cancel()
        clock.run()
        self.assertEqual([number for number, _now in sent], [0, 2, 3])
        self.assertLess(sent[1][1] - sent[0][1], 0.11)

    def test_who_asks_anew_at_once_knows_nothing_of_what_left_before_and_exceeds_no_second(self):
        for late in (0.0, 0.005, LATE):
            for each in (1, 3, 10, 19):
                with self.subTest(late=late, each=each):
                    clock, times = Clock(late), []
                    for _time in range(60 // each):
                        turns = Turns(clock, 20)
                        for _message in range(each):
                            turns.wait(Turn(lambda times=times, clock=clock: times.append(clock.now)))
                        clock.run()
                    self.assertLessEqual(self.most(times), 20)


class TestSilence(unittest.TestCase):
    def test_it_is_asked_whether_dns_is_there_only_after_many_looks_in_a_row(self):
        silence = Silence()
        for _round in range(3):
            self.assertFalse(any(silence.hears(False) for _look in range(SILENT - 1)))
            self.assertFalse(silence.hears(True))
        for _round in range(2):
            self.assertEqual([silence.hears(False) for _look in range(SILENT)].index(True), SILENT - 1)

    def test_pauses_grow_up_to_some_hours_and_start_anew_once_there_is_an_answer(self):
        silence = Silence()
        pauses = [silence.pause() for _time in range(30)]
        self.assertEqual(pauses[:3], [PAUSE, 2 * PAUSE, 4 * PAUSE])
        self.assertEqual(pauses, sorted(pauses))
        self.assertEqual(pauses[-1], MAX_PAUSE)
        self.assertEqual(Silence(2).pause(), 4 * PAUSE)
        silence.hears(False)
        self.assertEqual(silence.pause(), MAX_PAUSE)
        silence.hears(True)
        self.assertEqual(silence.pause(), PAUSE)


ROOT = "@ SOA a.root. host. 1 3600 600 86400 300\n@ NS a.root.\na.root. A 127.0.0.2\n"
REACHABLE = "@ MX 10 mail\nmail A 198.51.100.9"
HEADER = "@ SOA ns host 1 3600 600 86400 300\n@ NS ns\nns A 127.0.0.2\n"


class TestPackets(unittest.TestCase):
    """What name servers really get."""

    def serve(self, zones, host="127.0.0.1", **options):
        server = DnsServer(zones, host=host, timed=True, **options).start()
        self.addCleanup(server.stop)
        return server

    def test_resolver_gets_no_more_in_any_second_and_not_much_less(self):
        server = self.serve(dict.fromkeys((f"d{number}.test" for number in range(25)), REACHABLE))
        resolver = Resolver([server.address])
        pace, began = Pace(resolver, 40), time.monotonic()
        list(iter_contact_domains(resolver, pace.each([f"d{number}.test" for number in range(25)], QUESTIONS), idle=0.05))
        self.assertLessEqual(server.most_in_a_second(), 40)
        self.assertGreaterEqual(server.most_in_a_second(), 25)
        self.assertGreaterEqual(len(server.times), 75)
        self.assertLess(time.monotonic() - began, 1.5 * 25 * QUESTIONS / 40 + 1)

    def test_repeated_and_streamed_messages_count_too(self):
        server = self.serve({"silent.test": "@ MX 10 mail", "big.test": REACHABLE})
        server.set_silent("silent.test")
        server.script("big.test", "MX", "truncate")
        resolver = Resolver([server.address], timeout=1.0)
        Pace(resolver, 8)
        names = ["silent.test", "big.test", *(f"a{number}.silent.test" for number in range(5))]
        list(iter_contact_domains(resolver, names))
        self.assertLessEqual(server.most_in_a_second(), 8)
        self.assertIn("tcp", server.transports)

    def test_servers_of_a_zone_get_few_questions_however_many_are_allowed(self):
        names = [f"null{number}.test" for number in range(6)]
        zones = {".": ROOT, "control.test": HEADER + "@ MX 10 mail", **dict.fromkeys(names, HEADER + "@ MX 0 .")}
        authority = self.serve(zones, "127.0.0.2", authoritative=True, outside="nxdomain")
        server = self.serve(zones)
        resolver = Resolver([server.address], authority_port=authority.address[1])
        Pace(resolver, float("inf"))
        found = list(iter_confirmations(resolver, names, controls=("control.test",)))
        self.assertEqual({one.opinion.value for one in found}, {"confirmed"})
        self.assertGreaterEqual(len(authority.times), 7)
        self.assertLessEqual(authority.most_in_a_second(), QUESTIONS_PER_ZONE_SERVER)
        self.assertGreater(server.most_in_a_second(), 2 * QUESTIONS_PER_ZONE_SERVER)

    def ask(self, resolver, address, *names):
        """What one zone's server says to the names, one after the other."""

        async def ask():
            async with resolver.batch(60.0):
                return [await resolver.ask_server(Nameserver(*address), name, "TXT") for name in names]

        return [answer.status for answer in asyncio.run(ask())]

    def resting(self, behaviour, count=5, limited=True):
        """A zone's server that behaves like that, asked so often: what was answered, and how many questions arrived."""
        server = self.serve({"zone.test": '@ TXT "here"\nwell TXT "here"'}, "127.0.0.2", authoritative=True)
        server.script("*", "*", behaviour)
        resolver = Resolver([("127.0.0.1", 9)], timeout=0.1, attempts=1)
        if limited:
            resolver.limit(float("inf"), 1000.0)
        answers = self.ask(resolver, server.address, *(f"n{number}.zone.test" for number in range(count)))
        return answers, {name for name, _rdtype in server.log}

    def test_zones_server_that_fails_or_is_silent_is_left_alone_for_a_while(self):
        for behaviour, status in (("servfail", Status.SERVFAIL), ("drop", Status.TIMEOUT)):
            with self.subTest(behaviour):
                answers, asked = self.resting(behaviour)
                self.assertEqual(len(asked), exchange.FAILURES)
                self.assertEqual(answers, [status] * 3 + [Status.TIMEOUT] * 2, "and never a fact")

    def test_server_that_refuses_or_knows_others_is_no_failing_one(self):
        """Or whoever points a domain at somebody's server could keep us from asking that."""
        for behaviour in ("refused", "referral", "nxdomain"):
            with self.subTest(behaviour):
                _answers, asked = self.resting(behaviour)
                self.assertEqual(len(asked), 5)

    def test_watched_domains_ask_a_failing_server_all_the_same(self):
        _answers, asked = self.resting("servfail", limited=False)
        self.assertEqual(len(asked), 5)

    def test_rest_of_a_server_grows_with_each_further_failure_and_ends_with_an_answer(self):
        state = exchange.ServerState(Nameserver("192.0.2.1"))
        rests = []
        for _failure in range(30):
            state.fails(1000.0)
            rests.append(state.rests_until and state.rests_until - 1000.0)
        self.assertEqual(rests[:5], [0.0, 0.0, exchange.REST, 2 * exchange.REST, 4 * exchange.REST])
        self.assertEqual(rests[-1], exchange.MAX_REST)
        server = self.serve({"zone.test": 'well TXT "here"'}, "127.0.0.2", authoritative=True)
        server.script("bad.zone.test", "*", "servfail")
        resolver = Resolver([("127.0.0.1", 9)], timeout=0.1, attempts=1)
        resolver.limit(float("inf"), 1000.0)
        names = [name for number in range(4) for name in (f"x{number}.zone.test", "bad.zone.test")]
        self.assertNotIn(Status.TIMEOUT, self.ask(resolver, server.address, *names))

    def test_domain_with_broken_servers_does_not_slow_the_others(self):
        names = [f"d{number}.test" for number in range(20)]
        server = self.serve(dict.fromkeys((*names, "broken.test"), REACHABLE))
        server.set_silent("broken.test")
        resolver = Resolver([server.address])
        pace, began = Pace(resolver, 400), time.monotonic()
        came = [
            (found.name, time.monotonic() - began)
            for found in iter_contact_domains(resolver, pace.each(["broken.test", *names], QUESTIONS), idle=0.01) if found]
        self.assertEqual(came[-1][0], "broken.test")
        self.assertLess(came[-2][1], 1.5)

    def test_dns_that_only_its_cache_answers_is_not_there(self):
        server = self.serve({".": "@ NS a.root.", "control.test": "@ MX 10 mail"})
        resolver = Resolver([server.address], timeout=0.1, attempts=1)
        self.assertTrue(sees_dns(resolver))
        self.assertTrue(sees_dns(resolver, ("gone.example", "control.test")))
        server.script("*", "A", "servfail")
        self.assertTrue(sees_dns(resolver))
        self.assertFalse(sees_dns(resolver, ("control.test",)))
        server.script("*", "A", "refused")
        self.assertFalse(sees_dns(resolver, ("control.test",)))
        self.assertFalse(server.count("control.test", "A"), "what is asked below them is new each time")


if __name__ == "__main__":
    unittest.main()
