"""Serves the demo's DNS until told to stop; writes where it listens to --addresses as JSON."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import threading
from pathlib import Path

from mailauth.tests.dns_server import DnsServer

from . import DemoDns
from .demo import own_servers


def main() -> None:
    parser = argparse.ArgumentParser(prog="demo_dns")
    parser.add_argument("--zones", type=Path, required=True, help="the folder to serve, and to keep changes in")
    parser.add_argument("--originals", type=Path, help="where its zones come from when it is empty")
    parser.add_argument("--addresses", type=Path, required=True, help="the file to write")
    parser.add_argument("--dns-port", type=int, default=0, help="preferred port; another one if it is taken")
    parser.add_argument("--panel-port", type=int, default=0)
    chosen = parser.parse_args()

    with own_servers() as own:
        serve(chosen, own)


def serve(chosen, own: list[DnsServer]) -> None:
    demo = _started(chosen, own)
    addresses = {"dns": list(demo.address), "panel": demo.panel.url, "pid": os.getpid()}
    fresh = chosen.addresses.with_suffix(".part")
    fresh.write_text(json.dumps(addresses))
    fresh.replace(chosen.addresses)

    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with contextlib.suppress(KeyboardInterrupt):
        ended.wait()
    demo.__exit__(None, None, None)


def _started(chosen, own: list[DnsServer]) -> DemoDns:
    """On the preferred ports, else on free ones."""
    for dns_port in (chosen.dns_port, 0):
        for panel_port in (chosen.panel_port, 0):
            with contextlib.suppress(OSError):
                demo = DemoDns(DnsServer(port=dns_port), chosen.zones, chosen.originals, panel_port, own)
                try:
                    return demo.__enter__()
                except OSError:
                    demo.panel.stop()
    raise SystemExit("No free port on 127.0.0.1.")


if __name__ == "__main__":
    main()
