# What bench/history.py measures, in `odoo shell`.
import base64
import json
import logging
import os
import random
import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tools import SQL

from odoo.addons.mail_domain_health.checking.history_fold import get_most
from odoo.addons.mail_domain_health.checking.rows import Rows
from odoo.addons.mail_domain_health.mailauth.tests.dns_server import DnsServer
from odoo.addons.mail_domain_health.tests.common import ODOO_ZONE

env = globals()['env']  # of `odoo shell`
ASKED = json.loads(os.environ['BENCH'])
DOMAINS, WEEKS = ASKED['domains'], ASKED['weeks']
BATCH = 50  # domains that are stored together
SELECTORS = ('s1', 's2', 's3')
TWICE = 10  # domains that are looked at once more each week
HOSTILE = 40  # looks at a zone that is another one each time
chance = random.Random(1)
logging.getLogger('odoo.addons.mail_domain_health').setLevel(logging.ERROR)
Health, Check = env['mail.domain.health'], env['mail.domain.health.check']
# In the past, so that no report seems older than the look before it.
clock = fields.Datetime.now() - timedelta(weeks=WEEKS + 2)


def key():
    """A public key of 2048 bits, as a zone writes it: what of it PostgreSQL can compress is what it can of a real one."""
    der = bytes.fromhex('30820122300d06092a864886f70d01010105000382010f003082010a0282010100') + b'\xc1' + chance.randbytes(254) \
        + b'\x01' + bytes.fromhex('0203010001')
    text = 'v=DKIM1; k=rsa; p=' + base64.b64encode(der).decode()
    return ' '.join(f'"{text[start:start + 255]}"' for start in range(0, len(text), 255))


class Zone:
    """A domain with an SPF record of some 400 characters, three keys, DMARC and TLS reports."""

    def __init__(self, name):
        self.name, self.keys = name, {selector: key() for selector in SELECTORS}
        self.addresses = [f'ip4:198.51.100.{chance.randrange(256)}' for _address in range(18)]
        self.dmarc = True

    def change(self, week):
        if week % 8 == 7 or not self.dmarc:
            self.dmarc = not self.dmarc
        elif week % 4 == 0:
            self.keys[chance.choice(SELECTORS)] = key()
        else:
            self.addresses[week % 18] = f'ip4:203.0.113.{week}'

    def publish(self, dns):
        dns.set_zone(self.name, '\n'.join((
            '@ SOA ns1 hostmaster 1 3600 600 86400 300', '@ NS ns1', 'ns1 A 192.0.2.53', '@ MX 10 mx1', '@ MX 20 mx2',
            'mx1 A 192.0.2.10', 'mx2 A 192.0.2.11',
            f'@ TXT "v=spf1 include:_spf.odoo.com {" ".join(self.addresses[:9])} " "{" ".join(self.addresses[9:])} -all"',
            *(f'{selector}._domainkey TXT {value}' for selector, value in self.keys.items()),
            *([f'_dmarc TXT "v=DMARC1; p=reject; sp=reject; rua=mailto:dmarc@{self.name}; adkim=s"'] if self.dmarc else []),
            f'_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@{self.name}"')))


def look(domains):
    """Look at these domains now, and store what is found as the scheduled check does."""
    for start in range(0, len(domains), BATCH):
        some, rows = domains[start:start + BATCH], Rows()
        some._read_together()
        for domain, report in some._check():
            domain._apply_report(report, rows)
        rows.write_to(env)
        env.cr.commit()
        env.invalidate_all()


def vacuum():
    """What autovacuum does in a week by itself: more than a fifth of the rows were written anew."""
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute('VACUUM ANALYZE')
    env.cr._cnx.autocommit = False


def sizes():
    """KiB of each table of the module with its indexes, and of the chatter of its domains."""
    vacuum()
    tables = dict(env.execute_query(SQL("""
        SELECT relname, pg_total_relation_size(oid) / 1024.0 FROM pg_class
         WHERE relkind = 'r' AND relname ~ '^mail_(domain_health|sending|partner_domain|dns)'""")))
    [[chatter]] = env.execute_query(SQL("""
        SELECT sum(pg_total_relation_size(oid)) / 1024.0 FROM pg_class
         WHERE relkind = 'r' AND relname IN ('mail_message', 'mail_activity', 'mail_notification', 'mail_followers')"""))
    return {name: float(size) for name, size in tables.items()}, float(chatter)


