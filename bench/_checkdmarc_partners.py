"""The peer of bench/partners.py, run in an environment of its own: checkdmarc's DMARC record and MX of many domains.

Only what answers the same questions as our light look: its ``get_mx_hosts`` would ask for much more.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import dns.resolver
from checkdmarc.dmarc import get_dmarc_record
from checkdmarc.utils import get_a_records, get_mx_records


def main() -> None:
    """Arguments: port of the server, number of domains, of threads. Prints CPU seconds, without those of the first domain."""
    port, domains, threads = map(int, sys.argv[1:])
    logging.disable(logging.CRITICAL)
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], port

    def check(number: int) -> bool:
        name = f"d{number}.example"
        policy = get_dmarc_record(name, resolver=resolver, timeout=5.0)["parsed"]["tags"]["p"]["value"]
        hosts = [host["hostname"] for host in get_mx_records(name, resolver=resolver, timeout=5.0)]
        return policy == "reject" and any(get_a_records(host, resolver=resolver, timeout=5.0) for host in hosts)

    found = [check(domains)]
    cpu = time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        found += pool.map(check, range(domains))
    print(json.dumps({"cpu": time.process_time() - cpu, "found": sum(found)}))


if __name__ == "__main__":
    main()
