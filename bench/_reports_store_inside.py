# What bench/reports_store.py measures, in `odoo shell`.
import json
import logging
import os
import random
import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tools import SQL

from odoo.addons.mail_domain_health import mailauth
from odoo.addons.mail_domain_health.mailauth.reports import reporters
from odoo.addons.mail_domain_health.receiving import counting, queue, reading
from odoo.addons.mail_domain_health.tests.received_common import aggregate, report_mail

env = globals()['env']  # of `odoo shell`
ASKED = json.loads(os.environ['BENCH'])
chance = random.Random(1)
logging.getLogger('odoo.addons.mail_domain_health').setLevel(logging.ERROR)
TABLES = ('mail_domain_health_volume', 'mail_domain_health_identity', 'mail_domain_health_report')
today = fields.Datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
RECEIVERS = [f'receiver{number}.example' for number in range(ASKED['receivers'])]


def authors(_resolver, mails, *, limit):
    """Who signed each mail: whoever it says that it is from."""
    for number, octets, _received in mails:
        address = octets.partition(b'From: Reports <')[2].partition(b'>')[0].decode()
        yield number, mailauth.arrival.Author(address, address.rpartition('@')[2])


def read_all():
    """Do what the scheduled action does; return how many mails were read."""
    count = 0
    env.cr.execute("UPDATE mail_domain_health_incoming SET next_read = now() AT TIME ZONE 'UTC' - interval '1 minute'")
    while mails := queue.claim(env):
        env.cr.commit()
        reading.read_mails(env, mails)
        env.cr.commit()
        count += len(mails)
    return count


def take(mails):
    for mail in mails:
        queue.add(env, 'mail.domain.health.report', 'dmarc@ours.example', mail)
    env.cr.commit()


def vacuum():
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute('VACUUM ANALYZE mail_domain_health_volume, mail_domain_health_identity, mail_domain_health_report')
    env.cr._cnx.autocommit = False


def sizes():
    """KiB of each table that reports leave something in."""
    vacuum()
    return dict(env.execute_query(SQL(
        "SELECT relname, pg_total_relation_size(oid)::float / 1024 FROM pg_class WHERE relkind = 'r' AND relname IN %s", TABLES)))


names = ['ours.example', *(f'd{number}.example' for number in range(10))]
for name in names:
    if not env['mail.domain.health'].search_count([('name', '=', name)]):
        env['mail.domain.health'].create({'name': name})
env.cr.commit()

# A year of reports comes on one day here.
with patch.object(mailauth, 'iter_authors', authors), patch.object(reporters, 'reporter_of', lambda name: True), \
        patch.object(reporters, 'reporter_from', lambda address: reporters.Reporter(address.rpartition('@')[2], '', (), ())), \
        patch.object(counting, 'MAX_A_DAY', 10_000):
    # Many reports about several domains, as they come on a day.
    sent = []
    for number in range(ASKED['reports']):
        records = [
            (f'192.0.2.{chance.randrange(30)}', chance.randrange(1, 500), chance.choice(('pass', 'pass', 'fail')), 'pass', '')
            for _record in range(ASKED['records'])]
        sender = f'noreply@{chance.choice(RECEIVERS)}'
        xml = aggregate(names[1 + number % 10], str(number), begin=today - timedelta(days=2 + number % 60), records=records)
        sent.append(report_mail(xml, sender=sender, signed=False))
    take(sent[:1])
    before = env.cr.sql_log_count
    read_all()
    queries_alone = env.cr.sql_log_count - before
    take(sent[1:])
    env.invalidate_all()
    before, began = env.cr.sql_log_count, time.process_time()
    count = read_all()
    seconds, queries = time.process_time() - began, (env.cr.sql_log_count - before) / count
    counted = env['mail.domain.health.report'].search_count([('state', '=', 'counted')])
    assert counted == ASKED['reports'], counted

    # A usual year of one domain: each receiver sees all sources each day, some mail is forwarded.
    before = sizes()
    sources = [
        f'198.51.100.{number}' if number % 4 else f'2001:db8:85a3:{number:x}::8a2e:370:{number:x}'
        for number in range(ASKED['sources'])]
    for day in range(ASKED['days'], 0, -1):
        sent = []
        for number, receiver in enumerate(RECEIVERS):
            records = [
                (source, chance.randrange(1, 900), 'pass', 'pass' if index % 3 else 'fail', '')
                for index, source in enumerate(sources)]
            records += [(source, chance.randrange(1, 20), 'fail', 'fail', '') for source in chance.sample(sources, 4)]
            sent.append(report_mail(aggregate(
                'ours.example', f'{receiver}!ours.example!{day}!{number}', begin=today - timedelta(days=day), org=receiver,
                email=f'dmarc-noreply@{receiver}', records=records), sender=f'noreply@{receiver}', signed=False))
        take(sent)
        read_all()
        if day % 7 == 0:
            vacuum()
    after = sizes()
    ours = env['mail.domain.health'].search([('name', '=', 'ours.example')])
    rows = env['mail.domain.health.volume'].search_count([('domain_id', '=', ours.id)])
    counted = env['mail.domain.health.report'].search_count([('domain_id', '=', ours.id), ('state', '=', 'counted')])
    assert counted == ASKED['days'] * len(RECEIVERS), counted
    total = sum(env['mail.domain.health.report'].search([('domain_id', '=', ours.id)]).mapped('messages'))
    stored = sum(env['mail.domain.health.volume'].search([('domain_id', '=', ours.id)]).mapped('messages'))
    assert total == stored, (total, stored)

    # A day on which somebody forges the domain from everywhere.
    wave = env['mail.domain.health'].search([('name', '=', 'd0.example')])
    day = today - timedelta(days=100)
    env['mail.domain.health.volume'].search([('domain_id', '=', wave.id)]).unlink()
    before_wave, began = sizes(), time.process_time()
    for number, receiver in enumerate(RECEIVERS):
        records = [
            ('.'.join(str(chance.randrange(1, 223)) for _part in range(4)), 1, 'fail', 'fail', '') for _record in range(10_000)]
        xml = aggregate('d0.example', f'wave{number}', begin=day, records=records)
        take([report_mail(xml, sender=f'noreply@{receiver}', signed=False)])
        read_all()
    wave_seconds, after_wave = time.process_time() - began, sizes()
    wave_rows = env['mail.domain.health.volume'].search([('domain_id', '=', wave.id)])
    assert sum(wave_rows.mapped('messages')) == 60_000, sum(wave_rows.mapped('messages'))

print('RESULT ' + json.dumps({
    'seconds': seconds, 'queries': queries, 'queries_alone': queries_alone,
    'tables': {table: after[table] - before[table] for table in TABLES}, 'rows': rows, 'wave_rows': len(wave_rows),
    'wave': sum(after_wave.values()) - sum(before_wave.values()), 'wave_seconds': wave_seconds,
}))
