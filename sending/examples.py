"""As which address a company's mail leaves: example authors, what core answers for them, and what that comes to."""

from collections import namedtuple

from odoo import SUPERUSER_ID
from odoo.tools import SQL

from ..mailauth.dns.names import domain_of
from .asking_core import probe
from .freemail import FREEMAIL_DOMAINS
from .legacy_parameters import PARAMETER_DYNAMIC, PARAMETER_FORCE, honors, legacy_sender, own_email_domain

# An author whose mail serves as an example. kind: insider (at the alias domain), user (at another
# domain), freemail (a user there), outsider.
ExampleAuthor = namedtuple('ExampleAuthor', 'kind name email')
MAX_DOMAINS = 20  # of users that are looked at; examples, no statistics


def example_authors(company):
    """Return one :class:`ExampleAuthor` per domain of this company's users, real ones, and one from outside.

    The insider comes first. Where nobody serves as an example, one is made up.
    """
    company.ensure_one()
    own_domain = domain_of(company.sudo().alias_domain_id.name)
    users = _query_example_users(company)
    authors = [
        ExampleAuthor(
            'insider' if domain == own_domain else 'freemail' if domain in FREEMAIL_DOMAINS else 'user',
            name or email, email,
        ) for domain, name, email in users
    ]
    if own_domain and not any(author.kind == 'insider' for author in authors):
        authors.append(ExampleAuthor('insider', company.env._("Somebody"), f'somebody@{own_domain}'))
    order = ('insider', 'user', 'freemail')
    authors.sort(key=lambda author: order.index(author.kind))
    domains = {domain for domain, _name, _email in users} | {own_domain}
    return [*authors, _example_outsider(company, domains)]


def _query_example_users(company):
    """Return ``[(domain, name, email)]``, one per domain; who has a mail server of their own is no example."""
    company.env['res.users'].flush_model(['active', 'share', 'company_id', 'partner_id'])
    company.env['res.partner'].flush_model(['email_normalized', 'name', 'active', 'partner_share'])
    company.env['ir.mail_server'].flush_model(['owner_user_id', 'active'])
    return company.env.execute_query(SQL(
        """
        SELECT DISTINCT ON (1) split_part(partner.email_normalized, '@', 2), partner.name, partner.email_normalized
          FROM res_users users
          JOIN res_partner partner ON partner.id = users.partner_id
         WHERE users.active AND NOT users.share AND users.company_id = %s AND users.id != %s
           AND partner.email_normalized LIKE '%%_@_%%'
           AND NOT EXISTS (SELECT 1 FROM ir_mail_server own WHERE own.owner_user_id = users.id AND own.active)
      ORDER BY 1, users.id
         LIMIT %s
        """, company.id, SUPERUSER_ID, MAX_DOMAINS))


def _example_outsider(company, domains):
    """Return somebody from outside: the oldest contact with an address at none of ``domains``.

    Other companies of this database are no strangers to its servers' filters; contacts of theirs are not shown.
    """
    company.env['mail.alias.domain'].flush_model(['name'])
    company.env['res.partner'].flush_model(['active', 'company_id', 'email_normalized', 'name', 'partner_share'])
    rows = company.env.execute_query(SQL(
        """
        SELECT name, email_normalized FROM res_partner
         WHERE active AND partner_share AND email_normalized LIKE '%%_@_%%'
           AND (company_id IS NULL OR company_id = %s)
           AND split_part(email_normalized, '@', 2) NOT IN %s
           AND NOT EXISTS (
                SELECT 1 FROM mail_alias_domain
                 WHERE lower(mail_alias_domain.name) = split_part(email_normalized, '@', 2))
           AND NOT EXISTS (SELECT 1 FROM res_company company WHERE company.partner_id = res_partner.id)
      ORDER BY id LIMIT 1
        """, company.id, tuple(domains)))
    for name, email in rows:
        return ExampleAuthor('outsider', name or email, email)
    return ExampleAuthor('outsider', company.env._("A customer"), 'customer@example.com')


def example_routes(company, authors, env=None):
    """Return ``[(author, route)]`` as core sends now; ``env`` carries the context of a trial."""
    company.ensure_one()
    return [(author, probe(company.env if env is None else env, company, author.email)) for author in authors]


def default_sender(company):
    """Return the address that takes an author's place natively, or ``''``."""
    return company.sudo().with_company(company).env['ir.mail_server']._get_default_from_address() or ''


def sender_mode(company, routes):
    """Return what the routes of :func:`example_routes` come to: a key of ``texts.sender.NOW``."""
    env = company.with_company(company).env
    if honors(env):
        if legacy_sender(env, PARAMETER_FORCE):
            return 'force'
        if legacy_sender(env, PARAMETER_DYNAMIC) and own_email_domain(env):
            return 'dynamic'
    kept = {}
    for author, route in routes:
        kept.setdefault(author.kind, set()).add(bool(route) and route.from_email == author.email)
    if any(len(answers) > 1 for answers in kept.values()):
        return 'mixed'
    insider, user, outsider = (kept.get(kind, {None}).copy().pop() for kind in ('insider', 'user', 'outsider'))
    if insider is None:  # no alias domain
        insider = user
    if outsider:
        return 'author' if insider is not False and user is not False else 'mixed'
    if insider:
        return 'outsiders' if user else 'own'
    return 'mixed' if user or len({route.from_email for _author, route in routes if route}) > 1 else 'one'
