import contextlib
import logging
import threading
from collections import namedtuple

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.mail import email_domain_extract, email_normalize, email_split_and_format_normalize

from ..mailauth.names import to_ascii

# At these anybody has an address: nobody who runs an Odoo publishes records there.
FREEMAIL_DOMAINS = frozenset({
    'aol.com', 'gmail.com', 'gmx.com', 'gmx.de', 'gmx.net', 'googlemail.com', 'hotmail.com', 'icloud.com',
    'live.com', 'mail.ru', 'msn.com', 'outlook.com', 'proton.me', 'protonmail.com', 'qq.com', 'web.de',
    'yahoo.com', 'yahoo.fr', 'yandex.com', 'yandex.ru', '163.com', 'orange.fr', 'free.fr', 'libero.it',
})

Route = namedtuple('Route', 'server from_email envelope_from')
_mail_server_logger = logging.getLogger('odoo.addons.base.models.ir_mail_server')


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


class MailDomainHealthPath(models.Model):
    """One way that mail leaves: who sends, through which server, as which From and envelope sender.

    Rows follow the configuration (:meth:`_refresh`), their verdicts the last check.
    """

    _name = 'mail.domain.health.path'
    _description = 'Way That Mail Leaves'
    _order = 'company_id, kind, user_count desc, id'
    _rec_name = 'from_email'

    company_id = fields.Many2one('res.company', required=True, index=True, ondelete='cascade')
    kind = fields.Selection(
        [('notifications', "Notifications of Odoo"), ('user', "Users")],
        "Who", required=True,
    )
    author_domain = fields.Char("Domain of the Author")
    user_count = fields.Integer("Number of Users")
    mail_server_id = fields.Many2one(
        'ir.mail_server', "Outgoing Mail Server", ondelete='cascade',
        help="Empty: the server of Odoo's configuration file.",
    )
    mail_sending_service_id = fields.Many2one('mail.sending.service', "Delivered By", ondelete='set null')
    from_email = fields.Char("Leaves As", help="The address that the receiver sees, as one example of this way.")
    envelope_from = fields.Char("Bounces To", help="The address that SPF is checked on (Return-Path).")
    from_health_id = fields.Many2one('mail.domain.health', "Domain", index='btree_not_null', ondelete='set null')
    envelope_health_id = fields.Many2one(
        'mail.domain.health', "Domain for Bounces", index='btree_not_null', ondelete='set null',
    )
    state = fields.Selection(
        selection=lambda self: self.env['mail.domain.health']._state_selection(),
        string="Verdict", default='unknown', readonly=True,
    )
    reasons = fields.Json(readonly=True)

    @api.model
    def _probe(self, company, author, mail_servers=None):
        """Return the :class:`Route` that core would choose for mail of ``author`` in ``company``.

        Core's own methods answer, with a stand-in for the SMTP session: a copy of
        their logic would be wrong sooner or later. Nothing is sent or connected to.

        :param str author: an address, as it stands in ``mail.mail.email_from``
        :param mail_servers: the servers that this author may use (default: all that are nobody's own)
        :return: ``None`` where core finds no address that mail could leave as
        """
        alias_domain = company.sudo().alias_domain_id
        IrMailServer = self.env['ir.mail_server'].with_company(company).sudo()
        contextual = IrMailServer.with_context(
            domain_notifications_email=alias_domain.default_from_email,
            domain_bounce_address=alias_domain.bounce_email,
        ) if alias_domain else IrMailServer
        if mail_servers is None:
            mail_servers = self._get_shared_mail_servers()
        normalized = email_split_and_format_normalize(author)
        email_from = normalized[0] if normalized else author
        with _silent_mail_server_log():
            server, smtp_from = contextual._find_mail_server(email_from, mail_servers)
            if not server:
                # _connect__ asks again, without the alias domain (see _find_mail_server, step 5)
                server, smtp_from = IrMailServer._find_mail_server(smtp_from)
            server = server or IrMailServer.browse()
            from_filter = server.from_filter if server else IrMailServer._get_default_from_filter()
            message = contextual._build_email__(
                email_from=email_from, email_to=['receiver@example.com'], subject='', body='',
            )
            try:
                envelope_from, _to, message = contextual._prepare_email_message__(
                    message, _Session(from_filter, smtp_from))
            except AssertionError:  # no address that could stand in the envelope
                return None
        return Route(server, email_normalize(message['From']) or '', email_normalize(envelope_from) or '')

    @api.model
    def _get_shared_mail_servers(self):
        return self.env['ir.mail_server'].sudo().search([('owner_user_id', '=', False)], order='sequence, id')

    @api.model
    def _refresh(self, companies):
        """Make the paths of ``companies`` what the configuration says; keep the verdicts of those that stay.

        :return: the names of the domains that mail now leaves as, or bounces to, in another way
        :rtype: set[str]
        """
        changed = self.browse()
        known = {path._key(): path for path in self.sudo().search([('company_id', 'in', companies.ids)])}
        obsolete = self.sudo().browse(path.id for path in known.values())
        for values in self._collect(companies):
            # The same way, with another number of people or another of them as the example, stays the same.
            example = {name: values[name] for name in ('user_count', 'from_email', 'envelope_from')}
            path = known.get(_key(values))
            if not path:
                path = self.sudo().create(values)
                changed |= path
            elif any(path[name] != value for name, value in example.items()):
                path.write(example)
            obsolete -= path
        names = {name for path in changed | obsolete for name in (path._from_domain(), path._envelope_domain())}
        obsolete.unlink()
        return names

    def _key(self):
        """Return what makes two paths the same one."""
        self.ensure_one()
        return _key({
            'company_id': self.company_id.id, 'kind': self.kind, 'author_domain': self.author_domain,
            'mail_server_id': self.mail_server_id.id, 'mail_sending_service_id': self.mail_sending_service_id.id,
            'from_email': self.from_email, 'envelope_from': self.envelope_from,
        })

    @api.model
    def _collect(self, companies):
        """Return the values of every path of ``companies``: notifications, and each domain of their users."""
        self.env['res.users'].flush_model(['active', 'share', 'company_id', 'partner_id'])
        self.env['res.partner'].flush_model(['email_normalized'])
        users_by_company = {}
        for company_id, domain, count, example in self.env.execute_query(SQL(
            """
            SELECT users.company_id, split_part(partner.email_normalized, '@', 2), count(*),
                   min(partner.email_normalized)
              FROM res_users users
              JOIN res_partner partner ON partner.id = users.partner_id
             WHERE users.active AND NOT users.share AND users.company_id IN %s
               AND partner.email_normalized LIKE '%%@%%' AND users.id != %s
          GROUP BY 1, 2
          ORDER BY 3 DESC
            """,
            tuple(companies.ids) or (0,), api.SUPERUSER_ID,
        )):
            users_by_company.setdefault(company_id, []).append((domain, count, example))

        rows = []
        mail_servers = self._get_shared_mail_servers()
        for company in companies:
            authors = [('user', *row) for row in users_by_company.get(company.id, ())]
            default_from = company.sudo().with_company(company).env['ir.mail_server']._get_default_from_address()
            if default_from:
                authors.insert(0, ('notifications', email_domain_extract(default_from) or '', 0, default_from))
            for kind, domain, count, author in authors:
                route = self._probe(company, author, mail_servers)
                if not route or '@' not in route.from_email:
                    continue
                service = self._sending_service(company, route.server)
                rows.append({
                    'company_id': company.id,
                    'kind': kind,
                    'author_domain': domain,
                    'mail_server_id': route.server.id,
                    'mail_sending_service_id': service.id,
                    'from_email': route.from_email,
                    'envelope_from': route.envelope_from,
                    'user_count': count,
                })
        return rows

    @api.model
    def _sending_service(self, company, server):
        """Return who delivers what leaves through ``server`` (empty: the configuration file's), if known."""
        if server:
            return server.mail_sending_service_id or company.sudo().mail_sending_service_id
        return company.sudo().mail_sending_service_id or server._get_configuration_file_service()

    def _from_domain(self):
        """Return the A-label form of the domain that the receiver sees."""
        return _domain_of(self.from_email)

    def _envelope_domain(self):
        """Return the A-label form of the domain that SPF is checked on."""
        return _domain_of(self.envelope_from)


def _key(values):
    return (
        values['company_id'], values['kind'], values['author_domain'] or '', values['mail_server_id'],
        values['mail_sending_service_id'], _domain_of(values['from_email']), _domain_of(values['envelope_from']),
    )


def _domain_of(address):
    domain = (address or '').rpartition('@')[2]
    return to_ascii(domain) or domain.lower()
