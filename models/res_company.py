from odoo import SUPERUSER_ID, api, fields, models

from ..mailauth.verdict import State
from ..sending.rules import REFUSED
from . import texts

# What Settings shows of the ways of mail, read with them in one query.
SHOWN_OF_WAYS = [
    'kind', 'is_used', 'state', 'state_rank', 'verdict', 'from_email', 'from_health_id', 'mail_server_id',
    'mail_sending_service_id', 'author_email', 'author_domain', 'author_count', 'examples', 'is_exact', 'is_forced',
    'moment', 'company_id', 'sent_count', 'refusal', 'smtp_host',
]


class ResCompany(models.Model):
    _inherit = 'res.company'

    mail_sending_service_id = fields.Many2one(
        'mail.sending.service', "Mail Leaves Through", groups='base.group_system',
        help="Who delivers the mail that Odoo hands to the server of its configuration file, "
             "or to an outgoing mail server that is not recognised.",
    )
    mail_health_user_is_default = fields.Boolean(default=True, groups='base.group_system')
    mail_health_user_id = fields.Many2one(
        'res.users', "Responsible for the Email Domain", groups='base.group_system',
        domain=lambda self: [
            ('share', '=', False), ('all_group_ids', 'in', self.env.ref('base.group_system').ids),
        ],
        help="Gets an activity when a record of the email domain breaks.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._set_default_mail_health_user()
        self.env['mail.domain.health']._configuration_changed(companies)
        return companies

    def write(self, vals):
        if 'mail_health_user_id' in vals and not self.env.context.get('default_mail_health_user') \
                and any(company.mail_health_user_id.id != vals['mail_health_user_id'] for company in self.sudo()):
            vals = {**vals, 'mail_health_user_is_default': not vals['mail_health_user_id']}
        result = super().write(vals)
        if not {'active', 'alias_domain_id', 'email', 'mail_sending_service_id'}.isdisjoint(vals):
            self.env['mail.domain.health']._configuration_changed(self)
        return result

    def _set_default_mail_health_user(self):
        """Make the current user responsible where nobody was chosen: whoever installs, or saved Settings last.

        From the command line that is OdooBot, who reads no activities: then the
        database's administrator.
        """
        user = self.env.user
        if user.id == SUPERUSER_ID:
            user = self.env.ref('base.user_admin', raise_if_not_found=False) or user
        if user.id == SUPERUSER_ID or not user.active or not user.has_group('base.group_system'):
            return
        self.sudo().with_context(default_mail_health_user=True).filtered(
            lambda company: company.mail_health_user_is_default and company.mail_health_user_id != user,
        ).mail_health_user_id = user

    def _get_mail_health_user(self):
        """Return the active settings administrator to tell, or an empty recordset."""
        self.ensure_one()
        user = self.sudo().mail_health_user_id
        if user.active and user.has_group('base.group_system') and self in user.company_ids:
            return user
        administrators = self.env['res.users'].sudo().search([
            ('active', '=', True), ('share', '=', False), ('id', '!=', SUPERUSER_ID),
            ('all_group_ids', 'in', self.env.ref('base.group_system').ids),
        ], order='id')
        # Rather somebody of another company than nobody.
        return administrators.filtered(lambda administrator: self in administrator.company_ids)[:1] \
            or administrators[:1]

    def _get_mail_headline(self, overview, paths, problems):
        """Return the verdict about all mail of this company, where the one about its domain is better, or ``None``.

        :param overview: of the alias domain, or ``None``
        :param paths: the ways of this company's mail
        :param problems: lasting findings about Odoo's configuration
        :return: ``{"state", "label", "sentence", "path_id"}``
        """
        rank = texts.STATES_WORST_FIRST.index
        known = rank(overview['state']) if overview and overview['last_check'] else len(texts.STATES_WORST_FIRST)
        # What was not looked at yet is no verdict; what Odoo itself refuses needs no look.
        worst = paths.filtered(
            lambda path: path.is_used and (path.refusal or path.from_health_id.last_check)).sorted('state_rank')[:1]
        refused = problems.filtered(lambda found: found.severity == 'error' and found.code in REFUSED)[:1]
        if refused and known > rank('fail') and worst.state != 'fail':
            return {'state': 'fail', 'label': self.env._("Problem inside Odoo"), 'sentence': refused.title, 'path_id': None}
        if not worst or worst.state_rank >= known:
            return None
        return {
            'state': worst.state,
            'label': texts.state_label(self.env, worst.state),
            'sentence': texts.headline_of_way(self.env, worst),
            'path_id': worst.id,
        }

    def _get_mail_domain_health_box(self):
        """Return what Settings shows of this company's email domain; asks no DNS.

        :return: ``{"domain": overview | None, "headline": dict | None, "problems": dict | None, "publication": dict | None,
            "sender": dict, "other": overview | None, "adopt": str | None}``; ``domain`` is ``None`` without an
            alias domain, ``headline`` the worst of all ways in use where the domain's own verdict is better,
            ``problems`` what is to be set right in Odoo, ``other`` the worst other domain that this company's
            mail leaves as, ``adopt`` the domain that a parameter of older versions names; ``working_out`` says that
            the ways of mail are older than a change, ``last_run`` and ``is_run_overdue`` how the scheduled check fares.
        """
        self.ensure_one()
        Health = self.env['mail.domain.health']
        alias_domain = self.alias_domain_id
        domain = alias_domain.mail_domain_health_id
        paths = self.env['mail.domain.health.path'].search_fetch([('company_id', '=', self.id)], SHOWN_OF_WAYS)
        # All together, so that their rows are read at once.
        shown = domain | paths.filtered('is_used').from_health_id
        others = shown.filtered(lambda other: other.state in ('fail', 'warning')) - domain
        other = others.sorted(lambda health: State(health.state).rank, reverse=True)[:1]
        path = paths.filtered(lambda path: path.kind == 'notifications')[:1]
        overview = domain._get_overview_of(paths) if domain else None
        problems = self.env['mail.domain.health.finding'].search_fetch([
            ('company_id', '=', self.id), ('area', '=', 'path'), ('resolved_on', '=', False),
            ('severity', 'in', ('error', 'warning')),
            '|', ('muted_until', '=', False), ('muted_until', '<', fields.Datetime.now()),
        ], ['severity', 'code', 'params', 'name', 'remedy_action'], order='severity_rank, id')
        return {
            'domain': overview,
            'headline': self._get_mail_headline(overview, paths, problems),
            'problems': problems and {
                'ids': problems.ids, 'count': len(problems), 'severity': problems[0].severity,
            } or None,
            'alias_domain_id': alias_domain.id,
            'publication': domain._get_publication_of(paths) if domain else None,
            'other': other and {
                'id': other.id, 'name': other.display_name, 'state': other.state,
                'label': texts.state_label(self.env, other.state),
            } or None,
            'sender': {
                'server': path.mail_server_id.name or None,
                'service': path.mail_sending_service_id.name or None,
                'from_email': path.from_email or None,
            } if path else None,
            'adopt': not alias_domain and Health._get_parameter_domain('mail.catchall.domain') or None,
            'neutralized': Health._is_neutralized(),
            **Health._get_progress(self),
        }
