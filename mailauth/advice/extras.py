"""What is good to have and never needed: encryption of mail to the domain, tidy MX records, a domain closed for good."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from .. import dmarc
from ..certain import certain
from ..change import DEFAULT_TTL, Change
from ..dmarc.record import parse
from ..dns.protocol import Client
from ..records.mx import MAX_HOSTS, MxStatus
from ..status import RecordStatus
from ..verdict import parked as parked_domain
from ..verdict.facts import Facts
from .dmarc import report_uri, with_reports

STS_MAX_AGE = 86400  # seconds: a day, to begin with
_UNFIT = frozenset({"mx.dangling", "mx.all_dangling", "mx.address_literal", "mx.not_public", "mx.unanswered", "mx.alias",
                    "mx.null_with_others"})


def advise(facts: Facts) -> Iterator[Change]:
    """Extras for a domain that mail leaves as; all of them optional."""
    yield from _tidy_mx(facts)
    if facts.mx.status == MxStatus.FOUND and not facts.mx.failed:
        yield from _tls_rpt(facts)
        yield from _mta_sts(facts)


async def parked(resolver: Client, facts: Facts) -> tuple[Change, ...]:
    """What completes the records of a domain that declares to send nothing and of which no mail is known."""
    if not all(path.assumed for path in facts.paths):
        return ()
    found = parked_domain.findings(facts.query.domain, facts.precondition, facts.mx, facts.spf, facts.dmarc)
    codes = {finding.code for finding in found}
    changes = []
    if "parked.no_null_mx" in codes and facts.zone.name:
        changes.append(Change("create", "MX", facts.query.domain, "0 .", ttl=DEFAULT_TTL, reason="mx.create_null",
                              solves=("parked.no_null_mx",), optional=True))
    if "parked.no_reject" in codes:
        changes += _reject(facts)
    if not changes:
        return ()
    after = await dmarc.discover(resolver.overlay(changes), facts.query.domain)
    return tuple(change for change in changes if change.rdtype == "MX" or after.stricter == "reject")


async def silent(resolver: Client, facts: Facts) -> tuple[Change, ...]:
    """What closes a domain that is said to send nothing: ``v=spf1 -all``, a null MX, ``p=reject``.

    Nothing where an MX record, an SPF authorisation or mail that was seen contradicts that, nothing where DNS did not
    answer, and no ``reject`` where mail of a subdomain would meet it that does not pass.
    """
    domain, spf, policy = facts.query.domain, facts.spf, facts.dmarc
    against = parked_domain.contradictions(facts.query, facts.mx, spf)
    if against is None or against or not facts.zone.name or facts.precondition.code == "gate.nxdomain" \
            or spf.contest or spf.answer.aliases:
        return ()
    changes = []
    if not parked_domain.is_closed(spf):
        changes.append(Change("replace" if spf.record else "create", "TXT", domain, "v=spf1 -all", old_value=spf.record,
                              ttl=DEFAULT_TTL, reason="spf.parked", solves=("parked.open",)))
    if facts.mx.status == MxStatus.NONE:
        changes.append(Change("create", "MX", domain, "0 .", ttl=DEFAULT_TTL, reason="mx.create_null",
                              solves=("parked.no_null_mx",)))
    if policy.status != RecordStatus.UNKNOWN and policy.stricter != "reject" and facts.query.subdomains_pass:
        changes += await _reject_and_report(resolver, facts)
    after = await dmarc.discover(resolver.overlay(changes), domain)
    return tuple(change for change in changes if change.reason != "dmarc.parked" or after.stricter == "reject")


async def _reject_and_report(resolver: Client, facts: Facts) -> list[Change]:
    """``p=reject``, with reports to where they were seen to arrive: who forges a domain that sends nothing shows there only."""
    def make(rua: str) -> tuple[Change, ...]:
        return tuple(replace(change, optional=False) for change in _reject(facts, rua))

    if not facts.query.receives_reports:
        return list(make(""))
    return list((await with_reports(resolver, facts, facts.query.domain, make))[0])


def _reject(facts: Facts, rua: str = "") -> list[Change]:
    policy, name = facts.dmarc, dmarc.record_name(facts.query.domain)
    if any(place == name and answer.aliases for place, answer in policy.walked) or policy.discarded:
        return []
    if policy.record_name != name:
        return [Change("create", "TXT", name, f"v=DMARC1; p=reject{rua}", ttl=DEFAULT_TTL, reason="dmarc.parked",
                       optional=True)]
    kept = [uri.text for uri in parse(certain(policy.record)).rua if uri.valid]
    ours = rua.partition("rua=")[2]
    if ours and ours not in kept:
        kept.append(ours)
    value = "v=DMARC1; p=reject" + (f"; rua={','.join(kept)}" if kept else "")
    return [Change("replace", "TXT", name, value, old_value=policy.record, ttl=DEFAULT_TTL, reason="dmarc.parked",
                   optional=True)]


def _tidy_mx(facts: Facts) -> Iterator[Change]:
    """MX records that send mail nowhere, where others take it."""
    domain = facts.query.domain
    codes = {finding.code for finding in facts.mx.findings}
    if facts.mx.status != MxStatus.FOUND or facts.mx.failed or "mx.all_dangling" in codes:
        return
    dead = {finding.params["host"] for finding in facts.mx.findings if finding.code == "mx.dangling"}
    for exchange in facts.mx.exchanges:
        code = "mx.null_with_others" if not exchange.host else "mx.dangling" if exchange.host in dead else None
        if code:
            value = f"{exchange.preference} {exchange.host or '.'}"
            reason = "mx.delete_null" if not exchange.host else "mx.delete_dangling"
            yield Change("delete", "MX", domain, value, old_value=value, ttl=DEFAULT_TTL, reason=reason,
                         params={"host": exchange.host}, solves=(code,), optional=True)


def _tls_rpt(facts: Facts) -> Iterator[Change]:
    """Reports about failed encryption, to the mailbox that the administrator named for reports (RFC 8460 §3)."""
    uri = report_uri(facts.query.dmarc_report_address)
    if facts.tls_rpt.status == RecordStatus.NONE and uri:
        yield Change("create", "TXT", f"_smtp._tls.{facts.query.domain}", f"v=TLSRPTv1; rua={uri}", ttl=DEFAULT_TTL,
                     reason="tls_rpt.create", optional=True)


def _mta_sts(facts: Facts) -> Iterator[Change]:
    """A first MTA-STS record in testing mode, and the file that a web server has to serve for it (RFC 8461 §3)."""
    hosts = list(dict.fromkeys(exchange.host for exchange in facts.mx.exchanges if exchange.host))
    unfit = any(finding.code in _UNFIT for finding in facts.mx.findings)
    if facts.mta_sts.status != RecordStatus.NONE or unfit or not hosts or len(hosts) > MAX_HOSTS:
        return
    domain = facts.query.domain
    policy = "\n".join((
        "version: STSv1", "mode: testing", *(f"mx: {host}" for host in hosts), f"max_age: {STS_MAX_AGE}", ""))
    # Changes when the policy does, as it has to (RFC 8461 §3.1), and is the same each time that it is worked out.
    identity = hashlib.sha256(policy.encode()).hexdigest()[:16]
    yield Change("create", "TXT", f"_mta-sts.{domain}", f"v=STSv1; id={identity}", ttl=DEFAULT_TTL,
                 reason="mta_sts.create", optional=True,
                 params={"host": f"mta-sts.{domain}", "url": f"https://mta-sts.{domain}/.well-known/mta-sts.txt",
                         "policy": policy})
