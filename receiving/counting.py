"""From a received report to what is counted: whose it is, whether it may count, its records summed up.

Unless a report is counted it changes nothing but the list of received reports, and of that a flood takes a bounded part.
"""

from collections import Counter, defaultdict, namedtuple
from datetime import datetime, time, timedelta, timezone
from itertools import islice

from odoo import fields
from odoo.tools import SQL

from ..mailauth import reports as engine
from ..mailauth.dns.names import to_ascii
from . import addresses, encryption, queue, records, reporter, storing
from .gateway import Header
from .records import cut

KEPT_DAYS = 400  # counted reports: so long a copy is known as one
NOT_COUNTED_KEPT_DAYS = 60
OLDEST = timedelta(days=365)  # beginning of a report; less than the days that it is known for
LONGEST = timedelta(days=32)  # what a report may cover
AHEAD = timedelta(days=1)  # clocks, and time zones that reporters mistake for UTC
ASKED_AGAIN = timedelta(days=1)  # so long a mail waits for DNS to say who it is from
AGAIN_AFTER = timedelta(minutes=10)
MAX_IN_MAIL = 20  # reports in one mail that are looked at
MAX_A_DAY = 200  # counted reports of one known sender about one domain that came on one day
MAX_UNTRUSTED_A_DAY = 20  # of any other sender
MAX_UNTRUSTED_ALL = 500  # of all other senders about all domains
MAX_LISTED = 20  # reports of one sender that came on one day and were not counted for one reason
MAX_LISTED_ALL = 1000  # of all senders
MAX_HELD = 1024 * 1024  # octets of a mail that is kept for a person to decide about
LIMITS = engine.Limits(packed=queue.MAX_OCTETS)
UNTRUSTED = 'untrusted'  # a place to count in

# A report on its way: where it came from, its records summed up (records.sum_up; of TLS the report itself), whose it is, and what
# becomes a row of `mail.domain.health.report`.
Item = namedtuple('Item', 'mail content sender values')


def consume(env, mails, outcome):
    """Read mails that came to an address for reports, or that a person uploaded.

    :param mails: :class:`queue.Mail`
    :param outcome: :class:`reading.Outcome`
    """
    items, room = [], None
    for mail in mails:
        if not mail.is_upload and mail.octets and addresses.take_answer(env, Header(mail.octets), mail.recipient):
            continue
        age = fields.Datetime.now() - mail.received_on
        if mail.author and mail.author.reason == 'unanswered' and age < ASKED_AGAIN:
            room = room or queue.Room(env, is_held=False)
            if room.take(mail.size):
                outcome.postpone(mail, fields.Datetime.now() + max(AGAIN_AFTER, age))
                continue
        items += _read(mail)
    if items:
        Batch(env, items).store(outcome)


def vouch(reports):
    """Count unverified reports as if the current user had uploaded them, with all that came in the same emails."""
    env = reports.env(su=True)
    asked = reports.sudo().filtered(
        lambda report: report.state == 'unverified' and report.kind == 'dmarc' and report.incoming_id)
    mails = [mail._replace(is_upload=True, user_id=reports.env.uid, author=None)
             for mail in queue.take_up(env, asked.mapped('incoming_id')) if mail.octets]
    taken = [mail.id for mail in mails]
    rows = {_identity(row.incoming_id, row): row for row in reports.sudo().search([('incoming_id', 'in', taken)])}
    items = [item for mail in mails for item in _read(mail) if item.values['kind'] != 'other']  # that is listed already
    if items:
        Batch(env, items).store(None, rows)
    reports.sudo().union(*rows.values()).filtered(lambda row: row.incoming_id in taken).unlink()
    queue.finish(env, taken)


def _identity(mail_id, values):
    """Return by what a row is found again that a report of this mail had before."""
    return mail_id, values['policy_domain'] or '', values['report_number'] or '', values['date_begin']


def _read(mail):
    """Return an :class:`Item` of each report in a mail, and of what of it cannot be read."""
    if mail.octets is None:
        return [_describe(mail, engine.Refused('reports.too_large'))]
    reports = engine.read(mail.octets, LIMITS)
    items = [_describe(mail, report) for report in islice(reports, MAX_IN_MAIL)]  # its records go before the next one is read
    if len(items) == MAX_IN_MAIL and next(reports, None):
        items.append(_describe(mail, engine.Refused('reports.too_many_entries')))
    return items


