"""The engine without Odoo: many domains, late answers, lost answers; exit status 1 if one row misses its mark.

The server runs in a process of its own. Each row runs in a fresh process too, so that its
memory is its own and nothing is cached. CPU is the measured process's, without the server's.
Beside the first three rows stands checkdmarc, in the same run over the same zones: it asks one
thing after the other, so that a few domains tell how long many take. Beside those of 500 domains
stands an older version of ours, by turns with it.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import gc
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import mean, median

from _older import BEFORE, older_version
from _rows import parser, show
from _rows import row as row_of
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def public_key() -> str:
    """A DKIM key of 2048 bits as it is published."""
    key = rsa.generate_private_key(65537, 2048).public_key()
    encoding = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(key.public_bytes(*encoding)).decode()


KEY = public_key()
INCLUDED = {
    "a.test": '_spf TXT "v=spf1 include:_one.a.test include:_two.a.test ip4:192.0.2.0/26 ~all"\n'
              '_one TXT "v=spf1 ip4:198.51.100.0/25 ~all"\n_two TXT "v=spf1 ip4:198.51.100.128/25 ~all"\n',
    "b.test": '_spf TXT "v=spf1 include:_one.b.test ip4:192.0.2.64/26 ~all"\n_one TXT "v=spf1 ip4:203.0.113.0/25 ~all"\n',
    "c.test": '_spf TXT "v=spf1 include:_one.c.test ip6:2001:db8::/48 ~all"\n_one TXT "v=spf1 ip4:203.0.113.128/25 ~all"\n',
    "service.test": f's1._domainkey TXT "v=DKIM1; k=rsa; p={KEY[:200]}" "{KEY[200:]}"\n'
                    f's2._domainkey TXT "v=DKIM1; k=rsa; p={KEY[:200]}" "{KEY[200:]}"\n',
}
# Each domain's zone is made of that of the first when it is asked for: to read 20,000 of them takes longer than the rows.
FIRST = "d00000.example"
ZONE = f"""
@ SOA ns host 1 3600 600 86400 300
@ NS ns
@ NS ns2
ns A 127.0.0.53
ns2 A 127.0.0.54
@ MX 10 mail
mail A 198.51.100.25
@ TXT "v=spf1 include:_spf.a.test include:_spf.b.test include:_spf.c.test ~all"
_dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@{FIRST}"
s1._domainkey CNAME s1._domainkey.service.test.
s2._domainkey CNAME s2._domainkey.service.test.
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@{FIRST}"
"""

PEER = {"cold": 1, "all": 20, "cpu": 100}  # rows that it takes part in, and how many domains it is given
AT_ONCE = 200  # domains, in the row of ten thousand
# Rows in which the older version takes part: what is compared, and how many times ours its figure has to be.
OLDER = {"all": ("seconds", 1 / 0.7), "cpu": ("milliseconds", 2.0)}
TURNS = 9  # of each version; the median counts: a machine that others use, too, has good and bad seconds
FEW, MANY = 500, 20_000  # domains that are streamed
SETTLED = 5_000  # domains after which memory grows no more
MAX_GROWTH = 1.1  # CPU a domain of many, beside that of few
MAX_MEBIBYTES = 90
MAX_KIBIBYTES = 0.25  # a domain that memory grows by when all that is kept is there; what a domain really needs is 30 times that

# name, what it measures, domains, seconds an answer takes, lost, SERVFAIL, limits
ROWS = {
    "cold": ("one domain, everything", 1, 0.02, 0.0, 0.0, {"seconds": 0.25}),
    "all": ("500 domains, everything", 500, 0.02, 0.0, 0.0, {"seconds": 2.0, "mebibytes": 60}),
    "cpu": ("500 domains, everything, no latency", 500, 0.0, 0.0, 0.0, {"milliseconds": 3.0}),
    "loss": ("500 domains, 5 % lost, 1 % SERVFAIL", 500, 0.02, 0.05, 0.01, {"ratio": 3.0}),
    "many": ("10,000 domains, DMARC and MX", 10_000, 0.02, 0.0, 0.0, {"seconds": 30.0, "mebibytes": 120}),
    "questions": ("4,000 bare questions", 500, 0.02, 0.0, 0.0, {}),
    "stream": (f"{MANY:,} domains, streamed", MANY, 0.0, 0.0, 0.0, {}),
    "check_host": ("check_host, answers given", 0, 0.0, 0.0, 0.0, {}),
}


def domain_names(number: int) -> list[str]:
    """So many domains."""
    return [f"d{one:05}.example" for one in range(number)]


def serve(pipe, delay: float, loss: float, failures: float) -> None:
    """The server's process: tells its address, then, when asked, what it was asked and its CPU seconds."""
    from mailauth.tests.dns_server import DnsServer

    with DnsServer({**INCLUDED, FIRST: ZONE}, alike=[FIRST], delay=delay, loss=loss, failures=failures, seed=1) as server:
        gc.collect()
        gc.freeze()
        started = time.process_time()
        pipe.send(server.address)
        pipe.recv()
        repeated = sum(count - 1 for count in Counter(server.log).values())
        pipe.send((len(server.log), repeated, time.process_time() - started))


