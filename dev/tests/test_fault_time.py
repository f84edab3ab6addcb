"""The event loop of simulated months: silence takes no time, and nobody who answers is taken for silent."""

from __future__ import annotations

import asyncio
import time
import unittest

from fault_time import no_waiting
from mailauth import Resolver
from mailauth.dns.answer import Status
from mailauth.tests.dns_server import DnsServer

ZONES = {"a.example": '@ TXT "whole"'}


class NoWaitingTest(unittest.TestCase):
    def ask(self, server: DnsServer, *names: str, **options):
        """The answers, and how many seconds it took by the clock on the wall and by that of the loop."""

        async def run():
            loop = asyncio.get_running_loop()
            began = loop.time()
            answers = await Resolver([server.address], **options).query_all(*((name, "TXT") for name in names))
            return answers, loop.time() - began

        began = time.monotonic()
        with no_waiting(server.settle):
            answers, seconds = asyncio.run(run())
        return answers, time.monotonic() - began, seconds

    def test_silence_lasts_as_long_as_always_and_takes_no_time(self):
        with DnsServer(ZONES, silent=["b.example"]) as server:
            [answer], took, seconds = self.ask(server, "b.example")
        self.assertIs(answer.status, Status.TIMEOUT)
        self.assertGreaterEqual(seconds, 4.0)
        self.assertLess(took, 2.0)

    def test_server_that_is_slow_because_the_machine_is_busy_is_waited_for(self):
        for transport in ("udp", "tcp"):
            with DnsServer(ZONES) as server:
                if transport == "tcp":
                    server.script("a.example", "TXT", "truncate")
                answers = server._answer

                def answer(query, by, transport=transport, answers=answers):
                    time.sleep(0.6 if by == transport else 0)  # longer than the engine waits until it asks again
                    return answers(query, by)

                server._answer = answer
                [found], _took, _seconds = self.ask(server, "a.example")
            self.assertEqual(found.texts, ("whole",), transport)
            self.assertEqual(server.transports, ["udp"] if transport == "udp" else ["udp", "tcp"])

    def test_many_questions_at_once_are_all_answered_at_the_first_time(self):
        with DnsServer({"d000.example": '@ TXT "whole"'}, silent=["b.example"], alike=["d000.example"]) as server:
            answers, _took, _seconds = self.ask(
                server, *(f"d{number:03}.example" for number in range(500)), "b.example")
            self.assertEqual([answer.texts for answer in answers[:-1]], [("whole",)] * 500)
            self.assertEqual(len(server.log) - server.count("b.example", "TXT"), 500)

    def test_whoever_looks_at_the_clock_until_it_has_gone_on_sees_that_it_does(self):
        """A timer that is due as soon as its instant has come, and finds that it has not passed, is set once more."""
        async def run():
            loop = asyncio.get_running_loop()
            passed, turns = loop.create_future(), []
            due = loop.time() + 0.3

            def look():
                turns.append(loop.time())
                if loop.time() > due or len(turns) > 100:
                    passed.set_result(loop.time() > due)
                else:
                    loop.call_at(due, look)

            loop.call_at(due, look)
            return await passed

        with DnsServer(ZONES) as server, no_waiting(server.settle):
            self.assertTrue(asyncio.run(run()))
            began = time.monotonic()
            asyncio.run(asyncio.sleep(30))
            self.assertLess(time.monotonic() - began, 2)

    def test_a_busy_machine_makes_no_answer_late(self):
        def be_busy():
            time.sleep(0.3)

        async def run():
            loop = asyncio.get_running_loop()
            began = loop.time()
            be_busy()
            return loop.time() - began

        with DnsServer(ZONES) as server, no_waiting(server.settle):
            self.assertLess(asyncio.run(run()), 0.01)
