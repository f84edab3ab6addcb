"""The audit of `dev/test faults` sees what it is there to see: each way of saying something wrong turns it red."""

from __future__ import annotations

import unittest

import fault_kills
import fault_world
from fault_audit import Look, Open, Outcome, Said, audit
from fault_world import DAY, HOUR, Domain, Span

END = 10 * DAY


def domain(*spans: Span, ttl: float = 1.0) -> Domain:
    """A domain with breaks and troubles."""
    return Domain("d0.example", 1, [span for span in spans if span.kind in ("break", "glitch")],
                  [span for span in spans if span.kind in fault_world.TROUBLES], [(0.0, ttl)],
                  outages=[span for span in spans if span.kind in fault_world.OUTAGES])


def broken(start: float = 2 * DAY, end: float = 4 * DAY, area: str = "spf") -> Span:
    return Span("break", start, end, area, "missing")


def said(time: float, kind: str = "broken", *areas: str) -> Said:
    return Said(time, "d0.example", kind, areas or ("spf",))


def looks(*extra: float) -> list[Look]:
    """A look a day at noon, and further ones."""
    return [Look(time, "d0.example") for time in sorted({*(DAY * day + DAY / 2 for day in range(10)), *extra})]


FIRST, SECOND, WHOLE = 2.5 * DAY, 2.5 * DAY + 10, 4.5 * DAY  # looks at `broken()`
RIGHT = [said(SECOND), said(WHOLE, "recovered")]


