"""Faults: DNS in trouble for months of simulated time, and everything that the scheduled check runs on killed at random.

Nothing false is said, nothing that lasts is missed, and everything is said and stored once. `./dev/test faults 60 7 200`: sixty
days, by the seed 7, of two hundred domains; `./dev/test faults kills 40 7 240`: forty processes killed, by the seed 7, during
runs of 240 domains. Without arguments: a few days, and a few processes.
"""

from __future__ import annotations

import json
import sys

import fault_kills
from fault_audit import PROMISED, PROMISED_MEDIAN, Look, Open, Outcome, Said, audit
from fault_world import HOUR, Span, build
from odoo_process import INSIDE, MODULE, dependencies
from places import DEV, engine
from speech import say, with_news
from suite_odoo import new_log
from tally import Tally
from test_database import fresh_odoo

SEED = 1
DAYS, DOMAINS = 3, 40  # of the run without arguments
KILLS, KILL_DOMAINS, ROUNDS = 40, 240, 6
FEW_KILLS = 6, SEED, 80  # of the run without arguments
KILLS_A_ROUND = 7
DELAY = 0.02  # seconds that each answer of DNS takes while processes are killed
SHOWN = 12


def run(arguments: list[str] | None = None) -> Tally:
    """`arguments`: how many days, the seed, how many domains; or the word kills, how many, the seed, how many domains."""
    given = list(arguments or ())
    tally = Tally()
    if given[:1] != ["kills"]:
        tally.add(run_months(*_filled(given, DAYS, SEED, DOMAINS)))
    if not given:
        tally.add(run_kills(*FEW_KILLS))
    elif given[:1] == ["kills"]:
        tally.add(run_kills(*_filled(given[1:], KILLS, SEED, KILL_DOMAINS)))
    return tally


def _filled(given: list[str], *defaults: int) -> list[int]:
    return [int(value) for value in given] + list(defaults[len(given):])


def run_months(days: int, seed: int, domains: int) -> Tally:
    log = new_log("faults-months")
    with fresh_odoo(dependencies()) as (odoo, database):
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module", log=log)
        say(f"{days} days of {domains} domains whose DNS is in trouble (seed {seed}) ...")
        asked = {"days": days, "seed": seed, "domains": domains}
        progress = odoo.home / "progress"
        with with_news(lambda: progress.read_text() if progress.exists() else ""):
            output = odoo.shell(database, INSIDE / "fault_months.py", what="Months of trouble",
                                FAULTS=json.dumps(asked), FAULTS_DEV=str(DEV), FAULTS_PROGRESS=str(progress))
    found = json.loads(next(line for line in output.splitlines() if line.startswith("RESULT")).partition(" ")[2])
    log.write_text(json.dumps({"asked": asked, **found}))
    return months(found, **asked)


def run_kills(kills: int, seed: int, domains: int) -> Tally:
    sys.path.insert(0, str(engine()))
    from mailauth.tests.dkim_keys import RSA_2048
    from mailauth.tests.dns_server import DnsServer

    log, tally = new_log("faults-kills"), Tally()
    with DnsServer({"odoo.com": fault_kills.odoo_zone(RSA_2048)}, delay=DELAY) as dns, \
            fresh_odoo(dependencies()) as (odoo, database):
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module", log=log)
        site = fault_kills.Site(odoo, database, log, dns, domains)
        try:
            say(f"{kills} processes killed during runs of {domains} domains (seed {seed}) ...")
            site.prepare()
            outcome = fault_kills.torment(site, kills, seed, min(ROUNDS, -(-kills // KILLS_A_ROUND)))
        finally:
            site.stop()
    killed = sum(outcome.faults[kind] for kind in fault_kills.KILLS)
    say(f"  {killed} processes killed ({', '.join(f'{count} × {kind}' for kind, count in outcome.faults.items())}), "
        f"{outcome.hits} times in the middle of a run, {outcome.flips} changes of records; {outcome.seconds:.0f} s")
    if site.disk:
        say(f"  on the full disk PostgreSQL refused to store {site.refused} times")
    say(f"  lost {len(outcome.lost)}, doubled {len(outcome.doubled)}, not looked at within one run {len(outcome.unchecked)}")
    for name, wrong in (("nothing lost", outcome.lost), ("nothing doubled", outcome.doubled),
                        ("recovered within one run", outcome.unchecked),
                        ("as many killed as were to be", [f"{killed} of {kills}"] if killed < kills else []),
                        ("the disk was full", ["PostgreSQL never said so"] if site.disk and not site.refused else []),
                        ("most of them in the middle of a run", [f"{outcome.hits} of {sum(outcome.faults.values())}"]
                         if outcome.hits < sum(outcome.faults.values()) / 2 else [])):
        _judge(tally, f"faults kills: {name}", wrong)
    say(f"  log: {log}")
    return tally


def months(found: dict, *, days: int, seed: int, domains: int) -> Tally:
    """Hold what `fault_months.py` saw against the script."""
    world = {domain.name: domain for domain in build(seed, domains, days)}
    for name, values, fetched in found["glitches"]:
        world[name].breaks.append(Span(**values))
        world[name].fetches.append(fetched)
    outcome = audit(
        list(world.values()), (Look(*look[:2], tuple(look[2])) for look in found["looks"] if look[1] in world),
        (Said(*said[:3], tuple(said[3])) for said in found["said"]), (Open(*opened) for opened in found["opened"]))
    _show(outcome, found)
    tally = Tally()
    for name, wrong in (
            ("no false alarm", outcome.false), ("no missed break or recovery", outcome.missed),
            ("nothing told twice", outcome.doubled), ("one activity while something is broken", outcome.activities),
            ("no mail", [f"{found['mails']} mails"] if found["mails"] else []),
            ("time to alarm as the schedule promises",
             [f"median {outcome.median / HOUR:.1f} h, longest {outcome.longest / HOUR:.1f} h"] if outcome.is_slow else []),
            ("what DNS answers is heard", [f"{outcome.late} of {outcome.looks} looks were not"] if outcome.late else []),
            ("something was told at all", [] if outcome.breaks > domains * days / 30 else [f"{outcome.breaks} breaks"])):
        _judge(tally, f"faults months: {name}", wrong)
    return tally


def _judge(tally: Tally, name: str, wrong: list[str]) -> None:
    if wrong:
        tally.fail(name, "\n".join(wrong[:SHOWN]))
    else:
        tally.passed.add(name)


def _show(outcome: Outcome, found: dict) -> None:
    say(f"  {outcome.looks} looks in {found['runs']} runs, {outcome.silent} of them at silent DNS, {len(found['glitches'])} "
        f"while a panel had deleted and not added yet, {outcome.late} not heard though DNS answered; {found['seconds']:.0f} s")
    say(f"  false alarms {len(outcome.false)}, missed {len(outcome.missed)}, told twice {len(outcome.doubled)}, "
        f"wrong activities {len(outcome.activities)}, mails {found['mails']}")
    say(f"  {outcome.breaks} breaks and {outcome.recoveries} recoveries told once; time to alarm: median "
        f"{outcome.median / HOUR:.1f} h (promised {PROMISED_MEDIAN / HOUR:.1f}), longest {outcome.longest / HOUR:.1f} h "
        f"(promised {PROMISED / HOUR:.1f})")
