from datetime import timedelta

from odoo import api, fields, models

KEPT_FOR = timedelta(days=14)  # after a record was first seen published, at the latest


class MailDomainHealthRecord(models.Model):
    """A DNS record that somebody is asked to publish, and what was seen of it.

    There is a row once somebody has looked. It is written by the looks alone (:mod:`checking.looking`), in
    transactions of their own, so that nobody's page waits for them.
    """

    _name = 'mail.domain.health.record'
    _description = 'DNS Record to Publish'
    _order = 'sequence, id'
    _rec_name = 'key'

    domain_id = fields.Many2one('mail.domain.health', required=True, readonly=True, index=True, ondelete='cascade')
    key = fields.Char(required=True, readonly=True, help="The same change has the same key (checking.proposals.key_of).")
    sequence = fields.Integer(required=True, readonly=True, help="What does most harm comes first, and stays there.")
    change = fields.Json(required=True, readonly=True, help="As it was proposed (mailauth.change_to_dict).")
    outcome = fields.Json(readonly=True, help="What the last look came to that DNS answered (mailauth: Outcome).")
    asked_on = fields.Datetime(readonly=True, help="When DNS was asked about it last, whoever looked.")
    looked_on = fields.Datetime(readonly=True, help="When the outcome was seen.")
    done_on = fields.Datetime(readonly=True, help="When the zone's own name servers were first seen to have it.")
    visible_on = fields.Datetime(readonly=True, help="When it was first seen as receivers see it.")
    until = fields.Datetime(readonly=True, help="Until when some receivers may hold what was before.")
    followed_on = fields.Datetime(readonly=True, help="When a person looked last: the scheduled looks are counted from then.")
    looks = fields.Integer(readonly=True, help="How many scheduled looks there were since then.")
    next_look = fields.Datetime(readonly=True, index='btree_not_null', help="When the next scheduled look is due.")

    _key_unique = models.UniqueIndex('(domain_id, key)')

    @api.autovacuum
    def _gc_records(self):
        """Forget records that were published long ago, and those that nobody asks about any more."""
        limit = fields.Datetime.now() - KEPT_FOR
        self.search(['|', ('done_on', '<', limit), '&', ('done_on', '=', False), ('asked_on', '<', limit)]).unlink()