class AuditTest(unittest.TestCase):
    def audit(self, one: Domain, messages: list[Said], opened: list[Open] | None = None, *extra: float):
        if opened is None:
            opened = [Open(SECOND, "broken", {"d0.example": 1}), Open(WHOLE, "broken", {})] if messages == RIGHT else []
        return audit([one], looks(SECOND, *extra), messages, opened)

    def test_who_says_all_that_is_true_once_passes(self):
        found = self.audit(domain(broken()), RIGHT)
        self.assertEqual((found.false, found.missed, found.doubled, found.activities), ([], [], [], []))
        self.assertEqual((found.breaks, found.recoveries, found.delays), (1, 1, [SECOND - 2 * DAY]))

    def test_alarm_of_what_is_whole_is_false(self):
        self.assertTrue(self.audit(domain(), [said(SECOND)]).false)

    def test_alarm_of_another_area_is_false(self):
        self.assertTrue(self.audit(domain(broken()), [*RIGHT, said(SECOND, "broken", "dmarc")]).false)
        self.assertTrue(self.audit(domain(broken()), [*RIGHT, said(SECOND, "broken", "gate")]).false)

    def test_message_that_nobody_can_read_is_false(self):
        self.assertTrue(self.audit(domain(broken()), [*RIGHT, said(SECOND, "hello")]).false)

    def test_alarm_while_dns_is_silent_is_false(self):
        for trouble in (Span("dead", FIRST, WHOLE), Span("slow", FIRST, WHOLE), Span("everything", FIRST, WHOLE),
                        Span("lying", FIRST, WHOLE, "spf", "garbage"), Span("lying", FIRST, WHOLE, "spf", "blocked")):
            self.assertTrue(self.audit(domain(broken(), trouble), [said(SECOND)]).false, trouble)

    def test_alarm_that_only_a_lying_resolver_bears_out_is_false(self):
        self.assertTrue(self.audit(domain(Span("lying", DAY, WHOLE, "spf", "nxdomain")), [said(SECOND)]).false)

    def test_alarm_about_servers_that_disagree_is_false(self):
        self.assertTrue(self.audit(domain(broken(), Span("disagree", DAY, WHOLE, "spf", "missing")), [said(SECOND)]).false)

    def test_alarm_at_a_first_look_is_false_while_a_panel_may_still_add(self):
        glitch = Span("glitch", FIRST - 3, FIRST + 5, "spf", "missing")
        self.assertTrue(self.audit(domain(glitch), [said(FIRST)]).false)

    def test_break_that_two_looks_saw_and_nobody_told_is_missed(self):
        found = self.audit(domain(broken()), [])
        self.assertEqual(len(found.missed), 2, "once for its looks, and once for the schedule")
        self.assertEqual((found.delays, found.activities), ([], []), "an alarm that nobody got was not late")

    def test_break_that_one_look_saw_need_not_be_told(self):
        found = audit([domain(broken(2 * DAY, 3 * DAY))], looks(), [], [])
        self.assertEqual((found.false, found.missed), ([], []))

    def test_schedule_that_never_looks_is_seen(self):
        few = [Look(DAY, "d0.example"), Look(9 * DAY, "d0.example")]
        self.assertTrue(audit([domain(broken())], few, [], []).missed)

    def test_break_that_nobody_could_see_need_not_be_told(self):
        for trouble in (Span("dead", DAY, WHOLE), Span("flapping", DAY, WHOLE), Span("everything", DAY, WHOLE)):
            found = self.audit(domain(broken(), trouble), [])
            self.assertEqual((found.false, found.missed), ([], []), trouble)

    def test_recovery_that_was_not_told_is_missed(self):
        self.assertTrue(self.audit(domain(broken()), [said(SECOND)]).missed)

    def test_recovery_while_it_is_broken_or_silent_is_false(self):
        self.assertTrue(self.audit(domain(broken()), [said(SECOND), said(3.5 * DAY, "recovered")]).false)
        silent = domain(broken(), Span("dead", 4 * DAY, 5 * DAY))
        self.assertTrue(self.audit(silent, [said(SECOND), said(WHOLE, "recovered")]).false)

    def test_recovery_of_what_was_never_told_is_false(self):
        self.assertTrue(audit([domain(broken(end=3 * DAY))], looks(), [said(3.5 * DAY, "recovered")], []).false)

    def test_what_is_told_twice_is_seen(self):
        self.assertTrue(self.audit(domain(broken()), [said(SECOND), said(3.5 * DAY), said(WHOLE, "recovered")]).doubled)
        self.assertTrue(self.audit(domain(broken()), [said(SECOND), said(SECOND), said(WHOLE, "recovered")]).doubled)

    def test_old_answer_in_a_cache_is_told_from_what_the_zone_says(self):
        """The resolver still has the broken record an hour after its repair; the zone's own servers know better."""
        one = domain(broken(FIRST - HOUR, FIRST + 5), ttl=4 * HOUR)
        self.assertEqual((one.resolver("spf", SECOND), one.own("spf", SECOND)), ("broken", "whole"))
        self.assertTrue(self.audit(one, [said(SECOND)]).false)

    def test_look_that_the_zones_own_servers_refute_is_no_first_look_at_a_later_break(self):
        glitch = Span("glitch", DAY - 1, DAY + 4, "spf", "missing")
        one = domain(glitch, broken(1.5 * DAY - 1, 1.5 * DAY + 5), ttl=HOUR)
        found = audit([one], looks(DAY, DAY + 10), [], [])
        self.assertEqual((one.own("spf", DAY), one.resolver("spf", DAY + 10), one.own("spf", DAY + 10)), ("broken", "broken", "whole"))
        self.assertEqual((one.resolver("spf", 1.5 * DAY), found.missed), ("broken", []))

    def test_alarms_that_come_late_are_seen_in_many_and_in_one(self):
        for case, delays, is_slow in (
            ("as promised", [14 * HOUR] * 100, False), ("the middle of many", [17 * HOUR] * 100, True),
            ("of few that may be chance", [17 * HOUR] * 14, False), ("more than chance", [22 * HOUR] * 14, True),
            ("one of them", [*[HOUR] * 100, 27 * HOUR], True), ("none", [], False),
        ):
            self.assertEqual(Outcome(delays=delays).is_slow, is_slow, case)

    def test_activities_are_there_once_while_a_break_is_told(self):
        right = [Open(SECOND, "broken", {"d0.example": 1}), Open(WHOLE, "broken", {})]
        for wrong in (right[:1], [Open(SECOND, "broken", {"d0.example": 2}), right[1]], [Open(FIRST, "broken", {"d0.example": 1})]):
            wrong = [*wrong, *(() if wrong != right[:1] else [Open(5 * DAY, "broken", {"d0.example": 1})])]
            self.assertTrue(self.audit(domain(broken()), RIGHT, wrong).activities, wrong)

    def test_domain_that_answers_is_not_called_unseen(self):
        seen = [Open(5.5 * DAY, "unseen", {"d0.example": 1})]
        dead, outage = Span("dead", 4 * DAY, 6 * DAY), Span("everything", 4 * DAY, 6 * DAY)
        self.assertTrue(self.audit(domain(), [], seen).activities)
        self.assertTrue(self.audit(domain(outage), [], seen).activities)
        self.assertTrue(self.audit(domain(Span("dead", 5.2 * DAY, 6 * DAY)), [], seen).activities)
        self.assertEqual(self.audit(domain(dead), [], seen).activities, [])
        for early, is_wrong in ((0.01, False), (0.1, True)):
            told = [Open(5.5 * DAY - early, "unseen", {"d0.example": 1})]
            self.assertEqual(bool(self.audit(domain(dead), [], told, 5.5 * DAY - early).activities), is_wrong, early)
        part = Span("everything", 4 * DAY, 5 * DAY)  # it was silent for none of its own looks but the last
        self.assertTrue(self.audit(domain(Span("dead", 5 * DAY, 6 * DAY), part), [], seen).activities)

    def test_domain_that_does_not_answer_for_a_day_has_to_be_called_unseen_or_lost(self):
        later = 5.5 * DAY + 60  # the looks are at noon: a day and an hour after the first of them that was silent
        for spans, is_due in (
            ((Span("dead", 4 * DAY, 6 * DAY),), True), ((Span("slow", 4 * DAY, 6 * DAY),), True), ((), False),
            ((Span("dead", 4.6 * DAY, 6 * DAY),), False), ((Span("dead", 4 * DAY, 6 * DAY), Span("everything", 5 * DAY, 6 * DAY)), False),
        ):
            for kind in ("unseen", "lost"):
                told = [Open(later, kind, {"d0.example": 1}), Open(6.5 * DAY, kind, {})]
                self.assertEqual(bool(self.audit(domain(*spans), [], [], later).activities), is_due, spans)
                if is_due:
                    self.assertEqual(self.audit(domain(*spans), [], told, later).activities, [])
                    self.assertTrue(self.audit(domain(*spans), [], [Open(later, "broken", {})], later).activities)


