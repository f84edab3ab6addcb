"""The stories that the demo tells, one database each: a company, or a few, for each thing that can be seen.

``domains`` has a company for each state of a domain. The others have one for each finding about the
ways that mail leaves; outgoing mail servers are everybody's in Odoo, so what needs a database
without them, or with a single one, is a story of its own.
"""

from datetime import timedelta

from odoo import fields

import demo_reports

DOMAINS = [
    # name, domain
    ("Healthy Goods", "healthy.example"),  # everything in order
    ("Bare Bakery", "bare.example"),  # nothing published
    ("Twice Traders", "twice.example"),  # two SPF records
    ("Refused Rentals", "refused.example"),  # SPF misses the server in use, DMARC p=reject
    ("Silent Studio", "silent.example"),  # name servers that do not answer
    ("Backstube Berger", "backstube.example"),  # its administrator reads German; SPF misses the server in use
]
GERMAN = ("Berta Berger", "german", "Backstube Berger")  # name, login and password, company
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
# The story "partners": what becomes of contacts' messages, by the default sender of the company that passes them on.
SAILS, TIMBER = "Sound Sails", "Timber Traders"
PARTNER_COMPANIES = [
    (SAILS, "sails.example"),  # messages of contacts leave as its default sender
    (TIMBER, "timber.example"),  # it has none: they leave as the contact's own address
]
PARTNER_USERS = [
    # name, address, company, how they are notified
    ("Sam", "sam@sails.example", SAILS, "email"),
    ("Wendy", "wendy@freemail.example", SAILS, "inbox"),  # replaced: nothing is said of it
    ("Tilda", "tilda@timber.example", TIMBER, "email"),
    ("Theo", "theo@timber.example", TIMBER, "inbox"),
    ("Fred", "fred@freemail.example", TIMBER, "email"),  # leaves as it is, and that provider asks for reject
]
CONTACTS = [
    # name, address, messages that they wrote, how many of the emails about them were rejected
    ("Rita Reject", "rita@strict.example", 3, 2),
    ("Rolf Reject", "rolf@strict.example", 1, 0),
    ("Quentin Quarantine", "quentin@careful.example", 2, 0),
    ("Nora None", "nora@relaxed.example", 2, 0),
    ("Pia Plain", "pia@partner.example", 0, 0),
    ("Gus Gone", "gus@gone.example", 0, 0),  # no such domain
    ("Mia Mistyped", "mia@gmial.com", 0, 0),
]


def tell(env, story):
    """Add to the database what the story needs and it has not yet."""
    stories = {"domains": _domains, "senders": _senders, "plain": _plain, "strangers": _strangers, "queue": _queue,
               "lonely": _lonely, "partners": _partners, "reports": _reports}
    stories[story](env)
    # The first page would otherwise wait for its style sheets and scripts.
    env["ir.qweb"]._pregenerate_assets_bundles()
    env.cr.commit()
    # Odoo's scheduler takes up to a minute to begin: the first page is not to be empty.
    if not env["mail.domain.health"].search_count([("last_check", "!=", False)]):
        env["mail.domain.health"]._cron_check()
    if story == "reports":
        _once(env, "reports_received", lambda: _receive_reports(env))
        env.cr.commit()
    if story == "partners":
        _once(env, "contacts_looked_at", lambda: _look_at_contacts(env))
        env.cr.commit()


def _domains(env):
    companies = _companies(env, DOMAINS)
    _german(env, companies)
    # Users keep their own addresses, and strangers' mail is passed on as ours.
    _remember(env, "from_filter", lambda: env["ir.config_parameter"].create({
        "key": "mail.default.from_filter", "value": ", ".join(domain for _name, domain in DOMAINS)}))


def _german(env, companies):
    """An administrator who reads German: what is posted, sent and shown to her is in her language."""
    name, login, company = GERMAN
    german = env["res.lang"].with_context(active_test=False).search([("code", "=", "de_DE")])
    if not german.active:
        env["base.language.install"].create({"lang_ids": [(6, 0, german.ids)]}).lang_install()
    own = companies[company]
    berta = _remember(env, "user_german", lambda: env["res.users"].with_context(no_reset_password=True).create({
        "name": name, "login": login, "password": login, "email": f"berta@{own.alias_domain_id.name}", "lang": german.code,
        "group_ids": [(4, env.ref("base.group_system").id)], "company_id": own.id,
        "company_ids": [(6, 0, [company.id for company in companies.values()])]}))
    _once(env, "german_responsible", lambda: own.write({"mail_health_user_id": berta.id}))


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
    _disclaim(env, "freemail.example")


