"""Running side by side: in order, together, and ended together."""

from __future__ import annotations

import asyncio
import unittest
from contextvars import ContextVar

from ..together import for_each, together

VALUE: ContextVar[str] = ContextVar("value", default="outside")


class TestTogether(unittest.IsolatedAsyncioTestCase):
    async def at_once(self, result):
        return result

    async def late(self, result, seconds=0.01):
        await asyncio.sleep(seconds)
        return result

    async def test_results_come_in_the_order_of_what_was_given(self):
        self.assertEqual(await together(), [])
        self.assertEqual(await together(self.late(1, 0.03), self.at_once(2), self.late(3), asyncio.ensure_future(self.late(4)), self.late(5)), [1, 2, 3, 4, 5])

    async def test_several_wait_for_the_same(self):
        shared = asyncio.ensure_future(self.late("x"))

        async def waits():
            return await shared

        self.assertEqual(await together(waits(), waits(), waits()), ["x"] * 3)
        self.assertEqual(await shared, "x")

    async def test_a_turn_given_away_is_no_end(self):
        async def patient():
            for _ in range(3):
                await asyncio.sleep(0)
            return "done"

        self.assertEqual(await together(patient(), patient()), ["done"] * 2)

    async def test_each_has_a_context_of_its_own(self):
        async def sets(value):
            token = VALUE.set(value)
            await asyncio.sleep(0.01)
            seen = VALUE.get()
            VALUE.reset(token)
            return seen

        begun = [asyncio.ensure_future(sets("a")), asyncio.ensure_future(sets("b"))]
        self.assertEqual(VALUE.get(), "outside")
        self.assertEqual([await one for one in begun], ["a", "b"])
        self.assertEqual(VALUE.get(), "outside")

    async def test_what_one_raises_ends_the_others(self):
        ended = []

        async def endless():
            try:
                await asyncio.sleep(60)
            finally:
                ended.append(True)

        async def fails(wait):
            if wait:
                await asyncio.sleep(0)
            raise ValueError

        for wait in (False, True):
            for last in (False, True):
                coroutines = [endless(), fails(wait), endless(), self.late(1)]
                if last:
                    coroutines.append(coroutines.pop(1))
                with self.subTest(wait=wait, last=last):
                    ended.clear()
                    with self.assertRaises(ValueError):
                        await asyncio.wait_for(together(*coroutines), 10)
                    await asyncio.sleep(0.01)
                    self.assertEqual(len(ended), 0 if last and not wait else 2, "those that had begun")

    async def test_who_gives_up_ends_all(self):
        ended = []

        async def endless():
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                ended.append(True)
                raise

        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(together(endless(), endless()), 0.05)
        await asyncio.sleep(0.01)
        self.assertEqual(len(ended), 2)

    async def test_no_more_run_than_were_allowed(self):
        running = most = 0

        async def one(thing):
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1
            return thing * 2

        self.assertEqual(await for_each(one, range(20), 3), [2 * thing for thing in range(20)])
        self.assertEqual(most, 3)


if __name__ == "__main__":
    unittest.main()
