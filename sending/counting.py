"""What leaves is counted: noted while it is sent, written once its transaction has ended, read by the scheduled check."""

import logging
from collections import Counter

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.modules.registry import Registry

from . import sent_rows
from .unforeseen import follow_unforeseen

_logger = logging.getLogger(__name__)

PENDING = 'mail.domain.health.sent'  # what this transaction sent and has not written yet


class _Noted:
    """What one transaction sent: written once it has ended, however it ended, for the mail has left.

    Not with it: whatever was sent inside a savepoint that is rolled back would be lost.
    """

    def __init__(self, dbname):
        self.dbname = dbname
        self.counts = Counter()
        self.is_written = False

    def write(self):  # pylint: disable=method-required-super
        """Write what was counted, through a cursor of its own. Whatever goes wrong here is not the sender's trouble."""
        counts, self.counts, self.is_written = self.counts, Counter(), True
        if not counts:
            return
        try:
            registry = Registry(self.dbname)
            if PENDING not in registry:  # uninstalled meanwhile
                return
            with registry.cursor() as cr:
                sent_rows.write(Environment(cr, SUPERUSER_ID, {}), counts)
        except Exception:
            _logger.warning("Email Domain Health: %s mails were sent and not counted", counts.total(), exc_info=True)


def note(cr, departure):
    """Count a :class:`Departure`; it is written when this transaction has ended, even if it is undone."""
    noted = cr.postcommit.data.get(PENDING)
    if noted is None or noted.is_written:
        noted = _Noted(cr.dbname)
        for hooks in (cr.postcommit, cr.postrollback):
            hooks.data[PENDING] = noted
            hooks.add(noted.write)
    noted.counts[departure] += 1


def update_paths(env):
    """Write on each path how much it was used; a domain is looked at again when a path of its own came into use.

    Waits for nobody who writes the same rows just now, as a check does: whoever waits for them the other way round would be in a
    deadlock. What is left out is written the next time.
    """
    sent_rows.look_at_unforeseen(env)
    Path = env['mail.domain.health.path'].sudo().with_context(active_test=False)
    used = sent_rows.get_used(env) | follow_unforeseen(Path.env)
    numbers = {
        path: used.get(path.id, (0, path.last_sent))
        for path in Path.search(['|', ('sent_count', '>', 0), ('id', 'in', list(used))])}
    changed = Path.concat(*(
        path for path, number in numbers.items() if (path.sent_count, path.last_sent or None) != (number[0], number[1] or None)))
    turned = changed.filtered(lambda path: bool(path.sent_count) != bool(numbers[path][0]))
    judges = get_free(turned.judge_id)
    changed = get_free(changed.filtered(lambda path: path not in turned or path.judge_id <= judges))
    used_before = {path: path.is_used for path in changed}
    for path in changed:
        path.sent_count, path.last_sent = numbers[path]
    (changed.filtered(lambda path: path.is_used != used_before[path]).judge_id & judges)._mark_outdated()


def get_free(records):
    """Lock those of the records that nobody is writing just now, and return them; waits for none."""
    return records.try_lock_for_update(allow_referencing=True)
