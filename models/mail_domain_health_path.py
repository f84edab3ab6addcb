from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..mailauth.names import domain_of
from . import path_words

# At these anybody has an address: nobody who runs an Odoo publishes records there.
FREEMAIL_DOMAINS = frozenset({
    'aol.com', 'gmail.com', 'gmx.com', 'gmx.de', 'gmx.net', 'googlemail.com', 'hotmail.com', 'icloud.com',
    'live.com', 'mail.ru', 'msn.com', 'outlook.com', 'proton.me', 'protonmail.com', 'qq.com', 'web.de',
    'yahoo.com', 'yahoo.fr', 'yandex.com', 'yandex.ru', '163.com', 'orange.fr', 'free.fr', 'libero.it',
})
# What a fresh database calls its administrator and OdooBot by; reserved (RFC 2606 §3).
NOBODYS_DOMAINS = FREEMAIL_DOMAINS | {'example.com', 'example.net', 'example.org'}
STRANGERS = ('outsider', 'customer', 'portal')  # kinds whose authors are people from outside
_NEVER_WATCHED = NOBODYS_DOMAINS - FREEMAIL_DOMAINS
MEASURED_SINCE = 'mail_domain_health.measured_since'  # system parameter: since when sent mail is counted
MEASURED_AFTER = timedelta(days=30)  # before that, nothing counted does not mean that nothing is sent


