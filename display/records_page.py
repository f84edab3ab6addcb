"""The records to publish, for whoever runs the DNS: the table of the letter, and the page without a login."""

from odoo import fields
from odoo.tools import format_date, format_datetime

from ..checking import proposals
from ..texts import publication as texts
from .publication import get_publication

# What the last look at a record comes to, by mailauth.advice.publication.Outcome.
_STATES = {
    'published': 'published', 'seen': 'published', 'spreading': 'spreading',
    'differs': 'mistaken', 'doubled': 'mistaken', 'misplaced': 'mistaken', 'undotted': 'mistaken', 'disagree': 'mistaken',
    'split': 'unknown', 'unknown': 'unknown',
}


def get_rows(domain):
    """Return the records that the domain's mail needs, as the last looks left them; asks no DNS."""
    report = domain._get_report()
    return [_get_row(domain.env, card) for card in get_publication(domain, report)['changes']] if report else []


def get_page(link):
    """Return what the page of a link shows, or ``None`` where it has ended."""
    if not link._is_open():
        return None
    env, domain = link.env, link.domain_id
    report = domain._get_report()
    is_done = bool(report) and proposals.is_done(domain, report)
    if link.done_on and not is_done:
        return None
    looked_on = max(filter(None, [domain.last_check, domain.last_attempt]), default=None)
    return {
        'why': None,
        'title': env._("DNS records for %s", domain.display_name),
        'domain': domain.display_name,
        'is_done': is_done,
        'rows': [] if is_done else get_rows(domain),
        'looked_on': looked_on and {
            'iso': f'{looked_on.isoformat(timespec="seconds")}Z',
            'text': env._("%s UTC", format_datetime(env, looked_on, tz='UTC', dt_format='medium'))},
        'expires_on': format_date(env, fields.Date.to_date(link.expires_on), date_format='long'),
    }


def render_letter(domain):
    """Return the table of the records as the letter has it, in the language of ``domain.env``."""
    return domain.env['ir.qweb']._render('mail_domain_health.letter_records', {'rows': get_rows(domain)}, minimal_qcontext=True)


def _get_row(env, card):
    outcome = card['outcome']
    return {
        **{name: card[name] for name in ('key', 'action', 'type', 'host', 'name', 'value', 'old_value', 'ttl', 'drops')},
        'heading': env._(texts.ACTIONS[card['action']]),
        'state': _STATES.get(outcome['code'], 'not_seen') if outcome else 'not_seen',
        'sentence': outcome['sentence'] if outcome else '',
        'seen': outcome['seen'] if outcome else [],
    }
