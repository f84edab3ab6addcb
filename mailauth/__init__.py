"""Email authentication as receivers see it: SPF, DKIM and DMARC of a domain, and what to publish.

Plain Python on dnspython (record types, presentation formats, the system's name servers) and cryptography (keys,
signatures); publicsuffixlist, idna and httpx are used where they are installed, and lxml by ``mailauth.reports``, which is
imported by itself. Nothing here raises because of what DNS contains, and a question that DNS did not answer is
``unknown``, never "missing".
"""

from . import arrival, contact, dkim, dmarc, registration, spf
from .dns.answer import in_one_line
from .blocking import (
    iter_authors,
    iter_confirmations,
    iter_contact_domains,
    iter_networks,
    iter_registrations,
    iter_reports,
    read_arrival,
    sees_dns,
)
from .change import Change
from .codes import CODES
from .dns.egress import parse_networks
from .advice.publication import Wanted, look_each_now
from .query import DomainQuery, Path
from .report import AreaReport, DomainReport, change_to_dict, check_domain, check_domains
from .dns.resolver import Resolver, ask_nameservers, parse_nameservers, probe_nameservers
from .service import Envelope, Selector, Service

__all__ = [
    "CODES",
    "AreaReport",
    "Change",
    "DomainQuery",
    "DomainReport",
    "Envelope",
    "Path",
    "Resolver",
    "Selector",
    "Service",
    "Wanted",
    "arrival",
    "ask_nameservers",
    "change_to_dict",
    "check_domain",
    "check_domains",
    "contact",
    "dkim",
    "dmarc",
    "in_one_line",
    "iter_authors",
    "iter_confirmations",
    "iter_contact_domains",
    "iter_networks",
    "iter_registrations",
    "iter_reports",
    "look_each_now",
    "parse_nameservers",
    "parse_networks",
    "probe_nameservers",
    "read_arrival",
    "registration",
    "sees_dns",
    "spf",
]
