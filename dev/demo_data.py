"""The demo's story, for `odoo shell`: five companies whose domains are in five different states.

Run as often as you like: what is missing is added, and what is there stays as the user left it.
"""

COMPANIES = [
    # name, domain
    ("Healthy Goods", "healthy.example"),  # everything in order
    ("Bare Bakery", "bare.example"),  # nothing published
    ("Twice Traders", "twice.example"),  # two SPF records
    ("Refused Rentals", "refused.example"),  # SPF misses the server in use, DMARC p=reject
    ("Silent Studio", "silent.example"),  # name servers that do not answer
]


def remember(env, name, make):
    """The record that the demo made under this name, made now if it never was."""
    xml_id = f"demo.{name}"
    record = env.ref(xml_id, raise_if_not_found=False)
    if not record:
        record = make()
        env["ir.model.data"]._update_xmlids([{"xml_id": xml_id, "record": record, "noupdate": True}])
    return record


def company_of(env, name, domain, first):
    """A company of the story with its alias domain; the first one is the database's own, renamed."""
    # As on Odoo.sh; a database of one's own cannot know by itself who delivers its mail.
    odoo = env.ref("mail_domain_health.sending_service_odoo")
    values = {"name": name, "email": f"info@{domain}", "mail_sending_service_id": odoo.id}

    def make():
        alias_domain = env["mail.alias.domain"].search([("name", "=", domain)], limit=1)
        alias_domain = alias_domain or env["mail.alias.domain"].create({"name": domain})
        company = env.ref("base.main_company") if first else env["res.company"].create({"name": name})
        company.write({**values, "alias_domain_id": alias_domain.id})
        return company

    return remember(env, f"company_{domain.partition('.')[0]}", make)


def load(env):
    admin = env.ref("base.user_admin")
    companies = env["res.company"]
    for index, (name, domain) in enumerate(COMPANIES):
        companies |= company_of(env, name, domain, first=index == 0)
    if not admin.email or admin.email.endswith("@example.com"):
        admin.email = "admin@healthy.example"
    admin.write({"company_ids": [(4, company.id) for company in companies]})
    # The first page would otherwise wait for its style sheets and scripts.
    env["ir.qweb"]._pregenerate_assets_bundles()
    env.cr.commit()
    # Odoo's scheduler takes up to a minute to begin: the first page is not to be empty.
    if not env["mail.domain.health"].search_count([("last_check", "!=", False)]):
        env["mail.domain.health"]._cron_check()


load(env)  # noqa: F821 - `odoo shell` gives it
