"""The keys of one sending service: whether mail that it sends can be signed as the domain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..dns.protocol import Resolver
from ..finding import Finding
from ..service import Service
from ..status import Word
from ..together import together
from ..value import dataclass
from .inspection import Hint, KeyReport, SelectorStatus, hint, inspect


class KeysStatus(Word):
    """What the keys of a service's selectors come to together."""

    PUBLISHED = "published"
    PARTIAL = "partial"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_KNOWN = "not_known"  # which selectors they are


@dataclass(frozen=True)
class ServiceKeys:
    """The selectors of a service, each looked at.

    ``status``: ``published`` (all that the service needs), ``partial`` (some are missing),
    ``missing`` (none can be used), ``unknown`` (DNS did not answer what decides) or ``not_known``
    (nobody knows the selectors: see ``hint``). ``enough`` tells whether the service can sign:
    with every selector, or with one, as it needs; ``None`` where that is not known.
    """

    status: KeysStatus
    keys: tuple[KeyReport, ...] = ()
    findings: tuple[Finding, ...] = ()  # about the selectors together; those about one are in its report
    enough: bool | None = None
    hint: Hint | None = None


async def inspect_unknown(resolver: Resolver, domain: str) -> ServiceKeys:
    """What can be said of a domain of which nobody knows a selector: only what ``_domainkey`` hints at."""
    return ServiceKeys(KeysStatus.NOT_KNOWN, hint=await hint(resolver, domain))


async def inspect_service(resolver: Resolver, domain: str, service: Service) -> ServiceKeys:
    """Look at every selector of a service on a domain, side by side.

    Where one selector is enough (Microsoft 365 signs with one of two and changes over), one that
    serves is fine, an absent CNAME is worth a warning because the change-over would fail, and a CNAME
    whose target does not exist at present is not.
    """
    if not service.selectors:
        seen = await hint(resolver, domain)
        params = {"service": service.code, "hint": seen.status.value}
        return ServiceKeys(KeysStatus.NOT_KNOWN, findings=(Finding("dkim.selector_unknown", seen.name, params),), hint=seen)
    keys = await together(
        *(inspect(resolver, domain, selector.name, target=selector.target) for selector in service.selectors)
    )
    return judge(tuple(keys), needs_all=service.needs_all_selectors)


def judge(keys: tuple[KeyReport, ...], *, needs_all: bool) -> ServiceKeys:
    """What the keys of one service come to. Certain only if no unanswered question could change it."""
    usable: list[KeyReport] = []
    unknown: list[KeyReport] = []
    lacking: list[KeyReport] = []
    for key in keys:
        is_unknown = key.contested or key.status is SelectorStatus.UNKNOWN
        (unknown if is_unknown else usable if key.usable else lacking).append(key)
    if needs_all:
        enough = False if lacking else None if unknown else True
        if lacking and (usable or not unknown):
            status = KeysStatus.PARTIAL if usable else KeysStatus.MISSING
        else:
            status = KeysStatus.UNKNOWN if unknown else KeysStatus.PUBLISHED
        findings = _incomplete(usable, lacking, status)
    elif usable:
        enough = True
        absent = [key for key in lacking if key.status is SelectorStatus.NONE and not key.aliases]
        status = KeysStatus.PARTIAL if absent else KeysStatus.PUBLISHED
        findings = [
            Finding("dkim.selector_missing", key.name, {"selector": key.selector, "serving": usable[0].selector})
            for key in absent
        ]
        if lacking:
            keys = tuple(_spare(key) if any(key is other for other in lacking) else key for key in keys)
    else:
        enough = None if unknown else False
        status = KeysStatus.UNKNOWN if unknown else KeysStatus.MISSING
        findings = []
    return ServiceKeys(status, keys, (*findings, *companions(keys)), enough)


def _incomplete(usable: list[KeyReport], lacking: list[KeyReport], status: KeysStatus) -> list[Finding]:
    if status is not KeysStatus.PARTIAL:
        return []
    params = {
        "missing": [key.selector for key in lacking],
        "serving": [key.selector for key in usable],
    }
    return [Finding("dkim.selectors_incomplete", lacking[0].name, params)]


def _spare(key: KeyReport) -> KeyReport:
    """A selector that is not in use: its CNAME may point to where the next key will be."""
    spare = {"dkim.dangling_alias": "dkim.spare_dangling"}
    findings = tuple(
        replace(finding, code=spare.get(finding.code, finding.code))
        for finding in key.findings
        if finding.code != "dkim.missing"  # said better by dkim.selector_missing
    )
    return replace(key, findings=findings)


def companions(keys: Iterable[KeyReport]) -> list[Finding]:
    """Ed25519 without an RSA key beside it, among selectors that sign the same mail (RFC 8463 §6)."""
    keys = tuple(keys)
    usable = [key for key in keys if key.usable]
    if {key.key_type for key in usable} != {"ed25519"} or any(key.failed for key in keys):
        return []
    return [Finding("dkim.ed25519_only", usable[0].name, {"selectors": [key.selector for key in usable]})]
