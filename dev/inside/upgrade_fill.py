"""Uses the older version as people do, for `odoo shell`: $FILL_HALF "first", then "second" when the DNS has changed."""

import os
import sys
from datetime import timedelta

sys.path.insert(0, os.environ["DEMO_FOLDER"])

env = env  # noqa: F821, PLW0127 - `odoo shell` gives it
Health = env["mail.domain.health"]
Finding = env["mail.domain.health.finding"]
Path = env["mail.domain.health.path"]
Parameter = env["ir.config_parameter"]


def domain(name):
    return Health.search([("name", "=", name)])


def first_half():
    from demo_stories import tell

    Parameter.set_param("mail_domain_health.nameservers", os.environ["RESOLVER"])
    for story in ("senders", "domains", "strangers"):
        tell(env, story)
    _settings()
    _catalog()
    env.cr.commit()
    Health._refresh()
    for found in Health.search([]):
        found.check_now()
    env.cr.commit()


def _settings():
    for key, value in {
        "mail_domain_health.odoo_daily_limit": "150", "mail_domain_health.honour_legacy_sender": "True",
        "mail.dynamic.smtp.from": "office@healthy.example", "mail.catchall.domain": "healthy.example",
    }.items():
        Parameter.set_param(key, value)
    env.ref("mail_domain_health.ir_cron_mail_domain_health_check").write({"interval_number": 5, "interval_type": "hours"})
    admin = env.ref("base.user_admin")
    env["res.company"].search([]).write({"mail_health_user_id": admin.id})
    domain("two.example").write({"dkim_selectors": "s1, s2", "dmarc_report_address": "reports@two.example"})
    domain("partner.example").action_disclaim()


def _catalog():
    env.ref("mail_domain_health.sending_service_brevo").write(
        {"note": "Ask Ann before changing anything", "spf_term": "include:spf.ours.example"})
    env.ref("mail_domain_health.sending_service_google").sequence = 3
    env["mail.sending.service"].create({
        "name": "Our own relay", "code": "own_relay", "spf_term": "ip4:198.51.100.77", "signs": False})
    provider = env["mail.dns.provider"].search([], limit=1)
    provider.note = "The password is in the safe"


def second_half():
    healthy = domain("healthy.example")
    _break(healthy)
    healthy.message_post(body="Who changed our DNS?", message_type="comment", subtype_xmlid="mail.mt_comment")
    healthy.activity_schedule("mail.mail_activity_data_todo", summary="Call the hosting company",
                              user_id=env.ref("base.user_admin").id)
    lasting = Finding.search([("resolved_on", "=", False)], order="id")
    lasting[:3].action_mute()
    lasting[3:4].write({"muted_until": env.cr.now() - timedelta(days=1), "muted_by_id": env.uid})
    _what_receivers_said()
    _what_left()
    bare = domain("bare.example")
    for number, change in enumerate(bare._get_needed_changes()):
        bare._remember_published(f"key-{number}", change, {"seconds": 86400})
    env.cr.commit()
    Health._refresh()
    assert healthy.message_ids.filtered(lambda message: message.message_type == "notification"), "the break was not told"
    assert healthy.activity_ids.filtered("automated"), "the break caused no activity"
    assert Finding.search_count([("resolved_on", "!=", False)]), "no finding was resolved"
    assert Path.search_count([("sent_count", ">", 0)]), "no way has a count"
    assert Path.search([]).filtered(lambda path: (path.evidence or {}).get("heard")), "no refusal was read"
    env.cr.commit()


def _break(broken):
    """Looked at twice, ten minutes apart, as far as the stored time tells."""
    broken.check_now()
    memory = dict(broken.memory)
    for known in memory.values():
        if known.get("pending_since"):
            known["pending_since"] = "2026-01-01T00:00:00"
    broken.memory = memory
    broken.check_now()
    twice = domain("twice.example")
    first = twice.finding_ids.filtered(lambda finding: not finding.resolved_on)[:1]
    first.resolved_on = env.cr.now()


def _what_receivers_said():
    company = env["res.company"].search([("alias_domain_id.name", "=", "refused.example")], limit=1)
    sender = f"info@{company.alias_domain_id.name}"
    for number in range(4):
        env["mail.mail"].create({
            "email_from": sender, "email_to": f"customer{number}@gmail.com", "subject": "Your invoice", "state": "exception",
            "record_alias_domain_id": company.alias_domain_id.id, "record_company_id": company.id,
            "failure_type": "unknown",
            "failure_reason": "550-5.7.26 Your email has been blocked because the sender is unauthenticated. Gmail"
                              " requires all senders to authenticate with either SPF or DKIM. 550 5.7.26 SPF did not pass",
        })
    Path._read_evidence(env["res.company"].search([]))


def _what_left():
    sent = env["mail.domain.health.sent"]
    now = env.cr.now().replace(tzinfo=None, microsecond=0)
    ways = Path.search([], limit=12)
    for number, path in enumerate(ways):
        for days in (0, 1, 9, 40):
            sent.create({"path_id": path.id, "mail_server_id": path.mail_server_id.id or 0,
                         "sent_on": now - timedelta(days=days), "messages": number + days + 1})
    sent.create({"path_id": 0, "mail_server_id": 0, "sent_on": now, "messages": 5})
    Parameter.set_param("mail_domain_health.measured_since", str(now - timedelta(days=45)))
    server = env["ir.mail_server"].search([], limit=1)
    env["mail.sending.observation"].create([
        {"mail_server_id": server.id, "from_domain": "two.example", "egress": "198.51.100.9", "receiver": "mx.partner.example",
         "signing_domain": "two.example", "selectors": "s1 s2", "envelope": "keep", "envelope_domain": "two.example"},
        {"company_id": env.ref("base.main_company").id, "from_domain": "healthy.example", "egress": "198.51.100.10"},
    ])
    Health._learn_from_mail()  # counts


{"first": first_half, "second": second_half}[os.environ["FILL_HALF"]]()