began = time.monotonic()
with DnsServer({'odoo.com': ODOO_ZONE}) as dns, \
        patch.object(fields.Datetime, 'now', staticmethod(lambda *_arguments: clock)), \
        patch.object(fields.Date, 'today', staticmethod(lambda *_arguments: clock.date())):
    env['ir.config_parameter'].set_param('mail_domain_health.nameservers', '%s:%s' % dns.address)
    env['mail.alias.domain'].create({'name': 'first.example'})
    before, chatter_before = sizes()
    env.ref('mail_domain_health.sending_service_odoo').dkim_account_specific = True  # with keys of their own
    zones = [Zone(f'd{number}.example') for number in range(DOMAINS)]
    for zone in zones:
        zone.publish(dns)
        env['res.company'].create({
            'name': zone.name, 'alias_domain_id': env['mail.alias.domain'].create({'name': zone.name}).id,
            'mail_sending_service_id': env.ref('mail_domain_health.sending_service_odoo').id})
    env.cr.commit()
    Health._refresh()
    domains = Health.search([('name', 'in', [zone.name for zone in zones])])
    domains.write({'dkim_selectors': ', '.join(SELECTORS)})
    look(domains)
    added = 0
    for week in range(1, WEEKS + 1):
        clock += timedelta(weeks=1)
        for zone in zones:
            zone.change(week)
            zone.publish(dns)
        look(domains)
        vacuum()
        clock += timedelta(minutes=15)
        count = Check.search_count([])
        look(domains[:TWICE])  # a break is looked at again, and announced
        added += Check.search_count([]) - count
    env['mail.domain.health.path']._sync_findings(env['res.company'].search([]))
    rows = Check.search_count([('domain_id', 'in', domains.ids)]) / DOMAINS
    looks = sum(domains.mapped('looks'))
    after, chatter = sizes()
    messages = env['mail.message'].search_count([('model', '=', 'mail.domain.health'), ('res_id', 'in', domains.ids)]) / DOMAINS

    # A zone that is full of what cannot be compressed, and another one with each look.
    selectors = ', '.join(f's{number}' for number in range(20))
    hostile = Health.create({'name': 'hostile.example', 'dkim_selectors': selectors})
    table = SQL("SELECT pg_total_relation_size('mail_domain_health_check') / 1024.0")
    [[size]] = env.execute_query(table)
    for _look in range(HOSTILE):
        clock += timedelta(hours=1)
        noise = [base64.b64encode(chance.randbytes(1800)).decode() for _record in range(20)]
        strings = [' '.join(f'"{text[start:start + 255]}"' for start in range(0, len(text), 255)) for text in noise]
        dns.set_zone('hostile.example', '\n'.join((
            '@ MX 10 mail', 'mail A 192.0.2.10', f'@ TXT "v=spf1 exp=x.example " {strings[0]}',
            f'_dmarc TXT "v=DMARC1; p=none; x=" {strings[1]}',
            *(f's{number}._domainkey TXT "v=DKIM1; x=" {text}' for number, text in enumerate(strings)))))
        look(hostile)
    assert len(hostile.check_ids) == HOSTILE, len(hostile.check_ids)
    env.cr.commit()
    [[full]] = env.execute_query(table)
    # Years of that, by copies: what is removed once a day.
    env.cr.execute(SQL("""
        INSERT INTO mail_domain_health_check (domain_id, date, state, records)
        SELECT domain_id, date - n * interval '1 minute', state, NULL FROM mail_domain_health_check, generate_series(1, 50) n
         WHERE domain_id = %s""", hostile.id))
    Check._gc_checks()
    hostile_rows = Check.search_count([('domain_id', '=', hostile.id)])
    env.cr.commit()

print('RESULT', json.dumps({
    'tables': {name: (size - before.get(name, 0)) / DOMAINS for name, size in after.items() if size > before.get(name, 0)},
    'chatter': (chatter - chatter_before) / DOMAINS, 'messages': messages, 'changes': rows, 'expected': WEEKS + 1, 'looks': looks,
    'unchanged': added, 'hostile': float(full - size) / HOSTILE, 'hostile_rows': hostile_rows, 'max_rows': get_most(env),
    'seconds': time.monotonic() - began}))
