from bisect import bisect_right

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .mail_domain_health_path_collect import _Shared

PART = 'mail_domain_health_part'  # context key: the Part that is being worked out
PART_SIZE = 400  # domains of users that are worked out in one transaction
# Of these there is a way for each domain that users have addresses at; of the others there are few.
BY_DOMAIN = ('user', 'template', 'mailing')


class Part:
    """Some of the ways of one company: those of users at ``domains``, and with ``others`` all that no user's domain has."""

    def __init__(self, domains, others=False, all_domains=()):
        self.domains = frozenset(domains)
        self.others = others
        self.all_domains = frozenset(all_domains)

    def holds(self, kind, author_domain):
        """Whether a way belongs to this part."""
        if kind in BY_DOMAIN and author_domain in self.domains:
            return True
        return self.others and not (kind in BY_DOMAIN and author_domain in self.all_domains)

    def condition(self):
        """Return the search domain that finds more than enough of the ways of this part."""
        return Domain.TRUE if self.others else Domain('author_domain', 'in', list(self.domains))


class MailDomainHealthPath(models.Model):
    """The ways of a company with thousands of domains, worked out in parts: each takes a second or two at most."""

    _inherit = 'mail.domain.health.path'

    @api.model
    def _get_users(self, companies, named):
        users = super()._get_users(companies, named)
        part = self.env.context.get(PART)
        if isinstance(part, Part):
            users = {
                company_id: [author for author in authors if author_domain_of(author) in part.domains]
                for company_id, authors in users.items()}
        return users

    @api.model
    def _collect_part(self, companies, part):
        """Return the values of the paths of a part (``None``: of all)."""
        if not part:
            return self._collect(companies)
        return [values for values in self.with_context(**{PART: part})._collect(companies)
                if part.holds(values['kind'], values['author_domain'])]

    @api.model
    def _get_part(self, company, position):
        """Return ``(part, its last domain or None where it is the last part)`` behind ``position``."""
        domains = self._get_author_domains(company)
        start = bisect_right(domains, position) if position else 0
        chosen = domains[start:start + PART_SIZE]
        rest = len(domains) > start + PART_SIZE
        return Part(chosen, not position, domains), chosen[-1] if rest else None

    @api.model
    def _get_changed_part(self, company):
        """Return the part of the domains whose users are not those that the paths are known for."""
        authors = {}
        for author in self._get_authors(company):
            key = (author_domain_of(author), author.email if author.exact else '')
            authors[key] = (author.count, list(author.examples))
        known = {}
        for path in self.search_fetch(
                [('company_id', '=', company.id), ('kind', '=', 'user')],
                ['author_domain', 'author_email', 'is_exact', 'author_count', 'examples']):
            key = (path.author_domain or '', path.author_email if path.is_exact else '')
            known[key] = (path.author_count, path.examples or [])
        return Part({
            domain for domain, email in authors.keys() | known.keys()
            if authors.get((domain, email)) != known.get((domain, email))})

    @api.model
    def _get_author_domains(self, company):
        """Return the domains that users of the company have addresses at, in order."""
        self.env['res.users'].flush_model(['active', 'share', 'company_id', 'partner_id'])
        self.env['res.partner'].flush_model(['email_normalized'])
        return sorted(domain for [domain] in self.env.execute_query(SQL(
            """
            SELECT DISTINCT split_part(partner.email_normalized, '@', 2)
              FROM res_users users JOIN res_partner partner ON partner.id = users.partner_id
             WHERE users.active AND NOT users.share AND users.company_id = %s
               AND partner.email_normalized LIKE '%%@%%' AND users.id != %s
            """, company.id, api.SUPERUSER_ID)))

    @api.model
    def _get_authors(self, company):
        return _Shared(self, company).users.get(company.id, [])


def author_domain_of(author):
    """Return the domain of an author's address as a path has it (``author_domain``)."""
    return author.email.split('@')[1]