def measure(row: str, address: tuple[str, int], domains: int) -> dict:
    """One row, in a process that has done nothing else; ``few`` is the domains of a stream, some at a time."""
    from mailauth import DomainQuery, Resolver, check_domains, dmarc, iter_reports

    try:
        from mailauth.records import mx
    except ImportError:  # the build that today's is held against (c99b0da)
        from mailauth import mx

    with contextlib.suppress(ImportError):  # as the command line has it; that of the older build left it to Python
        from mailauth.__main__ import COLLECTOR

        gc.set_threshold(*COLLECTOR)
    names = domain_names(domains)
    resolver = Resolver([address], deadline=300.0)

    async def everything() -> list:
        queries = [DomainQuery(name, selectors=("s1", "s2")) for name in names]
        return [report.state.value for report in await check_domains(resolver, queries)]

    async def policies() -> list:
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(name: str) -> str:
            async with turns:
                policy, exchanges = await asyncio.gather(dmarc.discover(resolver, name), mx.inspect(resolver, name))
            return f"{policy.status} {exchanges.status}"

        async with resolver.batch():
            return await asyncio.gather(*map(one, names))

    async def bare() -> list:
        async with resolver.batch():
            questions = [
                (name, rdtype) for name in names for name, rdtype in (
                    (name, "MX"), (name, "TXT"), (f"_dmarc.{name}", "TXT"), (f"mail.{name}", "A"),
                    (f"s1._domainkey.{name}", "TXT"), (f"s2._domainkey.{name}", "TXT"),
                    (f"_mta-sts.{name}", "TXT"), (f"_smtp._tls.{name}", "TXT"),
                )
            ]
            return [answer.status.value
                    for answer in await asyncio.gather(*(resolver.query(*question) for question in questions))]

    resident: list[float] = []

    def streamed(resolver: Resolver, names: list[str]) -> list:
        states = []
        queries = [DomainQuery(name, selectors=("s1", "s2")) for name in names]
        for number, report in enumerate(iter_reports(resolver, queries), start=1):
            states.append(report.state.value)
            if number in (SETTLED, domains):
                resident.append(_resident())
        return states

    def few_at_a_time() -> list:
        return [state for start in range(0, domains, FEW)
                for state in streamed(Resolver([address], deadline=300.0), names[start : start + FEW])]

    streams = {"stream": lambda: streamed(resolver, names), "few": few_at_a_time}
    if row in streams:  # what a process does once is no part of what a domain costs
        streamed(Resolver([address], deadline=300.0), names[:AT_ONCE])
    work = {"many": policies, "questions": bare}.get(row, everything)
    cpu, wall = time.process_time(), time.perf_counter()
    outcome = streams[row]() if row in streams else asyncio.run(work())
    return {
        "kibibytes": (resident[-1] - resident[0]) / (domains - SETTLED) if len(resident) > 1 else 0.0,
        "seconds": time.perf_counter() - wall,
        "milliseconds": (time.process_time() - cpu) / domains * 1000,
        "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "sent": resolver.questions,
        "outcome": dict(Counter(outcome)),
    }


