"""Name servers to which registrars and dealers change domains that have expired or are for sale (``parking.json``)."""

from __future__ import annotations

import functools
import json
from collections.abc import Collection
from pathlib import Path

from ..dns.names import ancestors, to_ascii


def parking_service(nameservers: Collection[str]) -> str | None:
    """The service that parks a domain with these name servers; ``None`` where any of them is none of a parking service."""
    found = [_service_of(host) for host in nameservers]
    return found[0] if found and None not in found else None


def _service_of(host: str) -> str | None:
    known = _known()
    return next((known[name] for name in ancestors(to_ascii(host) or "") if name in known), None)


@functools.lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    with open(Path(__file__).with_name("parking.json"), encoding="utf-8") as file:
        services = json.load(file)["services"]
    return {server: service["name"] for service in services for server in service["servers"]}
