from collections import Counter

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..texts import paths as path_texts
from . import texts

MUTE_DAYS = 90
RETENTION_DAYS = 365


class MailDomainHealthFinding(models.Model):
    """One thing noticed about a domain, for as long as it lasts.

    What makes two the same finding is domain, code, the name concerned and, of several there,
    which one in order; never the parameters: a value that changes is no new alarm.
    """

    _name = 'mail.domain.health.finding'
    _description = 'Email Domain Finding'
    _inherit = ['mail.measured.mixin']
    _order = 'resolved_on desc, severity_rank, code, id'

    domain_id = fields.Many2one('mail.domain.health', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', index='btree_not_null', ondelete='cascade', readonly=True,
        help="Whose mail it is about, where it is about one company's; else it is about the domain.")
    path_ids = fields.Many2many(
        'mail.domain.health.path', 'mail_domain_health_finding_path_rel', 'finding_id', 'path_id', "Ways That Mail Leaves",
        readonly=True)
    code = fields.Char(required=True, readonly=True)
    name = fields.Char("Name Concerned", required=True, readonly=True)
    ordinal = fields.Integer(required=True, readonly=True, default=1)
    area = fields.Char(required=True, readonly=True)
    severity = fields.Selection(
        [('error', "Error"), ('warning', "Warning"), ('info', "Hint")], required=True, readonly=True)
    severity_rank = fields.Integer(compute='_compute_severity_rank', store=True)
    params = fields.Json(readonly=True)
    record = fields.Text(readonly=True)
    first_seen = fields.Datetime(required=True, readonly=True)
    last_seen = fields.Datetime(required=True, readonly=True)
    resolved_on = fields.Datetime("Resolved", readonly=True)
    muted_by_id = fields.Many2one('res.users', ondelete='set null', readonly=True)
    muted_until = fields.Datetime(readonly=True)
    is_muted = fields.Boolean("Muted", compute='_compute_is_muted')
    title = fields.Char(compute='_compute_texts')
    explanation = fields.Text("What It Means", compute='_compute_texts')
    remedy = fields.Text("What to Do", compute='_compute_texts')

    remedy_action = fields.Json(readonly=True, help="What the button next to it does (path_findings).")
    remedy_label = fields.Char(compute='_compute_texts')
    trial = fields.Json(
        readonly=True, prefetch=False, groups='base.group_system',
        help="What came of trying the remedy: {key, outcomes} (mail.domain.health.path, _with_proven_remedies).")

    _identity_unique = models.UniqueIndex('(domain_id, COALESCE(company_id, 0), code, name, ordinal)')

    @api.depends('severity')
    def _compute_severity_rank(self):
        for finding in self:
            finding.severity_rank = {'error': 0, 'warning': 1, 'info': 2}[finding.severity]

    @api.depends('muted_until')
    def _compute_is_muted(self):
        now = fields.Datetime.now()
        for finding in self:
            finding.is_muted = bool(finding.muted_until and finding.muted_until > now)

    @api.depends('code', 'params', 'remedy_action')
    @api.depends_context('lang')
    def _compute_texts(self):
        for finding in self:
            params = {**(finding.params or {}), 'name': finding.name}
            finding.title, finding.explanation, finding.remedy = texts.finding(self.env, finding.code, params)
            finding.remedy_label = path_texts.remedy_label(self.env, finding.remedy_action)

    def action_mute(self):
        """Keep these findings quiet for a while; they stay visible."""
        self.check_access('write')
        self.sudo().write({
            'muted_by_id': self.env.uid,
            'muted_until': fields.Datetime.now() + relativedelta(days=MUTE_DAYS),
        })

    def action_unmute(self):
        self.check_access('write')
        self.sudo().write({'muted_by_id': False, 'muted_until': False})

    @api.model
    def _sync(self, domain, report, now):
        """Make the findings of ``domain`` those of ``report``.

        A finding of an area that DNS did not answer about, or of a code that it left open, is not resolved.
        """
        known = {
            (finding.code, finding.name, finding.ordinal): finding
            for finding in domain.finding_ids if not finding.company_id
        }
        seen, created, occurrences, unchanged = set(), [], Counter(), self.browse()
        for found in report['findings']:
            occurrences[found['code'], found['name']] += 1
            key = (found['code'], found['name'], occurrences[found['code'], found['name']])
            seen.add(key)
            values = {
                'severity': found['severity'], 'area': found['area'], 'params': found['params'],
                'record': found['record'], 'resolved_on': False,
            }
            if key not in known:
                identity = dict(zip(('code', 'name', 'ordinal'), key))
                created.append({'domain_id': domain.id, **identity, 'first_seen': now, 'last_seen': now, **values})
                continue
            finding = known[key]
            if finding.resolved_on:
                values['first_seen'] = now
            if any(finding[name] != value for name, value in values.items()):
                finding.write({**values, 'last_seen': now})
            else:
                unchanged |= finding
        unchanged.last_seen = now
        if created:
            domain._add_rows(self._name, created)
        left_open = report.get('left_open', ())
        for key, finding in known.items():
            if key in seen or finding.resolved_on or finding.code in left_open:
                continue
            if finding.area in report['answered']:
                finding.resolved_on = now

    @api.autovacuum
    def _gc_findings(self):
        """Remove findings that were resolved long ago."""
        self.search([('resolved_on', '<', fields.Datetime.now() - relativedelta(days=RETENTION_DAYS))]).unlink()
