"""The audit of a week sees what it is there to see."""

from __future__ import annotations

import pytest

from week_audit import (
    CLAIM,
    DUE,
    JUMP,
    LOOK,
    Event,
    conflicts,
    errors,
    is_core_race,
    left_over,
    looked_twice,
    wrong_counts,
    wrong_mails,
)

A, B = "a.example", "b.example"


@pytest.mark.parametrize(("events", "wrong"), [
    ([Event(CLAIM, A, 1), Event(LOOK, A), Event(CLAIM, A, 2), Event(LOOK, A)], 0),
    ([Event(CLAIM, A, 1), Event(CLAIM, B, 1), Event(LOOK, A), Event(LOOK, B)], 0),
    ([Event(CLAIM, A, 1), Event(LOOK, A), Event(LOOK, A, uid=2)], 0),  # a person pressed Check now
    ([Event(CLAIM, A, 1), Event(JUMP), Event(CLAIM, A, 1), Event(LOOK, A)], 0),
    ([Event(CLAIM, A, 1), Event(CLAIM, A, 1), Event(LOOK, A)], 1),
    ([Event(CLAIM, A, 1), Event(LOOK, A), Event(LOOK, A)], 1),
    ([Event(LOOK, A)], 1),
])
def test_a_domain_is_taken_and_looked_at_once_for_one_due_time(events, wrong):
    assert len(looked_twice(events)) == wrong


def test_whoever_takes_a_domain_looks_at_it_or_gives_it_back():
    assert left_over([Event(CLAIM, A, 1), Event(LOOK, A), Event(CLAIM, B, 1), Event(DUE, B)]) == []
    assert left_over([Event(CLAIM, A, 1), Event(LOOK, A), Event(CLAIM, B, 1)]) == [B]


def test_each_mail_arrives_once_at_each_recipient():
    sent, notified = {"1": "c@x.example"}, {"1": 2}
    customer, follower = ("1", "c@x.example"), ("1", "f@x.example")
    assert wrong_mails(sent, notified, [customer, follower]) == []
    assert len(wrong_mails(sent, notified, [customer])) == 1, "a follower's is lost"
    assert len(wrong_mails(sent, {"1": 1}, [follower])) == 1, "the customer's is lost"
    assert len(wrong_mails(sent, notified, [customer, customer])) == 1, "doubled, and the follower's is lost"
    assert len(wrong_mails(sent, notified, [customer, follower, ("2", "c@x.example")])) == 1, "nobody wrote that"


def test_what_is_counted_of_a_domain_is_what_arrived():
    assert wrong_counts({A: 2, B: 1}, [A, B, A]) == []
    assert len(wrong_counts({A: 1, B: 2}, [A, B, A])) == 2


def test_complaints_of_the_add_on_are_found_in_the_log():
    line = "2026-01-01 10:00:00,000 1 {} test odoo.addons.{}: said ERROR"
    ours, core = line.format("ERROR", "mail_domain_health.checking"), line.format("ERROR", "mail.models.mail_mail")
    assert errors(line.format("INFO", "mail_domain_health")) == errors(core) == []
    assert len(errors(f"{ours}\n  more\n{core}\n{ours}")) == 2
    assert len(errors(f'{core}\n  File "addons/mail_domain_health/sending/counting.py"')) == 1, "within its code"
    conflict = f"{ours} bad query\nERROR: could not serialize access due to concurrent update\n"
    assert (errors(conflict), conflicts(conflict)) == ([], 1), "core repeats it"


def test_only_mail_that_cores_queue_sent_first_is_no_disturbance():
    conflict = "psycopg2.errors.SerializationFailure: could not serialize access due to concurrent update"
    assert is_core_race(f"{conflict} ... in send_emails_with_new_cursor")
    assert not is_core_race(conflict)
    assert not is_core_race("KeyError ... in send_emails_with_new_cursor")
