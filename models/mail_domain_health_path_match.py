from collections import namedtuple

from odoo import api, models
from odoo.tools import ormcache

from ..mailauth.names import domain_of
from .mail_domain_health_path import FREEMAIL_DOMAINS, STRANGERS

# Which kind a mail belongs to whose author and way fit several: the more special one, if it is of one address;
# of a whole domain's addresses most mail is people's own.
_ORDER = (
    'mailing', 'template', 'code', 'odoobot', 'gateway', 'company', 'catchall', 'digest', 'notifications', 'user', 'organizer',
    'portal', 'customer', 'outsider')
_ORDER_OF_MANY = ('user', 'template', 'mailing', 'portal', 'customer', 'outsider')
AUTHOR = 'author'  # stands for the author's own address, or a stranger's own domain
_Row = namedtuple('_Row', 'path_id author kind from_email envelope_from')


class MailDomainHealthPath(models.Model):
    """From a mail that left to its path, and from a path to those who send on it."""

    _inherit = 'mail.domain.health.path'

    @api.model
    def _match_id(self, company_id, mail_server_id, author_email, from_email, envelope_from, is_mailing=False):
        """Return the id of the path that a mail which left belongs to, or ``None``.

        :param mail_server_id: the server that it left through (falsy: the configuration file's)
        :param author_email: ``mail.mail.email_from``, normalised
        :param from_email: the address that the receiver sees; of a domain alone any address fits
        :param envelope_from: the envelope sender; of a domain alone any address fits
        :param is_mailing: whether it belongs to a mass mailing
        """
        author, from_domain, envelope_domain = map(domain_of, (author_email, from_email, envelope_from))
        ways, authors = self._get_match_table(company_id)
        rows = ways.get((mail_server_id or False, from_domain, envelope_domain), ())
        strangers = ways.get((mail_server_id or False, AUTHOR if from_domain == author else from_domain,
                              AUTHOR if envelope_domain == author else envelope_domain), ())
        fitting = [
            *(row for row in rows if row.author and row.author == author_email),
            *(row for row in rows if row.author == f'@{author}'),
        ]
        if authors.isdisjoint((author_email, f'@{author}')):  # or their mail has a way of its own
            fitting += [row for row in (*strangers, *rows) if row.author == '@']
        fitting = [row for row in fitting if _is_as_foretold(row.from_email, from_email, author_email)
                   and _is_as_foretold(row.envelope_from, envelope_from, author_email)]
        # A mailing's mails tell that they are one; else the closest fit, then the order of the table.
        chosen = min(fitting, key=lambda row: (row.kind == 'mailing') != is_mailing, default=None)
        return chosen.path_id if chosen else None

    @api.model
    @ormcache('company_id')
    def _get_match_table(self, company_id):
        """Return ``({(server, From domain, envelope domain): (_Row, ...)}, authors that are ours)`` of what was foretold.

        The author is ``@domain`` for all of a domain, and ``@`` for anybody.

        Where a stranger's own address stays, any stranger's domain does: it is written ``author``.
        """
        paths = self.sudo().search([('company_id', '=', company_id), ('kind', '!=', 'unforeseen')])
        paths = paths.filtered(lambda path: not path.refusal)
        table = {}

        def order(path):
            kinds = _ORDER if path.is_exact or path.kind not in _ORDER_OF_MANY else _ORDER_OF_MANY
            return kinds.index(path.kind), path.moment, path.id

        for path in paths.sorted(order):
            author = domain_of(path.author_email)
            way = (path._from_domain(), path._envelope_domain())
            if path.kind in STRANGERS and path.kind != 'portal':
                way = tuple(AUTHOR if name == author else name for name in way)
                author = '@'
            elif path.kind in _ORDER_OF_MANY and not path.is_exact:
                author = f'@{author}'
            else:
                author = path.author_email
            table.setdefault((path.mail_server_id.id, *way), []).append(_Row(
                path.id, author, path.kind,
                *(AUTHOR if address == path.author_email else address for address in (path.from_email, path.envelope_from))))
        # Some of ours have an address where anybody has one, and strangers stay strangers there.
        authors = {row.author for rows in table.values() for row in rows if row.kind not in (*STRANGERS, 'organizer')}
        return {way: tuple(rows) for way, rows in table.items()}, authors - {f'@{name}' for name in FREEMAIL_DOMAINS}

    def action_open_authors(self):
        """Open the people, templates or mailings that go this way as a list."""
        self.ensure_one()
        self.check_access('read')
        models_by_kind = {
            'user': 'res.users', 'template': 'mail.template', 'mailing': 'mailing.mailing', 'company': 'res.company',
            'notifications': 'res.company', 'odoobot': 'res.partner', 'outsider': 'res.partner', 'customer': 'mail.template',
            'gateway': 'res.company', 'catchall': 'res.company', 'digest': 'digest.digest', 'code': 'ir.actions.server',
            'unforeseen': 'res.partner', 'organizer': 'event.event', 'portal': 'res.partner',
        }
        return {
            'type': 'ir.actions.act_window',
            'name': self._who(),
            'res_model': models_by_kind[self.kind],
            'views': [(False, 'list'), (False, 'form')],
            'domain': self._get_authors_domain(),
            'context': {'create': False, 'active_test': self.kind != 'odoobot'},
        }

    def _get_authors_domain(self):
        if self.kind in ('template', 'mailing', 'customer', 'code', 'organizer'):
            return [('id', 'in', self.author_ids or [])]
        if self.kind == 'digest':
            return [('company_id', '=', self.company_id.id)]
        if self.kind in ('notifications', 'company', 'gateway', 'catchall'):
            return [('id', '=', self.company_id.id)]
        if self.kind == 'odoobot':
            return [('id', '=', self.env.ref('base.partner_root').id)]
        if self.kind == 'unforeseen':
            return [('email_normalized', '=like', f'%@{self.author_domain}')]
        if self.kind == 'portal':
            return [('email_normalized', '=like', f'%@{self.author_domain}'), ('user_ids.share', '=', True)]
        if self.kind == 'outsider':
            return [('email_normalized', '=like', f'%@{self.author_domain}'), ('partner_share', '=', True)]
        users = [('share', '=', False), ('company_id', '=', self.company_id.id), ('id', '!=', 1)]
        if self.is_exact:
            return [*users, ('partner_id.email_normalized', '=', self.author_email)]
        others = self.sudo().search([
            ('company_id', '=', self.company_id.id), ('kind', '=', 'user'), ('is_exact', '=', True)])
        return [*users, ('partner_id.email_normalized', '=like', f'%@{self.author_domain}'),
                ('partner_id.email_normalized', 'not in', others.mapped('author_email'))]


def _is_as_foretold(foretold, address, author):
    """Whether ``address`` is the one that a path names; of a domain alone any is."""
    if not address or '@' not in address.lstrip('@'):
        return True
    return address == (author if foretold == AUTHOR else foretold)
