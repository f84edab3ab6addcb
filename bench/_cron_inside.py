# What bench/cron.py measures, in `odoo shell`: one version of the module, one number of domains.
import contextlib
import cProfile
import json
import os
import pstats
import resource
import statistics
import time
from unittest.mock import patch

from odoo.tools import SQL

try:
    from odoo.addons.mail_domain_health.checking import learning
except ImportError:  # the older version
    learning = None
try:
    from odoo.addons.mail_domain_health.checking.claiming import _Look as storing
except ImportError:  # an older version
    storing = None

env = globals()['env']  # of `odoo shell`
ASKED = json.loads(os.environ['BENCH'])
SIZE, SAMPLE = ASKED['size'], ASKED['sample']
Health = env['mail.domain.health']
CRON = env.ref('mail_domain_health.ir_cron_mail_domain_health_check')

env['ir.config_parameter'].set_param('mail_domain_health.nameservers', ASKED['resolver'])
company = env.ref('base.main_company')
company.write({
    'alias_domain_id': env['mail.alias.domain'].create({'name': 'd0.example'}).id,
    'email': 'info@d0.example',
    'mail_sending_service_id': env.ref('mail_domain_health.sending_service_odoo').id,
})
env.ref('base.user_admin').email = 'admin@d0.example'
env.ref('base.partner_root').email = 'odoobot@d0.example'
# Written in SQL: how long Odoo takes to create users is not measured.
env.flush_all()
env.cr.execute(SQL('''
    WITH people AS (SELECT n, 'jim@d' || n || '.example' AS email FROM generate_series(1, %s) n),
    partners AS (
        INSERT INTO res_partner (name, email, email_normalized, active, company_id, type, partner_share)
        SELECT 'User ' || n, email, email, TRUE, NULL, 'contact', FALSE FROM people RETURNING id, email)
    INSERT INTO res_users (login, partner_id, company_id, active, share, notification_type)
    SELECT partners.email, partners.id, %s, TRUE, FALSE, 'email' FROM partners JOIN people USING (email)
''', SIZE - 1, company.id))
env.cr.execute('INSERT INTO res_company_users_rel (cid, user_id) SELECT company_id, id FROM res_users ON CONFLICT DO NOTHING')
env.invalidate_all()
env.cr.precommit.clear()
Health._refresh()
env.cr.commit()
env.cr.execute('ANALYZE')
env.cr.commit()
env.invalidate_all()
watched = Health.search([('name', '=like', 'd%.example')])
assert len(watched) == SIZE, len(watched)


