import logging
import re
from datetime import timedelta

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .. import mailauth
from ..checking import (
    about_to_be_lost,
    announcement,
    announcing,
    attempt,
    changes,
    crons,
    digest,
    evidence,
    history_row,
    learning,
    looking,
    overview_columns,
    own_findings,
    proposals,
    query,
    quieting,
    record_changes,
    scheduled_run,
    several,
    third_party,
    watch_list,
)
from ..checking.days import day_of
from ..checking.nameservers import try_out_nameservers
from ..checking.rows import Rows
from ..checking.stored_report import StoredReport
from ..display.dmarc_ladder import get_dmarc_ladder
from ..display.first_steps import get_first_steps
from ..display.fix_it import get_fix_it
from ..display.history import get_day, get_history
from ..display.history_file import get_export
from ..display.letters import get_letters
from ..display.overview import get_overview, get_parameters, get_records_seen, get_uses
from ..display.publication import get_publication, get_spf_proposal
from ..display.received import get_received, get_rows
from ..display.records_page import render_letter
from ..display.rejections import receivers_said
from ..mailauth.dns.names import to_ascii, to_unicode
from ..proving import bouncing
from ..receiving import addresses, following, gathering
from ..texts import findings, states
from ..texts import quiet as quiet_texts
from ..texts import reports as reports_texts
from ..texts import sources as sources_texts

_logger = logging.getLogger(__name__)

CHECK_DEADLINE = 10.0  # seconds that one person waits, and one domain of the cron takes, at most
SEVERAL = 20  # domains that are looked at while one call to the server lasts
AUTHORITY_PORT = 53  # where a zone's own name servers are asked
PARAMETER_NAMESERVERS = 'mail_domain_health.nameservers'
PARAMETER_NETWORKS = 'mail_domain_health.networks'  # internal ones in which zones' own name servers are asked
CRON = 'mail_domain_health.ir_cron_mail_domain_health_check'
_ADDRESS = re.compile(r'[^\s@,;:!<>"()]+@[^\s@,;:!<>"()]+')


