"""DMARC as the domain's mail can meet it: a first record, a broken one mended, the next step, or a step back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import quote

from .. import dmarc
from ..certain import certain
from ..change import DEFAULT_TTL, Change
from ..dmarc.record import POLICIES, parse
from ..dmarc.report_uri import read_uris
from ..dns.names import to_ascii
from ..dns.protocol import Client
from ..finding import Finding
from ..records.precondition import PreconditionStatus
from ..status import RecordStatus
from ..verdict import Enforcement, State, path_state
from ..verdict.facts import Facts, PathFacts, gather_paths

# Why reports to an address would not arrive; the second set is no fact but silence.
_UNUSABLE = frozenset({
    "dmarc.external_not_authorised", "dmarc.external_name_too_long", "dmarc.external_override_elsewhere",
    "dmarc.destination_cannot_receive", "dmarc.bad_uri",
})
_UNCERTAIN = frozenset({"dmarc.external_unknown", "dmarc.destination_unknown"})
# Changes to the record, findings, and whether DNS told all that these stand on.
Outcome = tuple[tuple[Change, ...], tuple[Finding, ...], bool]
_NOTHING: Outcome = (), (), True  # no changes, no findings, and nothing left open


async def advise(resolver: Client, facts: Facts, needed: Iterable[Change]) -> Outcome:
    """The changes to the DMARC record, findings, and whether DNS told all that these stand on.

    ``needed`` are the changes that SPF and DKIM need.

    A first record only if the whole walk found none, and at the organizational domain: on a
    subdomain it would one day weaken what the organizational domain asks for. Stricter is
    never more than an optional next step, and only when every path in use passes.
    """
    policy = facts.dmarc
    if policy.status == RecordStatus.UNKNOWN:
        return (), (), False
    if policy.contested:
        return _NOTHING  # as long as an alias stands beside it, a new record helps few receivers
    if not facts.from_paths:
        return _NOTHING
    if policy.status == RecordStatus.NONE:
        return await _first(resolver, facts)
    name = dmarc.record_name(facts.query.domain)
    if policy.record_name != name or _is_alias(facts, name):
        return _NOTHING  # another domain's, or somebody else's to keep
    return await _step(resolver, facts, tuple(needed))


async def _first(resolver: Client, facts: Facts) -> Outcome:
    current, organization = facts.dmarc, organization_of(facts)
    broken: dict[str, list[str]] = {}
    for name, text in (*current.discarded, *([(certain(current.record_name), current.record)] if current.record else [])):
        broken.setdefault(name, []).append(text)
    if not broken:
        name = dmarc.record_name(organization)
        if _is_alias(facts, name):
            return _NOTHING  # a record beside an alias would make things worse than none
        return await with_reports(resolver, facts, organization, lambda rua: (
            Change("create", "TXT", name, f"v=DMARC1; p=none{rua}", reason="dmarc.create", solves=("dmarc.missing",),
                   ttl=DEFAULT_TTL),))
    (name, texts), *others = broken.items()
    domain = name.removeprefix("_dmarc.")
    if others or domain not in (facts.query.domain, organization) or _is_alias(facts, name):
        return _NOTHING
    kept = _addresses(texts)

    def mended(rua: str) -> tuple[Change, ...]:
        # At a parent other mail than this domain's is concerned.
        policy = _agreed(facts, texts) if domain == facts.query.domain else "none"
        value = f"v=DMARC1; p={policy}" + (f"; rua={','.join(kept)}" if kept else rua)
        first, *extra = texts
        solves = ("dmarc.several",) if extra else ()
        return (
            Change("replace", "TXT", name, value, old_value=first, ttl=DEFAULT_TTL, solves=solves,
                   reason="dmarc.merge" if extra else "dmarc.repair"),
            *(Change("delete", "TXT", name, text, old_value=text, ttl=DEFAULT_TTL, solves=solves,
                     reason="dmarc.delete_extra") for text in extra),
        )

    changes, findings, is_certain = await with_reports(resolver, facts, domain, mended)
    after = await dmarc.discover(resolver.overlay(changes), facts.query.domain)
    return (changes, findings, is_certain) if after.status == RecordStatus.FOUND else _NOTHING


async def _step(resolver: Client, facts: Facts, needed: tuple[Change, ...]) -> Outcome:
    policy, domain = facts.dmarc, facts.query.domain
    record = parse(certain(policy.record))
    if policy.stricter is None or record.p is None or record.bad_policies:
        return _NOTHING
    used = facts.from_paths
    if policy.stricter != "none" and _state(used, Enforcement.ENFORCING) is State.FAIL:
        return await _step_back(resolver, facts, record, needed), (), True
    if facts.query.receives_reports and (outcome := await _also_to(resolver, facts, record))[0]:
        return outcome
    if needed or not used or not facts.query.subdomains_pass or _state(used, Enforcement.ENFORCING) is not State.PASS:
        return _NOTHING
    findings: tuple[Finding, ...] = ()
    is_certain = True
    if record.p != "reject" and not any(uri.valid for uri in record.rua) and facts.query.dmarc_report_address:
        changes, findings, is_certain = await with_reports(resolver, facts, domain, lambda rua: (
            (_replaced(facts, _with_tag(record, "rua", rua.partition("=")[2]), reason="dmarc.add_reports"),) if rua else ()))
        if changes:
            return changes, findings, is_certain
    if record.testing:
        return (_replaced(facts, _with_tag(record, "t", None), reason="dmarc.next_untested"),), findings, is_certain
    step = {"none": "quarantine", "quarantine": "reject"}.get(record.p)
    if step is None:
        return (), findings, is_certain
    blind = not any(uri.valid for uri in record.rua)
    if record.p == "none":
        reason = "dmarc.next_quarantine_blind" if blind else "dmarc.next_quarantine"
    else:
        reason = "dmarc.next_reject_blind" if blind else "dmarc.next_reject"
    return (_replaced(facts, _with_tag(record, "p", step), reason=reason),), findings, is_certain


async def _also_to(resolver: Client, facts: Facts, record: dmarc.DmarcRecord) -> Outcome:
    """The administrator's address beside those that the record names, once reports to it were seen to arrive."""
    uri = report_uri(facts.query.dmarc_report_address)
    if uri is None or any(known.text.partition("!")[0].lower() == uri.lower() for known in record.rua):
        return _NOTHING
    kept = ",".join(known.text for known in record.rua if known.valid)

    def make(rua: str) -> tuple[Change, ...]:
        if not rua:
            return ()
        value = _with_tag(record, "rua", f"{kept},{uri}" if kept else uri)
        return (_replaced(facts, value, reason="dmarc.receive_reports"),)

    return await with_reports(resolver, facts, facts.query.domain, make)


