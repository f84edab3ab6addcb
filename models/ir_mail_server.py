"""Outgoing mail servers: who delivers, as whom mail leaves (legacy_parameters.py), and what left (measuring.py)."""

from odoo import api, fields, models, tools
from odoo.tools.mail import email_normalize

from ..sending import idle_settings, legacy_parameters, measuring, services
from ..sending.asking_core import ASKED, Asked
from ..sending.legacy_parameters import CONTEXT_DECISION, CONTEXT_TRIAL, Decision, SessionOf, Trial
from ..sending.measuring import CHOSEN, Choice

# What decides how mail leaves through a server.
_DECIDING_FIELDS = {
    'active', 'from_filter', 'mail_sending_service_id', 'owner_user_id', 'sequence', 'smtp_authentication', 'smtp_host',
    'smtp_user',
}


class IrMail_Server(models.Model):
    _inherit = 'ir.mail_server'

    mail_sending_service_id = fields.Many2one(
        'mail.sending.service', "Sending Service", index='btree_not_null',
        compute='_compute_mail_sending_service_id', store=True, readonly=False, groups='base.group_system',
        help="Who delivers the mail sent through this server. Recognized by the server's name; correct it here if "
             "needed.",
    )
    observation_ids = fields.One2many(
        'mail.sending.observation', 'mail_server_id', "Learned From Received Emails", groups='base.group_system')

    @api.depends('smtp_host', 'smtp_authentication')
    def _compute_mail_sending_service_id(self):
        for server in self:
            host = tools.config['smtp_server'] if server.smtp_authentication == 'cli' else server.smtp_host
            server.mail_sending_service_id = self.env['mail.sending.service']._recognize(host)

    @api.model_create_multi
    def create(self, vals_list):
        servers = super().create(vals_list)
        self.env['mail.domain.health']._configuration_changed()
        return servers

    def write(self, vals):
        result = super().write(vals)
        if not _DECIDING_FIELDS.isdisjoint(vals):
            self.env['mail.domain.health']._configuration_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self.env['mail.domain.health']._configuration_changed()
        return result

    def action_check_received_mail(self):
        """Open the wizard that reads a mail which left through this server."""
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.actions']._for_xml_id('mail_domain_health.mail_domain_health_arrival_action')
        return {**action, 'context': {'default_server_id': self.id}}

    # Who delivers, and what the settings come to

    @api.model
    def _get_configuration_file_service(self):
        """Return the service behind the server of the configuration file, or an empty recordset."""
        return services.configuration_file_service(self.env)

    @api.model
    def _get_sender_rule(self):
        """Return the :class:`SenderRule` of this server; of the configuration file's where there is none (``self`` empty)."""
        return services.sender_rule(self)

    @api.model
    def _get_idle_settings(self):
        """Return the :class:`IdleSetting` of every parameter and option that is set and changes nothing."""
        return idle_settings.idle_settings(self.env)

    @api.model
    def _get_parts_that_never_match(self, from_filter):
        """Return the parts of a filter that core accepts and that no sender's address can ever match.

        Such as ``*.example.com``, ``.example.com``, ``@example.com`` or ``example.com; example.org``.
        """
        return [part for part in self._parse_from_filter(from_filter) if not idle_settings.can_match(part)]

    # As whom mail leaves, where the parameters of older versions are honored

    @api.model
    def _honors_legacy_sender(self):
        """Whether the administrator asked for the legacy parameters to be obeyed."""
        return legacy_parameters.honors(self.env)

    @api.model
    def _with_sender_decided(self, email_from, alias_domain=None, mail_server=None):
        """Return ``self`` for one mail: whatever core asks of it is answered for the sender decided here.

        Parameters as for :func:`legacy_parameters.honored_sender`. Without *Honor* ``self`` comes back as it is.
        """
        if not self._honors_legacy_sender():
            return self
        sender = legacy_parameters.honored_sender(self.env, email_from, alias_domain, mail_server)
        return self.with_context(**{CONTEXT_DECISION: Decision(sender)})

    def _get_decided_sender(self, email_from, mail_server=None):
        """Return what was decided for the mail at hand; decide by its author where nothing was (direct callers)."""
        return legacy_parameters.decided_sender(self.env, email_from, mail_server)

    # What core asks and does while it sends, in this order

    @api.model
    def _get_default_from_address(self):
        self._note_company_asked()
        return super()._get_default_from_address()

    @api.model
    def _get_default_bounce_address(self):
        self._note_company_asked()
        return super()._get_default_bounce_address()

    def _note_company_asked(self):
        """Tell a probe that a setting of the acting company decided; no answer is changed."""
        asked = self.env.context.get(ASKED)
        if isinstance(asked, Asked):  # and nothing that a client put there
            asked.company = True

    @api.model
    def _get_default_from_filter(self):
        trial = self.env.context.get(CONTEXT_TRIAL)
        return trial.from_filter if isinstance(trial, Trial) else super()._get_default_from_filter()

    def _find_mail_server(self, email_from, mail_servers=None):
        sender = self._get_decided_sender(email_from)
        if sender:
            self, email_from = self.with_context(domain_notifications_email=sender), sender  # noqa: PLW0642
        mail_server, smtp_from = super()._find_mail_server(email_from, mail_servers)
        measuring.note_chosen(self.env, mail_server)
        return mail_server, smtp_from

    def _check_forced_mail_server(self, mail_server, allow_archived, smtp_from):
        result = super()._check_forced_mail_server(mail_server, allow_archived, smtp_from)
        measuring.note_chosen(self.env, mail_server)
        return result

    def _connect__(self, host=None, port=None, user=None, password=None, encryption=None,
                   smtp_from=None, ssl_certificate=None, ssl_private_key=None, smtp_debug=False,
                   mail_server_id=None, allow_archived=False):
        mail_server = self.sudo().browse(mail_server_id or ())
        sender = self._get_decided_sender(smtp_from, mail_server)
        choice = Choice()
        session = super(IrMail_Server, self.with_context(**{CHOSEN: choice}))._connect__(
            host=host, port=port, user=user, password=password, encryption=encryption, smtp_from=sender or smtp_from,
            ssl_certificate=ssl_certificate, ssl_private_key=ssl_private_key, smtp_debug=smtp_debug,
            mail_server_id=mail_server_id, allow_archived=allow_archived)
        if session is not None:
            measuring.watch_session(self.env, session, choice, host)
            if self._honors_legacy_sender():
                session.legacy_sender = sender
                session.keeps_owner = bool(mail_server.owner_user_id) and not sender
        return session

    def _prepare_email_message__(self, message, smtp_session):
        author, session = message['From'], smtp_session
        sender = self._get_decided_sender(author)
        if sender:
            if message['Return-Path']:
                message.replace_header('Return-Path', sender)
            # An author who has this very address keeps the name that stands beside it.
            smtp_from = author if email_normalize(author) == sender else sender
            self = self.with_context(domain_notifications_email=sender, domain_bounce_address=sender)  # noqa: PLW0642
            session = SessionOf(smtp_session, smtp_from)
        elif getattr(smtp_session, 'legacy_sender', False) and self._honors_legacy_sender():
            # opened by a direct caller for an author whom the parameters concern, used for one whom they do not
            session = SessionOf(smtp_session, False)
        prepared = super()._prepare_email_message__(message, session)
        if smtp_session:
            measuring.expect_from(self.env, smtp_session, author)
        return prepared

    @api.model
    def send_email(self, message, mail_server_id=None, *args, **kwargs):
        # Decided once, so that connecting and preparing agree; mail.mail has decided before.
        if self._honors_legacy_sender() and not isinstance(self.env.context.get(CONTEXT_DECISION), Decision):
            smtp_session = args[8] if len(args) > 8 else kwargs.get('smtp_session')
            mail_server = self.browse(() if smtp_session else mail_server_id or ())
            if getattr(smtp_session, 'keeps_owner', False):
                self = self.with_context(**{CONTEXT_DECISION: Decision(False)})  # noqa: PLW0642
            else:
                self = self._with_sender_decided(message['From'], mail_server=mail_server)  # noqa: PLW0642
        return super().send_email(message, mail_server_id, *args, **kwargs)
