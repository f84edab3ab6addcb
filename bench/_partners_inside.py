# What bench/partners.py measures, in `odoo shell`.
import json
import os
import threading
import time
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.tools import SQL

from odoo.addons.mail_domain_health.contacts import asking, consent, exchange, marks, passed_on, storing
from odoo.addons.mail_domain_health.contacts.refreshing import refresh
from odoo.addons.mail_domain_health.mailauth import sees_dns
from odoo.addons.mail_domain_health.mailauth.tests.dns_server import DnsServer
from odoo.addons.mail_domain_health.models import mail_domain_health

env = globals()['env']  # of `odoo shell`
ASKED = json.loads(os.environ['BENCH'])
Domain = env['mail.partner.domain']
env['ir.config_parameter'].set_param('mail_domain_health.nameservers', ASKED['resolver'])
# In SQL: how long Odoo takes to create contacts is not measured. Each domain has one, the others by Zipf's law.
env.cr.execute(SQL('''
    INSERT INTO res_partner (name, email, email_normalized, active, type, partner_share, message_bounce)
    SELECT 'Contact ' || n, email, email, TRUE, 'contact', TRUE, 0
      FROM (SELECT n, 'c' || n || '@d' || CASE WHEN n <= %(domains)s THEN n - 1
                                               ELSE floor(exp(random() * ln(%(domains)s)))::int - 1 END || '.example' AS email
              FROM generate_series(1, %(contacts)s) n) people
''', domains=ASKED['domains'], contacts=ASKED['contacts']))
env.cr.commit()
env.cr.execute('ANALYZE')
env.cr.commit()


def memory(name):
    """MiB of this process: VmRSS is now, VmHWM the most since :func:`forget_peak`."""
    with open('/proc/self/status') as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(name))


def forget_peak():
    with open('/proc/self/clear_refs', 'w') as file:
        file.write('5')


def cpu():
    """CPU seconds of this process and of this connection's one of PostgreSQL, as far as that can be seen."""
    try:
        with open(f'/proc/{env.cr._cnx.info.backend_pid}/stat') as stat:
            fields = stat.read().rpartition(')')[2].split()
    except OSError:
        fields = [0] * 13
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def measured(name, act):
    env.cr.commit()
    env.invalidate_all()
    forget_peak()
    before, queries, start, spent = memory('VmRSS'), env.cr.sql_log_count, time.monotonic(), cpu()
    act()
    env.flush_all()
    env.cr.commit()
    seconds, queries, peak = time.monotonic() - start, env.cr.sql_log_count - queries, memory('VmHWM')
    return {f'{name}_seconds': seconds, f'{name}_work': cpu() - spent,
            f'{name}_queries': queries, f'{name}_memory': peak, f'{name}_added': peak - before}


result = measured('first', lambda: refresh(env))
result['first_domains'] = Domain.search_count([('name', '=like', 'd%.example')])
result |= measured('again', lambda: refresh(env))

# What is asked of Odoo's own mail before domains are marked: half a million received messages, as many that were sent.
env.cr.execute(SQL('''
    WITH people AS (SELECT id, email, row_number() OVER (ORDER BY id) AS n FROM res_partner WHERE name LIKE 'Contact %%'),
    messages AS (
        INSERT INTO mail_message (message_type, email_from, author_id, date, create_date)
        SELECT kind, '"Contact" <' || email || '>', id, moment, moment
          FROM people, (VALUES ('email'), ('comment')) kinds(kind),
               LATERAL (SELECT now() at time zone 'utc' - interval '200 days' * n / %(contacts)s AS moment) moments
         ORDER BY moment RETURNING id, message_type, author_id)
    INSERT INTO mail_notification (mail_message_id, res_partner_id, notification_type, notification_status)
    SELECT id, author_id, 'email', 'sent' FROM messages WHERE message_type = 'comment'
''', contacts=ASKED['contacts']))
env.cr.commit()
env.cr.execute('ANALYZE')
env.cr.commit()
doubtful = [(domain.id, domain.name, '')
            for domain in Domain.search([('name', '=like', 'd%.example')], limit=50, order='id desc')]