async def _step_back(resolver: Client, facts: Facts, record: dmarc.DmarcRecord, needed: tuple[Change, ...]) -> tuple[Change, ...]:
    """Asking receivers to watch only, where the policy stops the domain's own mail and no other change helps."""
    after = await gather_paths(resolver.overlay(needed), facts.query) if needed else facts.paths
    used = [path for path in after if path.path.in_use and path.path.from_domain == facts.query.domain]
    if _state(used, Enforcement.ENFORCING) is not State.FAIL or _state(used, Enforcement.NONE) is State.FAIL:
        return ()
    return (_replaced(facts, _asking_for(record, "none"), reason="dmarc.step_back"),)


def relaxed(text: str) -> tuple[str, str] | None:
    """A record that asks for one step less than this one, and that policy; ``None`` where it asks for nothing yet.

    What it asks for subdomains stays.
    """
    record = parse(text)
    policy = {"reject": "quarantine", "quarantine": "none"}.get(record.p or "")
    return (_asking_for(record, policy), policy) if policy and not record.bad_policies else None


def on_trial(text: str) -> str:
    """A record that asks for the same as a test: receivers after RFC 9989 act one step less, older ones ignore that (t=y)."""
    return _with_tag(parse(text), "t", "y")


def _asking_for(record: dmarc.DmarcRecord, policy: str) -> str:
    value = _with_tag(record, "p", policy)
    return _with_tag(parse(value), "sp", record.p) if record.sp is None else value


