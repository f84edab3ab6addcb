from odoo import api, fields, models

from ..texts import sender as sender_texts
from . import texts
from .ir_config_parameter import LEGACY_PARAMETERS


class MailDomainHealth(models.Model):
    """What the screens show of a domain, made of stored values only: no DNS is asked here."""

    _inherit = 'mail.domain.health'

    state_rank = fields.Integer(compute='_compute_state_rank', store=True, help="Orders lists: what fails comes first.")
    overview = fields.Json(compute='_compute_overview')
    records_seen = fields.Json(compute='_compute_records_seen')
    uses = fields.Json(compute='_compute_uses')
    parameters = fields.Json(compute='_compute_parameters')

    @api.depends('state')
    def _compute_state_rank(self):
        for domain in self:
            domain.state_rank = texts.STATES_WORST_FIRST.index(domain.state or 'unknown')

    @api.depends('report', 'known', 'state', 'last_check', 'is_outdated', 'attempts')
    @api.depends_context('lang')
    def _compute_overview(self):
        self.fetch(['report', 'known', 'published', 'outcomes'])  # not prefetched: one query for what all screens need
        for domain in self:
            report = domain.report
            domain.overview = {
                'id': domain.id,
                'name': domain.display_name,
                'state': domain.state,
                'label': texts.state_label(self.env, domain.state),
                'sentence': texts.overall(self.env, report),
                'areas': [domain._get_area(area) for area in ('spf', 'dkim', 'dmarc')],
                'outdated': domain.is_outdated,
                'last_check': fields.Datetime.to_string(domain.last_check) or None,
                'attempt': domain.attempts,
            }

    def _get_area(self, area):
        """Return how one protocol is shown: its verdict, its sentence, and what was known if that is unknown now."""
        report = (self.report or {}).get(area)
        state = self[f'{area}_state'] or 'unknown'
        # Behind a shut gate a record in order helps nobody: that it is in order is no news of long ago.
        is_behind_gate = bool(report) and report['code'] == 'gate.comes_first'
        known = (self.known or {}).get(area) if state == 'unknown' and not is_behind_gate else None
        return {
            'area': area,
            'title': texts.area_title(self.env, area),
            'state': state,
            'label': texts.state_label(self.env, state),
            'sentence': texts.summary(self.env, report) if report else texts.overall(self.env, None),
            'provable': bool(report) and report['code'] in texts.PROVABLE,
            'known': known and {
                'state': known['state'],
                'label': texts.state_label(self.env, known['state']),
                'date': known['date'],
            },
        }

    @api.depends('report', 'known')
    def _compute_records_seen(self):
        for domain in self:
            records = [{**record, 'date': None} for record in (domain.report or {}).get('records', ())]
            seen = {record['area'] for record in records}
            for area, known in (domain.known or {}).items():
                # DNS did not answer about this area: show what it said last, with its age
                if area in ('spf', 'dkim', 'dmarc') and area not in seen \
                        and domain.report and domain.report[area]['state'] == 'unknown':
                    records += [{**record, 'date': known['date']} for record in known['records']]
            domain.records_seen = records

    @api.depends('path_ids', 'envelope_path_ids', 'alias_domain_ids')
    @api.depends_context('lang', 'allowed_company_ids')
    def _compute_uses(self):
        allowed = self.env.companies
        for domain in self:
            domain.uses = [
                use for path in (domain.path_ids | domain.envelope_path_ids).sorted(_first) if path.company_id in allowed
                for use in [domain._get_use(path)]
            ] + [
                {'text': self.env._("The system parameter %s names this domain.", key),
                 'path_id': None, 'who': None, 'is_used': True, 'state': None, 'label': None}
                for key in LEGACY_PARAMETERS if domain.name and self._get_parameter_domain(key) == domain.name
            ]

    def _get_use(self, path):
        server = path._server_name()
        service = path.mail_sending_service_id.name or self.env._("a service that we do not know")
        state = path.state if path.from_health_id == self else None
        return {
            'path_id': path.id,
            'who': path._who(),
            'is_used': path.is_used,
            'state': state,
            'label': state and texts.state_label(self.env, state),
            'text': self.env._(
                "Leaves as %(from_email)s through %(server)s (%(service)s). Undeliverable mail comes back to "
                "%(envelope_from)s.",
                from_email=path.from_email, envelope_from=path.envelope_from, server=server, service=service),
        }

    @api.depends_context('lang')
    def _compute_parameters(self):
        get_param = self.env['ir.config_parameter'].sudo().get_param
        rows = []
        for key in LEGACY_PARAMETERS:
            if value := get_param(key):
                name = self._get_parameter_domain(key)
                named = name and self.sudo().search([('name', '=', name)], limit=1)
                rows.append({
                    'key': key,
                    'value': value,
                    'effect': self._get_parameter_effect(key),
                    'domain': named and {
                        'id': named.id, 'name': named.display_name, 'state': named.state,
                        'label': texts.state_label(self.env, named.state),
                    } or None,
                })
        self.parameters = rows

    def _get_parameter_effect(self, key):
        """Return what a parameter of older versions does in this one."""
        honoured = self.env['ir.mail_server']._honours_legacy_sender() and key in sender_texts.HONOURED
        return self.env._((sender_texts.HONOURED if honoured else texts.PARAMETERS)[key])


def _first(path):
    """Ways in use first, and among them what is refused."""
    return not path.is_used, path.state_rank, path.company_id.id, path.id
