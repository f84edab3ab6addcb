# What bench/load.py measures, in `odoo shell`: one part of it.
import json
import os
import resource
import time

from lxml import etree

from odoo.tools import SQL

env = globals()['env']  # of `odoo shell`
ASKED = json.loads(os.environ['BENCH'])
DUE = "next_check = now() at time zone 'utc' - interval '1 second'"


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


def mebibytes():
    """The most that this process ever had in memory."""
    with open('/proc/self/status') as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith('VmHWM'))


def make_users(count, domain):
    """Write users in SQL: how long Odoo takes to create them is not measured. ``domain``: SQL, of their addresses, from ``n``."""
    env.cr.execute(SQL('''
        WITH people AS (SELECT n, 'jim' || n || '@' || %s AS email FROM generate_series(1, %s) n),
        partners AS (
            INSERT INTO res_partner (name, email, email_normalized, active, company_id, type, partner_share)
            SELECT 'User ' || n, email, email, TRUE, NULL, 'contact', FALSE FROM people RETURNING id, email)
        INSERT INTO res_users (login, partner_id, company_id, active, share, notification_type)
        SELECT partners.email, partners.id, %s, TRUE, FALSE, 'email' FROM partners
    ''', SQL(domain), count, env.ref('base.main_company').id))
    env.cr.execute('INSERT INTO res_company_users_rel (cid, user_id)'
                   ' SELECT company_id, id FROM res_users ON CONFLICT DO NOTHING')
    env.invalidate_all()
    env.cr.precommit.clear()


def prepare(resolver, domains):
    """Have so many domains watched; nothing has looked at them yet."""
    env['ir.config_parameter'].set_param('mail_domain_health.nameservers', resolver)
    env['ir.cron'].search([]).active = False
    company = env.ref('base.main_company')
    company.write({
        'alias_domain_id': env['mail.alias.domain'].create({'name': 'd0.example'}).id,
        'email': 'info@d0.example',
        'mail_sending_service_id': env.ref('mail_domain_health.sending_service_odoo').id,
    })
    env.ref('base.user_admin').email = 'admin@d0.example'
    env.ref('base.partner_root').email = 'odoobot@d0.example'
    env.flush_all()
    make_users(domains - 1, "'d' || n || '.example'")
    env['mail.domain.health']._refresh()
    env.cr.execute('CREATE TABLE bench_ready (number INT, turn INT)')
    env.cr.commit()
    env.cr.execute('ANALYZE')
    env.cr.commit()
    assert env['mail.domain.health'].search_count([('name', '=like', 'd%.example')]) == domains
    return {}


def wait_for_all(number, turn, workers):
    """Begin at the same moment as the other workers."""
    env.cr.execute('INSERT INTO bench_ready VALUES (%s, %s)', [number, turn])
    env.cr.commit()
    while True:
        env.cr.execute('SELECT count(*) FROM bench_ready WHERE turn = %s', [turn])
        [count] = env.cr.fetchone()
        env.cr.commit()
        if count == workers:
            return
        time.sleep(0.05)


def run_cron():
    """As core runs it: again and again until nothing remains."""
    cron = env.ref('mail_domain_health.ir_cron_mail_domain_health_check')
    for _run in range(1000):
        this, progress = cron.with_context(cron_id=cron.id, cron_end_time=time.monotonic() + 600)._add_progress()
        env.cr.commit()
        env['mail.domain.health'].with_context(**this.env.context)._cron_check()
        env.flush_all()
        env.cr.commit()
        done, remaining = progress.done, progress.remaining
        env.invalidate_all()
        if not remaining or not done:
            return


def run_beside():
    """As one more worker does: it takes what is due and looks at it, until nothing is."""
    from odoo.addons.mail_domain_health.checking import claiming

    while ids := claiming.claim_batch(env, claiming.BATCH):
        claiming.check_claimed(env, ids)
        env.invalidate_all()


