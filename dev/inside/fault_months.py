# Months of trouble, in `odoo shell`: real scheduled runs by core's own cron, real packets, and a clock that is injected.
#
# The clock is injected in one place, `simulated_time`: what fields say it is, and what a transaction's time is, which core's
# cron goes by. DNS that does not answer is waited for as long as always, by the clock of `fault_time`, which costs nothing.
import contextlib
import json
import logging
import os
import random
import re
import sys
import time
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

sys.path.append(os.environ['FAULTS_DEV'])

from odoo import fields
from odoo.sql_db import BaseCursor

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.mail_domain_health.mailauth.tests.dns_server import DnsServer
from odoo.addons.mail_domain_health.models import mail_domain_health
from odoo.addons.mail_domain_health.tests.common import ODOO_ZONE
from odoo.addons.mail_domain_health.texts.states import area_title

import fault_time
import fault_world

env = globals()['env']  # of `odoo shell`
ASKED = json.loads(os.environ['FAULTS'])
PROGRESS = Path(os.environ['FAULTS_PROGRESS'])
BUSY, PROMPT = 60.0, 10.0  # minutes from one run of a busy cron to the next, and while a panel has deleted and not added yet
GLITCHY, GLITCHES = 0.2, 0.2  # of all runs, those that some panels delete in; of the looks there, those that see it
LATE = 60.0  # seconds: by then nobody waits for an answer any more
OWN_SERVERS = ('127.0.0.2', '127.0.0.3')
# In the past, so that no report seems older than the look before it.
START = fields.Datetime.now() - timedelta(days=ASKED['days'] + 2)
APEX = """
@ SOA ns1 hostmaster 1 3600 600 86400 300
@ NS ns1
@ NS ns2
ns1 A %s
ns2 A %s
""" % OWN_SERVERS
HEADLINES = {  # what a message is, by its first sentence
    'broken': re.compile(r"no longer verify|could not check this domain before"),
    'recovered': re.compile(r"OK again|OK now|improved"),
    'failing': re.compile(r"give no valid answer"),
}
AREA_OF = {str(area_title(env, area)): area for area in ('gate', *fault_world.AREAS, 'receivers')}
logging.getLogger('odoo.addons.mail_domain_health').setLevel(logging.ERROR)
logging.getLogger('odoo.addons.base.models.ir_cron').setLevel(logging.ERROR)


class Clock:
    minutes = 0.0

    def now(self, *_arguments):
        return START + timedelta(minutes=self.minutes)


clock = Clock()


@contextlib.contextmanager
def simulated_time():
    with patch.object(fields.Datetime, 'now', staticmethod(clock.now)), \
            patch.object(fields.Date, 'today', staticmethod(lambda *_arguments: clock.now().date())), \
            patch.object(BaseCursor, 'now', clock.now):
        yield


class Servers:
    """Two resolvers, and the two servers of all zones."""

    def __init__(self, stack):
        self.resolvers = [stack.enter_context(DnsServer()) for _number in range(2)]
        self.own = self._start_own(stack)
        self.port = self.own[0].address[1]
        self._published = {}
        self._silenced = False
        everybody = [*self.resolvers, *self.own]
        for server in everybody:
            server.set_zone('odoo.com', APEX + ODOO_ZONE)

    def _start_own(self, stack):
        for _attempt in range(20):
            first = DnsServer(host=OWN_SERVERS[0], authoritative=True).start()
            try:
                second = DnsServer(host=OWN_SERVERS[1], port=first.address[1], authoritative=True).start()
            except OSError:  # the port is taken at the other address
                first.stop()
                continue
            stack.callback(first.stop)
            stack.callback(second.stop)
            return [first, second]
        raise OSError("no port is free at both addresses")

    def settle(self):
        """Return once everybody has answered what has arrived."""
        for server in (*self.resolvers, *self.own):
            server.settle()

    def be_as_at(self, domains, now):
        """Have all of them answer as the script has it at that time."""
        for server in (*self.resolvers, *self.own):
            server.clear_scripts()
        for domain in domains:
            seen = domain.cached(now), domain.cached(now), domain.zone(now), domain.second(now)
            for server, wrong in zip((*self.resolvers, *self.own), seen):
                if self._published.get((server, domain.name)) != wrong:
                    server.set_zone(domain.name, zone_text(wrong))
                    self._published[server, domain.name] = wrong
            self._misbehave(domain, now)
        outages = {kind: any(domain.outage(kind, now) for domain in domains[:1]) for kind in fault_world.OUTAGES}
        if outages['everything']:
            for server in (*self.resolvers, *self.own):
                server.clear_scripts()
                server.script('*', '*', 'servfail')
        elif outages['service']:
            for server in self.resolvers:
                server.script('_spf.odoo.com', '*', 'servfail')
                for domain in domains:  # a resolver follows the alias itself, and fails where that ends
                    if domain.resolver('dkim', now) == 'silent':
                        server.script(fault_world.NAMES['dkim'] + domain.name, 'TXT', 'servfail')
        if outages['one resolver'] != self._silenced:
            self._silenced = outages['one resolver']
            self.resolvers[0].set_silent('.', self._silenced)

    def _misbehave(self, domain, now):
        if not any(span.has(now) for span in domain.troubles):
            return
        names = {area: before + domain.name for area, before in fault_world.NAMES.items()}
        every = [*names.values(), *(before + domain.name for before in fault_world.OTHER_NAMES)]
        dead, slow, lying = (domain.at(kind, now) for kind in ('dead', 'slow', 'lying'))
        for server in self.resolvers:
            if domain.at('loss', now):
                for name in names.values():
                    server.script(name, 'TXT', 'drop', times=1)
            for area, name in names.items():
                if how := domain.flaps(area, now) or lying and lying.area == area and lying.how:
                    server.script(name, 'TXT', how.replace('late', str(LATE)))
                    server.script(name, 'CNAME', how.replace('late', str(LATE)))
            for name in every if dead or slow else ():
                server.script(name, '*', dead.how if dead else f'delay:{LATE}')
        half, closed = domain.at('half', now), domain.at('closed', now)
        for server, how in zip(self.own, (closed, closed or half)):
            for name in every if how or dead or slow else ():
                server.script(name, '*', 'drop' if dead else how.how if how else f'delay:{LATE}')


