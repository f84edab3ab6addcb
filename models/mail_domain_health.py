import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import mailauth
from ..mailauth.names import to_ascii, to_unicode
from . import announcement, texts
from .ir_config_parameter import LEGACY_PARAMETERS
from .mail_domain_health_path import FREEMAIL_DOMAINS

_logger = logging.getLogger(__name__)

CHECK_DEADLINE = 10.0  # seconds that one person, or one batch of the cron, waits at most
CRON_BATCH = 500  # domains whose questions share one cache and one event loop
UNSEEN_AFTER = timedelta(hours=24)
PARAMETER_NAMESERVERS = 'mail_domain_health.nameservers'

STATES = [
    ('pass', "In order"),
    ('warning', "Works, but fragile"),
    ('fail', "Refused or filed as spam"),
    ('unknown', "Not known"),
    ('not_needed', "Nothing to publish"),
]
_ORDER = {'fail': 4, 'warning': 3, 'unknown': 2, 'pass': 1, 'not_needed': 0}


class MailDomainHealth(models.Model):
    """A domain under watch: what Odoo sends as it, what its DNS says, and what to publish.

    A record is made where its cause changes (:meth:`_refresh`), looked at by
    :meth:`_check`, and shown by :meth:`_get_overview`; only :meth:`_check` asks DNS.
    """

    _name = 'mail.domain.health'
    _description = 'Email Domain Health'
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'name, id'

    name = fields.Char("Domain", required=True, readonly=True, help="In the form that DNS knows (A-labels).")
    active = fields.Boolean(default=True, readonly=True)
    company_ids = fields.Many2many('res.company', string="Companies", readonly=True)
    alias_domain_ids = fields.One2many('mail.alias.domain', 'mail_domain_health_id', "Alias Domains", readonly=True)
    path_ids = fields.One2many('mail.domain.health.path', 'from_health_id', "Ways That Mail Leaves", readonly=True)
    envelope_path_ids = fields.One2many('mail.domain.health.path', 'envelope_health_id', readonly=True)
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
    report = fields.Json(readonly=True, help="What the engine answered last (mailauth.DomainReport.to_dict).")
    known = fields.Json(readonly=True, help="By area: the last state that was not unknown, its date and records.")
    memory = fields.Json(readonly=True, help="By area: what was announced last (announcement.step).")

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
        return STATES

    @api.depends('name')
    def _compute_display_name(self):
        for domain in self:
            domain.display_name = to_unicode(domain.name or '')

    @api.constrains('dkim_selectors')
    def _check_dkim_selectors(self):
        for domain in self:
            for selector in domain._selectors():
                if not to_ascii(f'{selector}._domainkey.example.com') or selector.startswith('.'):
                    raise UserError(self.env._(
                        "DKIM Selectors: “%(selector)s” cannot be one. Enter the name before “._domainkey”, "
                        "for example “s1” for s1._domainkey.example.com.", selector=selector,
                    ))

    def write(self, vals):
        result = super().write(vals)
        if not {'dkim_selectors', 'dmarc_report_address'}.isdisjoint(vals):
            self.sudo().next_check = fields.Datetime.now()
            self.env.ref('mail_domain_health.ir_cron_mail_domain_health_check').sudo()._trigger()
        return result

    # --- which domains there are ---

    @api.model
    def _refresh(self, companies=None):
        """Make domain records and paths match Odoo's configuration. Asks no DNS.

        :param companies: the companies whose paths may have changed (default: all)
        """
        self = self.sudo().with_context(active_test=False, tracking_disable=True)  # noqa: PLW0642
        Path = self.env['mail.domain.health.path']
        active_companies = self.env['res.company'].search([('active', '=', True)])
        changed = Path._refresh(active_companies if companies is None else companies & active_companies)

        users = self._get_domains_in_use(active_companies)
        known = {domain.name: domain for domain in self.search([('name', '!=', False)])}
        created = self.create([
            {'name': name, 'company_ids': [fields.Command.set(company_ids)]}
            for name, company_ids in users.items() if name not in known
        ])
        for name, domain in known.items():
            if name not in users:
                domain.filtered('active').active = False
            elif not domain.active or set(domain.company_ids.ids) != users[name]:
                domain.write({'active': True, 'company_ids': [fields.Command.set(users[name])],
                              'next_check': fields.Datetime.now()})
        known.update({domain.name: domain for domain in created})

        for alias_domain in self.env['mail.alias.domain'].search([('name', '!=', False)]):
            domain = known.get(_domain_name(alias_domain.name), self.browse())
            if alias_domain.mail_domain_health_id != domain:
                alias_domain.mail_domain_health_id = domain
        for path in Path.search([('company_id', 'in', active_companies.ids)]):
            values = {
                'from_health_id': known.get(path._from_domain(), self.browse()).id,
                'envelope_health_id': known.get(path._envelope_domain(), self.browse()).id,
            }
            if path.from_health_id.id != values['from_health_id'] \
                    or path.envelope_health_id.id != values['envelope_health_id']:
                path.write(values)
        outdated = self.browse(domain.id for name, domain in known.items() if name in changed)
        outdated.filtered('last_check').write({'is_outdated': True, 'next_check': fields.Datetime.now()})
        if created or outdated:
            cron = self.env.ref('mail_domain_health.ir_cron_mail_domain_health_check', raise_if_not_found=False)
            if cron:  # absent while the module is being installed
                cron._trigger()

    @api.model
    def _get_domains_in_use(self, companies):
        """Return ``{domain name: set of company ids}``; a domain that only a parameter names has none."""
        users = {}
        for company in companies.filtered('alias_domain_id'):
            users.setdefault(_domain_name(company.alias_domain_id.name), set()).add(company.id)
        for path in self.env['mail.domain.health.path'].search([('company_id', 'in', companies.ids)]):
            names = {path._from_domain(), path._envelope_domain()}
            for name in names - FREEMAIL_DOMAINS if path.kind == 'user' else names:
                users.setdefault(name, set()).add(path.company_id.id)
        for key in LEGACY_PARAMETERS:
            name = self._get_parameter_domain(key)
            if name and name not in FREEMAIL_DOMAINS:
                users.setdefault(name, set())
        users.pop('', None)
        return users

    @api.model
    def _get_parameter_domain(self, key):
        """Return the domain that a legacy parameter names, or an empty text."""
        value = (self.env['ir.config_parameter'].sudo().get_param(key) or '').strip()
        if '@' in value:
            return _domain_name(value.rpartition('@')[2].rstrip('>'))
        return _domain_name(value) if key == 'mail.catchall.domain' else ''

    # --- looking ---

    @api.model
    def _get_resolver(self, deadline=CHECK_DEADLINE):
        """Return the resolver that Settings names. The only place that knows the parameter."""
        text = self.env['ir.config_parameter'].sudo().get_param(PARAMETER_NAMESERVERS) or ''
        nameservers, _problems = mailauth.parse_nameservers(text)
        return mailauth.Resolver(nameservers=nameservers or None, deadline=deadline)

    def _selectors(self):
        return [selector for selector in (self.dkim_selectors or '').replace(',', ' ').split() if selector]

    def _get_query(self):
        """Return the engine's question about this domain: who sends as it, through what."""
        self.ensure_one()
        selectors = self._selectors()
        paths = (self.path_ids | self.envelope_path_ids).filtered('company_id.active')
        return mailauth.DomainQuery(
            self.name,
            selectors=tuple(selectors),
            paths=tuple(mailauth.Path(
                key=str(path.id),
                from_domain=path._from_domain(),
                envelope_from=path.envelope_from or '',
                service=path.mail_sending_service_id._engine_service(path._from_domain(), selectors)
                if path.mail_sending_service_id else None,
            ) for path in paths),
            dmarc_report_address=self.dmarc_report_address or None,
            addresses=tuple((address, None) for address in paths.mail_sending_service_id._get_addresses()),
            # What waits to be announced is asked of the zone's own servers too, past every cache.
            confirm=any(known.get('pending_since') for known in (self.memory or {}).values()),
            managed=self._is_managed_by_odoo(),
        )

    def _is_managed_by_odoo(self):
        """Whether Odoo publishes this domain's records itself."""
        return self.name == 'odoo.com' or self.name.endswith('.odoo.com')

    @api.model
    def _is_neutralized(self):
        """Whether this is a copy of a database, whose mail servers are dummies."""
        return bool(self.env['ir.config_parameter'].sudo().get_param('database.is_neutralized'))

    def check_now(self):
        """Look at this domain at once, for a person who waits.

        Whoever comes second while a check runs asks no DNS: they get ``busy`` and look
        again until ``overview["attempt"]`` has changed.

        :return: ``{"busy": bool, "notice": str | None, "overview": dict, "publication": dict | None}``
        """
        self.ensure_one()
        self.check_access('write')
        notice = None
        if self._is_neutralized():
            notice = self.env._("This is a copy of your database: it checks nothing and notifies nobody.")
        else:
            # Lock first, then ask: a repeated transaction must not repeat the questions.
            locked = self.sudo().try_lock_for_update(allow_referencing=True)
            if not locked:
                return {'busy': True, 'notice': self.env._("Being checked already…"), **self._get_box()}
            self._refresh(self.sudo().company_ids)
            for record, report in locked._check():
                record._apply_report(report)
        return {'busy': False, 'notice': notice, **self._get_box()}

    def read_box(self):
        """Return what :meth:`check_now` returns, without looking."""
        self.ensure_one()
        self.check_access('read')
        return {'busy': False, 'notice': None, **self._get_box()}

    def _get_box(self):
        self.invalidate_recordset(['overview', 'publication'])
        return {
            'overview': self.overview,
            'publication': self.publication,
        }

    def _check(self):
        """Ask DNS about these domains, all at once; yield ``(domain, report)`` as each one ends.

        A domain that hangs keeps nobody waiting: the others are yielded first.
        """
        queries = {}
        for domain in self:
            queries[domain._get_query()] = domain
        for report in mailauth.iter_reports(self._get_resolver(), list(queries)):
            yield queries[report.query], report.to_dict()

    @api.model
    def _cron_check(self):
        """Look at every domain whose time has come; each one is stored and committed by itself."""
        if self._is_neutralized():
            return
        self._refresh()
        cron = self.env['ir.cron']
        now = fields.Datetime.now()
        due = self.search([('next_check', '<=', now)], order='next_check, id')
        cron._commit_progress(remaining=len(due))
        while due:
            batch = due[:CRON_BATCH].try_lock_for_update(allow_referencing=True)
            due = due[CRON_BATCH:]
            # Claim them: the locks end with the first commit, the claim stays.
            batch.next_check = now + self._get_interval()
            if not cron._commit_progress():
                return
            for domain, report in batch._check():
                # Alone: after each commit a batch would be read again as a whole for the next one.
                domain = self.browse(domain.id)
                try:
                    if domain.exists().try_lock_for_update(allow_referencing=True):
                        domain._apply_report(report)
                    time_left = cron._commit_progress(1)
                except Exception:
                    # Whatever one domain's report does to us must not stop the others.
                    _logger.exception("Email Domain Health: cannot store the check of %s", domain.id)
                    self.env.cr.rollback()
                    time_left = cron._commit_progress(1)
                if not time_left:
                    return

    @api.model
    def _get_interval(self):
        """Return how long after a check the next regular one is due, a little less than the cron's interval."""
        cron = self.env.ref('mail_domain_health.ir_cron_mail_domain_health_check').sudo()
        seconds = {'minutes': 60, 'hours': 3600, 'days': 86400, 'weeks': 604800, 'months': 2592000}
        return timedelta(seconds=0.9 * cron.interval_number * seconds[cron.interval_type])

    # --- remembering and speaking ---

    def _apply_report(self, report):
        """Store one report: states, findings, history, and a message if something broke or recovered.

        What DNS did not answer replaces no known state and is never announced; a
        check that ran into its deadline changes no state at all.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        values = {'last_attempt': now, 'attempts': self.attempts + 1, 'next_check': now + self._get_interval()}
        if report['deadline_passed'] and self.last_check:
            self.write(values)
            return
        observed = _observed(report)
        records = _records_by_area(report)
        known = dict(self.known or {})
        for area, (state, _text) in observed.items():
            if state != 'unknown':
                known[area] = {'state': state, 'date': fields.Datetime.to_string(now), 'records': records[area]}
        if report['state'] != 'unknown':
            known['all'] = {'state': report['state'], 'date': fields.Datetime.to_string(now)}
        memory, events, confirm = announcement.step(self.memory or {}, _confirmed(observed, report), now)
        if confirm:
            values['next_check'] = now + announcement.CONFIRM_AFTER
            self.env.ref('mail_domain_health.ir_cron_mail_domain_health_check').sudo()._trigger(values['next_check'])
        was_broken = announcement.is_broken(self.memory or {})
        changed = not self.last_check or self.state != report['state'] or _records(self.report) != _records(report) \
            or any(self[f'{area}_state'] != report[area]['state'] for area in ('spf', 'dkim', 'dmarc'))
        values.update(
            last_check=now, is_outdated=False, report=report, known=known, memory=memory, state=report['state'],
            unanswered_since=(self.unanswered_since or now) if _is_unseen(report) else False,
            **{f'{area}_state': report[area]['state'] for area in ('spf', 'dkim', 'dmarc')},
        )
        self.write(values)
        if changed:
            self.env['mail.domain.health.check'].create({
                'domain_id': self.id, 'date': now, 'duration': report['duration'], 'state': report['state'],
                'records': report['records'],
                **{f'{area}_state': report[area]['state'] for area in ('spf', 'dkim', 'dmarc')},
            })
        self.finding_ids._sync(self, report, now)
        for path in (self.path_ids | self.envelope_path_ids).filtered(lambda path: path.from_health_id == self):
            verdict = next((verdict for verdict in report['paths'] if verdict['key'] == str(path.id)), None)
            if verdict and (path.state, path.reasons) != (verdict['state'], verdict['reasons']):
                path.write({'state': verdict['state'], 'reasons': verdict['reasons']})
        self._announce(events, was_broken)
        self._announce_unseen(now)

    def _announce(self, events, was_broken):
        """Tell the responsible users what broke or recovered: chatter, activity, notification in Odoo."""
        events = [event for event in events if not self._is_muted(event)]
        broken = [event for event in events if event.kind == 'broken']
        users = self._get_responsible_users() if events else self.env['res.users']
        if events:
            domain = self.with_context(lang=users[:1].lang or self.env.lang)
            domain.message_post(
                body=domain._get_message(events), author_id=self.env.ref('base.partner_root').id,
                partner_ids=users.partner_id.ids, subtype_xmlid='mail.mt_note',
            )
        for user in users:
            domain = self.with_context(lang=user.lang)
            domain._notify_in_odoo(user, broken)
            if broken:
                domain._schedule_activity(user, texts.headline(domain.env, domain, broken))
        if was_broken and not announcement.is_broken(self.memory):
            self.activity_feedback(
                ['mail_domain_health.mail_activity_type_domain_broken'], feedback=self.env._("In order again."))

    def _is_muted(self, event):
        """Whether everything that a broken area is about was muted by a person."""
        causes = self.finding_ids.filtered(
            lambda finding: finding.area == event.area and not finding.resolved_on and finding.severity != 'info')
        return event.kind == 'broken' and causes and all(causes.mapped('is_muted'))

    def _announce_unseen(self, now):
        """One activity for a zone that has not answered for a day while others do."""
        if not self.unanswered_since or now - self.unanswered_since < UNSEEN_AFTER:
            return
        xmlid = 'mail_domain_health.mail_activity_type_domain_unseen'
        if self.activity_search([xmlid]) or not self._others_answer(now):
            return
        for user in self._get_responsible_users():
            domain = self.with_context(lang=user.lang)
            domain._schedule_activity(user, domain.env._(
                "We cannot see this domain: its name servers have not answered for a day."), xmlid)

    def _others_answer(self, now):
        """Whether another watched domain was seen lately: then the fault is not our own network's."""
        return bool(self.sudo().search_count([
            ('id', '!=', self.id), ('last_check', '>', now - UNSEEN_AFTER), ('unanswered_since', '=', False),
        ], limit=1))

    def _get_responsible_users(self):
        companies = self.sudo().company_ids or self.env['res.company'].sudo().search([], limit=1)
        users = self.env['res.users']
        for company in companies:
            users |= company._get_mail_health_user()
        return users

    def _schedule_activity(self, user, summary, xmlid='mail_domain_health.mail_activity_type_domain_broken'):
        if not self.activity_search([xmlid], user_id=user.id):
            # quick_update: no mail about it, for mail is what may be broken
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                xmlid, user_id=user.id, summary=summary)

    def _notify_in_odoo(self, user, broken):
        user._bus_send('simple_notification', {
            'type': 'danger' if broken else 'success',
            'title': self.display_name,
            'message': texts.headline(self.env, self, broken) if broken else self.env._("In order again."),
            'sticky': bool(broken),
        })

    def _get_message(self, events):
        """Return the chatter message: old and new record side by side, and what to do. All escaped."""
        env = self.env
        rows = Markup().join(
            Markup("<tr><td>%s</td><td>%s<br/><code>%s</code></td><td>%s<br/><code>%s</code></td></tr>") % (
                texts.area_title(env, event.area),
                texts.state_label(env, event.old_state), event.old_record or env._("(no record)"),
                texts.state_label(env, event.new_state), event.new_record or env._("(no record)"),
            ) for event in events
        )
        remedies = Markup().join(
            Markup("<p>%s</p>") % texts.summary(env, self.report[event.area])
            for event in events if event.kind == 'broken' and self.report.get(event.area)
        )
        headline = texts.headline(env, self, [event for event in events if event.kind == 'broken'])
        return Markup(
            '<p><strong>%s</strong></p>'
            '<table class="table table-sm o_mail_domain_health_change"><thead><tr><th></th><th>%s</th><th>%s</th></tr>'
            '</thead><tbody>%s</tbody></table>%s'
        ) % (headline, env._("Before"), env._("Now"), rows, remedies)


