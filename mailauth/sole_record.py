"""The one TXT record that says its version, as MTA-STS and TLS-RPT want it (RFC 8461 §3.1, RFC 8460 §3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .answer import Answer, Status
from .finding import Finding

MAX_RECORDS = 10  # shown


@dataclass(frozen=True)
class SoleRecord:
    """``status``: ``found`` (see ``text``), ``none``, ``several``, ``invalid`` (what stands there only means to be
    one) or ``unknown`` (see ``failed``). ``records`` are those that it is about, ``ttl`` is in seconds."""

    status: str
    name: str
    records: tuple[str, ...] = ()
    ttl: int = 0
    findings: tuple[Finding, ...] = ()
    failed: Answer | None = None

    @property
    def text(self) -> str:
        return self.records[0]


async def read(resolver, name: str, area: str, version: re.Pattern[str], nearly: re.Pattern[str]) -> SoleRecord:
    """Look for the record at ``name``. ``version`` is how it begins, ``nearly`` how one that fails of it does;
    the findings are ``<area>.several`` and ``<area>.version``."""
    answer = await resolver.query(name, "TXT")
    if not answer.is_fact:
        return SoleRecord("unknown", name, failed=answer)
    texts = sorted(answer.texts) if answer.status is Status.OK else []
    records = tuple(text for text in texts if version.match(text))
    if len(records) == 1:
        return SoleRecord("found", name, records, answer.ttl)
    if records:
        several = Finding(f"{area}.several", name, {"count": len(records)})
        return SoleRecord("several", name, records[:MAX_RECORDS], answer.ttl, (several,))
    meant = tuple(text for text in texts if nearly.match(text))[:MAX_RECORDS]
    findings = tuple(Finding(f"{area}.version", name, {}, text, (0, len(text))) for text in meant)
    return SoleRecord("invalid" if meant else "none", name, meant, answer.ttl, findings)