def _reports(env):
    _companies(env, [("Report Rentals", demo_reports.DOMAIN)])


def _receive_reports(env):
    """What came in ninety days: uploaded, but for the one whose sender nothing proves."""
    from odoo.addons.mail_domain_health.receiving import following, gathering, queue, reading, uploading

    env = env(user=env.ref("base.user_admin"))
    domain = env["mail.domain.health"].search([("name", "=", demo_reports.DOMAIN)])
    address = env["mail.domain.health.address"].sudo()._get_for(env.ref("base.main_company").alias_domain_id, "dmarc-reports")
    today = fields.Date.today()
    env["mail.thread"].message_process(None, demo_reports.unproven_mail(today, address.name))
    reading.read_mails(env(su=True), queue.claim(env(su=True)))
    uploading.take(env, demo_reports.upload_of(today), lambda: False)
    gathering.read_networks(env)
    domain.tells_report_events = True
    following.follow(domain.sudo())
    domain.check_now()


def _disclaim(env, name):
    """Say that a domain is somebody else's."""
    env["mail.domain.health"]._refresh()
    domain = env["mail.domain.health"].search([("name", "=", name)])
    _once(env, name.partition(".")[0], domain.action_disclaim)


def _partners(env):
    _server(env, "Odoo's own servers", None, False, None, {"smtp_authentication": "cli"})
    companies = _companies(env, PARTNER_COMPANIES)
    timber = companies[TIMBER].alias_domain_id
    _once(env, "no_default_sender", lambda: timber.write({"default_from": False}))
    for name, email, company, notified in PARTNER_USERS:
        user = _user(env, name, email, companies[company])
        _once(env, f"notified_{_slug(name)}", lambda user=user, how=notified: user.write({"notification_type": how}))
    for company in companies.values():
        followers = env["res.users"].search([("company_id", "=", company.id), ("share", "=", False)]).partner_id
        for row in CONTACTS:
            _contact(env, company, followers, *row)
    _disclaim(env, "freemail.example")


def _contact(env, company, followers, name, email, messages, rejected):
    """A contact of a company, whose messages were passed on to its users."""
    def make():
        contact = env["res.partner"].create({"name": name, "email": email, "company_id": company.id})
        contact.message_subscribe(partner_ids=followers.ids)
        for number in range(messages):
            contact.with_context(mail_notify_force_send=False).message_post(
                body=f"Where is our order? ({number + 1})", author_id=contact.id, email_from=contact.email_formatted,
                message_type="email", subtype_xmlid="mail.mt_comment")
        # As sending leaves it: the demo has no server that takes mail.
        mails = env["mail.mail"].search([("mail_message_id", "in", contact.message_ids.ids)])
        notices = env["mail.notification"].search([("mail_mail_id", "in", mails.ids)])
        notices.notification_status = "sent"
        if not company.alias_domain_id.default_from:
            notices[:rejected].write({
                "notification_status": "bounce", "failure_type": "mail_bounce",
                "failure_reason": f"550 5.7.26 Unauthenticated email from {email.partition('@')[2]} is not accepted due to"
                                  " the domain's DMARC policy."})
        mails.unlink()
        return contact

    return _remember(env, f"contact_{_slug(name)}_{company.id}", make)


def _look_at_contacts(env):
    """What the scheduled actions find in two days."""
    Domain = env["mail.partner.domain"]
    Domain._cron_refresh()
    Domain._cron_check()
    seen = fields.Datetime.now() - timedelta(days=2)
    Domain.search([("mark", "=", "suspected")]).write({
        "mark": "marked", "unreachable_since": seen, "marked_on": fields.Datetime.now()})
    env["mail.domain.health"]._refresh()
    sent = sum(messages for _name, _email, messages, _rejected in CONTACTS)
    for path in env["mail.domain.health.path"].search([
            ("kind", "=", "outsider"), ("is_rewritten", "=", True), ("moment", "=", "any")]):
        env["mail.domain.health.sent"].create({
            "path_id": path.id, "mail_server_id": path.mail_server_id.id, "sent_on": fields.Datetime.now(), "messages": sent})
    env["mail.domain.health"]._cron_check()


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
