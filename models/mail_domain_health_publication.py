import hashlib
import json
import math
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models

from .. import mailauth
from ..mailauth import advice
from ..mailauth.change import to_zone_fragment
from . import texts

AREAS = ('spf', 'dkim', 'dmarc')
LOOK_DEADLINE = 4.0  # seconds that “Check now” takes longer, at most, to see what became of each proposed record
SHOWN_FOR = timedelta(minutes=10)  # at least, after a record was first seen published


class MailDomainHealth(models.Model):
    """Records to publish: as a DNS panel wants them, as a text for whoever runs the DNS, and what became of them.

    Made of stored values; only :meth:`check_record` asks DNS, about one record.
    """

    _inherit = 'mail.domain.health'

    publication = fields.Json(compute='_compute_publication')
    published = fields.Json(
        readonly=True, prefetch=False,
        help="By the key of a change: when it was first seen published, and until when receivers may hold what was before.")

    outcomes = fields.Json(
        readonly=True, prefetch=False,
        help="What became of the proposed records: {attempt: the check that they are of, by_key: {key: outcome}}.")

    @api.depends('report', 'known', 'published', 'outcomes', 'attempts')
    @api.depends_context('lang')
    def _compute_publication(self):
        self.fetch(['report', 'known', 'published', 'outcomes'])
        for domain in self:
            domain.publication = domain._get_publication() if domain.report else None

    def _get_publication(self, services=None):
        """Return the records to publish, written as the zone's own DNS host wants them.

        :param services: the names of the services whose records are asked for (default: all)
        """
        report = self.report
        nameservers = report['zone']['nameservers'] or (self.known or {}).get('zone', {}).get('nameservers', [])
        provider = self.env['mail.dns.provider']._recognise(nameservers)
        needed = [
            change for change in self._get_needed_changes()
            if services is None or not change['params'].get('services') or services & set(change['params']['services'])]
        extras = [self._get_change(change, provider) for change in report.get('extras', ())]
        text = self._get_hostmaster_text(needed) if needed else ''
        return {
            'domain_id': self.id,
            'changes': [self._get_change(change, provider) for change in needed],
            'next_steps': [change for change in extras if change['area'] == 'dmarc'],
            'extras': [change for change in extras if change['area'] != 'dmarc'],
            'budget': self._get_budget(),
            'published': self._get_published([*needed, *report.get('extras', ())]),
            'gate': self._get_gate_card(),
            'text': text,
            'subject': self.env._("DNS records for %s", self.display_name),
            'zone': to_zone_fragment(map(_to_change, needed)),
            'provider': provider and {
                'name': provider.name,
                'guides': {
                    'SPF': provider.guide_spf_url or provider.guide_txt_url or None,
                    'TXT': provider.guide_txt_url or None,
                    'CNAME': provider.guide_cname_url or None,
                },
                'note': provider.note or None,
                'cname_proxy': provider.cname_proxy,
            } or None,
            'to_copy': self._get_services_to_copy_from(),
            'sender_unknown': report['sender_unknown'],
            'complete': self.state in ('pass', 'not_needed'),
        }

    def _get_needed_changes(self):
        """Return the changes that the domain's mail needs, in the order in which they are shown.

        Where DNS does not answer about an area now, those of the last look that it did
        answer, with its date as ``as_of``: silence takes no proposal away.
        """
        report, changes = self.report, []
        for area in AREAS:
            known = (self.known or {}).get(area)
            silent = report[area]['code'] == f'{area}.unanswered' or report['gate']['code'] == 'gate.unanswered'
            if silent and known and self[f'{area}_state'] == 'unknown':
                changes += [{**change, 'as_of': known['date']} for change in known.get('changes', ())]
            else:
                changes += [change for change in report['changes'] if _area(change) == area]
        return changes + [change for change in report['changes'] if _area(change) not in AREAS]

    def _get_change(self, change, provider):
        """Return one change as its card shows it."""
        params = change['params']
        drops = [self._get_term(drop) for drop in params.get('drops', ())]
        return {
            'key': _key(change),
            'area': _area(change),
            'action': change['action'],
            'type': change['rdtype'],
            'host': provider._host(change['name'], change['zone']),
            'name': change['name'],
            'value': provider._value(change),
            'pieces': _pieces(change) if len(change['strings']) > 1 and provider.quotes != 'quoted' else None,
            'old_value': change['old_value'],
            'ttl': change['ttl'],
            'why': texts.reason(self.env, change['reason'], params),
            'drops': drops,
            'file': {'url': params['url'], 'text': params['policy']} if 'policy' in params and 'url' in params else None,
            'as_of': change.get('as_of'),
            'outcome': self._get_outcome(_key(change)),
            'guide': provider and (
                provider.guide_cname_url if change['rdtype'] == 'CNAME'
                else change['value'].startswith('v=spf1') and provider.guide_spf_url or provider.guide_txt_url
            ) or None,
        }

    def _get_budget(self):
        """Return what each term of an SPF record costs that has no room for all who send, and which may go."""
        budget = self.report.get('budget')
        if not budget:
            return None
        return {
            'lookups': budget['lookups'],
            'limit': budget['limit'],
            # A proposal without what was dropped is among the changes: then nobody has to choose.
            'is_open': not any(term['dropped'] for term in budget['terms']),
            'terms': [self._get_term(term) for term in budget['terms']],
        }

    def _get_term(self, term):
        if term['why'] == 'unknown' and (service := self._get_service_by_term(term['term'])):
            term = {**term, 'why': 'unknown_service', 'services': [service.name]}
        return {
            'term': term['term'],
            'lookups': term['lookups'],
            'why': texts.term_reason(self.env, term['why'], term),
            'is_needed': term['why'] == 'needed',
            'is_dropped': bool(term.get('dropped')),
        }

    def _get_service_by_term(self, term):
        """Return the service of the catalogue that asks for this SPF term, or an empty recordset."""
        services = self.env['mail.sending.service'].sudo().search([('spf_term', '=ilike', f'%{term.lstrip("+")}%')])
        return services.filtered(lambda service: term.lstrip('+').lower() in service.spf_term.lower().split())[:1]

    def propose_spf(self, terms):
        """Return the record that is left when a person takes ``terms`` out of it; asks no DNS.

        :param list[str] terms: of ``publication["budget"]``
        :return: ``{"lookups": int, "changes": list}``; no changes if it would not fit still
        """
        self.ensure_one()
        self.check_access('read')
        budget = (self.report or {}).get('budget')
        if not budget:
            return {'lookups': 0, 'changes': []}
        provider = self.env['mail.dns.provider']._recognise(self.report['zone']['nameservers'])
        changes, lookups = advice.without(budget, [str(term) for term in terms], self.report['zone']['name'])
        return {
            'lookups': lookups,
            'changes': [self._get_change(mailauth.change_to_dict(change), provider) for change in changes],
        }

    def _get_services_to_copy_from(self):
        """Return the services whose DKIM records differ by account, and where they show them."""
        if self.dkim_state in ('pass', 'not_needed'):
            return []
        services = self.path_ids.filtered('is_used').mail_sending_service_id.filtered('dkim_account_specific')
        return [{'name': service.name, 'url': service.account_url or service.documentation_url or None}
                for service in services]

    def _get_hostmaster_text(self, changes):
        """Return the changes as a text for whoever runs the DNS."""
        lines = [
            self.env._("Dear hostmaster,"),
            '',
            self.env._(
                "please change the DNS of %(domain)s as follows, so that receivers can verify the mail that our "
                "Odoo sends:", domain=self.display_name),
        ]
        headings = {
            'create': self.env._("Add this record:"),
            'replace': self.env._("Replace this record (do not add a second one):"),
            'delete': self.env._("Delete this record:"),
        }
        for change in changes:
            lines += ['', headings[change['action']]]
            if change['action'] == 'replace':
                lines.append(self.env._("  old: %s", mailauth.in_one_line(change['old_value'] or '')))
            lines.append('  ' + mailauth.in_one_line(change['zone_line']))
            lines += [
                self.env._("  left out on purpose: %(term)s (%(why)s)", term=mailauth.in_one_line(drop['term']),
                           why=texts.term_reason(self.env, drop['why'], drop))
                for drop in change['params'].get('drops', ())
            ]
        lines += ['', self.env._("Please leave all other records as they are. Thank you!")]
        return '\n'.join(lines)

    def action_write_hostmaster(self):
        """Open a mail with the changes for whoever runs the DNS."""
        self.ensure_one()
        self.check_access('write')
        publication = self.publication or {}
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Write to Whoever Runs Your DNS"),
            'res_model': 'mail.compose.message',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_model': self._name,
                'default_res_ids': self.ids,
                'default_composition_mode': 'comment',
                'default_subject': publication.get('subject', ''),
                'default_body': Markup("<pre>%s</pre>") % publication.get('text', ''),
            },
        }

    def check_record(self, key):
        """Look at one proposed record and at nothing else, for a person who has just published it.

        The stored report stays as it is: a check of the whole domain follows once the record is there.

        :param str key: of a change of :attr:`publication`
        :return: ``{"busy": bool, "notice": str | None, "outcome": dict | None}``; the outcome has
            ``code``, ``done``, ``is_visible`` (caches have it too), ``sentence`` and ``seen``
        """
        self.ensure_one()
        self.check_access('write')
        if self._is_neutralized():
            return self._get_notice(self.env._("This is a copy of your database: it checks nothing and notifies nobody."))
        # Lock first, then ask: a repeated transaction must not repeat the questions.
        if not self.sudo().try_lock_for_update(allow_referencing=True):
            return {**self._get_notice(self.env._("Being checked already…")), 'busy': True}
        self.invalidate_recordset(['report', 'known', 'published'])
        changes = [*self._get_needed_changes(), *self.report.get('extras', ())] if self.report else []
        change = next((change for change in changes if _key(change) == key), None)
        if change is None:
            return self._get_notice(self.env._(
                "This is not what we propose any more. Load the page again to see what is."))
        outcome = mailauth.look_now(self._get_resolver(), _to_change(change), self._get_old_ttl(change)).to_dict()
        if outcome['done']:
            self._remember_published(key, change, outcome)
        self._remember_outcomes({**self._get_outcomes(), key: outcome})
        return {'busy': False, 'notice': None, 'outcome': self._get_outcome(key)}

    def _look_at_changes(self):
        """See what became of each proposed record, for a person who pressed “Check now” after publishing some."""
        changes = {_key(change): change for change in self._get_needed_changes()} if self.report else {}
        if self.report and not self.report['unanswered']:
            looked = mailauth.look_each_now(self._get_resolver(LOOK_DEADLINE), [
                (_to_change(change), self._get_old_ttl(change)) for change in changes.values()])
            self._remember_outcomes({
                key: outcome.to_dict() for key, outcome in zip(changes, looked) if outcome.code != 'unknown'})

    def _remember_outcomes(self, by_key):
        self.sudo().outcomes = {'attempt': self.attempts, 'by_key': by_key}

    def _get_outcomes(self):
        """Return what was seen of the proposed records since the last check: an older look says nothing beside a newer."""
        outcomes = self.outcomes or {}
        return outcomes['by_key'] if outcomes.get('attempt') == self.attempts else {}

    def _get_outcome(self, key):
        """Return what the card of a change shows of the last look at it, or ``None``."""
        outcome = self._get_outcomes().get(key)
        return outcome and {
            'code': outcome['code'],
            'done': outcome['done'],
            'is_visible': outcome['code'] in ('published', 'seen'),
            'seen': outcome['seen'],
            'sentence': texts.outcome(self.env, outcome, _minutes_left((self.published or {}).get(key))),
        }

    def _get_notice(self, notice):
        return {'busy': False, 'notice': notice, 'outcome': None}

    def _get_old_ttl(self, change):
        """Return the time to live of what a change replaces, as the last check saw it (seconds)."""
        return max((record['ttl'] for record in self.report['records']
                    if record['name'] == change['name'] and record['value'] == change['old_value']), default=0)

    def _remember_published(self, key, change, outcome):
        """Keep when a change was first seen published: from then on the time that caches may take runs down."""
        now = fields.Datetime.now()
        entry = (self.published or {}).get(key) or {
            'name': change['name'], 'type': change['rdtype'], 'area': _area(change),
            'until': fields.Datetime.to_string(now + timedelta(seconds=outcome['seconds'])),
            'shown_until': fields.Datetime.to_string(now + SHOWN_FOR),
        }
        kept = {other: value for other, value in (self.published or {}).items() if _is_shown(value)}
        self.sudo().published = {**kept, key: entry}

    def _get_published(self, changes):
        """Return the changes that were seen published not long ago, or that some receivers may not see yet.

        The last check overrules it: what is to be changed again, or is ignored for a fault, is not told as done.
        """
        proposed = {(change['name'], change['rdtype']) for change in changes}
        faulty = {(found['area'], found['name']) for found in self.report['findings'] if found['severity'] != 'info'}
        return [
            {
                'key': key,
                'name': entry['name'],
                'type': entry['type'],
                'until': entry['until'] if _minutes_left(entry) else None,
                'sentence': texts.outcome(self.env, {'code': 'published'}, _minutes_left(entry)),
            }
            for key, entry in (self.published or {}).items()
            if _is_shown(entry) and (entry['name'], entry['type']) not in proposed
            and (entry.get('area'), entry['name']) not in faulty
        ]

    def _get_gate_card(self):
        """Return what to do first where the domain itself can have no mail: ``{title, explanation, remedy}`` or ``None``."""
        gate = self.report['gate']
        if gate['state'] != 'fail':
            return None
        found = next((found for found in self.report['findings'] if found['area'] in ('gate', 'name')), None)
        if found is None:
            return {'title': texts.summary(self.env, gate), 'explanation': '', 'remedy': ''}
        params = {**found['params'], 'name': found['name']}
        return dict(zip(('title', 'explanation', 'remedy'), texts.finding(self.env, found['code'], params)))


def _area(change):
    return change['reason'].partition('.')[0]


def _key(change):
    """Return what identifies a change from one look at the domain to the next."""
    identity = [change[part] for part in ('action', 'rdtype', 'name', 'value', 'old_value')]
    return hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:16]


def _to_change(change):
    return mailauth.Change(
        change['action'], change['rdtype'], change['name'], change['value'], change['old_value'], change['ttl'],
        zone=change['zone'])


def _pieces(change):
    """Return the value in the quoted strings that it is published in, for forms that want them."""
    return ' '.join('"%s"' % string.replace('\\', r'\\').replace('"', r'\"') for string in change['strings'])


def _is_shown(entry):
    """Whether to tell still that a change was published: for as long as receivers may not see it, and for a while."""
    shown_until = fields.Datetime.to_datetime(entry.get('shown_until') or entry['until'])
    return bool(_minutes_left(entry)) or shown_until > fields.Datetime.now()


def _minutes_left(entry):
    """Return for how many minutes receivers may still hold what was before, rounded up."""
    if not entry:
        return 0
    left = (fields.Datetime.to_datetime(entry['until']) - fields.Datetime.now()).total_seconds()
    return max(0, math.ceil(left / 60))
