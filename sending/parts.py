"""The paths of a company with thousands of domains, worked out in parts: each takes a second or two at most."""

from bisect import bisect_right

from odoo import SUPERUSER_ID
from odoo.fields import Domain
from odoo.tools import SQL

from .asking_once import Asking
from .authors import read_users

PART_SIZE = 400  # domains of users that are worked out in one transaction
# Of these there is a path for each domain that users have addresses at; of the others there are few.
BY_DOMAIN = ('user', 'template', 'mailing')


class Part:
    """Some of the paths of one company: those of users at ``domains``, and with ``others`` all that no user's domain has."""

    def __init__(self, domains, others=False, all_domains=()):
        self.domains = frozenset(domains)
        self.others = others
        self.all_domains = frozenset(all_domains)

    def holds(self, kind, author_domain):
        """Whether a path belongs to this part."""
        if kind in BY_DOMAIN and author_domain in self.domains:
            return True
        return self.others and not (kind in BY_DOMAIN and author_domain in self.all_domains)

    def condition(self):
        """Return the search domain that finds more than enough of the paths of this part."""
        return Domain.TRUE if self.others else Domain('author_domain', 'in', list(self.domains))

    def own_users(self, users):
        """Return ``{company id: [Author]}`` without the users whose domains are not of this part."""
        return {
            company_id: [author for author in authors if author_domain_of(author) in self.domains]
            for company_id, authors in users.items()}


def part_behind(env, company, position):
    """Return ``(part, its last domain or None where it is the last part)`` behind ``position``."""
    domains = _author_domains(env, company)
    start = bisect_right(domains, position) if position else 0
    chosen = domains[start:start + PART_SIZE]
    rest = len(domains) > start + PART_SIZE
    return Part(chosen, not position, domains), chosen[-1] if rest else None


def changed_part(env, company):
    """Return the part of the domains whose users are not those that the paths are known for."""
    return Part(changed_domains(env, company).get(company.id, ()))


def changed_domains(env, companies):
    """Return ``{company id: domains}`` whose users are not those that the paths are known for; as many queries for all."""
    authors = {}
    for company_id, found in read_users(env, companies, Asking(env).addresses).items():
        for author in found:
            key = (company_id, author_domain_of(author), author.email if author.exact else '')
            authors[key] = (author.count, list(author.examples))
    known = {}
    for path in env['mail.domain.health.path'].search_fetch(
            [('company_id', 'in', companies.ids), ('kind', '=', 'user')],
            ['company_id', 'author_domain', 'author_email', 'is_exact', 'author_count', 'examples']):
        key = (path.company_id.id, path.author_domain or '', path.author_email if path.is_exact else '')
        known[key] = (path.author_count, path.examples or [])
    changed = {}
    for key in authors.keys() | known.keys():
        if authors.get(key) != known.get(key):
            changed.setdefault(key[0], set()).add(key[1])
    return changed


def _author_domains(env, company):
    """Return the domains that users of the company have addresses at, in order."""
    env['res.users'].flush_model(['active', 'share', 'company_id', 'partner_id'])
    env['res.partner'].flush_model(['email_normalized'])
    return sorted(domain for [domain] in env.execute_query(SQL(
        """
        SELECT DISTINCT split_part(partner.email_normalized, '@', 2)
          FROM res_users users JOIN res_partner partner ON partner.id = users.partner_id
         WHERE users.active AND NOT users.share AND users.company_id = %s
           AND partner.email_normalized LIKE '%%@%%' AND users.id != %s
        """, company.id, SUPERUSER_ID)))


def author_domain_of(author):
    """Return the domain of an author's address as a path has it (``author_domain``)."""
    return author.email.split('@')[1]