class MailDomainHealth(models.Model):
    """A domain under watch: what Odoo sends as it, what its DNS says, and what to publish.

    A record is made where its cause changes (:meth:`_refresh`), looked at by :meth:`_check`, which
    alone asks DNS about it as a whole, and stored by :meth:`_apply_report`. What becomes of a report lives
    in ``checking/``, what the screens show in ``display/``, every sentence in ``texts/``.
    """

    _name = 'mail.domain.health'
    _description = 'Email Domain'
    _inherit = ['mail.measured.mixin', 'mail.harmless.export.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'name, id'

    name = fields.Char("Domain", required=True, readonly=True, help="As it is written in DNS (A-labels).")
    active = fields.Boolean(default=True, readonly=True)
    company_ids = fields.Many2many('res.company', string="Companies", readonly=True)
    alias_domain_ids = fields.One2many('mail.alias.domain', 'mail_domain_health_id', "Alias Domains", readonly=True)
    path_ids = fields.One2many('mail.domain.health.path', 'from_health_id', "Sending Paths", readonly=True)
    envelope_path_ids = fields.One2many('mail.domain.health.path', 'envelope_health_id', readonly=True)
    judged_path_ids = fields.One2many('mail.domain.health.path', 'judge_id', readonly=True)
    finding_ids = fields.One2many('mail.domain.health.finding', 'domain_id', "Findings", readonly=True)
    check_ids = fields.One2many('mail.domain.health.check', 'domain_id', "History", readonly=True)
    record_ids = fields.One2many('mail.domain.health.record', 'domain_id', readonly=True)

    state = fields.Selection(selection='_state_selection', string="Verdict", default='unknown', readonly=True)
    spf_state = fields.Selection(selection='_state_selection', string="SPF", default='unknown', readonly=True)
    dkim_state = fields.Selection(selection='_state_selection', string="DKIM", default='unknown', readonly=True)
    dmarc_state = fields.Selection(selection='_state_selection', string="DMARC", default='unknown', readonly=True)
    state_rank = fields.Integer(compute='_compute_state_rank', store=True, help="Orders lists: what fails comes first.")
    state_since = fields.Datetime(
        "Since", readonly=True, default=fields.Datetime.now,
        help="When the present verdict began. A silence of DNS in between does not end it.")
    known_since = fields.Datetime(readonly=True, help="When the last verdict began that was not “unknown”.")
    records_text = fields.Text("Records", readonly=True, prefetch=False, index='trigram', help="As they were seen last.")
    mail_dns_provider_id = fields.Many2one(
        'mail.dns.provider', "DNS Host", readonly=True, ondelete='set null', index='btree_not_null',
        help="Where the domain's records are managed, as far as its name servers tell.")
    next_change = fields.Json(readonly=True, help="The first record to change (checking.overview_columns).")
    first_step = fields.Char("First Thing to Do", compute='_compute_first_step')
    mail_sending_service_ids = fields.Many2many(
        'mail.sending.service', string="Delivered By", compute='_compute_mail_sending_service_ids')
    tag_ids = fields.Many2many('mail.domain.health.tag', string="Tags")
    user_id = fields.Many2one(
        'res.users', "Responsible", index='btree_not_null', ondelete='set null',
        domain=lambda self: [
            ('share', '=', False), ('all_group_ids', 'in', self.env.ref('base.group_system').ids),
        ],
        help="Is told when a record of this domain breaks. Empty: whoever is responsible for the company's email domain.")
    watched_company_ids = fields.Many2many(
        'res.company', 'mail_domain_health_watched_company_rel', 'domain_id', 'company_id', "Added for", readonly=True,
        help="The companies for which somebody added this domain. It stays when Odoo does not send from it.")
    sends_nothing = fields.Boolean(
        "Sends No Mail",
        help="Nobody sends mail from this domain. Then records are proposed that tell receivers so, unless its MX "
             "records, its SPF record or an email says otherwise.")
    responsible_ids = fields.Many2many('res.users', string="Who Is Told", compute='_compute_responsible_ids')
    finding_text = fields.Char("Finding", compute='_compute_finding_text', search='_search_finding_text')
    ownership = fields.Selection(
        [('ours', "Ours"), ('theirs', "Somebody Else's")], readonly=True,
        help="What an administrator chose. Empty: decided by the alias domains and addresses in this database.")
    is_foreign = fields.Boolean("Somebody Else's", readonly=True)
    is_outdated = fields.Boolean(readonly=True, help="What sends as this domain changed since the last check.")
    last_check = fields.Datetime(readonly=True)
    last_attempt = fields.Datetime(readonly=True)
    attempts = fields.Integer(readonly=True, help="How many checks have ended: tells a new one from the one before.")
    next_check = fields.Datetime(readonly=True, index=True, default=fields.Datetime.now)
    silences = fields.Integer(readonly=True, help="How many checks in a row DNS did not answer.")
    unanswered_since = fields.Datetime(readonly=True)
    is_unseen_told = fields.Boolean(readonly=True, help="Somebody was told that it cannot be checked, since it was last.")
    records_changed_on = fields.Date(
        readonly=True, help="What receivers said before then was about other records, and is history.")
    report = fields.Json(readonly=True, prefetch=False, help="What the engine answered last (mailauth.DomainReport.to_dict).")
    last_known = fields.Json(
        readonly=True, prefetch=False, help="By area: the last state that was not unknown, its date and records.")
    lost_sightings = fields.Json(readonly=True, help="What may be lost, and since when (checking.about_to_be_lost).")
    next_registration_look = fields.Datetime(
        readonly=True, index='btree_not_null', help="When parent zones are asked about names that may be registrable.")
    tells_record_changes = fields.Boolean(
        "Tell When Records Change",
        help="Whoever is responsible is told when SPF, DKIM, DMARC, MX or NS records of this domain are changed, though mail "
             "is verified as before. Also of a domain of somebody else, for example one that is like yours.")
    tells_report_events = fields.Boolean(
        "Tell What Reports Show",
        help="Whoever is responsible is told when receivers report a new source of mail as this domain, or more mail than usual "
             "that pretends to be yours, and when a receiver no longer reports. All of it is among the findings anyway.")
    records_told = fields.Json(
        readonly=True, prefetch=False, help="By place: the records that are known to whoever asked (checking.record_changes).")
    announced = fields.Json(readonly=True, prefetch=False, help="By area: what was announced last (announcement.step).")
    looks = fields.Integer("Checks", readonly=True, help="How many there were, those that found nothing new included.")
    places_seen = fields.Json(readonly=True, prefetch=False, help="What is published, as digests (history_row.get_places).")
    acknowledged_on = fields.Datetime("On It Since", readonly=True)
    acknowledged_by_id = fields.Many2one('res.users', "Is on It", readonly=True, ondelete='set null')
    acknowledged_until = fields.Datetime("On It Until", readonly=True, help="Empty: until it is in order again.")
    acknowledged_reason = fields.Char("What Is Done About It", readonly=True)
    acknowledged_text = fields.Char("Who Is on It", compute='_compute_acknowledged_text')
    is_reminding = fields.Boolean(
        "Needs Somebody", compute='_compute_is_reminding', help="Something broke, and nobody said that they are on it.")
    event_ids = fields.One2many('mail.domain.health.event', 'domain_id', "What Was Done", readonly=True)

    dkim_selectors = fields.Char(
        "DKIM Selectors",
        help="The names (“selectors”) under which your mail service publishes its key, as it shows them to you. "
             "Separate several with commas. DNS cannot list them.",
    )
    dmarc_report_address = fields.Char(
        "Address for DMARC Reports",
        help="An existing mailbox of yours. Receivers send it a daily summary of who sends mail as your domain.",
    )
    dmarc_step = fields.Json(readonly=True, help="The DMARC policy as it was seen last, and since when: {policy, since}.")
    writes_to_lists = fields.Selection(
        [('yes', "Yes"), ('no', "No")], "People Write to Mailing Lists",
        help="Whether people write from this domain, to mailing lists too: these change what they pass on, so that receivers "
             "which reject what cannot be verified may have them remove their readers.")
    reported = fields.Json(
        readonly=True, prefetch=False, help="What reports of receivers say of the domain's own mail (receiving.following).")
    reports_followed_on = fields.Datetime(readonly=True, index='btree_not_null')
    report_address_id = fields.Many2one(
        'mail.domain.health.address', "Reports Are Received At", readonly=True, ondelete='set null', index='btree_not_null',
        help="The address of this database that reports about this domain are to be sent to.")
    report_server_id = fields.Many2one(
        'fetchmail.server', "Reports Are Fetched By", readonly=True, ondelete='set null', index='btree_not_null',
        help="The incoming mail server of a mailbox outside that reports about this domain come to.")
    report_address_text = fields.Char(compute='_compute_report_address_text')
    awaits_report_address = fields.Boolean(compute='_compute_report_address_text')

    overview = fields.Json(compute='_compute_overview')
    records_seen = fields.Json(compute='_compute_records_seen')
    uses = fields.Json(compute='_compute_uses')
    history = fields.Json("Last 90 Days", compute='_compute_history')
    parameters = fields.Json(compute='_compute_parameters')
    publication = fields.Json(compute='_compute_publication')
    dmarc_ladder = fields.Json(compute='_compute_dmarc_ladder')
    path_count = fields.Integer(compute='_compute_counts')
    finding_count = fields.Integer(compute='_compute_counts')
    check_count = fields.Integer(compute='_compute_counts')
    contact_count = fields.Integer(compute='_compute_counts')
    observation_ids = fields.Many2many(
        'mail.sending.observation', string="Learned From Emails", compute='_compute_observation_ids')
    receivers_said = fields.Json("Rejections", compute='_compute_receivers_said')
    is_working_out = fields.Boolean(compute='_compute_is_working_out', help="Its sending paths are older than a change.")

    _silent_due = models.Index('(next_check) WHERE silences > 0')  # whose turn it is: checking.claiming
    _oldest_check = models.Index('(last_attempt) WHERE active')
    _never_checked = models.Index('(create_date) WHERE active AND last_attempt IS NULL')
    _worst_and_longest_first = models.Index('(state_rank, state_since, name)')
    _name_unique = models.UniqueIndex('(name)', "This domain is already monitored.")

    @api.model
    def _state_selection(self):
        return [(state, states.state_label(self.env, state)) for state in states.STATES]

    @api.depends('name')
    def _compute_display_name(self):
        for domain in self:
            domain.display_name = to_unicode(domain.name or '')

    @api.depends('state')
    def _compute_state_rank(self):
        for domain in self:
            domain.state_rank = states.STATES_WORST_FIRST.index(domain.state or 'unknown')

    @api.depends(
        'state', 'last_check', 'next_change', 'finding_ids.resolved_on', 'finding_ids.muted_on', 'finding_ids.muted_until')
    @api.depends_context('lang', 'allowed_company_ids')
    def _compute_first_step(self):
        steps = get_first_steps(self)
        for domain in self:
            domain.first_step = steps.get(domain.id, '')

    @api.depends('path_ids.mail_sending_service_id', 'path_ids.is_used')
    @api.depends_context('allowed_company_ids')
    def _compute_mail_sending_service_ids(self):
        for domain in self:
            domain.mail_sending_service_ids = domain.path_ids.filtered('is_used').mail_sending_service_id

    @api.depends('user_id', 'company_ids')
    def _compute_responsible_ids(self):
        by_company = {}
        for domain in self:
            domain.responsible_ids = domain._get_responsible_users(by_company)

    @api.depends('acknowledged_on', 'acknowledged_until', 'acknowledged_by_id')
    @api.depends_context('lang', 'tz')
    def _compute_acknowledged_text(self):
        for domain in self:
            until = domain.acknowledged_until
            domain.acknowledged_text = domain.acknowledged_on and quiet_texts.on_it(
                self.env, domain.sudo().acknowledged_by_id.name, until and day_of(self.env, until))

    @api.depends('announced')
    def _compute_is_reminding(self):
        for domain in self:
            domain.is_reminding = announcement.has(domain.announced or {}, announcement.BROKEN)

    def _compute_finding_text(self):
        self.finding_text = False  # is searched by, and never shown

    @api.model
    def _search_finding_text(self, operator, value):
        """Find domains by a finding that lasts: the words of its title, its code, or the DNS name concerned."""
        if operator not in ('ilike', '=') or not isinstance(value, str):
            return NotImplemented
        codes = findings.codes_of(self.env, value)
        found = self.env['mail.domain.health.finding']._search([
            ('resolved_on', '=', False), '|', '|', ('code', 'in', codes), ('code', '=ilike', value), ('name', operator, value)])
        return [('id', 'in', found.subselect('domain_id'))]

    @api.depends(
        'report_address_id.is_proven', 'report_address_id.asked_on', 'report_address_id.returned_address',
        'dmarc_report_address', 'report_server_id.name',
        'report_server_id.user', 'report_server_id.mail_health_reports', 'report_server_id.active', 'report_server_id.state',
        'report_server_id.error_date', 'report_server_id.error_message')
    @api.depends_context('lang')
    def _compute_report_address_text(self):
        for domain in self:
            address = domain.report_address_id
            domain.awaits_report_address = bool(address) and not address.is_proven
            said = [reports_texts.describe_address(
                self.env, address.name, address.is_proven,
                fields.Datetime.now() - (address.asked_on or fields.Datetime.now()), address.returned_address)] if address else []
            server = domain.sudo().report_server_id
            if server.mail_health_reports:
                said.append(reports_texts.describe_mailbox(self.env, server))
            domain.report_address_text = ' '.join(said)

    @api.depends('company_ids')
    def _compute_is_working_out(self):
        Note = self.env['mail.domain.health.note']
        for domain in self:
            domain.is_working_out = not Note._are_worked_out(domain.sudo().company_ids)

    @api.depends('report', 'last_known', 'state', 'last_check', 'is_outdated', 'attempts', 'is_foreign')
    @api.depends_context('lang')
    def _compute_overview(self):
        self._read_reports()
        for domain in self:
            domain.overview = get_overview(domain)

    @api.depends('report', 'last_known')
    @api.depends_context('lang')
    def _compute_records_seen(self):
        for domain in self:
            domain.records_seen = get_records_seen(domain)

    @api.depends('path_ids', 'envelope_path_ids', 'alias_domain_ids')
    @api.depends_context('lang', 'allowed_company_ids')
    def _compute_uses(self):
        for domain in self:
            domain.uses = get_uses(domain)

    @api.depends('check_ids')
    @api.depends_context('lang', 'tz')
    def _compute_history(self):
        for domain in self:
            domain.history = get_history(domain)

    @api.depends_context('lang')
    def _compute_parameters(self):
        self.parameters = get_parameters(self.env)

    @api.depends('report', 'last_known')
    @api.depends_context('lang')
    def _compute_publication(self):
        self._read_reports()
        for domain in self:
            report = domain._get_report()
            domain.publication = get_publication(domain, report) if report else None

    @api.depends(
        'report', 'is_foreign', 'path_ids.state', 'path_ids.is_used', 'writes_to_lists', 'dmarc_step', 'reported', 'announced')
    @api.depends_context('lang', 'allowed_company_ids')
    def _compute_dmarc_ladder(self):
        for domain in self:
            domain.dmarc_ladder = get_dmarc_ladder(domain)

    @api.depends('path_ids', 'envelope_path_ids', 'finding_ids.resolved_on', 'check_ids')
    @api.depends_context('allowed_company_ids')
    def _compute_counts(self):
        for domain in self:
            stored = domain._origin or domain  # a form asks about what it has not saved
            domain.path_count = self.env['mail.domain.health.path'].search_count(stored._paths_shown())
            domain.finding_count = self.env['mail.domain.health.finding'].search_count(stored._findings_shown())
            domain.check_count = self.env['mail.domain.health.check'].search_count([('domain_id', '=', stored.id)])
            domain.contact_count = domain._get_contacts_domain().contact_count

    @api.depends('judged_path_ids.evidence', 'judged_path_ids.sent_count', 'state')
    @api.depends_context('lang', 'allowed_company_ids')
    def _compute_receivers_said(self):
        for domain in self:
            paths = domain.judged_path_ids.filtered(lambda path: path.company_id in self.env.companies)
            domain.receivers_said = receivers_said(paths, domain.state)

    @api.depends('path_ids', 'envelope_path_ids')
    def _compute_observation_ids(self):
        for domain in self:
            paths = domain.path_ids | domain.envelope_path_ids
            in_file = paths.filtered(lambda path: not path.mail_server_id)
            domain.observation_ids = self.env['mail.sending.observation'].search([
                '|', ('mail_server_id', 'in', paths.mail_server_id.ids),
                '&', ('mail_server_id', '=', False), ('company_id', 'in', in_file.company_id.ids)])

    @api.constrains('dkim_selectors')
    def _check_dkim_selectors(self):
        for domain in self:
            for selector in domain._selectors():
                if '_domainkey' in selector or not to_ascii(f'{selector}._domainkey.example.com') \
                        or selector.startswith('.'):
                    raise ValidationError(self.env._(
                        "DKIM Selectors: “%(selector)s” is not a valid selector. Enter the name before “._domainkey”, "
                        "for example “s1” for s1._domainkey.example.com.", selector=selector,
                    ))

    @api.constrains('dmarc_report_address')
    def _check_dmarc_report_address(self):
        for domain in self.filtered('dmarc_report_address'):
            # Whether another domain takes the reports, DNS says: the advice leaves out one that does not.
            if not _ADDRESS.fullmatch(domain.dmarc_report_address) \
                    or not to_ascii(domain.dmarc_report_address.rpartition('@')[2]):
                raise ValidationError(self.env._(
                    "Address for DMARC Reports: enter a single email address, ideally at your own domain, for example "
                    "dmarc@%(domain)s.", domain=domain.display_name,
                ))

    @api.constrains('user_id')
    def _check_user_id(self):
        for domain in self.filtered('user_id'):
            user, companies = domain.sudo().user_id, domain.sudo().company_ids
            if not user.has_group('base.group_system') or companies and not companies & user.company_ids:
                raise ValidationError(self.env._(
                    "%(user)s cannot be responsible for %(domain)s: only a settings administrator who works in one of the "
                    "domain's companies can see what is wrong with it.", user=user.name, domain=domain.display_name))

    @api.constrains('sends_nothing')
    def _check_sends_nothing(self):
        for domain in self.filtered('sends_nothing'):
            if domain.sudo().path_ids.filtered('is_used'):
                raise ValidationError(self.env._(
                    "Odoo itself sends mail from %(domain)s, so it cannot be marked as one that sends none.",
                    domain=domain.display_name))

    def write(self, vals):
        result = super().write(vals)
        if 'tells_record_changes' in vals:
            self.sudo()._follow_record_changes()
        if vals.get('tells_report_events') is False:
            self.sudo().activity_unlink([own_findings.ACTIVITIES[following.AREA]])
        if not {'dkim_selectors', 'dmarc_report_address', 'sends_nothing'}.isdisjoint(vals):
            self.sudo()._mark_outdated()
        return result

    @api.model
    def _get_resolver(self, deadline=CHECK_DEADLINE):
        """Return the resolver that Settings names. The only place that knows the parameters."""
        get_param = self.env['ir.config_parameter'].sudo().get_param
        nameservers, _problems = mailauth.parse_nameservers(get_param(PARAMETER_NAMESERVERS) or '')
        networks, _problems = mailauth.parse_networks(get_param(PARAMETER_NETWORKS) or '')
        return mailauth.Resolver(
            nameservers=nameservers or None, deadline=deadline, authority_port=AUTHORITY_PORT, networks=networks)

    def _selectors(self):
        return [selector for selector in (self.dkim_selectors or '').replace(',', ' ').split() if selector]

    def _awaits_confirmation(self):
        is_worse = not self.is_foreign and any(known.get('pending_since') for known in (self.announced or {}).values())
        return is_worse or bool(record_changes.get_pending(self))

    @api.model
    def _is_neutralized(self):
        """Whether this is a copy of a database, whose mail servers are dummies."""
        return bool(self.env['ir.config_parameter'].sudo().get_param('database.is_neutralized'))

    def check_now(self, company_id=None):
        """Look at this domain at once, for a person who waits.

        Whoever comes second while a check runs asks no DNS: they get ``busy`` and look
        again until ``overview["attempt"]`` has changed.

        :param int company_id: the company whose Settings are open: then ``"box"`` is what they show now
        :return: ``{"busy": bool, "notice": str | None, "overview": dict, "box": dict | None}``
        """
        self.ensure_one()
        self.check_access('write')
        self.env.cr.flush()  # a change of configuration that this transaction made counts
        notice = None
        if self._is_neutralized():
            notice = self.env._("This is a copy of your database: it checks nothing and notifies nobody.")
        else:
            # Lock first, then ask: a repeated transaction must not repeat the questions.
            locked = self.sudo().try_lock_for_update(allow_referencing=True)
            if not locked:
                return {'busy': True, 'notice': self.env._("A check is already running…"), **self._get_box(company_id)}
            learning.learn_rejections(locked.env, locked.company_ids)
            for record, report in locked._check():
                record._apply_report(report)
                looking.look_at_all(record)
                if report['deadline_passed']:
                    notice = self.env._("DNS took too long to answer: this shows the previous results.")
        return {'busy': False, 'notice': notice, **self._get_box(company_id)}

    def check_several(self):
        """Look at some domains at once, for a person who sees how far it gets.

        :return: ``{"checked", "late", "failed", "busy"}``: how many; ``"notice"``: why none was looked at, or ``None``
        """
        self.check_access('write')
        if len(self) > SEVERAL:
            raise UserError(self.env._("At most %(limit)s domains are checked at a time.", limit=SEVERAL))
        seen = {'checked': 0, 'late': 0, 'failed': 0, 'busy': 0, 'notice': None}
        if self._is_neutralized():
            return {**seen, 'notice': self.env._("This is a copy of your database: it checks nothing and notifies nobody.")}
        self.env.cr.flush()
        # Lock first, then ask: a repeated transaction must not repeat the questions.
        locked = self.sudo().with_context(tracking_disable=True).try_lock_for_update(allow_referencing=True)
        return {**seen, **several.check_together(locked), 'busy': len(self) - len(locked)}

    def read_letters(self):
        """Return the texts for whoever runs the DNS of these domains (:func:`get_letters`)."""
        self.check_access('read')
        return get_letters(self)

    def action_unmute_findings(self):
        """Take back that findings of these domains are muted, as far as the user may see them."""
        self.check_access('write')
        found = self.env['mail.domain.health.finding'].search([('domain_id', 'in', self.ids), ('is_muted', '=', True)])
        return _tell(self.env._("Findings no longer muted: %(count)s.", count=len(quieting.unmute(found))))

    def action_acknowledge(self):
        """Open the wizard that asks until when nobody is to be reminded of what broke."""
        self.check_access('write')
        action = self.env['ir.actions.actions']._for_xml_id('mail_domain_health.mail_domain_health_acknowledge_action')
        return {**action, 'context': {'active_model': self._name, 'active_ids': self.ids}}

    def action_withdraw_acknowledgement(self):
        """Take back that somebody is on what broke."""
        return _tell(self.env._("Domains that nobody is on any more: %(count)s.", count=len(quieting.withdraw(self))))

    @api.model
    def test_nameservers(self, nameservers):
        """Ask each name server of the setting, saved or not, for a person who waits (:func:`try_out_nameservers`)."""
        self.check_access('write')
        return try_out_nameservers(self.env, nameservers)

    def read_box(self, company_id=None):
        """Return what :meth:`check_now` returns, without looking."""
        self.ensure_one()
        self.check_access('read')
        return {'busy': False, 'notice': None, **self._get_box(company_id)}

    def _get_box(self, company_id):
        self.invalidate_recordset(['overview'])
        company = self._get_own_company(company_id)
        return {
            'overview': self.overview,
            'box': company._get_mail_domain_health_box() if company else None,
        }

    def _get_own_company(self, company_id):
        """Return the company of that id, if it is one of the user's; else an empty recordset."""
        return self.env['res.company'].browse(company_id) & self.env.user.company_ids

    def _check(self):
        """Ask DNS about these domains, all at once; yield ``(domain, report)`` as each one ends.

        A domain that hangs keeps nobody waiting: the others are yielded first.
        """
        for domain_id, report in self._check_by_id(query.names_above_fragile(self.env)):
            yield self.browse(domain_id), report

    def _check_by_id(self, fragile, idle=None):
        """Do the same with ids, so that the caller may commit in between.

        :param set[str] fragile: what :func:`query.names_above_fragile` returned
        :param float idle: seconds after which ``(None, None)`` is yielded where no report has come
        """
        query.read_together(self)
        queries = {query.domain_query(domain, fragile): domain.id for domain in self}
        for report in mailauth.iter_reports(self._get_resolver(), list(queries), idle=idle):
            yield (queries[report.query], report.to_dict()) if report else (None, None)

    @api.model
    def _get_interval(self):
        """Return how long after a check the next regular one is due at the latest: the interval of Settings."""
        cron = self._get_cron()
        seconds = {'minutes': 60, 'hours': 3600, 'days': 86400, 'weeks': 604800, 'months': 2592000}
        return timedelta(seconds=(cron.interval_number or 1) * seconds[cron.interval_type or 'days'])

    def _apply_report(self, report, rows=None, *, is_blind=False):
        """Store one report: states, findings, history, and a message if something broke or recovered.

        What DNS did not answer replaces no known state and is never announced; a
        check that ran into its deadline changes no state at all.

        :param dict report: what :meth:`_check` gave
        :param Rows rows: takes what is to be created, for whoever stores several; by default it is created here
        :param bool is_blind: whether no DNS answers here at all
        """
        self.ensure_one()
        report = StoredReport.from_dict(report)
        if self.last_check and report.started < self.last_check.timestamp():
            return  # somebody looked later than this, and was faster
        gathered = Rows() if rows is None else rows
        if report.deadline_passed and self.last_check:
            self._store_late(report, is_blind)
        else:
            self._store_report(report, gathered, is_blind=is_blind)
        companies = ((self.path_ids | self.envelope_path_ids).company_id | self.alias_domain_ids.company_ids).filtered('active')
        gathered.company_ids.update(companies.ids)
        if rows is None:
            gathered.write_to(self.env)
            self._sync_findings_of(companies)
            self._wake_cron(self.next_check)

    def _store_late(self, report, is_blind):
        """Store that a check ran into its deadline: it changes no state. Whoever relies on the old ones is told after a day."""
        now = fields.Datetime.now()
        self.write({
            **attempt.get_columns(self, now, report, self.announced or {}),
            'unanswered_since': self._get_unanswered_since(now, is_blind)})
        self._announce_unseen(now, is_blind, is_late=True)

    def _get_unanswered_since(self, now, is_blind):
        """Return since when this domain does not answer, now that it did not; that of an outage here is not held against it."""
        return self.unanswered_since or not is_blind and now

    def _announce_unseen(self, now, is_blind, *, is_late=False):
        is_held = is_blind and self.unanswered_since  # no control question has to be asked of each domain then
        if not is_held and not self.is_foreign and not about_to_be_lost.is_failing(self):
            announcing.announce_unseen(self, now, is_late=is_late)

    def _store_report(self, report, rows, *, is_blind=False):
        """Store what a check said, and announce what it changed."""
        now = fields.Datetime.now()
        before, announced = self._get_report(), self.announced or {}  # read once: what is read of such a field is a copy
        answered = report
        if self.is_foreign:
            report = third_party.without_owners_part(self, report)
        report = evidence.with_evidence(self, before, report).without_green_behind_gate()
        report = about_to_be_lost.follow_report(self, report, now, is_blind=is_blind)
        was_broken = announcement.is_broken(announced)
        self.finding_ids._sync(self, report, now, rows)  # a mute may end
        announced, events, _confirm = announcing.get_events(self, report, announced, now)
        republished = record_changes.follow(self, before, answered, announced, events, now)
        stated = {'state': report.state, **report.states}
        seen_areas = history_row.get_answered(answered)
        places = history_row.get_places(self, before, report, seen_areas)
        changed = history_row.is_change(self, before, places, stated)
        if changed:
            rows['mail.domain.health.check'].append(history_row.get_row(self, report, now, stated, seen_areas))
        self.write({
            **attempt.get_columns(self, now, report, announced), **stated, 'last_check': now, 'is_outdated': False,
            'report': report.to_dict(), 'announced': announced,
            'looks': self.looks + 1, 'places_seen': places,
            **overview_columns.get_since(self, report.state, now), **quieting.get_rest(self, announced),
            'last_known': report.added_to(self.last_known or {}, fields.Datetime.to_string(now)),
            'unanswered_since': self._get_unanswered_since(now, is_blind) if report.is_unseen else False,
            'is_unseen_told': self.is_unseen_told and report.is_unseen,
        })
        self.write({**overview_columns.get_columns(self, report), **overview_columns.get_dmarc_step(self, report, now)})
        if (changed or before.published != report.published) and proposals.is_done(self, report):
            self.env['mail.domain.health.link']._end_done(self)
        self.judged_path_ids._store_verdicts(report.paths)
        announcing.announce(self, events, was_broken)
        record_changes.announce(self, republished)
        self._announce_unseen(now, is_blind)

    def _sync_findings_of(self, companies):
        """Follow what the checks say of these companies' paths; a check beside this one may do the same just now."""
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                self.env['mail.domain.health.path']._sync_findings(companies)
        except (OperationalError, UniqueViolation):  # what was looked up is kept, and nobody asks DNS again for it
            _logger.info("Email Domain Health: the findings about sending paths are followed later", exc_info=True)
            self._trigger_cron()

    def _get_report(self):
        """Return what the last check found (:class:`StoredReport`), or ``None``."""
        self.ensure_one()
        stored = self.report
        return StoredReport.from_dict(stored) if stored else None

    def _read_reports(self):
        """Read in one query what is not prefetched and all screens need; where that is done, not even the rights are asked."""
        missing = self.env.cache.get_missing_ids(self, self._fields['report'])
        self.browse(missing).fetch(['report', 'last_known'])

    def _read_together(self):
        """Read what storing a report reads, of all these domains at once."""
        self.fetch(['report', 'last_known', 'announced', 'places_seen', 'records_told', 'reported'])
        self.judged_path_ids.fetch(['evidence', 'reasons', 'state', 'verdict'])
        self.mapped('finding_ids.code')
        self.mapped('record_ids.next_look')
        self.mapped('activity_ids.activity_type_id')

    def _get_responsible_users(self, by_company=None):
        """Return the users to tell; whoever is responsible for a domain stands in for those of their own companies only.

        :param dict by_company: remembers who is responsible for each company, for whoever asks of many domains
        """
        by_company = {} if by_company is None else by_company
        companies = self.sudo().company_ids or self.env['res.company'].sudo().search([], limit=1)
        own, users = self.sudo().user_id, self.env['res.users']
        if not own.active or not own.has_group('base.group_system'):
            own = users
        for company in companies:
            if own and (company in own.company_ids or not self.sudo().company_ids):
                users |= own
                continue
            if company not in by_company:
                by_company[company] = company._get_mail_health_user()
            users |= by_company[company]
        return users

    # Records to publish

    def propose_spf(self, terms):
        """Return the record that is left when a person takes ``terms`` out of it (:func:`get_spf_proposal`)."""
        self.ensure_one()
        self.check_access('read')
        return get_spf_proposal(self, terms)

    def action_write_hostmaster(self):
        """Open the wizard that writes a mail with the records to whoever runs the DNS."""
        self.ensure_one()
        self.check_access('write')
        action = self.env['ir.actions.actions']._for_xml_id('mail_domain_health.mail_domain_health_letter_action')
        return {**action, 'context': {'default_domain_id': self.id}}

    def _get_letter_records(self):
        """Return the records to publish as the letter shows them (called by its template)."""
        self.ensure_one()
        return render_letter(self)

    def read_fix_it(self, company_id=None):
        """Return what is to be done for this domain's mail, and how far it is (:func:`get_fix_it`). Asks no DNS.

        :param int company_id: the company whose Settings are open, if they are
        """
        self.ensure_one()
        self.check_access('read')
        return get_fix_it(self, self._get_own_company(company_id))

    def look_at_records(self, company_id=None, optional_keys=None):
        """Return the same, for a person who watches: the records that are not there yet are looked at, if it is time.

        :param list[str] optional_keys: of the rows about what is not needed, those that the person sees
        """
        self.ensure_one()
        self.check_access('write')
        optional_keys = set(map(str, optional_keys or ()))
        if not self._is_neutralized():
            looking.look(self, optional_keys)
        # What was seen just now is in no transaction that began before.
        with self.env.registry.cursor() as cr:
            domain = self.with_env(self.env(cr=cr))
            return get_fix_it(domain, domain._get_own_company(company_id), optional_keys)

    def _notify_thread_by_email(self, message, recipients_data, **kwargs):
        """Make the token of the link in a letter as it leaves: what is kept in the chatter leads nowhere.

        From then on the records are looked at by themselves, so that what the letter brings about is noticed.
        """
        leaves = any(recipient['notif'] == 'email' for recipient in recipients_data)
        tokens = self.env['mail.domain.health.link'].sudo()._make_tokens(self, message.body) if leaves else {}
        if leaves and (tokens or 'mail_domain_health_letter' in self.env.context):
            looking.follow(self.sudo())
        letters = self.with_context(mail_domain_health_tokens=tokens) if tokens else self
        return super(MailDomainHealth, letters)._notify_thread_by_email(message, recipients_data, **kwargs)

    def _notify_by_email_render_layout(self, message, recipients_group, msg_vals=False, render_values=None):
        body = super()._notify_by_email_render_layout(
            message, recipients_group, msg_vals=msg_vals, render_values=render_values)
        for waiting, address in self.env.context.get('mail_domain_health_tokens', {}).items():
            body = body.replace(waiting, address)
        return body

    # What a received mail tells

    def action_check_received_mail(self):
        """Open the wizard that reads a mail which left as this domain."""
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.actions']._for_xml_id('mail_domain_health.mail_domain_health_arrival_action')
        return {**action, 'context': {'default_domain_id': self.id}}

    def action_send_proof(self):
        """Send a proof on each path in use that leaves as this domain, and show how they arrive."""
        self.ensure_one()
        self.check_access('read')
        paths = self.path_ids.filtered(lambda path: path.is_used and path.company_id in self.env.companies)
        return paths.action_send_proof()

    # Reports of receivers

    def _receives_reports(self):
        """Whether reports about this domain, sent to the address that is named for them, were seen to arrive here."""
        address = self.report_address_id
        return address.is_proven and address.name == (self.dmarc_report_address or '').strip().lower()

    def action_receive_reports(self):
        """Open the wizard that has reports about this domain sent to this database."""
        self.ensure_one()
        self.check_access('write')
        action = self.env['ir.actions.actions']._for_xml_id('mail_domain_health.mail_domain_health_receive_action')
        return {**action, 'context': {'default_domain_id': self.id}}

    def action_test_report_address(self):
        """Send the mail once more that tells whether reports to the address of this database arrive."""
        self.ensure_one()
        self.check_access('write')
        if self._is_neutralized():
            raise UserError(self.env._("This is a copy of your database: it checks nothing and notifies nobody."))
        if self.report_address_id and not self.report_address_id.is_proven:
            addresses.ask(self.report_address_id.sudo())
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}

    def decide_source(self, place, decision):
        """Say whose the mail is that leaves as this domain from a place (:func:`sources.place_of`).

        :param str place: ``service:<code>`` or ``ip:<address>``
        :param decision: ``mine``, ``not_mine``, or ``False``, which takes back what was said
        """
        self.ensure_one()
        self.check_access('write')
        if not gathering.is_place(self.env, place) or decision not in (*sources_texts.DECISIONS, False):
            raise UserError(self.env._("“%(place)s” is no source of email that can be decided about.", place=place))
        self.env['mail.domain.health.source']._decide(self, place, decision)
        if self.sudo().reported:  # what was told of it ends now, not with the next report
            following.follow(self.sudo())

    def action_prove_bounces(self):
        """Send one mail to an address of this domain that does not exist, and show whether that comes back."""
        self.ensure_one()
        self.check_access('read')
        if self.is_foreign:
            raise UserError(self.env._("This domain is somebody else's: nothing is sent to it."))
        return bouncing.send(self).with_env(self.env)._get_action()

    def read_received(self):
        """Return what receivers report of mail as this domain (:func:`get_received`)."""
        self.ensure_one()
        self.check_access('read')
        return get_received(self)

    def action_open_source(self, place, kind):
        """Open what was reported of one source: its days, receivers and records."""
        self.ensure_one()
        self.check_access('read')
        return self._open_volume(get_rows(self, place, kind))

    def action_open_volume(self, date=False):
        """Open what was reported of this domain, on a day (``YYYY-MM-DD``) or on all of them."""
        self.ensure_one()
        self.check_access('read')
        return self._open_volume([('domain_id', '=', self.id), *([('date', '=', str(date))] if date else [])])

    def _open_volume(self, rows):
        action = self.env['ir.actions.actions']._for_xml_id('mail_domain_health.mail_domain_health_volume_action')
        return {**action, 'domain': rows, 'context': {}}

    def _get_report_action(self):
        """Return the action that opens the full report of this domain."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Email Domain"),
            'res_model': 'mail.domain.health',
            'res_id': self.id,
            'views': [(False, 'form')],
        }

    # What the report's buttons open

    def _paths_shown(self):
        return ['|', ('from_health_id', '=', self.id), ('envelope_health_id', '=', self.id)]

    def _findings_shown(self):
        return [('domain_id', '=', self.id), ('resolved_on', '=', False)]

    def _get_contacts_domain(self):
        """Return the same domain as one of contacts, if any has an address there."""
        return self.env['mail.partner.domain'].search([('name', '=', self.name)], limit=1)

    def action_open_paths(self):
        """Open the sending paths that leave as this domain or bounce to it."""
        return self._open(self.env._("Sending Paths"), 'mail.domain.health.path', self._paths_shown())

    def action_open_findings(self):
        """Open what was noticed about this domain and lasts."""
        return self._open(self.env._("Findings"), 'mail.domain.health.finding', self._findings_shown())

    def action_open_checks(self):
        """Open the looks that found something else than the look before."""
        shown = [('domain_id', '=', self.id)]
        return self._open(self.env._("History"), 'mail.domain.health.check', shown)

    def action_open_contacts(self):
        """Open the contacts with an address at this domain."""
        self.ensure_one()
        self.check_access('read')
        found = self._get_contacts_domain()
        return found.action_open_contacts() if found else {'type': 'ir.actions.act_window_close'}

    def _open(self, name, model, domain):
        self.ensure_one()
        self.check_access('read')
        return {
            'type': 'ir.actions.act_window', 'name': name, 'res_model': model, 'domain': domain,
            'views': [(False, 'list'), (False, 'form')], 'context': {'create': False},
        }

    def read_day(self, date):
        """Return what was published on a day, ``YYYY-MM-DD`` (:func:`get_day`)."""
        self.ensure_one()
        self.check_access('read')
        try:
            day = fields.Date.to_date(date)
        except ValueError:
            day = None
        if not day or not 2000 <= day.year < 2100:
            raise UserError(self.env._("“%(date)s” is not a day of which there could be a history.", date=date))
        return get_day(self, day)

    def action_download_history(self, kind='xlsx'):
        """Have the history of these domains downloaded as Odoo exports it (:func:`get_export`)."""
        self.check_access('read')
        return get_export(self, kind)

    # Whose domain it is

    def action_claim(self):
        """Say that these domains are ours: they get records to publish, and are announced."""
        return self._set_ownership('ours')

    def action_disclaim(self):
        """Say that these domains are somebody else's."""
        return self._set_ownership('theirs')

    def _set_ownership(self, ownership):
        self.check_access('write')
        self.sudo().write({'ownership': ownership, 'is_foreign': ownership == 'theirs'})
        if ownership == 'theirs':
            self.sudo()._forget_what_to_do()
        self.sudo()._mark_outdated()
        self._configuration_changed()

    def action_stop_monitoring(self):
        """Take back that these domains were added for the user's companies; those that Odoo uses stay."""
        self.check_access('write')
        added = self.sudo().filtered(lambda domain: domain.watched_company_ids & self.env.companies)
        added.write({'watched_company_ids': [fields.Command.unlink(company.id) for company in self.env.companies]})
        self._refresh_watch_list()
        stopped = added.filtered(lambda domain: not domain.active)
        return _tell(self.env._(
            "No longer monitored: %(stopped)s. Still in use by Odoo: %(used)s.",
            stopped=len(stopped), used=len(self) - len(stopped)))

    @api.model
    def _refresh_watch_list(self):
        watch_list.follow_paths(self.env)

    def _forget_what_to_do(self):
        self.write({
            'announced': False, 'records_told': False, 'lost_sightings': False, 'next_registration_look': False,
            'unanswered_since': False, 'is_unseen_told': False, **quieting.NOT_ACKNOWLEDGED})
        self.activity_unlink([
            announcing.ACTIVITY_BROKEN, announcing.ACTIVITY_UNSEEN, announcing.ACTIVITY_CHANGED,
            *own_findings.ACTIVITIES.values()])

    # Which domains are watched, and when they are looked at

    @api.model
    def _configuration_changed(self, companies=None):
        """Follow a change of Odoo's configuration (:func:`changes.note_configuration`)."""
        changes.note_configuration(self.env, companies)

    @api.model
    def _users_changed(self, users=None, left=None):
        """Follow users whose addresses may have changed (:func:`changes.note_users`)."""
        if self.env.registry.ready:
            changes.note_users(self.env, users, left)

    @api.model
    def _notice_addresses(self):
        """Have addresses followed that were written where contacts are (:func:`changes.notice_addresses`)."""
        if changes.notice_addresses(self.sudo().env):
            self._trigger_cron()

    @api.model
    def _refresh(self, companies=None):
        """Make domain records and paths match Odoo's configuration. Asks no DNS.

        :param companies: the companies whose paths may have changed (default: all)
        """
        Path = self.env['mail.domain.health.path'].sudo()
        active_companies = self.env['res.company'].sudo().search([('active', '=', True)])
        companies = active_companies if companies is None else companies & active_companies
        changed = Path._refresh(companies)
        watch_list.follow_paths(self.env)
        self.sudo().search([('name', 'in', list(changed))])._mark_outdated()
        Path._sync_findings(companies)

    @api.model
    def _refresh_or_note(self, companies):
        """Do the same, or leave it to the scheduled check where that takes longer (:func:`changes.refresh_or_note`)."""
        changes.refresh_or_note(self.env, companies)

    def _mark_outdated(self):
        """Have domains looked at again, whose verdict is about what was so before."""
        checked = self.filtered('last_check')
        if checked:
            checked.write({'is_outdated': True, 'next_check': fields.Datetime.now()})
            self._trigger_cron()

    def _follow_record_changes(self):
        """Have domains looked at once somebody asks to be told what changes there; whoever asks again begins anew."""
        asked = self.filtered('tells_record_changes')
        (self - asked).records_told = False
        waiting = asked.filtered(lambda domain: domain.last_check and not domain.records_told)
        if waiting:
            waiting.next_check = fields.Datetime.now()
            self._trigger_cron()

    def _stop_watching(self):
        """Archive domains that nothing uses any more, with their history and without what is left to do."""
        if self:
            self.write({'active': False, 'next_check': False})
            self._forget_what_to_do()

    @api.model
    def _get_cron(self):
        # No look whether it exists: its name goes with it.
        return self.env['ir.cron'].sudo().browse(self.env['ir.model.data']._xmlid_to_res_id(CRON))

    @api.model
    def _trigger_cron(self, at=None):
        crons.trigger(self.env, CRON, at)

    @api.model
    def _trigger_additional_crons(self):
        """Have those run that share the work of the scheduled check, if there are any."""
        for cron in crons.get_additional(self.env, CRON):
            cron._trigger()

    @api.model
    def _wake_cron(self, at):
        """Have the scheduled check run by ``at``, whatever else wakes it."""
        crons.wake(self.env, CRON, at)

    @api.model
    def _hand_out(self):
        """Have others look at the domains whose time has come, and tell whether they do; nobody else does here."""
        return False

    @api.model
    def _cron_check(self):
        """Follow what changed, read what became of sent mail, and look at every domain whose time has come.

        A copy of our scheduled action shares the last of these: each takes other domains.
        """
        if self._is_neutralized():
            return
        is_additional = crons.runs_as_another(self.env, CRON)
        run = scheduled_run.AdditionalRun if is_additional else scheduled_run.ScheduledRun
        run(self.sudo().env).work()

    @api.model
    def _cron_digest(self):
        """Mail the weekly digest to whom it has something to say (:func:`digest.send_digests`)."""
        if not self._is_neutralized():
            digest.send_digests(self.sudo().env)


def _tell(message):
    """Return the action that says so, and has the list read again."""
    return {
        'type': 'ir.actions.client', 'tag': 'display_notification',
        'params': {'type': 'success', 'message': message, 'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'}},
    }