since = fields.Datetime.now() - marks.EXCHANGED_WITHIN
exchanges = {}
result |= measured('exchanges', lambda: exchanges.update(exchange.last_exchanges(env, doubtful, since)))
result['exchanges_found'] = len(exchanges)

# What was passed on: as many documents, each followed by a contact and by the same user.
env.cr.execute(SQL("""
    WITH people AS (SELECT id FROM res_partner WHERE name LIKE 'Contact %%')
    INSERT INTO mail_followers (res_model, res_id, partner_id)
    SELECT 'res.partner', people.id, follower FROM people, LATERAL (VALUES (people.id), (%s)) followers(follower)
     ORDER BY people.id
""", env.ref('base.partner_admin').id))
env.cr.commit()
env.cr.execute('ANALYZE')
env.cr.commit()
concerned = SQL("SELECT * FROM mail_partner_domain WHERE name LIKE 'd%%.example'")
found = []
result |= measured('followers', lambda: found.append(passed_on.read_passed_on(env, env.company, concerned)))
result['followers_found'] = sum(found[0].users.values())

# Asking: everything that is due, as core runs it, ten seconds at a time, with the limit of questions lifted.
env['ir.config_parameter'].set_param(consent.PARAMETER_RATE, str(consent.NO_LIMIT))
consent.set_answer(env, True)
env['mail.domain.health'].search([('name', '!=', False)]).next_check = '2100-01-01'
CHOSEN = [f'd{number}.example' for number in range(ASKED['asked'])]
resolvers = []
Health = type(env['mail.domain.health'])
get_resolver = Health._get_resolver


def kept_resolver(records, *arguments):
    resolvers.append(get_resolver(records, *arguments))
    return resolvers[-1]


def make_due():
    """Have the chosen domains be due and as if they had never been looked at, and no others."""
    env.cr.execute(SQL("UPDATE mail_partner_domain SET next_check = NULL, last_check = NULL, policy = NULL, reception = NULL"))
    env.cr.execute(SQL("UPDATE mail_partner_domain SET next_check = '2020-01-01' WHERE name = ANY(%s)", CHOSEN))
    env.cr.commit()
    env.cr.execute('ANALYZE mail_partner_domain')
    env.cr.commit()


def run_cron(env, cron, seconds=10):
    """As core runs it, for so long and again until nothing remains; return how many runs that took."""
    runs = 0
    while runs < 1000:
        runs += 1
        running, progress = cron.with_context(cron_id=cron.id, cron_end_time=time.monotonic() + seconds)._add_progress()
        env.cr.commit()
        running.env['mail.partner.domain']._cron_check()
        env.cr.commit()
        if not progress.remaining or not progress.done:
            break
        env.invalidate_all()
    return runs


cron = env.ref('mail_domain_health.ir_cron_mail_partner_domain_check')
with patch.object(Health, '_get_resolver', kept_resolver):
    make_due()
    spent = time.process_time()
    result |= measured('checks', lambda: run_cron(env, cron))
    result['checks_cpu'] = time.process_time() - spent
result['checks_questions'] = sum(resolver.questions for resolver in resolvers)
result['checks_stored'] = Domain.search_count([('policy', '=', 'reject'), ('reception', '=', 'ok')])

# Two workers share the work: each with a connection and a scheduled action of its own. Their runs are short: most end with
# domains claimed that nobody got to.
second = cron.copy()
make_due()
claimed, looked_at = [], []
claim, get_names = storing.claim, asking.ContactsRun._names


def noted_claim(*arguments):
    rows = claim(*arguments)
    claimed.extend(row['name'] for row in rows)
    return rows


def noted_names(run):
    for name in get_names(run):
        looked_at.extend([name] if name else [])
        yield name


