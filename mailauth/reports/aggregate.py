"""DMARC aggregate reports (RFC 9990, RFC 7489 appendix C) as the world writes them, record by record."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address
from socket import AF_INET, AF_INET6, inet_pton
from typing import Any

from ..dns.names import is_subdomain, to_ascii
from ..dns.public_suffix import private_suffix
from ..value import dataclass
from .dates import point_in_time
from .model import (
    AggregateReport,
    DkimResult,
    Limits,
    Policy,
    Reason,
    Record,
    Refused,
    Remarks,
    SpfResult,
    is_evaluated,
)
from .unpacking import Payload
from .xml_stream import Elements, Malformed, Names, NotReadable, Undeclared, texts

MAX_TEXT = 1000  # characters of a value that are kept
MAX_RESULTS = 200  # signatures of a record, reasons of one, policies, errors (RFC 9990 asks for no more than 100)
MAX_LAYOUTS = 100  # ways to write a record that are remembered, and of each so many different parts
MAX_SEEN = 2000

_COUNT = re.compile(r"(\d{1,12})(?:\.0{1,6})?", re.ASCII)
_IS_DIGITS = re.compile(r"\d{1,12}", re.ASCII).fullmatch
_REASONS = frozenset({
    "forwarded", "local_policy", "mailing_list", "other", "policy_test_mode", "sampled_out", "trusted_forwarder",
})  # RFC 9990 and RFC 7489
_IDENTIFIERS = ("identifiers", "identities")  # the latter in drafts before RFC 7489
_POLICY = ("p", "sp", "np", "pct", "adkim", "aspf", "fo", "testing", "discovery_method")


def read_aggregate(payload: Payload, limits: Limits) -> list[AggregateReport | Refused]:
    """The reports that one piece of XML holds: one, mostly. ``Refused`` where there is none in it."""
    prefixes: tuple[str, ...] = ()
    repair = False
    while True:
        try:
            return _Reader(payload, limits, prefixes, repair).reports()
        except Undeclared as undeclared:
            prefixes += (undeclared.prefix,)
        except Malformed:
            repair = True
        except NotReadable as error:
            return [Refused(error.code, payload.place)]
        except ImportError:
            return [Refused("reports.no_lxml", payload.place)]


class _Reader:
    """One pass over a piece of XML."""

    def __init__(self, payload: Payload, limits: Limits, prefixes: tuple[str, ...], repair: bool) -> None:
        self.payload = payload
        self.limits = limits
        self.repair = repair
        self.of_all = Remarks(limits.skipped)  # what is wrong with the XML, and so with whatever is read from it
        self.elements = Elements(limits, self.of_all, prefixes=prefixes, repair=repair)
        if repair:
            self.of_all.part("reports.xml_repaired")

    def reports(self) -> list[AggregateReport | Refused]:
        """The reports, one after the other."""
        found: list[AggregateReport | Refused] = []
        name_of = Names()
        builder: _Builder | None = None
        for _number, root, element in self.elements.read(texts(self.payload.chunks(), self.of_all, repair=self.repair)):
            if builder is None:
                if name_of(root) != "feedback":
                    if not found:
                        raise NotReadable("reports.not_a_report")
                    self.of_all.add("reports.other_content")
                    break
                builder = _Builder(self.limits, name_of)
            if element is not None and builder.take(element):
                continue
            found += builder.reports(self.payload.place, self.of_all)
            builder = None
            if element is not None:  # it takes no more
                break
        if not any(isinstance(report, AggregateReport) for report in found):
            damage = next((remark.code for remark in self.of_all.told if remark.code != "reports.xml_repaired"), None)
            raise NotReadable(damage or ("reports.not_a_report" if found else "reports.xml_unreadable"))
        return [
            replace(report, skipped=(*self.of_all.told, *report.skipped)) if isinstance(report, AggregateReport) else report
            for report in found
        ]


class _Builder:
    """What was read of one report so far."""

    def __init__(self, limits: Limits, name_of: Names) -> None:
        self.limits = limits
        self.name_of = name_of
        self.remarks = Remarks(limits.skipped)
        self.metadata: dict[str, str] = {}
        self.errors: list[str] = []
        self.policies: list[Policy] = []
        self.extensions: dict[str, None] = {}
        self.records: list[Record] = []
        self.number = 0  # of the record
        self.is_report = False
        self._same: dict[Any, Any] = {}  # each value once, for records have much in common
        self._layouts: dict[tuple, _Layout] = {}

    def take(self, element: Any) -> bool:
        """Read one element below the root; false if no more are read."""
        name = self.name_of(element)
        if name == "record":
            self.is_report = True
            self.number += 1
            if len(self.records) >= self.limits.records:
                self.remarks.part("reports.too_many_records")
                return False
            self._take_record(element)
        elif name == "report_metadata":
            self.is_report = True
            self._take_metadata(element)
        elif name == "policy_published":
            self.is_report = True
            if len(self.policies) < MAX_RESULTS:
                self.policies.append(self._policy(element))
        elif name == "version":
            self.metadata.setdefault("version", self._text(element))
        elif name == "extension":
            for inner in element:
                if len(self.extensions) < MAX_RESULTS:
                    self.extensions.setdefault(self.name_of(inner)[:MAX_TEXT])
        return True

    def reports(self, place: str, of_all: Remarks) -> list[AggregateReport | Refused]:
        """The report, or that it is none."""
        if not self.is_report:
            return [Refused("reports.not_a_report", place)]
        said = self.metadata.get
        begin, end = point_in_time(said("begin", "")), point_in_time(said("end", ""))
        domain = _domain(self.policies)
        if begin is None or end is None:
            self.remarks.add("reports.date_unreadable", detail=said("end" if begin else "begin", ""))
        if not domain:
            self.remarks.add("reports.no_domain")
        if not self.number:
            self.remarks.add("reports.no_records")
        return [AggregateReport(
            org_name=said("org_name", ""), email=said("email", ""), extra_contact=said("extra_contact_info", ""),
            report_id=said("report_id", ""), domain=domain, begin=begin, end=end, policies=tuple(self.policies),
            version=said("version", ""), generator=said("generator", ""), errors=tuple(self.errors),
            extensions=tuple(self.extensions), records=tuple(self.records), skipped=tuple(self.remarks.told),
            is_partial=of_all.is_partial or self.remarks.is_partial, place=place)]

    def _take_metadata(self, element: Any) -> None:
        for inner in element:
            name = self.name_of(inner)
            if name == "date_range":
                for point in inner:
                    self.metadata.setdefault(self.name_of(point)[:20], self._text(point))
            elif name == "error":
                if len(self.errors) < MAX_RESULTS:
                    self.errors.append(self._text(inner))
            elif name in ("org_name", "email", "extra_contact_info", "report_id", "generator"):
                self.metadata.setdefault(name, self._text(inner))

    def _policy(self, element: Any) -> Policy:
        said = {name: self._text(inner).lower() for inner in element if (name := self.name_of(inner)) in (*_POLICY, "domain")}
        domain = said.pop("domain", "")
        return Policy(to_ascii(domain) or domain, **said)

    def _take_record(self, record: Any) -> None:
        elements = list(record.iter())
        key = tuple([element.tag for element in elements]), *[len(part) for part in record]
        layout = self._layouts.get(key)
        if layout is None:
            layout = self._layout(record, elements)
            if len(self._layouts) < MAX_LAYOUTS:
                self._layouts[key] = layout
        given = [element.text for element in elements]
        if not layout.rows:
            self.remarks.add("reports.record_without_row", self.number)
            return
        senders = layout.identifiers.read(given, elements, self._identifiers)
        auth = layout.auth.read(given, elements, self._auth)
        for source_ip, count, evaluated in layout.rows:
            self._take_row(
                _stripped(given, source_ip), _stripped(given, count), evaluated.read(given, elements, self._evaluated),
                senders, auth)

    def _take_row(self, address: str, count: str, evaluated: _Evaluated, senders: tuple[str, str, str], auth: _Auth) -> None:
        if not _IS_DIGITS(count):
            whole = _COUNT.fullmatch(count)
            if not whole:
                self.remarks.add(
                    "reports.count_unreadable" if count else "reports.count_missing", self.number, count[:100])
                return
            count = whole[1]
        source = _address(address)
        if source is None:
            self.remarks.add("reports.address_unreadable", self.number, address[:100])
            address = address[:MAX_TEXT]
        case = evaluated.dkim, evaluated.spf, senders[0]
        is_contradicted = auth.contradicted.get(case)
        if is_contradicted is None:
            is_contradicted = auth.contradicted[case] = self._is_contradicted(*case, auth)
        self.records.append(Record(
            self.number, source, address, int(count), evaluated.disposition, evaluated.dkim, evaluated.spf, *evaluated.raw,
            evaluated.reasons, *senders, auth.dkim, auth.spf, is_contradicted))
        if not evaluated.is_known:
            self.remarks.add("reports.not_evaluated", self.number)

    def _layout(self, record: Any, elements: list[Any]) -> _Layout:
        """What stands where in a record with these elements."""
        name_of = self.name_of
        at = {element: position for position, element in enumerate(elements)}
        layout = _Layout()
        for part in record:
            name = name_of(part)
            if name == "row":
                places: dict[str, int] = {}
                for inner in part:
                    places.setdefault(name_of(inner), at[inner])
                evaluated = _Part()
                if "policy_evaluated" in places:
                    evaluated.add(elements[places["policy_evaluated"]], at)
                layout.rows.append((places.get("source_ip"), places.get("count"), evaluated))
            elif name in _IDENTIFIERS:
                layout.identifiers.add(part, at)
            elif name == "auth_results":
                layout.auth.add(part, at)
        return layout

    def _evaluated(self, parts: list[Any]) -> _Evaluated:
        said: dict[str, str] = {}
        reasons: list[Reason] = []
        for part in parts:
            for inner in part:
                name = self.name_of(inner)
                if name != "reason":
                    said.setdefault(name, self._text(inner))
                elif len(reasons) < MAX_RESULTS and (reason := self._reason(inner)):
                    reasons.append(reason)
        raw = said.get("disposition", ""), said.get("dkim", ""), said.get("spf", "")
        disposition, dkim, spf = map(self._lower, raw)
        return _Evaluated(disposition, dkim, spf, raw, tuple(reasons), is_evaluated(dkim, spf))

    def _reason(self, element: Any) -> Reason | None:
        said: dict[str, str] = {}
        for inner in element:
            said.setdefault(self.name_of(inner), self._text(inner))
        if not said:  # a text where elements belong
            text = self._text(element)
            said = {"type": text} if text.lower() in _REASONS else {"type": "other" if text else "", "comment": text}
        kind, comment = self._lower(said.get("type", "")), said.get("comment", "")
        return self._once(Reason, kind, comment) if kind or comment else None

    def _identifiers(self, parts: list[Any]) -> tuple[str, str, str]:
        said: dict[str, str] = {}
        for part in parts:
            for inner in part:
                said.setdefault(self.name_of(inner), self._text(inner))
        lower = self._lower
        return lower(said.get("header_from", "")), lower(said.get("envelope_from", "")), lower(said.get("envelope_to", ""))

    def _auth(self, parts: list[Any]) -> _Auth:
        name_of, text_of, lower = self.name_of, self._text, self._lower
        auth = _Auth((), ())
        dkim: list[DkimResult] = []
        spf: list[SpfResult] = []
        for inner in (inner for part in parts for inner in part):
            name = name_of(inner)
            if name not in ("dkim", "spf"):
                continue
            said = {name_of(value): text_of(value) for value in inner}.get
            domain, raw, human = lower(said("domain", "")), said("result", ""), said("human_result", "")
            if name == "dkim" and len(dkim) < MAX_RESULTS:
                dkim.append(self._once(DkimResult, domain, said("selector", ""), lower(raw), raw, human))
            elif name == "spf" and len(spf) < MAX_RESULTS:
                spf.append(self._once(SpfResult, domain, lower(said("scope", "")), lower(raw), raw, human))
        auth.dkim, auth.spf = tuple(dkim), tuple(spf)
        return auth

    def _is_contradicted(self, dkim: str, spf: str, header_from: str, auth: _Auth) -> bool:
        """Whether the single results say otherwise than the evaluation, as far as that can be told from the report."""
        policy = self.policies[0] if len(set(self.policies)) == 1 else None
        return _says_otherwise(dkim, auth.dkim, header_from, policy.adkim if policy else None) or _says_otherwise(
            spf, auth.spf, header_from, policy.aspf if policy else None)

    def _text(self, element: Any) -> str:
        text = element.text
        if not text:
            return ""
        text = text.strip()[:MAX_TEXT]
        return self._same.setdefault(text, text)

    def _lower(self, text: str) -> str:
        lower = text.lower()
        return text if lower == text else self._same.setdefault(lower, lower)

    def _once(self, make: Callable, *values: str) -> Any:
        key = make, values
        found = self._same.get(key)
        if found is None:
            found = self._same[key] = make(*values)
        return found


class _Part:
    """Where a part of a record stands among its elements, and what was read from its texts so far.

    Records of one report have much in common: what says the same as one before is not read again.
    """

    __slots__ = ("_places", "_seen")

    def __init__(self) -> None:
        self._places: list[tuple[int, int]] = []  # from its element up to behind the last one in it
        self._seen: dict[tuple[str | None, ...], Any] = {}

    def add(self, element: Any, at: dict[Any, int]) -> None:
        """It stands in one more element."""
        self._places.append((at[element], at[element] + sum(1 for _inner in element.iter())))

    def read(self, given: list[str | None], elements: list[Any], reader: Callable[[list[Any]], Any]) -> Any:
        """What ``reader`` makes of it, of the texts of all elements of a record."""
        if len(self._places) == 1:
            first, end = self._places[0]
            key = tuple(given[first:end])
        else:
            key = tuple([text for first, end in self._places for text in given[first:end]])
        found = self._seen.get(key)
        if found is None:
            found = reader([elements[first] for first, _end in self._places])
            if len(self._seen) < MAX_SEEN:
                self._seen[key] = found
        return found


class _Layout:
    """What stands where in records whose elements have the same names in the same order, and parts of the same length."""

    __slots__ = ("auth", "identifiers", "rows")

    def __init__(self) -> None:
        self.rows: list[tuple[int | None, int | None, _Part]] = []  # source_ip, count, policy_evaluated
        self.identifiers = _Part()
        self.auth = _Part()


@dataclass(frozen=True, slots=True)
class _Evaluated:
    """What ``policy_evaluated`` says; ``raw``: disposition, DKIM and SPF as written."""

    disposition: str
    dkim: str
    spf: str
    raw: tuple[str, str, str]
    reasons: tuple[Reason, ...]
    is_known: bool


class _Auth:
    """What ``auth_results`` say, and which evaluations they contradict."""

    __slots__ = ("contradicted", "dkim", "spf")

    def __init__(self, dkim: tuple[DkimResult, ...], spf: tuple[SpfResult, ...]) -> None:
        self.dkim = dkim
        self.spf = spf
        self.contradicted: dict[tuple[str, str, str], bool] = {}


def _stripped(given: list[str | None], at: int | None) -> str:
    return (given[at] or "").strip() if at is not None else ""


def _says_otherwise(
    evaluated: str, results: tuple[DkimResult, ...] | tuple[SpfResult, ...], header_from: str, mode: str | None,
) -> bool:
    """``mode``: of alignment, ``None`` where nobody knows which policy was applied: then nothing is recomputed."""
    passing = [result for result in results if result.result == "pass"]
    if evaluated == "pass":
        if mode is None or not header_from:
            return bool(results) and not passing
        return bool(results) and all(
            _is_aligned(result.domain, header_from, mode.startswith("s")) is False for result in passing)
    if evaluated != "fail" or mode is None:
        return False
    return any(
        _is_aligned(result.domain, header_from, mode.startswith("s")) for result in passing
        if isinstance(result, DkimResult) or result.scope != "helo")


def _is_aligned(domain: str, header_from: str, strict: bool) -> bool | None:
    """Alignment as far as it can be told without DNS (RFC 7489 §3.1); ``None`` where it cannot."""
    own, other = to_ascii(header_from), to_ascii(domain)
    if own is None or other is None:
        return None if domain else False
    if own == other:
        return True
    if strict:
        return False
    organizations = private_suffix(own), private_suffix(other)
    if None in organizations:
        return None
    return organizations[0] == organizations[1]


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address; one of IPv4 that is written as one of IPv6 (RFC 4291 §2.5.5.2) as what it is."""
    try:
        if ":" not in text:
            # A fifth of the time that it takes ipaddress to read it.
            return IPv4Address(int.from_bytes(inet_pton(AF_INET, text), "big"))
        if text[:1] == "[" or text[:5].lower() == "ipv6:":
            text = text.strip("[]")
            text = text[5:] if text[:5].lower() == "ipv6:" else text
        address = IPv6Address(inet_pton(AF_INET6, text.partition("%")[0]))
    except (OSError, ValueError):
        return None
    return address.ipv4_mapped or address


def _domain(policies: list[Policy]) -> str:
    """The policy domain; of several the one that the others lie below, if there is one."""
    names = {name for policy in policies if (name := to_ascii(policy.domain))}
    above = min(names, key=len, default="")
    return above if above and all(is_subdomain(name, of=above) for name in names) else ""