class WorldTest(unittest.TestCase):
    def test_seed_gives_the_same_world_again(self):
        self.assertEqual(fault_world.build(3, 20, 30), fault_world.build(3, 20, 30))
        self.assertNotEqual(fault_world.build(3, 20, 30), fault_world.build(4, 20, 30))

    def test_every_trouble_and_every_break_happens(self):
        world = fault_world.build(1, 200, 30)
        self.assertEqual({span.kind for one in world for span in one.troubles}, set(fault_world.TROUBLES))
        self.assertEqual({(span.area, span.how) for one in world for span in one.breaks},
                         {(area, how) for area, hows in fault_world.BROKEN.items() for how in hows})
        self.assertEqual({span.kind for span in world[0].outages}, set(fault_world.OUTAGES))

    def test_nobody_denies_a_record_while_those_who_know_better_are_closed(self):
        for one in fault_world.build(2, 200, 60):
            for lie in (span for span in one.troubles if span.kind == "lying" and span.how in fault_world.DENIALS):
                for time in (lie.start, (lie.start + lie.end) / 2, lie.end - 1):
                    self.assertNotEqual(one.own(lie.area, time) if not one.outage("everything", time) else "", "silent")


class KillsAuditTest(unittest.TestCase):
    """What is stored after processes were killed: each change once, whatever was done again."""

    BEFORE = {"messages": {"a": 2}, "history": {"a": 3, "b": 1}, "activities": {}, "findings": {}}

    def audit(self, **after: dict[str, int]):
        right = {"messages": {"a": 3}, "history": {"a": 4, "b": 1}, "activities": {"a": 1}, "findings": {"a": 1}}
        return fault_kills.audit(["a", "b"], {"a"}, {"a"}, self.BEFORE, {**right, **after})

    def test_each_change_once_passes(self):
        self.assertEqual(self.audit(), ([], []))

    def test_what_is_missing_is_lost(self):
        for kind, counts in (("messages", {"a": 2}), ("history", {"a": 3, "b": 1}), ("activities", {}), ("findings", {})):
            lost, doubled = self.audit(**{kind: counts})
            self.assertEqual((len(lost), doubled), (1, []), kind)

    def test_what_is_there_again_is_doubled(self):
        for kind, counts in (("messages", {"a": 4}), ("messages", {"a": 3, "b": 1}), ("history", {"a": 5, "b": 1}),
                             ("activities", {"a": 2}), ("activities", {"a": 1, "b": 1}), ("findings", {"a": 2})):
            lost, doubled = self.audit(**{kind: counts})
            self.assertEqual((lost, len(doubled)), ([], 1), (kind, counts))


if __name__ == "__main__":
    unittest.main()
