# What bench/overview.py measures, in `odoo shell`.
import json
import os
import time

from lxml import etree

from odoo.tools import SQL

env = globals()['env']  # of `odoo shell`
DOMAINS = json.loads(os.environ['BENCH'])['domains']
PAGE = 80  # rows that a list shows at once
admin = env.ref('base.user_admin')
company = admin.company_id
# A report as it is stored weighs some kilobytes; what the list needs of it is in columns.
REPORT = {
    'version': 2, 'domain': 'x.example', 'state': 'fail', 'findings': [], 'changes': [], 'paths': [],
    'records': [{'area': 'dkim', 'name': f's{number}._domainkey.x.example', 'type': 'TXT', 'value': 'v=DKIM1; p=' + 'A' * 400,
                 'ttl': 300} for number in range(3)],
    **{area: {'state': 'fail', 'code': f'{area}.missing', 'params': {}}
       for area in ('gate', 'spf', 'dkim', 'dmarc', 'receivers')}}
env['ir.cron'].search([]).active = False
env.cr.execute(SQL('''
    INSERT INTO mail_domain_health (name, active, state, state_rank, state_since, spf_state, dkim_state, dmarc_state, attempts,
           is_outdated, is_foreign, last_check, next_check, report, records_text, next_change, mail_dns_provider_id, create_date)
    SELECT 'd' || n || '.example', TRUE, (ARRAY['fail', 'warning', 'unknown', 'pass'])[n %% 4 + 1], n %% 4,
           now() - n * interval '1 hour', 'fail', 'pass', 'pass', 1, FALSE, FALSE, now(), now() + interval '1 day',
           %(report)s::jsonb,
           'd' || n || '.example TXT v=spf1 ip4:198.51.' || n / 250 || '.' || n %% 250 || ' -all' || chr(10) || %(text)s,
           '{"action": "create", "type": "TXT", "name": "x.example"}'::jsonb,
           (SELECT id FROM mail_dns_provider OFFSET n %% 40 LIMIT 1), now()
      FROM generate_series(1, %(domains)s) n
''', domains=DOMAINS, report=json.dumps(REPORT), text='\n'.join(record['value'] for record in REPORT['records'])))
relation = env['mail.domain.health']._fields['company_ids']
env.cr.execute(SQL(
    'INSERT INTO %s (%s, %s) SELECT id, %s FROM mail_domain_health', *map(SQL.identifier, (
        relation.relation, relation.column1, relation.column2)), company.id))
env.cr.execute(SQL('''
    INSERT INTO mail_domain_health_finding (domain_id, code, name, ordinal, area, severity, severity_rank, first_seen, last_seen)
    SELECT domain.id, code, domain.name, 1, 'spf', 'warning', 1, now(), now()
      FROM mail_domain_health domain, unnest(ARRAY['spf.missing', 'spf.void_lookups', 'dmarc.missing', 'mx.none']) code
'''))
env.cr.execute(SQL('''
    INSERT INTO mail_domain_health_check (domain_id, date, state)
    SELECT domain.id, now() - days * interval '1 day', (ARRAY['fail', 'warning', 'pass'])[days %% 3 + 1]
      FROM mail_domain_health domain, generate_series(1, 400, 100) days
'''))
env.cr.execute(SQL('''
    INSERT INTO mail_domain_health_path (company_id, kind, from_email, author_domain, from_health_id, judge_id, is_used, state,
           state_rank, sent_count, mail_sending_service_id)
    SELECT %s, 'user', 'info@' || name, name, id, id, TRUE, 'fail', 0, 5, (SELECT min(id) FROM mail_sending_service)
      FROM mail_domain_health
''', company.id))
env.cr.commit()
env.cr.execute('ANALYZE')
env.cr.commit()
env = env(user=admin.id, context={'allowed_company_ids': company.ids, 'lang': 'en_US'})
Health = env['mail.domain.health']
# All that the view names: the client asks for columns that are hidden at first, too.
arch = etree.fromstring(Health.get_view(view_type='list')['arch'])
fields = {name: {'fields': {'display_name': {}}} if Health._fields[name].relational else {}
          for name in arch.xpath('//field/@name')}
ORDER = 'state_rank, state_since, name'
OURS = ('is_foreign', '=', False)
seconds = {}


def measured(what, act, turns=3):
    best = None
    for _turn in range(turns):
        env.invalidate_all()
        queries, start = env.cr.sql_log_count, time.monotonic()
        act()
        best = min(best or 1e9, time.monotonic() - start)
    seconds[what] = best
    return env.cr.sql_log_count - queries


def page(*domain, offset=0):
    return Health.web_search_read([OURS, *domain], fields, order=ORDER, limit=PAGE, offset=offset, count_limit=10001)


queries = measured('a page of the list', page)
measured('the last page of the list', lambda: page(offset=DOMAINS - PAGE))
measured('the cards', lambda: Health.formatted_read_group([OURS], ['state'], ['__count']))
for what, domain in {
    'a record': ('records_text', 'ilike', '198.51.7.77'),
    'words that many records have': ('records_text', 'ilike', 'v=spf1'),
    'a finding': ('finding_text', 'ilike', 'spf.void_lookups'),
    'a service': ('path_ids', 'any', [('is_used', '=', True), ('mail_sending_service_id', 'ilike', 'o')]),
    'a DNS host': ('mail_dns_provider_id', 'ilike', 'ovh'),
    'a company': ('company_ids', 'ilike', company.name),
}.items():
    measured(f'the page found by {what}', lambda domain=domain: page(domain))
measured('the page of those that I am responsible for', lambda: page(
    '|', ('user_id', '=', admin.id), '&', ('user_id', '=', False), ('company_ids.mail_health_user_id', '=', admin.id)))
measured('the weeks of a year', lambda: env['mail.domain.health.history'].formatted_read_group(
    [OURS], ['date:week', 'state'], ['domain_count:count_distinct']), turns=1)
wizard = env['mail.domain.health.import'].create({
    'company_id': company.id, 'sends_nothing': True, 'text': '\n'.join(f'new{number}.example' for number in range(DOMAINS))})
measured('importing as many', wizard.action_import, turns=1)
env.cr.rollback()
print('RESULT', json.dumps({'seconds': seconds, 'queries': queries}))
