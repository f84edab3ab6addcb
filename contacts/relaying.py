"""What follows for a contact whose message Odoo passes on to followers by email: whether that mail is believed.

How it leaves is asked of core (``sending/``), once for all domains that no setting tells apart; what receivers then make of
it follows from the policy of the contact's domain by the same table as all other verdicts. Asks no DNS.
"""

from __future__ import annotations

from typing import NamedTuple

from odoo.tools import SQL

from ..mailauth.dmarc import registrable_domain
from ..mailauth.dns.names import domain_of, is_subdomain
from ..mailauth.verdict import Dkim, Enforcement, Spf, State, path_state
from ..sending.asking_core import mail_servers_of
from ..sending.asking_once import Asking, Refused
from ..sending.external_senders import EXTERNAL_KINDS
from ..sending.freemail import FREEMAIL_DOMAINS, sends_for
from ..sending.services import sending_service

# Of the DMARC policy in force (mail.partner.domain.policy); what is not known may be any of them.
ENFORCEMENTS = {
    'none': {Enforcement.NO_RECORD}, 'monitor': {Enforcement.NONE},
    'quarantine': {Enforcement.ENFORCING}, 'reject': {Enforcement.ENFORCING},
}
VERDICTS = {
    State.FAIL: 'unsafe', State.WARNING: 'fragile', State.PASS: 'safe', State.NOT_NEEDED: 'safe', State.UNKNOWN: 'unknown'}
WORST_FIRST = ('unsafe', 'fragile', 'unknown', 'unsent', 'safe')
# Of Follows.reason, those that lie in our own configuration and not in the contact's domain.
OURS = ('relay', 'own_envelope', 'no_envelope')
CODE = 'path.contacts'  # the finding (relaying_findings.py)
IN_ODOO = 'in_odoo'  # its reason where all who follow what contacts write are notified in Odoo: nothing is passed on
NAMED_NOWHERE = 'somebody@contact.invalid'  # stands for all contacts at whose domains no setting looks (RFC 2606 §2)
_ENVELOPE_SPF = {'pass': {Spf.OWN}, 'part': {Spf.OWN}, 'fail': {Spf.NO}, 'none': {Spf.NO}, 'permerror': {Spf.NO}}


class Contact(NamedTuple):
    """What is known of the domain of a contact's address: a row of ``mail.partner.domain``."""

    policy: str = 'unknown'
    spf: str = 'unknown'  # what its SPF record says of servers that it does not name


class RelayPath(NamedTuple):
    """How messages of some contacts leave a company when they are passed on.

    ``envelope_domain`` is our own, where the service keeps it, ``envelope_spf`` what SPF says of it; ``rule`` is the relay's
    (``mail.sending.service.sender_rule``), empty where it takes any sender or is known to have taken such mail; ``service``
    is the code of who delivers.
    """

    is_sent: bool = True
    is_rewritten: bool = False
    is_own_envelope: bool = True
    envelope_domain: str = ''
    envelope_spf: frozenset = frozenset()
    rule: str = ''
    service: str = ''


class Follows(NamedTuple):
    """What follows: ``verdict`` is ``safe``, ``fragile``, ``unsafe``, ``unknown`` or ``unsent`` (core refuses to send it).

    ``reason`` says why: ``rewritten``, ``replaced`` (the relay puts its account's address), ``relay`` (it refuses the
    sender), ``policy``, ``envelope`` (the contact's own domain is the bounce domain, and refuses servers that it does not
    name), ``no_envelope`` (it is, and says nothing against them: what is missing is a bounce domain of ours),
    ``own_envelope`` (our bounce domain does not permit our server), ``tolerated`` (nothing aligned, and no policy against
    it), ``provider`` (the servers of the contact's own provider) or an empty text.
    """

    verdict: str
    reason: str = ''


def follow(path: RelayPath, domain: str, contact: Contact) -> Follows:
    """Return what follows for contacts at ``domain`` whose messages leave by this path."""
    if not path.is_sent:
        return Follows('unsent')
    if path.is_rewritten:
        return Follows('safe', 'rewritten')
    if path.rule == 'replaced':
        return Follows('safe', 'replaced')
    if path.rule:
        return Follows('unsafe', 'relay')
    if sends_for(path.service, domain):
        return Follows('fragile', 'provider')
    policies = ENFORCEMENTS.get(contact.policy, set(Enforcement))
    state = path_state(_spf(path, domain, contact), {Dkim.NO}, policies).state
    return Follows(VERDICTS[state], _reason(path, policies, contact, state))


def _spf(path: RelayPath, domain: str, contact: Contact) -> frozenset:
    """What SPF is worth: a bounce domain of ours passes without speaking for the contact's, which does not know our server."""
    if path.is_own_envelope:
        spf = path.envelope_spf or frozenset({Spf.OWN, Spf.NO})
        # It speaks for a domain of our own organization too, unless that asks for strict alignment (RFC 9989 §4.10.2).
        return spf | {Spf.ALIGNED} if Spf.OWN in spf and _is_related(domain, path.envelope_domain) else spf
    # Whether its record names our server was not asked; what it says of all others was.
    return frozenset({Spf.NO, Spf.ALIGNED}) if contact.spf in ('', 'unknown') else frozenset({Spf.NO})


def _is_related(one: str, other: str) -> bool:
    """Whether two domains may be of one organization."""
    if not other:
        return False
    # The list of public suffixes, where it is installed, knows of those beside each other too.
    organization = registrable_domain(one)
    is_same = bool(organization) and organization == registrable_domain(other)
    return is_same or is_subdomain(one, other) or is_subdomain(other, one)