def zone_text(wrong):
    """The zone of a domain of which some areas are wrong."""
    records = [fault_world.BROKEN[area][wrong[area]] if area in wrong else whole for area, whole in fault_world.WHOLE.items()]
    return APEX + '\n'.join(('@ MX 10 mail', 'mail A 192.0.2.10', *filter(None, records)))


class Watcher:
    """What is seen from outside: looks, messages and activities, as they are after each run."""

    def __init__(self):
        self.looks, self.said, self.opened = [], [], []
        self._attempts, self._open = {}, {}
        [[self._last_message]] = query("SELECT coalesce(max(id), 0) FROM mail_message")

    def look(self):
        for name, attempts, is_stored, unanswered in query("""
                SELECT name, attempts, last_check = %s, report->'unanswered' FROM mail_domain_health""", clock.now()):
            if attempts != self._attempts.get(name, 0):
                self.looks.append((clock.minutes, name, self._missing(name, unanswered or ()) if is_stored else ['all']))
                self._attempts[name] = attempts
        for message_id, name, body in query("""
                SELECT message.id, domain.name, message.body
                  FROM mail_message message JOIN mail_domain_health domain ON domain.id = message.res_id
                 WHERE message.model = 'mail.domain.health' AND message.id > %s ORDER BY message.id""", self._last_message):
            self._last_message = message_id
            self.said.append((clock.minutes, name, *self._read(body or '')))
        for kind in ('broken', 'unseen', 'lost'):
            found = dict(query("""
                SELECT domain.name, count(*)
                  FROM mail_activity activity JOIN mail_domain_health domain ON domain.id = activity.res_id
                 WHERE activity.res_model = 'mail.domain.health' AND activity.activity_type_id = %s AND activity.active
                 GROUP BY domain.name""", env.ref(f'mail_domain_health.mail_activity_type_domain_{kind}').id))
            if found != self._open.get(kind, {}):
                self._open[kind] = found
                self.opened.append((clock.minutes, kind, found))

    def _missing(self, name, unanswered):
        """The areas that a look got no answer about; a company's domain is judged with its users', whose answers are theirs."""
        asked = [answer['name'] for answer in unanswered if f".{answer['name']}".endswith((f'.{name}', '.odoo.com'))]
        return sorted({next((area for area, before in fault_world.NAMES.items() if before and one.startswith(before)), 'spf')
                       for one in asked})

    def _read(self, body):
        headline, _rest, items = body.partition('</strong>')
        kind = next((kind for kind, words in HEADLINES.items() if words.search(headline)), f"not understood: {headline[:200]}")
        return kind, sorted({AREA_OF.get(title, title) for title in re.findall(r'<li><b>(.*?)</b>', items)})


def query(statement, *arguments):
    env.cr.execute(statement, arguments)
    return env.cr.fetchall()


