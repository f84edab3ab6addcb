import hashlib
import re
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, http, models
from odoo.tools import consteq
from odoo.tools.misc import get_lang

ROUTE = '/mail_domain_health/records'
WAITING = 'only-in-the-email'  # stands for the token until the letter is sent
VALID_FOR = timedelta(days=14)
_PLACEHOLDER = re.compile(rf'{ROUTE}/(\d{{1,9}})/{WAITING}')


class MailDomainHealthLink(models.Model):
    """A page with the records to publish, for somebody who has no login here: one for each letter that was sent.

    Made by the wizard that prepares the letter, it leads nowhere until the letter is sent: only then is the token
    made, which stands in the mail that leaves and nowhere here. What is kept is its hash. It ends after
    14 days, when all is published, or when it is withdrawn, which removes it.
    """

    _name = 'mail.domain.health.link'
    _description = 'Link to the Records to Publish'
    _order = 'id'

    domain_id = fields.Many2one('mail.domain.health', required=True, index=True, ondelete='cascade')
    email = fields.Char(help="Whom the letter was written to.")
    lang = fields.Char("Language")
    token_hash = fields.Char(groups=fields.NO_ACCESS, help="SHA-256, in hexadecimal. Empty: the letter was not sent yet.")
    expires_on = fields.Datetime()
    done_on = fields.Datetime(help="When all records were seen published.")

    @api.model
    def _find(self, link_id, token):
        """Return the link of that number if the token is its own, or an empty recordset."""
        link = self.browse(link_id).exists()
        # Compared with nobody's where there is none, so that the time it takes tells nothing.
        same = consteq(link.token_hash or _hash(secrets.token_hex()), _hash(token))
        return link if same else self.browse()

    def _is_open(self):
        """Whether the page shows records, or that they are published."""
        self.ensure_one()
        domain = self.domain_id
        return bool(
            self.token_hash and self.expires_on > fields.Datetime.now() and domain.active and not domain.is_foreign
            and not domain._is_neutralized())

    def _get_lang(self):
        """Return the language of the letter, or this database's where it is not installed any more."""
        self.ensure_one()
        return get_lang(self.env, self.lang).code

    @api.model
    def _search_open(self, domains):
        """Return the links of these domains that lead to records now."""
        return self.search([
            ('domain_id', 'in', domains.ids), ('token_hash', '!=', False), ('done_on', '=', False),
            ('expires_on', '>', fields.Datetime.now())])

    def _get_waiting_address(self):
        """Return the address that stands in the letter until it is sent."""
        self.ensure_one()
        return f'{self.get_base_url()}{ROUTE}/{self.id}/{WAITING}'

    @api.model
    def _make_tokens(self, domain, body):
        """Make the token of each link of ``domain`` that waits in ``body``, a letter about to leave.

        :return: ``{address that stands there: address that works}``
        """
        numbers = {int(number) for number in _PLACEHOLDER.findall(body or '')}
        waiting = self.search([
            ('id', 'in', list(numbers)), ('domain_id', '=', domain.id), ('token_hash', '=', False)]) if numbers else self
        tokens = {}
        for link in waiting:
            token = secrets.token_urlsafe(32)
            link.write({'token_hash': _hash(token), 'expires_on': fields.Datetime.now() + VALID_FOR})
            tokens[f'{ROUTE}/{link.id}/{WAITING}'] = f'{ROUTE}/{link.id}/{token}'
        return tokens

    @api.model
    def _end_done(self, domain):
        """Note that all is published; the link does not come back to life when a record is missing again."""
        self._search_open(domain).done_on = fields.Datetime.now()

    @api.autovacuum
    def _gc_links(self):
        """Remove what has ended, and what was prepared for a letter that was never sent."""
        now = fields.Datetime.now()
        self.search([
            '|', ('expires_on', '<', now), '&', ('token_hash', '=', False), ('create_date', '<', now - VALID_FOR)]).unlink()

    @api.model
    def _get_obstacle(self):
        """Return why a page here could not be opened without a login: ``(code, host, number of databases)``.

        The code is ``'copy'`` (of a database), ``'nowhere'`` or ``'several'`` (databases), or ``'local'`` (this machine's own
        name), which is no obstacle for whoever sits at it; ``None`` where nothing is known against it.
        """
        address = urlsplit(self.get_base_url())
        host = address.hostname or ''
        if self.env['mail.domain.health']._is_neutralized():
            return 'copy', host, 0
        if not http.db_filter([self.env.cr.dbname], host=address.netloc):
            return 'nowhere', host, 0
        databases = http.db_list(force=True, host=address.netloc)
        if len(databases) > 1:
            return 'several', host, len(databases)
        if not host or host == 'localhost' or host.startswith('127.') or host == '::1':
            return 'local', host, 1
        return None, host, 1


def _hash(token):
    return hashlib.sha256(token.encode('utf-8', 'replace')).hexdigest()
