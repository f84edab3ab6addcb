from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sending.fate import fate, is_better
from ..sending.proof import prove
from ..texts import paths as path_texts
from . import announcement_texts

AREA = 'path'
MAX_EFFECTS = 20  # rows that are shown
# What a remedy may write, after showing it.
CHANGEABLE = {
    'ir.mail_server': ('from_filter',),
    'mail.alias.domain': ('name', 'default_from'),
    'ir.config_parameter': ('value',),
}


class MailDomainHealthFinding(models.Model):
    """Findings about ways that mail leaves: one company's, each with the button that leads to its remedy."""

    _inherit = 'mail.domain.health.finding'

    @api.model
    def _sync_paths(self, companies, rows):
        """Make the findings about the ways of ``companies`` those of ``rows``.

        :param rows: ``(domain record, company, path_findings.PathFinding, what its remedy was tried with)`` each
        """
        now = fields.Datetime.now()
        known = {
            (finding.domain_id, finding.company_id, finding.code, finding.name): finding
            for finding in self.search([('area', '=', AREA), ('company_id', 'in', companies.ids)])
        }
        created, seen = [], set()
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
                    'area': AREA, 'first_seen': now, 'last_seen': now, 'path_ids': [fields.Command.set(found.way_ids)],
                })
                continue
            if finding.resolved_on:
                values['first_seen'] = now
            changed = {name: value for name, value in values.items() if finding[name] != value}
            if set(finding.path_ids.ids) != set(found.way_ids):
                changed['path_ids'] = [fields.Command.set(found.way_ids)]
            if changed:
                finding.write({**changed, 'last_seen': now})
        self.create(created)
        lasting = [finding.id for key, finding in known.items() if key not in seen and not finding.resolved_on]
        self.browse(lasting).write({'resolved_on': now})

    def action_remedy(self):
        """Open the right place, or show what would change: the button next to a finding."""
        self.ensure_one()
        self.check_access('read')
        remedy = self.remedy_action or {}
        if remedy.get('kind') == 'change':
            return {
                'type': 'ir.actions.act_window', 'name': self.title, 'res_model': 'mail.domain.health.remedy',
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
                "Odoo's settings or what was found in DNS have changed since this was offered, and it would not help any "
                "more. Press “Check now” and look again."))
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
