"""Whether a mass mailing's one-click unsubscribe counts for receivers (RFC 8058)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from ..finding import Finding, Kind, Severity

CODES: dict[str, Kind] = {
    "mailing.one_click_void": Kind(
        Severity.WARNING, "A mailing's one-click unsubscribe has no effect: no DKIM signature covers its headers.",
        "RFC 8058 §4"),
    "mailing.one_click_not_https": Kind(
        Severity.WARNING, "A mailing's one-click unsubscribe has no effect: its link is not https.", "RFC 8058 §3.1"),
}


def findings(from_domain: str, dkim: str, base_url: str, services: tuple[str, ...] = ()) -> Iterator[Finding]:
    """What makes the unsubscribe header of a mailing void.

    ``dkim`` is the status of a path's keys (:class:`mailauth.verdict.path_result.PathResult`): only ``missing`` is known
    to leave the mail unsigned. ``base_url`` begins the links that Odoo writes.
    """
    if dkim == "missing":
        yield Finding("mailing.one_click_void", from_domain, {"services": list(services)})
    if urlsplit(base_url).scheme.lower() != "https":
        yield Finding("mailing.one_click_not_https", from_domain, {"url": base_url[:200]})
