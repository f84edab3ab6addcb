"""The stories that the demo tells, one database each: a company, or a few, for each thing that can be seen.

``domains`` has a company for each state of a domain. The others have one for each finding about the
ways that mail leaves; outgoing mail servers are everybody's in Odoo, so what needs a database
without them, or with a single one, is a story of its own.
"""

DOMAINS = [
    # name, domain
    ("Healthy Goods", "healthy.example"),  # everything in order
    ("Bare Bakery", "bare.example"),  # nothing published
    ("Twice Traders", "twice.example"),  # two SPF records
    ("Refused Rentals", "refused.example"),  # SPF misses the server in use, DMARC p=reject
    ("Silent Studio", "silent.example"),  # name servers that do not answer
]
SENDERS = [
    ("Everybody's Templates", "templates.example"),  # templates: a forced server, a partner's sender; an idle server
    ("Borrowed Bikes", None),  # no alias domain: its mail leaves as the first company
    ("Freemail Florist", "florist.example"),  # a user's address at freemail.example stays, and that asks for reject
    ("Gmail Garage", "garage.example"),  # the account of the Gmail server is not the sender
    ("Outlook Office", "office.example"),  # the same with Outlook
    ("Capital Cars", "Capital.Example"),  # capital letters that an exact filter misses
    ("Elsewhere Events", "elsewhere.example"),  # the default sender is at brand.example
    ("Deaf Design", "deaf.example"),  # answers cannot arrive
    ("Two Traders", "two.example"),  # Google and OVHcloud, and SPF permits Google alone
    ("Personal Post", "personal.example"),  # a user's own mail server, at private.example
]
SERVERS = [
    # name, host, filter, service, more
    ("Odoo's own servers", None, False, None, {"smtp_authentication": "cli", "sequence": 100}),
    ("Idle Relay", "smtp-relay.idle.example", "templtes.example", None, {"sequence": 200}),
    ("Newsletter Relay", "smtp-relay.brevo.com", "newsletter.example", "brevo", {"sequence": 201}),
    ("Partner's Relay", "smtp.partner.example", "partner.example", None, {}),
    ("Florist's Relay", "smtp-relay.brevo.com", "florist.example, freemail.example", "brevo", {}),
    ("Garage's Gmail", "smtp.gmail.com", "garage.example", "google", {"smtp_user": "workshop@garage.example"}),
    ("Office's Outlook", "smtp.office365.com", "office.example", "microsoft", {"smtp_user": "desk@office.example"}),
    ("Cars' Relay", "smtp-relay.brevo.com", "notifications@capital.example", "brevo", {}),
    ("Traders' Google", "smtp-relay.gmail.com", "two.example", "google", {}),
    ("Traders' OVHcloud", "ssl0.ovh.net", "notifications@two.example", "ovh", {}),
]
USERS = [
    # name, address, company
    ("Tess", "tess@templates.example", "Everybody's Templates"),
    ("Bob", "bob@borrowed.example", "Borrowed Bikes"),
    ("Rose", "rose@freemail.example", "Freemail Florist"),
    ("Tom", "tom@two.example", "Two Traders"),
    ("Pat", "pat@private.example", "Personal Post"),
]


def tell(env, story):
    """Add to the database what the story needs and it has not yet."""
    stories = {"domains": _domains, "senders": _senders, "plain": _plain, "strangers": _strangers, "queue": _queue,
               "lonely": _lonely}
    stories[story](env)
    # The first page would otherwise wait for its style sheets and scripts.
    env["ir.qweb"]._pregenerate_assets_bundles()
    env.cr.commit()
    # Odoo's scheduler takes up to a minute to begin: the first page is not to be empty.
    if not env["mail.domain.health"].search_count([("last_check", "!=", False)]):
        env["mail.domain.health"]._cron_check()


def _domains(env):
    _companies(env, DOMAINS)
    # Users keep their own addresses, and strangers' mail is passed on as ours.
    _remember(env, "from_filter", lambda: env["ir.config_parameter"].create({
        "key": "mail.default.from_filter", "value": ", ".join(domain for _name, domain in DOMAINS)}))


def _plain(env):
    _companies(env, [("Plain Plumbing", "plain.example")])


def _strangers(env):
    company = _companies(env, [("Strange Stationers", None)])["Strange Stationers"]
    _user(env, "Nora", "nora@noalias.example", company)