def _resident() -> float:
    """KiB of this process that are in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024


@contextlib.contextmanager
def name_server(row: str):
    """The server for a row: its address, and the pipe to it."""
    delay, loss, failures = ROWS[row][2:5]
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(there, delay, loss, failures), daemon=True)
    server.start()
    there.close()  # or a server that fails to start would be waited for without end
    try:
        yield here.recv(), here
    finally:
        server.terminate()
        server.join()


def measured(row: str, address: tuple[str, int], domains: int, engine: Path | None = None) -> dict:
    """A row, measured in a fresh process; ``engine`` is the folder of another version."""
    env = {**os.environ, "PYTHONPATH": str(engine)} if engine else None
    ran = subprocess.run(
        [sys.executable, __file__, "--measure", row, address[0], str(address[1]), str(domains)], check=True,
        stdout=subprocess.PIPE, text=True, env=env,
    )
    return json.loads(ran.stdout)


def run(row: str, peer: Path | None) -> dict:
    """Start the server for a row, let a fresh process measure, and add what the server saw, and what the peer needs."""
    domains = ROWS[row][1]
    with name_server(row) as (address, pipe):
        found = measured(row, address, domains)
        if peer and row in PEER:
            found["peer"] = beside(peer, address[1], domains, PEER[row])
        else:
            pipe.send("end")
            found["asked"], found["repeated"], _ = pipe.recv()
        return found


def older_rows(row: str, engine: Path) -> list[dict]:
    """The same work by the older version, by turns with ours, over the same zones."""
    title, domains, *_ = ROWS[row]
    what, ratio = OLDER[row]
    with name_server(row) as (address, _pipe):
        turns = [(measured(row, address, domains), measured(row, address, domains, engine)) for _ in range(TURNS)]
    ours, theirs = zip(*turns)
    same = len({json.dumps(one["outcome"], sort_keys=True) for one in (*ours, *theirs)}) == 1
    return [row_of(
        f"{title}, {UNITS[what]}, beside {BEFORE}", median(one[what] for one in ours),
        theirs=median(one[what] for one in theirs), ratio_at_least=ratio, ok=same)]


def stream_rows(engine: Path | None) -> list[dict]:
    """Many domains, each report as it comes: what a domain costs beside few at a time, and what memory they take.

    As many domains a few at a time are measured half before and half after, for the machine is not the same all the time.
    """
    title = ROWS["stream"][0]
    with name_server("stream") as (address, _pipe):
        def measured_by(version: Path | None) -> tuple[dict, float]:
            before = measured("few", address, MANY // 2, version)
            many = measured("stream", address, MANY, version)
            after = measured("few", address, MANY // 2, version)
            return many, many["milliseconds"] / mean((before["milliseconds"], after["milliseconds"]))

        many, growth = measured_by(None)
        older, theirs = measured_by(engine) if engine else (None, None)
    return [
        row_of(f"{title}, CPU a domain beside {FEW} domains", growth, theirs=theirs, at_most=MAX_GROWTH),
        row_of(f"{title}, ms CPU a domain", many["milliseconds"], theirs=older["milliseconds"] if older else None),
        row_of(f"{title}, MiB", many["mebibytes"], theirs=older["mebibytes"] if older else None, at_most=MAX_MEBIBYTES),
        row_of(f"{title}, KiB more a domain after {SETTLED:,}", many["kibibytes"],
               theirs=older["kibibytes"] if older else None, at_most=MAX_KIBIBYTES),
    ]


def check_host_rows() -> list[dict]:
    """One evaluation of SPF beside pyspf."""
    ran = subprocess.run([sys.executable, Path(__file__).with_name("_spf.py")], check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(ran.stdout)
    return [row_of(f"{ROWS['check_host'][0]}, µs, beside pyspf", found["ours"], theirs=found["theirs"], ratio_at_least=1 / 0.8)]


def beside(peer: Path, port: int, domains: int, measured: int) -> dict:
    """What checkdmarc needs for as many domains, reckoned from fewer."""
    ran = subprocess.run(
        [peer, Path(__file__).with_name("_checkdmarc.py"), str(port), str(measured)], check=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )
    found = json.loads(ran.stdout)
    return {"seconds": found["seconds"] / measured * domains, "milliseconds": found["cpu"] / measured * 1000}


def peer_python() -> Path | None:
    """The Python of an environment with checkdmarc; ``None`` if it cannot be had."""
    import python_packages
    from speech import Missing

    try:
        return python_packages.checkdmarc()
    except Missing as missing:
        print(f"checkdmarc cannot be installed: {missing}", file=sys.stderr)
        return None


def main() -> int:
    """Print the rows."""
    arguments = parser(__doc__)
    arguments.add_argument("rows", nargs="*", metavar="row", help=f"only these: {', '.join(ROWS)}")
    arguments.add_argument("--alone", action="store_true", help="without checkdmarc and the older version")
    arguments.add_argument("--measure", nargs=4, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.measure:
        name, host, port, domains = chosen.measure
        print(json.dumps(measure(name, (host, int(port)), int(domains))))
        return 0
    with contextlib.nullcontext() if chosen.alone else older_version("older") as folder:
        rows = measure_rows(chosen.rows or list(ROWS), None if chosen.alone else peer_python(), folder and folder / "older")
    return show(rows, chosen.json)


def measure_rows(names: list[str], peer: Path | None, engine: Path | None) -> list[dict]:
    """The rows of these names; ``engine`` is the folder of the older version."""
    rows: list[dict] = []
    seen: dict[str, dict] = {}
    for name in names:
        title, *_, limits = ROWS[name]
        if name in ("stream", "check_host"):
            rows += stream_rows(engine) if name == "stream" else check_host_rows()
            print(f"  {title}", flush=True)
            continue
        found = seen[name] = run(name, peer)
        if name == "loss" and "all" in seen:
            found["ratio"] = found["seconds"] / seen["all"]["seconds"]
        rows += rows_of(title, found, limits, same=name != "loss" or "all" not in seen
                        or found["outcome"] == seen["all"]["outcome"], lossless=not ROWS[name][3])
        print(f"  {title}: {found['seconds']:.2f} s" + (
            f", {found['asked']} questions ({found['repeated']} again)" if "asked" in found else ""), flush=True)
        if engine and name in OLDER:
            rows += older_rows(name, engine)
    return rows


UNITS = {"seconds": "s", "milliseconds": "ms CPU a domain", "mebibytes": "MiB", "ratio": "times as long as without loss"}


def rows_of(title: str, found: dict, limits: dict, *, same: bool, lossless: bool) -> list[dict]:
    """What one row of :data:`ROWS` says; ``same``: its verdicts are those that it has to come to."""
    fine = same and not (lossless and found.get("repeated"))
    return [
        row_of(f"{title}, {unit}", found[what], theirs=found.get("peer", {}).get(what), at_most=limits.get(what),
            ok=fine or what != "seconds")
        for what, unit in UNITS.items() if what in found
    ]


if __name__ == "__main__":
    sys.exit(main())
