"""The peer of bench/engine.py, run in an environment of its own: checkdmarc over the same zones, domain by domain."""

from __future__ import annotations

import json
import logging
import sys
import time

import checkdmarc
import dns.resolver


def main() -> None:
    """Arguments: port of the server, number of domains. Prints seconds and CPU seconds, without a warm-up domain's."""
    port, domains = int(sys.argv[1]), int(sys.argv[2])
    logging.disable(logging.CRITICAL)
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], port

    def check(first: int, count: int) -> None:
        names = [f"d{number:05}.example" for number in range(first, first + count)]
        checkdmarc.check_domains(names, skip_tls=True, resolver=resolver, timeout=5.0)

    check(0, 1)
    wall, cpu = time.perf_counter(), time.process_time()
    check(1, domains)
    print(json.dumps({"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))


if __name__ == "__main__":
    main()