class MailDomainHealthPath(models.Model):
    """One way that mail leaves: who sends, through which server, as which From and envelope sender.

    Rows follow the configuration (:meth:`_refresh`), their verdicts the last check, the
    numbers of mails what was counted as it left.
    """

    _name = 'mail.domain.health.path'
    _description = 'Way That Mail Leaves'
    _order = 'company_id, is_used desc, kind, author_count desc, id'
    _rec_name = 'from_email'

    _company_author = models.Index('(company_id, author_domain)')

    company_id = fields.Many2one('res.company', required=True, index=True, ondelete='cascade')
    kind = fields.Selection(
        [
            ('notifications', "Notifications of Odoo"),
            ('user', "Users"),
            ('company', "The Company Itself"),
            ('odoobot', "OdooBot"),
            ('outsider', "People From Outside"),
            ('template', "Email Templates"),
            ('mailing', "Mass Mailings"),
            ('customer', "Email Templates in a Customer's Name"),
            ('gateway', "Answers of the Mail Gateway"),
            ('catchall', "The Catchall Address"),
            ('digest', "Digests"),
            ('code', "Code With a Fixed Sender"),
            ('organizer', "Organizers of Events From Outside"),
            ('portal', "Users of the Portal"),
            ('unforeseen', "Not Foreseen"),
        ],
        "Who", required=True,
    )
    author_email = fields.Char("Address of the Author", help="As one example, where many addresses go this way.")
    author_domain = fields.Char("Domain of the Author")
    is_exact = fields.Boolean("This Address Only", help="This way is of the one address, others of its domain go another.")
    author_count = fields.Integer("How Many", help="How many people, templates or mailings go this way.")
    examples = fields.Json(help="Names of some of them (at most 5).")
    author_ids = fields.Json(help="The ids of the templates or mailings.")
    mail_server_id = fields.Many2one(
        'ir.mail_server', "Outgoing Mail Server", ondelete='cascade',
        help="Empty: the server of Odoo's configuration file.",
    )
    smtp_host = fields.Char("Host", help="Where it is none of Odoo's servers: what was not foreseen may go anywhere.")
    is_forced = fields.Boolean(
        "Server Chosen by the Mail", help="A template or mailing names the server: then Odoo does not change the sender.")
    moment = fields.Selection(
        [('any', "Always"), ('now', "Sent at Once"), ('queue', "Sent by the Queue")], "When", default='any',
        help="Through the server of the configuration file, mail that waits in the queue may leave in another "
             "company's name than mail that is sent at once.",
    )
    mail_sending_service_id = fields.Many2one('mail.sending.service', "Delivered By", ondelete='set null')
    from_email = fields.Char("Leaves As", help="The address that the receiver sees, as one example of this way.")
    envelope_from = fields.Char("Bounces To", help="The address that SPF is checked on (Return-Path).")
    reply_to = fields.Char("Answers Go To")
    is_rewritten = fields.Boolean("Sender Replaced", help="The receiver sees another address than the author's.")
    refusal = fields.Char(help="Why Odoo refuses to send this way, if it does: no_server, no_author, ... (Asked).")
    from_health_id = fields.Many2one('mail.domain.health', "Domain", index='btree_not_null', ondelete='set null')
    envelope_health_id = fields.Many2one(
        'mail.domain.health', "Domain for Bounces", index='btree_not_null', ondelete='set null',
    )
    judge_id = fields.Many2one(
        'mail.domain.health', "Looked At With", index='btree_not_null', ondelete='set null',
        help="The domain whose check says how this way fares: another one where nobody here runs the sender's domain.",
    )
    state = fields.Selection(
        selection=lambda self: self.env['mail.domain.health']._state_selection(),
        string="Verdict", default='unknown', readonly=True,
    )
    reasons = fields.Json(readonly=True)
    verdict = fields.Json(
        "Protocols", readonly=True,
        help="What each protocol comes to: {spf: {result, domain, aligned}, dkim: {status, domain, selectors}, "
             "dmarc: {result, policy}} (mailauth.path_result).",
    )
    sent_count = fields.Integer("Mails in 30 Days", readonly=True)
    last_sent = fields.Date("Last Mail", readonly=True)
    is_used = fields.Boolean(
        "In Use", compute='_compute_is_used', store=True,
        help="Mail left this way in the last 30 days. Ways that nothing uses do not colour their domain.",
    )

    @api.depends('kind', 'sent_count', 'refusal')
    def _compute_is_used(self):
        measured = self._is_measured()
        for path in self:
            path.is_used = path._is_in_use(measured)

    def _is_in_use(self, measured):
        # What Odoo refuses to send is never counted.
        return self.kind == 'notifications' or bool(self.sent_count) \
            or (not measured or bool(self.refusal)) and self.kind in ('user', 'company')

    @api.model
    def _is_measured(self):
        """Whether mail has been counted for long enough to say that nothing leaves some way."""
        since = fields.Datetime.to_datetime(self.env['ir.config_parameter'].sudo().get_param(MEASURED_SINCE))
        return bool(since) and fields.Datetime.now() - since >= MEASURED_AFTER

    @api.model
    def _refresh(self, companies, part=None):
        """Make the paths of ``companies`` what the configuration says; keep the verdicts of those that stay.

        :param Part part: which of the paths of one company (default: all)
        :return: the names of the domains that mail now leaves as, or bounces to, in another way
        :rtype: set[str]
        """
        new, kept = [], set()
        obsolete = self.sudo().search(
            Domain('company_id', 'in', companies.ids) & (part.condition() if part else Domain.TRUE), order='id desc')
        if part:
            obsolete = obsolete.filtered(lambda path: part.holds(path.kind, path.author_domain or ''))
        # The oldest of each: two transactions may have found the same new way at once.
        known = {path._key(): path for path in obsolete}
        for values in self._collect_part(companies, part):
            # The same way, with another number of people or another of them as the example, stays the same.
            example = {name: values.get(name) for name in _EXAMPLE}
            path = known.get(_key(values))
            if not path:
                new.append(values)
                continue
            if any((path[name] or False) != (value or False) for name, value in example.items()):
                path.write(example)
            kept.add(path.id)
        changed = self.sudo().create(new)
        obsolete = obsolete.filtered(lambda path: path.id not in kept)
        names = {name for path in changed | obsolete for name in (path._from_domain(), path._envelope_domain())}
        if changed or obsolete:
            self.env.registry.clear_cache()  # _get_match_table
        obsolete.unlink()
        if not part or part.others:
            self._follow_measuring(companies)
        return names

    @api.model
    def _begin_measuring(self):
        """Note from when on mail is counted, unless that is noted.

        Only by the installation and by the scheduled check: the last transaction of an uninstallation
        follows a change of the configuration, too, and must leave nothing behind.
        """
        parameters = self.env['ir.config_parameter'].sudo()
        if not parameters.get_param(MEASURED_SINCE):
            parameters.set_param(MEASURED_SINCE, fields.Datetime.to_string(fields.Datetime.now()))

    @api.model
    def _follow_measuring(self, companies):
        """Bring :attr:`is_used` up to date where it depends on the time."""
        measured = self._is_measured()
        paths = self.sudo().search([('company_id', 'in', companies.ids)])
        outdated = paths.filtered(lambda path: path.is_used != path._is_in_use(measured))
        self.env.add_to_compute(self._fields['is_used'], outdated)

    def _who(self):
        """Return who sends this way, in words."""
        self.ensure_one()
        return path_words.who(self)

    @api.model
    def _get_key(self, values):
        """Return what makes the ``values`` of two paths those of the same one."""
        return _key(values)

    def _key(self):
        """Return what makes two paths the same one."""
        self.ensure_one()
        return _key({
            **{name: self[name] for name in ('kind', 'author_domain', 'author_email', 'is_exact', 'is_forced', 'moment',
                                             'from_email', 'envelope_from', 'smtp_host', 'refusal')},
            **{name: self[name].id for name in ('company_id', 'mail_server_id', 'mail_sending_service_id')},
        })

    def _watched_domains(self):
        """Return the names of the domains to look at for this way, somebody else's that its mail leaves as included."""
        self.ensure_one()
        return watched_domains(self.kind, self.author_email, self._from_domain(), self._envelope_domain())

    def _server_name(self):
        """Return the name of the server that mail leaves through on this way."""
        self.ensure_one()
        return self.mail_server_id.name or self.smtp_host or self.env._("the server of Odoo's configuration file")

    def _from_domain(self):
        """Return the A-label form of the domain that the receiver sees."""
        return domain_of(self.from_email)

    def _envelope_domain(self):
        """Return the A-label form of the domain that SPF is checked on."""
        return domain_of(self.envelope_from)


# What may change while a path stays the same one.
_EXAMPLE = ('author_count', 'author_email', 'examples', 'author_ids', 'from_email', 'envelope_from', 'reply_to', 'is_rewritten')


def _key(values):
    return (
        values['company_id'], values['kind'], values.get('moment') or 'any', bool(values.get('is_forced')),
        # Another stranger as the example is the same way.
        (values['author_domain'] or '') if values['kind'] in ('user', 'template', 'mailing', 'portal') else '',
        values['author_email'] if values.get('is_exact') else '',
        values['mail_server_id'], values['mail_sending_service_id'],
        domain_of(values['from_email']), domain_of(values['envelope_from']), values.get('refusal') or '',
    )


def watched_domains(kind, author_email, from_domain, envelope_domain):
    """Return the names of the domains to look at for a way (:meth:`_watched_domains`)."""
    names = {from_domain, envelope_domain}
    if kind == 'notifications':
        return names
    strangers = {domain_of(author_email)} if kind in STRANGERS else set()
    return names - _NEVER_WATCHED - strangers