def work(cron_id):
    with env.registry.cursor() as cr:
        own = api.Environment(cr, SUPERUSER_ID, {})
        run_cron(own, own['ir.cron'].browse(cron_id), 2)


sees_dns(env['mail.domain.health']._get_resolver(), [ASKED['marker']])
with patch.object(storing, 'claim', noted_claim), patch.object(asking.ContactsRun, '_names', noted_names):
    workers = [threading.Thread(target=work, args=(one.id,)) for one in (cron, second)]
    start = time.monotonic()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
env.cr.rollback()
result['shared_seconds'] = time.monotonic() - start
result['shared_twice'] = len(looked_at) - len(set(looked_at))
result['shared_claimed_again'] = len(claimed) - len(set(claimed))
result['shared_stored'] = Domain.search_count([('policy', '=', 'reject'), ('reception', '=', 'ok')])

# At the rate that is the default, which one worker has for itself, one run after the other. Every sixtieth domain was seen
# unable to receive mail days ago, and a second source is asked about it: the zones' own servers, which are one here. Every
# seventh has servers that fail, every sixth has no MX record, and half of them have the mail at the same provider.
HEADER = '@ SOA ns host 1 3600 600 86400 300\n@ NS ns\nns A 127.0.0.2\n'
ROOT = '@ SOA a.root. host. 1 3600 600 86400 300\n@ NS a.root.\na.root. A 127.0.0.2'
REACHABLE = HEADER + '@ MX 10 mail\nmail A 198.51.100.25'


def reception(number):
    return '@ MX 0 .' if not number % 60 else '@ TXT "nothing else"' if not number % 6 else \
        '@ MX 10 mx.provider.example.' if number % 2 else '@ MX 10 mail\nmail A 198.51.100.25'


PACED = {f'd{number}.example': HEADER + reception(number) for number in range(ASKED['paced'])}
second.unlink()
zones = {'.': ROOT, 'gmail.com': REACHABLE, 'provider.example': 'mx A 198.51.100.26', **PACED}
env['ir.config_parameter'].set_param(consent.PARAMETER_RATE, False)
long_ago = fields.Datetime.now() - timedelta(days=3)
env.cr.execute(SQL('UPDATE mail_partner_domain SET next_check = NULL'))
env.cr.execute(SQL(
    """UPDATE mail_partner_domain SET next_check = '2020-01-01', last_check = NULL, mark = NULL, reception = NULL,
              unreachable_since = NULL WHERE name = ANY(%s)""", list(PACED)))
env.cr.execute(SQL(
    """UPDATE mail_partner_domain SET reception = 'null_mx', mark = 'suspected', unreachable_since = %s WHERE name = ANY(%s)""",
    long_ago, [name for number, name in enumerate(PACED) if not number % 60]))
with DnsServer(zones, timed=True) as server, \
        DnsServer(zones, host='127.0.0.2', authoritative=True, outside='nxdomain', timed=True) as authority, \
        patch.object(mail_domain_health, 'AUTHORITY_PORT', authority.address[1]):
    for name in list(PACED)[::7]:
        server.script(name, 'MX', 'servfail')
    env['ir.config_parameter'].set_param('mail_domain_health.nameservers', '%s:%s' % server.address)
    env.cr.commit()
    env.invalidate_all()
    start = time.monotonic()
    runs = run_cron(env, cron)
    seconds = time.monotonic() - start
    result |= {'paced_resolver': server.most_in_a_second(), 'paced_authority': authority.most_in_a_second(),
               'paced_seconds': seconds, 'paced_runs': runs,
               'paced_mean': (len(server.times) + len(authority.times)) / seconds, 'paced_direct': len(authority.times)}
result['paced_looked_at'] = Domain.search_count([('name', 'in', list(PACED)), ('next_check', '>', fields.Datetime.now())])
print('RESULT', json.dumps(result))