def _describe(mail, report):
    """Return the :class:`Item` of a report."""
    content = None
    values = {
        'received_on': mail.received_on, 'is_uploaded': mail.is_upload, 'user_id': mail.user_id or False, 'emails': 1,
        'messages': 0, 'passed': 0, 'records': 0, 'contradictions': 0}
    if isinstance(report, engine.AggregateReport):
        content = records.sum_up(report.records)
        values |= {
            'kind': 'dmarc', 'policy_domain': '' if '@' in report.domain else cut(report.domain),
            'org_name': records.cut_domain(report.org_name), 'report_number': cut(report.report_id),
            'is_partial': report.is_partial, 'is_ambiguous': report.is_ambiguous,
            'records': len(report.records),
            'messages': records.count_messages(report.records),
            'passed': records.count_messages([record for record in report.records if record.passes]),
            'contradictions': sum(record.is_contradicted for record in report.records)}
    elif isinstance(report, engine.TlsReport):
        content = report
        values |= {
            'kind': 'tls', 'policy_domain': cut(to_ascii(next((policy.domain for policy in report.policies), '')) or ''),
            'org_name': records.cut_domain(report.org), 'report_number': cut(report.report_id), 'is_partial': report.is_partial}
    elif isinstance(report, engine.FailureReport):
        values |= {'kind': 'failure', 'policy_domain': cut(report.domain), 'report_number': '', 'messages': 1}
    else:
        values |= {'kind': 'other', 'state': 'refused', 'reason': report.code}
    if skipped := getattr(report, 'skipped', ()):
        values['skipped'] = [[one.code, one.record] for one in skipped[:100]]
    if getattr(report, 'begin', None) and report.end:
        values |= {'date_begin': _naive(report.begin), 'date_end': _naive(report.end)}
    if values['kind'] in ('dmarc', 'tls'):
        sender = reporter.find_sender(mail, report)
    else:
        sender = reporter.Sender(
            mail.author.domain or '' if mail.author else '', mail.author.from_email if mail.author else '',
            mail.author.reason if mail.author else '')
    return Item(mail, content, sender, values)


