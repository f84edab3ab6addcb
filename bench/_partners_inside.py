# What bench/partners.py measures, in `odoo shell`.
import json
import os
import time

from odoo.tools import SQL

from odoo.addons.mail_domain_health.contacts.refreshing import refresh

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


def measured(name, act):
    env.cr.commit()
    env.invalidate_all()
    forget_peak()
    before, queries, start = memory('VmRSS'), env.cr.sql_log_count, time.monotonic()
    act()
    env.flush_all()
    env.cr.commit()
    seconds, queries, peak = time.monotonic() - start, env.cr.sql_log_count - queries, memory('VmHWM')
    return {f'{name}_seconds': seconds, f'{name}_queries': queries, f'{name}_memory': peak, f'{name}_added': peak - before}


result = measured('first', lambda: refresh(env))
result['first_domains'] = Domain.search_count([('name', '=like', 'd%.example')])
result |= measured('again', lambda: refresh(env))
print('RESULT', json.dumps(result))