def work(number, workers, domains):
    """Two looks at every domain, as one of so many workers."""
    looks = []
    for turn in range(2):
        wait_for_all(number, 2 * turn, workers)
        if number == 0:
            env.cr.execute(SQL("UPDATE mail_domain_health SET %s WHERE name LIKE 'd%%.example'", SQL(DUE)))
            env.cr.execute('CREATE TABLE bench_before_%s AS SELECT id, attempts FROM mail_domain_health' % turn)
        env.cr.commit()
        wait_for_all(number, 2 * turn + 1, workers)
        env.invalidate_all()
        before = worker_seconds(), database_seconds(), env.cr.sql_log_count
        began = time.time()
        if number == 0:
            run_cron()
        else:
            run_beside()
        ended = time.time()
        after = worker_seconds(), database_seconds(), env.cr.sql_log_count
        cpu, database, queries = (end - start for start, end in zip(before, after))
        wait_for_all(number, 100 + turn, workers)
        env.cr.execute(SQL('''
            SELECT count(*) FILTER (WHERE domain.attempts = before.attempts),
                   count(*) FILTER (WHERE domain.attempts > before.attempts + 1)
              FROM mail_domain_health domain JOIN %s before ON before.id = domain.id WHERE name LIKE 'd%%.example'
        ''', SQL.identifier(f'bench_before_{turn}')))
        left, twice = env.cr.fetchone()
        looks.append({'began': began, 'ended': ended, 'cpu': cpu, 'database': database, 'queries': queries, 'left': left,
                      'twice': twice, 'mebibytes': mebibytes()})
    return {'looks': looks}


def screens(domains):
    """Seconds that the questions of each screen take, the best of three: the list, Settings, the counts above the list."""
    env['ir.cron'].search([]).active = False
    admin = env.ref('base.user_admin')
    company = admin.company_id
    company.alias_domain_id = env['mail.alias.domain'].create({'name': 'd1.example'})
    report = {
        'version': 2, 'domain': 'x.example', 'state': 'fail', 'findings': [], 'changes': [], 'paths': [],
        'records': [{'area': 'dkim', 'name': f's{number}._domainkey.x.example', 'type': 'TXT', 'ttl': 300,
                     'value': 'v=DKIM1; p=' + 'A' * 400} for number in range(3)],
        **{area: {'state': 'fail', 'code': f'{area}.missing', 'params': {}}
           for area in ('gate', 'spf', 'dkim', 'dmarc', 'receivers')}}
    env.flush_all()
    env.cr.execute(SQL('''
        INSERT INTO mail_domain_health (name, active, state, state_rank, state_since, spf_state, dkim_state, dmarc_state,
               attempts, is_outdated, is_foreign, last_check, last_attempt, next_check, report, records_text, next_change,
               mail_dns_provider_id, create_date)
        SELECT 'd' || n || '.example', TRUE, (ARRAY['fail', 'warning', 'unknown', 'pass'])[n %% 4 + 1], n %% 4,
               now() - n * interval '1 hour', 'fail', 'pass', 'pass', 1, FALSE, FALSE, now(), now(), now() + interval '1 day',
               %(report)s::jsonb, 'd' || n || '.example TXT v=spf1 ip4:198.51.' || n / 250 || '.' || n %% 250 || ' -all',
               '{"action": "create", "type": "TXT", "name": "x.example"}'::jsonb,
               (SELECT id FROM mail_dns_provider OFFSET n %% 40 LIMIT 1), now()
          FROM generate_series(1, %(domains)s) n ON CONFLICT (name) DO NOTHING
    ''', domains=domains, report=json.dumps(report)))
    relation = env['mail.domain.health']._fields['company_ids']
    env.cr.execute(SQL(
        'INSERT INTO %s (%s, %s) SELECT id, %s FROM mail_domain_health ON CONFLICT DO NOTHING', *map(SQL.identifier, (
            relation.relation, relation.column1, relation.column2)), company.id))
    env.cr.execute('''
        INSERT INTO mail_domain_health_finding
               (domain_id, code, name, ordinal, area, severity, severity_rank, first_seen, last_seen)
        SELECT domain.id, code, domain.name, 1, 'spf', 'warning', 1, now(), now()
          FROM mail_domain_health domain, unnest(ARRAY['spf.missing', 'spf.void_lookups', 'dmarc.missing', 'mx.none']) code
            ON CONFLICT DO NOTHING
    ''')
    env.cr.execute(SQL('''
        INSERT INTO mail_domain_health_path (company_id, kind, from_email, author_domain, from_health_id, judge_id, is_used,
               state, state_rank, sent_count, mail_sending_service_id)
        SELECT %s, 'user', 'info@' || name, name, id, id, TRUE, state, state_rank, 5, (SELECT min(id) FROM mail_sending_service)
          FROM mail_domain_health
    ''', company.id))
    env.cr.commit()
    env.cr.execute('ANALYZE')
    env.cr.commit()
    mine = env(user=admin.id, context={'allowed_company_ids': company.ids, 'lang': 'en_US'})
    Health, Settings = mine['mail.domain.health'], mine['res.config.settings']
    # All that the view names: the client asks for columns that are hidden at first, too.
    arch = etree.fromstring(Health.get_view(view_type='list')['arch'])
    fields = {name: {'fields': {'display_name': {}}} if Health._fields[name].relational else {}
              for name in arch.xpath('//field/@name')}
    ours = ('is_foreign', '=', False)
    settings = {name: {} for name in mine['res.config.settings'].get_view(view_type='form')['models']['res.config.settings']}
    acts = {
        'the list': lambda: Health.web_search_read(
            [ours], fields, order='state_rank, state_since, name', limit=80, count_limit=10001),
        'Settings': lambda: Settings.onchange({}, [], settings),
        "the overview's counts": lambda: Health.formatted_read_group([ours], ['state'], ['__count']),
    }
    seconds = {}
    for what, act in acts.items():
        for _turn in range(3):
            mine.invalidate_all()
            start = time.monotonic()
            act()
            seconds[what] = min(seconds.get(what, 1e9), time.monotonic() - start)
    # What Odoo's own settings take is not ours.
    without = {name: spec for name, spec in settings.items() if 'mail_domain' not in name and 'mail_health' not in name}
    others = []
    for _turn in range(3):
        mine.invalidate_all()
        start = time.monotonic()
        Settings.onchange({}, [], without)
        others.append(time.monotonic() - start)
    print(f"Settings without this module's fields: {min(others):.3f} s")
    return {'seconds': seconds}


