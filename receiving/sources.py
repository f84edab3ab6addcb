"""Where mail in reports came from, in words: yours, through a service, sent on, forwarded, or unknown. Made of values only.

An address proves little: that of a service is shared by all its customers, and a forwarder sends on what is yours. So what
makes a source yours is that one of your sending paths leaves from it, that its mail is signed with a key known as yours, or an
administrator.
"""

import bisect
import ipaddress
import json
from collections import Counter, defaultdict, namedtuple
from dataclasses import dataclass, field
from pathlib import Path

# A source is of one of these kinds. ``not_yours`` is only what an administrator decided.
KINDS = ('yours', 'through', 'sent_on', 'forwarded', 'not_yours', 'unknown')
INDIRECT = ('sent_on', 'forwarded')
# How mail that is signed by the domain came to leave elsewhere: ``open`` where nothing tells.
WAYS = ('forwarder', 'service', 'replay', 'open')
FORWARDING = frozenset({'mailing_list', 'forwarded', 'trusted_forwarder'})  # reasons (RFC 9990 §3.1.1.6)
# Who sends on mail of others: domains of the bounce addresses that lists and forwarders put in, and networks. What is in it, and
# why, the file says.
FORWARDERS = json.loads((Path(__file__).parent.parent / 'data' / 'forwarders.json').read_text(encoding='utf-8'))
MAIN_SHARE = 0.5  # of a key's mail that leaves from a place, from which on it is where the key is used
REPLAY_MESSAGES = 100  # fewer on one day are no replay
REPLAY_SHARE = 0.8  # of all its mail on a single day is no forwarder
MAX_ADDRESSES = 5  # of one source that are told

# Mail of one address, outcome and identity: what a row of `mail.domain.health.volume` says, summed up over days. ``peak`` is
# the number of the busiest day; ``fates`` are messages by disposition.
Mail = namedtuple('Mail', 'source dkim spf reason signed_by selector envelope envelope_result messages peak first last fates',
                  defaults=(None, '', '', '', '', 0, 0, None, None, {}))


@dataclass
class Known:
    """What is known of a domain besides its reports.

    ``egress``: addresses that its sending paths leave from; ``selectors``: of the keys known as its own, in lower case;
    ``services``: codes of those that its paths leave through; ``networks``: :class:`Places`; ``decisions``: by place, ``mine``
    or ``not_mine``.
    """

    egress: frozenset = frozenset()
    selectors: frozenset = frozenset()
    services: frozenset = frozenset()
    networks: 'Places' = None
    decisions: dict = field(default_factory=dict)

    def __post_init__(self):
        self.networks = self.networks or Places({})
        self.forwarders = Places({cidr: [cidr] for cidr in FORWARDERS['networks']})


class Places:
    """Which service's servers an address is one of.

    :param dict networks: ``{code: [network in CIDR form]}``; where networks overlap, the first one counts
    """

    def __init__(self, networks):
        self._ranges = {4: [], 6: []}
        for order, (code, cidrs) in enumerate(networks.items()):
            for cidr in cidrs:
                network = ipaddress.ip_network(cidr)
                self._ranges[network.version].append((int(network[0]), int(network[-1]), order, code))
        self._last, self._found = {}, {}
        for version, ranges in self._ranges.items():
            ranges.sort()
            last, self._last[version] = -1, []
            for one in ranges:  # how far those that begin before reach
                last = max(last, one[1])
                self._last[version].append(last)

    def find(self, source):
        """Return the code of the service that an address, or all of a network, belongs to; ``None`` if it is none's."""
        if source not in self._found:
            self._found[source] = self._find(source)
        return self._found[source]

    def _find(self, source):
        try:
            one = ipaddress.ip_network(source) if '/' in source else ipaddress.ip_address(source)  # which takes half the time
        except ValueError:
            return None
        first, last = (int(one[0]), int(one[-1])) if '/' in source else (int(one),) * 2
        ranges, reach = self._ranges[one.version], self._last[one.version]
        found = []
        at = bisect.bisect_right(ranges, (first, float('inf'))) - 1
        while at >= 0 and reach[at] >= last:
            if ranges[at][1] >= last:
                found.append(ranges[at][2:])
            at -= 1
        return min(found)[1] if found else None