def _queue(env):
    _companies(env, [("Main Office", "main.example"), ("Branch Office", "branch.example")])
    _remember(env, "from_filter", lambda: env["ir.config_parameter"].create({
        "key": "mail.default.from_filter", "value": "main.example"}))


def _lonely(env):
    _companies(env, [("Lonely Lamps", "lonely.example")])
    _server(env, "Only Relay", "smtp-relay.brevo.com", "another.example", "brevo", {})


def _senders(env):
    for row in SERVERS:
        _server(env, *row)
    companies = _companies(env, SENDERS)
    for name, email, company in USERS:
        _user(env, name, email, companies[company])
    elsewhere = companies["Elsewhere Events"].alias_domain_id
    _once(env, "brand", lambda: elsewhere.write({"default_from": "hello@brand.example"}))
    pat = env.ref("demo.user_pat")
    _remember(env, "server_pat", lambda: env["ir.mail_server"].create({
        "name": "Pat's own server", "smtp_host": "smtp.private.example", "smtp_user": pat.email,
        "from_filter": pat.email, "owner_user_id": pat.id}))
    partner = env["ir.model"]._get("res.partner").id
    _remember(env, "template_forced", lambda: env["mail.template"].create({
        "name": "Newsletter", "model_id": partner, "email_from": "{{ user.email_formatted }}",
        "mail_server_id": env.ref("demo.server_newsletter_relay").id}))
    _remember(env, "template_partner", lambda: env["mail.template"].create({
        "name": "Joint Offer", "model_id": partner, "email_from": "Our Partner <offers@partner.example>"}))
    env["mail.domain.health"]._refresh()
    freemail = env["mail.domain.health"].search([("name", "=", "freemail.example")])
    _once(env, "freemail", freemail.action_disclaim)


def _companies(env, rows):
    """The companies of a story by name; the first one is the database's own, renamed. All are the administrator's."""
    admin = env.ref("base.user_admin")
    companies = {name: _company(env, name, domain, index == 0) for index, (name, domain) in enumerate(rows)}
    if not admin.email or admin.email.endswith("@example.com"):
        admin.email = f"admin@{rows[0][1] or 'noalias.example'}"
    admin.write({"company_ids": [(4, company.id) for company in companies.values()]})
    return companies


def _company(env, name, domain, first):
    # As on Odoo.sh; a database of one's own cannot know by itself who delivers its mail.
    odoo = env.ref("mail_domain_health.sending_service_odoo")
    values = {"name": name, "email": f"info@{domain.lower()}" if domain else False, "mail_sending_service_id": odoo.id}

    def make():
        alias_domain = env["mail.alias.domain"]
        if domain:
            alias_domain = alias_domain.search([("name", "=", domain)], limit=1) or alias_domain.create({"name": domain})
        company = env.ref("base.main_company") if first else env["res.company"].create({"name": name})
        company.write({**values, "alias_domain_id": alias_domain.id})
        return company

    return _remember(env, f"company_{(domain or _slug(name)).partition('.')[0].lower()}", make)


def _server(env, name, host, from_filter, service, values):
    known = service and env.ref(f"mail_domain_health.sending_service_{service}")
    return _remember(env, f"server_{_slug(name)}", lambda: env["ir.mail_server"].create({
        "name": name, "smtp_host": host, "from_filter": from_filter, **values,
        **({"mail_sending_service_id": known.id} if known else {})}))


def _user(env, name, email, company):
    return _remember(env, f"user_{_slug(name)}", lambda: env["res.users"].with_context(no_reset_password=True).create({
        "name": name, "login": email, "email": email, "company_id": company.id, "company_ids": [(6, 0, company.ids)]}))


def _remember(env, name, make):
    """The record that the demo made under this name, made now if it never was."""
    xml_id = f"demo.{name}"
    record = env.ref(xml_id, raise_if_not_found=False)
    if not record:
        record = make()
        env["ir.model.data"]._update_xmlids([{"xml_id": xml_id, "record": record, "noupdate": True}])
    return record


def _once(env, name, do):
    """Do what leaves no record of its own, unless the demo did it before."""
    def make():
        do()
        return env["ir.config_parameter"].create({"key": f"demo.{name}", "value": "done"})

    _remember(env, f"done_{name}", make)


def _slug(name):
    return "".join(letter for letter in name.lower().replace(" ", "_") if letter.isalnum() or letter == "_")
