
from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from .. import mailauth
from ..checking import history_fold, retention
from ..display.history import get_change_lines, get_changes
from ..texts.durations import duration

LOOKS_BEFORE = 20  # that may have to be read for what a look found anew, where DNS did not answer all of them
REMOVED_AT_ONCE = 10_000


class MailDomainHealthCheck(models.Model):
    """One look at a domain that differed from the look before it, and how long it stayed so.

    Looks that found nothing new are counted: each row knows how many looks there had been (``look_number``) and when the one
    before it was (``look_before``), and with the row after it, or its domain, that tells what followed it. Where rows after it
    were folded (:mod:`checking.history_fold`), ``folded`` tells that.
    """

    _name = 'mail.domain.health.check'
    _description = 'Email Domain Check'
    _inherit = ['mail.harmless.export.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'date'

    domain_id = fields.Many2one('mail.domain.health', required=True, ondelete='cascade')
    date = fields.Datetime("From", required=True, default=fields.Datetime.now)
    until = fields.Datetime(compute='_compute_until', help="When a check found something else. Empty: it is still so.")
    lasted = fields.Char(compute='_compute_until', help="How long no check found anything else.")
    looks = fields.Integer(
        "Checks", compute='_compute_until',
        help="How many checks found it so, this one included. 0: an older version did not count them.")
    last_seen = fields.Datetime(compute='_compute_until', help="When the last of these checks was.")
    look_number = fields.Integer(
        "Check Number", readonly=True, help="How many checks of the domain there had been, this one included.")
    look_before = fields.Datetime("Check Before", readonly=True, help="When the check before this one was.")
    duration = fields.Float("Check Took (s)", digits=(6, 2))
    state = fields.Selection(
        selection=lambda self: self.env['mail.domain.health']._state_selection(), string="Verdict")
    spf_state = fields.Selection(
        selection=lambda self: self.env['mail.domain.health']._state_selection(), string="SPF")
    dkim_state = fields.Selection(
        selection=lambda self: self.env['mail.domain.health']._state_selection(), string="DKIM")
    dmarc_state = fields.Selection(
        selection=lambda self: self.env['mail.domain.health']._state_selection(), string="DMARC")
    records = fields.Json("Records Seen", help="By protocol: the records that were published at that time.")
    left_out = fields.Integer("Records Not Kept", help="More were published than a row of the history has room for.")
    is_complete = fields.Boolean(
        "Complete", help="DNS answered all that was asked, so a record that is not here was not published.")
    answered = fields.Json(
        readonly=True, help="Where DNS did not answer all: the areas of which it did (checking.history_row).")
    folded = fields.Json(readonly=True, help="The changes after it that are not kept (checking.history_fold).")
    folded_count = fields.Integer(
        "Changes Not Kept", compute='_compute_folded_count',
        help="So many changes followed before the next one here. Of a domain that changes all the time, only what was published "
             "when a day ended is kept after a week.")
    records_text = fields.Text("Records", compute='_compute_records_text')
    change = fields.Json(compute='_compute_change')
    change_text = fields.Text("What Changed", compute='_compute_change')

    _by_domain = models.Index('(domain_id, date, id)')

    @api.depends('date', 'domain_id.name')
    @api.depends_context('lang', 'tz')
    def _compute_display_name(self):
        for check in self:
            check.display_name = self.env._(
                "%(domain)s, %(date)s", domain=check.domain_id.display_name,
                date=format_datetime(self.env, check.date, tz=str(self.env.tz)) if check.date else '')

    @api.depends('folded')
    def _compute_folded_count(self):
        for check in self:
            check.folded_count = (check.folded or {}).get('count', 0)

    @api.depends('date', 'domain_id', 'folded')
    @api.depends_context('lang')
    def _compute_until(self):
        self.flush_model(['domain_id', 'date', 'look_number', 'look_before'])
        following = {check_id: (date, number, seen) for check_id, date, number, seen in self.env.execute_query(SQL(
            """
            SELECT look.id, following.date, following.look_number, following.look_before
              FROM mail_domain_health_check look CROSS JOIN LATERAL (
                   SELECT date, look_number, look_before FROM mail_domain_health_check other
                    WHERE other.domain_id = look.domain_id AND (other.date, other.id) > (look.date, look.id)
                 ORDER BY other.date, other.id LIMIT 1) following
             WHERE look.id = ANY(%s)
            """, self.ids))}
        now = fields.Datetime.now()
        for check in self:
            # Of the newest, what its domain says: the next look has the number after that.
            until, number, seen = following.get(check.id) or (False, check.domain_id.looks + 1, check.domain_id.last_check)
            if check.folded:
                until, seen = (fields.Datetime.to_datetime(check.folded[name]) for name in ('date', 'look_before'))
                number = check.folded['look_number']
            check.until, check.last_seen = until, seen
            check.looks = number - check.look_number if number and check.look_number else 0
            check.lasted = duration(self.env, (until or now) - check.date) if check.date else False

    @api.depends('records')
    def _compute_records_text(self):
        for check in self:
            check.records_text = '\n'.join(
                f"{record['name']} {record['type']} {mailauth.in_one_line(record['value'])}" for record in check.records or ())

    @api.depends('date', 'records')
    @api.depends_context('lang')
    def _compute_change(self):
        for checks in self.grouped('domain_id').values():
            oldest = checks.sorted(lambda check: (check.date, check.id or 0))[:1]
            before = self.search([
                ('domain_id', '=', oldest.domain_id.id),
                '|', ('date', '<', oldest.date), '&', ('date', '=', oldest.date), ('id', '<', oldest.id or 0),
            ], limit=LOOKS_BEFORE)
            # Of a domain all that lies between those that are asked about, in one query.
            since = self.search([
                ('domain_id', '=', oldest.domain_id.id), ('date', '>=', oldest.date), ('date', '<=', max(checks.mapped('date')))])
            changes = dict(get_changes((before | since | checks).sorted(lambda check: (check.date, check.id or 0))))
            for check in checks:
                check.change = changes[check]
                check.change_text = '\n'.join(get_change_lines(self.env, changes[check]))

    @api.autovacuum
    def _gc_checks(self):
        """Fold what changes all the time; remove history past its retention, and the oldest of what folds too little.

        What was so when the time that is kept began stays, so that every day of it can be told; so does the newest row.
        """
        self.flush_model()
        folded, is_more = history_fold.fold_old_days(self.env)
        if is_more:  # what is folded need not be removed
            return folded, history_fold.DOMAINS_AT_ONCE
        self.flush_model()
        self.env.cr.execute(SQL(
            """
            DELETE FROM mail_domain_health_check WHERE id IN (
                   SELECT look.id FROM mail_domain_health_check look
                    WHERE look.date < %(limit)s AND EXISTS (
                          SELECT FROM mail_domain_health_check other
                           WHERE other.domain_id = look.domain_id AND other.date <= %(limit)s
                             AND (other.date, other.id) > (look.date, look.id))
                    UNION ALL
                   SELECT look.id FROM (SELECT domain_id FROM mail_domain_health_check
                                      GROUP BY domain_id HAVING count(*) > %(rows)s) many
                    CROSS JOIN LATERAL (SELECT id FROM mail_domain_health_check other WHERE other.domain_id = many.domain_id
                                      ORDER BY date DESC, id DESC OFFSET %(rows)s) look
                    LIMIT %(at_once)s)
            """, limit=retention.get_limit(self.env), rows=history_fold.get_most(self.env), at_once=REMOVED_AT_ONCE))
        removed = self.env.cr.rowcount
        self.env.invalidate_all()
        return folded + removed, REMOVED_AT_ONCE if removed == REMOVED_AT_ONCE else 0
