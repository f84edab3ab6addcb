"""What no longer is as an earlier proof showed it, and what of that two proofs in a row bear out. Pure; no Odoo, no DNS."""

from collections import namedtuple
from datetime import timedelta

# What one proof showed. ``state`` and the results are the fields of mail.domain.health.proof; ``may_be_service`` tells
# that the address it left from is in the networks that a known service's own SPF record permits, or that DNS left that open.
Facts = namedtuple('Facts', 'state verdict dkim encrypted egress may_be_service')

NOT_ARRIVING = 'proof.not_arriving'
UNVERIFIED = 'proof.unverified'
SIGNATURE_STOPPED = 'proof.signature_stopped'
EGRESS_CHANGED = 'proof.egress_changed'
UNENCRYPTED = 'proof.unencrypted'

ARRIVES_WITHIN = timedelta(hours=24)  # else it did not arrive; greylisting and queues take hours
SECOND_ARRIVES_WITHIN = timedelta(hours=4)  # where the one before it did not
_UNDELIVERED = ('missing', 'returned', 'failed')
_NOT_SIGNED = ('none', 'fail', 'not_aligned')


def find_breaks(before, after, known_egress):
    """Return the codes of what ``after`` shows to be worse than ``before``, the last proof that was as it should be.

    What DNS or the receiver left open breaks nothing, and neither does a mail that no other organization took over.

    :param before: ``Facts`` of a proof that arrived, or ``None``
    :param known_egress: the addresses that earlier proofs left from
    """
    if after.state in _UNDELIVERED:
        return (NOT_ARRIVING,)
    if after.state != 'arrived' or before is None:
        return ()
    found = []
    if before.verdict in ('pass', 'warning') and after.verdict == 'fail':
        found.append(UNVERIFIED)
    if before.dkim == 'pass' and after.dkim in _NOT_SIGNED:
        found.append(SIGNATURE_STOPPED)
    if after.egress and known_egress and after.egress not in known_egress and not after.may_be_service:
        found.append(EGRESS_CHANGED)
    if before.encrypted == 'yes' and after.encrypted == 'no':
        found.append(UNENCRYPTED)
    return tuple(found)


def is_overdue(waited, *, is_second):
    """Whether a mail that left so long ago (timedelta) counts as one that does not arrive."""
    return waited >= (SECOND_ARRIVES_WITHIN if is_second else ARRIVES_WITHIN)


def hold(breaks):
    """Return ``(confirmed, seen once)``, two sets of codes, from what each proof in turn showed, the oldest first.

    What two proofs in a row show is confirmed, and lasts until one no longer shows it.
    """
    confirmed, before = set(), set()
    for codes in map(set, breaks):
        confirmed = codes & (confirmed | before)
        before = codes
    return confirmed, before - confirmed
