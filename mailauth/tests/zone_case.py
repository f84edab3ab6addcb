"""The ground of tests that ask a scripted server: zones in, real packets, answers out."""

from __future__ import annotations

import asyncio
import unittest

from ..dns.resolver import Resolver
from .dns_server import DnsServer


class ZoneCase(unittest.IsolatedAsyncioTestCase):
    """``self.serve(zones)`` starts a server for the length of one test and gives a resolver that asks it."""

    def serve(self, zones, *, timeout: float = 0.4, attempts: int = 2, deadline: float = 20.0, **options) -> Resolver:
        """``zones`` is a mapping of zone names to texts.

        All is on loopback; the time is for a busy machine, and is only spent where the server is silent.
        """
        self.server = DnsServer(zones, **options)
        self.server.start()
        self.addCleanup(self.server.stop)
        return Resolver(nameservers=[self.server.address], timeout=timeout, attempts=attempts, deadline=deadline)

    @staticmethod
    async def each(behaviours, look) -> list[tuple[str, object]]:
        """What ``look(behaviour)`` gives for each, side by side: silence then costs its time once."""
        return list(zip(behaviours, await asyncio.gather(*map(look, behaviours))))

    def asked(self, name: str, rdtype: str = "TXT") -> int:
        return self.server.count(name, rdtype)


def codes(findings) -> list[str]:
    """The codes of findings or problems, in their order."""
    return [finding.code for finding in findings]


def finding(findings, code: str):
    """The one finding with a code; fails the test by raising if there is not exactly one."""
    (found,) = (finding for finding in findings if finding.code == code)
    return found


def at(found) -> str:
    """The piece of the record that a finding points at."""
    return found.record[slice(*found.span)]


def txt(text: str) -> str:
    """A text as the TXT data of a master file, in strings of at most 255 octets."""
    octets = text.encode()
    pieces = [octets[start : start + 255] for start in range(0, len(octets), 255)] or [b""]
    return " ".join(f'"{"".join(map(_escaped, piece))}"' for piece in pieces)


def _escaped(octet: int) -> str:
    return chr(octet) if 0x20 <= octet < 0x7F and chr(octet) not in '"\\' else f"\\{octet:03d}"
