"""Who sends mail in this database: people, templates, mailings. Bounded queries, whatever its size."""

import re
from collections import namedtuple

from odoo import SUPERUSER_ID
from odoo.tools import SQL
from odoo.tools.mail import email_normalize

MAX_EXAMPLES = 5
MAX_SENDERS = 50  # fixed senders of templates, and of mailings, that get a path of their own
# A field of the object in the expression of a template's sender, and the fields on whose path it is one of our people.
_OBJECT = re.compile(r'\bobject((?:\.\w+)+)')
_INSIDERS = {'user_id', 'create_uid', 'write_uid', 'company_id', 'user', 'user_ids', 'manager_id'}

# Who sends: ``email`` is asked about; with ``exact`` it stands for itself, else for its whole domain.
Author = namedtuple('Author', 'kind email count examples exact ids', defaults=(0, (), False, ()))


def read_users(env, companies, named):
    """Return ``{company id: [Author]}``: the users of each company by the domain of their addresses.

    :param named: addresses that a filter names: they get a path of their own
    """
    env['res.users'].flush_model(['active', 'share', 'company_id', 'partner_id'])
    env['res.partner'].flush_model(['email_normalized', 'name'])
    users = {}
    for company_id, email, exact, count, examples in env.execute_query(SQL(
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
        named, MAX_EXAMPLES, companies.ids, SUPERUSER_ID, named, named,
    )):
        users.setdefault(company_id, []).append(Author('user', email, count, tuple(examples), exact))
    return users


def company_authors(env, company):
    email = email_normalize(company.sudo().email)
    return [Author('company', email, 1, (company.name,), True)] if email else []


def notifications_authors(env, company, alias_domain):
    email = alias_domain.default_from_email \
        or company.sudo().with_company(company).env['ir.mail_server']._get_default_from_address()
    return [Author('notifications', email, 1, (company.name,), True)] if email else []


def odoobot_authors(env):
    partner = env.ref('base.partner_root').sudo()
    return [Author('odoobot', partner.email_normalized, 1, (partner.name,), True)] if partner.email_normalized else []


def read_templates(env):
    """Return the templates that mail leaves from: ``[(fixed sender or "", server, is_open, templates)]``.

    ``is_open`` where the sender may be somebody from outside: an address of the object itself.
    """
    Template = env['mail.template'].sudo()
    templates = Template.search([('model', '!=', False)], order='id')
    by_sender = {}
    for template in templates:
        text = template.email_from or ''
        sender = '' if '{{' in text else email_normalize(text) or ''
        key = (sender, template.mail_server_id, not sender and _may_be_anybody(text))
        by_sender[key] = by_sender.get(key, Template) | template
    fixed = [(*key, found) for key, found in by_sender.items() if key[0]]
    return [(*key, found) for key, found in by_sender.items() if not key[0]] + fixed[:MAX_SENDERS]


def mailing_server(env):
    """Return the server that Settings names for new mass mailings, if it does."""
    if 'mailing.mailing' not in env:
        return env['ir.mail_server']
    return env['ir.mail_server'].sudo().browse(env['mailing.mailing'].sudo()._get_default_mail_server_id() or ())


def read_mailings(env):
    """Return the newest mass mailings: ``[(sender, server, responsible's company, answers go to, mailings)]``."""
    if 'mailing.mailing' not in env:
        return []
    Mailing = env['mailing.mailing'].sudo()
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
