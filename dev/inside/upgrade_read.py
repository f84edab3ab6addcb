"""Reads all that is stored as the screens do, for `odoo shell`; prints the problems as a JSON list in its last line."""

import json
import traceback

env = env  # noqa: F821, PLW0127 - `odoo shell` gives it
MODULE = "mail_domain_health"
problems = []


def attempt(what, do):
    try:
        with env.cr.savepoint():
            do()
    except Exception:  # noqa: BLE001 - whatever it is, it is to be told
        problems.append(f"{what}: {traceback.format_exc()[-1500:]}")


def models():
    """The module's own models with a table."""
    known = env["ir.model.data"].search([("module", "=", MODULE), ("model", "=", "ir.model")])
    names = env["ir.model"].browse(known.mapped("res_id")).exists().mapped("model")
    for name in names:
        model = env[name]
        if not model._abstract and not model._transient and name.startswith(("mail.domain", "mail.sending", "mail.dns")):
            yield model.with_user(env.ref("base.user_admin")).sudo().with_context(
                active_test=False, allowed_company_ids=env["res.company"].search([]).ids)


def read_everything(model):
    for record in model.search([]):
        for name in model._fields:
            attempt(f"{model._name} {record.id} {name}", lambda record=record, name=name: record.read([name]))


def open_settings(company):
    """What the web client asks for when the page is opened, and when it is saved unchanged."""
    settings = env["res.config.settings"].with_user(env.ref("base.user_admin")).with_company(company).with_context(
        allowed_company_ids=company.ids)
    arch = settings.get_views([(False, "form")])["models"]["res.config.settings"]["fields"]
    values = settings.onchange({}, [], {name: {} for name in arch})["value"]
    page = settings.create({name: values[name] for name in ("company_id",) if name in values})
    for name in page._fields:
        if "mail" in name or "sent" in name or "sender" in name:
            page.read([name])


for each in models():
    read_everything(each)
for company in env["res.company"].search([]):
    attempt(f"Settings of {company.name}", lambda company=company: open_settings(company))
env.cr.rollback()
print(json.dumps(problems[:20]))
