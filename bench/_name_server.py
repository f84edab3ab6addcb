"""A DNS server in a process of its own: what it costs is not the measured program's."""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "dev"))

from places import engine

sys.path.insert(0, str(engine()))

from mailauth.tests.dns_server import DnsServer


def _serve(pipe, zones: Callable[[int], Mapping[str, str]], domains: int, delay: float, alike: Iterable[str]) -> None:
    """Tells its address, then what it was asked whenever that is wanted."""
    with DnsServer(zones(domains), delay=delay, alike=alike) as server:
        pipe.send(server.address)
        while pipe.recv():
            pipe.send(server.log)


@contextlib.contextmanager
def name_server(
    zones: Callable[[int], Mapping[str, str]], domains: int, delay: float = 0.0,
    alike: Iterable[str] = (),
) -> Iterator[tuple[str, Callable[[], list[tuple[str, str]]]]]:
    """The ``host:port`` that answers for ``zones(domains)``, each ``delay`` seconds late, and what tells its log so far.

    ``alike``: zones that stand for all others whose names have other digits (:class:`DnsServer`).
    """
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=_serve, args=(there, zones, domains, delay, alike), daemon=True)
    server.start()
    there.close()

    def log() -> list[tuple[str, str]]:
        here.send(True)
        return here.recv()

    try:
        yield "%s:%s" % here.recv(), log
    finally:
        server.terminate()
        server.join()
