"""Every path that mail leaves on: who sends, in which company, through what, when."""

from odoo.tools.mail import email_domain_extract, email_normalize

from .asking_core import Route, alias_domain_of
from .asking_once import Asking
from .authors import (
    MAX_EXAMPLES,
    Author,
    company_authors,
    mailing_server,
    notifications_authors,
    odoobot_authors,
    read_mailings,
    read_templates,
    read_users,
)
from .automatic_authors import catchall_authors, digest_authors, gateway_authors, read_code_authors
from .external_senders import external_authors, read_event_organizers, read_portal_users
from .identity import path_key
from .services import sending_service
from .unforeseen import collect_unforeseen

MAX_PERSONAL_SERVERS = 100  # of a company that get a path of their own


def collect(env, companies, part=None):
    """Return the values of every path of ``companies``: what the configuration says, then what left otherwise.

    :param Part part: which of the paths of one company (parts.py; default: all)
    """
    shared = Shared(env, companies, part=part)
    rows = {}
    for company in companies:
        for values in _Company(env, shared, company).rows():
            # Two authors at one address, a template and a user, are two paths; the same kind twice is one.
            rows.setdefault(path_key(values), values)
    values_list = [*rows.values(), *collect_unforeseen(env, companies)]
    if part:
        return [values for values in values_list if part.holds(values['kind'], values['author_domain'])]
    return values_list


def leavings(env, companies, named=()):
    """Return how each author's mail would leave: ``{(company id, kind, address, exact, server named, moment): values}``.

    :param named: addresses that get a path of their own besides those that the configuration names, so
        that two configurations can be compared author by author
    """
    shared = Shared(env, companies, named)
    found = {}
    for company in companies:
        for values in _Company(env, shared, company, is_complete=True).rows():
            forced = values['mail_server_id'] if values['is_forced'] else False
            # What notifications leave as may be what changes.
            address = '' if values['kind'] == 'notifications' else values['author_email']
            who = (company.id, values['kind'], address, values['is_exact'], forced)
            for moment in ('now', 'queue') if values['moment'] == 'any' else (values['moment'],):
                found.setdefault((*who, moment), values)
    return found


class Shared(Asking):
    """What is the same for every company, read once."""

    def __init__(self, env, companies, named=(), part=None):
        super().__init__(env, named)
        users = read_users(env, companies, self.addresses)
        self.users = part.own_users(users) if part else users
        self.owners = {}
        for server in self.personal:
            self.owners.setdefault(server.owner_user_id.company_id, []).append(server.owner_user_id)
        self.portal = read_portal_users(env, companies)
        self.odoobot = odoobot_authors(env)
        self.external = external_authors(env)
        self.templates = read_templates(env)
        self.mailings = read_mailings(env)
        self.codes = read_code_authors(env)
        self.mailing_server = mailing_server(env)


