import logging
import re
from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .. import mailauth
from ..mailauth.dns.names import ancestors, to_ascii, to_unicode
from ..mailauth.verdict import KNOWN_STATES, State
from . import announcement, announcement_texts, texts

_logger = logging.getLogger(__name__)

CHECK_DEADLINE = 10.0  # seconds that one person waits, and one domain of the cron takes, at most
ROWS = 'mail_domain_health_rows'  # context key: Rows
UNSEEN_AFTER = timedelta(hours=24)
AUTHORITY_PORT = 53  # where a zone's own name servers are asked
PARAMETER_NAMESERVERS = 'mail_domain_health.nameservers'
PARAMETER_NETWORKS = 'mail_domain_health.networks'  # internal ones in which zones' own name servers are asked
ACTIVITY_BROKEN = 'mail_domain_health.mail_activity_type_domain_broken'
ACTIVITY_UNSEEN = 'mail_domain_health.mail_activity_type_domain_unseen'
_ADDRESS = re.compile(r'[^\s@,;:!<>"()]+@[^\s@,;:!<>"()]+')
# DNS has answered; what is missing only Odoo's settings or a received mail can tell.
_OPEN = (
    'spf.sender_unknown', 'dkim.sender_unknown', 'dkim.selector_unknown', 'dkim.account_specific', 'dmarc.enforced_unproven')


class Rows(defaultdict):
    """What looks at several domains create, by model, and the companies whose findings to follow: written at once."""

    def __init__(self):
        super().__init__(list)
        self.company_ids = set()


