"""A week in minutes: two real Odoo servers with cron and an additional worker, DNS that changes, mail that leaves, and people.

`./dev/test week 10 7`: a week in about ten minutes, by the seed 7. The shorter it is, the farther time jumps. Afterwards what
was said is held against what was true (`fault_audit.py`), and what was looked at, sent and counted against what had to be.
"""

from __future__ import annotations

import random
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch

import fault_audit
import fault_world
import week_audit
from fault_audit import CONFIRM, REGULAR, Look, Open, Outcome, Said
from fault_world import DAY, HOUR, NAMES, Domain, Span
from odoo_process import MODULE, dependencies
from places import engine
from speech import say
from suite_odoo import new_log
from suite_server import Client
from tally import Tally
from test_database import fresh_odoo
from week_site import Person, Site

MINUTES, SEED = 2, 1
DAYS, DOMAINS, USERS, CUSTOMERS = 7, 60, 1000, 50
SHORT = 11.0  # minutes: the jump after which a break is looked at once more
CYCLE = 9.0  # real seconds that two jumps take here, about
WORK = 2.0  # real seconds that people work between two jumps
HANDS = 3  # of them at once
VARIANTS = {  # what stands in a zone instead, and is as good
    "spf": '@ TXT "v=spf1 ip4:192.0.2.77 include:_spf.odoo.com ~all"', "dmarc": '_dmarc TXT "v=DMARC1; p=none; pct=100"'}
HEADLINES = {"broken": re.compile(r"no longer verify|could not check this domain before"),
             "recovered": re.compile(r"OK again|OK now|improved"), "failing": re.compile(r"give no valid answer")}
AREAS = {"spf": re.compile("SPF"), "dkim": re.compile("DKIM"), "dmarc": re.compile("DMARC")}
SECURITY = "Security Update"  # core's mail to whoever changed their address
DIGEST = "Email domains"  # how its subjects begin
UNCOUNTED = "X-Mail-Domain-Health"  # sending/measuring.py
RESPONSIBLE = "admin@d0.example"
SHOWN = 12


def run(arguments: list[str] | None = None) -> Tally:
    """`arguments`: how many minutes it may take, about, and the seed."""
    given = list(arguments or ())
    minutes, seed = float((given[:1] or [MINUTES])[0]), int((given[1:2] or [SEED])[0])
    sys.path.insert(0, str(engine()))
    import python_packages
    sys.path.append(str(python_packages.sending()))
    from mailauth.tests.dns_server import DnsServer
    from mailauth.tests.smtp_sink import SmtpSink

    log = new_log("week")
    with DnsServer() as dns, SmtpSink() as sink, fresh_odoo(dependencies()) as (odoo, database):
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module", log=log)
        say(f"A week of {DOMAINS} domains and {USERS} people in about {minutes:g} minutes (seed {seed}) ...")
        week = Week(Site(odoo, database, log, sink.address), dns, sink, seed)
        week.prepare()
        with week.site:
            week.live(60 * minutes)
        tally = week.judge(log.read_text(encoding="utf-8", errors="replace"))
    say(f"  log: {log}")
    return tally