def worker_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def database_seconds():
    """CPU of this connection's process of PostgreSQL, or 0 where it cannot be seen."""
    try:
        with open('/proc/%d/stat' % env.cr._cnx.info.backend_pid) as stat:
            fields = stat.read().rpartition(')')[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def slowness():
    """How many times as long as its own work takes a process waits for its turn."""
    wall, cpu = time.monotonic(), time.process_time()
    while time.process_time() - cpu < 0.5:
        sum(range(1000))
    return max(1.0, (time.monotonic() - wall) / 0.5)


SLOWER = slowness()
stored = []  # seconds that each transaction with reports in it took: so long its rows are locked at most


@contextlib.contextmanager
def watched_transactions():
    together = getattr(storing, '_store_together', None)
    if not together:  # the older version
        yield
        return

    def timed(look, reports):
        start = time.monotonic()
        try:
            return together(look, reports)
        finally:
            stored.append(time.monotonic() - start)

    with patch.object(storing, '_store_together', timed):
        yield


def run_cron():
    """As core runs it: again and again until nothing remains; its limit of ten seconds a run for the newer version only.

    Ten seconds of a worker that has a core to itself: where others keep the machine busy, as many more as it takes.
    """
    checked, limit = 0, 10 * SLOWER
    for _run in range(1000):
        cron, progress = CRON.with_context(
            cron_id=CRON.id, cron_end_time=time.monotonic() + (limit if SAMPLE is None else 1e9))._add_progress()
        env.cr.commit()
        Health.with_context(**cron.env.context)._cron_check()
        env.flush_all()
        env.cr.commit()
        done, remaining = progress.done, progress.remaining
        env.invalidate_all()
        checked += done
        if not remaining or not done:
            break
    return checked


def measured():
    env.cr.commit()
    env.invalidate_all()
    before = worker_seconds(), database_seconds(), env.cr.sql_log_count, time.monotonic()
    with watched_transactions():
        run_cron()
    after = worker_seconds(), database_seconds(), env.cr.sql_log_count, time.monotonic()
    return [end - start for start, end in zip(before, after)]


def look(name):
    """Figures of one look at every domain, or of a sample and what a run costs without any."""
    everything = watched.ids
    env.cr.execute("UPDATE mail_domain_health SET next_check = now() at time zone 'utc' + interval '9 days'")
    fixed = measured() if SAMPLE else [0.0] * 4
    chosen = everything[1:1 + SAMPLE] if SAMPLE else everything
    env.cr.execute(SQL("UPDATE mail_domain_health SET next_check = now() at time zone 'utc' - interval '1 second' WHERE id IN %s",
                       tuple(chosen)))
    env.cr.commit()
    env.invalidate_all()
    counts = dict(Health.search([]).mapped(lambda domain: (domain.id, domain.attempts)))
    whole = measured()
    checked = [domain for domain in Health.browse(chosen) if domain.attempts > counts[domain.id]]
    each = [fixed_cost / SIZE + (cost - fixed_cost) / len(chosen) for fixed_cost, cost in zip(fixed, whole)]
    return {f'{name}_cpu': 1000 * each[0], f'{name}_database': 1000 * each[1], f'{name}_queries': each[2],
            f'{name}_seconds': whole[3], f'{name}_checked': len(checked), f'{name}_stored': max(stored, default=None)}


result = {}
result |= look('first')
if os.environ.get('PROFILE'):
    profile = cProfile.Profile()
    profile.runcall(look, 'daily')
    with open(os.environ['PROFILE'], 'w') as file:
        pstats.Stats(profile, stream=file).sort_stats('cumulative').print_stats(130)
        pstats.Stats(profile, stream=file).sort_stats('tottime').print_stats(30)
# A look at a few takes less than half a second: one disturbance by others would be the figure.
again = [look('again') for _look in range(1 if SAMPLE or SIZE > 500 else 5)]
result |= {name: value if value is None else statistics.median(each[name] for each in again)
           for name, value in again[0].items()}

# A user's address moves to a domain that nobody has had: with what this module does about it, and without, in turns.
users = env['res.users'].search([('login', '=like', 'jim@d%')], limit=12, order='id')
# Worker and database together, as CPU: what a transaction takes where nobody else keeps the machine busy.
costs = {True: [], False: []}
for number, user in enumerate(users):
    env.cr.commit()
    env.invalidate_all()
    user.fetch(['email'])
    followed = number % 2 == 0
    start = worker_seconds() + database_seconds()
    with contextlib.nullcontext() if followed else patch.object(
            env.registry['mail.domain.health'], '_users_changed', lambda *arguments, **options: None):
        user.write({'email': 'jim@new%d.example' % number})
    env.flush_all()
    env.cr.commit()
    costs[followed].append(1000 * (worker_seconds() + database_seconds() - start))
    if SAMPLE and followed and costs[True][-1] > 2000 and costs[False]:
        break
result['change'] = statistics.mean(costs[True])
result['change_without'] = statistics.mean(costs[False])

# Refused mails, each of another person and in other words.
env.cr.execute(SQL('''
    WITH messages AS (
        INSERT INTO mail_message (message_type, email_from, record_company_id, date, author_id)
        SELECT 'email', 'jim@d' || n %% %s || '.example', %s, now() at time zone 'utc', NULL FROM generate_series(1, %s) n
        RETURNING id)
    INSERT INTO mail_mail (mail_message_id, state, email_to, failure_reason)
    SELECT id, 'exception', 'c' || id || '@elsewhere.example',
           '550 5.7.26 Your email has been blocked because the sender is unauthenticated. Case ' || id FROM messages
''', SIZE, company.id, ASKED['failures']))
env.cr.commit()
env.invalidate_all()
before = worker_seconds()
if learning:
    learning.learn_numbers(env)
    learning.learn_rejections(env, env['res.company'].search([]))
else:
    Health._learn_from_mail()
env.flush_all()
env.cr.commit()
result['learning'] = worker_seconds() - before
print('RESULT', json.dumps(result))
