"""Name servers as people write them in a setting."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from ..value import dataclass
from .answer import decode_text

DNS_PORT = 53


@dataclass(frozen=True)
class Nameserver:
    """Where questions go: an address and port, or the URL of a DNS-over-HTTPS service."""

    host: str
    port: int = DNS_PORT
    url: str | None = None

    def __str__(self) -> str:
        if self.url:
            return self.url
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_nameservers(text: str) -> tuple[list[Nameserver], list[str]]:
    """The name servers of a setting, and those of its items that are none.

    Items stand apart by commas or white space: ``192.0.2.1``, ``127.0.0.1:5353``,
    ``2001:db8::1``, ``[2001:db8::1]:5353``, ``https://dns.example/dns-query``.
    Names of servers are refused: they could not be looked up without DNS.
    """
    servers: list[Nameserver] = []
    problems: list[str] = []
    for item in text.replace(",", " ").replace(";", " ").split():
        server = _parse_nameserver(item)
        if server is None:
            problems.append(decode_text(item[:100].encode("utf-8", "replace")))
        elif server not in servers:
            servers.append(server)
    return servers, problems


def _parse_nameserver(item: str) -> Nameserver | None:
    if item.lower().startswith("https://"):
        try:
            parts = urlsplit(item)
            valid = bool(parts.hostname) and (parts.port is None or parts.port > 0) and not parts.username
        except ValueError:
            return None
        return Nameserver(parts.hostname, parts.port or 443, item) if valid and parts.hostname else None
    host, port = item, ""
    if item.startswith("["):
        host, bracket, port = item[1:].partition("]")
        if not bracket or (port and not port.startswith(":")) or port == ":" or ":" not in host:
            return None
        port = port[1:]
    elif item.count(":") == 1:
        host, _, port = item.partition(":")
        if not port:
            return None
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        return None
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return None
    return Nameserver(host, int(port) if port else DNS_PORT)


def to_nameserver(server: Nameserver | tuple | str) -> Nameserver:
    """One entry of ``Resolver(nameservers=…)``; ``ValueError`` for what is none (a programmer's mistake)."""
    if isinstance(server, Nameserver):
        return server
    if isinstance(server, str):
        parsed = _parse_nameserver(server)
        if parsed is None:
            raise ValueError(f"not a name server: {server!r}")
        return parsed
    host, port = server[0], int(server[1])
    ipaddress.ip_address(host)
    return Nameserver(host, port)
