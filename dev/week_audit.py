"""What a week left behind, held against what had to be: the half of `dev/test week` that knows neither Odoo nor PostgreSQL.

What was said of domains is judged by :mod:`fault_audit`; here stand claims, looks and mails.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

CLAIM, LOOK, DUE, JUMP = "claim", "look", "due", "jump"
CONFLICT = re.compile(
    "could not serialize access|deadlock detected|duplicate key value violates unique constraint|"
    # core's queue of mails and who sends at once take the same mail, and the second finds it gone
    "Failed processing mail queue.*Record does not exist", re.DOTALL)
# Core sends a person's mail once their transaction is committed, and its queue may take the same mail first: it is sent
# once, and the person is shown PostgreSQL's words. Whoever puts the clock forward makes the queue run at that moment
# again and again.
SENT_BY_QUEUE = "send_emails_with_new_cursor"
OURS = re.compile(r"addons[./]mail_domain_health|mail_domain_health_|Email Domain Health")
SYSTEM = 1  # the user that scheduled actions run as


class Event(NamedTuple):
    """What happened to a domain's row, in order: ``due`` is the time for which it was claimed, ``uid`` who looked."""

    kind: str
    domain: str = ""
    due: object = None
    uid: int = SYSTEM


def looked_twice(events: Iterable[Event]) -> list[str]:
    """Domains that workers took, or looked at, twice for one due time. A jump of time gives all due times new values."""
    wrong: list[str] = []
    claimed: dict[str, object] = {}
    taken: set[str] = set()
    for event in events:
        if event.kind == JUMP:
            claimed.clear()
        elif event.kind == CLAIM:
            if claimed.get(event.domain) == event.due:
                wrong.append(f"{event.domain}: taken twice for {event.due}")
            claimed[event.domain] = event.due
            taken.add(event.domain)
        elif event.kind == LOOK and event.uid == SYSTEM:
            if event.domain not in taken:
                wrong.append(f"{event.domain}: looked at again by a worker that had not taken it")
            taken.discard(event.domain)
    return wrong


def left_over(events: Iterable[Event]) -> list[str]:
    """Domains that a worker took last, and neither looked at nor gave back."""
    last = {event.domain: event.kind for event in events if event.domain}
    return sorted(name for name, kind in last.items() if kind == CLAIM)


def wrong_mails(
    sent: dict[str, str], notified: dict[str, int], arrived: Iterable[tuple[str, str]],
) -> list[str]:
    """Mails that did not arrive once at each recipient.

    ``sent``: by subject, to whom somebody wrote; ``notified``: by subject, how many Odoo says that it mailed in all (it mails
    followers, too); ``arrived``: subject and recipient of each mail that came.
    """
    came = Counter(arrived)
    by_subject = Counter(subject for subject, _recipient in came.elements())
    wrong = [f"{subject}: never came to {recipient}" for subject, recipient in sent.items() if not came[subject, recipient]]
    wrong += [f"{subject}: came {times} times to {recipient}" for (subject, recipient), times in came.items() if times > 1]
    wrong += [f"{subject}: mailed {notified.get(subject, 0)} times, came {by_subject[subject]} times"
              for subject in sorted({*notified, *by_subject}) if notified.get(subject, 0) != by_subject[subject]]
    return wrong


def wrong_counts(counted: dict[str, int], arrived: Iterable[str]) -> list[str]:
    """Domains of authors of which other numbers of mails are counted than arrived."""
    came = Counter(arrived)
    return [f"{name}: {counted.get(name, 0)} counted, {came[name]} arrived"
            for name in sorted({*counted, *came}) if counted.get(name, 0) != came[name]]


def errors(log: str) -> list[str]:
    """What Odoo's log complains of and has to do with the add-on: nobody is to find such a line.

    Two transactions that write the same row are no such thing: core logs it, and one of them is repeated (:func:`conflicts`).
    """
    return [text[:300] for text in _complaints(log) if OURS.search(text) and not CONFLICT.search(text)]


def is_core_race(error: str) -> bool:
    """Whether a person was shown only that core's queue sent their mail first."""
    return SENT_BY_QUEUE in error and bool(CONFLICT.search(error))


def conflicts(log: str) -> int:
    """How often two transactions wrote the same row at once, so that one of them was repeated."""
    return sum(bool(CONFLICT.search(text)) for text in _complaints(log))


def _complaints(log: str) -> list[str]:
    entries = re.split(r"^(?=\d{4}-\d\d-\d\d [\d:,]+ \d+ [A-Z]+ )", log, flags=re.MULTILINE)
    return [entry for entry in entries if re.match(r"\S+ \S+ \d+ (ERROR|CRITICAL) ", entry)]
