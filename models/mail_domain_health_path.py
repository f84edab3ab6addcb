from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

from ..contacts.relaying_findings import add_relaying
from ..display import path_story
from ..display.rejections import receivers_said
from ..mailauth.dns.names import domain_of
from ..mailauth.verdict import PROTOCOLS
from ..proving.latest import last_proofs
from ..sending import collecting, parts
from ..sending.findings import sync_findings
from ..sending.identity import EXAMPLE_FIELDS, path_key
from ..sending.matching import match, match_table
from ..texts import path_words, states
from ..texts import proof as proof_texts

MEASURED_SINCE = 'mail_domain_health.measured_since'  # system parameter: since when sent mail is counted
MEASURED_AFTER = timedelta(days=30)  # before that, nothing counted does not mean that nothing is sent
# What a path's authors are, by its kind.
AUTHOR_MODELS = {
    'user': 'res.users', 'template': 'mail.template', 'mailing': 'mailing.mailing', 'company': 'res.company',
    'notifications': 'res.company', 'odoobot': 'res.partner', 'outsider': 'res.partner', 'customer': 'mail.template',
    'gateway': 'res.company', 'catchall': 'res.company', 'digest': 'digest.digest', 'code': 'ir.actions.server',
    'unforeseen': 'res.partner', 'organizer': 'event.event', 'portal': 'res.partner',
}


