import re
from collections import Counter, namedtuple

from odoo import api, models
from odoo.tools import SQL, config
from odoo.tools.mail import email_normalize

from ..mailauth.names import domain_of
from .mail_domain_health_path import FREEMAIL_DOMAINS, NOBODYS_DOMAINS

MAX_EXAMPLES = 5
MAX_SENDERS = 50  # fixed senders of templates, and of mailings, that get a way of their own
MAX_MESSAGES = 5000  # how many of the newest messages are searched for one from outside
# A field of the object in the expression of a template's sender, and the fields on whose path it is one of our people.
_OBJECT = re.compile(r'\bobject((?:\.\w+)+)')
_INSIDERS = {'user_id', 'create_uid', 'write_uid', 'company_id', 'user', 'user_ids', 'manager_id'}
_NAME = re.compile(r'(?:[^@]+@)?[a-z0-9_.-]+')  # an address or a domain, as a filter has it
STRANGER = 'gmail.com'  # stands for people from outside where none has written yet

# Who sends: ``email`` is asked about; with ``exact`` it stands for itself, else for its whole domain.
Author = namedtuple('Author', 'kind email count examples exact ids', defaults=(0, (), False, ()))


class Named:
    """Which domains the settings name, so that core is asked once for all that it cannot tell apart.

    Core compares a sender's domain with what a setting names, as a whole; what a module of
    others makes of its own text is left to it: what is written in any other way counts for itself.
    """

    def __init__(self, texts):
        self._by_tail = {}
        self._odd = []
        for number, text in enumerate(texts):
            for part in filter(None, re.split(r'[\s,;]+', text.lower())):
                if _NAME.fullmatch(part):
                    self._by_tail.setdefault(_tail(domain_of(part)), {}).setdefault(part, set()).add(number)
                else:
                    self._odd += (part, domain_of(part))
        self._odd = ' '.join(self._odd)

    def get_class(self, email):
        """Return what all addresses have in common whose domain the same settings name: as itself, or not at all."""
        domain = domain_of(email)
        tail = _tail(domain)
        named = self._by_tail.get(tail, {})
        if not email.isascii() or tail in self._odd or named.keys() - {domain}:
            return domain
        return frozenset(named.get(domain, ()))


def _tail(domain):
    """Return the last two labels: a setting may name a domain above, or one below."""
    return '.'.join(domain.rsplit('.', 2)[-2:])