class Batch:
    """Reports that are counted together, in a fixed number of queries."""

    def __init__(self, env, items):
        self.env, self.items = env, items
        self.now = fields.Datetime.now()
        self.today = datetime.combine(self.now.date(), time.min)
        self.domains = self._find_domains()
        self.users = env['res.users'].browse({item.mail.user_id for item in items if item.mail.is_upload}).exists()
        self.visible = {}  # ids of the domains that a user who uploaded something may see
        self.reporters = reporter.find_or_make(
            env, {item.sender.name: item.values.get('org_name', '') for item in items
                  if item.sender.name and item.values['kind'] != 'other'},
            {item.sender.name for item in items if item.mail.is_upload})
        self.known, self.parts = self._find_known()
        self.replaced = []  # ids of parts of reports that are counted whole now
        self.numbers = self._count_of_today()
        self.days = defaultdict(lambda: defaultdict(Counter))
        self.tls_rows = []
        self.room = None  # queue.Room of what is held

    def store(self, outcome, rows_before=None):
        """Count what may be counted, and store a row of each report.

        :param outcome: where it is told which mails are kept; ``None``: none of them
        :param dict rows_before: rows that reports have already, by :func:`_identity`
        """
        taken, floods = [], Counter()
        for item in self.items:
            self._judge(item)
            state, name = item.values['state'], self._name_of(item)
            if state == 'counted':
                self._count(item)
            elif not item.mail.is_upload and self._is_flood(state, name):
                floods[name[:100]] += 1
                continue
            elif state == 'unverified' and item.values['kind'] == 'dmarc' and outcome is not None and self._may_hold(item.mail):
                outcome.hold(item.mail)
                item.values['incoming_id'] = item.mail.id
            taken.append(item)
        taken = [item for item in taken if item.values['state'] != 'partial' or self._key(item) not in self.known]
        self.env['mail.domain.health.report'].browse(self.replaced).unlink()
        storing.add(self.env, self.days)
        encryption.store(self.env, self.tls_rows)
        self._store_rows(taken, rows_before or {})
        self._store_floods(floods)
        seen = {item.values['reporter_id'] for item in self.items if item.values.get('state') == 'counted'} - {False}
        if seen:
            self.env['mail.domain.health.reporter'].browse(seen).write({'last_report': self.now})

    # What is known

    def _find_domains(self):
        """Return the watched domains that are ours, by name, as far as reports are about them."""
        names = {item.values['policy_domain'] for item in self.items if item.values.get('policy_domain')}
        domains = self.env['mail.domain.health'].search_fetch(
            [('name', 'in', list(names)), ('is_foreign', '=', False)], ['name']) if names else ()
        return {domain.name: domain.id for domain in domains}

    def _find_known(self):
        """Return the keys of these reports that were counted before, and ``{key: ids}`` of those of which a part came."""
        keys = {self._key(item) for item in self.items if item.values['kind'] in ('dmarc', 'tls')}
        keys = {key for key in keys if key[0] and key[3]}
        if not keys:
            return set(), {}
        known, parts = set(), defaultdict(list)
        for part, *key in self.env.execute_query(SQL(
                """
                SELECT NULL, reporter_id, report_number, policy_domain, date_begin, date_end, kind FROM mail_domain_health_report
                 WHERE state = 'counted' AND (reporter_id, report_number, policy_domain, date_begin, date_end, kind) IN %(keys)s
                 UNION ALL
                SELECT id, reporter_id, report_number, policy_domain, date_begin, date_end, kind FROM mail_domain_health_report
                 WHERE state = 'partial' AND (reporter_id, report_number, policy_domain, date_begin, date_end, kind) IN %(keys)s
                """, keys=tuple(keys))):
            if part:
                parts[tuple(key)].append(part)
            else:
                known.add(tuple(key))
        return known, parts

    def _key(self, item):
        values = item.values
        return (self._reporter_id(item), values['report_number'], values['policy_domain'], values.get('date_begin'),
                values.get('date_end'), values['kind'])

    def _reporter_id(self, item):
        found = self.reporters.get(item.sender.name)
        return found.id if found else False

    def _count_of_today(self):
        """Return how many reports of today are stored, by state, sender and domain."""
        numbers = Counter()
        self.env['mail.domain.health.report'].flush_model()
        self.env['mail.domain.health.reporter'].flush_model(['is_trusted'])
        for state, reporter_id, is_trusted, claimed, domain_id, count in self.env.execute_query(SQL(
                """
                SELECT report.state, report.reporter_id, reporter.is_trusted, report.claimed_by, report.domain_id, count(*)
                  FROM mail_domain_health_report report
             LEFT JOIN mail_domain_health_reporter reporter ON reporter.id = report.reporter_id
                 WHERE report.received_on >= %s AND NOT report.is_uploaded GROUP BY 1, 2, 3, 4, 5
                """, self.today)):
            if state == 'counted':
                numbers[state, reporter_id, domain_id] += count
                numbers[UNTRUSTED] += count if not is_trusted else 0
            elif state != 'flood':
                numbers[state, reporter_id or claimed or ''] += count
                numbers[None] += count
        return numbers

    # Whether it counts

    def _judge(self, item):
        """Say in which state a report is, and why."""
        values = item.values
        found = self.reporters.get(item.sender.name)
        values['reporter_id'] = found.id if found else False
        values['user_id'] = values['user_id'] in self.users.ids and values['user_id']
        values['claimed_by'] = False if item.sender.name and found else _claimed_domain(item.sender)[:255]
        values['domain_id'] = self._domain_of(item)
        if 'state' not in values:
            values['state'], values['reason'] = self._state_of(item, found)
        if values['state'] == 'counted':
            self.known.add(self._key(item))
            self.replaced += self.parts.pop(self._key(item), ())
            if not item.mail.is_upload:
                self.numbers['counted', values['reporter_id'], values['domain_id']] += 1
                self.numbers[UNTRUSTED] += not (found and found.is_trusted)

    def _state_of(self, item, found):
        mail, values = item.mail, item.values
        if not item.sender.name:
            return 'unverified', item.sender.reason
        if not values['domain_id']:
            return 'not_ours', False
        if values['kind'] == 'failure':
            return self._unless_flood(item, found)
        begin, end = values.get('date_begin'), values.get('date_end')
        if not begin:
            return 'out_of_range', 'no_dates'
        if end < begin or end - begin > LONGEST:
            return 'out_of_range', 'span'
        if end > self.now + AHEAD or begin < self.now - OLDEST:
            return 'out_of_range', 'future' if end > self.now else 'past'
        if not found:
            return 'flood', 'senders'
        if found.decision == 'ignored' and not mail.is_upload:
            return 'ignored', False
        if self._key(item) in self.known:
            return 'duplicate', False
        if values.get('is_partial'):  # what is missing of it may be the most; its key stays free for the whole one
            return 'partial', False
        return self._unless_flood(item, found)

    def _unless_flood(self, item, found):
        if item.mail.is_upload:
            return 'counted', False
        is_trusted = bool(found) and found.is_trusted
        number = self.numbers['counted', item.values['reporter_id'], item.values['domain_id']]
        is_flood = number >= MAX_A_DAY if is_trusted else (
            number >= MAX_UNTRUSTED_A_DAY or self.numbers[UNTRUSTED] >= MAX_UNTRUSTED_ALL)
        return ('flood', 'reports') if is_flood else ('counted', False)

    def _domain_of(self, item):
        """Return the id of the domain that a report is about, if it is ours; for a person: if they may see it."""
        domain_id = self.domains.get(item.values.get('policy_domain'))
        if not domain_id or not item.mail.is_upload:
            return domain_id or False
        user_id = item.mail.user_id
        if user_id not in self.visible:
            user = self.users.filtered(lambda user: user.id == user_id)
            Health = self.env['mail.domain.health'].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
            self.visible[user_id] = set(Health.search([('id', 'in', list(self.domains.values()))]).ids) \
                if user and user.has_group('base.group_system') else set()
        return domain_id if domain_id in self.visible[user_id] else False

    def _name_of(self, item):
        """Return who sends what is not counted: a known organization, else the domain that the mail says it is from."""
        return item.sender.name if item.sender.name in self.reporters else _claimed_domain(item.sender)

    def _is_flood(self, state, name):
        """Count a report that does not count; tell whether so many came today that it is not listed any more."""
        place = state, (self.reporters[name].id if name in self.reporters else name)
        self.numbers[place] += 1
        self.numbers[None] += 1
        return state == 'flood' or self.numbers[place] > MAX_LISTED or self.numbers[None] > MAX_LISTED_ALL

    def _may_hold(self, mail):
        if not mail.octets or mail.size > MAX_HELD:
            return False
        self.room = self.room or queue.Room(self.env, is_held=True)
        return self.room.take(mail.size)

    def _store_rows(self, items, rows_before):
        rows = []
        for item in items:
            row = rows_before and rows_before.get(_identity(item.mail.id, {'date_begin': False, **item.values}))
            if row:
                row.write({**item.values, 'incoming_id': 0})
            else:
                rows.append(item.values)
        self.env['mail.domain.health.report'].create(rows)

    def _store_floods(self, floods):
        """Note what is not listed, in one row of each day and sender; in one of all, where those are many."""
        if not floods:
            return
        Report = self.env['mail.domain.health.report']
        known = {row.claimed_by or '': row for row in Report.search(
            [('state', '=', 'flood'), ('received_on', '>=', self.today)], limit=MAX_LISTED_ALL)}
        for name, number in floods.items():
            if name not in known and len(known) >= MAX_LISTED:
                name = ''
            if name in known:
                known[name].emails += number
            else:
                known[name] = Report.create({
                    'kind': 'other', 'state': 'flood', 'reason': 'listed', 'claimed_by': name, 'received_on': self.now,
                    'emails': number})

    # What it says

    def _count(self, item):
        """Add up what a report says."""
        if item.values['kind'] == 'failure':
            return
        found, values = self.reporters[item.sender.name], item.values
        # The middle: a day of any time zone is the day that it is mostly.
        day = (values['date_begin'] + (values['date_end'] - values['date_begin']) / 2).date()
        is_trusted = found.is_trusted or item.mail.is_upload and found.decision != 'ignored'
        if values['kind'] == 'tls':
            self.tls_rows += encryption.rows_of(
                item.content, values['policy_domain'], values['domain_id'], day, found.id, is_trusted)
            return
        counts = self.days[values['domain_id'], day]
        values['is_new'] = is_trusted
        for key, messages in item.content.items():
            counts[key._replace(is_trusted=is_trusted)][found.id] += messages


def _claimed_domain(sender):
    """Return the domain that a report says it is from: before the @ may stand a person's name."""
    return (sender.claimed or sender.name).rpartition('@')[2].lower()


def _naive(moment):
    return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
