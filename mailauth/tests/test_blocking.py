"""The engine in a thread of its own: each thing that it was given comes back."""

from __future__ import annotations

import asyncio
import time
import unittest

from ..blocking import _each
from ..dns.resolver import Resolver

AT_ONCE = 5


class TestEach(unittest.TestCase):
    def test_things_that_arrive_while_all_workers_come_to_their_end_are_looked_at(self):
        """All wait for one answer, which is known to those after them: so it is with names below one zone."""
        answer: asyncio.Future[None] | None = None

        async def look(thing: int) -> int:
            nonlocal answer
            if answer is None:
                answer = asyncio.get_running_loop().create_future()
                asyncio.get_running_loop().call_later(0.05, answer.set_result, None)
            if not answer.done():
                await answer
            time.sleep(0.002)  # noqa: ASYNC251 - as work does, it lets the caller's thread give the next thing
            return thing

        things = list(range(3 * AT_ONCE))  # twice as many as are under way are given at first
        found = []
        for one in _each(Resolver(["127.0.0.1"]), things, look, AT_ONCE, 2.0):
            self.assertIsNotNone(one, f"nobody looks at the last ones: {len(found)} came")
            found.append(one)
        self.assertEqual(sorted(found), things)