def next_wake():
    """When core's cron next has something to do for us, in minutes."""
    [[when]] = query("""
        SELECT least((SELECT min(nextcall) FROM ir_cron WHERE active AND id IN %s),
                     (SELECT min(call_at) FROM ir_cron_trigger JOIN ir_cron cron ON cron.id = cron_id
                       WHERE cron.active AND cron_id IN %s))""", crons, crons)
    return (when - START).total_seconds() / 60


def run_ready_crons():
    """What a cron worker of core's does with our scheduled actions that are due."""
    with env.registry.cursor() as cron_cr:
        jobs = [job['id'] for job in IrCron._get_all_ready_jobs(cron_cr) if job['id'] in crons]
        IrCron._process_jobs_loop(cron_cr, job_ids=jobs)


def prepare(names):
    """Have companies send through Odoo's own servers as their alias domain, and their users as domains of their own."""
    env['ir.mail_server'].search([('id', '!=', False)]).unlink()
    env['ir.config_parameter'].set_param('mail.default.from_filter', ','.join(names))  # nothing but DNS is to be found wrong
    service = env.ref('mail_domain_health.sending_service_odoo')
    own = env['mail.alias.domain'].create([{'name': name} for name in names[:fault_world.COMPANIES]])
    companies = env['res.company'].create([
        {'name': one.name, 'alias_domain_id': one.id, 'mail_sending_service_id': service.id} for one in own])
    env.ref('base.main_company').alias_domain_id = own[0]
    env['res.users'].with_context(no_reset_password=True).create([{
        'name': name, 'login': f'jim@{name}', 'email': f'jim@{name}', 'company_id': company.id,
        'company_ids': [(6, 0, company.ids)],
    } for number, name in enumerate(names[len(companies):]) for company in companies[number % len(companies)]])
    everywhere = env['res.company'].search([])
    everywhere.mail_health_user_id = env.ref('base.user_admin')
    env.ref('base.user_admin').company_ids = everywhere
    env.cr.commit()
    env['mail.domain.health']._refresh()
    env.cr.commit()
    env['mail.domain.health'].search([]).next_check = START
    env['ir.cron.trigger'].search([]).unlink()
    env['ir.cron'].browse(crons).nextcall = START
    env['ir.cron'].search([('id', 'not in', crons)]).active = False
    env.cr.commit()


def have_panels_delete():
    """Have the panels of some domains that are looked at just now be between deleting and adding."""
    if chance.random() >= GLITCHY:
        return []
    due = [name for [name] in query("SELECT name FROM mail_domain_health WHERE active AND next_check <= %s", clock.now())]
    return [(name, vars(by_name[name].breaks[-1]), clock.minutes) for name in due
            if name in by_name and chance.random() < GLITCHES and by_name[name].glitch(chance, clock.minutes)]


domains = fault_world.build(ASKED['seed'], ASKED['domains'], ASKED['days'])
by_name = {domain.name: domain for domain in domains}
glitches, chance = [], random.Random(f"{ASKED['seed']} glitches")
crons = tuple(env['ir.cron'].search([('model_id.model', '=', 'mail.domain.health')]).ids)
began, runs = time.monotonic(), 0
with contextlib.ExitStack() as stack:
    servers = Servers(stack)
    stack.enter_context(patch.object(mail_domain_health, 'AUTHORITY_PORT', servers.port))
    set_param = env['ir.config_parameter'].set_param
    set_param('mail_domain_health.nameservers', ', '.join('%s:%s' % server.address for server in servers.resolvers))
    set_param('mail_domain_health.networks', '127.0.0.0/8')
    prepare([domain.name for domain in domains])
    stack.enter_context(simulated_time())
    stack.enter_context(fault_time.no_waiting(servers.settle))
    watcher = Watcher()
    while clock.minutes < ASKED['days'] * fault_world.DAY:
        glitches += have_panels_delete()
        servers.be_as_at(domains, clock.minutes)
        env.cr.commit()
        run_ready_crons()
        runs += 1
        PROGRESS.write_text(f"day {clock.minutes / fault_world.DAY:.0f} of {ASKED['days']}")
        env.cr.rollback()
        env.invalidate_all()
        watcher.look()
        env.cr.commit()
        is_near = glitches and clock.minutes - glitches[-1][1]['start'] < 2 * PROMPT
        clock.minutes = max(next_wake(), clock.minutes + (PROMPT if is_near else BUSY))
    [[mails]] = query("SELECT (SELECT count(*) FROM mail_mail) + "
                      "(SELECT count(*) FROM mail_notification WHERE notification_type = 'email')")
print('RESULT', json.dumps({
    'looks': watcher.looks, 'said': watcher.said, 'opened': watcher.opened, 'glitches': glitches, 'mails': mails, 'runs': runs,
    'seconds': time.monotonic() - began}))
