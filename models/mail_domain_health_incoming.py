import time

from odoo import api, fields, models

from ..receiving import following, gathering, queue, reading


class MailDomainHealthIncoming(models.Model):
    """A received mail that is ours, exactly as it came, until it is read or 30 days have passed (``receiving/queue.py``).

    No user sees it: it may hold anything that anybody sent. What is kept of it is in ``mail.domain.health.report``.
    """

    _name = 'mail.domain.health.incoming'
    _description = 'Received Email to Be Read'
    _order = 'id'
    _log_access = False  # who and when would be two foreign keys that a received mail would wait for

    consumer = fields.Char(required=True, help="The model that reads it.")
    recipient = fields.Char()
    received_on = fields.Datetime(required=True, index=True)
    octets = fields.Binary(
        "Email", attachment=False, prefetch=False, help="As it came. Empty: it was too large, or there were too many.")
    size = fields.Integer("Octets", required=True)
    is_verifiable = fields.Boolean(help="These are the octets that came, so that a signature can be verified.")
    is_upload = fields.Boolean()
    user_id = fields.Integer(help="Who uploaded it.")
    attempts = fields.Integer(required=True)
    next_read = fields.Datetime(index='btree_not_null', help="Empty: a person may decide about it.")

    _kept = models.Index('(size) WHERE size > 0')

    @api.model
    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """Have core make nothing of a mail to one of our aliases, where it has it: it is for others, too, and they get it."""
        return ()

    @api.model
    def _cron_read(self):
        """Read waiting mail (:func:`reading.read_waiting`), and follow what it says (:func:`following.follow_due`)."""
        if self.env['mail.domain.health']._is_neutralized():
            return
        env, Cron = self.sudo().env, self.env['ir.cron']
        gathering.read_networks(env)
        time_left = Cron._commit_progress(remaining=queue.count_waiting(env) or 1)
        if not time_left:
            return
        end = time.monotonic() + time_left
        reading.read_waiting(
            env, lambda: time.monotonic() >= end, lambda done, remaining: Cron._commit_progress(done, remaining=remaining))
        following.follow_due(env, lambda: time.monotonic() >= end, Cron._commit_progress)
        if when := queue.get_next(env):
            queue.wake(env, max(when, fields.Datetime.now() + queue.READ_AFTER))
        Cron._commit_progress(remaining=0)

    @api.autovacuum
    def _gc_incoming(self):
        gone = queue.forget_old(self.sudo().env)
        self.env['mail.domain.health.report'].sudo().search([('incoming_id', 'in', gone)]).incoming_id = 0
