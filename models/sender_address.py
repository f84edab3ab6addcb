"""As which address a company's mail leaves: the examples, asked of core, and what they come to."""

from collections import namedtuple

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

from ..mailauth.dns.names import domain_of
from ..sending.asking_core import probe
from ..sending.freemail import FREEMAIL_DOMAINS
from ..sending.legacy_parameters import PARAMETER_DOMAIN, PARAMETER_DYNAMIC, PARAMETER_FORCE
from ..texts import sender as sender_texts

# An author whose mail serves as an example. kind: insider (at the alias domain), user (at another
# domain), freemail (a user there), outsider.
Author = namedtuple('Author', 'kind name email')
MAX_DOMAINS = 20  # of users that are looked at; examples, no statistics


class ResCompany(models.Model):
    _inherit = 'res.company'

    def _get_example_authors(self):
        """Return one :class:`Author` per domain of this company's users, real ones, and one from outside.

        The insider comes first. Where nobody serves as an example, one is made up.
        """
        self.ensure_one()
        own_domain = domain_of(self.sudo().alias_domain_id.name)
        users = self._query_example_users()
        authors = [
            Author(
                'insider' if domain == own_domain else 'freemail' if domain in FREEMAIL_DOMAINS else 'user',
                name or email, email,
            ) for domain, name, email in users
        ]
        if own_domain and not any(author.kind == 'insider' for author in authors):
            authors.append(Author('insider', self.env._("Somebody"), f'somebody@{own_domain}'))
        order = ('insider', 'user', 'freemail')
        authors.sort(key=lambda author: order.index(author.kind))
        domains = {domain for domain, _name, _email in users} | {own_domain}
        return [*authors, self._get_example_outsider(domains)]

    def _query_example_users(self):
        """Return ``[(domain, name, email)]``, one per domain; who has a mail server of their own is no example."""
        self.env['res.users'].flush_model(['active', 'share', 'company_id', 'partner_id'])
        self.env['res.partner'].flush_model(['email_normalized', 'name', 'active', 'partner_share'])
        self.env['ir.mail_server'].flush_model(['owner_user_id', 'active'])
        return self.env.execute_query(SQL(
            """
            SELECT DISTINCT ON (1) split_part(partner.email_normalized, '@', 2), partner.name, partner.email_normalized
              FROM res_users users
              JOIN res_partner partner ON partner.id = users.partner_id
             WHERE users.active AND NOT users.share AND users.company_id = %s AND users.id != %s
               AND partner.email_normalized LIKE '%%_@_%%'
               AND NOT EXISTS (SELECT 1 FROM ir_mail_server own WHERE own.owner_user_id = users.id AND own.active)
          ORDER BY 1, users.id
             LIMIT %s
            """, self.id, SUPERUSER_ID, MAX_DOMAINS))

    def _get_example_outsider(self, domains):
        """Return somebody from outside: the oldest contact with an address at none of ``domains``.

        Other companies of this database are no strangers to its servers' filters; contacts of theirs are not shown.
        """
        self.env['mail.alias.domain'].flush_model(['name'])
        self.env['res.partner'].flush_model(['active', 'company_id', 'email_normalized', 'name', 'partner_share'])
        rows = self.env.execute_query(SQL(
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
            """, self.id, tuple(domains)))
        for name, email in rows:
            return Author('outsider', name or email, email)
        return Author('outsider', self.env._("A customer"), 'customer@example.com')

    def _get_routes(self, authors, env=None):
        """Return ``[(author, route)]`` as core sends now; ``env`` carries the context of a trial."""
        self.ensure_one()
        return [(author, probe(env or self.env, self, author.email)) for author in authors]

    def _get_default_sender(self):
        """Return the address that takes an author's place natively, or ``''``."""
        return self.sudo().with_company(self).env['ir.mail_server']._get_default_from_address() or ''

    def _get_sender_mode(self, routes):
        """Return what the routes of :meth:`_get_example_authors` come to: a key of ``sender_texts.NOW``."""
        IrMailServer = self.env['ir.mail_server'].with_company(self)
        if IrMailServer._honours_legacy_sender():
            if IrMailServer._get_legacy_sender(PARAMETER_FORCE):
                return 'force'
            if IrMailServer._get_legacy_sender(PARAMETER_DYNAMIC) and IrMailServer._get_email_domain():
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

    def _get_mail_sender_box(self):
        """Return what Settings shows of the default sender address; asks no DNS.

        :return: ``{"mode": str, "sentence": str, "examples": [{"who", "author", "from_email", "is_replaced"}],
            "notes": [str], "can_change": bool, "parameters": {...}}``
        """
        self.ensure_one()
        routes = self._get_routes(self._get_example_authors())
        mode = self._get_sender_mode(routes)
        IrMailServer = self.env['ir.mail_server'].with_company(self)
        address = {
            'force': lambda: IrMailServer._get_legacy_sender(PARAMETER_FORCE),
            'dynamic': lambda: IrMailServer._get_legacy_sender(PARAMETER_DYNAMIC),
        }.get(mode, self._get_default_sender)()
        replaced = [route.from_email for author, route in routes if route and route.from_email != author.email]
        notes = []
        if bounces := self._get_bounce_note(routes):
            notes.append(bounces)
        if not self.alias_domain_id:
            notes.append(sender_texts.say(self.env, sender_texts.NO_ALIAS_DOMAIN))
        return {
            'mode': mode,
            'sentence': sender_texts.say(
                self.env, sender_texts.NOW[mode], address=(address or (replaced or [''])[0]),
                domain=IrMailServer._get_email_domain()),
            'examples': [self._get_example(author, route) for author, route in _one_of_each(routes)],
            'notes': notes,
            'can_change': bool(self.alias_domain_id) and mode not in ('force', 'dynamic'),
            'parameters': IrMailServer._get_legacy_sender_notice(),
        }

    def _get_example(self, author, route):
        return {
            'kind': author.kind,
            'who': sender_texts.say(self.env, sender_texts.WHO[author.kind]),
            'name': author.name,
            'author': author.email,
            'from_email': route.from_email if route else None,
            'is_replaced': bool(route) and route.from_email != author.email,
        }

    def _get_bounce_note(self, routes):
        """Return where bounces go, as a sentence."""
        envelopes = {route.envelope_from for _author, route in routes if route}
        own = (self.bounce_email or '').lower()
        if own and envelopes == {own}:
            return sender_texts.say(self.env, sender_texts.BOUNCES_COME_BACK, address=own)
        elsewhere = sorted(envelopes - {own})
        return elsewhere and sender_texts.say(
            self.env, sender_texts.BOUNCES_LEAVE, address=', '.join(elsewhere[:3])) or None


def _one_of_each(routes):
    """Return the first route of each kind of author: three or four lines."""
    first = {}
    for author, route in routes:
        first.setdefault(author.kind, (author, route))
    return list(first.values())


class IrMail_Server(models.Model):
    _inherit = 'ir.mail_server'

    def _get_legacy_sender_notice(self):
        """Return what is to be said about the legacy parameters in the current company, or ``None``.

        :return: ``{"honoured": bool, "notes": [str], "is_convertible": bool}``
        """
        get_param = self.env['ir.config_parameter'].sudo().get_param
        values = {key: get_param(key) for key in (PARAMETER_FORCE, PARAMETER_DYNAMIC)}
        values = {key: value for key, value in values.items() if value}
        if not values:
            return None
        addresses = {key: self._get_legacy_sender(key) for key in values}
        honoured = self._honours_legacy_sender()
        say = sender_texts.say
        notes = [
            say(self.env, sender_texts.PARAMETER_UNREADABLE, key=key, value=value)
            for key, value in values.items() if not addresses[key]
        ]
        if not honoured:
            notes.insert(0, say(self.env, sender_texts.PARAMETERS_IGNORED, parameters=', '.join(
                f'{key} = {value}' for key, value in values.items())))
        elif len(values) == 2 and addresses[PARAMETER_FORCE]:
            notes.append(say(self.env, sender_texts.FORCE_WINS))
        if addresses.get(PARAMETER_DYNAMIC):
            notes += self._get_email_domain_notes(get_param(PARAMETER_DOMAIN))
        return {
            'honoured': honoured,
            'notes': notes,
            'is_convertible': any(addresses.values()),
        }

    def _get_email_domain_notes(self, parameter):
        """Return which of ``mail.catchall.domain`` and the alias domain counts, where they differ."""
        alias_domain = self.env.company.sudo().alias_domain_id.name
        parameter = domain_of(parameter)
        if parameter and alias_domain and parameter != domain_of(alias_domain):
            return [sender_texts.say(
                self.env, sender_texts.DOMAINS_DIFFER, parameter=parameter, alias_domain=alias_domain)]
        if parameter and not alias_domain:
            return [sender_texts.say(self.env, sender_texts.PARAMETER_DOMAIN_COUNTS, parameter=parameter)]
        return []

    @api.model
    def _get_ignored_parameters(self):
        """Return the legacy parameters that name a sender and are not honoured, as ``("key = value", ...)``."""
        if self._honours_legacy_sender():
            return ()
        get_param = self.env['ir.config_parameter'].sudo().get_param
        return tuple(
            f'{key} = {value}' for key in (PARAMETER_FORCE, PARAMETER_DYNAMIC) if (value := get_param(key)))
