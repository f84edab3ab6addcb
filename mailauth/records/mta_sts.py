"""MTA-STS: whether others must encrypt mail to a domain, and to which hosts (RFC 8461)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from ..dns.answer import Answer, decode_text
from ..dns.protocol import Resolver
from ..finding import Finding, Kind, Severity
from ..status import RecordStatus
from ..value import dataclass
from . import mx as mail_exchange
from . import sole_record
from .https import TIMEOUT, Fetcher, FetchError, Response, Shared
from .mx import MxStatus

CODES: dict[str, Kind] = {
    "mta_sts.alias_beside_record": Kind(
        Severity.WARNING, "The name has a CNAME and a TXT record: senders see different MTA-STS records, or none.",
        "RFC 1034 §3.6.2",
    ),
    "mta_sts.several": Kind(
        Severity.WARNING, "Several MTA-STS records: senders act as if there were none.", "RFC 8461 §3.1"
    ),
    "mta_sts.version": Kind(
        Severity.WARNING, "The record nearly says v=STSv1, but not exactly as the standard defines it.", "RFC 8461 §3.1"
    ),
    "mta_sts.syntax": Kind(
        Severity.WARNING, "A part of the MTA-STS record is not name=value as the standard defines it.", "RFC 8461 §3.1"
    ),
    "mta_sts.bad_id": Kind(
        Severity.WARNING, "The MTA-STS record has no id of 1 to 32 letters and digits.", "RFC 8461 §3.1"
    ),
    "mta_sts.host_missing": Kind(
        Severity.WARNING, "The record is there, but the host of the policy file has no address.", "RFC 8461 §3.2"
    ),
    "mta_sts.host_not_public": Kind(
        Severity.WARNING, "The host of the policy file has no address that the Internet can reach.", "RFC 8461 §3.3"
    ),
    "mta_sts.unreachable": Kind(Severity.INFO, "The policy file could not be fetched.", "RFC 8461 §3.3"),
    "mta_sts.certificate": Kind(
        Severity.WARNING, "The certificate of the policy file's host does not verify.", "RFC 8461 §3.3"
    ),
    "mta_sts.http_status": Kind(
        Severity.WARNING, "The policy file's host answers with a status other than 200; redirects do not count.",
        "RFC 8461 §3.3",
    ),
    "mta_sts.content_type": Kind(Severity.INFO, "The policy file is not served as text/plain.", "RFC 8461 §3.2"),
    "mta_sts.too_large": Kind(Severity.WARNING, "The policy file is larger than 64 KiB.", "RFC 8461 §3.3"),
    "mta_sts.policy_syntax": Kind(
        Severity.WARNING, "A line of the policy file is not name: value as the standard defines it.", "RFC 8461 §3.2"
    ),
    "mta_sts.policy_empty_line": Kind(
        Severity.WARNING, "The policy file has an empty line between others, which its grammar does not allow.",
        "RFC 8461 §3.2",
    ),
    "mta_sts.policy_version": Kind(Severity.WARNING, "The policy file does not say version: STSv1.", "RFC 8461 §3.2"),
    "mta_sts.policy_mode": Kind(
        Severity.WARNING, "The policy's mode is not enforce, testing or none.", "RFC 8461 §3.2"
    ),
    "mta_sts.policy_max_age": Kind(
        Severity.WARNING, "The policy's max_age is not a number of seconds of at most a year.", "RFC 8461 §3.2"
    ),
    "mta_sts.policy_repeated": Kind(
        Severity.WARNING, "A field of the policy is there again with another value: some senders read the last, not the first.",
        "RFC 8461 §3.2",
    ),
    "mta_sts.policy_no_mx": Kind(Severity.WARNING, "The policy names no mail host.", "RFC 8461 §3.2"),
    "mta_sts.bad_mx_pattern": Kind(
        Severity.WARNING, "A mail host in the policy is neither a name nor a name after one wildcard.",
        "RFC 8461 §3.2",
    ),
    "mta_sts.mx_not_covered": Kind(
        Severity.WARNING, "A mail host of the domain matches no entry of the policy: senders may not use it.",
        "RFC 8461 §4.1",
    ),
    "mta_sts.short_max_age": Kind(
        Severity.INFO, "The policy is remembered for less than a day, which protects little.", "RFC 8461 §3.2"
    ),
    "mta_sts.testing": Kind(Severity.INFO, "The policy is in testing mode: nothing is enforced yet.", "RFC 8461 §5"),
    "mta_sts.mode_none": Kind(Severity.INFO, "The policy switches MTA-STS off.", "RFC 8461 §8.3"),
}

MAX_AGE = 31557600  # seconds, the standard's limit
SHORT_AGE = 86400  # seconds
MAX_PATTERNS = 100
MAX_FINDINGS = 50
MAX_HOSTS = 10  # named, of those that the policy forgets

_VERSION = re.compile(r"v=STSv1[ \t]*;")
_NEARLY = re.compile(r"\s*[\"'“”]?\s*v\s*=\s*sts", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z0-9]{1,32}")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PATTERN = re.compile(rf"(?:\*\.)?(?:{_LABEL}\.)*{_LABEL}", re.IGNORECASE)

# A line is a name, a colon and visible characters with single controls nowhere; spaces may follow (RFC 8461 §3.2).
_LINE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.-]{0,31}):[ \t]*([^\x00-\x20\x7f](?:[^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?)[ \t]*")
_FIELDS = frozenset({"version", "mode", "max_age"})  # those that stand there once
_INVALID = re.compile("[\ud800-\udfff]")  # octets that are no UTF-8, as surrogateescape shows them

Fetch = Callable[[str, str, "list[str]"], Awaitable[Response]]


@dataclass(frozen=True)
class StsPolicy:
    """The policy file: ``mode`` is ``"enforce"``, ``"testing"`` or ``"none"``; ``max_age`` is in seconds."""

    mode: str
    max_age: int
    mx: tuple[str, ...] = ()

    def allows(self, host: str) -> bool:
        """Whether mail may be given to a host (RFC 8461 §4.1): a wildcard stands for exactly one label."""
        host = host.lower()
        return any(
            pattern == host or pattern.startswith("*.") and host.partition(".")[2] == pattern[2:]
            for pattern in self.mx
        )


@dataclass(frozen=True)
class StsReport:
    """What a domain asks of those who send to it.

    ``status``: ``"found"`` (record and policy are in order), ``"none"`` (no record),
    ``"several"``, ``"invalid"`` (senders act as if there were nothing), ``"unknown"`` (DNS or
    the policy's host did not answer: ``failed`` is the question, or ``None`` for the host).
    """

    status: RecordStatus
    records: tuple[str, ...] = ()
    id: str | None = None
    policy: StsPolicy | None = None
    ttl: int = 0
    findings: tuple[Finding, ...] = ()
    failed: Answer | None = None


def record_name(domain: str) -> str:
    """Where the record of a domain stands (RFC 8461 §3.1)."""
    return f"_mta-sts.{domain}"


async def inspect(
    resolver: Resolver, domain: str, mx: mail_exchange.MxReport | None = None, fetch: Fetch | None = None,
) -> StsReport:
    """Look at the MTA-STS record of a domain and at the policy that it announces.

    ``mx`` is the domain's :class:`mailauth.records.mx.MxReport` if there is one already. ``fetch`` is
    awaited with host, path and addresses, see :class:`mailauth.records.https.Fetcher`. Without a
    record nothing is fetched.
    """
    name = record_name(domain)
    found = await sole_record.read(resolver, name, "mta_sts", _VERSION, _NEARLY)
    if found.status != RecordStatus.FOUND:
        return StsReport(found.status, found.records, ttl=found.ttl, findings=found.findings, failed=found.failed)
    identity, findings = _read_record(found)
    report = StsReport(RecordStatus.INVALID, found.records, identity, None, found.ttl, tuple(findings))
    if identity is None:
        return report
    read = _with_policy(resolver, domain, report, fetch)
    if mx is None:
        exchanges, report = await asyncio.gather(mail_exchange.inspect(resolver, domain), read)
    else:
        exchanges, report = mx, await read
    return _beside_mx(domain, report, report.policy, exchanges) if report.policy else report


def _read_record(found: sole_record.SoleRecord) -> tuple[str | None, list[Finding]]:
    """The id of a record in order; a field that breaks the grammar makes it none (RFC 8461 §3.1)."""
    fields = list(found.fields)
    # Of several ids the first one counts (RFC 8461 §3.2); a later one may be any extension.
    identity = next((field for field in fields if field.name == "id"), None)
    findings = [
        sole_record.syntax(found, "mta_sts", field)
        for field in fields if field is not identity and not field.is_extension
    ][:sole_record.MAX_FINDINGS]
    if identity is None or not _ID.fullmatch(identity.value):
        shown = found.text[slice(*identity.value_span)][:200] if identity else ""
        span = identity.value_span if identity else None
        findings.append(Finding("mta_sts.bad_id", found.name, {"id": shown}, found.text, span))
    return (identity.value if identity and not findings else None), findings


async def _fetched(resolver: Resolver, host: str, addresses: list[str], fetch: Fetch | None) -> Response:
    """The policy file, as soon as it is its turn among those of the batch; :class:`FetchError` at the deadline."""
    shared = resolver.memory.get("https") or resolver.memory.setdefault("https", Shared())
    try:
        await asyncio.wait_for(shared.turns.acquire(), resolver.seconds_left)
    except asyncio.TimeoutError as error:
        raise FetchError("timeout") from error
    try:
        fetch = fetch or Fetcher(min(TIMEOUT, resolver.seconds_left), make_context=shared.context)
        return await fetch(host, "/.well-known/mta-sts.txt", addresses)
    finally:
        shared.turns.release()


async def _with_policy(resolver: Resolver, domain: str, report: StsReport, fetch: Fetch | None) -> StsReport:
    """The report with the policy file read into it."""
    host = f"mta-sts.{domain}"

    def noted(code: str, status: RecordStatus = RecordStatus.INVALID, **params: object) -> StsReport:
        return replace(report, status=status, findings=(*report.findings, Finding(code, host, params)))

    answers = await resolver.query_all((host, "A"), (host, "AAAA"))
    addresses = [address for answer in answers for address in answer.records]
    failed = next((answer for answer in answers if not answer.is_fact), None)
    if not addresses:
        if failed:
            return replace(report, status=RecordStatus.UNKNOWN, failed=failed)
        return noted("mta_sts.host_missing")
    try:
        response = await _fetched(resolver, host, addresses, fetch)
    except FetchError as error:
        if error.reason == "not_public":
            if failed:
                return replace(report, status=RecordStatus.UNKNOWN, failed=failed)
            return noted("mta_sts.host_not_public", addresses=addresses[:10])
        if error.reason in ("certificate", "too_large"):
            return noted(f"mta_sts.{error.reason}", detail=decode_text(error.detail.encode("utf-8", "replace")))
        detail = decode_text(error.detail.encode("utf-8", "replace"))
        return noted("mta_sts.unreachable", RecordStatus.UNKNOWN, why=error.reason, detail=detail)
    if response.status != 200:
        status = RecordStatus.INVALID if response.status < 500 else RecordStatus.UNKNOWN
        return noted("mta_sts.http_status", status, status_code=response.status)
    policy, findings = parse_policy(host, response.body.decode("utf-8", "surrogateescape"))
    if response.content_type != "text/plain":
        findings = (*findings, Finding("mta_sts.content_type", host, {"content_type": response.content_type}))
    return replace(
        report, status=RecordStatus.FOUND if policy else RecordStatus.INVALID, policy=policy,
        findings=(*report.findings, *findings),
    )


def parse_policy(host: str, text: str) -> tuple[StsPolicy | None, tuple[Finding, ...]]:
    """The policy in a policy file, ``None`` if senders cannot use it, and what is wrong with it.

    ``text`` holds octets that are no UTF-8 as ``surrogateescape`` decodes them.
    """
    findings: list[Finding] = []
    fields: dict[str, str] = {}
    repeated: dict[str, Finding] = {}
    patterns: list[str] = []
    bad_pattern = False
    text = text.rstrip("\r\n \t")
    lines = text.split("\n") if text else []
    for number, line in enumerate(lines, start=1):
        line = line.removesuffix("\r")
        params = {"line": number, "text": decode_text(line[:200].encode("utf-8", "surrogateescape"))[:200]}
        match = _LINE.fullmatch(line)
        if not line.strip(" \t"):
            findings.append(Finding("mta_sts.policy_empty_line", host, {"line": number}))
        elif not match or _INVALID.search(line):
            findings.append(Finding("mta_sts.policy_syntax", host, params))
        elif match[1] == "mx":
            if not _PATTERN.fullmatch(match[2]) or len(match[2]) > 255:
                bad_pattern = True
                findings.append(Finding("mta_sts.bad_mx_pattern", host, params | {"text": match[2][:200]}))
            elif len(patterns) < MAX_PATTERNS:
                patterns.append(match[2].lower())
        else:
            first = fields.setdefault(match[1], match[2])  # of a repeated field the first one counts
            if first != match[2] and match[1] in _FIELDS:
                shown = decode_text(f"{match[1]}: {first[:200]}".encode())
                repeated.setdefault(match[1], Finding("mta_sts.policy_repeated", host, {**params, "first": shown}))
        if len(findings) >= MAX_FINDINGS:
            break
    mode = fields.get("mode", "")
    max_age = fields.get("max_age", "")
    if fields.get("version") != "STSv1":
        findings.append(Finding("mta_sts.policy_version", host, {"version": fields.get("version", "")[:200]}))
    if mode not in ("enforce", "testing", "none"):
        findings.append(Finding("mta_sts.policy_mode", host, {"mode": mode[:200]}))
    if not re.fullmatch(r"[0-9]{1,10}", max_age) or int(max_age) > MAX_AGE:
        findings.append(Finding("mta_sts.policy_max_age", host, {"max_age": max_age[:200]}))
    if not patterns and not bad_pattern and mode != "none":
        findings.append(Finding("mta_sts.policy_no_mx", host))
    if findings:
        return None, (*findings, *repeated.values())  # the line that is missing may be the other one
    policy = StsPolicy(mode, int(max_age), tuple(dict.fromkeys(patterns)))
    hints = [*repeated.values()]
    if mode == "testing":
        hints.append(Finding("mta_sts.testing", host))
    if mode == "none":
        hints.append(Finding("mta_sts.mode_none", host))
    elif policy.max_age < SHORT_AGE:
        hints.append(Finding("mta_sts.short_max_age", host, {"max_age": policy.max_age}))
    return policy, tuple(hints)


def _beside_mx(domain: str, report: StsReport, policy: StsPolicy, mx: mail_exchange.MxReport) -> StsReport:
    """The report with the policy held against the hosts that mail really goes to."""
    if policy.mode == "none" or mx.status == MxStatus.NULL:
        return report
    if mx.status == MxStatus.UNKNOWN:
        return replace(report, failed=mx.failed)
    # Without MX records the domain itself takes the mail (RFC 5321 §5.1).
    hosts = [exchange.host for exchange in mx.exchanges if exchange.host] or [domain]
    missed = [host for host in dict.fromkeys(hosts) if not policy.allows(host)]
    found = tuple(
        Finding("mta_sts.mx_not_covered", domain, {"host": host, "mode": policy.mode})
        for host in missed[:MAX_HOSTS]
    )
    return replace(report, findings=(*report.findings, *found))