class Week:
    """What is true, what people do, and what is seen of it."""

    def __init__(self, site: Site, dns, sink, seed: int) -> None:
        self.site, self.dns, self.sink = site, dns, sink
        self.chance = random.Random(f"{seed} week")
        self.domains = build(seed)
        self.minutes = 0.0
        self.looks: list[Look] = []
        self.said: list[Said] = []
        self.opened: list[Open] = []
        self.people = People(site, [domain.name for domain in self.domains], seed)
        self.step = 0.0  # minutes of the longer jump
        self.jumps = self.changes = self.glitches = 0
        self._published: dict[str, str] = {}
        self._silent: dict[str, str] = {}

    def prepare(self) -> None:
        from mailauth.tests.dkim_keys import RSA_2048

        key = f"v=DKIM1; k=rsa; p={RSA_2048}"
        strings = " ".join(f'"{key[start:start + 255]}"' for start in range(0, len(key), 255))
        self.dns.set_zone("odoo.com", f'_spf TXT "v=spf1 ip4:192.0.2.0/24 ~all"\nodoo._domainkey TXT {strings}\n')
        self.publish()
        self.site.prepare(self.dns.address, DOMAINS, USERS, CUSTOMERS)

    def live(self, seconds: float) -> None:
        """Let the week pass: jumps of hours, each followed by one that a second look takes."""
        cycles = max(14, round(seconds / CYCLE))
        self.step = DAYS * DAY / cycles - SHORT
        self.work()
        began = time.monotonic()
        for cycle in range(cycles):
            if cycle % 5 == 0:
                say(f"  day {self.minutes / DAY:.1f} after {time.monotonic() - began:.0f} s: {len(self.said)} messages, "
                    f"{len(self.people.sent)} mails, {len(self.people.failures)} failures")
            for minutes in (self.step, SHORT):
                self.minutes += minutes
                if minutes == self.step:
                    self.have_panels_delete()
                self.publish()
                self.site.pass_time(minutes)
                self.jumps += 1
                self.work()

    def work(self) -> None:
        """People work while the cron runs; then nobody does, and what is there is read."""
        self.site.notify()
        self.people.work(WORK)
        self.site.settle()
        self.looks += [Look(self.minutes, name, missing_areas(name, names)) for name, names in self.site.read_events()]
        self.said += [Said(self.minutes, name, *read_message(body)) for name, body in self.site.read_messages()]
        for kind in ("broken", "unseen", "lost"):
            self.opened.append(Open(self.minutes, kind, self.site.read_activities(kind)))

    def have_panels_delete(self) -> None:
        """Some panels have deleted a record and add the new one before anybody looks a second time."""
        for domain in self.chance.sample(self.domains, 2):
            self.glitches += domain.glitch(self.chance, self.minutes)

    def publish(self) -> None:
        """Have DNS say what is true now."""
        for domain in self.domains:
            text = zone_text(domain, self.minutes)
            if self._published.get(domain.name) != text:
                self.changes += domain.name in self._published
                self.dns.set_zone(domain.name, text)
                self._published[domain.name] = text
            dead = domain.at("dead", self.minutes)
            how = dead.how if dead else ""
            if self._silent.get(domain.name, "") != how:
                for name in (*NAMES.values(), "mail.", "_mta-sts.", "_smtp._tls."):
                    self.dns.script(name + domain.name, "*", how or None)
                self._silent[domain.name] = how

    def judge(self, log: str) -> Tally:
        """Hold what was said against what was true, and what was done against what had to be."""
        outcome = self.hold(self.domains, self.said)
        arrived = self.sink.take()
        events, people = self.site.events, self.people
        # What the add-on itself mails to whoever is responsible is not counted as sent.
        own = [mail for mail in arrived if mail.message[UNCOUNTED]]
        arrived = [mail for mail in arrived if not mail.message[UNCOUNTED]]
        digests = [mail for mail in own if str(mail.message["Subject"]).startswith(DIGEST)]
        alarms = Counter(str(mail.message["Subject"]).partition(":")[0] for mail in own if mail not in digests)
        told = Counter(said.domain for said in self.said)
        written = [(str(mail.message["Subject"]), recipient) for mail in arrived for recipient in mail.recipients
                   if not str(mail.message["Subject"]).startswith(SECURITY)]
        tally = Tally()
        for name, wrong in (
                ("no false alarm", outcome.false), ("no missed break or recovery", outcome.missed),
                ("nothing told twice", outcome.doubled), ("one activity while something is broken", outcome.activities),
                ("no domain looked at twice for one due time", week_audit.looked_twice(events)),
                ("nothing taken and not looked at", week_audit.left_over(events)),
                ("nobody was disturbed in their work", people.failures),
                ("all mails arrived once, and no other", week_audit.wrong_mails(
                    people.sent, self.site.read_notified(), written)),
                ("whoever changed their address was mailed so", _compare(people.done["address"], len(arrived) - len(written))),
                ("no mail to whoever is responsible but for what was told", [
                    f"{name}: {times} mails, {told[name]} messages" for name, times in alarms.items() if times > told[name]]),
                ("a digest at most, and none to anybody else", [
                    f"{mail.message['Subject']}: to {mail.recipients}" for mail in digests[1:]
                    + [mail for mail in own if mail.recipients != (RESPONSIBLE,)]]),
                ("counted as it arrived", week_audit.wrong_counts(
                    self.site.read_counts(), [str(mail.message["From"]).rpartition("@")[2].strip("> ") for mail in arrived])),
                ("no complaint in the log", week_audit.errors(log)),
                ("the audit sees lies about this week", self.unnoticed() if outcome.breaks else []),
                ("something happened at all", [] if outcome.breaks >= DOMAINS / 4 and outcome.recoveries and people.sent
                 else [f"{outcome.breaks} breaks, {outcome.recoveries} recoveries, {len(people.sent)} mails"])):
            if wrong:
                tally.fail(f"week: {name}", "\n".join(wrong[:SHOWN]))
            else:
                tally.passed.add(f"week: {name}")
        self._show(outcome, len(arrived), alarms.total(), week_audit.conflicts(log))
        return tally

    def hold(self, domains: list[Domain], said: list[Said]) -> Outcome:
        """Hold what was said against what was true; a jump makes each of the two looks late."""
        with patch.object(fault_audit, "PROMISED", REGULAR + CONFIRM + 2 * (self.step + SHORT)):
            return fault_audit.audit(domains, self.looks, said, self.opened)

    def unnoticed(self) -> list[str]:
        """Lies about this very week that the audit does not see: about what was true, said and done."""
        told = next(said for said in self.said if said.kind == "broken" and said.areas)
        first = [replace(domain, breaks=[span for span in domain.breaks if span.area != told.areas[0]])
                 if domain.name == told.domain else domain for domain in self.domains]
        calm = min(self.domains, key=lambda domain: (len(domain.troubles), sum(span.kind == "break" for span in domain.breaks)))
        always = [replace(domain, breaks=[Span("break", DAY, DAYS * DAY, "dmarc", fault_world.MISSING)])
                  if domain is calm else domain for domain in self.domains]
        look = next(number for number, event in enumerate(self.site.events)
                    if event.kind == week_audit.LOOK and event.uid == week_audit.SYSTEM)
        again = [*self.site.events[:look + 1], self.site.events[look], *self.site.events[look + 1:]]
        before = self.hold(self.domains, self.said)
        lies = {
            "it was never broken": len(self.hold(first, self.said).false) > len(before.false),
            "it was broken all the time": len(self.hold(always, self.said).missed) > len(before.missed),
            "nobody was told": len(self.hold(self.domains, [one for one in self.said if one is not told]).missed)
            > len(before.missed),
            "it was told twice": len(self.hold(self.domains, [*self.said, told]).doubled) > len(before.doubled),
            "it was looked at twice": len(week_audit.looked_twice(again)) > len(week_audit.looked_twice(self.site.events))}
        return [lie for lie, is_seen in lies.items() if not is_seen]

    def _show(self, outcome: Outcome, arrived: int, alarms: int, conflicts: int) -> None:
        looks = Counter(event.uid for event in self.site.events if event.kind == week_audit.LOOK)
        say(f"  {self.minutes / DAY:.1f} days in {self.jumps} jumps; {self.changes} changes of zones, {self.glitches} records "
            f"deleted and added again; {outcome.looks} looks ({looks[week_audit.SYSTEM]} by workers), {outcome.silent} of them "
            f"at silent DNS, {outcome.late} late")
        say(f"  {outcome.breaks} breaks and {outcome.recoveries} recoveries told once, median {outcome.median / HOUR:.1f} h "
            f"after they could be seen; false {len(outcome.false)}, missed {len(outcome.missed)}, twice {len(outcome.doubled)}")
        say(f"  {len(self.people.acted)} people did {sum(self.people.done.values())} things ({dict(self.people.done)}), "
            f"{len(self.people.failures)} failed, {self.people.races} were overtaken by core's queue; "
            f"{len(self.people.sent)} mails sent, {arrived} arrived (followers get them, "
            f"too), {alarms} mails about domains; {conflicts} conflicts in PostgreSQL, repeated")


