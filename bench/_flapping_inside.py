# What bench/flapping.py measures, in `odoo shell`.
import json
import logging
import os
import random
import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tools import SQL

from odoo.addons.mail_domain_health.checking import announcing
from odoo.addons.mail_domain_health.mailauth.tests.dns_server import DnsServer
from odoo.addons.mail_domain_health.tests.common import DKIM_RECORD, DMARC_RECORD, ODOO_ZONE, SPF_RECORD

env = globals()['env']  # of `odoo shell`
ASKED = json.loads(os.environ['BENCH'])
chance = random.Random(ASKED['seed'])
logging.getLogger('odoo.addons.mail_domain_health').setLevel(logging.ERROR)
# In the past, so that no report seems older than the look before it.
START = fields.Datetime.now() - timedelta(days=ASKED['days'] + 1)
clock = START
HEALTHY = {'spf': SPF_RECORD, 'dkim': DKIM_RECORD, 'dmarc': DMARC_RECORD}
BROKEN = {  # of each area: what stands in the zone instead
    'spf': (None, '@ TXT "v=spf1 include:_spf.odoo.com ~all"\n@ TXT "v=spf1 -all"', '@ TXT "v=spf1 ip4:203.0.113.1 -all"'),
    'dmarc': (None, '_dmarc TXT "v=DMARC1; p=none"\n_dmarc TXT "v=DMARC1; p=reject"'),
    'dkim': (None, 'odoo._domainkey TXT "v=DKIM1; p="'),
}
FLAPS = ('servfail', 'refused')


class Simulated:
    """One domain: what its owner does, what its servers do, and what had to be told."""

    def __init__(self, name):
        self.name, self.area = name, chance.choice(tuple(BROKEN))
        self.broken = [(start, start + chance.uniform(1.0, 3.0)) for start in (chance.uniform(2, 6), chance.uniform(10, 16))]
        self.how = chance.choice(BROKEN[self.area])
        self.seen, self.is_told, self.looks, self.due, self.told = 0, False, 0, [], []

    def publish(self, dns, whole):
        records = [HEALTHY[area] if whole or area != self.area else self.how for area in HEALTHY]
        dns.set_zone(self.name, '\n'.join(('@ MX 10 mail', 'mail A 192.0.2.10', *filter(None, records))))

    def prepare(self, dns, day):
        """Have DNS answer the next look as it happens to; return ``(area is silent, whole, glitch)``."""
        whole = not any(start <= day < end for start, end in self.broken)
        names = {'spf': self.name, 'dmarc': f'_dmarc.{self.name}', 'dkim': f'odoo._domainkey.{self.name}'}
        silent = {area for area in names if chance.random() < 0.15}
        if chance.random() < 0.25:
            silent |= set(names)
        # Never two in a row: what is seen broken twice is a break that lasts.
        glitch = bool(whole and self.looks and not self.seen and self.area not in silent and chance.random() < 0.05)
        for area, name in names.items():
            dns.script(name, 'TXT', chance.choice(FLAPS) if area in silent else None)
            dns.script(name, 'CNAME', 'servfail' if area in silent else None)
        self.publish(dns, whole and not glitch)
        return self.area in silent, whole, glitch

    def looked(self, is_silent, whole, glitch):
        """Note what has to be told of a look."""
        self.looks += 1
        counts['looks'] += 1
        counts['unknown'] += is_silent
        counts['glitches'] += glitch
        if is_silent:
            return
        if glitch or not whole:
            self.seen += 1
            if self.seen == 2:
                self.due.append('broken')
                self.is_told = True
        else:
            if self.is_told:
                self.due.append('recovered')
            self.seen, self.is_told = 0, False


counts = {'looks': 0, 'unknown': 0, 'glitches': 0}
with DnsServer({'odoo.com': ODOO_ZONE}) as dns:
    env['ir.config_parameter'].set_param('mail_domain_health.nameservers', '%s:%s' % dns.address)
    odoo = env.ref('mail_domain_health.sending_service_odoo')
    simulated = {f'd{number}.example': Simulated(f'd{number}.example') for number in range(ASKED['domains'])}
    env['mail.alias.domain'].create({'name': 'first.example'})
    dns.set_zone('first.example', '@ MX 10 mail\nmail A 192.0.2.10\n' + '\n'.join(HEALTHY.values()))
    for name in simulated:
        env['res.company'].create({
            'name': name, 'alias_domain_id': env['mail.alias.domain'].create({'name': name}).id,
            'mail_sending_service_id': odoo.id})
    env['res.company'].search([]).mail_health_user_id = env.ref('base.user_admin')
    env.ref('base.user_admin').company_ids = env['res.company'].search([])
    env['mail.domain.health']._refresh()
    env.cr.commit()
    announce = announcing.announce

    def note(domain, events, *arguments):
        known = simulated.get(domain.name)
        if known and events:
            known.told += [event.kind for event in events]
        return announce(domain, events, *arguments)

    began = time.monotonic()
    with patch.object(fields.Datetime, 'now', staticmethod(lambda *_arguments: clock)), \
            patch.object(fields.Date, 'today', staticmethod(lambda *_arguments: clock.date())), \
            patch.object(announcing, 'announce', note):
        env['mail.domain.health'].search([]).next_check = clock
        env.cr.commit()
        while clock < START + timedelta(days=ASKED['days']):
            due = env['mail.domain.health'].search([('next_check', '<=', clock)])
            prepared = {
                domain: (domain.attempts, simulated[domain.name].prepare(dns, (clock - START) / timedelta(days=1)))
                for domain in due if domain.name in simulated}
            env['mail.domain.health']._cron_check()
            env.cr.commit()
            env.invalidate_all()
            for domain, (attempts, answers) in prepared.items():
                if domain.attempts > attempts:  # a run has an end: on a busy machine some are left to the next
                    simulated[domain.name].looked(*answers)
            [[following]] = env.execute_query(SQL(
                'SELECT min(next_check) FROM mail_domain_health WHERE active'))
            clock = max(following, clock + timedelta(seconds=1))
    seconds = time.monotonic() - began

wrong, false, missed, messages = [], 0, 0, 0
for known in simulated.values():
    domain = env['mail.domain.health'].search([('name', '=', known.name)])
    if known.told != known.due:
        wrong.append(f'{known.name} ({known.area}): told {known.told}, to be told {known.due}')
    told, due = known.told.count('broken'), known.due.count('broken')
    false, missed = false + max(told - due, 0), missed + max(due - told, 0)
every = list(simulated.values())
print('RESULT', json.dumps({
    **counts, 'seconds': seconds, 'wrong': wrong, 'false': false, 'missed': missed,
    'told': sum(known.told.count('broken') for known in every), 'breaks': sum(known.due.count('broken') for known in every),
    'recovered': sum(known.told.count('recovered') for known in every),
    'recoveries': sum(known.due.count('recovered') for known in every)}))