class MailDomainHealthPath(models.Model):
    """Who sends mail in this database: people, templates, mailings. Bounded queries, whatever its size."""

    _inherit = 'mail.domain.health.path'

    @api.model
    def _get_users(self, companies, named):
        """Return ``{company id: [Author]}``: the users of each company by the domain of their addresses.

        :param named: addresses that a filter names: they go a way of their own
        """
        self.env['res.users'].flush_model(['active', 'share', 'company_id', 'partner_id'])
        self.env['res.partner'].flush_model(['email_normalized', 'name'])
        users = {}
        for company_id, email, exact, count, examples in self.env.execute_query(SQL(
            """
            SELECT users.company_id, min(partner.email_normalized), partner.email_normalized = ANY(%s), count(*),
                   (array_agg(partner.name ORDER BY users.id))[1:%s]
              FROM res_users users
              JOIN res_partner partner ON partner.id = users.partner_id
             WHERE users.active AND NOT users.share AND users.company_id = ANY(%s)
               AND partner.email_normalized LIKE '%%@%%' AND users.id != %s
          GROUP BY users.company_id, split_part(partner.email_normalized, '@', 2), partner.email_normalized = ANY(%s),
                   CASE WHEN partner.email_normalized = ANY(%s) THEN partner.email_normalized END
          ORDER BY 4 DESC, 2
            """,
            named, MAX_EXAMPLES, companies.ids, api.SUPERUSER_ID, named, named,
        )):
            users.setdefault(company_id, []).append(Author('user', email, count, tuple(examples), exact))
        return users

    @api.model
    def _get_named_addresses(self, mail_servers):
        """Return the single addresses that decide over a server or a sender: of filters, accounts and alias domains."""
        parts = [part for server in mail_servers for part in (server.from_filter or '').split(',')]
        parts += [server.smtp_user or '' for server in mail_servers]
        parts += str(self.env['ir.mail_server'].sudo()._get_default_from_filter() or '').split(',')
        parts += self.env['mail.alias.domain'].sudo().search([('name', '!=', False)]).mapped('default_from_email')
        parts.append(config.get('email_from') or '')
        return sorted({email_normalize(part) for part in parts if '@' in (part or '')} - {False})

    @api.model
    def _get_sender_settings(self, mail_servers):
        """Return the texts of all settings that a sender may be compared with, those of other modules too."""
        alias_domains = self.env['mail.alias.domain'].sudo().search([])
        texts = [
            record[name]
            for records in (mail_servers, alias_domains)
            for name, field in records._fields.items()
            if field.store and field.type in ('char', 'text') and name != 'smtp_pass'
            for record in records]
        texts += self.env['ir.config_parameter'].sudo().search([('key', '=like', 'mail.%')]).mapped('value')
        texts += [self.env['ir.mail_server'].sudo()._get_default_from_filter(), config.get('email_from')]
        return [str(text) for text in texts if text]

    @api.model
    def _get_company_author(self, company):
        email = email_normalize(company.sudo().email)
        return [Author('company', email, 1, (company.name,), True)] if email else []

    @api.model
    def _get_notifications_author(self, company, alias_domain):
        email = alias_domain.default_from_email \
            or company.sudo().with_company(company).env['ir.mail_server']._get_default_from_address()
        return [Author('notifications', email, 1, (company.name,), True)] if email else []

    @api.model
    def _get_odoobot_author(self):
        partner = self.env.ref('base.partner_root').sudo()
        return [Author('odoobot', partner.email_normalized, 1, (partner.name,), True)] if partner.email_normalized else []

    @api.model
    def _get_stranger(self):
        """Return an outsider whose message Odoo passes on to followers, of the domain that writes most.

        The one of the last time stays as long as that domain is a stranger's.
        """
        self.env['mail.message'].flush_model(['email_from', 'message_type'])
        own = {domain_of(f'@{name}') for name in self.env['mail.alias.domain'].sudo().search([('name', '!=', False)])
               .mapped('name')}
        own |= {domain_of(f'@{name}') for [name] in self.env.execute_query(SQL(
            """
            SELECT DISTINCT split_part(partner.email_normalized, '@', 2)
              FROM res_users users JOIN res_partner partner ON partner.id = users.partner_id
             WHERE users.active AND NOT users.share AND partner.email_normalized IS NOT NULL
             UNION SELECT split_part(partner.email_normalized, '@', 2)
              FROM res_company company JOIN res_partner partner ON partner.id = company.partner_id
             WHERE partner.email_normalized IS NOT NULL
            """))} | NOBODYS_DOMAINS
        own -= FREEMAIL_DOMAINS
        known = self.sudo().search([('kind', '=', 'outsider'), ('author_count', '>', 0)], limit=1)
        if known and domain_of(known.author_email) not in own:
            return [Author('outsider', known.author_email, known.author_count, tuple(known.examples or ()))]
        rows = self.env.execute_query(SQL(
            """
            SELECT email_from
              FROM (SELECT email_from, message_type FROM mail_message ORDER BY id DESC LIMIT %s) newest
             WHERE message_type = 'email' AND email_from LIKE '%%@%%' LIMIT 500
            """, MAX_MESSAGES,
        )) or self.env.execute_query(SQL(
            """
            SELECT email_normalized
              FROM (SELECT email_normalized, partner_share FROM res_partner ORDER BY id DESC LIMIT %s) newest
             WHERE partner_share AND email_normalized LIKE '%%@%%' LIMIT 500
            """, MAX_MESSAGES,
        ))
        emails = {}
        for email in filter(None, (email_normalize(text) for [text] in rows)):
            emails.setdefault(domain_of(email), []).append(email)
        counted = Counter({name: len(found) for name, found in emails.items() if name not in own})
        if not counted:
            return [Author('outsider', f'customer@{STRANGER}')]
        [(name, count)] = counted.most_common(1)
        return [Author('outsider', min(emails[name]), count, tuple(sorted(set(emails[name]))[:MAX_EXAMPLES]))]

    @api.model
    def _get_templates(self):
        """Return the templates that mail leaves from: ``[(fixed sender or "", server, is_open, templates)]``.

        ``is_open`` where the sender may be somebody from outside: an address of the object itself.
        """
        Template = self.env['mail.template'].sudo()
        templates = Template.search([('model', '!=', False)], order='id')
        by_sender = {}
        for template in templates:
            text = template.email_from or ''
            sender = '' if '{{' in text else email_normalize(text) or ''
            key = (sender, template.mail_server_id, not sender and _may_be_anybody(text))
            by_sender[key] = by_sender.get(key, Template) | template
        fixed = [(*key, found) for key, found in by_sender.items() if key[0]]
        return [(*key, found) for key, found in by_sender.items() if not key[0]] + fixed[:MAX_SENDERS]

    @api.model
    def _get_mailing_server(self):
        """Return the server that Settings names for new mass mailings, if it does."""
        if 'mailing.mailing' not in self.env:
            return self.env['ir.mail_server']
        return self.env['ir.mail_server'].sudo().browse(self.env['mailing.mailing'].sudo()._get_default_mail_server_id() or ())

    @api.model
    def _get_mailings(self):
        """Return the newest mass mailings: ``[(sender, server, responsible's company, answers go to, mailings)]``."""
        if 'mailing.mailing' not in self.env:
            return []
        Mailing = self.env['mailing.mailing'].sudo()
        mailings = Mailing.search([('mailing_type', '=', 'mail'), ('email_from', '!=', False)], order='id desc', limit=500)
        by_sender = {}
        for mailing in mailings:
            sender = email_normalize(mailing.email_from)
            company = (mailing.user_id or mailing.create_uid).company_id
            reply_to = email_normalize(mailing.reply_to) if mailing.reply_to_mode == 'new' else False
            if sender:
                key = (sender, mailing.mail_server_id, company, reply_to)
                by_sender[key] = by_sender.get(key, Mailing) | mailing
        return [(*key, found) for key, found in list(by_sender.items())[:MAX_SENDERS]]


def _may_be_anybody(expression):
    """Whether the sender of a template may be somebody from outside: ``object.email_from``, ``object.partner_id.email`` ..."""
    fields = (term.split('.') for term in _OBJECT.findall(expression))
    return any('email' in names[-1] and not _INSIDERS & set(names) for names in fields)
