from collections import Counter

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import mailauth
from ..checking import mutes, proposals, quieting, retention
from ..checking.days import day_of
from ..sending.fate import fate, is_better
from ..sending.proof import prove
from ..texts import announcement as announcement_texts
from ..texts import findings
from ..texts import paths as path_texts
from ..texts import quiet as quiet_texts
from ..texts.findings.paths import remedy_label

AREA_PATH = 'path'  # of findings about the sending paths of one company
# Besides all of the area "registration": what lets anybody, or whoever is quick, send as the domain.
SECURITY = frozenset({'spf.include_unregistered', 'spf.plus_all', 'spf.everyone', 'dkim.private_key'})
MAX_EFFECTS = 20  # rows that are shown
# What a remedy may write, after showing it.
CHANGEABLE = {
    'ir.mail_server': ('from_filter',),
    'mail.alias.domain': ('name', 'default_from'),
    'ir.config_parameter': ('value',),
}


class MailDomainHealthFinding(models.Model):
    """One thing noticed about a domain, or about a company's sending paths, for as long as it lasts.

    What makes two the same finding is domain, code, the name concerned and, of several there,
    which one in order; never the parameters: a value that changes is no new alarm.
    """

    _name = 'mail.domain.health.finding'
    _description = 'Email Domain Finding'
    _inherit = ['mail.measured.mixin', 'mail.harmless.export.mixin']
    _order = 'resolved_on desc, severity_rank, code, id'

    domain_id = fields.Many2one('mail.domain.health', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', index='btree_not_null', ondelete='cascade', readonly=True,
        help="The company whose mail it is about; empty if it is about the domain.")
    path_ids = fields.Many2many(
        'mail.domain.health.path', 'mail_domain_health_finding_path_rel', 'finding_id', 'path_id', "Sending Paths",
        readonly=True)
    code = fields.Char(required=True, readonly=True)
    name = fields.Char("DNS Name", required=True, readonly=True)
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
    muted_on = fields.Datetime("Muted Since", readonly=True)
    muted_by_id = fields.Many2one('res.users', ondelete='set null', readonly=True)
    muted_until = fields.Datetime(readonly=True, help="Empty: until it changes or is resolved.")
    mute_reason = fields.Char("Why", readonly=True)
    is_muted = fields.Boolean("Muted", compute='_compute_is_muted', search='_search_is_muted')
    mute_text = fields.Char("Mute", compute='_compute_mute_text')
    title = fields.Char(compute='_compute_texts')
    explanation = fields.Text("What It Means", compute='_compute_texts')
    remedy = fields.Text("What to Do", compute='_compute_texts')
    security_mark = fields.Char("Security", compute='_compute_security_mark', help="Somebody else may take advantage of it.")
    source = fields.Char(compute='_compute_source', help="The rule that it comes from, in the standard's own text.")
    remedy_action = fields.Json(readonly=True, help="What the button next to it does (sending.rules).")
    remedy_label = fields.Char(compute='_compute_remedy_label')
    shows_record = fields.Boolean("Has a Record to Publish", compute='_compute_shows_record')
    trial = fields.Json(
        readonly=True, prefetch=False, groups='base.group_system',
        help="What came of trying the remedy: {key, outcomes} (sending.proof).")

    _lasting = models.Index('(area) WHERE resolved_on IS NULL')
    _identity_unique = models.UniqueIndex('(domain_id, COALESCE(company_id, 0), code, name, ordinal)')

    @api.depends('severity')
    def _compute_severity_rank(self):
        for finding in self:
            finding.severity_rank = {'error': 0, 'warning': 1, 'info': 2}[finding.severity]

    @api.depends('muted_on', 'muted_until')
    def _compute_is_muted(self):
        now = fields.Datetime.now()
        for finding in self:
            finding.is_muted = bool(finding.muted_on and (not finding.muted_until or finding.muted_until > now))

    @api.model
    def _search_is_muted(self, operator, value):
        if operator != 'in':
            return NotImplemented
        muted = fields.Domain('muted_on', '!=', False) & (
            fields.Domain('muted_until', '=', False) | fields.Domain('muted_until', '>', fields.Datetime.now()))
        return muted if True in value else ~muted

    @api.depends('muted_on', 'muted_until', 'muted_by_id')
    @api.depends_context('lang', 'tz')
    def _compute_mute_text(self):
        for finding in self:
            until = finding.muted_until
            finding.mute_text = finding.is_muted and quiet_texts.muted(
                self.env, finding.sudo().muted_by_id.name, until and day_of(self.env, until))

    @api.depends('code', 'params')
    @api.depends_context('lang')
    def _compute_texts(self):
        for finding in self:
            params = {**(finding.params or {}), 'name': finding.name}
            finding.title, finding.explanation, finding.remedy = findings.finding(self.env, finding.code, params)

    @api.depends('title')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for finding in self:
            finding.display_name = finding.title

    @api.depends('remedy_action', 'shows_record')
    @api.depends_context('lang')
    def _compute_remedy_label(self):
        for finding in self:
            finding.remedy_label = self.env._("Show the Record") if finding.shows_record else remedy_label(
                self.env, finding.remedy_action)

    @api.depends('area', 'name', 'resolved_on')
    def _compute_shows_record(self):
        lasting = self.filtered(lambda finding: finding.area != AREA_PATH and not finding.resolved_on)
        proposed = {domain: proposals.get_places(domain) for domain in lasting.domain_id}
        for finding in self:
            finding.shows_record = finding in lasting and (finding.area, finding.name) in proposed[finding.domain_id]

    @api.depends('code')
    @api.depends_context('lang')
    def _compute_security_mark(self):
        for finding in self:
            is_marked = finding.code in SECURITY or (finding.code or '').startswith('registration.')
            finding.security_mark = self.env._("Security") if is_marked else False

    @api.depends('code')
    def _compute_source(self):
        for finding in self:
            rule = mailauth.CODES.get(finding.code)  # what is found in Odoo's configuration is of no standard
            finding.source = rule.source if rule else False

    def action_mute(self):
        """Open the wizard that asks until when these findings are to be quiet, and why; they stay visible."""
        self.check_access('write')
        action = self.env['ir.actions.actions']._for_xml_id('mail_domain_health.mail_domain_health_mute_wizard_action')
        return {**action, 'context': {'active_model': self._name, 'active_ids': self.ids}}

    def action_unmute(self):
        """Take back that these findings are muted."""
        quieting.unmute(self)

    def action_remedy(self):
        """Open the right place, or show what would change: the button next to a finding."""
        self.ensure_one()
        self.check_access('read')
        if self.shows_record:
            return self.domain_id._get_report_action()
        remedy = self.remedy_action or {}
        if remedy.get('kind') == 'change':
            return {
                'type': 'ir.actions.act_window', 'name': self.title, 'res_model': 'mail.domain.health.remedy',
                'views': [(False, 'form')], 'target': 'new', 'context': {'default_finding_id': self.id},
            }
        if remedy.get('kind') == 'contacts':
            return {
                'type': 'ir.actions.act_window', 'name': self.title, 'res_model': 'mail.contact.relaying',
                'views': [(False, 'form')], 'target': 'new', 'context': {'default_finding_id': self.id},
            }
        if remedy.get('kind') == 'open':
            return self._open(remedy['model'], remedy['id'])
        if remedy.get('kind') == 'authors':
            path = self.env['mail.domain.health.path'].browse(remedy['path_id']).exists()
            if path:
                return path.action_open_authors()
        if remedy.get('kind') == 'settings':
            return {**self.env['ir.actions.act_window']._for_xml_id('base_setup.action_general_configuration'),
                    'context': {'module': 'general_settings', 'bin_size': False}}
        if remedy.get('kind') == 'new_server':
            return {
                'type': 'ir.actions.act_window', 'res_model': 'ir.mail_server', 'views': [(False, 'form')],
                'context': {f'default_{name}': value for name, value in (remedy.get('values') or {}).items()},
            }
        if remedy.get('kind') == 'parameters':
            return {
                'type': 'ir.actions.act_window', 'name': self.title, 'res_model': 'ir.config_parameter',
                'views': [(False, 'list'), (False, 'form')], 'domain': [('key', 'in', remedy['keys'])],
            }
        if remedy.get('kind') == 'report':
            domain = self.env['mail.domain.health'].search([('name', '=', remedy['domain'])], limit=1)
            return self._open('mail.domain.health', (domain or self.domain_id).id)
        raise UserError(self.env._("This has changed since it was noticed. Reload the page."))

    def _open(self, model, record_id):
        if not self.env[model].with_context(active_test=False).search([('id', '=', record_id)]):
            raise UserError(self.env._("This has changed since it was noticed. Reload the page."))
        return {
            'type': 'ir.actions.act_window', 'res_model': model, 'res_id': record_id, 'views': [(False, 'form')],
        }

    def _get_changes(self):
        """Return what the remedy would write: ``[(record or empty, values, label, old, new)]``."""
        self.ensure_one()
        changes = []
        for change in (self.remedy_action or {}).get('changes', ()):
            model, field = change['model'], change['field']
            if field not in CHANGEABLE.get(model, ()):
                continue
            if model == 'ir.config_parameter':
                record = self.env[model].search([('key', '=', change['key'])], limit=1)
                values, label = {'key': change['key'], field: change['value']}, \
                    self.env._("System parameter %s", change['key'])
            else:
                record = self.env[model].browse(change['id']).exists()
                if not record:
                    continue
                values = {field: change['value']}
                label = self.env._(
                    "%(record)s: %(field)s", record=record.display_name,
                    field=record._fields[field]._description_string(self.env))
            changes.append((record, values, label, record[field] or '', change['value']))
        return changes

    def _get_effects(self):
        """Try the remedy once more; return whose mail fares better for it: ``[(who, leaves as now, leaves as then)]``, in words.

        :raises UserError: where other mail would fare worse by now, or this would not help any more
        """
        self.ensure_one()
        facts, outcomes = prove(self.env(su=True), self.sudo())
        if not outcomes:
            raise UserError(self.env._(
                "Odoo's settings or the DNS records have changed since this was offered, and it would no longer help. "
                "Press “Check now” and look again."))
        rows = [
            (outcome.author or self.company_id.name, path_texts.leaves(self.env, outcome.before, fate(facts, outcome.before)),
             path_texts.leaves(self.env, outcome.after, fate(facts, outcome.after)))
            for outcome in outcomes if outcome.company_id in self.env.companies.ids and is_better(facts, outcome)]
        return list(dict.fromkeys(rows))[:MAX_EFFECTS]

    def _apply_remedy(self):
        """Write what the remedy would change, with the rights of whoever asks, and tell it in the domain's chatter."""
        body = Markup("<p>%s</p>%s") % (
            self.env._("Changed because of “%s”:", self.title), announcement_texts.settings(self.env, (
                (label, old, new) for _record, _values, label, old, new in self._get_changes())))
        self.domain_id.message_post(body=body, subtype_xmlid='mail.mt_note')
        for record, values, _label, _old, _new in self._get_changes():
            if record:
                record.write({name: value for name, value in values.items() if name != 'key'})
            else:
                self.env['ir.config_parameter'].create(values)

    @api.model
    def _sync(self, domain, report, now, rows):
        """Make the findings of ``domain`` those of ``report``.

        A finding of an area that DNS did not answer about, or of a code that it left open, is not resolved.

        :param Rows rows: takes those that are new
        """
        known = {
            (finding.code, finding.name, finding.ordinal): finding
            for finding in domain.finding_ids if not finding.company_id
        }
        seen, created, occurrences, unchanged, ended = set(), [], Counter(), self.browse(), self.browse()
        for found in report.findings:
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
                ended |= mutes.get_ended(finding, values)
                finding.write({**values, 'last_seen': now})
            else:
                unchanged |= finding
        unchanged.last_seen = now
        rows[self._name] += created
        for key, finding in known.items():
            if key in seen or finding.resolved_on or finding.code in report.left_open:
                continue
            if finding.area in report.answered:
                finding.resolved_on = now
                ended |= mutes.get_ended(finding)
        mutes.end(ended)

    @api.model
    def _sync_paths(self, companies, rows):
        """Make the findings about the sending paths of ``companies`` those of ``rows``.

        :param rows: ``(domain record, company, sending.situation.PathFinding, what its remedy was tried with)`` each
        """
        now = fields.Datetime.now()
        known = {
            (finding.domain_id, finding.company_id, finding.code, finding.name): finding
            for finding in self.search([('area', '=', AREA_PATH), ('company_id', 'in', companies.ids)])
        }
        created, seen, ended = [], set(), self.browse()
        for domain, company, found, trial in rows:
            key = (domain, company, found.code, found.name)
            if key in seen:
                continue
            seen.add(key)
            values = {
                'severity': found.severity, 'params': dict(found.params), 'remedy_action': dict(found.remedy) or False,
                'resolved_on': False, 'trial': trial or False,
            }
            finding = known.get(key)
            if not finding:
                created.append({
                    **values, 'domain_id': domain.id, 'company_id': company.id, 'code': found.code, 'name': found.name,
                    'area': AREA_PATH, 'first_seen': now, 'last_seen': now, 'path_ids': [fields.Command.set(found.path_ids)],
                })
                continue
            if finding.resolved_on:
                values['first_seen'] = now
            changed = {name: value for name, value in values.items() if finding[name] != value}
            if set(finding.path_ids.ids) != set(found.path_ids):
                changed['path_ids'] = [fields.Command.set(found.path_ids)]
            if changed:
                ended |= mutes.get_ended(finding, values)
                finding.write({**changed, 'last_seen': now})
        self.create(created)
        lasting = self.browse([finding.id for key, finding in known.items() if key not in seen and not finding.resolved_on])
        lasting.write({'resolved_on': now})
        mutes.end(ended | mutes.get_ended(lasting))

    @api.autovacuum
    def _gc_findings(self):
        """Remove findings that were resolved long ago."""
        self.search([('resolved_on', '<', retention.get_limit(self.env))]).unlink()