def _compare(due: int, came: int) -> list[str]:
    return [] if due == came else [f"{came} instead of {due}"]


def build(seed: int) -> list[Domain]:
    """Domains that break and are mended, some of them with servers that fail for hours; a resolver that keeps nothing."""
    domains = fault_world.build(seed, DOMAINS, DAYS, companies=1)
    for domain in domains:
        domain.troubles = [span for span in domain.troubles if span.kind == "dead" and span.how != "drop"]
        domain.outages, domain.ttls = [], [(0.0, 0.001)]
    domains[0].troubles = []  # bounces go to the company's: while its servers fail, nobody knows about SPF of the others
    return domains


def zone_text(domain: Domain, time: float) -> str:
    """What the owner has published: some records wrong, others replaced by ones that are as good."""
    wrong = domain.cached(time)
    chance = random.Random(f"{domain.seed} {domain.name} {int(time // (1.5 * DAY))}")
    whole = {**fault_world.WHOLE, **{area: text for area, text in VARIANTS.items() if chance.random() < 0.3}}
    records = [fault_world.BROKEN[area][wrong[area]] if area in wrong else text for area, text in whole.items()]
    return "\n".join(("@ MX 10 mail", "mail A 192.0.2.10", *filter(None, records)))


def missing_areas(name: str, unanswered: list[str]) -> tuple[str, ...]:
    """The areas of a domain that names belong to which nobody answered about."""
    if "all" in unanswered:
        return ("all",)
    return tuple(area for area, before in NAMES.items() if before + name in unanswered)


