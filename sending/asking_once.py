"""Core, asked once for all authors whose mail it sends the same way."""

import functools
from collections import namedtuple

from odoo.tools.mail import email_normalize

from ..mailauth.dns.names import domain_of
from . import asking_core
from .asking_core import Asked, alias_domain_of, build_message, mail_servers_of, queue_company
from .named_domains import Named, read_named_addresses, read_sender_settings

Refused = namedtuple('Refused', 'why')  # in a route's place, where core refuses to send


class Asking:
    """What core answers, with what every question needs read once.

    ``named`` are the addresses that decide by themselves; ``personal`` the servers that are a user's own.
    """

    def __init__(self, env, named=()):
        self.env = env
        self.servers = mail_servers_of(env)
        self.queue_company = queue_company(env)
        IrMailServer = env['ir.mail_server'].sudo()
        self.personal = IrMailServer.search([('owner_user_id', '!=', False)], order='sequence, id')
        self.addresses = sorted({
            *named, *read_named_addresses(env, self.servers),
            *filter(None, self.personal.owner_user_id.mapped('email_normalized'))})
        self.message = build_message(env)
        # Whom core asks a second time for the server of the configuration file.
        self.everybodys = IrMailServer.search(IrMailServer._find_mail_server_allowed_domain(), order='sequence')
        self.named = Named(read_sender_settings(env, self.servers | self.personal | self.everybodys))
        self.names_domains = IrMailServer._honors_legacy_sender()  # then a sender depends on whose domain it is
        self.known = {}
        self.normalize = functools.cache(email_normalize)  # of the same few addresses, again and again

    def asked_as(self, email, is_exact=False):
        """Return what is the same for all authors whose mail core sends the same way."""
        if is_exact:
            return email
        return domain_of(email) if self.names_domains else self.named.get_class(email)

    def external_routes(self, company, email):
        """Return how core passes on to followers what somebody from outside wrote (:meth:`routes`)."""
        return self.routes(company, email, email in self.addresses, alias_domain_of(company))

    def routes(self, company, email, is_exact, alias_domain, mail_server=None, **more):
        """Return ``[(moment, Route or Refused)]``: two where mail that waits in the queue leaves another way."""
        asked = Asked()
        now = self.route(company, email, is_exact, alias_domain, company, mail_server, asked, **more)
        queue = now
        if asked.company and company != self.queue_company:
            queue = self.route(company, email, is_exact, alias_domain, self.queue_company, mail_server, **more)
        same = type(now) is type(queue) and now == queue  # records compared with anything else leave a warning in the log
        return [('any', now)] if same else [('now', now), ('queue', queue)]

    def route(self, company, email, is_exact, alias_domain, acting_company, mail_server=None, asked=None, user=None):
        """Ask core, once for all addresses of a domain of which no filter names one, and for all domains of a class."""
        key = (self.asked_as(email, is_exact), alias_domain, acting_company, mail_server, user)
        if key not in self.known:
            noted = Asked()
            route = asking_core.probe(
                self.env, company, email, alias_domain=alias_domain, acting_company=acting_company,
                mail_server=mail_server, mail_servers=None if user else self.servers, user=user,
                message=self.message, asked=noted, everybodys=self.everybodys) or Refused(noted.refused)
            self.known[key] = email, route, noted.company
        known_email, route, company_asked = self.known[key]
        if asked:
            asked.company = company_asked
        if known_email != email and not isinstance(route, Refused):
            own = {self.normalize(known_email): self.normalize(email)}
            route = route._replace(from_email=own.get(route.from_email, route.from_email),
                                   envelope_from=own.get(route.envelope_from, route.envelope_from))
        return route
