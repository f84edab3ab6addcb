"""The collector is left as it was, whoever comes and goes in which order, and whatever happens."""

from __future__ import annotations

import gc
import threading
import unittest

from ..garbage import THRESHOLD, rare_collections


class TestRareCollections(unittest.TestCase):
    def setUp(self):
        self.before = gc.get_threshold(), gc.get_freeze_count()
        self.addCleanup(gc.set_threshold, *self.before[0])

    def state(self):
        return gc.get_threshold(), gc.get_freeze_count()

    def test_it_runs_less_often_and_not_over_what_is_there(self):
        with rare_collections():
            self.assertEqual(gc.get_threshold(), (THRESHOLD, *self.before[0][1:]))
            self.assertGreater(gc.get_freeze_count(), 1000)
        self.assertEqual(self.state(), self.before)

    def test_an_error_leaves_nothing_behind(self):
        with self.assertRaises(ValueError), rare_collections():
            raise ValueError
        self.assertEqual(self.state(), self.before)

    def test_the_last_to_leave_puts_it_back(self):
        inside, out = threading.Event(), threading.Event()

        def other():
            with rare_collections():
                inside.set()
                out.wait(10)

        thread = threading.Thread(target=other)
        with rare_collections():
            thread.start()
            inside.wait(10)
        self.assertEqual(gc.get_threshold()[0], THRESHOLD)
        out.set()
        thread.join()
        self.assertEqual(self.state(), self.before)

    def test_what_somebody_else_froze_or_switched_off_stays_so(self):
        gc.freeze()
        self.addCleanup(gc.unfreeze)
        frozen = gc.get_freeze_count()
        gc.set_threshold(0)
        with rare_collections():
            self.assertEqual(gc.get_threshold()[0], 0)
        self.assertEqual(gc.get_threshold()[0], 0)
        self.assertGreater(gc.get_freeze_count(), frozen // 2)


if __name__ == "__main__":
    unittest.main()
