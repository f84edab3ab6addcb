"""The decision table, cell by cell, and what is left of it when DNS did not answer."""

from __future__ import annotations

import itertools
import unittest

from ..verdict import (
    REASONS,
    Dkim,
    Enforcement,
    Precondition,
    Spf,
    State,
    path_state,
)

# S \ D: seen, key, no, ?; "relaxed/enforcing" where the policy in force decides.
TABLE = """
aligned  pass     pass     warning       warning
own      pass     warning  warning/fail  warning/unknown
part     warning  warning  warning/fail  warning/unknown
no       warning  warning  fail          unknown
"""
COLUMNS = (Dkim.SEEN, Dkim.KEY, Dkim.NO, Dkim.UNKNOWN_SELECTOR)


def expected_cells():
    cells = {}
    for line in TABLE.strip().splitlines():
        spf, *row = line.split()
        for dkim, cell in zip(COLUMNS, row):
            relaxed, _slash, enforcing = cell.partition("/")
            cells[Spf(spf), dkim, Enforcement.NONE] = State(relaxed)
            cells[Spf(spf), dkim, Enforcement.ENFORCING] = State(enforcing or relaxed)
            without_record = State.WARNING if relaxed == "pass" else State(relaxed)
            cells[Spf(spf), dkim, Enforcement.NO_RECORD] = without_record
    return cells


CELLS = expected_cells()


def subsets(values):
    values = tuple(values)
    for size in range(1, len(values) + 1):
        yield from (frozenset(chosen) for chosen in itertools.combinations(values, size))


class EveryCell(unittest.TestCase):
    def test_table_has_every_combination(self):
        self.assertEqual(len(CELLS), len(Spf) * len(Dkim) * len(Enforcement))

    def test_cell_is_what_the_table_says(self):
        for (spf, dkim, policy), state in CELLS.items():
            with self.subTest(spf=spf, dkim=dkim, policy=policy):
                verdict = path_state({spf}, {dkim}, {policy})
                self.assertEqual(verdict.state, state)
                self.assertEqual((verdict.best, verdict.worst), (state, state))
                self.assertNotIn("dns_unknown", verdict.reasons)

    def test_every_state_but_a_full_pass_has_a_reason(self):
        for (spf, dkim, policy), state in CELLS.items():
            verdict = path_state({spf}, {dkim}, {policy})
            full_pass = state is State.PASS and dkim is Dkim.SEEN and policy is Enforcement.ENFORCING
            self.assertEqual(bool(verdict.reasons), not full_pass, (spf, dkim, policy))
            self.assertLessEqual(set(verdict.reasons), set(REASONS))

    def test_no_record_is_at_best_a_warning_and_says_so(self):
        for spf, dkim in itertools.product(Spf, Dkim):
            verdict = path_state({spf}, {dkim}, {Enforcement.NO_RECORD})
            self.assertIsNot(verdict.state, State.PASS)
            self.assertIn("no_dmarc", verdict.reasons)

    def test_policy_none_with_the_rest_in_order_passes_and_hints_at_the_next_step(self):
        verdict = path_state({Spf.ALIGNED}, {Dkim.SEEN}, {Enforcement.NONE})
        self.assertEqual((verdict.state, verdict.reasons), (State.PASS, ("policy_none_next_step",)))
        warning = path_state({Spf.PART}, {Dkim.SEEN}, {Enforcement.NONE})
        self.assertNotIn("policy_none_next_step", warning.reasons)

    def test_published_key_asks_to_be_proven(self):
        verdict = path_state({Spf.ALIGNED}, {Dkim.KEY}, {Enforcement.ENFORCING})
        self.assertEqual((verdict.state, verdict.reasons), (State.PASS, ("prove_signature",)))

    def test_failure_under_an_enforced_policy_names_the_policy(self):
        for spf in (Spf.OWN, Spf.PART, Spf.NO):
            verdict = path_state({spf}, {Dkim.NO}, {Enforcement.ENFORCING})
            self.assertIs(verdict.state, State.FAIL)
            self.assertIn("policy_enforcing", verdict.reasons)


