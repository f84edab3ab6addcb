"""The records to publish, for whoever runs the DNS: the table of the letter, and the page without a login."""

from odoo import fields
from odoo.tools import format_date, format_datetime

from ..checking import proposals
from ..texts import publication as texts
from . import fix_it


def get_rows(domain):
    """Return the records that the domain's mail needs, as the last looks left them; asks no DNS."""
    return [_get_row(domain.env, row) for row in fix_it.get_rows(domain)]


def get_open_rows(domain):
    """Return those of them that are not there yet."""
    return [row for row in get_rows(domain) if row['state'] not in fix_it.DONE]


def get_page(link):
    """Return what the page of a link shows, or ``None`` where it has ended."""
    if not link._is_open():
        return None
    env, domain = link.env, link.domain_id
    report = domain._get_report()
    is_done = bool(report) and proposals.is_done(domain, report)
    if link.done_on and not is_done:
        return None
    looks = env['mail.domain.health.record'].search([('domain_id', '=', domain.id)]).mapped('looked_on')
    looked_on = max(filter(None, [domain.last_check, *looks]), default=None)
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
    values = {'rows': get_open_rows(domain)}
    return domain.env['ir.qweb']._render('mail_domain_health.letter_records', values, minimal_qcontext=True)


def _get_row(env, row):
    shown = ('key', 'action', 'type', 'host', 'name', 'value', 'old_value', 'ttl', 'drops', 'state', 'sentence', 'seen')
    sentence = row['sentence'] if row['sentence'] != texts.not_seen(env) else ''  # the state says so by itself
    return {**{name: row[name] for name in shown}, 'sentence': sentence, 'heading': env._(texts.ACTIONS[row['action']])}