def read_message(body: str) -> tuple[str, tuple[str, ...]]:
    """What kind of message it is, and of which areas."""
    headline, _rest, items = body.partition("</strong>")
    kind = next((kind for kind, words in HEADLINES.items() if words.search(headline)), f"not understood: {headline[:200]}")
    titles = re.findall(r"<li><b>(.*?)</b>", items)
    return kind, tuple(sorted({
        next((area for area, words in AREAS.items() if words.search(title)), title) for title in titles}))


class People:
    """Those who work in Odoo: they write to customers, change their addresses; administrators open what the add-on shows."""

    def __init__(self, site: Site, names: list[str], seed: int) -> None:
        self.site, self.names = site, names
        self.chance = random.Random(f"{seed} people")
        self.sent: dict[str, str] = {}  # by subject, to whom
        self.failures: list[str] = []
        self.races = 0  # how often core's queue sent a person's mail before they did
        self.done: Counter = Counter()
        self.acted: set[str] = set()
        self._lock = threading.Lock()
        self._turn = 0
        self._health: dict[str, int] = {}

    def work(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        hands = [threading.Thread(target=self._work, args=(until, number)) for number in range(HANDS)]
        hands.append(threading.Thread(target=self._administrate))
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()

    def _work(self, until: float, number: int) -> None:
        server = self.site.servers[number % len(self.site.servers)]
        while time.monotonic() < until:
            with self._lock:
                turn, self._turn = self._turn, self._turn + 1
                person = self.site.people[turn * 7 % USERS]  # each before anybody again: 7 does not divide their number
                kind = self.chance.choices(("mail", "address", "read"), (7, 1, 2))[0]
                customer, name = self.chance.choice(self.site.customers), self.chance.choice(self.names)
            self._do(kind, person.login, lambda: self._act(person, server, kind, turn, customer, name))  # noqa: B023

    def _act(self, person: Person, server, kind: str, turn: int, customer: int, name: str) -> None:
        database = self.site.database
        if kind == "mail":
            subject = f"week {turn}"
            person.call(server, database, "res.partner", "message_post", ids=[customer], subject=subject, body=f"Hello {turn}",
                        message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=[customer])
            with self._lock:
                self.sent[subject] = f"c{self.site.customers.index(customer)}@customers.test"
        elif kind == "address":
            person.call(server, database, "res.users", "write", ids=[person.uid], vals={"email": f"u{turn}@{name}"})
        else:
            person.call(server, database, "res.partner", "search_read", domain=[], fields=["name", "email"], limit=20)

    def _administrate(self) -> None:
        with self._lock:
            client: Client = self.chance.choice(self.site.administrators)
            name = self.chance.choice(self.names)
        if not self._health:
            self._health = {row["name"]: row["id"] for row in client.call(
                "mail.domain.health", "search_read", [[]], fields=["name"])}
        domain = self._health[name]
        for kind, call in (
                ("Settings", lambda: client.call("res.config.settings", "web_read", [
                    client.call("res.config.settings", "create", [{}])],
                    specification={"mail_domain_health": {}, "mail_domain_health_additional_workers": {}})),
                ("list", lambda: client.call("mail.domain.health", "search_read", [[]], fields=["name", "state", "first_step"])),
                ("Fix it", lambda: client.call("mail.domain.health", "read_fix_it", [[domain]])),
                ("Check now", lambda: client.call("mail.domain.health", "check_now", [[domain]]))):
            self._do(kind, "admin", call)

    def _do(self, kind: str, who: str, call: Callable[[], object]) -> None:
        try:
            call()
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody was shown it
            with self._lock:
                if week_audit.is_core_race(str(error)):
                    self.races += 1
                else:
                    self.failures.append(f"{who}, {kind}: {str(error)[-600:]}")
            return
        with self._lock:
            self.done[kind] += 1
            self.acted.add(who)
