"""The demo's DNS panel in tests: what is entered there, DNS answers."""

import tempfile
import unittest
from pathlib import Path
from urllib.parse import urlsplit

from ..mailauth.tests import mails

try:
    from ..dev.demo_dns import panel, store
except ImportError:  # an add-on as it is installed has no demo
    panel = None

# The tours' address of what stands around Odoo; no packet leaves for it, `fetch_proxy` answers.
OUTSIDE = 'dns-panel.test'


@unittest.skipUnless(panel, "dev/ is not here")
class PanelCase:
    """Mixed into a test case with a DNS server: the panel of zones that this server, and others of the test, answer from.

    ``self.store`` has the zones, ``self.panel`` serves their forms over HTTP.
    """

    def open_panel(self, *servers, **zones):
        """Have these zones, the lines of each by its name, in a panel of their own."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.servers = servers
        self.store = store.ZoneStore(Path(folder.name))
        self.store.changed = self.serve
        for name, lines in zones.items():
            (self.store.folder / f'{name}.zone').write_text('\n'.join(('$TTL 300', *lines, '')))
            self.serve(name)
        self.panel = panel.Panel(self.store)
        self.panel.start()
        self.addCleanup(self.panel.stop)

    def serve(self, zone):
        """Do what the demo does for a changed zone, on each server."""
        for server in self.servers:
            server.set_zone(zone, self.store.served(zone))

    def entered(self, zone, *types):
        """Return what the panel shows of these types."""
        return [(record.host, record.type, record.value) for record in self.store.records(zone) if record.type in types]

    def fetch_proxy(self, url):
        """Answer the browser of a tour what stands around Odoo, or do what happens there."""
        address = urlsplit(url)
        if address.hostname != OUTSIDE:
            return super().fetch_proxy(url)
        if address.path == '/panel':
            return self.make_fetch_proxy_response(self.panel.url)
        if address.path == '/mail':
            return self.make_fetch_proxy_response(mails.arrived().decode())
        if address.path == '/stop':
            self.dns.stop()
        return self.make_fetch_proxy_response('done')
