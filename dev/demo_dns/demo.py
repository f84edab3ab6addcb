"""A DNS server and its panel over one folder of zones, in this process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import dns.rdatatype

from .panel import Panel
from .store import ZoneStore

if TYPE_CHECKING:
    from mailauth.tests.dns_server import DnsServer

NETWORKS = 20  # in which the zones' own name servers are looked for a place: demos run side by side


class DemoDns:
    """Serves `folder` while the `with` block runs. Tests use it too: `demo.store.replace(...)` is live at once.

    `server`: a started or startable scripted DNS server (`mailauth.tests.dns_server.DnsServer`), still without zones.
    `own`: more of them, with authority and each at an address of its own: whatever name servers the zones name lead to these.
    """

    def __init__(self, server, folder: Path, originals: Path | None = None, panel_port: int | None = None,
                 own: Sequence[DnsServer] = ()):
        """`panel_port`: 0 for any free port; None for no panel."""
        self.server = server
        self.own = own
        self.store = ZoneStore(folder, originals)
        self.panel = Panel(self.store, panel_port) if panel_port is not None else None
        for zone in self.store.zones():
            self._serve(zone)
        self.store.changed = self._serve

    @property
    def address(self) -> tuple[str, int]:
        return self.server.address

    def _serve(self, zone: str) -> None:
        text = self.store.served(zone)
        for server in (self.server, *self.own):
            server.set_zone(zone, text)
            server.set_silent(zone, self.store.silent(zone))
        if self.own:
            for number, host in enumerate(_name_servers(zone, text)):
                self.server.set_zone(host, f"@ A {self.own[number % len(self.own)].address[0]}")

    def __enter__(self):
        self.server.__enter__()
        if self.panel:
            self.panel.start()
        return self

    def __exit__(self, *exc):
        if self.panel:
            self.panel.stop()
        return self.server.__exit__(*exc)


def _name_servers(zone: str, text: str) -> Iterator[str]:
    """The names of a zone's own name servers, without a final dot."""
    from mailauth.tests.dns_server import parse_zone  # Odoo's tests, which import this package, have it elsewhere

    for rrset in parse_zone(text, zone):
        if rrset.rdtype == dns.rdatatype.NS and rrset.name.to_text() == f"{zone}.":
            yield from (record.target.to_text().rstrip(".") for record in rrset)


@contextlib.contextmanager
def own_servers(port: int = 53) -> Iterator[list[DnsServer]]:
    """Two started name servers for `own`, where they are asked; none where this user or machine has no place for them."""
    from mailauth.tests.dns_server import DnsServer

    with contextlib.ExitStack() as stack:
        started: list[DnsServer] = []
        for network in range(1, NETWORKS + 1):
            try:
                started = [stack.enter_context(DnsServer(host=f"127.53.{network}.{host}", port=port, authoritative=True))
                           for host in (1, 2)]
                break
            except PermissionError:
                break
            except OSError:  # another demo has it
                stack.close()
        yield started
