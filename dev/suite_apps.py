"""What Odoo's apps send, as whom; and what a real server sends inside a transaction that it undoes."""

from __future__ import annotations

import sys
from pathlib import Path

import python_packages
from odoo_process import MODULE, Odoo, dependencies
from places import engine
from postgres import run_sql
from speech import say
from suite_odoo import new_log
from suite_sending import tests_with_sink
from suite_server import Client
from tally import Tally
from test_database import fresh_odoo

APPS = (
    "auth_signup", "calendar", "crm", "digest", "event", "hr_expense", "hr_holidays", "hr_recruitment", "im_livechat",
    "mail_group", "mass_mailing", "portal", "project", "purchase", "sale_management", "stock", "survey",
    "website_crm_partner_assign", "website_sale",
)
RESETS = 5
# Runs in `odoo shell` before the server starts.
PREPARE = """
company = env.company
company.alias_domain_id = env['mail.alias.domain'].create({{'name': 'ours.example'}})
company.email = 'office@ours.example'
env['ir.mail_server'].search([]).unlink()
env['ir.mail_server'].create({{
    'name': "Sink", 'smtp_host': '{host}', 'smtp_port': {port}, 'smtp_encryption': 'none', 'from_filter': 'ours.example'}})
for number in range({resets}):
    env['res.users'].with_context(no_reset_password=True).create({{
        'name': f'R{{number}}', 'login': f'reset{{number}}@elsewhere.example', 'email': f'reset{{number}}@elsewhere.example'}})
env.cr.commit()
"""


def run() -> Tally:
    log = new_log("apps")
    packages = python_packages.sending()
    tally = Tally()
    with fresh_odoo([*dependencies(), *APPS]) as (odoo, database):
        say("What Odoo's apps send, into a real mail server ...")
        tally.add(tests_with_sink(odoo, database, log, packages, ("TestAppsSend", "TestPathOrganizer", "TestLink"), "-i", MODULE))
        say("What a real server sends inside a transaction that it undoes ...")
        tally.add(_undone(odoo, database, log, packages))
    say(f"  log: {log}")
    return tally


def _undone(odoo: Odoo, database: str, log: Path, packages: Path) -> Tally:
    tally = Tally()
    sys.path[1:1] = [str(engine()), str(packages)]
    from mailauth.tests.smtp_sink import SmtpSink

    with SmtpSink() as sink:
        host, port = sink.address
        script = odoo.home / "prepare_sending.py"
        script.write_text(PREPARE.format(host=host, port=port, resets=RESETS))
        odoo.shell(database, script, what="Preparing the database")
        with odoo.start("-d", database, log=log):
            client = Client(odoo, database)
            for test in (resets_are_counted, mail_of_a_failing_request_is_counted):
                tally.attempt("apps", test, client, sink)
    return tally


def _counted(client: Client, *, foreseen: bool | None = None) -> int:
    [(count,)] = run_sql(
        client.odoo.variables, client.database,
        "SELECT COALESCE(SUM(messages), 0) FROM mail_domain_health_sent WHERE %s IS NULL OR (path_id <> 0) = %s",
        (foreseen, foreseen))
    return count


def resets_are_counted(client: Client, sink) -> None:
    """Core sends password resets inside a savepoint that it rolls back; they have left all the same."""
    before = _counted(client)
    users = client.call("res.users", "search", [[("login", "like", "reset%@elsewhere.example")]])
    assert len(users) == RESETS, users
    client.call("res.users", "action_reset_password", [users])
    received = sink.take()
    assert len(received) == RESETS, received
    assert _counted(client) - before == RESETS, (before, _counted(client))
    assert not _counted(client, foreseen=False)


def mail_of_a_failing_request_is_counted(client: Client, sink) -> None:
    """The whole transaction is undone, and the mail has left."""
    before = _counted(client)
    mails = client.call("mail.mail", "create", [[{
        "email_from": "office@ours.example", "email_to": to, "subject": "Hello", "body_html": "<p>Hello</p>"}
        for to in ("a@elsewhere.example", "b@elsewhere.example")]])
    [model] = client.call("ir.model", "search", [[("model", "=", "mail.mail")]])
    action = client.call("ir.actions.server", "create", [{
        "name": "Send and fail", "state": "code", "model_id": model,
        "code": "records.send()\nraise UserError('and then it fails')"}])
    try:
        client.call("ir.actions.server", "run", [[action]], context={
            "active_model": "mail.mail", "active_ids": mails, "active_id": mails[0]})
    except AssertionError as error:
        assert "and then it fails" in str(error), error
    else:
        raise AssertionError("the request did not fail")
    assert len(sink.take()) == 2
    assert _counted(client) - before == 2, (before, _counted(client))
