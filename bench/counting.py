"""What counting costs the sender of a mail: `mail.mail.send()` with and without it, in turns, one commit a mail.

The mail server is this process (a session that takes everything), so that nothing but Odoo's own
work and the database's is measured. A mail may take 5 percent longer.
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

MAILS = 1000  # half of them counted
MIN_RATIO = 1 / 1.05  # a counted mail takes at most 5 percent longer
# Runs in `odoo shell`.
MEASURE = """
import json, smtplib, statistics, time
from unittest.mock import patch

class Session:
    def send_message(self, message, smtp_from, smtp_to_list): pass
    def quit(self): pass
    def set_debuglevel(self, level): pass
    def ehlo_or_helo_if_needed(self): pass

env['mail.alias.domain'].create({{'name': 'ours.example'}})
env['ir.mail_server'].create({{'name': 'Ours', 'smtp_host': 'smtp.test', 'from_filter': 'ours.example'}})
env.cr.commit()
Mail, Server = env.registry['mail.mail'], env.registry['ir.mail_server']
Sent = env['mail.domain.health.sent']

def mails(count):
    created = env['mail.mail'].create([{{
        'subject': 'Hello', 'body_html': '<p>Hello</p>', 'email_from': 'jim@ours.example',
        'email_to': 'customer@elsewhere.example', 'auto_delete': True,
    }} for _ in range(count)])
    env.cr.commit()
    return created

def send(mail, counted):
    start = time.perf_counter()
    if counted:
        mail.send(auto_commit=True)
    else:
        with patch('odoo.addons.mail_domain_health.sending.measuring.note', lambda cr, departure: None):
            mail.send(auto_commit=True)
    return 1000 * (time.perf_counter() - start)

with patch('smtplib.SMTP', lambda *args, **kwargs: Session()):
    for mail in mails(20):
        send(mail, True), send(mail, False)
    before = Sent.search_count([])
    times = {{True: [], False: []}}
    # In turns, mail by mail: whatever else this machine does meets both alike.
    for number, mail in enumerate(mails({mails})):
        counted = number % 2 == 0
        times[counted].append(send(mail, counted))
    rows = Sent.search_count([]) - before
print('RESULT', json.dumps({{'with': statistics.median(times[True]), 'without': statistics.median(times[False]),
                             'rows': rows}}))
"""


def main() -> int:
    chosen = parser(__doc__).parse_args()
    with fresh_odoo(dependencies()) as (odoo, database):
        odoo.run("-d", database, "-i", MODULE, "--stop-after-init", "--no-http", what="Installing the module")
        script = odoo.home / "measure.py"
        script.write_text(MEASURE.format(mails=MAILS))
        output = odoo.shell(database, script, what="Sending with and without counting")
    result = json.loads(next(line for line in output.splitlines() if "RESULT" in line).partition("RESULT ")[2])
    print(f"  {result['rows']} rows were written for {MAILS // 2} mails that were counted", flush=True)
    return show([row(
        "one mail, committed by itself, ms: counted, beside not counted", result["with"], theirs=result["without"],
        ratio_at_least=MIN_RATIO, ok=result["rows"] == MAILS // 2)], chosen.json)


if __name__ == "__main__":
    sys.exit(main())