class Gates(unittest.TestCase):
    def test_each_gate_fails_by_itself(self):
        for gate, spf, dkim, policy in itertools.product(Precondition, Spf, Dkim, Enforcement):
            verdict = path_state({spf}, {dkim}, {policy}, unmet={gate})
            self.assertEqual((verdict.state, verdict.reasons), (State.FAIL, (f"gate:{gate.value}",)))

    def test_gate_that_dns_did_not_tell_is_unknown_unless_the_path_fails_anyway(self):
        for (spf, dkim, policy), state in CELLS.items():
            verdict = path_state({spf}, {dkim}, {policy}, uncertain={Precondition.NULL_MX})
            self.assertIs(verdict.state, State.FAIL if state is State.FAIL else State.UNKNOWN)

    def test_certain_gate_outweighs_anything_unknown(self):
        verdict = path_state((), (), (), unmet={Precondition.DOMAIN_MISSING}, uncertain={Precondition.NULL_MX})
        self.assertIs(verdict.state, State.FAIL)


class WhenDnsDidNotAnswer(unittest.TestCase):
    def test_every_mix_is_its_state_if_all_worlds_agree_and_unknown_otherwise(self):
        for spf, dkim, policy in itertools.product(subsets(Spf), subsets(Dkim), subsets(Enforcement)):
            states = {CELLS[world] for world in itertools.product(spf, dkim, policy)}
            expected = states.pop() if len(states) == 1 else State.UNKNOWN
            verdict = path_state(spf, dkim, policy)
            self.assertIs(verdict.state, expected, (spf, dkim, policy))
            self.assertEqual("dns_unknown" in verdict.reasons, len(spf) * len(dkim) * len(policy) > 1)

    def test_learning_less_keeps_the_state_or_makes_it_unknown(self):
        for spf, dkim, policy in itertools.product(subsets(Spf), subsets(Dkim), subsets(Enforcement)):
            known = path_state(spf, dkim, policy).state
            for more in (
                *((spf | {value}, dkim, policy) for value in Spf),
                *((spf, dkim | {value}, policy) for value in Dkim),
                *((spf, dkim, policy | {value}) for value in Enforcement),
            ):
                self.assertIn(path_state(*more).state, (known, State.UNKNOWN), (spf, dkim, policy, more))

    def test_reasons_of_an_uncertain_verdict_hold_in_every_world(self):
        for spf, dkim, policy in itertools.product(subsets(Spf), subsets(Dkim), subsets(Enforcement)):
            reasons = set(path_state(spf, dkim, policy).reasons) - {"dns_unknown"}
            for world in itertools.product(spf, dkim, policy):
                certain = path_state(*({value} for value in world))
                self.assertLessEqual(reasons, set(certain.reasons))

    def test_nothing_known_stands_for_everything(self):
        self.assertEqual(path_state((), (), ()), path_state(set(Spf), set(Dkim), set(Enforcement)))
        self.assertIs(path_state((), (), ()).state, State.UNKNOWN)

    def test_policy_unknown_does_not_hide_mail_that_fails_at_any_policy(self):
        self.assertIs(path_state({Spf.NO}, {Dkim.NO}, ()).state, State.FAIL)

    def test_the_same_value_twice_is_not_uncertainty(self):
        verdict = path_state([Spf.ALIGNED] * 2, [Dkim.SEEN], [Enforcement.ENFORCING] * 3)
        self.assertEqual((verdict.state, verdict.reasons), (State.PASS, ()))


class Worst(unittest.TestCase):
    def test_worst_orders_fail_warning_unknown_pass_not_needed(self):
        order = [State.FAIL, State.WARNING, State.UNKNOWN, State.PASS, State.NOT_NEEDED]
        for size in range(1, len(order) + 1):
            for states in itertools.permutations(order, size):
                self.assertIs(State.worst(states), min(states, key=order.index))
        self.assertIs(State.worst(()), State.NOT_NEEDED)

    def test_one_is_worse_than_another_as_the_order_says_and_of_the_two_that_are_fine_neither_is(self):
        order = [State.FAIL, State.WARNING, State.UNKNOWN, State.PASS, State.NOT_NEEDED]
        for one, other in itertools.product(order, repeat=2):
            with self.subTest(one=one, other=other):
                self.assertEqual(one.rank > other.rank, order.index(one) < order.index(other))
                fine = {one, other} <= {State.PASS, State.NOT_NEEDED}
                self.assertEqual(one.is_worse_than(other), one.rank > other.rank and not fine)

    def test_policy_of_a_record_finds_its_row(self):
        self.assertIs(Enforcement.of(None), Enforcement.NO_RECORD)
        self.assertIs(Enforcement.of("none"), Enforcement.NONE)
        for policy in ("quarantine", "reject"):
            self.assertIs(Enforcement.of(policy), Enforcement.ENFORCING)


if __name__ == "__main__":
    unittest.main()
