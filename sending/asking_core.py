"""How a mail would leave, asked of core's own methods. Nothing is sent or connected to."""

import contextlib
import logging
import threading
from collections import namedtuple

from odoo.exceptions import UserError
from odoo.tools import config
from odoo.tools.mail import email_normalize, email_split_and_format_normalize

Route = namedtuple('Route', 'server from_email envelope_from')
ASKED = 'mail_domain_health_asked'  # context key: an Asked
_mail_server_logger = logging.getLogger('odoo.addons.base.models.ir_mail_server')


class Asked:
    """Notes whether core looked at the acting company to find a sender, and why it refuses to send, if it does.

    ``refused`` is ``no_server``, ``no_author``, ``bad_author`` (no address that could stand as the sender), ``archived``
    (the server that the mail names) or ``personal`` (that server is somebody else's).
    """

    def __init__(self):
        self.company = False
        self.refused = ''

    def refuse(self, why):
        self.refused = why


class _Session:
    """Stands in for an SMTP connection where core wants to know what the server lets through."""

    def __init__(self, from_filter, smtp_from):
        self.from_filter = from_filter
        self.smtp_from = smtp_from


@contextlib.contextmanager
def _silent_mail_server_log():
    """Keep core's warnings about filters out of the log while we only ask what would happen."""
    thread = threading.get_ident()

    def concerns_another_thread(_record):
        return threading.get_ident() != thread

    _mail_server_logger.addFilter(concerns_another_thread)
    try:
        yield
    finally:
        _mail_server_logger.removeFilter(concerns_another_thread)


def probe(env, company, author, mail_servers=None, *, alias_domain=None, acting_company=None, mail_server=None,
           user=None, message=None, asked=None, everybodys=None):
    """Return the :class:`Route` that core would choose for mail of ``author`` in ``company``.

    Core's own methods answer, with a stand-in for the SMTP session: a copy of
    their logic would be wrong sooner or later. Nothing is sent or connected to.

    :param str author: an address, as it stands in ``mail.mail.email_from``
    :param mail_servers: the servers that core may choose (default: :func:`mail_servers_of` ``user``)
    :param alias_domain: the mail's ``record_alias_domain_id``, which may be empty
        (default: what core gives a document of ``company``)
    :param acting_company: ``env.company`` where the mail is sent (default: ``company``)
    :param mail_server: the server that the mail itself names
    :param user: who wrote the mail (default: nobody who has a server of their own)
    :param message: what :func:`build_message` returned, to be used again for many probes
    :param everybodys: the servers that are nobody's own, where they are known (``_find_mail_server_allowed_domain``)
    :param Asked asked: to learn whether the acting company mattered, and why core refuses
    :return: ``None`` where core refuses to send
    """
    if alias_domain is None:
        alias_domain = alias_domain_of(company)
    if mail_servers is None:
        mail_servers = mail_servers_of(env, user)
    noted = asked or Asked()
    if mail_server and not _draft(env, user)._filter_mail_mail_servers(mail_server):
        return noted.refuse('personal')
    IrMailServer = env['ir.mail_server'].with_company(acting_company or company).sudo()
    if asked:
        IrMailServer = IrMailServer.with_context(**{ASKED: asked})
        asked.company = IrMailServer._honors_legacy_sender()
    IrMailServer = IrMailServer._with_sender_decided(author, alias_domain, mail_server)
    contextual = IrMailServer.with_context(**sending_context(alias_domain))
    normalized = email_split_and_format_normalize(author)
    email_from = normalized[0] if normalized else author
    with _silent_mail_server_log():
        server, smtp_from = (mail_server, email_from) if mail_server else \
            contextual._find_mail_server(email_from, mail_servers)
        if server:
            try:
                IrMailServer._check_forced_mail_server(server, False, smtp_from)
            except UserError:
                return noted.refuse('personal' if server.owner_user_id else 'archived')
        else:
            # _connect__ asks again, without the alias domain (see _find_mail_server, step 5)
            server, smtp_from = IrMailServer._find_mail_server(smtp_from, everybodys)
        server = server or IrMailServer.browse()
        if not (server.smtp_host if server and server.smtp_authentication != 'cli' else config.get('smtp_server')):
            return noted.refuse('no_server')
        from_filter = server.from_filter if server else IrMailServer._get_default_from_filter()
        try:
            if message is None or not email_from:
                message = contextual._build_email__(email_from, ['receiver@example.com'], '', '')
            else:
                message.replace_header('From', email_from)
            envelope_from, _to, message = contextual._prepare_email_message__(
                message, _Session(from_filter, smtp_from))
        except (AssertionError, ValueError):  # no address that could stand as the sender
            return noted.refuse('bad_author' if email_from else 'no_author')
    # In an environment that all answers share: thousands of them, each with a context of its own, slow down every next.
    server = env['ir.mail_server'].sudo().browse(server.id)
    return Route(server, email_normalize(message['From']) or '', email_normalize(envelope_from) or '')


def build_message(env):
    """Return a message as core builds it; a probe puts the author in, where core does."""
    return env['ir.mail_server'].sudo()._build_email__('author@example.com', ['receiver@example.com'], '', '')


def sending_context(alias_domain):
    """Return the context in which core sends a mail of this alias domain (``mail.mail._send``)."""
    if not alias_domain:
        return {}
    return {
        'domain_notifications_email': alias_domain.default_from_email,
        'domain_bounce_address': alias_domain.bounce_email,
    }


def alias_domain_of(company):
    """Return the alias domain that core gives mail about a document of ``company``.

    Where the company has none that is the first one of the database, another company's.
    """
    company = company.sudo()
    return company._mail_get_alias_domains(default_company=company)[company.id]


def mail_servers_of(env, user=None):
    """Return the servers that core may choose for mail that ``user`` wrote: nobody's own, and theirs."""
    servers = env['ir.mail_server'].sudo().search([('active', '=', True)], order='sequence, id')
    return _draft(env, user)._filter_mail_mail_servers(servers)


def _draft(env, user=None):
    """Return a mail that ``user`` wrote, to be asked at once: what is not stored goes with the cache."""
    message = env['mail.message'].sudo().new({'create_uid': user.id if user else False})
    return env['mail.mail'].sudo().new({'mail_message_id': message})


def queue_company(env):
    """Return the company in which the queue of outgoing mail is sent."""
    cron = env.ref('mail.ir_cron_mail_scheduler_action', raise_if_not_found=False)
    user = cron.sudo().user_id if cron else env.ref('base.user_root')
    return user.sudo().company_id