def in_use(users, partners, messages, failures):
    """What years of use leave in a database that has not got the module yet."""
    make_users(users, "'d' || n %% 300 || '.example'")
    env.cr.execute('''
        INSERT INTO res_partner (name, email, email_normalized, active, type, partner_share)
        SELECT 'Contact ' || n, email, email, TRUE, 'contact', TRUE
          FROM (SELECT n, 'c' || n || '@p' || n %% 4000 || '.example' AS email FROM generate_series(1, %s) n) people
    ''', [partners - users])
    env.cr.execute('''
        WITH messages AS (
            INSERT INTO mail_message (message_type, email_from, record_company_id, date, author_id, create_date)
            SELECT 'email', 'jim' || n || '@d' || n %% 300 || '.example', %s, now() at time zone 'utc' - n * interval '1 minute',
                   (SELECT min(id) FROM res_partner), now() at time zone 'utc'
              FROM generate_series(1, %s) n RETURNING id, date),
        failed AS (SELECT id FROM messages ORDER BY id DESC LIMIT %s)
        INSERT INTO mail_mail (mail_message_id, state, email_to, failure_reason)
        SELECT id, 'exception', 'c' || id || '@elsewhere.example',
               '550 5.7.26 Your email has been blocked because the sender is unauthenticated. Case ' || id FROM failed
    ''', [env.ref('base.main_company').id, messages, failures])
    env.cr.commit()
    env.cr.execute('ANALYZE')
    env.cr.commit()
    return {}


PARTS = {'prepare': prepare, 'work': work, 'screens': screens, 'in_use': in_use}
result = PARTS[ASKED.pop('part')](**ASKED)
print('RESULT', json.dumps(result))