@dataclass
class Source:
    """Mail of one kind that left from one place: a service (``service:<code>``) or an address (``ip:<address>``)."""

    kind: str
    place: str
    way: str = None
    messages: int = 0
    passed: int = 0
    dkim: int = 0
    spf: int = 0
    peak: int = 0
    fates: Counter = field(default_factory=Counter)
    reasons: Counter = field(default_factory=Counter)
    addresses: Counter = field(default_factory=Counter)
    selectors: set = field(default_factory=set)
    envelopes: set = field(default_factory=set)
    first: object = None
    last: object = None

    @property
    def failed(self):
        return self.messages - self.passed

    @property
    def unsigned(self):
        """How many have no signature of the domain that receivers could verify."""
        return self.messages - self.dkim

    @property
    def is_open(self):
        """Whether an administrator may have to say whose it is."""
        return self.kind in ('through', 'unknown') or self.way in ('service', 'open')

    @property
    def service(self):
        """The code of the service, ``None`` for an address."""
        return self.place.partition(':')[2] if self.place.startswith('service:') else None

    @property
    def address(self):
        return None if self.service else self.place.partition(':')[2]

    def add(self, mail):
        self.messages += mail.messages
        self.passed += mail.messages if mail.dkim or mail.spf else 0
        self.dkim += mail.messages if mail.dkim else 0
        self.spf += mail.messages if mail.spf else 0
        self.peak = max(self.peak, mail.peak)
        if mail.fates:
            self.fates.update(mail.fates)
        if mail.reason:
            self.reasons[mail.reason] += mail.messages
        self.addresses[mail.source] += mail.messages
        if mail.dkim and mail.selector:
            self.selectors.add(mail.selector)
        if mail.envelope and mail.envelope_result == 'pass' and not mail.spf:
            self.envelopes.add(mail.envelope)
        self.first = min(filter(None, (self.first, mail.first)), default=None)
        self.last = max(filter(None, (self.last, mail.last)), default=None)


def place_of(source, known):
    """Return what a person decides about: a service, or an address."""
    code = known.networks.find(source)
    return f'service:{code}' if code else f'ip:{source}'


def sort_out(mails, known):
    """Return the :class:`Source` objects of mail, the largest first.

    :param mails: :class:`Mail`
    :param Known known: what is known besides
    """
    placed = [(mail, place_of(mail.source, known)) for mail in mails]
    homes, uses = _find_keys(placed, known)
    found = {}
    for mail, place in placed:
        kind = _kind_of(mail, place, known, homes, uses)
        if (kind, place) not in found:
            found[kind, place] = Source(kind, place)
        found[kind, place].add(mail)
    for source in found.values():
        if source.kind == 'sent_on':
            source.way = _way_of(source, homes, known)
    return sorted(found.values(), key=lambda source: (-source.messages, KINDS.index(source.kind), source.place))


def _find_keys(placed, known):
    """Return the keys that are used where the domain's mail leaves, and how much mail of each key leaves from each place."""
    homes, uses = set(), defaultdict(Counter)
    for mail, place in placed:
        if mail.dkim and mail.selector:
            uses[mail.selector][place] += mail.messages
            if _is_home(mail, place, known):
                homes.add(mail.selector)
    return homes, uses


def _is_home(mail, place, known):
    """Whether this is where mail of the domain leaves by other evidence than its signature."""
    return bool(
        mail.spf or known.decisions.get(place) == 'mine'
        or mail.source in known.egress and place.startswith('ip:')
        or place.partition(':')[2] in known.services and place.startswith('service:'))


def _kind_of(mail, place, known, homes, uses):
    decision = known.decisions.get(place)
    if decision == 'mine' or mail.source in known.egress and place.startswith('ip:'):
        return 'yours'
    if mail.dkim and mail.selector in known.selectors:
        if _is_home(mail, place, known):
            return 'yours'
        own = uses[mail.selector]
        if mail.selector not in homes and own[place] >= MAIN_SHARE * own.total():
            return 'yours'
        return 'not_yours' if decision else 'sent_on'
    if decision:
        return 'not_yours'
    if not mail.dkim and not mail.spf and (mail.reason in FORWARDING or _is_forwarder_s(mail, known)):
        return 'forwarded'
    if place.startswith('service:'):
        return 'through'
    return 'sent_on' if mail.dkim else 'unknown'


def _is_forwarder_s(mail, known):
    """Whether a list or a forwarder sent it on, as far as it is known by its bounce address or its network."""
    return mail.envelope_result == 'pass' and mail.envelope in FORWARDERS['envelopes'] or bool(known.forwarders.find(mail.source))


def _way_of(source, homes, known):
    """Tell a forwarder, a service with bounce addresses of its own, and a replay apart, as far as that can be told."""
    if source.peak >= REPLAY_MESSAGES and source.peak >= REPLAY_SHARE * source.messages:
        return 'replay'  # a signed mail that somebody sends again and again comes suddenly
    if source.selectors and source.selectors <= homes & known.selectors:
        return 'forwarder'  # the key is used elsewhere, by the domain itself
    if source.envelopes and not source.selectors & homes:
        return 'service'
    return 'open'
