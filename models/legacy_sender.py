"""``mail.force.smtp.from`` and ``mail.dynamic.smtp.from`` as Odoo 12 to 14 obeyed them, where the administrator says so.

Odoo reads neither since 15.0. With *Honour* (:data:`PARAMETER_HONOUR`) off, every method here hands on to core.
"""

from odoo import api, models
from odoo.tools import str2bool
from odoo.tools.mail import email_domain_extract, email_normalize, email_split_and_format_normalize

from ..mailauth.dns.names import domain_of
from ..sending.legacy_parameters import (
    CONTEXT_DECISION,
    CONTEXT_TRIAL,
    PARAMETER_DOMAIN,
    PARAMETER_DYNAMIC,
    PARAMETER_FORCE,
    PARAMETER_HONOUR,
    Decision,
    SessionOf,
    Trial,
    sender_address,
)


class IrMail_Server(models.Model):
    _inherit = 'ir.mail_server'

    @api.model
    def _get_legacy_sender(self, key):
        """Return the address that a legacy parameter names, or ``False`` where it is not one address."""
        return sender_address(self.env['ir.config_parameter'].sudo().get_param(key))

    @api.model
    def _honours_legacy_sender(self):
        """Whether the administrator asked for the legacy parameters to be obeyed."""
        trial = self.env.context.get(CONTEXT_TRIAL)
        if isinstance(trial, Trial):
            return trial.honours
        # A person who writes “False” among the system parameters means it.
        return str2bool(self.env['ir.config_parameter'].sudo().get_param(PARAMETER_HONOUR) or 'False', False)

    @api.model
    def _get_email_domain(self, alias_domain=None):
        """Return the domain that counts as the company's own where a mail leaves, or ``''``.

        That is the alias domain of the mail's record, else of the company; the
        parameter ``mail.catchall.domain`` counts only where there is none.
        """
        alias_domain = alias_domain or self.env.company.sudo().alias_domain_id
        return domain_of(alias_domain.name or self.env['ir.config_parameter'].sudo().get_param(PARAMETER_DOMAIN))

    @api.model
    def _get_honoured_sender(self, email_from, alias_domain=None, mail_server=None):
        """Return the address that a mail leaves as because of the legacy parameters.

        :param str email_from: the author, as in ``mail.mail.email_from``; may be empty
        :param alias_domain: the ``mail.alias.domain`` of the mail's record (default: the company's)
        :param mail_server: the ``ir.mail_server`` that the mail names itself, if it does
        :return: ``False`` where they do not change how it leaves
        """
        if not self._honours_legacy_sender() or mail_server and mail_server.sudo().owner_user_id:
            return False  # core lets nobody but its owner leave through a personal server
        if force := self._get_legacy_sender(PARAMETER_FORCE):
            return force
        dynamic = self._get_legacy_sender(PARAMETER_DYNAMIC)
        own_domain = dynamic and self._get_email_domain(alias_domain)
        if not own_domain:
            return False
        alias_domain = alias_domain or self.env.company.sudo().alias_domain_id
        # what _build_email__ writes where there is no author
        email_from = email_from or alias_domain.default_from_email or self._get_default_from_address()
        return dynamic if _domain_of_author(email_from) != own_domain else False

    @api.model
    def _with_sender_decided(self, email_from, alias_domain=None, mail_server=None):
        """Return ``self`` for one mail: whatever core asks of it is answered for the sender decided here.

        Parameters as for :meth:`_get_honoured_sender`. Without *Honour* ``self`` comes back as it is.
        """
        if not self._honours_legacy_sender():
            return self
        sender = self._get_honoured_sender(email_from, alias_domain, mail_server)
        return self.with_context(**{CONTEXT_DECISION: Decision(sender)})

    def _get_decided_sender(self, email_from, mail_server=None):
        """Return what was decided for the mail at hand; decide by its author where nothing was (direct callers)."""
        if not self._honours_legacy_sender():
            return False
        decision = self.env.context.get(CONTEXT_DECISION)
        if isinstance(decision, Decision):
            return decision.sender
        return self._get_honoured_sender(email_from, mail_server=mail_server)

    @api.model
    def _get_default_from_filter(self):
        trial = self.env.context.get(CONTEXT_TRIAL)
        return trial.from_filter if isinstance(trial, Trial) else super()._get_default_from_filter()

    def _find_mail_server(self, email_from, mail_servers=None):
        sender = self._get_decided_sender(email_from)
        if not sender:
            return super()._find_mail_server(email_from, mail_servers)
        return super(IrMail_Server, self.with_context(domain_notifications_email=sender))._find_mail_server(
            sender, mail_servers)

    def _connect__(self, host=None, port=None, user=None, password=None, encryption=None,
                   smtp_from=None, ssl_certificate=None, ssl_private_key=None, smtp_debug=False,
                   mail_server_id=None, allow_archived=False):
        mail_server = self.sudo().browse(mail_server_id or ())
        sender = self._get_decided_sender(smtp_from, mail_server)
        connection = super()._connect__(
            host=host, port=port, user=user, password=password, encryption=encryption, smtp_from=sender or smtp_from,
            ssl_certificate=ssl_certificate, ssl_private_key=ssl_private_key, smtp_debug=smtp_debug,
            mail_server_id=mail_server_id, allow_archived=allow_archived)
        if connection is not None and self._honours_legacy_sender():
            connection.legacy_sender = sender
            connection.keeps_owner = bool(mail_server.owner_user_id) and not sender
        return connection

    def _prepare_email_message__(self, message, smtp_session):
        sender = self._get_decided_sender(message['From'])
        if not sender:
            if getattr(smtp_session, 'legacy_sender', False) and self._honours_legacy_sender():
                # opened by a direct caller for an author whom the parameters concern, used for one whom they do not
                smtp_session = SessionOf(smtp_session, False)
            return super()._prepare_email_message__(message, smtp_session)
        if message['Return-Path']:
            message.replace_header('Return-Path', sender)
        # An author who has this very address keeps the name that stands beside it.
        smtp_from = message['From'] if email_normalize(message['From']) == sender else sender
        self = self.with_context(domain_notifications_email=sender, domain_bounce_address=sender)  # noqa: PLW0642
        return super()._prepare_email_message__(message, SessionOf(smtp_session, smtp_from))

    @api.model
    def send_email(self, message, mail_server_id=None, *args, **kwargs):
        # Decided once, so that connecting and preparing agree; mail.mail has decided before.
        if self._honours_legacy_sender() and not isinstance(self.env.context.get(CONTEXT_DECISION), Decision):
            smtp_session = args[8] if len(args) > 8 else kwargs.get('smtp_session')
            mail_server = self.browse(() if smtp_session else mail_server_id or ())
            if getattr(smtp_session, 'keeps_owner', False):
                self = self.with_context(**{CONTEXT_DECISION: Decision(False)})  # noqa: PLW0642
            else:
                self = self._with_sender_decided(message['From'], mail_server=mail_server)  # noqa: PLW0642
        return super().send_email(message, mail_server_id, *args, **kwargs)


def _domain_of_author(email_from):
    formatted = email_split_and_format_normalize(email_from or '')
    return domain_of(email_domain_extract(formatted[0])) if formatted else ''
