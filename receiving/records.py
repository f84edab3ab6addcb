"""The records of one report, summed up before anything else is done with them: reports may have a hundred thousand."""

from collections import Counter

from .. import mailauth
from ..mailauth.dmarc import registrable_domain
from ..mailauth.dns.names import is_subdomain
from . import storing

MAX_SOURCES = 2000  # of one report that are told apart: a day keeps a tenth of them
MAX_NETWORKS = 2000
MAX_COUNT = 1_000_000_000  # mails of one record that are believed

DISPOSITIONS = frozenset({'none', 'quarantine', 'reject', 'pass'})
# Of several reasons the first one of these says most about where a mail came from.
REASONS = ('mailing_list', 'forwarded', 'trusted_forwarder', 'local_policy', 'sampled_out', 'policy_test_mode', 'other')


def sum_up(records):
    """Return ``{storing.Key: mails}`` of the records of a report; whether its reporter counts is left open (``None``)."""
    places = _places({str(record.source_ip) if record.source_ip else storing.NOWHERE for record in records}, records)
    counts = Counter()
    for record in records:
        source = places[str(record.source_ip) if record.source_ip else storing.NOWHERE]
        is_network = '/' in source
        counts[storing.Key(
            source, is_network, None, record.dkim == 'pass', record.spf == 'pass',
            record.disposition if record.disposition in DISPOSITIONS else None, _reason_of(record),
            None if is_network else identity_of(record))] += min(record.count, MAX_COUNT)
    return counts


def count_messages(records):
    """Return how many mails records are of, as far as a column holds it."""
    return min(sum(min(record.count, MAX_COUNT) for record in records), storing.MAX_MESSAGES)


def cut(text, limit=255):
    """Return a text of a report as it can be stored and shown."""
    return mailauth.in_one_line(text[:limit])[:limit]


def cut_domain(text):
    """Do the same of what should be a domain or a name: what stands before an @ may be a person's name, and is not kept."""
    return cut(text.rpartition('@')[2].strip())


def identity_of(record):
    """Return as what the mail of a record came; the signature is the aligned one, else one that passed, else the first."""
    own = cut_domain(record.header_from)
    signature = min(record.auth_dkim, key=lambda one: (one.result != 'pass', not _are_related(one.domain, own)), default=None)
    envelope = min(record.auth_spf, key=lambda one: (one.result != 'pass', one.scope == 'helo'), default=None)
    signed = ('', '', '')
    if signature:
        signed = cut_domain(signature.domain), cut(signature.selector, 100), cut(signature.result, 20)
    return storing.Identity(own, *signed, _envelope_domain(envelope, own), cut(envelope.result, 20) if envelope else '')


def _places(sources, records):
    """Return what each source is counted as: itself, or its network where there are too many, the largest ones last."""
    if len(sources) <= MAX_SOURCES:
        return {source: source for source in sources}
    sizes = Counter()
    for record in records:
        sizes[str(record.source_ip) if record.source_ip else storing.NOWHERE] += record.count
    places = {source: source for source, _size in sizes.most_common(MAX_SOURCES)}
    networks = Counter()
    rest = {source: storing.network_of(source) for source in sources if source not in places}
    for source, network in rest.items():
        networks[network] += sizes[source]
    largest = {network for network, _size in networks.most_common(MAX_NETWORKS)}
    places.update(
        (source, network if network in largest else storing.anywhere(network)) for source, network in rest.items())
    return places


def _are_related(one, other):
    return bool(one) and bool(other) and (is_subdomain(one, other) or is_subdomain(other, one))


def _envelope_domain(envelope, own):
    """Return the domain that SPF was checked on; of others' only their organization's, for some have one for each mail."""
    domain = cut_domain(envelope.domain) if envelope else ''
    return domain if not domain or _are_related(domain, own) else registrable_domain(domain) or domain


def _reason_of(record):
    if not record.reasons:
        return None
    said = {one.type for one in record.reasons}
    return next((reason for reason in REASONS if reason in said), 'other')
