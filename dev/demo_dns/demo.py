"""A DNS server and its panel over one folder of zones, in this process."""

from __future__ import annotations

from pathlib import Path

from .panel import Panel
from .store import ZoneStore


class DemoDns:
    """Serves `folder` while the `with` block runs. Tests use it too: `demo.store.replace(...)` is live at once.

    `server`: a started or startable scripted DNS server (`mailauth.tests.dns_server.DnsServer`), still without zones.
    """

    def __init__(self, server, folder: Path, originals: Path | None = None, panel_port: int | None = None):
        """`panel_port`: 0 for any free port; None for no panel."""
        self.server = server
        self.store = ZoneStore(folder, originals)
        self.panel = Panel(self.store, panel_port) if panel_port is not None else None
        for zone in self.store.zones():
            self._serve(zone)
        self.store.changed = self._serve

    @property
    def address(self) -> tuple[str, int]:
        return self.server.address

    def _serve(self, zone: str) -> None:
        self.server.set_zone(zone, self.store.served(zone))
        self.server.set_silent(zone, self.store.silent(zone))

    def __enter__(self):
        self.server.__enter__()
        if self.panel:
            self.panel.start()
        return self

    def __exit__(self, *exc):
        if self.panel:
            self.panel.stop()
        return self.server.__exit__(*exc)
