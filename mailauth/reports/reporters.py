"""Organizations that really send DMARC reports, each with where that can be seen (``reporters.json``)."""

from __future__ import annotations

import functools
import json
from pathlib import Path

from ..dns.names import ancestors, domain_of, to_ascii
from ..value import dataclass


@dataclass(frozen=True)
class Reporter:
    """``domain`` is the organizational domain, ``senders`` the addresses and domains that its reports come from."""

    domain: str
    name: str
    senders: tuple[str, ...]
    source: tuple[str, ...]


def reporter_of(domain: str) -> Reporter | None:
    """The listed reporter with this organizational domain; ``None`` if there is none."""
    return _known().get(to_ascii(domain) or "")


def reporter_from(address: str) -> Reporter | None:
    """The listed reporter whose emails come from this address, if they do.

    Say so of a From address that was authenticated only. At most providers on the list anybody can have an address:
    that its domain is theirs does not make an email theirs.
    """
    given = address.strip().lower()
    places = (given, *ancestors(domain_of(given)))
    return next((_senders()[place] for place in places if place in _senders()), None)


@functools.lru_cache(maxsize=1)
def _known() -> dict[str, Reporter]:
    with open(Path(__file__).with_name("reporters.json"), encoding="utf-8") as file:
        rows = json.load(file)["reporters"]
    return {
        row["domain"]: Reporter(row["domain"], row["name"], tuple(row["from"]), tuple(row["source"])) for row in rows}


@functools.lru_cache(maxsize=1)
def _senders() -> dict[str, Reporter]:
    return {sender: reporter for reporter in _known().values() for sender in reporter.senders}
