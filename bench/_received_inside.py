"""The inside of `bench/received.py`, for `odoo shell`: rows made in SQL, then what each page asks."""

import json
import os
import time

from odoo.addons.mail_domain_health.receiving import following

chosen = json.loads(os.environ["BENCH"])
DOMAINS, DAYS = 20, 365

domains = env["mail.domain.health"].create([  # noqa: F821 - `odoo shell` gives it
    {"name": f"d{number}.example", "company_ids": [(6, 0, env.company.ids)]} for number in range(DOMAINS)])  # noqa: F821
reporter = env["mail.domain.health.reporter"].create({"name": "google.com", "is_listed": True})  # noqa: F821
cr = env.cr  # noqa: F821
env.flush_all()  # noqa: F821
cr.execute(
    """
    INSERT INTO mail_domain_health_volume (
           domain_id, date, source, is_network, is_trusted, dkim_aligned, spf_aligned, disposition, messages, by_reporter)
    SELECT (%s::int[])[1 + number %% %s], CURRENT_DATE - (number / %s %% %s),
           '10.' || number %% 251 || '.' || number %% 241 || '.7', false, true,
           number %% 3 = 0, number %% 5 = 0, 'none', 1 + number %% 50, %s || ':1'
      FROM generate_series(1, %s) number
    """, (domains.ids, DOMAINS, DOMAINS, DAYS, reporter.id, chosen["rows"]))
cr.execute("ANALYZE mail_domain_health_volume")
cr.commit()


def timed(call):
    """The median of three, each as the first of a request."""
    found = []
    for _time in range(3):
        env.invalidate_all()  # noqa: F821
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return round(sorted(found)[1], 3)


Summary, Volume = env["mail.domain.health.received"], env["mail.domain.health.volume"]  # noqa: F821
fields = ["domain_id", "messages", "passed", "failed", "failed_share", "unsigned", "refused", "last_date"]
seconds = {
    "the page of one domain": timed(domains[0].read_received),
    "all domains, the worst first": timed(
        lambda: Summary.web_search_read([], {name: {} for name in fields}, limit=80)),
    "the records of one domain": timed(lambda: Volume.web_search_read(
        domains[0].action_open_volume()["domain"], {"date": {}, "source": {}, "messages": {}, "reporters_text": {}}, limit=80)),
    "the chart of one domain": timed(lambda: Volume.formatted_read_group(
        [("domain_id", "=", domains[0].id)], ["date:month", "disposition"], ["messages:sum"])),
    "following the reports of one domain": timed(lambda: following.follow(domains[0].sudo())),
}
print("RESULT " + json.dumps({"seconds": seconds}))
