"""What a test run needs besides Python packages: looked at once, at the start, before minutes are spent."""

from __future__ import annotations

import browser
import name_servers
import npm_packages
import odoo_source
from speech import Missing, say
from suites import SUITES


def look(names: list[str]) -> None:
    """Gets what the chosen suites need, or says what will be left out without it; the rest runs all the same."""
    chosen = [SUITES[name] for name in names]
    if any(suite.odoo for suite in chosen):
        odoo_source.odoo_path()
    if any(suite.browser for suite in chosen):
        for needed in (browser.chromium, npm_packages.fetch):
            try:
                needed()
            except Missing as missing:
                say(f"{missing} Everything else runs; the end is red, as nobody has looked at these.")
    if any(suite.name_servers for suite in chosen):
        name_servers.folder()
