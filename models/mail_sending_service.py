import contextlib
import ipaddress
import uuid
from fnmatch import fnmatchcase

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..mailauth import spf
from ..mailauth.dns.names import domain_problem, to_ascii
from ..mailauth.service import Envelope, Selector, Service


class MailSendingService(models.Model):
    """The catalog of services that mail leaves through, and what each one needs in DNS.

    Rows come with the module; an administrator adds their own relay as another row.
    """

    _name = 'mail.sending.service'
    _inherit = ['mail.shipped.row']
    _description = 'Sending Service'
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False, default=lambda self: self._default_code())
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    smtp_host_patterns = fields.Char(
        "SMTP Hosts",
        help="Outgoing mail servers with one of these names belong to this service. Separate several with commas; * "
             "stands for anything.",
    )
    smtp_host_examples = fields.Char("Examples of SMTP Hosts")
    spf_term = fields.Char(
        "SPF Term",
        help="What the SPF record needs for this service, e.g. include:_spf.odoo.com, or ip4:192.0.2.10 for your own "
             "mail server. Separate several with spaces. Empty if it needs nothing.",
    )
    network_term = fields.Char(
        "Servers",
        help="The SPF term that names the servers of a service which needs none in your own record, e.g. "
             "include:spf.brevo.com. Reports of receivers name addresses: by it Odoo tells whose they are.",
    )
    networks = fields.Json(readonly=True, copy=False, prefetch=False, help="Of its servers, in CIDR form, as DNS said last.")
    networks_due = fields.Datetime(readonly=True, copy=False, help="When DNS is asked about its servers again.")
    envelope = fields.Selection(
        string="Bounce Address",
        selection=[
            ('keep', "Keeps the one that Odoo sets"),
            ('replace', "Uses its own address"),
            ('subdomain', "Uses a subdomain of your domain"),
            ('unknown', "Unknown"),
        ],
        required=True, default='keep',
        help="If the service sets its own bounce address, receivers check the service's SPF record instead of yours, "
             "and only the signature (DKIM) counts for your domain. A bounce address at a subdomain of yours counts as "
             "well, once the service's records for it are published.",
    )
    bounce_subdomain = fields.Char(
        help="What the service puts in front of your domain, e.g. send for send.example.com. Empty if it differs by "
             "account and is unknown.",
    )
    dkim_selectors = fields.Text(
        "DKIM Selectors",
        help="One per line: the selector, and the name it must point to (CNAME) if that is the same for everyone. "
             "{domain} and {domain_dashes} stand for the domain.",
    )
    dkim_needs_all = fields.Boolean("Needs All Selectors", default=True)
    dkim_account_specific = fields.Boolean(
        "DKIM Differs by Account",
        help="The records must be copied from your account at the service.",
    )
    signs = fields.Boolean(
        "Signs as the Domain",
        help="According to its documentation, the service signs as your domain as soon as its record is published.",
    )
    sender_rule = fields.Selection(
        string="Allowed Senders",
        selection=[
            ('account', "Only the address that logs in; refuses others"),
            ('replaced', "Only the address that logs in; replaces others"),
            ('verified', "Addresses and domains that were verified there"),
        ],
        help="What the service does with mail sent from an address other than that of the account that logs in. Empty: "
             "unknown, or it accepts all.",
    )
    sender_rule_hosts = fields.Char(
        "Only at These Hosts",
        help="If this applies to some of its SMTP hosts only. Separate several with commas; * stands for anything.",
    )
    sender_rule_url = fields.Char("Source for Allowed Senders")
    account_url = fields.Char("Where to Copy the Records")
    documentation_url = fields.Char("Documentation")
    source_url = fields.Char("Source")
    note = fields.Char(translate=True)

    _code_unique = models.Constraint('UNIQUE(code)', "Another sending service has this code already.")

    @api.model_create_multi
    def create(self, vals_list):
        services = super().create(vals_list)
        self.env.registry.clear_cache()  # _get_name_translations, _get_names_by_spf_term
        services._catalog_changed()
        return services

    def write(self, vals):
        result = super().write(vals)
        if not {'name', 'spf_term', 'sequence', 'active'}.isdisjoint(vals):
            self.env.registry.clear_cache()
        if not set(vals) <= {
                'name', 'sequence', 'note', 'account_url', 'documentation_url', 'source_url', 'sender_rule_url',
                'network_term', 'networks', 'networks_due'}:
            self._catalog_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _catalog_changed(self):
        """Recognize servers that were not recognized yet, and look again at the domains that these services send as."""
        servers = self.env['ir.mail_server'].sudo().with_context(active_test=False).search(
            [('mail_sending_service_id', '=', False)])
        if self.env.registry.ready:  # else the module is being installed: see post_init_hook
            self.env.add_to_compute(servers._fields['mail_sending_service_id'], servers)
            self.env['mail.domain.health']._configuration_changed()
            paths = self.env['mail.domain.health.path'].sudo().search([('mail_sending_service_id', 'in', self.ids)])
            (paths.from_health_id | paths.envelope_health_id)._mark_outdated()

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=''):
        result = super()._update_field_translations(field_name, translations, digest, source_lang)
        self.env.registry.clear_cache()
        return result

    def _get_stored_names(self):
        """Return the names as reports and findings store them, whoever's language the check ran in; see `texts/filling.py`."""
        is_english = (self.env.lang or 'en_US') == 'en_US'  # one query less
        return [service.name for service in (self if is_english else self.with_context(lang=None))]

    @api.model
    @tools.ormcache('self.env.lang')
    def _get_name_translations(self):
        """Return ``{stored name: name in the language of the reader}``, as far as they differ."""
        services = self.sudo().with_context(active_test=False).search_fetch([], ['name'])
        return {stored: service.name for service, stored in zip(services, services._get_stored_names())
                if stored != service.name}

    @api.model
    @tools.ormcache()
    def _get_names_by_spf_term(self):
        """Return ``{SPF term, in small letters: the stored name of the first service that asks for it}``."""
        services = self.sudo().with_context(lang=None).search_fetch([('spf_term', '!=', False)], ['name', 'spf_term'])
        return {term: service.name for service in reversed(services) for term in service.spf_term.lower().split()}

    def _default_code(self):
        return f'own_{uuid.uuid4().hex[:8]}'

    @api.constrains('spf_term')
    def _check_spf_term(self):
        for service in self.filtered('spf_term'):
            if not spf.are_service_terms(service.spf_term):
                raise ValidationError(self.env._(
                    "SPF Term: “%(term)s” does not belong in an SPF record. Enter what names the servers, such as "
                    "include:_spf.example.com or ip4:192.0.2.10; separate several with spaces.",
                    term=service.spf_term,
                ))

    @api.constrains('network_term')
    def _check_network_term(self):
        for service in self.filtered('network_term'):
            if not spf.are_service_terms(service.network_term):
                raise ValidationError(self.env._(
                    "Servers: “%(term)s” does not name servers. Enter what stands in an SPF record, such as "
                    "include:_spf.example.com or ip4:192.0.2.0/24; separate several with spaces.", term=service.network_term))

    @api.constrains('bounce_subdomain')
    def _check_bounce_subdomain(self):
        for service in self.filtered('bounce_subdomain'):
            if domain_problem(f'{service.bounce_subdomain}.example.com'):
                raise ValidationError(self.env._(
                    "Bounce Subdomain: “%(name)s” cannot be a subdomain. Enter what the service shows in front of your "
                    "domain, such as send or em1234.", name=service.bounce_subdomain,
                ))

    @api.constrains('dkim_selectors')
    def _check_dkim_selectors(self):
        for service in self:
            for line in (service.dkim_selectors or '').splitlines():
                words = line.split()
                if len(words) > 2 or (words and not to_ascii(f'{words[0]}._domainkey.example.com')):
                    raise ValidationError(self.env._(
                        "DKIM Selectors: “%(line)s” is not “selector” or “selector target”.", line=line,
                    ))

    @api.model
    def _recognize(self, smtp_host):
        """Return the service that an SMTP host name belongs to, or an empty recordset.

        An IP address, ``localhost`` and a relay of one's own belong to none.
        """
        host = (smtp_host or '').strip().rstrip('.').lower()
        if not host:
            return self.browse()
        return next((
            service for service in self.sudo().search([('smtp_host_patterns', '!=', False)])
            if _is_among(host, service.smtp_host_patterns)
        ), self.browse()).sudo(self.env.su)

    def _get_sender_rule(self, smtp_host):
        """Return what the service does at this host with mail of others than the account: ``sender_rule``, or ``''``."""
        host = (smtp_host or '').strip().rstrip('.').lower()
        if self.sender_rule_hosts and not _is_among(host, self.sender_rule_hosts):
            return ''
        return self.sender_rule or ''

    def _get_addresses(self):
        """Return the single addresses that these services' own SPF terms name: relays of one's own."""
        addresses = []
        for term in (term for service in self for term in (service.spf_term or '').lower().split()):
            kind, _colon, text = term.partition(':')
            with contextlib.suppress(ValueError):
                network = ipaddress.ip_network(text) if kind in ('ip4', 'ip6') else None
                if network and network.num_addresses == 1:
                    addresses.append(str(network.network_address))
        return addresses

    def _engine_service(self, domain, selectors=()):
        """Return the engine's view of this service for ``domain``.

        ``selectors`` are names that the administrator entered for the domain: they
        stand in where the service's own differ from account to account.
        """
        self.ensure_one()
        known = []
        for line in (self.dkim_selectors or '').splitlines():
            words = line.split()
            if words:
                target = words[1].replace('{domain_dashes}', domain.replace('.', '-')).replace('{domain}', domain) \
                    if len(words) == 2 else None
                known.append(Selector(words[0], target))
        if selectors and (self.dkim_account_specific or not known):
            known = [Selector(name) for name in selectors]
        return Service(
            code=self.code,
            name=self._get_stored_names()[0],
            spf_term=self.spf_term or None,
            envelope=Envelope(self.envelope),
            selectors=tuple(known),
            needs_all_selectors=self.dkim_needs_all,
            signs=self.signs,
            bounce_subdomain=self.bounce_subdomain or None,
        )


def _is_among(host, patterns):
    """Whether a host name in lower case is one of those that comma-separated patterns stand for."""
    return any(fnmatchcase(host, pattern.strip()) for pattern in patterns.lower().split(','))
