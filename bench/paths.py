"""A database with 10,000 users and 50 companies: its paths within 3 seconds, a report open within 1.

The paths are computed three times: for the first time (every row is written), again with nothing
changed, which is what each scheduled run does, and after every company's sender changed. The report is what the
web client reads of a domain to open it: `web_read` of every field of the form, in a fresh process's cache.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

DEV = Path(__file__).resolve().parent.parent / "dev"
sys.path.insert(0, str(DEV))

from _rows import parser, row, show  # noqa: E402

from odoo_process import MODULE, dependencies  # noqa: E402
from test_database import fresh_odoo  # noqa: E402

USERS = 10_000
COMPANIES = 50
LIMITS = {"first": 3.0, "again": 3.0, "changed": 3.0, "open": 1.0}  # seconds
# Runs in `odoo shell`. A third of the users have an address at their company's domain, a third at one
# that all companies share, a third at a freemail provider; some addresses are named by filters or have a server.
MEASURE = """
import json, time
from odoo.tools import SQL
env['ir.config_parameter'].set_param('mail_domain_health.nameservers', '127.0.0.1:1')
# Written in SQL: how long Odoo takes to create users is not measured.
companies = env['res.company'].create([{{'name': 'Company %d' % n}} for n in range({companies})])
alias_domains = env['mail.alias.domain'].create([{{'name': 'c%d.example' % n}} for n in range({companies})])
for company, alias_domain in zip(companies, alias_domains):
    company.write({{'alias_domain_id': alias_domain.id, 'email': 'info@' + alias_domain.name}})
env.cr.precommit.clear()
env.flush_all()
env.cr.execute(SQL('''
    WITH people AS (
        SELECT n, (%s::int[])[n %% {companies} + 1] AS company_id, 'u' || n || '@' || CASE n / {companies} %% 3
               WHEN 0 THEN 'c' || n %% {companies} || '.example' WHEN 1 THEN 'shared.example' ELSE 'gmail.com' END AS email
          FROM generate_series(0, {users} - 1) n),
    partners AS (
        INSERT INTO res_partner (name, email, email_normalized, active, company_id, type, partner_share)
        SELECT 'User ' || n, email, email, TRUE, NULL, 'contact', FALSE FROM people RETURNING id, email)
    INSERT INTO res_users (login, partner_id, company_id, active, share, notification_type)
    SELECT partners.email, partners.id, people.company_id, TRUE, FALSE, 'email' FROM partners JOIN people USING (email)
''', companies.ids))
env.cr.execute('''INSERT INTO res_company_users_rel (cid, user_id)
                  SELECT company_id, id FROM res_users ON CONFLICT DO NOTHING''')
env.invalidate_all()
owners = env['res.users'].search([('login', 'in', ['u%d@c%d.example' % (n, n) for n in range(10)])])
env['ir.mail_server'].create([
    {{'name': 'First', 'smtp_host': 'smtp-relay.brevo.com',
      'from_filter': 'c0.example, c1.example, shared.example, u107@gmail.com'}},
    {{'name': 'Second', 'smtp_host': 'smtp.gmail.com', 'from_filter': 'c2.example', 'smtp_user': 'u2@c2.example'}},
    *({{'name': user.name, 'smtp_host': 'smtp.gmail.com', 'from_filter': user.email, 'smtp_user': user.email,
       'owner_user_id': user.id}} for user in owners),
])
env['mail.template'].create([
    {{'name': 'Template %d' % n, 'model_id': env.ref('base.model_res_partner').id,
      'email_from': 'sales%d@shared.example' % n if n % 2 else False}} for n in range(6)])
env.cr.precommit.clear()
env.cr.commit()
Path = env['mail.domain.health.path']
seconds, cpu, every = {{}}, {{}}, env['res.company'].search([('active', '=', True)])

def measure(name):
    env.flush_all()
    env.invalidate_all()
    start, cpu[name] = time.perf_counter(), -time.process_time()
    env['mail.domain.health']._refresh()
    env.flush_all()
    seconds[name] = time.perf_counter() - start
    cpu[name] += time.process_time()

measure('first')
env.cr.commit()
paths = Path.search_count([('company_id', 'in', every.ids)])
again = Path.search([]).ids
measure('again')
assert Path.search([]).ids == again
alias_domains.default_from = 'news'
env.cr.precommit.clear()
for alias_domain in alias_domains:
    alias_domain.name = 'new-' + alias_domain.name
env.cr.precommit.clear()
measure('changed')
shared = env['mail.domain.health'].search([('name', '=', 'shared.example')])
env.flush_all()
user = env.ref('base.user_admin')
user.write({{'company_ids': [(6, 0, every.ids)]}})
env.cr.precommit.clear()
env.cr.commit()
seen = env(user=user, context={{'allowed_company_ids': every.ids}})['mail.domain.health'].browse(shared.id)
view = seen.get_view(view_type='form')
fields = env['mail.domain.health'].get_views([(False, 'form')])['models']['mail.domain.health']['fields']
specification = {{name: {{}} for name in fields if name in seen._fields}}
env.invalidate_all()
start = time.perf_counter()
read = seen.web_read(specification)[0]
seconds['open'] = time.perf_counter() - start
print('RESULT', json.dumps({{'seconds': seconds, 'cpu': cpu, 'paths': paths, 'uses': len(read['uses'] or ())}}))
"""


def main() -> int:
    chosen = parser(__doc__).parse_args()
    with fresh_odoo(dependencies()) as (odoo, database):
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module")
        script = odoo.home / "measure.py"
        script.write_text(MEASURE.format(users=USERS, companies=COMPANIES))
        output = odoo.shell(database, script, what="The paths of a large database")
    result = json.loads(next(line for line in output.splitlines() if "RESULT" in line).partition("RESULT ")[2])
    print(f"  {USERS:,} users, {COMPANIES} companies, {result['paths']} paths; one domain used {result['uses']} times",
          flush=True)
    rows = []
    for name, what in (("first", "paths for the first time"), ("again", "paths, nothing changed"),
                       ("changed", "paths, every sender changed"), ("open", "the report opens")):
        rows.append(row(f"{what}, s", result["seconds"][name], at_most=LIMITS[name], ok=bool(result["uses"])))
        if name in result["cpu"]:
            rows.append(row(f"{what}, s of CPU", result["cpu"][name]))
    return show(rows, chosen.json)


if __name__ == "__main__":
    sys.exit(main())
