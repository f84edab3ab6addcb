"""What stands at a DKIM selector: the CNAME chain, the key, and what is wrong with either (RFC 6376 §3.6.2)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from operator import itemgetter
from typing import Any

from ..certain import certain
from ..dns.answer import Answer, Status, decode_text
from ..dns.names import ancestors, parent, to_ascii
from ..dns.protocol import Resolver
from ..finding import Finding
from ..records.taglist import shown
from ..status import Word
from ..value import dataclass
from .key import KeyRecord, KeyStatus, means_key, parse

MAX_TEXTS = 8  # of the TXT records at one name, how many are read as keys
MAX_REMEMBERED = 1000  # texts that a batch reads once only
MAX_REMEMBERED_TEXT = 2000  # characters: keys of 8192 bits are no longer


class SelectorStatus(Word):
    """What stands where the key of a selector is looked for."""

    FOUND = "found"  # a key that can be read
    NONE = "none"
    REVOKED = "revoked"
    MALFORMED = "malformed"
    UNKNOWN = "unknown"


class HintStatus(Word):
    """What ``_domainkey`` says about selectors that nobody named."""

    LIKELY_NONE = "likely_none"
    EXISTS = "exists"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"


_RANKS = {status: rank for rank, status in enumerate(KeyStatus)}
_OF_KEY = {
    KeyStatus.VALID: SelectorStatus.FOUND, KeyStatus.REVOKED: SelectorStatus.REVOKED,
    KeyStatus.MALFORMED: SelectorStatus.MALFORMED,
}


@dataclass(frozen=True)
class KeyReport:
    """What receivers find for one selector.

    ``status``: ``found`` (a key that can be read), ``none``, ``revoked``, ``malformed`` (a record
    that receivers ignore) or ``unknown`` (DNS did not answer: see ``failed``). ``aliases`` is the
    CNAME chain behind ``name``, ``target_expected`` where it should lead. ``bits`` is the size
    of the key, ``None`` if it could not be read.
    """

    status: SelectorStatus
    domain: str
    selector: str
    name: str  # "<selector>._domainkey.<domain>"
    aliases: tuple[str, ...] = ()
    target_expected: str | None = None
    record: str | None = None
    records: tuple[str, ...] = ()
    ttl: int | None = None  # seconds
    key_type: str | None = None
    bits: int | None = None
    testing: bool = False
    sha1_only: bool = False
    usable: bool = False  # whether a signature with this key can be valid: read, long enough, not SHA-1 only
    wildcard: bool = False  # a wildcard answered, the same for every selector
    contested: bool = False  # an alias stands beside the record: receivers see this key, another one or none
    findings: tuple[Finding, ...] = ()
    failed: Answer | None = None


@dataclass(frozen=True)
class Hint:
    """What ``_domainkey.<domain>`` says about selectors that nobody told us. A hint, never proof (RFC 8020 §2).

    ``status``: ``likely_none`` (NXDOMAIN: there should be none), ``exists`` (something may be
    below), ``unclear`` (a wildcard may have answered) or ``unknown`` (DNS did not answer).
    """

    status: HintStatus
    name: str
    answer: Answer


def key_name(domain: str, selector: str) -> str:
    """RFC 6376 §3.6.2.1."""
    return f"{selector}._domainkey.{domain}"


async def hint(resolver: Resolver, domain: str) -> Hint:
    """Whether the domain seems to have any selector at all; DNS cannot list them."""
    name = f"_domainkey.{to_ascii(domain) or domain}"
    if to_ascii(domain) is None:
        return Hint(HintStatus.LIKELY_NONE, name, Answer(name[:300], "TXT", Status.BAD_NAME))
    answer = await resolver.query(name, "TXT")
    if not answer.is_fact:
        return Hint(HintStatus.UNKNOWN, name, answer)
    if not answer.exists:
        return Hint(HintStatus.LIKELY_NONE, name, answer)
    return Hint(HintStatus.EXISTS if answer.status is Status.NODATA and not answer.aliases else HintStatus.UNCLEAR, name, answer)


async def inspect(resolver: Resolver, domain: str, selector: str, *, target: str | None = None) -> KeyReport:
    """Look at one selector's key. ``target`` is the name that a CNAME there is expected to lead to.

    The key that is served counts, however it gets there: a CNAME flattened into a TXT record is as
    good as the CNAME. Asks the key's name, then at most three more questions about what was found,
    or at most five about where a missing key may stand instead; none of these can turn a fact into
    ``unknown`` or the other way round. A domain that cannot be asked for has none, without a finding.
    """
    asked = to_ascii(domain)
    if asked is None:
        return KeyReport(SelectorStatus.NONE, domain, selector, key_name(domain, selector))
    domain = asked
    target = to_ascii(target) if target else None
    name = to_ascii(key_name(domain, selector))
    if name is None:
        name = key_name(domain, selector)
        bad = Finding("dkim.bad_selector", name, {"selector": shown(selector)})
        return KeyReport(SelectorStatus.NONE, domain, selector, name, target_expected=target, findings=(bad,))
    answer = await resolver.query(name, "TXT")
    if answer.alias_beside:
        answer = replace(answer, status=Status.OK, records=answer.own_records, aliases=())
    texts = _read_texts(resolver, answer)
    seen: dict[str, Any] = {
        "domain": domain,
        "selector": selector,
        "name": name,
        "aliases": answer.aliases,
        "target_expected": target,
        "records": tuple([text for text, _key in texts]),
        "ttl": answer.ttl if answer.is_fact else None,
    }
    if not answer.is_fact:
        return KeyReport(SelectorStatus.UNKNOWN, **seen, failed=answer, findings=(_unanswered(name, answer),))
    keys = [key for _text, key in texts if key is not None][:MAX_TEXTS]
    if not keys:
        return await _without_key(resolver, KeyReport(SelectorStatus.NONE, **seen))
    # Nothing says which of several records a receiver takes: show the best, in an order of our own.
    keys.sort(key=lambda key: _RANKS[key.status])
    key = keys[0]
    report = KeyReport(
        _OF_KEY[key.status], **seen, record=key.text, key_type=key.key_type, bits=key.key.bits, testing=key.testing,
        sha1_only=key.sha1_only, usable=key.usable)
    findings = [problem.finding(name, key.text) for problem in key.problems]
    if len(keys) > 1:
        findings.append(Finding("dkim.several", name, {"count": len(keys), "records": [shown(other.text) for other in keys]}))
    findings += [Finding("dkim.other_text", name, {"text": shown(text)}, text) for text, key in texts if key is None][:MAX_TEXTS]
    if not _came_as_wanted(report):
        return await _with_how_it_came(resolver, report, keys[0], findings)
    return replace(report, findings=tuple(findings)) if findings else report


async def _with_how_it_came(resolver: Resolver, report: KeyReport, key: KeyRecord, findings: list[Finding]) -> KeyReport:
    """The report of a key with these findings and with those that need more questions: about how the key comes to be served."""
    wildcard = contested = False
    questions = {
        "probe": None if _leads_to_its_own(report) else (probe_name(report.domain), "TXT"),
        # A server that holds both a CNAME and a TXT record answers each question with what it asks for.
        "beside": None if report.aliases else (report.name, "CNAME"),
        "target": (report.target_expected, "TXT") if report.target_expected else None,
    }
    asked = {what: question for what, question in questions.items() if question}
    answers = dict(zip(asked, await resolver.query_all(*asked.values())))
    probe, beside, target = map(answers.get, questions)
    if probe is not None and probe.is_fact and tuple(sorted(probe.texts)) == report.records:
        wildcard = True
        findings.append(Finding("dkim.wildcard", report.name, {"probe": probe.name}, key.text))
    if beside is not None and beside.status is Status.OK:
        contested = True
        findings.append(Finding("dkim.alias_beside_record", report.name, {"target": str(beside.records[0])}))
    expected = _expected_key(resolver, target) if target is not None else None
    if expected is not None and expected.key.octets != key.key.octets:
        if report.aliases:
            findings += _wrong_target(report)
        else:
            params = {"target": certain(report.target_expected), "expected": shown(expected.text)}
            findings.append(Finding("dkim.differs_from_target", report.name, params, key.text))
    return replace(report, wildcard=wildcard, contested=contested, findings=tuple(findings))


async def _without_key(resolver: Resolver, report: KeyReport) -> KeyReport:
    """No key is served. Tell a wildcard, a dangling CNAME and a misplaced record from plain absence."""
    missing = Finding("dkim.missing", report.name, {"selector": shown(report.selector), "domain": report.domain})
    if not report.records and not report.aliases:
        return replace(report, findings=(missing, *await _elsewhere(resolver, report)))
    probe = await resolver.query(probe_name(report.domain), "TXT")
    wildcard = (
        probe.is_fact
        and probe.aliases == report.aliases
        and tuple(sorted(probe.texts)) == report.records
    )
    if wildcard:
        seen = report.aliases[0] if report.aliases else shown(report.records[0])
        finding = Finding("dkim.wildcard_no_key", report.name, {"probe": probe.name, "seen": seen})
        # Nothing stands at the selector's own name, so there is nothing there to replace or delete.
        return replace(report, wildcard=True, aliases=(), records=(), findings=(missing, finding))
    not_keys = [
        Finding("dkim.not_a_key", report.name, {"text": shown(text)}, text) for text in report.records[:MAX_TEXTS]
    ]
    if not report.aliases:
        return replace(report, findings=(missing, *not_keys))
    params = {"target": report.aliases[-1], "expected": report.target_expected or ""}
    dangling = Finding("dkim.dangling_alias", report.name, params)
    return replace(report, findings=(dangling, *not_keys, *_wrong_target(report)))


def _unanswered(name: str, answer: Answer) -> Finding:
    params = {
        "question": answer.name,
        "status": answer.status.value,
        "server": answer.server or "",
        "detail": shown(answer.detail),
    }
    return Finding("dkim.unanswered", name, params)


def _wrong_target(report: KeyReport) -> list[Finding]:
    expected = report.target_expected
    if not expected or expected in report.aliases:
        return []
    seen = report.aliases[0]
    doubled = any(seen == f"{expected}.{zone}" for zone in ancestors(report.domain))
    code = "dkim.target_doubled" if doubled else "dkim.wrong_target"
    return [Finding(code, report.name, {"expected": expected, "seen": seen})]


def _came_as_wanted(report: KeyReport) -> bool:
    """Whether there is nothing more to ask, as the answer came the way that the service asks for, or as services do it."""
    if report.target_expected is None:
        return _leads_to_its_own(report)
    return report.target_expected in report.aliases


def _leads_to_its_own(report: KeyReport) -> bool:
    """Whether the selector's CNAME leads to a name that begins with the selector.

    A wildcard leads every selector to the same name, which then is not that of this one.
    """
    return bool(report.aliases) and report.aliases[0].startswith(f"{report.selector.lower()}.")


def _read_texts(resolver: Resolver, answer: Answer) -> list[tuple[str, KeyRecord | None]]:
    """The texts at one name, in an order of our own, each with the key that it means to be, if it does.

    One service's key is read once for all its domains.
    """
    known = resolver.memory.setdefault("dkim", {})
    texts = []
    for strings in answer.records:
        read = known.get(strings)
        if read is None:
            text = decode_text(b"".join(strings))
            read = text, parse(text) if means_key(text) else None
            if len(known) < MAX_REMEMBERED and len(text) <= MAX_REMEMBERED_TEXT:
                known[strings] = read
        texts.append(read)
    return sorted(texts, key=itemgetter(0)) if len(texts) > 1 else texts


def _expected_key(resolver: Resolver, answer: Answer) -> KeyRecord | None:
    """The key at the expected target, where the selector's did not come from there; ``None`` if there is none to see."""
    keys = [key for _text, key in _read_texts(resolver, answer) if key is not None]
    return next((key for key in keys[:MAX_TEXTS] if key.status is KeyStatus.VALID), None)


def probe_name(domain: str) -> str:
    """A selector that nobody has: only a wildcard answers for it. The same for every look at a domain."""
    label = hashlib.blake2s(domain.encode(), digest_size=8, person=b"selector").hexdigest()
    return key_name(domain, f"probe-{label}")


async def _elsewhere(resolver: Resolver, report: KeyReport) -> list[Finding]:
    """Where a key that is missing may have ended up: the zone's name appended twice, or ``_domainkey`` left out."""
    domain, above = report.domain, parent(report.domain)
    places = {f"{report.name}.{domain}": "dkim.doubled_domain"}
    if "." in above:
        places[f"{report.name}.{above}"] = "dkim.doubled_domain"
    places[f"{report.selector}.{domain}"] = "dkim.wrong_place"
    places[f"_domainkey.{domain}"] = "dkim.wrong_place"
    places[domain] = "dkim.wrong_place"
    answers = await resolver.query_all(*((place, "TXT") for place in places))
    findings = []
    for (place, code), answer in zip(places.items(), answers):
        text = next((text for text in sorted(answer.texts) if means_key(text)), None)
        if text or (report.target_expected and report.target_expected in answer.aliases):
            findings.append(Finding(code, report.name, {"seen_at": place}, text))
    return findings