class _Company:
    """The paths of one company's mail."""

    def __init__(self, env, shared, company, is_complete=False):
        self.env = env
        self.shared = shared
        self.company = company
        self.alias_domain = alias_domain_of(company)
        self.no_alias_domain = env['mail.alias.domain']
        self.reply_to = email_normalize(
            company.env['mail.thread'].sudo().with_company(company)._notify_get_reply_to(default='')[False])
        self.users = shared.users.get(company.id, [])
        self.services = {}
        self.is_complete = is_complete  # paths that others stand for already, too

    def rows(self):
        """Yield the values of each path."""
        env, company = self.env, self.company
        personal = list(self._personal())
        yield from personal
        served = {values['author_email'] for values in personal}
        own = [*notifications_authors(env, company, self.alias_domain), *self.users, *company_authors(env, company)]
        if not own:  # nobody here has an address that mail could leave as
            own = [Author('notifications', '', 1, (company.name,), True)]
        for author in (*own, *self.shared.odoobot, *self.shared.external):
            if author.kind != 'user' or not author.exact or author.email not in served:
                # Six of the mails that Odoo sends as the company are answered to its own address.
                yield from self._rows_of(author, reply_to=author.email if author.kind == 'company' else None)
        for author in (*read_event_organizers(env, company), *self.shared.portal.get(company.id, ())):
            yield from self._rows_of(author)
        yield from self._templates()
        yield from self._mailings()
        yield from self._machines()

    def _personal(self):
        """Yield the paths of users with a mail server of their own, as far as their mail goes through it."""
        for user in self.shared.owners.get(self.company, [])[:MAX_PERSONAL_SERVERS]:
            if not user.email_normalized or not user.active:
                continue
            author = Author('user', user.email_normalized, 1, (user.name,), True)
            for values in self._rows_of(author, user=user):
                if self.env['ir.mail_server'].browse(values['mail_server_id']).sudo().owner_user_id:
                    yield values

    def _templates(self):
        """Templates with a fixed sender, those that name a server, and what the queue makes of the others."""
        for sender, server, is_open, templates in self.shared.templates:
            count, names, ids = len(templates), tuple(templates[:MAX_EXAMPLES].mapped('name')), tuple(templates.ids)
            if sender:
                yield from self._rows_of(
                    Author('template', sender, count, names, True, ids), mail_server=server, alias_domain=self.no_alias_domain)
                continue
            for author in self._senders():
                template = Author('template', author.email, count, names, False, ids)
                known = () if server or self.is_complete else {route for _moment, route in self._routes(author)}
                yield from self._rows_of(template, mail_server=server, alias_domain=self.no_alias_domain, known=known)
            for external in self.shared.external if is_open else ():
                known = () if server or self.is_complete else {route for _moment, route in self._routes(external)}
                yield from self._rows_of(
                    Author('customer', external.email, count, names, False, ids), mail_server=server,
                    alias_domain=self.no_alias_domain, known=known)

    def _machines(self):
        """What nobody writes, where it leaves otherwise than what somebody does."""
        env, company, queue_company = self.env, self.company, self.shared.queue_company
        if company == queue_company:  # incoming mail is worked on in its name, whosever it is
            for author in gateway_authors(env, company):
                yield from self._rows_of(author, alias_domain=self.no_alias_domain)
        for author in catchall_authors(env, company):
            for alias_domain in (self.no_alias_domain, self.alias_domain):
                yield from self._rows_of(author, alias_domain=alias_domain)
        for author in digest_authors(env, company):
            route = self.shared.route(company, author.email, author.exact, self.no_alias_domain, queue_company)
            if self.is_complete or route not in {route for _moment, route in self._routes(author)}:
                yield from self._rows_at(author, [('queue', route)])
        for author in self.shared.codes:
            yield from self._rows_of(author, alias_domain=self.no_alias_domain)

    def _senders(self):
        """Return who sends what has no sender of its own, mostly users or the company: one for each domain.

        An address that a filter names gets a path of its own: it stands for its domain only where nobody else does.
        """
        senders = {}
        many, named = (tuple(user for user in self.users if user.exact == exact) for exact in (False, True))
        for author in (*many, *company_authors(self.env, self.company), *named):
            senders.setdefault(email_domain_extract(author.email), author)
        return senders.values()

    def _mailings(self):
        """Mass mailings leave in the company of their recipients, or else in the one that the queue works in."""
        for sender, server, company, reply_to, mailings in self.shared.mailings:
            if self.company in (company, self.shared.queue_company):
                names = tuple(mailings[:MAX_EXAMPLES].mapped('subject'))
                author = Author('mailing', sender, len(mailings), names, True, tuple(mailings.ids))
                yield from self._rows_of(author, mail_server=server, reply_to=reply_to)
        if self.shared.mailing_server:
            for author in dict.fromkeys(map(self._author_of_new_mailing, self.users)):
                yield from self._rows_of(author, mail_server=self.shared.mailing_server)

    def _author_of_new_mailing(self, user):
        """Return as whom a new mailing of ``user`` is sent through the dedicated server (``_compute_email_from``)."""
        server = self.shared.mailing_server
        notifications = self.env['ir.mail_server'].sudo().with_company(self.company)._get_default_from_address()
        if server._match_from_filter(user.email, server.from_filter) \
                or not notifications or not server._match_from_filter(notifications, server.from_filter):
            return Author('mailing', user.email, exact=user.exact)
        return Author('mailing', notifications, exact=True)

    def _rows_of(self, author, reply_to=None, known=(), mail_server=None, **probe):
        routes = self._routes(author, mail_server=mail_server, **probe)
        return self._rows_at(author, [each for each in routes if each[1] not in known], reply_to, mail_server)

    def _rows_at(self, author, routes, reply_to=None, mail_server=None):
        for moment, route in routes:
            email = self.shared.normalize(author.email) or author.email
            refusal = getattr(route, 'why', '') or ('' if '@' in route.from_email else 'no_author')
            if refusal:
                route = Route(mail_server or self.env['ir.mail_server'], '', '')
            yield {
                'company_id': self.company.id,
                'kind': author.kind,
                'author_email': email,
                'author_domain': email_domain_extract(email) or '',
                'author_count': author.count,
                'examples': list(author.examples),
                'author_ids': list(author.ids),
                'is_exact': author.exact,
                'is_forced': bool(mail_server),
                'moment': moment,
                'mail_server_id': route.server.id,
                'mail_sending_service_id': self._service(route.server).id,
                'from_email': route.from_email,
                'envelope_from': route.envelope_from,
                'reply_to': reply_to or self.reply_to or email,
                'is_rewritten': not refusal and route.from_email != email,
                'refusal': refusal,
                **({'state': 'fail', 'reasons': [f'odoo:{refusal}']} if refusal else {}),
            }

    def _service(self, server):
        if server not in self.services:  # looking through the catalog for each of thousands of paths takes minutes
            self.services[server] = sending_service(self.company, server)
        return self.services[server]

    def _routes(self, author, alias_domain=None, mail_server=None, **more):
        """Return what :meth:`Asking.routes` answers; without another alias domain as mail about the company's documents."""
        alias_domain = self.alias_domain if alias_domain is None else alias_domain
        return self.shared.routes(self.company, author.email, author.exact, alias_domain, mail_server, **more)
