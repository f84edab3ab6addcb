"""Months of trouble with DNS, drawn from a seed: what each domain's owner does, what its servers do, and who can see what.

Times are minutes from the beginning. A record is missing or wrong while a :class:`Span` of ``breaks`` lasts; ``troubles``
are what servers do about right records. What is true is told by :meth:`Domain.own` (the zone's own servers) and
:meth:`Domain.resolver` (a resolver with a cache), which the servers of a simulation are set by and an audit compares with.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

AREAS = ("spf", "dkim", "dmarc")
COMPANIES = 5  # the first domains are companies' own, the others those of their users alone
HOUR, DAY = 60.0, 1440.0
NAMES = {"spf": "", "dkim": "odoo._domainkey.", "dmarc": "_dmarc."}  # before the domain's own name
TYPES = {"spf": ("TXT",), "dkim": ("TXT", "CNAME"), "dmarc": ("TXT",)}
OTHER_NAMES = ("mail.", "ns1.", "ns2.", "_mta-sts.", "_smtp._tls.")
MISSING = "missing"
WHOLE = {
    "spf": '@ TXT "v=spf1 include:_spf.odoo.com ~all"',
    "dkim": "odoo._domainkey CNAME odoo._domainkey.odoo.com.",
    "dmarc": '_dmarc TXT "v=DMARC1; p=none"',
}
BROKEN = {  # what stands in the zone instead
    "spf": {
        MISSING: None,
        "two records": '@ TXT "v=spf1 include:_spf.odoo.com ~all"\n@ TXT "v=spf1 -all"',
        "another sender": '@ TXT "v=spf1 ip4:203.0.113.1 -all"',
        "not readable": '@ TXT "v=spf1 include:_spf.odoo.com ip4:300.1.1.1 ~all"',
    },
    "dkim": {MISSING: None, "revoked": 'odoo._domainkey TXT "v=DKIM1; p="'},
    "dmarc": {MISSING: None, "two records": '_dmarc TXT "v=DMARC1; p=none"\n_dmarc TXT "v=DMARC1; p=reject"'},
}
# What is no fault of a domain that authors alone have: bounces go to the company's, so that SPF is judged there.
OF_BOUNCES = (("spf", MISSING), ("spf", "another sender"))
SILENT = ("servfail", "refused", "ede:22", "formerr", "garbage", "wrong_id", "wrong_question", "cut:20", "noise",
          "truncate-always", "delay:late", "drop")  # no answer, in the words of the DNS server
DENIALS = ("nxdomain", "nodata", "empty", "blocked")  # a resolver says that there is no record, though there is one
FILTERED = "blocked"  # of these, the one that says itself that a filter says it: no answer either (RFC 8914 §4.16)
WHOLE_TROUBLES = ("dead", "slow")  # of all names of a domain, whoever is asked
NEEDS_SERVICE = ("spf", "dkim")  # areas whose right records lead into the mail service's zone
# What happens to all domains at once, as (days from one to the next, hours that it lasts).
OUTAGES = {"everything": (11, (2, 32)), "service": (9, (2, 20)), "one resolver": (6, (6, 48))}
# How often a domain meets each, in days from one to the next; and for how long, in hours.
TROUBLES = {
    "dead": (20, (1, 70)),
    "slow": (25, (1, 30)),
    "flapping": (12, (12, 96)),
    "lying": (15, (6, 72)),
    "half": (12, (6, 120)),
    "closed": (25, (6, 96)),  # the zone's own servers do not talk to us
    "disagree": (25, (6, 72)),
    "loss": (15, (6, 96)),  # each answer may be the one that comes only when asked again
}
GLITCH = (1.0, 9.0)  # minutes between deleting a record and adding the new one
BREAK_EVERY, BREAK_LASTS, BREAK_APART = 5 * DAY, (2 * HOUR, 3.5 * DAY), 1.5 * DAY


@dataclass(frozen=True)
class Span:
    """Something that lasts from ``start`` until ``end``; ``how`` in words of the tables above, ``area`` where it has one."""

    kind: str
    start: float
    end: float
    area: str = ""
    how: str = ""

    def has(self, time: float) -> bool:
        return self.start <= time < self.end


@dataclass
class Domain:
    """One domain: what its owner and its servers do."""

    name: str
    seed: int
    breaks: list[Span] = field(default_factory=list)
    troubles: list[Span] = field(default_factory=list)
    ttls: list[tuple[float, float]] = field(default_factory=list)  # (from when, minutes)
    fetches: list[float] = field(default_factory=list)  # when the resolver was made to ask anew
    outages: list[Span] = field(default_factory=list)  # of others, the same for all domains
    has_bounces: bool = True  # else authors alone have it

    def zone(self, time: float) -> dict[str, str]:
        """By area what is wrong with what the owner has published; an area that is whole is not there."""
        return {span.area: span.how for span in self.breaks if span.has(time)}

    def second(self, time: float) -> dict[str, str]:
        """The same of the zone's second server, which may not have got the change, or another one."""
        found = self.zone(time)
        for span in self.troubles:
            if span.kind == "disagree" and span.has(time):
                if span.area in found:
                    del found[span.area]
                else:
                    found[span.area] = span.how
        return found

    def cached(self, time: float) -> dict[str, str]:
        """The same as a resolver has it that asks the first server anew when a TTL has passed."""
        return self.zone(self.fetched(time))

    def fetched(self, time: float) -> float:
        """When the resolver last asked the zone's own servers."""
        since, ttl = self.ttl(time)
        return max(since + (time - since) // ttl * ttl, *(fetch for fetch in self.fetches if fetch <= time < fetch + ttl), 0.0)

    def ttl(self, time: float) -> tuple[float, float]:
        """Since when the TTL is what it is, and how many minutes that are."""
        return [(since, minutes) for since, minutes in self.ttls if since <= time][-1]

    def at(self, kind: str, time: float) -> Span | None:
        return next((span for span in self.troubles if span.kind == kind and span.has(time)), None)

    def resolver(self, area: str, time: float) -> str:
        """What a resolver says of an area at that time: ``whole``, ``broken``, or ``silent``."""
        if any(self.at(kind, time) for kind in WHOLE_TROUBLES) or self.flaps(area, time) or self.outage("everything", time):
            return "silent"
        lying = self.at("lying", time)
        if lying and lying.area == area:
            return "broken" if lying.how in DENIALS and lying.how != FILTERED else "silent"
        if area in self.cached(time):
            return "broken"
        return "silent" if area in NEEDS_SERVICE and self.outage("service", time) else "whole"

    def outage(self, kind: str, time: float) -> bool:
        return any(span.kind == kind and span.has(time) for span in self.outages)

    def own(self, area: str, time: float) -> str:
        """What the zone's own servers say to us: the same, ``contested``, or ``silent``."""
        if any(self.at(kind, time) for kind in WHOLE_TROUBLES) or self.at("closed", time) or self.outage("everything", time):
            return "silent"
        first, second = self.zone(time).get(area), self.second(time).get(area)
        if self.at("half", time):
            second = first
        return "contested" if first != second else "broken" if first else "whole"

    def flaps(self, area: str, time: float) -> str | None:
        """How an area's questions fail in this quarter of an hour, or ``None``."""
        span = self.at("flapping", time)
        if not span:
            return None
        chance = random.Random(f"{self.seed} {self.name} {area} {int(time // 15)}")
        return chance.choice(("servfail", "refused")) if chance.random() < 0.4 else None

    def glitch(self, chance: random.Random, time: float) -> bool:
        """Have a panel delete and then add a record just when somebody looks; whether that suits this domain now."""
        near = [span for span in (*self.breaks, *self.troubles) if span.start - DAY / 4 < time < span.end + DAY / 4
                and span.kind not in ("half", "loss")]
        if near or time < DAY / 2:
            return False
        lasts = chance.uniform(*GLITCH)
        before = chance.uniform(0, lasts / 2)
        area = chance.choice(AREAS)
        self.breaks.append(Span("glitch", time - before, time - before + lasts, area, self.choose(chance, area)))
        self.fetches.append(time)
        return True

    def choose(self, chance: random.Random, area: str) -> str:
        """A way in which an area of this domain can break."""
        return chance.choice([how for how in BROKEN[area] if self.has_bounces or (area, how) not in OF_BOUNCES])


def build(seed: int, domains: int, days: float, companies: int = COMPANIES) -> list[Domain]:
    """The domains of a world, ``d0.example`` and so on, with all that happens to each in so many days."""
    end = days * DAY
    outages = [span for kind, often in OUTAGES.items()
               for span in _spans(random.Random(f"{seed} {kind}"), None, kind, *often, end)]
    return [_domain(random.Random(f"{seed} {number}"), Domain(
        f"d{number}.example", seed, outages=outages, has_bounces=number < companies), end) for number in range(domains)]


def _spans(
    chance: random.Random, domain: Domain | None, kind: str, every: float, hours: tuple[float, float], end: float,
) -> list[Span]:
    """Troubles of a kind, ``every`` so many days, each so many ``hours`` long."""
    spans = []
    time = DAY + chance.expovariate(1 / (every * DAY))
    while time < end:
        lasts = HOUR * chance.uniform(*hours)
        spans.append(_trouble(chance, domain, kind, time, time + lasts))
        time += lasts + chance.expovariate(1 / (every * DAY))
    return spans


def _domain(chance: random.Random, domain: Domain, end: float) -> Domain:
    """Have things happen to a domain."""
    domain.ttls = [(0.0, chance.choice((5.0, 60.0)))]
    while domain.ttls[-1][0] < end:
        domain.ttls.append((domain.ttls[-1][0] + chance.expovariate(1 / (7 * DAY)), chance.choice((1.0, 5.0, 60.0, 240.0))))
    time = DAY + chance.expovariate(1 / BREAK_EVERY)
    if chance.random() < 0.05:  # nobody could see it before it broke
        domain.troubles.append(Span("dead", 0.0, 1.2 * DAY, how="servfail"))
        time = DAY / 2
    while time < end:
        area, lasts = chance.choice(AREAS), chance.uniform(*BREAK_LASTS)
        domain.breaks.append(Span("break", time, time + lasts, area, domain.choose(chance, area)))
        time += lasts + BREAK_APART + chance.expovariate(1 / BREAK_EVERY)
    for kind, often in TROUBLES.items():
        domain.troubles += _spans(chance, domain, kind, *often, end)
    return _without_contradictions(domain)


def _trouble(chance: random.Random, domain: Domain | None, kind: str, start: float, end: float) -> Span:
    area = chance.choice(AREAS)
    if kind == "lying":
        is_harmless = (area, MISSING) in OF_BOUNCES and not domain.has_bounces
        return Span(kind, start, end, area, chance.choice((*(() if is_harmless else 2 * DENIALS), *SILENT)))
    if kind == "disagree":
        return Span(kind, start, end, area, domain.choose(chance, area))
    if kind == "dead":
        return Span(kind, start, end, how=chance.choice(("servfail", "servfail", "refused", "drop")))
    if kind in ("half", "closed"):
        return Span(kind, start, end, how=chance.choice(("refused", "servfail", "drop")))
    return Span(kind, start, end)


def _without_contradictions(domain: Domain) -> Domain:
    """A resolver that denies records while the zone's own servers are closed to us leaves nobody who could know better."""
    denied = [span for span in domain.troubles if span.kind == "lying" and span.how in DENIALS]
    domain.troubles = [
        span for span in domain.troubles if span.kind not in ("closed", *WHOLE_TROUBLES)
        or not any(span.start < lie.end + DAY and lie.start < span.end + DAY for lie in denied)]
    return domain