def _reason(path: RelayPath, policies: set, contact: Contact, state: State) -> str:
    if state is State.UNKNOWN:
        return ''
    if policies == {Enforcement.ENFORCING}:
        return 'policy'
    if state is State.FAIL:
        return 'own_envelope' if path.is_own_envelope else 'envelope' if contact.spf == 'fail' else 'no_envelope'
    return 'tolerated'


def worst(all_follows):
    """Return the worst of several, ``None`` of none: of equal ones what the contact's own domain causes."""
    return min(
        all_follows, key=lambda follows: (WORST_FIRST.index(follows.verdict), follows.reason in OURS), default=None)


def needs_spf(env):
    """Whether messages of some contacts may leave with their own bounce address: there what their SPF record says counts.

    Core keeps to the bounce address of the company where there is one and the server's filter takes it, and to the author's
    otherwise. By what is stored of external senders, and by the filters that name a domain of contacts. By a query or two,
    however many companies there are; sooner yes than no, which would cost a wrong verdict.
    """
    if env['res.company'].search_count([('active', '=', True), ('alias_domain_id', '=', False)], limit=1):
        return True
    env['mail.domain.health.path'].flush_model(['kind', 'is_rewritten', 'refusal', 'envelope_from', 'author_email'])
    [[is_own]] = env.execute_query(SQL(
        """
        SELECT EXISTS (
            SELECT FROM mail_domain_health_path WHERE kind = 'outsider' AND NOT is_rewritten AND COALESCE(refusal, '') = ''
               AND lower(split_part(envelope_from, '@', 2)) = lower(split_part(author_email, '@', 2)))
        """))
    if is_own:
        return True
    filters = [server.from_filter or '' for server in mail_servers_of(env)]
    filters.append(str(env['ir.mail_server']._get_default_from_filter() or ''))
    named = {domain_of(part.strip()) for text in filters for part in text.split(',')} - read_own_domains(env) - {''}
    return bool(named) and bool(env['mail.partner.domain'].search_count([('name', 'in', list(named))], limit=1))


def read_own_domains(env):
    """Return the domains that are ours: what leaves as them is judged with our own records."""
    return {*env['mail.domain.health'].search_fetch([('is_foreign', '=', False)], ['name']).mapped('name')} - FREEMAIL_DOMAINS


class Relaying:
    """How messages of contacts leave the companies of a database, and what follows for whom.

    :param env: in it core is asked; the one of a trial (trying_out.py) tells what would follow
    """

    def __init__(self, env):
        self.env = env(su=True)
        self.asking = Asking(self.env)
        self._paths = {}
        self._own = None

    def follows(self, company, email, contact: Contact) -> Follows | None:
        """Return what follows in ``company`` for a contact with this address, ``None`` where their domain is ours."""
        domain = domain_of(email)
        if domain in self.own_domains:
            return None
        return worst(follow(path, domain, contact) for path in self.paths(company, email))

    def paths(self, company, email):
        """Return the :class:`RelayPath` of messages of this address: two where the queue sends otherwise."""
        is_exact = email in self.asking.addresses
        key = (company.id, self.asking.asked_as(email, is_exact))
        if key not in self._paths:
            self._paths[key] = [
                self._path(company, email, route)
                for _moment, route in self.asking.external_routes(company.with_env(self.env), email)]
        return self._paths[key]

    def _path(self, company, email, route):
        if isinstance(route, Refused) or '@' not in route.from_email:
            return RelayPath(is_sent=False)
        own = self.asking.normalize(email)
        service = sending_service(company.with_env(self.env), route.server)
        if route.from_email != own:
            return RelayPath(is_rewritten=True, service=service.code or '')
        envelope_domain, is_replaced = domain_of(route.envelope_from), service.envelope == 'replace'
        is_own_envelope = envelope_domain != domain_of(own)
        spf = frozenset({Spf.OWN}) if is_replaced else \
            self._spf_of(service, envelope_domain) if is_own_envelope else frozenset()
        rule = route.server._get_sender_rule().rule
        return RelayPath(
            is_own_envelope=is_own_envelope or is_replaced,
            envelope_domain=envelope_domain if is_own_envelope and not is_replaced else '', envelope_spf=spf,
            rule='' if rule and self._takes_others(route) else rule, service=service.code or '')

    def _spf_of(self, service, envelope_domain):
        """Return what the last checks say of our bounce domain with this service; nothing where they say nothing."""
        self.env['mail.domain.health.path'].flush_model(['verdict', 'envelope_from', 'mail_sending_service_id'])
        results = {result for [result] in self.env.execute_query(SQL(
            """
            SELECT DISTINCT verdict -> 'spf' ->> 'result' FROM mail_domain_health_path
             WHERE lower(split_part(envelope_from, '@', 2)) = %s AND COALESCE(mail_sending_service_id, 0) = %s
               AND verdict -> 'spf' ->> 'result' IN %s
            """, envelope_domain, service.id or 0, tuple(_ENVELOPE_SPF)))}
        return frozenset().union(*(_ENVELOPE_SPF[result] for result in results))

    def _takes_others(self, route):
        """Whether this server took mail of somebody from outside under their own address since it was changed last."""
        paths = self.env['mail.domain.health.path'].search([
            ('mail_server_id', '=', route.server.id), ('kind', 'in', EXTERNAL_KINDS), ('is_rewritten', '=', False),
            ('last_sent', '!=', False), ('sent_count', '>', 0)])
        return any(not route.server or path.last_sent > route.server.write_date.date() for path in paths)

    @property
    def own_domains(self):
        """See :func:`read_own_domains`."""
        if self._own is None:
            self._own = read_own_domains(self.env)
        return self._own