class MailDomainHealthPath(models.Model):
    """One sending path, a way that mail leaves: who sends, through which server, as which From and envelope sender.

    Rows follow the configuration (:meth:`_refresh`), their verdicts the last check, the
    numbers of mails what was counted as it left.
    """

    _name = 'mail.domain.health.path'
    _description = 'Sending Path'
    _inherit = ['mail.harmless.export.mixin']
    _order = 'company_id, is_used desc, kind, author_count desc, id'
    _rec_name = 'from_email'

    _company_author = models.Index('(company_id, author_domain)')
    _company_worst_first = models.Index(  # in the order of the card in Settings
        '(company_id, state_rank, kind, author_count DESC, id) WHERE is_used IS TRUE')

    company_id = fields.Many2one('res.company', required=True, index=True, ondelete='cascade')
    kind = fields.Selection(
        [
            ('notifications', "Odoo Notifications"),
            ('user', "Users"),
            ('company', "Company"),
            ('odoobot', "OdooBot"),
            ('outsider', "External Senders"),
            ('template', "Email Templates"),
            ('mailing', "Mass Mailings"),
            ('customer', "Email Templates Sent as the Customer"),
            ('gateway', "Mail Gateway Replies"),
            ('catchall', "Catchall Address"),
            ('digest', "Digests"),
            ('code', "Code With a Fixed Sender"),
            ('organizer', "External Event Organizers"),
            ('portal', "Portal Users"),
            ('unforeseen', "Unexpected"),
        ],
        "Who", required=True,
    )
    author_email = fields.Char("Author's Address", help="An example, where many addresses use this path.")
    author_domain = fields.Char("Author's Domain")
    is_exact = fields.Boolean("This Address Only", help="This path is for one address only; others at its domain use "
                                                        "another path.")
    author_count = fields.Integer("How Many", help="How many people, templates or mailings use this path.")
    examples = fields.Json(help="Names of some of them (at most 5).")
    author_ids = fields.Json(help="The ids of the templates or mailings.")
    mail_server_id = fields.Many2one(
        'ir.mail_server', "Outgoing Mail Server", ondelete='cascade',
        help="Empty: the server of Odoo's configuration file.",
    )
    smtp_host = fields.Char("Host", help="Where it is not one of Odoo's servers: unexpected mail may go anywhere.")
    is_forced = fields.Boolean(
        "Server Chosen by the Mail", help="A template or mailing names the server, so Odoo does not change the sender.")
    moment = fields.Selection(
        [('any', "Always"), ('now', "Sent Immediately"), ('queue', "Sent by the Queue")], "When", default='any',
        help="Through the server of the configuration file, queued mail may be sent in another company's name than "
             "mail that is sent immediately.",
    )
    mail_sending_service_id = fields.Many2one('mail.sending.service', "Delivered By", ondelete='set null')
    from_email = fields.Char("Sent From", help="The address that the receiver sees, as an example of this path.")
    envelope_from = fields.Char("Bounces To", help="The address that SPF is checked on (Return-Path).")
    reply_to = fields.Char("Reply-To")
    is_rewritten = fields.Boolean("Sender Replaced", help="The receiver does not see the author's own address.")
    refusal = fields.Char(help="Why Odoo refuses to send this, if it does: no_server, no_author, ... (Asked).")
    from_health_id = fields.Many2one('mail.domain.health', "Domain", index='btree_not_null', ondelete='set null')
    envelope_health_id = fields.Many2one(
        'mail.domain.health', "Bounce Domain", index='btree_not_null', ondelete='set null',
    )
    judge_id = fields.Many2one(
        'mail.domain.health', "Checked With", index='btree_not_null', ondelete='set null',
        help="The domain whose check gives this path its verdict: a different one where the sender's domain is not "
             "yours.",
    )
    state = fields.Selection(
        selection=lambda self: self.env['mail.domain.health']._state_selection(),
        string="Verdict", default='unknown', readonly=True,
    )
    reasons = fields.Json(readonly=True)
    verdict = fields.Json(
        "Protocols", readonly=True,
        help="The result for each protocol: {spf: {result, domain, aligned}, dkim: {status, domain, selectors}, dmarc: "
             "{result, policy}} (mailauth.verdict.path_result).",
    )
    sent_count = fields.Integer("Emails in 30 Days", readonly=True)
    last_sent = fields.Date("Last Email", readonly=True)
    evidence = fields.Json(
        "Stored Rejections", readonly=True, prefetch=False,
        help="{heard: mailauth.rejections.summary.gather, unexplained: how many rejections no rule knows, "
             "unexplained_text: the newest of them, read: when}")
    finding_ids = fields.Many2many(
        'mail.domain.health.finding', 'mail_domain_health_finding_path_rel', 'path_id', 'finding_id', "Findings",
        readonly=True)
    proof_ids = fields.One2many('mail.domain.health.proof', 'path_id', "Proof Emails", readonly=True)
    is_used = fields.Boolean(
        "In Use", compute='_compute_is_used', store=True,
        help="Mail was sent on this path in the last 30 days. Unused paths do not affect the color of their domain.",
    )
    state_rank = fields.Integer(compute='_compute_state_rank', store=True, help="Orders lists: what fails comes first.")
    who = fields.Char("Who Sends", compute='_compute_who')
    story = fields.Json(compute='_compute_story')
    last_proof = fields.Char(compute='_compute_last_proof', help="What the last mail showed that was sent as a proof.")
    receivers_said = fields.Json("Rejections", compute='_compute_receivers_said')

    @api.depends('kind', 'sent_count', 'refusal')
    def _compute_is_used(self):
        measured = self._is_measured()
        for path in self:
            path.is_used = path._is_in_use(measured)

    @api.depends('state')
    def _compute_state_rank(self):
        for path in self:
            path.state_rank = states.STATES_WORST_FIRST.index(path.state or 'unknown')

    @api.depends('kind', 'author_domain', 'author_count', 'examples', 'company_id.name', 'is_forced', 'moment', 'sent_count')
    @api.depends_context('lang')
    def _compute_who(self):
        for path in self:
            path.who = path._who()

    @api.depends('who', 'mail_server_id.name')
    @api.depends_context('lang', 'mail_domain_health_with_server')
    def _compute_display_name(self):
        """Name who sends; where paths are chosen from (context ``mail_domain_health_with_server``), through which server, too."""
        with_server = self.env.context.get('mail_domain_health_with_server')
        for path in self:
            path.display_name = path.who if not with_server else self.env._(
                "%(who)s, through %(server)s", who=path.who,
                server=path._server_name())

    @api.depends('state', 'verdict', 'reasons', 'from_email', 'envelope_from', 'is_rewritten', 'author_email')
    @api.depends_context('lang')
    def _compute_story(self):
        for path in self:
            path.story = path_story.story(path)

    @api.depends('proof_ids.state', 'proof_ids.verdict', 'from_email', 'mail_server_id')
    @api.depends_context('lang')
    def _compute_last_proof(self):
        proofs = last_proofs(self)
        for path in self:
            path.last_proof = path.id in proofs and proof_texts.told(self.env, proofs[path.id])

    @api.depends('evidence', 'sent_count', 'state')
    @api.depends_context('lang')
    def _compute_receivers_said(self):
        for path in self:
            path.receivers_said = receivers_said(path, path.state)

    def action_open_authors(self):
        """Open the people, templates or mailings that send on this path, as a list."""
        self.ensure_one()
        self.check_access('read')
        return {
            'type': 'ir.actions.act_window',
            'name': self._who(),
            'res_model': AUTHOR_MODELS[self.kind],
            'views': [(False, 'list'), (False, 'form')],
            'domain': self._get_authors_domain(),
            'context': {'create': False, 'active_test': self.kind != 'odoobot'},
        }

    def _get_authors_domain(self):
        if self.kind in ('template', 'mailing', 'customer', 'code', 'organizer'):
            return [('id', 'in', self.author_ids or [])]
        if self.kind == 'digest':
            return [('company_id', '=', self.company_id.id)]
        if self.kind in ('notifications', 'company', 'gateway', 'catchall'):
            return [('id', '=', self.company_id.id)]
        if self.kind == 'odoobot':
            return [('id', '=', self.env.ref('base.partner_root').id)]
        if self.kind == 'unforeseen':
            return [('email_normalized', '=like', f'%@{self.author_domain}')]
        if self.kind == 'portal':
            return [('email_normalized', '=like', f'%@{self.author_domain}'), ('user_ids.share', '=', True)]
        if self.kind == 'outsider':
            return [('email_normalized', '=like', f'%@{self.author_domain}'), ('partner_share', '=', True)]
        users = [('share', '=', False), ('company_id', '=', self.company_id.id), ('id', '!=', 1)]
        if self.is_exact:
            return [*users, ('partner_id.email_normalized', '=', self.author_email)]
        others = self.sudo().search([
            ('company_id', '=', self.company_id.id), ('kind', '=', 'user'), ('is_exact', '=', True)])
        return [*users, ('partner_id.email_normalized', '=like', f'%@{self.author_domain}'),
                ('partner_id.email_normalized', 'not in', others.mapped('author_email'))]

    def action_check(self):
        """Look at once at the domains that this path depends on."""
        for domain in self.from_health_id | self.envelope_health_id:
            domain.check_now()

    def action_send_proof(self):
        """Send a proof on each of these paths, and show how they arrive."""
        self.check_access('read')
        return self.env['mail.domain.health.proof.start']._start(self)

    def _store_verdicts(self, verdicts):
        """Store what a report says of these paths.

        :param list verdicts: ``StoredReport.paths``
        """
        by_key = {verdict['key']: verdict for verdict in verdicts}
        for path in self:
            verdict = by_key.get(str(path.id))
            if verdict:
                result = {area: verdict[area] for area in PROTOCOLS if area in verdict}
                if (path.state, path.reasons, path.verdict) != (verdict['state'], verdict['reasons'], result):
                    path.write({'state': verdict['state'], 'reasons': verdict['reasons'], 'verdict': result})

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
        # The oldest of each: two transactions may have found the same new path at once.
        known = {path._key(): path for path in obsolete}
        for values in self._collect(companies, part):
            # The same path, with another number of people or another of them as the example, stays the same.
            example = {name: values.get(name) for name in EXAMPLE_FIELDS}
            path = known.get(path_key(values))
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
    def _collect(self, companies, part=None):
        """Return the values of every path of ``companies``, or of one part of them."""
        return collecting.collect(self.env, companies, part)

    @api.model
    def _get_part(self, company, position):
        """Return ``(part, its last domain or None where it is the last part)`` behind ``position``."""
        return parts.part_behind(self.env, company, position)

    @api.model
    def _get_changed_part(self, company):
        """Return the part of the domains whose users are not those that the paths are known for."""
        return parts.changed_part(self.env, company)

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
    def _is_measured(self):
        """Whether mail has been counted for long enough to say that nothing leaves some way."""
        since = fields.Datetime.to_datetime(self.env['ir.config_parameter'].sudo().get_param(MEASURED_SINCE))
        return bool(since) and fields.Datetime.now() - since >= MEASURED_AFTER

    def _is_in_use(self, measured):
        # What Odoo refuses to send is never counted.
        return self.kind == 'notifications' or bool(self.sent_count) \
            or (not measured or bool(self.refusal)) and self.kind in ('user', 'company')

    @api.model
    def _follow_measuring(self, companies):
        """Bring :attr:`is_used` up to date where it depends on the time."""
        measured = self._is_measured()
        paths = self.sudo().search([('company_id', 'in', companies.ids)])
        outdated = paths.filtered(lambda path: path.is_used != path._is_in_use(measured))
        self.env.add_to_compute(self._fields['is_used'], outdated)

    @api.model
    def _sync_findings(self, companies):
        """Make the findings about the paths of ``companies`` what configuration and last checks say. Asks no DNS."""
        sync_findings(self.env, companies, add_relaying)

    @api.model
    def _match_id(self, company_id, mail_server_id, author_email, from_email, envelope_from, is_mailing=False):
        """Return the id of the path that a mail of a company which left belongs to, or ``None`` (:func:`matching.match`)."""
        return match(
            self._get_match_table(company_id), mail_server_id, author_email, from_email, envelope_from, is_mailing)

    @api.model
    @ormcache('company_id')
    def _get_match_table(self, company_id):
        return match_table(self.sudo().search([('company_id', '=', company_id)]))

    def _who(self):
        """Return who sends on this path, in words."""
        self.ensure_one()
        return path_words.who(self)

    def _key(self):
        """Return what makes two paths the same one (:func:`identity.path_key`)."""
        self.ensure_one()
        return path_key({
            **{name: self[name] for name in ('kind', 'author_domain', 'author_email', 'is_exact', 'is_forced', 'moment',
                                             'from_email', 'envelope_from', 'smtp_host', 'refusal')},
            **{name: self[name].id for name in ('company_id', 'mail_server_id', 'mail_sending_service_id')},
        })

    def _server_name(self):
        """Return the name of the server that mail leaves through on this path."""
        self.ensure_one()
        return path_words.server(self)

    def _from_domain(self):
        """Return the A-label form of the domain that the receiver sees."""
        return domain_of(self.from_email)

    def _envelope_domain(self):
        """Return the A-label form of the domain that SPF is checked on."""
        return domain_of(self.envelope_from)
