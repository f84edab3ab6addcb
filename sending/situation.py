"""What is known of one company's sending paths, as plain values; what `sending.rules` looks at.

Addresses are normalized and domains lower-case A-labels, except what a comment calls "as written".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..mailauth.dns.names import WithSender, domain_of, is_subdomain


@dataclass(frozen=True)
class Server:
    """An outgoing mail server; ``id`` 0 is the one of the configuration file."""

    id: int
    name: str
    from_filter: str = ''  # as written
    provider: str = ''  # 'gmail', 'outlook' or 'account' (another service): takes mail of the account that logs in only
    account: str = ''  # the address that it logs in as
    owner: str = ''  # whose personal server it is
    replaces: bool = False  # it puts the account's address in the place of another, instead of refusing the mail
    verifies: bool = False  # it takes mail of addresses and domains that were verified with it only
    service: str = ''  # who delivers
    login: str = ''  # what it logs in with, an address or not
    never_matching: tuple[str, ...] = ()  # parts of the filter that no address can match

    @property
    def account_domain(self) -> str:
        return domain_of(self.account)


@dataclass(frozen=True)
class SendingPath(WithSender):
    """One sending path: a row of mail.domain.health.path."""

    id: int
    kind: str
    server: Server
    from_email: str
    envelope_from: str = ''
    author_email: str = ''
    reply_to: str = ''
    is_exact: bool = False  # the one address, not everybody of its domain
    is_forced: bool = False
    is_rewritten: bool = False
    is_used: bool = True
    is_provider_own: bool = False  # the freemail provider's own server sends for its own domain
    moment: str = 'any'
    state: str = 'unknown'  # the last verdict
    spf: str = 'unknown'  # what SPF answers on the envelope domain: pass, partial, fail, none, ..., unknown
    dmarc: str = 'unknown'  # whether SPF or DKIM speaks for the From domain: pass, part, fail, unknown
    refusal: str = ''  # why Odoo refuses to send it, if it does
    is_accepted: bool = False  # its server took such mail since it was changed last
    service_id: int = 0
    service: str = ''
    count: int = 0
    examples: tuple[str, ...] = ()
    sent_count: int = 0  # mails of the last 30 days


@dataclass(frozen=True)
class Situation:
    """One company and what decides how its mail leaves.

    ``others`` are the notifications addresses of other companies, with their names, and ``other_domains`` their alias
    domains; ``foreign`` the
    domains that belong to somebody else; ``policies`` what DMARC asks for them (``none``, ``quarantine``,
    ``reject``, ``missing``; absent: not known); ``deaf`` the domains that can receive no mail, with the
    code of the reason; ``own_domains`` those that some company's mail leaves as and that are ours.
    ``concerns_servers`` is set for one company only: it reports what concerns no company in particular,
    such as a server that none uses. ``ignored_parameters`` are those of older versions that name a sender, as
    "key = value", while they are not honored; ``idle_settings`` all others that change nothing, as (key, value, why).
    ``servers_in_use`` are the ids of those that any company's mail leaves through.
    ``sending_modules`` are the names of added modules that change how mail is sent.
    """

    company: str
    paths: tuple[SendingPath, ...] = ()
    servers: tuple[Server, ...] = ()
    alias_domain_id: int = 0
    alias_domain: str = ''  # as written
    notifications_from: str = ''  # as written
    catchall: str = ''
    company_domain: str = ''  # of the company's own address
    default_from_filter: str = ''  # of the configuration file's server, as written
    others: Mapping[str, str] = field(default_factory=dict)
    other_domains: Mapping[str, str] = field(default_factory=dict)
    configuration_file: Server = Server(0, 'odoo.conf')
    foreign: frozenset[str] = frozenset()
    policies: Mapping[str, str] = field(default_factory=dict)
    deaf: Mapping[str, str] = field(default_factory=dict)
    own_domains: tuple[str, ...] = ()
    concerns_servers: bool = False
    servers_in_use: frozenset[int] = frozenset()
    ignored_parameters: tuple[str, ...] = ()
    idle_settings: tuple[tuple[str, str, str], ...] = ()
    sending_modules: tuple[str, ...] = ()

    @property
    def notifications_domain(self) -> str:
        """The domain of the notifications address; empty where there is no such address."""
        return domain_of(self.notifications_from) if '@' in self.notifications_from else ''


@dataclass(frozen=True)
class PathFinding:
    """One finding: ``name`` tells it from others with the same code, ``path_ids`` are the sending paths concerned."""

    code: str
    severity: str
    name: str
    params: Mapping[str, object] = field(default_factory=dict)
    remedy: Mapping[str, object] = field(default_factory=dict)
    path_ids: tuple[int, ...] = ()


def matches(address: str, from_filter: str) -> bool:
    """Whether a filter lets an address through, as core's ``_match_from_filter`` reads it: an empty one does."""
    parts = filter_parts(from_filter)
    address = address.lower()
    # core compares what is written, A-labels or not
    return not parts or address in parts or '@' in address and address.rpartition('@')[2] in parts


def filter_parts(from_filter: str) -> list[str]:
    """The addresses and domains of a filter, in lower case."""
    return [part.strip().lower() for part in from_filter.split(',') if part.strip()]


def related(domain: str, other: str) -> bool:
    """Whether one of two domains is the other or stands below it."""
    return bool(domain and other) and (is_subdomain(domain, other) or is_subdomain(other, domain))