async def with_reports(
    resolver: Client, facts: Facts, domain: str, make: Callable[[str], tuple[Change, ...]],
) -> Outcome:
    """What ``make`` makes with the administrator's address for reports, or without it where they could not arrive.

    Without it, too, where DNS did not say whether they could: then nothing is certain.
    """
    address = facts.query.dmarc_report_address or ""
    uri = report_uri(address)
    plain = tuple(make(""))
    if uri is None:
        return plain, (), True
    changes = tuple(make(f"; rua={uri}"))
    if changes == plain:
        return plain, (), True
    after = await dmarc.inspect(resolver.overlay(changes), domain)
    problems = [finding for finding in after.findings if finding.params.get("uri", uri) == uri]
    codes = {finding.code for finding in problems}
    if codes & (_UNUSABLE | _UNCERTAIN) == {"dmarc.external_not_authorised"} and facts.query.receives_reports:
        # Whoever receives mail there runs that domain's DNS, too, or knows who does.
        name = str(next(finding.params["record_name"] for finding in problems if "record_name" in finding.params))
        host = certain(to_ascii(address.rpartition("@")[2]))
        agreement = Change(
            "create", "TXT", name, "v=DMARC1", ttl=DEFAULT_TTL, reason="dmarc.authorize_reports", optional=True,
            zone=dmarc.registrable_domain(host) or host, params={"host": host, "domain": domain})
        return (agreement, *changes), (), True
    if not codes & (_UNUSABLE | _UNCERTAIN):
        return changes, (), True
    if not codes & _UNUSABLE:
        return plain, (), False
    params = next(finding.params for finding in problems if finding.code in _UNUSABLE)
    return plain, (Finding("advice.report_address", domain, {
        "address": address[:200], "host": params.get("host", ""),
        "record_name": params.get("record_name", "")}),), True


def report_uri(address: str | None) -> str | None:
    """A mailbox as the URI that a report goes to (RFC 6068 §2), ``None`` if it is no address."""
    local, at, written = (address or "").rpartition("@")
    host = to_ascii(written)
    if not at or not local or not host:
        return None
    return f"mailto:{quote(local, safe='+-._~')}@{host}"


def organization_of(facts: Facts) -> str:
    """The domain at which a first record belongs."""
    domain = facts.query.domain
    return dmarc.legacy.registrable_domain(domain) or facts.zone.name or domain


def _is_alias(facts: Facts, name: str) -> bool:
    return any(place == name and answer.aliases for place, answer in facts.dmarc.walked)


def _agreed(facts: Facts, texts: Iterable[str]) -> str:
    """The strictest policy that all the texts ask for, if the domain's mail can meet it."""
    asked = [parse(text).values.get("p", "").strip().lower() for text in texts]
    if not all(policy in POLICIES for policy in asked):
        return "none"
    used = facts.from_paths
    met = bool(used) and facts.query.subdomains_pass and _state(used, Enforcement.ENFORCING) is State.PASS
    return min(asked, key=POLICIES.index) if met else "none"


def _addresses(texts: Iterable[str]) -> list[str]:
    """The usable report addresses in texts that receivers throw away."""
    found: dict[str, None] = {}
    for text in texts:
        for uri in read_uris("rua", parse(text).values.get("rua", ""), 0)[0]:
            if uri.valid and uri.host:
                found[uri.text] = None
    return list(found)[:2]


def _state(paths: Iterable[PathFacts], policy: Enforcement) -> State:
    """The worst state of paths were ``policy`` in force; preconditions count, for without them no policy is met."""
    return State.worst(
        path_state(path.possible_spf, path.possible_dkim, {policy}).state
        if all(one.status == PreconditionStatus.OK for one in path.preconditions) else State.UNKNOWN
        for path in paths)


def _with_tag(record: dmarc.DmarcRecord, name: str, value: str | None) -> str:
    """The record with one tag set, or taken out, and everything else as its owner wrote it."""
    text = record.text
    tag = next((tag for tag in record.tags if tag.name.lower() == name), None)
    if value is None:
        parts = [text[tag.span[0]:tag.span[1]] for tag in record.tags if tag.name.lower() != name]
        return "; ".join(part for part in parts if part)
    if tag is not None:
        return text[:tag.value_span[0]] + value + text[tag.value_span[1]:]
    place = record.tags[1].span[1] if name == "sp" and len(record.tags) > 1 else None
    if place is not None:
        return f"{text[:place]}; {name}={value}{text[place:]}"
    return f"{text.rstrip().rstrip(';').rstrip()}; {name}={value}"


def _replaced(facts: Facts, value: str, reason: str) -> Change:
    policy = facts.dmarc
    name = certain(policy.record_name)
    return Change("replace", "TXT", name, value, old_value=policy.record, ttl=DEFAULT_TTL, reason=reason,
                  params={"policy": policy.stricter or ""}, optional=True)