def _domain_name(text):
    """Return the A-label form of a domain; what cannot be one stays as it is, so that the report can say so."""
    text = (text or '').strip().rstrip('.').lower()
    return to_ascii(text) or text


def _observed(report):
    """Return ``{area: (state, text of its records)}`` of a report."""
    records = _records_by_area(report)
    return {
        area: (report[area]['state'], '\n'.join(record['value'] for record in records[area]))
        for area in announcement.AREAS
    }


def _confirmed(observed, report):
    """Return ``observed`` with ``unknown`` for what the zone's own servers, where they were asked, do not bear out."""
    return {
        area: ('unknown', record) if report['confirmed'].get(area, state) in ('unknown', 'pass') and state != 'pass'
        else (state, record)
        for area, (state, record) in observed.items()
    }


def _is_unseen(report):
    """Whether DNS answered nothing of what matters, as opposed to a question here and there."""
    return bool(report['unanswered']) and all(report[area]['state'] == 'unknown' for area in ('spf', 'dmarc'))


def _records_by_area(report):
    records = {area: [] for area in announcement.AREAS}
    for record in report['records']:
        if record['area'] in records:
            records[record['area']].append(record)
    return records


def _records(report):
    """Return what was published, as far as a difference of it is a change worth a row of history."""
    return sorted((record['name'], record['type'], record['value']) for record in (report or {}).get('records', ()))