class MailDomainHealth(models.Model):
    """A domain under watch: what Odoo sends as it, what its DNS says, and what to publish.

    A record is made where its cause changes (:meth:`_refresh`), looked at by
    :meth:`_check`, and shown by :meth:`_get_overview`; only :meth:`_check` asks DNS.
    """

    _name = 'mail.domain.health'
    _description = 'Email Domain Health'
    _inherit = ['mail.measured.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'name, id'

    name = fields.Char("Domain", required=True, readonly=True, help="In the form that DNS knows (A-labels).")
    active = fields.Boolean(default=True, readonly=True)
    company_ids = fields.Many2many('res.company', string="Companies", readonly=True)
    alias_domain_ids = fields.One2many('mail.alias.domain', 'mail_domain_health_id', "Alias Domains", readonly=True)
    path_ids = fields.One2many('mail.domain.health.path', 'from_health_id', "Ways That Mail Leaves", readonly=True)
    envelope_path_ids = fields.One2many('mail.domain.health.path', 'envelope_health_id', readonly=True)
    judged_path_ids = fields.One2many('mail.domain.health.path', 'judge_id', readonly=True)
    finding_ids = fields.One2many('mail.domain.health.finding', 'domain_id', "Findings", readonly=True)
    check_ids = fields.One2many('mail.domain.health.check', 'domain_id', "History", readonly=True)

    state = fields.Selection(selection='_state_selection', string="Verdict", default='unknown', readonly=True)
    spf_state = fields.Selection(selection='_state_selection', string="SPF", default='unknown', readonly=True)
    dkim_state = fields.Selection(selection='_state_selection', string="DKIM", default='unknown', readonly=True)
    dmarc_state = fields.Selection(selection='_state_selection', string="DMARC", default='unknown', readonly=True)
    is_outdated = fields.Boolean(readonly=True, help="What sends as this domain changed since the last check.")
    last_check = fields.Datetime(readonly=True)
    last_attempt = fields.Datetime(readonly=True)
    attempts = fields.Integer(readonly=True, help="How many checks have ended: tells a new one from the one before.")
    next_check = fields.Datetime(readonly=True, index=True, default=fields.Datetime.now)
    unanswered_since = fields.Datetime(readonly=True)
    report = fields.Json(readonly=True, prefetch=False, help="What the engine answered last (mailauth.DomainReport.to_dict).")
    known = fields.Json(readonly=True, prefetch=False, help="By area: the last state that was not unknown, its date and records.")
    memory = fields.Json(readonly=True, prefetch=False, help="By area: what was announced last (announcement.step).")

    dkim_selectors = fields.Char(
        "DKIM Selectors",
        help="The names (“selectors”) under which your mail service publishes its key, as it shows them to you. "
             "Separate several by commas. DNS cannot list them.",
    )
    dmarc_report_address = fields.Char(
        "Address for DMARC Reports",
        help="A mailbox of yours that exists. Receivers send it a daily summary of who sends as your domain.",
    )

    _name_unique = models.UniqueIndex('(name)', "This domain is watched already.")

    @api.model
    def _state_selection(self):
        return [(state, texts.state_label(self.env, state)) for state in texts.STATES]

    @api.depends('name')
    def _compute_display_name(self):
        for domain in self:
            domain.display_name = to_unicode(domain.name or '')

    @api.constrains('dkim_selectors')
    def _check_dkim_selectors(self):
        for domain in self:
            for selector in domain._selectors():
                if '_domainkey' in selector or not to_ascii(f'{selector}._domainkey.example.com') \
                        or selector.startswith('.'):
                    raise ValidationError(self.env._(
                        "DKIM Selectors: “%(selector)s” cannot be one. Enter the name before “._domainkey”, "
                        "for example “s1” for s1._domainkey.example.com.", selector=selector,
                    ))

    @api.constrains('dmarc_report_address')
    def _check_dmarc_report_address(self):
        for domain in self.filtered('dmarc_report_address'):
            # Whether another domain takes the reports, DNS says: the advice leaves out one that does not.
            if not _ADDRESS.fullmatch(domain.dmarc_report_address) \
                    or not to_ascii(domain.dmarc_report_address.rpartition('@')[2]):
                raise ValidationError(self.env._(
                    "Address for DMARC Reports: enter one plain address, best at your own domain, for example "
                    "dmarc@%(domain)s.", domain=domain.display_name,
                ))

    def write(self, vals):
        result = super().write(vals)
        if not {'dkim_selectors', 'dmarc_report_address'}.isdisjoint(vals):
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

    def _get_query(self, fragile=None):
        """Return the engine's question about this domain: who sends as it, through what.

        :param set[str] fragile: the domains above one whose mail does not pass, if known already
        """
        self.ensure_one()
        if fragile is None:
            fragile = self._get_above_fragile()
        selectors = self._selectors()
        paths = (self.path_ids | self.envelope_path_ids | self.judged_path_ids).filtered(
            lambda path: path.company_id.active and not path.refusal)
        return mailauth.DomainQuery(
            self.name,
            selectors=tuple(selectors),
            paths=tuple(path._engine_path(selectors) for path in paths),
            dmarc_report_address=self.dmarc_report_address or None,
            addresses=tuple((address, None) for address in paths._get_addresses()),
            # What waits to be announced is asked of the zone's own servers too, past every cache.
            confirm=self._awaits_confirmation(),
            managed=self._is_managed_by_odoo(),
            subdomains_pass=self.name not in fragile,
        )

    @api.model
    def _get_above_fragile(self):
        """Return the names above domains whose mail does not pass: a stricter DMARC policy there would hold for it."""
        self.flush_model(['active', 'name', 'state'])
        self.env['mail.domain.health.path'].flush_model(['from_health_id', 'is_used'])
        return {above for [name] in self.env.execute_query(SQL(
            """
            SELECT domain.name FROM mail_domain_health domain
             WHERE domain.active AND domain.state NOT IN ('pass', 'not_needed') AND EXISTS (
                   SELECT FROM mail_domain_health_path path WHERE path.from_health_id = domain.id AND path.is_used)
            """)) for above in ancestors(name)[1:]}

    def _awaits_confirmation(self):
        return any(known.get('pending_since') for known in (self.memory or {}).values())

    def _is_managed_by_odoo(self):
        """Whether Odoo publishes this domain's records itself."""
        return self.name == 'odoo.com' or self.name.endswith('.odoo.com')

    @api.model
    def _is_neutralized(self):
        """Whether this is a copy of a database, whose mail servers are dummies."""
        return bool(self.env['ir.config_parameter'].sudo().get_param('database.is_neutralized'))

    def check_now(self, company_id=None):
        """Look at this domain at once, for a person who waits.

        Whoever comes second while a check runs asks no DNS: they get ``busy`` and look
        again until ``overview["attempt"]`` has changed.

        :param int company_id: the company whose Settings are open: then ``"box"`` is what they show now
        :return: ``{"busy": bool, "notice": str | None, "overview": dict, "publication": dict | None, "box": dict | None}``
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
                return {'busy': True, 'notice': self.env._("Being checked already…"), **self._get_box(company_id)}
            locked._learn_from_refusals()
            for record, report in locked._check():
                record._apply_report(report)
                record._look_at_changes()
                if report['deadline_passed']:
                    notice = self.env._("DNS took too long to answer: what you see is from before.")
        return {'busy': False, 'notice': notice, **self._get_box(company_id)}

    def read_box(self, company_id=None):
        """Return what :meth:`check_now` returns, without looking."""
        self.ensure_one()
        self.check_access('read')
        return {'busy': False, 'notice': None, **self._get_box(company_id)}

    def _get_box(self, company_id):
        self.invalidate_recordset(['overview', 'publication'])
        company = self.env['res.company'].browse(company_id) & self.env.user.company_ids
        return {
            'overview': self.overview,
            'publication': self.publication,
            'box': company._get_mail_domain_health_box() if company else None,
        }

    def _check(self):
        """Ask DNS about these domains, all at once; yield ``(domain, report)`` as each one ends.

        A domain that hangs keeps nobody waiting: the others are yielded first.
        """
        for domain_id, report in self._check_by_id(self._get_above_fragile()):
            yield self.browse(domain_id), report

    def _check_by_id(self, fragile, idle=None):
        """Do the same with ids, so that the caller may commit in between.

        :param set[str] fragile: what :meth:`_get_above_fragile` returned
        :param float idle: seconds after which ``(None, None)`` is yielded where no report has come
        """
        queries = {domain._get_query(fragile): domain.id for domain in self}
        for report in mailauth.iter_reports(self._get_resolver(), list(queries), idle=idle):
            yield (queries[report.query], report.to_dict()) if report else (None, None)

    def _add_rows(self, model, rows):
        """Create ``rows`` of ``model``, or leave it to whoever stores several domains at once."""
        gathered = self.env.context.get(ROWS)
        if isinstance(gathered, Rows):  # and nothing that a client put there
            gathered[model] += rows
        else:
            self.env[model].create(rows)

    @api.model
    def _log_not_stored(self, domain_id, error):
        _logger.error("Email Domain Health: cannot store the check of domain %s", domain_id, exc_info=error)

    @api.model
    def _get_interval(self):
        """Return how long after a check the next regular one is due, a little less than the cron's interval."""
        cron = self.env['ir.cron'].sudo().browse(
            self.env['ir.model.data']._xmlid_to_res_id('mail_domain_health.ir_cron_mail_domain_health_check'))
        seconds = {'minutes': 60, 'hours': 3600, 'days': 86400, 'weeks': 604800, 'months': 2592000}
        return timedelta(seconds=0.9 * (cron.interval_number or 1) * seconds[cron.interval_type or 'days'])

    def _apply_report(self, report):
        """Store one report: states, findings, history, and a message if something broke or recovered.

        What DNS did not answer replaces no known state and is never announced; a
        check that ran into its deadline changes no state at all.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        if self.last_check and report['started'] < self.last_check.timestamp():
            return  # somebody looked later than this, and was faster
        values = {'last_attempt': now, 'attempts': self.attempts + 1, 'next_check': now + self._get_interval()}
        if report['deadline_passed'] and self.last_check:
            if self._awaits_confirmation():
                values['next_check'] = now + announcement.CONFIRM_AFTER
                self._trigger_cron(values['next_check'])
            self.write(values)
            return
        before, memory = self.report, self.memory or {}  # read once: what is read of such a field is a copy
        report = _behind_gate(self._with_evidence(before, report))
        observed = _observed(report)
        records = _records_by_area(report)
        known = dict(self.known or {})
        for area, (state, _text) in observed.items():
            if state != 'unknown':
                known[area] = {
                    'state': state, 'date': fields.Datetime.to_string(now), 'records': records[area],
                    'changes': _changes(report, area),
                }
        if report['zone']['nameservers']:
            known['zone'] = {'date': fields.Datetime.to_string(now), 'nameservers': report['zone']['nameservers']}
        if report['state'] != 'unknown':
            known['all'] = {'state': report['state'], 'date': fields.Datetime.to_string(now)}
        was_broken = announcement.is_broken(memory)
        before_muted = {area for area, told in memory.items() if told.get('muted')}
        memory, events, confirm = announcement.step(memory, _confirmed(_held(observed, report, memory), report), now)
        if confirm:
            values['next_check'] = now + announcement.CONFIRM_AFTER
            self._trigger_cron(values['next_check'])
        events = self._without_muted(events, before_muted, memory, report)
        changed = not self.last_check or self.state != report['state'] or _records(before) != _records(report) \
            or any(self[f'{area}_state'] != report[area]['state'] for area in ('spf', 'dkim', 'dmarc'))
        values.update(
            last_check=now, is_outdated=False, report=report, known=known, memory=memory, state=report['state'],
            unanswered_since=(self.unanswered_since or now) if _is_unseen(report) else False,
            **{f'{area}_state': report[area]['state'] for area in ('spf', 'dkim', 'dmarc')},
        )
        self.write(values)
        if changed:
            self._add_rows('mail.domain.health.check', [{
                'domain_id': self.id, 'date': now, 'duration': report['duration'], 'state': report['state'],
                'records': report['records'],
                **{f'{area}_state': report[area]['state'] for area in ('spf', 'dkim', 'dmarc')},
            }])
        self.finding_ids._sync(self, report, now)
        verdicts = {verdict['key']: verdict for verdict in report['paths']}
        for path in self.judged_path_ids:
            verdict = verdicts.get(str(path.id))
            if verdict:
                result = {area: verdict[area] for area in ('spf', 'dkim', 'dmarc') if area in verdict}
                if (path.state, path.reasons, path.verdict) != (verdict['state'], verdict['reasons'], result):
                    path.write({'state': verdict['state'], 'reasons': verdict['reasons'], 'verdict': result})
        self._announce(events, was_broken)
        self._announce_unseen(now)

    def _without_muted(self, events, before_muted, memory, report):
        """Return the events to speak of: neither a break whose cause a person muted, nor its recovery.

        What muted a break is remembered in ``memory``, and ``before_muted`` are the areas whose break was muted before.
        """
        muted_codes = set(self.finding_ids.filtered(lambda found: found.is_muted and not found.resolved_on).mapped('code'))
        spoken = []
        for event in events:
            if event.kind == 'broken' and report[event.area]['code'] in muted_codes:
                memory[event.area]['muted'] = True
            elif event.kind == 'broken' or event.area not in before_muted:
                spoken.append(event)
        return spoken

    def _announce(self, events, was_broken):
        """Tell the responsible users what broke or recovered: chatter, activity, notification in Odoo."""
        broken = [event for event in events if event.kind == 'broken']
        users = self._get_responsible_users() if events else self.env['res.users']
        if events:
            domain = self.with_context(lang=users[:1].lang or self.env.lang)
            domain.message_post(
                body=domain._get_message(events, was_broken), author_id=self.env.ref('base.partner_root').id,
                partner_ids=users.partner_id.ids, subtype_xmlid='mail.mt_note',
            )
        for user in users:
            domain = self.with_context(lang=user.lang)
            domain._notify_in_odoo(user, events, was_broken)
            if broken:
                domain._schedule_activity(user, texts.headline(domain.env, domain, broken, was_broken), ACTIVITY_BROKEN)
        if was_broken and not announcement.is_broken(self.memory):
            self.activity_unlink([ACTIVITY_BROKEN])

    def _announce_unseen(self, now):
        """One activity for a zone that has not answered for a day while DNS does; it goes when the zone answers."""
        if not self.unanswered_since:
            # Neither a search nor a look whether the type exists, for each domain.
            if self.env['ir.model.data']._xmlid_to_res_id(ACTIVITY_UNSEEN) in self.activity_ids.activity_type_id.ids:
                self.activity_unlink([ACTIVITY_UNSEEN])
            return
        if now - self.unanswered_since < UNSEEN_AFTER or self.activity_search([ACTIVITY_UNSEEN]):
            return
        if not mailauth.sees_dns(self._get_resolver()):  # then the fault is our own network's
            return
        for user in self._get_responsible_users():
            domain = self.with_context(lang=user.lang)
            domain._schedule_activity(user, domain.env._(
                "We cannot see this domain: its name servers have not answered for a day."), ACTIVITY_UNSEEN)

    def _get_responsible_users(self):
        companies = self.sudo().company_ids or self.env['res.company'].sudo().search([], limit=1)
        users = self.env['res.users']
        for company in companies:
            users |= company._get_mail_health_user()
        return users

    def _schedule_activity(self, user, summary, xmlid):
        activity = self.activity_search([xmlid], user_id=user.id)
        if activity:
            activity.summary = summary
        else:
            # quick_update: no mail about it, for mail is what may be broken
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                xmlid, user_id=user.id, summary=summary)

    def _notify_in_odoo(self, user, events, was_broken):
        is_broken = any(event.kind == 'broken' for event in events)
        user._bus_send('simple_notification', {
            'type': 'danger' if is_broken else 'success',
            'title': self.display_name,
            'message': texts.headline(self.env, self, events, was_broken),
            'sticky': is_broken,
        })

    def _get_message(self, events, was_broken):
        """Return the chatter message: what each record was and is, and what to do. All escaped."""
        env = self.env
        areas = [event.area for event in events if event.kind == 'broken']
        remedies = Markup().join(Markup("<p>%s</p>") % texts.summary(env, self.report[area]) for area in areas)
        changes = self.report['changes'] if areas else ()
        if changes:
            remedies += Markup('<pre class="o_mail_domain_health_letter">%s</pre>') % self._get_hostmaster_text(changes)
        return Markup("<p><strong>%s</strong></p>%s%s") % (
            texts.headline(env, self, events, was_broken),
            Markup().join(announcement_texts.changes(env, event) for event in events), remedies)


def _held(observed, report, memory):
    """Return ``observed`` with what was announced last, where DNS did not tell whether that is over."""
    def state_of(area, state):
        worst, known = report[area].get('worst'), memory.get(area, {}).get('state')
        is_held = worst and known in KNOWN_STATES and State(known).is_worse_than(State(state)) \
            and not State(known).is_worse_than(State(worst))
        return known if is_held else state

    return {area: (state_of(area, state), record) for area, (state, record) in observed.items()}


def _behind_gate(report):
    """Return a report without green areas where the domain itself can have no mail: they are in order for nobody."""
    if report['gate']['state'] != 'fail':
        return report
    return {**report, **{
        area: {'state': 'unknown', 'code': 'gate.comes_first', 'params': {}}
        for area in ('spf', 'dkim', 'dmarc') if report[area]['state'] == 'pass'}}


def _observed(report):
    """Return ``{area: (state, text of its records)}`` of a report."""
    records = _records_by_area(report)
    return {
        area: (report[area]['state'], '\n'.join(
            f"{record['name']} {record['type']} {mailauth.in_one_line(record['value'])}" for record in records[area]))
        for area in announcement.AREAS
    }


def _confirmed(observed, report):
    """Return ``observed`` as far as it may be announced (:func:`announcement.step`).

    What is worse than the zone's own servers, where asked, have it is ``unknown``.
    """
    def borne_out(area, state):
        if state not in KNOWN_STATES:
            return announcement.OPEN if report[area]['code'] in _OPEN else announcement.UNKNOWN
        own = report['confirmed'].get(area, state)
        is_borne_out = own in KNOWN_STATES and not State(state).is_worse_than(State(own))
        return state if is_borne_out else announcement.UNKNOWN

    return {area: (borne_out(area, state), record) for area, (state, record) in observed.items()}


def _is_unseen(report):
    """Whether DNS answered nothing of what matters, as opposed to a question here and there."""
    return bool(report['unanswered']) and all(report[area]['state'] == 'unknown' for area in ('spf', 'dmarc'))


def _records_by_area(report):
    records = {area: [] for area in announcement.AREAS}
    for record in report['records']:
        if record['area'] in records:
            records[record['area']].append(record)
    return records


def _changes(report, area):
    """Return the changes that an area of the report needs."""
    return [change for change in report['changes'] if change['reason'].partition('.')[0] == area]


def _records(report):
    """Return what was published, as far as a difference of it is a change worth a row of history."""
    return sorted((record['name'], record['type'], record['value']) for record in (report or {}).get('records', ()))
