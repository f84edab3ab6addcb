"""The demo's story, for `odoo shell`: five companies whose domains are in five different states.

Run as often as you like: what is there is brought up to date, what a user added stays.
"""

COMPANIES = [
    # company, domain
    ("Healthy Goods", "healthy.example"),  # everything in order
    ("Bare Bakery", "bare.example"),  # nothing published
    ("Twice Traders", "twice.example"),  # two SPF records
    ("Refused Rentals", "refused.example"),  # SPF misses the server in use, DMARC p=reject
    ("Silent Studio", "silent.example"),  # name servers that do not answer
]


def company_of(env, name, domain, first):
    """The company of the story; the first one is the database's own, renamed."""
    alias_domain = env["mail.alias.domain"].search([("name", "=", domain)], limit=1)
    company = alias_domain.company_ids[:1] or env["res.company"].search([("name", "=", name)], limit=1)
    if not company:
        if first:
            company = env.ref("base.main_company")
            company.write({"name": name, "email": f"info@{domain}"})
        else:
            company = env["res.company"].create({"name": name, "email": f"info@{domain}"})
    if not alias_domain:
        alias_domain = env["mail.alias.domain"].create({"name": domain})
    if company.alias_domain_id != alias_domain:
        company.alias_domain_id = alias_domain
    return company


def load(env):
    admin = env.ref("base.user_admin")
    admin.email = "admin@healthy.example"
    odoo = env.ref("mail_domain_health.sending_service_odoo")
    companies = env["res.company"]
    for index, (name, domain) in enumerate(COMPANIES):
        companies |= company_of(env, name, domain, first=index == 0)
    # As on Odoo.sh; a database of one's own cannot know by itself who delivers its mail.
    companies.filtered(lambda company: not company.mail_sending_service_id).mail_sending_service_id = odoo
    admin.write({"company_ids": [(4, company.id) for company in companies]})
    # The first page would otherwise wait for its style sheets and scripts.
    env["ir.qweb"]._pregenerate_assets_bundles()
    env.cr.commit()


load(env)  # noqa: F821 - `odoo shell` gives it
