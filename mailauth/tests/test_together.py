"""Running side by side: in order, together, and ended together."""

from __future__ import annotations

import asyncio
import sys
import unittest
from contextvars import ContextVar

from ..together import begin, for_each, together

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

        begun = [begin(sets("a")), begin(sets("b"))]
        self.assertEqual(VALUE.get(), "outside")
        self.assertEqual([await one for one in begun], ["a", "b"])
        self.assertEqual(VALUE.get(), "outside")

    async def test_what_one_raises_ends_the_others(self):
        begun, ended = [], []

        async def endless():
            begun.append(True)
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
                    begun.clear()
                    ended.clear()
                    with self.assertRaises(ValueError):
                        await asyncio.wait_for(together(*coroutines), 10)
                    await asyncio.sleep(0.01)
                    self.assertEqual(len(ended), len(begun))

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

    async def test_what_has_nothing_to_wait_for_is_done_at_once(self):
        async def fails():
            raise ValueError

        if sys.version_info >= (3, 11):
            self.assertEqual(begin(self.at_once("x")).result(), "x")
            self.assertIsInstance(begin(fails()).exception(), ValueError)
        self.assertEqual(await begin(self.at_once("x")), "x")
        with self.assertRaises(ValueError):
            await begin(fails())

    async def test_what_was_begun_can_be_cancelled_and_may_go_on_all_the_same(self):
        async def stubborn():
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                return await self.late("done")

        begun = begin(stubborn())
        await asyncio.sleep(0)
        begun.cancel()
        self.assertEqual(await asyncio.wait_for(begun, 10), "done")

    async def test_what_is_waited_for_may_fail_or_be_there_before_anybody_is_told(self):
        async def waits(future):
            try:
                return await future
            except ValueError:
                return "failed"

        for outcome in ("there", ValueError()):
            future = asyncio.get_running_loop().create_future()
            begun = [begin(waits(future)), begin(waits(future))]
            if isinstance(outcome, str):
                future.set_result(outcome)
            else:
                future.set_exception(outcome)
            self.assertEqual([await one for one in begun], [outcome if isinstance(outcome, str) else "failed"] * 2)

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
